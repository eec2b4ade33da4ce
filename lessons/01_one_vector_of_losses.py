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
# | all topics that an article is about | yes | yes: one loss per topic |
# | three demand series of each item | yes | yes: one loss per series |
# | one classifier: accurate, fast **and** fair | no | yes: loss, latency, gap between groups |
#
# People want this for four reasons:
#
# - **cost:** one model is cheaper to run and to maintain than three;
# - **speed:** the next task ships faster, as a head on a trunk that is already served and monitored;
# - **quality:** a task with few labels may profit from its neighbours, and with it the product's numbers;
# - **control:** trade-offs become something that one can set instead of something that happens.
#
# The first is arithmetic as far as running goes. The second has a catch, and maintenance has the same: a head on a *frozen* trunk
# leaves the old tasks as they were; a trunk that is trained again has to be tested for all of them. The third and fourth are
# claims, and this course measures them.
#
# (New terms are in **bold**; the [glossary](pages/glossary.md) explains them.)

# %%
import numpy as np
import torch

from mtl_teach.data import make_house_sales, make_related_tasks
from mtl_teach.figures import bars, dots, lines, show, training_curves, trunk_and_heads
from mtl_teach.learn import claim, explore, outcome, predict, quiz, say, size
from mtl_teach.losses import weighted_sum
from mtl_teach.metrics import Interval, mean_interval
from mtl_teach.models import HardSharing
from mtl_teach.scaling import TargetScaler
from mtl_teach.side_by_side import train_side_by_side
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum

# %% [markdown]
# A line that begins with ✓ is a statement of this lesson that was checked against the run whose outputs you see. In the notebook, a
# cell that is folded to one line is run like any other; a click on it shows its code.

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "Multi-task learning has several labels, multi-objective optimisation has several
# goals: two different topics."</summary>
#
# As soon as a multi-task model is *trained*, each task brings a loss, and one model can seldom minimise them all at once: that
# is a problem with several objectives. So the first is a case of the second. What differs is where the vector comes from:
# several labels of one row, or several judgements of one output. What you do with it is the same.
# </details>
#
# $$ \underbrace{(L_1, L_2, \dots, L_T)}_{\text{one vector of losses}} \quad\longrightarrow\quad
#    \underbrace{L = \sum_t w_t L_t}_{\text{one number to minimise}} $$
#
# The lessons that follow are about three things: what goes *into* an entry of the vector (scale, masks, calibration), how the
# vector becomes *one* step (weights, constraints, gradients), and how to *judge* the result.

# %% [markdown]
# ## Hard sharing: one trunk, many heads
#
# The simplest architecture: a **trunk** that turns features into a representation for all tasks, and a small **head** for
# each task. This is *hard* sharing: the trunk's weights are the same numbers for everybody. (In *soft* sharing each task
# keeps a trunk of its own, and a penalty keeps the trunks similar: more flexible, heavier, and in lesson 11.)

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

# %% tags=["fold"]
predict(
    "One trunk, two heads: you compute the loss of the *price* alone and call `backward()`. Which parameters have a gradient?",
    ["all of them", "the trunk and the price head", "the price head only", "the trunk only"],
    name="01-who-hears", answer="the trunk and the price head",
)

# %% [markdown]
# Standardise features and labels, by the mean and spread of the 400 training houses (lesson 3 says how and why), and look:

# %%
TRAIN, VALIDATE = slice(0, 400), slice(400, None)
centre, spread = houses.X[TRAIN].mean(axis=0), houses.X[TRAIN].std(axis=0)
x = torch.tensor((houses.X - centre) / spread, dtype=torch.float32)
y = torch.tensor(TargetScaler().fit(houses.y[TRAIN]).transform(houses.y), dtype=torch.float32)
task_loss = (model(x) - y).square().mean(dim=0)
task_loss[0].backward()
reached = {name: p.grad is not None and bool(p.grad.any()) for name, p in model.named_parameters()}
print("\n".join(f"{name:14} {'gradient' if has_one else 'none'}" for name, has_one in reached.items()))
outcome("01-who-hears")

