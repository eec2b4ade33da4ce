# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1. One vector of losses: multi-task and multi-objective
#
# **You will be able to** tell multi-task from multi-objective and say why both come down to one vector of losses; build a
# network with a shared trunk; compute a weighted total and read it; and ask for the baseline without which nobody can know
# whether sharing helped.
#
# **Before:** supervised learning, gradient descent, MSE and cross-entropy. **Time:** 75 minutes. **Difficulty:** ●○○
#
# **Exercises:** open problem set 1 (`ps01_one_vector_of_losses`) beside this lesson. Each section says which exercise follows it.

# %% [markdown]
# ## A pocket knife and a pair of scales
#
# A **multi-task** model is a Swiss Army knife: one handle, several tools. It has several *labels* to predict, and most of
# its parameters serve all of them. A **multi-objective** model is put on a pair of scales: one model, several *goals* that
# pull in different directions, and somebody decides how much of one is worth giving up for another.
#
# | project | several labels? | several goals? |
# |---|---|---|
# | clicks and purchases of the same impressions | yes | yes: two losses |
# | all topics that an article is about | yes | yes: a loss a topic |
# | three demand series of each item | yes | yes: a loss a series |
# | one classifier: accurate, fast **and** fair | no | yes: loss, latency, gap between groups |
#
# People want this for four reasons:
#
# - **cost:** one model is cheaper to run and to maintain than three;
# - **speed:** the next task ships faster, as a head on a trunk that is already served and monitored;
# - **quality:** a task with few labels may profit from its neighbours, and with it the product's numbers;
# - **control:** trade-offs become something that one can set instead of something that happens.
#
# The first is bookkeeping. So is the second, with a catch: a head on a *frozen* trunk leaves the old tasks as they were, a trunk that
# is trained again has to be tested for all of them. The third and fourth are claims, and this course measures them.

# %%
import os

import numpy as np
import torch
from IPython.display import Markdown, display
from torch.func import functional_call, stack_module_state, vmap

from mtl_teach.data import make_house_sales, make_related_tasks
from mtl_teach.figures import bars, dots, lines, show, training_curves, trunk_and_heads
from mtl_teach.learn import explore, predict, quiz
from mtl_teach.losses import weighted_sum
from mtl_teach.metrics import Interval, mean_interval
from mtl_teach.models import HardSharing
from mtl_teach.scaling import TargetScaler
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum

# %% [markdown]
# `SMOKE=1` shrinks the number of seeds for fast tests; what the lesson claims about effects is asserted in the full run.

# %%
SMOKE = os.environ.get("SMOKE") == "1"
SEEDS = 2 if SMOKE else 12


def say(text):
    display(Markdown(text))


# %% [markdown]
# <details><summary><b>Spot the bug:</b> "Multi-task learning has several labels, multi-objective optimisation has several
# goals: two different topics."</summary>
#
# As soon as a multi-task model is *trained*, each task brings a loss, and the model cannot minimise them all at once: that
# is a problem with several objectives. So the first is a case of the second. What differs is where the vector comes from:
# several labels of one row, or several judgements of one output. What you do with it is the same.
# </details>
#
# $$ \underbrace{(L_1, L_2, \dots, L_T)}_{\text{one vector of losses}} \quad\longrightarrow\quad
#    \underbrace{L = \sum_t w_t L_t}_{\text{one number to go down on}} $$
#
# Everything in the next nine lessons is about one of three things: what goes *into* an entry of the vector (scale, masks,
# calibration), how the vector becomes *one* step (weights, constraints, gradients), and how to *judge* the result.

# %% [markdown]
# ## Hard sharing: one trunk, many heads
#
# The simplest architecture: a **trunk** that turns features into a representation for all tasks, and a small **head** for
# each task. This is *hard* sharing: the trunk's weights are the same numbers for everybody. (In *soft* sharing each task
# keeps a trunk of its own, and a penalty keeps the trunks similar: more flexible, heavier, and in lesson 10.)

# %%
show(
    trunk_and_heads(
        "house (6 features)", "trunk, 16 units", ["price", "days on market"],
        title="Both tasks train the trunk; each head belongs to one task",
    )
)

# %%
houses = make_house_sales(500, price_unit="kEUR", seed=0)
model = HardSharing(6, 16, [1, 1], generator=torch.Generator().manual_seed(0))
print(houses)
print(model)
shared = sum(p.numel() for p in model.shared_parameters())
say(f"**{shared}** parameters are shared, **{sum(p.numel() for p in model.task_parameters(0))}** belong to each task.")
assert shared == 6 * 16 + 16

# %%
predict(
    "You compute the loss of the *price* alone and call `backward()`. Which parameters have a gradient?",
    ["all of them", "the trunk and the price head", "the price head only", "the trunk only"],
    name="01-who-hears",
)

# %% [markdown]
# Standardise features and labels (lesson 3 says how and why) and look:

# %%
x = torch.tensor((houses.X - houses.X.mean(axis=0)) / houses.X.std(axis=0), dtype=torch.float32)
y = torch.tensor(TargetScaler().fit(houses.y).transform(houses.y), dtype=torch.float32)
task_loss = (model(x) - y).square().mean(dim=0)
task_loss[0].backward()
heard = {name: p.grad is not None and bool(p.grad.any()) for name, p in model.named_parameters()}
print("\n".join(f"{name:14} {'gradient' if hears else 'nothing'}" for name, hears in heard.items()))
assert heard == {name: not name.startswith("heads.1") for name in heard}

# %% [markdown]
# The price's loss reaches the trunk and its own head, and nothing of the other head. So **the trunk is where tasks meet**:
# it hears the weighted sum of what all of them ask for. What helps and what hurts in multi-task learning happens there.
#
# **Exercise:** `SharedTrunk` in problem set 1.

# %% [markdown]
# ## One number from many losses
#
# *A batch of houses: the mean squared error of the price is 0.25, that of the time on the market is 4.0. The weights are
# 2.0 and 0.5. What is the total?*

# %%
predict("What is the total loss?", ["1.25", "2.125", "2.5", "4.25"], name="01-total")

# %%
losses, weights = torch.tensor([0.25, 4.0]), torch.tensor([2.0, 0.5])
total = weighted_sum(losses, weights)
say(f"2.0 · 0.25 + 0.5 · 4.0 = **{total:.1f}**")
assert total == 2.5

# %% [markdown]
# A sum, not an average: it is not divided by the number of tasks (1.25) or by the sum of the weights (1.0). Dividing would
# leave the *direction* of a step as it is and change its *length*: a hidden change of the learning rate.
#
# **Exercise:** `weighted_total` in problem set 1. There, weights and losses belong together by *name*.

# %% [markdown]
# ## A weight is not a share
#
# The price has four times the weight of the time. Which task is the total about?

# %%
predict("What part of the total of 2.5 comes from the time on the market?", ["20 %", "50 %", "80 %"], name="01-share")

# %%
share = weights * losses / total
show(
    bars(
        {"share of the weights": weights / weights.sum(), "share of the losses": losses / losses.sum(), "share of the total": share},
        ["price", "days on market"], title="The small weight belongs to the task that fills the total", ylabel="share (sum = 1)",
    )
)
assert torch.allclose(share, torch.tensor([0.2, 0.8]))

# %% [markdown]
# The optimiser sees neither losses nor weights, only their products: time is **80 %** of the total, with a fifth of the
# weights. To know whom a total is about, compute $w_t L_t / \sum_s w_s L_s$.
#
# And is 4.0 bad? Nobody can say: *4.0 what?* A squared error has the unit of its label, squared. If the weights are
# 1/variance, the usual advice, then the variances are 1/2.0 and 1/0.5, and each term is $w L = \text{MSE}/\text{variance} = 1 - R^2$:

# %%
r2_from_terms = 1 - weights * losses
say(f"Price: R² = {r2_from_terms[0]:.2f}. Days on market: R² = **{r2_from_terms[1]:.2f}**.")
assert r2_from_terms.tolist() == [0.5, -1.0]

# %% [markdown]
# An R² of −1 is worse than always predicting the mean (R² = 0), and the total of 2.5 said nothing about it. That is why every
# training in this course logs **one loss a task**.
#
# **Exercise:** `loss_shares` in problem set 1.

# %% [markdown]
# ### Log the vector, not the number
#
# Train on 400 houses, validate on 100. `fit` logs each task's loss in every epoch.

# %%
halves = {"train": slice(0, 400), "check": slice(400, None)}
x_fit, y_fit, x_check, y_check = (a[rows] for rows in halves.values() for a in (x, y))


def mse(prediction, labels):
    return (prediction - labels).square().mean(dim=0)


# %%
net = HardSharing(6, 16, [1, 1], generator=torch.Generator().manual_seed(1))
history = fit(
    net, minibatches(x_fit, y_fit, size=100), mse, WeightedSum([1.0, 1.0]), torch.optim.Adam(net.parameters(), 0.01),
    epochs=5 if SMOKE else 60, validate=lambda m: mse(m(x_check), y_check), generator=torch.Generator().manual_seed(1),
    task_names=houses.task_names, quiet=True,
)