# %% tags=["claim"]
claim(
    "The price's loss reaches the trunk and its own head, and no parameter of the other head.",
    lambda reached: reached == {name: not name.startswith("heads.1") for name in reached},
    reached, opposite=(dict.fromkeys(reached, True),), effect=False,
)

# %% [markdown]
# So **the trunk is where tasks meet**: its gradient is the weighted sum of what all of them ask for. If sharing helps or hurts, it
# does so there.
#
# **Exercise:** `SharedTrunk` in problem set 1.

# %% [markdown]
# ## One number from many losses
#
# *A batch of houses: the mean squared error of the price is 0.25, that of the time on the market is 4.0. The weights are
# 2.0 and 0.5. What is the total?*

# %% tags=["fold"]
predict(
    "The losses of price and time are 0.25 and 4.0, their weights 2.0 and 0.5. What is the total loss?",
    ["1.25", "2.125", "2.5", "4.25"], name="01-total", answer="2.5",
)

# %%
losses, weights = torch.tensor([0.25, 4.0]), torch.tensor([2.0, 0.5])
total = weighted_sum(losses, weights)
say(f"2.0 · 0.25 + 0.5 · 4.0 = **{total:.1f}**")
outcome("01-total")

# %% [markdown]
# A sum, not an average: it is not divided by the number of tasks (1.25) or by the sum of the weights (1.0). Dividing would
# leave the *direction* of the gradient as it is and change its *length*. Under plain gradient descent that is a hidden change of the
# learning rate; Adam, which takes the length out again, hardly notices.
#
# **Exercise:** `weighted_total` in problem set 1. There, weights and losses belong together by *name*.

# %% [markdown]
# ## A weight is not a share
#
# The price has four times the weight of the time. Which task is the total about?

# %% tags=["fold"]
predict(
    "The time on the market has a loss of 4.0 and a weight of 0.5. What part of the total of 2.5 comes from it?",
    ["20 %", "50 %", "80 %"],
    name="01-share", answer="80 %",
)

# %%
share = weights * losses / total
show(
    bars(
        {"share of the weights": weights / weights.sum(), "share of the losses": losses / losses.sum(), "share of the total": share},
        ["price", "days on market"], title="The small weight belongs to the task that fills the total", ylabel="share (sum = 1)",
    )
)
outcome("01-share")

# %% tags=["claim"]
claim(
    "Time on the market is 80 % of the total, with a fifth of the weights.",
    lambda total, weight: np.isclose(total, 0.8) and np.isclose(weight, 0.2),
    float(share[1]), float(weights[1] / weights.sum()), effect=False,
)

# %% [markdown]
# The optimiser sees neither losses nor weights, only their products. To know which task a total is about, compute its **loss
# share** $w_t L_t / \sum_s w_s L_s$. (Which task steers the *trunk* is another question, for lesson 4.)
#
# And is 4.0 bad? Nobody can say: *4.0 what?* A squared error has the unit of its label, squared. Suppose each weight was chosen
# as 1/variance of its label. Then the variances are 1/2.0 and 1/0.5, and each term is
# $w L = \text{MSE}/\text{variance} = 1 - R^2$:

# %%
r2_from_terms = 1 - weights * losses
say(f"Price: R² = {r2_from_terms[0]:.2f}. Days on market: R² = **{r2_from_terms[1]:.2f}**.")

# %% tags=["claim"]
claim(
    "One task is worse than predicting its mean, and the other is better.",
    lambda price, days: days < 0 < price, *r2_from_terms, effect=False,
)

# %% [markdown]
# An R² of −1 is twice the squared error of always predicting the mean (R² = 0), and the total of 2.5 said nothing about it. That
# is why `fit`, which trains most models of this course, logs **one loss per task**.
#
# **Exercise:** `loss_shares` in problem set 1.

# %% [markdown]
# ### Log the vector, not the number
#
# Train on 400 houses, validate on 100. `fit` logs each task's loss in every epoch.

# %%
x_fit, y_fit, x_check, y_check = (a[rows] for rows in (TRAIN, VALIDATE) for a in (x, y))


def mse(prediction, labels):
    return (prediction - labels).square().mean(dim=0)


# %%
net = HardSharing(6, 16, [1, 1], generator=torch.Generator().manual_seed(1))
history = fit(
    net, minibatches(x_fit, y_fit, size=100), mse, WeightedSum([1.0, 1.0]), torch.optim.Adam(net.parameters(), 0.01),
    epochs=size(60, short=5), validate=lambda m: mse(m(x_check), y_check), generator=torch.Generator().manual_seed(1),
    task_names=houses.task_names, quiet=True,
)

# %%
show(
    training_curves(
        history, "validation", title="One total, two stories: the price is learned, the days stay hard",
        ylabel="validation loss (≈ 1 − R²)",
    )
)
last = history.column("validation")[-1]
say(
    f"Final validation losses: price {last[0]:.2f}, days on market {last[1]:.2f}. Their mean, {last.mean():.2f}, "
    f"describes neither."
)

# %% tags=["claim"]
claim(
    "The price's remaining error is less than half of that of the days on the market, which are still better than their mean.",
    lambda price, days: 2 * price < days < 1, *last,
)

# %% [markdown]
# ## Does sharing help?
#
# <details><summary><b>Spot the bug:</b> "Sharing one trunk gives better generalisation."</summary>
#
# No condition, no baseline. Better than *what*, for *which* task, and when the tasks are *how* closely related? The experiment
# below puts numbers on each of the three.
# </details>
#
# Two tasks on the same rows. Task A is rich: 600 labels. Task B is poor. We turn two dials: the **correlation** ρ of the two
# true functions (1: the same function, 0: nothing in common), and the **number of labels** of task B.

# %%
SEEDS = size(12, short=2)
RHOS, LABELS, RICH = [0.0, 0.4, 0.8, 1.0], [30, 60, 240], 600
worlds = [make_related_tasks(rho, (RICH, n), n_test=600, seed=s) for n in LABELS for rho in RHOS for s in range(SEEDS)]
print(len(worlds), "worlds:", worlds[0])

# %% [markdown]
# ### The baseline, and the same number of trials for all
#
# A single-task model is the same network with the other task's weight set to 0. It is a fair baseline only if it is tuned with
# the same effort. So each contestant gets **three trials**, and keeps the best, together with the best number of steps:
#
# | contestant | weights of A : B | learning rates tried |
# |---|---|---|
# | A alone, B alone | 1 : 0, 0 : 1 | three |
# | shared, equal weights | 1 : 1 | three |
# | shared, tuned weight | 1 : 1, 1 : 0.3, 1 : 0.1 | one, the middle one |
#
# "Best" is decided on 300 check rows, for a shared model by the mean R² of its two tasks: one model has one stop. The result is
# read on 300 test rows. (A practitioner with 60 labels has no 300 rows to spare. We give them to *all* contestants, to separate
# "does sharing help?" from "when to stop?".)

# %%
RATES, STOPS = (0.01, 0.02, 0.04), (10, 20, 40, 80, 160)
TRIALS = {
    "A alone": [((1.0, 0.0), rate) for rate in RATES],
    "B alone": [((0.0, 1.0), rate) for rate in RATES],
    "1 : 1": [((1.0, 1.0), rate) for rate in RATES],
    "tuned": [((1.0, weight), RATES[1]) for weight in (1.0, 0.3, 0.1)],
}

# %% tags=["fold"]
predict(
    "Task B has 60 labels and shares a trunk with task A, which has 600. The two may be one function, or unrelated. Compared with "
    "B trained alone, B's test R² rises …",
    ["in both cases", "only if they are one function", "only if they are unrelated", "in neither case"],
    name="01-sharing", answer="only if they are one function",
)

# %% tags=["fold"]
predict(
    "And task A, which has 600 labels: what happens to its R² when it shares a trunk with B, both with the same weight?",
    ["it gains a little", "nothing changes", "it pays a little"],
    name="01-rich", answer="it pays a little",
)