# %%
show(
    training_curves(
        history, "validation", title="One total, two stories: the price is learned, the days stay hard",
        ylabel="validation loss (MSE / variance = 1 − R²)",
    )
)
last = history.column("validation")[-1]
assert SMOKE or 2 * last[0] < last[1] < 1

# %%
say(
    f"Final validation losses: price {last[0]:.2f}, days on market {last[1]:.2f}. Their mean, {last.mean():.2f}, "
    f"describes neither."
)

# %% [markdown]
# ## Does sharing help?
#
# <details><summary><b>Spot the bug:</b> "Sharing one trunk gives better generalisation."</summary>
#
# No condition, no baseline. Better than *what*, for *which* task, and when the tasks are *how* related? The experiment below
# puts numbers on each of the three.
# </details>
#
# Two tasks on the same rows. Task A is rich: 600 labels. Task B is poor. Two dials: the **correlation** ρ of the two true
# functions (1: the same function, 0: nothing in common), and the **number of labels** of task B.

# %%
RHOS, LABELS, RICH = [0.0, 0.4, 0.8, 1.0], [30, 60, 240], 600
worlds = [make_related_tasks(rho, (RICH, n), n_test=600, seed=s) for rho in RHOS for n in LABELS for s in range(SEEDS)]
print(len(worlds), "worlds:", worlds[0])
assert len(worlds) == len(RHOS) * len(LABELS) * SEEDS

# %% [markdown]
# ### The baseline
#
# A single-task model is the same network with the other task's weight set to 0. So the whole experiment is a list of
# weights. Three settings for the shared model form our tuned weighted sum.

# %%
ARMS = {"A alone": (1.0, 0.0), "B alone": (0.0, 1.0), "1 : 1": (1.0, 1.0), "1 : 0.3": (1.0, 0.3), "1 : 0.1": (1.0, 0.1)}
TUNED = ["1 : 1", "1 : 0.3", "1 : 0.1"]
STEPS = [10, 20, 40, 80, 160]
PARTS = {"train": slice(0, RICH), "check": slice(RICH, RICH + 300), "test": slice(RICH + 300, None)}

# %%
predict(
    "Task B has 60 labels and shares a trunk with task A, which has 600. Compared with B trained alone, B's test R² …",
    ["rises, whether or not the tasks are related", "rises if they are alike, and changes little if they are unrelated",
     "falls clearly if they are unrelated", "does not change"],
    name="01-sharing",
)

# %%
predict("And the data-rich task A?", ["it gains too", "nothing changes", "it pays a little"], name="01-rich")


# %% [markdown]
# Hundreds of tiny networks are trained side by side: `stack_module_state` lays their parameters on a pile, `vmap` applies
# each to its own data. The sum of their losses has no common parameter, so each trains as if it were alone.


# %%
def stacked(field, part):
    values = np.stack([getattr(world, field)[PARTS[part]] for world in worlds])
    return torch.tensor(values, dtype=torch.float32)


data = {part: (stacked("X", part), stacked("y", part)) for part in PARTS}
seen = ~data["train"][1].isnan()
target = torch.where(seen, data["train"][1], 0.0)
row_weight = seen / seen.sum(dim=1, keepdim=True)  # a mean over the labels that exist: lesson 5

# %%
networks = [HardSharing(12, 8, [1, 1], generator=torch.Generator().manual_seed(i % SEEDS)) for i in range(len(worlds))]
forward = vmap(lambda params, rows: functional_call(networks[0], params, (rows,)))


def r2(params, part):
    rows, labels = data[part]
    with torch.no_grad():
        error = (forward(params, rows) - labels).square().mean(dim=1)
    return (1 - error / labels.var(dim=1, unbiased=False)).numpy()


# %%
def train(task_weights):
    params, _ = stack_module_state(networks)
    optimiser, scores = torch.optim.Adam(params.values(), lr=0.02), []
    for step in range(1, max(STEPS) + 1):
        optimiser.zero_grad()
        per_task = ((forward(params, data["train"][0]) - target).square() * row_weight).sum(dim=1)
        (per_task * torch.tensor(task_weights)).sum().backward()
        optimiser.step()
        if step in STEPS:
            scores.append([r2(params, "check"), r2(params, "test")])
    return np.array(scores).reshape(len(STEPS), 2, len(RHOS), len(LABELS), SEEDS, 2)