# %% [markdown]
# An interval needs many seeds, so hundreds of tiny networks are trained side by side, each on its own data. `train_side_by_side`
# does it and skips missing labels (lesson 5). A world's network starts from the same numbers in every trial. The folded
# cell after this one computes R²; the one that trains takes half a minute or less on most computers.

# %%
in_order = [np.argsort(w.is_test * 2 + ~w.mask[:, 1], kind="stable") for w in worlds]  # rows with a label of B come first
tables = ([getattr(w, field)[rows] for w, rows in zip(worlds, in_order)] for field in "Xy")
x, y = (torch.tensor(np.stack(table), dtype=torch.float32) for table in tables)
networks = [HardSharing(12, 8, [1, 1], generator=torch.Generator().manual_seed(i % SEEDS)) for i in range(len(worlds))]
CHECK, TEST = slice(RICH, RICH + 300), slice(RICH + 300, None)


# %% tags=["fold"]
def r2(predictions, rows):
    """(stops, numbers of labels, correlations, seeds, tasks)"""
    labels = y[: predictions.shape[1], rows]
    error = (predictions[:, :, rows] - labels).square().mean(dim=2)
    explained = 1 - error / labels.var(dim=1, correction=0)
    return explained.reshape(len(STOPS), -1, len(RHOS), SEEDS, 2).numpy()


# %%
def train(task_weights, rate):
    m = len(worlds) if task_weights[1] else len(RHOS) * SEEDS  # A alone does not see how many labels B has
    n = RICH if task_weights[0] else max(LABELS)  # B alone does not see the rows without a label of B
    predictions = train_side_by_side(
        networks[:m], x[:m, :n], y[:m, :n], x[:m], rates=[rate] * m, stops=STOPS, task_weights=task_weights
    )
    return r2(predictions, CHECK), r2(predictions, TEST)


runs = {trial: train(*trial) for trial in sorted({trial for trials in TRIALS.values() for trial in trials})}


# %%
def best(contestant, tasks):
    """Test R² of the trial and the number of steps that are best for these tasks on the check rows, in each world."""
    check, test = (np.concatenate(parts) for parts in zip(*(runs[trial] for trial in TRIALS[contestant])))
    choice = check[..., tasks].mean(axis=-1).argmax(axis=0)
    return np.take_along_axis(test, choice[None, ..., None], axis=0)[0]


# %%
a_alone, b_alone = best("A alone", [0])[..., 0], best("B alone", [1])[..., 1]
alone = np.stack(np.broadcast_arrays(a_alone, b_alone), axis=-1)
gain = {contestant: best(contestant, [0, 1]) - alone for contestant in ("1 : 1", "tuned")}  # the same seeds: in pairs

# %%
at60 = LABELS.index(60)
b_gains, a_gains = ({how: g[at60, :, :, task].T for how, g in gain.items()} for task in (1, 0))
show(
    lines(
        RHOS, {"B (60 labels), tuned weight": b_gains["tuned"], "B (60 labels), 1 : 1": b_gains["1 : 1"],
               "A (600 labels), 1 : 1": a_gains["1 : 1"]},
        references={"trained alone": 0.0}, title="Sharing helps the poor task when both are one function; the rich one pays",
        xlabel="correlation ρ of the two true functions", ylabel="test R², shared minus alone",
    )
)

# %% [markdown]
# The same in numbers (the folded cell only formats them):

# %% tags=["fold"]
cells = [mean_interval(gains[how]) for gains in (b_gains, a_gains) for how in ("tuned", "1 : 1")]
table = "| ρ | B alone, R² | B gains, tuned | B gains, 1 : 1 | A gains, tuned | A gains, 1 : 1 |\n" + "|---" * 6 + "|\n"
for i, rho in enumerate(RHOS):
    row = " | ".join(f"{c.mean[i]:+.3f} ± {c.half_width[i]:.3f}" for c in cells)
    table += f"| {rho} | {b_alone[at60, i].mean():.2f} | {row} |\n"
say(f"{table}\nThree trials each; mean differences in pairs and 95 % t-intervals over {SEEDS} seeds.")

# %%
outcome("01-sharing")
outcome("01-rich")

# %% tags=["claim"]
same, apart = mean_interval(b_gains["tuned"][:, -1]), b_gains["tuned"][:, :2].mean(axis=1)
claim(
    "With a tuned weight, B gains where the functions are the same.", lambda gains: mean_interval(gains).low > 0,
    b_gains["tuned"][:, -1],
)
claim(
    "It gains more there than at a ρ of 0.4 or less, where no gain is seen.",
    lambda one, two: mean_interval(one - two).low > 0 and mean_interval(two).low <= 0, b_gains["tuned"][:, -1], apart,
)

# %% tags=["claim"]
rich = {how: gains.mean(axis=1) for how, gains in a_gains.items()}  # over the four ρ, for each seed
claim("At equal weights the rich task pays.", lambda gains: mean_interval(gains).high < 0, rich["1 : 1"])
claim(
    "With the tuned weight the rich task pays less.",
    lambda tuned, equal: mean_interval(tuned - equal).low > 0, rich["tuned"], rich["1 : 1"],
)
at_one = {how: g[:, -1, :, 1].mean(axis=0) for how, g in gain.items()}  # over the numbers of labels, for each seed
claim(
    "At ρ = 1 the tuned weight is better than 1 : 1 for the poor task, on average over its numbers of labels.",
    lambda tuned, equal: mean_interval(tuned - equal).low > 0, at_one["tuned"], at_one["1 : 1"],
)

# %% [markdown]
# How to read it: where the functions are the same, task B gains. At a correlation of 0.4 or less no gain is seen; if anything, B
# loses a little. The rich task gains nothing; at equal weights it *pays*. The tuned weight costs it less, and where the functions
# are the same it gives B more.
#
# What acts on the rich task: the trunk, which now serves two, or the common stop? Sixty labels are overfitted sooner than six
# hundred, and one model stops once. The runs are there; let the shared model stop where it is best for A alone:

# %%
stops_for_a = (best("1 : 1", [0])[at60, ..., 0] - a_alone[0]).mean(axis=0)  # over the four ρ
say(
    f"A's R² changes by **{mean_interval(rich['1 : 1'])}** with the common stop, and by **{mean_interval(stops_for_a)}** with a "
    "stop of its own."
)

# %% tags=["claim"]
claim(
    "With a stop of its own the rich task pays less.",
    lambda own, common: mean_interval(own - common).low > 0, stops_for_a, rich["1 : 1"],
)

# %% [markdown]
# So the common stop is at least a part of the price, and by the two means the larger part.
#
# The number of trials matters as well. Let the shared model try three weights, and let B alone make do with one learning rate:

# %%
one_rate = runs[TRIALS["B alone"][1]]
steps = one_rate[0][..., 1].argmax(axis=0)[None]
fewer_trials = np.take_along_axis(one_rate[1][..., 1], steps, axis=0)[0][at60]
uneven = mean_interval(best("tuned", [0, 1])[at60, -1, :, 1] - fewer_trials[-1])
say(f"At ρ = 1 B then “gains” **{uneven}** instead of **{same}**: the baseline was not allowed to try as much.")

# %% tags=["claim"]
claim(
    "Against a baseline with one trial the same model looks better than against one with three.",
    lambda one, three: mean_interval(three - one).low > 0,
    fewer_trials.mean(axis=0), b_alone[at60].mean(axis=0),
)

# %% [markdown]
# ### The mechanism
#
# The usual explanation, which fits these numbers and which they do not prove: task A's many labels pull the trunk towards features
# that are useful for A. If B needs the same features, it gets a trunk that 60 rows could hardly teach it, and has only
# the nine numbers of its head to fit. If B needs others, A's features are of little use. Move both dials (a folded cell describes
# and draws each setting):