# %%
runs = {arm: train(task_weights) for arm, task_weights in ARMS.items()}
assert all(np.isfinite(scores).all() for scores in runs.values())
assert sum(p.numel() for p in networks[0].task_parameters(1)) == 9  # a head: eight weights and a bias

# %% [markdown]
# Every arm, single or shared, may choose its number of steps on 300 check rows. (A practitioner with 60 labels has no 300
# rows to spare. We give them to *both* sides, to separate "does sharing help?" from "when to stop?".)


# %%
def best(scores, tasks):
    """The check score and the test scores at the best number of steps, one a world."""
    check = scores[:, 0][..., tasks].mean(axis=-1)
    at = check.argmax(axis=0)[None, ..., None]
    return check.max(axis=0), np.take_along_axis(scores[:, 1], at, axis=0)[0]


# %%
alone = np.stack([best(runs["A alone"], [0])[1][..., 0], best(runs["B alone"], [1])[1][..., 1]], axis=-1)
check_score, test_score = (np.array(part) for part in zip(*(best(runs[arm], [0, 1]) for arm in TUNED)))
choice = check_score.argmax(axis=0)[None, ..., None]
gain = {"1 : 1": test_score[0] - alone, "tuned": np.take_along_axis(test_score, choice, axis=0)[0] - alone}
assert gain["tuned"].shape == (len(RHOS), len(LABELS), SEEDS, 2)

# %%
at60 = LABELS.index(60)
show(
    lines(
        RHOS, {"B (60 labels), tuned weights": gain["tuned"][:, at60, :, 1].T, "B (60 labels), 1 : 1": gain["1 : 1"][:, at60, :, 1].T,
               "A (600 labels), 1 : 1": gain["1 : 1"][:, at60, :, 0].T},
        references={"trained alone": 0.0}, title="Sharing helps the poor task when the tasks are alike; the rich one pays",
        xlabel="correlation ρ of the two true functions", ylabel="test R², shared minus alone",
    )
)

# %%
b60 = mean_interval(gain["tuned"][:, at60, :, 1].T)
a60 = mean_interval(gain["1 : 1"][:, at60, :, 0].T)
columns = [b60, mean_interval(gain["1 : 1"][:, at60, :, 1].T), mean_interval(gain["tuned"][:, at60, :, 0].T), a60]
table = "| ρ | B alone, R² | B gains, tuned | B gains, 1 : 1 | A gains, tuned | A gains, 1 : 1 |\n" + "|---" * 6 + "|\n"
for i, rho in enumerate(RHOS):
    cells = [f"{c.mean[i]:+.3f} ± {c.half_width[i]:.3f}" for c in columns]
    table += f"| {rho} | {alone[i, at60, :, 1].mean():.2f} | {' | '.join(cells)} |\n"
say(table + f"\nMeans and 95 % t-intervals over {SEEDS} seeds. Tuning costs three trainings instead of one.")

# %%
if not SMOKE:
    assert b60.low[-1] > 0.04  # the same function: sharing helps, also tuned against tuned
    assert (np.abs(b60.mean[:2]) < 0.06).all()  # little in common: nothing to see
    assert a60.mean[0] < 0
    assert a60.mean[-1] < 0  # the rich task pays, at equal weights

# %% [markdown]
# How to read it: where the functions are the same, task B gains clearly. At correlation 0.4 or less the gain cannot be told
# from 0. The rich task gains nothing; at equal weights it *pays*, because 60 noisy labels have as much say in the trunk as
# 600. Where the functions are the same, tuned weights are better for both: the weights matter more than "share: yes or no".

# %% [markdown]
# ### The mechanism
#
# Task A's many labels pull the trunk towards features that are useful for A. If B needs the same features, B gets a trunk
# that it could never have learned from 60 rows, and only has to fit nine numbers of its head. If B needs others, A's features are
# of no use, and both compete for eight hidden units. Move both dials:

# %%
grid = {
    (rho, n): {"B": mean_interval(gain["tuned"][i, j, :, 1]), "A": mean_interval(gain["tuned"][i, j, :, 0])}
    for i, rho in enumerate(RHOS)
    for j, n in enumerate(LABELS)
}
values = {key: [float(cell["B"].mean), float(cell["A"].mean)] for key, cell in grid.items()}


# %%
def say_gain(cell, rho, n):
    word = "helps" if cell["B"].low > 0 else "hurts" if cell["B"].high < 0 else "makes no clear difference to"
    return f"ρ = {rho}, {n} labels: sharing {word} task B, {cell['B']} R²; task A {cell['A']}."