# %%
grid = {
    (rho, n): {task: mean_interval(gain["tuned"][j, i, :, t]) for t, task in enumerate("AB")}
    for i, rho in enumerate(RHOS)
    for j, n in enumerate(LABELS)
}


# %% tags=["fold"]
def say_gain(cell, rho, n):
    word = "helps" if cell["B"].low > 0 else "hurts" if cell["B"].high < 0 else "makes no clear difference to"
    return f"ρ = {rho}, {n} labels: sharing {word} task B, {cell['B']} R²; task A {cell['A']}."


def draw_gain(cell, rho, n):
    both = Interval(*(np.array([getattr(cell[task], part) for task in "BA"]) for part in ("mean", "half_width")))
    return dots(
        {"tuned weight": both}, [f"B ({n} labels)", f"A ({RICH} labels)"], reference=0.0,
        title=say_gain(cell, rho, n), xlabel="test R², shared minus alone (mean and 95 % interval)",
    )


# %%
explore(grid, {"correlation ρ": RHOS, "labels of B": LABELS}, draw_gain, say_gain, title="When does sharing help?")

# %% [markdown]
# ### One recipe for both
#
# Now give *both* models 160 steps, as one would with a fixed recipe:

# %% tags=["fold"]
predict(
    "Two *unrelated* tasks (ρ = 0), weights 1 : 0.1, both models trained for 160 steps. Does sharing seem to help task B?",
    ["no, it hurts", "no difference", "yes, clearly"],
    name="01-unfair", answer="yes, clearly",
)

# %%
arms = {
    "B alone": ((0.0, 1.0), RATES[1]), "B alone, half the learning rate": ((0.0, 1.0), RATES[0]),
    "shared 1 : 1": ((1.0, 1.0), RATES[1]), "shared 1 : 0.1": ((1.0, 0.1), RATES[1]),
}
path = {arm: runs[trial][1][:, at60, 0, :, 1].T for arm, trial in arms.items()}
show(
    lines(
        STOPS, path, logx=True, title="Unrelated tasks: what learns B slowly overfits it late", xlabel="training steps",
        ylabel="test R² of task B (60 labels), ρ = 0",
    )
)

# %%
late = {arm: values[:, -1] - path["B alone"][:, -1] for arm, values in path.items()}
fixed_recipe, tuned = mean_interval(late["shared 1 : 0.1"]), mean_interval(gain["tuned"][at60, 0, :, 1])
say(
    f"After {STOPS[-1]} steps the shared model is ahead of B alone by **{fixed_recipe}**; B alone with half the learning rate is "
    f"ahead by {mean_interval(late['B alone, half the learning rate'])}. With three trials each, sharing gained **{tuned}**."
)
outcome("01-unfair")

# %% tags=["claim"]
claim(
    "With a fixed recipe unrelated tasks look more helpful than with the same trials for both sides, where no gain is seen.",
    lambda recipe, trials: mean_interval(recipe - trials).low > 0 and mean_interval(trials).low <= 0,
    late["shared 1 : 0.1"], gain["tuned"][at60, 0, :, 1],
)
claim(
    "Without a second task, half the learning rate does the same.",
    lambda slow: mean_interval(slow).low > 0, late["B alone, half the learning rate"],
)

# %% [markdown]
# The tasks have *nothing* in common, and sharing seems to help a lot. The baseline is unfair: task B alone was trained far too
# long, and slowing it down looks like a gift, whether a second task does it or a smaller learning rate. (At 1 : 1 B is not slowed
# down, and there is no gift to see.) The comparison that means something: a **single-task model of each task, tuned as
# carefully**, with the same number of trials for the number of steps, the learning rate and the weights. Put it on the checklist.

# %% [markdown]
# ### Another unfair baseline: one size
#
# All networks so far had 8 units. Give both sides 1, 2 or 8, on the same unrelated tasks, with three learning rates and the
# best stop for B:


# %%
first = at60 * len(RHOS) * SEEDS
x_apart, y_apart = (table[first : first + SEEDS].repeat_interleave(3, dim=0) for table in (x, y))  # ρ = 0; for three rates