def draw_gain(cell, rho, n):
    both = Interval(*(np.array([getattr(cell[task], part) for task in "BA"]) for part in ("mean", "half_width")))
    return dots(
        {"tuned weights": both}, [f"B ({n} labels)", f"A ({RICH} labels)"], reference=0.0,
        title=say_gain(cell, rho, n), xlabel="test R², shared minus alone (mean and 95 % interval)",
    )


# %%
explore(grid, {"correlation ρ": RHOS, "labels of B": LABELS}, draw_gain, say_gain, title="When does sharing help?")

# %%
for (rho, n), shown in values.items():  # what the element shows is what the experiment computed
    cell = gain["tuned"][RHOS.index(rho), LABELS.index(n)]
    assert np.allclose(shown, cell.mean(axis=0)[::-1])

# %% [markdown]
# ### An unfair baseline
#
# Now the mistake that makes multi-task papers look good. Give *both* models 160 steps, as one would with a fixed recipe:

# %%
predict(
    "Two *unrelated* tasks (ρ = 0), weights 1 : 0.1, both models trained for 160 steps. Does sharing seem to help task B?",
    ["no, it hurts", "no difference", "yes, clearly"],
    name="01-unfair",
)

# %%
path = {arm: runs[arm][:, 1, 0, at60, :, 1].T for arm in ("B alone", "1 : 1", "1 : 0.1")}
names = {"B alone": "B alone", "1 : 1": "shared 1 : 1", "1 : 0.1": "shared 1 : 0.1"}
show(
    lines(
        STEPS, {names[arm]: values_by_seed for arm, values_by_seed in path.items()}, logx=True,
        title="Unrelated tasks: sharing only delays overfitting", xlabel="training steps", ylabel="test R² of task B (60 labels), ρ = 0",
    )
)

# %%
unfair = mean_interval(path["1 : 0.1"][:, -1] - path["B alone"][:, -1])
say(
    f"After {STEPS[-1]} steps the shared model is ahead by **{unfair}**. With the number of steps chosen for each arm the "
    f"tuned gain was **{b60.mean[0]:+.3f} ± {b60.half_width[0]:.3f}**."
)
assert SMOKE or (unfair.low > 0.05 and b60.high[0] < unfair.low)

# %% [markdown]
# The tasks have *nothing* in common, and sharing seems to help a lot: because task B alone was trained far too long, and
# anything that slows it down looks like a gift. The comparison that means something: a **single-task model of
# each task, tuned as carefully** (same budget for the number of steps, the learning rate, the width). Put it on the checklist.

# %% [markdown]
# ## The limits
#
# - One family of functions, one width (8), one optimiser. Other data will give other numbers; the *questions* carry over.
# - ρ is a dial here. In life you do not know it, and a correlation of labels is not a correlation of needed features.
# - Sharing also saves computing and maintenance. A model that is no better but replaces two may be worth it: say which of
#   the two reasons you have.

# %% [markdown]
# ## Four confusions to leave behind
#
# <details><summary><b>"The task with the larger weight gets the larger part of the loss."</b></summary>
#
# The share is weight *times* loss: 80 % of the total belonged to the task with a fifth of the weights.
# </details>
#
# <details><summary><b>"Negative transfer is when the total loss rises."</b></summary>
#
# It is when a *task* is worse than its own, equally tuned, single-task model. The total can fall all the while.
# </details>
#
# <details><summary><b>"Shared beats single, so the tasks are related."</b></summary>
#
# Or the single-task model was overtrained. In the last figure the tasks were unrelated by construction.
# </details>
#
# <details><summary><b>"Multi-objective needs several labels."</b></summary>
#
# One output judged for accuracy, latency and fairness has three objectives and one label (lesson 8).
# </details>
#
# The **written rationale** (which of four projects are multi-task, multi-objective, or both?) is at the end of problem set 1.

# %% [markdown]
# ## Quick test
#
# Seven questions, five to pass.

# %%
quiz("01")

# %% [markdown]
# ## Take-away
#
# - **One vector of losses**, for two reasons: several labels, or several goals. Training needs one number made of it.
# - **The trunk is where tasks meet.** A head hears its own task only.
# - **Share = weight × loss / total.** Look at it before you argue about weights.
# - **Sharing helps a poor task beside a rich, related one.** Unrelated tasks gain nothing, and the rich one may pay.
# - **No single-task baseline, no claim**, and the baseline gets the same tuning.
#
# ## What to try next
#
# Change the width of the networks from 8 to 2 and to 32: for which ρ does the rich task pay most? Then go on to
# **lesson 2**: what if one label is measured in metres and the other in millimetres?