# %% tags=["fold"]
def b_at_size(units, task_weights):
    """R² of task B on check and test rows, each (learning rates and stops, seeds)"""
    small = [HardSharing(12, units, [1, 1], generator=torch.Generator().manual_seed(i // 3)) for i in range(3 * SEEDS)]
    n = RICH if task_weights[0] else 60
    predictions = train_side_by_side(
        small, x_apart[:, :n], y_apart[:, :n], x_apart, rates=RATES * SEEDS, stops=STOPS, task_weights=task_weights
    )
    for rows in (CHECK, TEST):
        label = y_apart[:, rows, 1]
        explained = 1 - (predictions[:, :, rows, 1] - label).square().mean(dim=2) / label.var(dim=1, correction=0)
        yield explained.reshape(len(STOPS), SEEDS, 3).movedim(2, 0).flatten(0, 1).numpy()


# %%
UNITS, SIDES = (1, 2, 8), {"B alone": (0.0, 1.0), "1 : 1": (1.0, 1.0)}
sizes = {(units, side): list(b_at_size(units, weights)) for units in UNITS[:2] for side, weights in SIDES.items()}
for side in SIDES:  # the runs with 8 units are there
    sizes[8, side] = [np.concatenate([runs[trial][part][:, at60, 0, :, 1] for trial in TRIALS[side]]) for part in (0, 1)]


def best_size(choice, side):
    check, test = (np.concatenate(parts) for parts in zip(*(sizes[units, side] for units in choice)))
    return np.take_along_axis(test, check.argmax(axis=0)[None], axis=0)[0]


# %%
by_size = {choice: {side: best_size(choice, side) for side in SIDES} for choice in [(1,), (2,), (8,), UNITS]}
size_gain = {choice: mean_interval(b["1 : 1"] - b["B alone"]) for choice, b in by_size.items()}
table = "| units | B alone, R² | shared 1 : 1 | difference |\n|---|---|---|---|\n"
for choice, b in by_size.items():
    units = " or ".join(map(str, choice))
    table += f"| {units} | {b['B alone'].mean():.2f} | {b['1 : 1'].mean():.2f} | {size_gain[choice]} |\n"
say(f"{table}\nDifferences in pairs, 95 % t-intervals over {SEEDS} seeds.")

# %% tags=["claim"]
claim(
    "At one size sharing costs the unrelated task, at another its mean is higher; with three sizes for both sides, no gain is seen.",
    lambda one, two, chosen: one.high < 0 < two.mean and chosen.low <= 0, size_gain[1,], size_gain[2,], size_gain[UNITS],
)

# %% [markdown]
# With 1 unit the two tasks fight for it. With 2 the second task *takes one away*, which for 60 labels is the better size; a network
# of 1 unit has it without any second task. (How much is gained at 2 units differs from one set of seeds to another, and with
# some the interval holds 0.) So size belongs to the trials, too.

# %% [markdown]
# ## The limits
#
# - One family of functions and one optimiser. Other data will give other numbers; the *questions* carry over.
# - ρ is a dial here. In practice you do not know it, and a correlation of labels is not a correlation of needed features.
# - Sharing also saves computing. A model that is no better but replaces two may be worth it: say which of the two reasons you
#   have.

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
# Or the single-task model was overtrained, or of the wrong size. In the last two experiments the tasks were unrelated by
# construction.
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
# - **Sharing helped a poor task beside a rich one that is the same function.** At fair trials unrelated tasks gained nothing, and
#   the rich one paid a little, mostly for the common stop.
# - **No single-task baseline, no claim**, and the baseline gets the same number of trials: steps, learning rate, size.
#
# ## What to try next
#
# Change the width of the networks from 8 to 2 and to 32: for which ρ does the rich task pay most? Give the two sides *different*
# numbers of trials: how large a gain can you make out of nothing? Then go on to
# **lesson 2**: what if one label is measured in metres and the other in millimetres?
