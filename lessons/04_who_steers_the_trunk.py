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
# # 4. Weights, and who steers the trunk
#
# **You will be able to** turn a scale into a weight and say what the exchange preserves and what it does not; measure how
# hard each task pulls at the trunk; see that sampling tasks is weighting them; and ablate weights and log the choice.
#
# **Before:** lessons 1 to 3. **Time:** 90 minutes. **Difficulty:** ●●○
#
# **Exercises:** open problem set 4 (`ps04_who_steers_the_trunk`) beside this lesson. Each section says which exercise follows it.

# %% [markdown]
# ## One tiller, several ropes
#
# A boat has one tiller and every passenger holds a rope tied to it. Some passengers *shout* loudly, some *pull* hard, and
# these are not the same people. The boat goes where the pulling is.
#
# In a multi-task model the **trunk** is the boat. A task's *loss* is how loud it is; the *gradient* of that loss at the
# trunk is how hard it pulls. A weight multiplies both. Labels in other units change both too, but not by the same factor.
# Whoever looks only at the losses listens to the shouting.
#
# Three questions: what does a weight buy? who pulls now? and who comes to the rope how often?

# %%
import os

import numpy as np
import torch
from IPython.display import Markdown, display
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

# %%
from mtl_teach.data import make_house_sales, make_related_tasks
from mtl_teach.figures import bars, dots, lines, show, trade_off
from mtl_teach.gradients import task_gradients
from mtl_teach.learn import explore, predict, quiz
from mtl_teach.losses import weighted_sum
from mtl_teach.metrics import mean_interval
from mtl_teach.models import FixedOutputScale, HardSharing
from mtl_teach.scaling import variance_weights
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum

# %% [markdown]
# `SMOKE=1` shrinks the number of seeds for fast tests; what the lesson claims about effects is asserted in the full run.

# %%
SMOKE = os.environ.get("SMOKE") == "1"
SEEDS = range(2 if SMOKE else 4)
EPOCHS = 4 if SMOKE else 50


def say(text):
    display(Markdown(text))


def mse(predicted, target):
    return (predicted - target).square().mean(dim=0)


# %% [markdown]
# ## A scale of c is a weight of c squared
#
# Measure a label in a unit that is $c$ times smaller: label, prediction and error grow by $c$, the squared error by $c^2$.
#
# $$ \frac{1}{n}\sum_i (c\,\hat y_i - c\,y_i)^2 = c^2 \cdot \frac{1}{n}\sum_i (\hat y_i - y_i)^2 $$

# %%
rng = np.random.default_rng(0)
y_small, guess = rng.standard_normal((2, 1000))
growth = np.mean((7 * guess - 7 * y_small) ** 2) / np.mean((guess - y_small) ** 2)
print(f"labels times 7: the mean squared error grows {growth:.1f} times")
assert np.isclose(growth, 49)

# %% [markdown]
# So the weight $1/s^2$ does to the *loss* what dividing the label by $s$ does. With $s$ the standard deviation that is
# "one over the variance", and every task's loss is then $1 - R^2$ on the rows where $s$ was measured. House sales, price
# in euros beside days on the market, at the mean predictor:

# %%
houses = make_house_sales(1000, seed=0)
spread = houses.y.std(axis=0)
loss_at_mean = torch.tensor(houses.y.var(axis=0))
weights_of_variance = variance_weights(houses.y)
print("standard deviations:", dict(zip(houses.task_names, spread.round(1).tolist())))
print("raw share of days in the loss:", f"{loss_at_mean[1] / loss_at_mean.sum():.1e}")
print("weighted losses:", (loss_at_mean * torch.tensor(weights_of_variance)).numpy().round(9))

# %%
assert np.allclose(loss_at_mean.numpy() * weights_of_variance, 1)

# %% [markdown]
# Does the *minimum* move? For a linear model without anything shared it does not move at all: each column is fitted for itself.

# %%
raw_fit = LinearRegression().fit(houses.X, houses.y)
scaled_fit = LinearRegression().fit(houses.X, houses.y / spread)
gap_at_minimum = np.abs(raw_fit.predict(houses.X) / spread - scaled_fit.predict(houses.X)).max()
print(f"largest difference of the two fits, in standard deviations: {gap_at_minimum:.0e}")
assert gap_at_minimum < 1e-9

# %% [markdown]
# <details><summary><b>Spot the bug:</b> a price loss of 0.25 with weight 2 and a time loss of 4.0 with weight ½ give
# 0.5 + 2.0 = 2.5. "The weights are one over the variances, so the two tasks are balanced."</summary>
#
# The sum is right, the sentence is not. Time makes up 2.0 of 2.5, that is 80 %. And if the weights really are
# 1/variance, the two terms are $1 - R^2$: price has $R^2 = 0.50$, time has $R^2 = -1.00$, worse than predicting the mean.
# A weighted loss of 2 in such units is not balance but an alarm.
# </details>

# %%
terms = np.array([2.0 * 0.25, 0.5 * 4.0])
assert weighted_sum(torch.tensor([0.25, 4.0]), [2.0, 0.5]) == terms.sum() == 2.5
assert terms[1] / terms.sum() == 0.8
assert (1 - terms).tolist() == [0.5, -1.0]

# %% [markdown]
# **Exercise:** `weights_from_scales` in problem set 4.

# %% [markdown]
# ## The same loss, another path
#
# Loss and minimum agree. Does *training*? Two tasks that are equally hard, in a trunk that both share. The second label
# comes in a unit in which its standard deviation is about 100 instead of 1. Three ways:
#
# - **raw** labels, equal weights;
# - raw labels, weights **1/variance**;
# - **standardised** labels, equal weights.

# %%
predict(
    "Raw labels with weights 1/variance: the loss is the one of standardised labels, number for number. After training by "
    "SGD, with a learning rate that suits standardised labels, the test R² of the *large* task is …",
    ["the same as with standardised labels", "a little lower", "about 0: nothing was learnt", "higher"],
    name="04-path",
)


# %%
def two_tasks(seed, unit=100.0, ceiling=(0.8, 0.8)):
    data = make_related_tasks(0.0, (200, 200), n_test=1000, ceiling_r2=ceiling, seed=seed)
    x, y = torch.tensor(data.X, dtype=torch.float32), data.y * [1.0, unit]
    test = data.is_test
    return x[~test], y[~test], x[test], y[test]


def r2(y, predicted):
    return [r2_score(y[:, t], predicted[:, t]) if np.isfinite(predicted[:, t]).all() else -1.0 for t in (0, 1)]


# %%
def train(x, target, seed, weights=(1.0, 1.0), lr=0.02, optimiser=torch.optim.SGD, width=16):
    generator = torch.Generator().manual_seed(seed)
    model = HardSharing(x.shape[1], width, [1, 1], generator)
    history = fit(
        model, minibatches(x, torch.tensor(target, dtype=torch.float32), size=50), mse, WeightedSum(weights),
        optimiser(model.parameters(), lr), EPOCHS, generator=generator, quiet=True, on_divergence="stop",
    )
    return model, history


# %%
def score(seed, kind, **settings):
    x, y, x_test, y_test = two_tasks(seed)
    mean, sd = y.mean(axis=0), y.std(axis=0)
    standardise = kind == "standardised"
    weights = 1 / sd**2 if kind == "1/variance" else (1.0, 1.0)
    model, _ = train(x, (y - mean) / sd if standardise else y, seed, weights, **settings)
    predicted = model(x_test).detach().numpy()
    return r2(y_test, predicted * sd + mean if standardise else predicted)


# %% [markdown]
# Each learning rate is one that suits its row; for 1/variance we try a second, in case the first is unlucky. Adam, which
# divides each gradient by its own size, gets a chance too.

# %%
ADAM = {"optimiser": torch.optim.Adam, "lr": 0.01}
SETTINGS = {
    "raw, SGD .0003": ("raw", {"lr": 3e-4}),
    "1/variance, SGD .02": ("1/variance", {"lr": 0.02}),
    "1/variance, SGD .3": ("1/variance", {"lr": 0.3}),
    "standardised, SGD .02": ("standardised", {"lr": 0.02}),
    "1/variance, Adam .01": ("1/variance", ADAM),
    "standardised, Adam .01": ("standardised", ADAM),
}
r2s = np.array([[score(seed, kind, **s) for kind, s in SETTINGS.values()] for seed in SEEDS])

# %%
assert r2s.shape == (len(SEEDS), len(SETTINGS), 2)

# %%
show(
    dots(
        {"small task": r2s[:, :, 0], "large task": r2s[:, :, 1]}, list(SETTINGS), reference=0.0,
        title="Equal losses, unequal learning: with 1/variance weights SGD never learns the large task",
        xlabel=f"test R² (mean and 95 % interval, {len(SEEDS)} seeds; 0.8 is possible)",
    )
)

# %%
average = dict(zip(SETTINGS, mean_interval(r2s).mean))
say(
    "Large task: **{:.3f}** with 1/variance weights, **{:.2f}** standardised; a learning rate 15 times "
    "as large gives {:.3f}. Raw labels teach the large task and nothing else ({:.2f}, {:.2f}).".format(
        average["1/variance, SGD .02"][1], average["standardised, SGD .02"][1],
        average["1/variance, SGD .3"][1], *average["raw, SGD .0003"],
    )
)

# %%
if not SMOKE:
    assert (np.abs(r2s[:, 1:3, 1]) < 0.1).all()  # on every seed, at every learning rate tried
    assert average["standardised, SGD .02"].min() > 0.5
    assert 0.1 < average["1/variance, Adam .01"][1] < average["standardised, Adam .01"][1]
    assert average["raw, SGD .0003"][0] < 0.1 < 0.5 < average["raw, SGD .0003"][1]

# %% [markdown]
# So "weight by one over the variance" and "standardise the labels" are the same *statement about a loss* and two
# different *instructions to an optimiser*. Adam repairs part of the difference, because the size of its steps does not
# depend on the size of the gradient; look at its two rows.
#
# <details><summary><b>Spot the bug:</b> "Set each weight to one over the target's variance; this balances the gradients."</summary>
#
# It balances the *losses*. What it does to the gradients is the next section, and the answer is: nearly the opposite.
# </details>

# %% [markdown]
# ## Measure the pull of each task
#
# The gradient of task $t$ at the trunk's parameters $\theta$ is one long vector; its length is the pull:
#
# $$ \text{pull}_t = \bigl\lVert w_t\, \nabla_{\!\theta}\, L_t \bigr\rVert . $$
#
# Measure before training starts, for the three ways, beside the pull at the heads and the shares of the loss.

# %%
predict(
    "Raw labels (standard deviations 1 and 100), weights 1/variance, before the first step. The large task has half of "
    "the loss. Which share of the pull at the trunk does it have?",
    ["about 99 %", "about 50 %", "about 10 %", "about 1 %"],
    name="04-pull",
)


# %%
def large_share(values):
    return float(values[1] / values.sum())


def shares_at_start(seed, kind):
    x, y, *_ = two_tasks(seed)
    target = torch.tensor((y - y.mean(axis=0)) / y.std(axis=0) if kind == "standardised" else y, dtype=torch.float32)
    weights = torch.tensor(1 / y.var(axis=0) if kind == "1/variance" else [1.0, 1.0])
    model = HardSharing(x.shape[1], 16, [1, 1], torch.Generator().manual_seed(seed))
    losses = weights * mse(model(x), target)
    trunk = task_gradients(losses, model.shared_parameters()).norm(dim=1)
    heads = [task_gradients(losses, model.task_parameters(t)).norm() for t in (0, 1)]
    return [large_share(v) for v in (losses.detach(), trunk, torch.stack(heads))]


# %%
KINDS = ["raw", "1/variance", "standardised"]
start_shares = np.array([[shares_at_start(seed, kind) for kind in KINDS] for seed in range(10)])
measured = ("loss", "pull at the trunk", "pull at the heads")
show(
    bars(
        {name: start_shares[:, :, i] for i, name in enumerate(measured)}, KINDS,
        title="1/variance makes the losses equal and hands the trunk to the small task",
        ylabel="share of the large task (10 seeds)",
    )
)

# %%
loss_share, trunk_share, head_share = start_shares.mean(axis=0)[1]
say(
    f"With 1/variance weights the large task has **{loss_share:.0%}** of the loss, **{trunk_share:.1%}** of the pull at "
    f"the trunk and {head_share:.1%} at the heads."
)

# %%
assert 0.4 < loss_share < 0.6
assert trunk_share < 0.03
assert 0.3 < start_shares.mean(axis=0)[2, 1] < 0.7

# %% [markdown]
# ### Why: squares in the loss, not in the gradient
#
# With the same start, both heads are small, so the error of the large task is about $c$ times that of the small one.
#
# - The loss has the error *squared*: $c^2$. The weight $1/c^2$ cancels it. Equal losses.
# - The gradient has the error *once*, times the head's weights: $c$. The weight $1/c^2$ over-corrects to $1/c$.
#
# Later the head would have to grow by $c$ to reach its labels, and that is where it gets stuck. Compare two models that
# compute the *same function*, the second with its head and its labels multiplied by $c = 10$:

# %%
c = 10.0
generator = torch.Generator().manual_seed(1)
x_few, y_few = torch.randn(50, 3, generator=generator), torch.randn(50, 1, generator=generator)
model_one, model_c = (HardSharing(3, 8, [1], torch.Generator().manual_seed(2)) for _ in range(2))
with torch.no_grad():
    for parameter in model_c.heads.parameters():
        parameter.mul_(c)


# %%
def trunk_and_head_pull(model, target):
    losses = mse(model(x_few), target)
    groups = (model.trunk.parameters(), model.heads.parameters())
    return np.array([float(task_gradients(losses, group).norm()) for group in groups])


# %%
grown = trunk_and_head_pull(model_c, c * y_few) / trunk_and_head_pull(model_one, y_few)
print(f"same function, labels times {c:g}: trunk gradient times {grown[0]:.1f}, head gradient times {grown[1]:.1f}")

# %%
assert np.allclose(grown, [c**2, c], rtol=1e-4)

# %% [markdown]
# Weighted by $1/c^2$ the trunk's gradient is right, the head's is $c$ times too small, and the head has $c$ times as far to
# go. It is $c^2$ times too slow: for $c = 100$, ten thousand times. One weight cannot serve both.

# %% [markdown]
# ### The repair: give the units to a fixed output layer
#
# Let the model work in standard units and answer $\hat y = \text{mean} + \text{sd} \cdot \text{head}(x)$ with mean and sd
# fixed. Then raw labels with 1/variance weights are *exactly* standardised labels, step by step:


# %%
def path(seed, fixed_layer, steps=40):
    x, y, *_ = two_tasks(seed)
    x, (mean, sd) = x.double(), (y.mean(axis=0), y.std(axis=0))
    model = HardSharing(x.shape[1], 16, [1, 1], torch.Generator().manual_seed(seed)).double()
    target = torch.tensor(y if fixed_layer else (y - mean) / sd)
    answering = FixedOutputScale(model, mean, sd) if fixed_layer else model
    optimiser = torch.optim.SGD(model.parameters(), 0.02)
    for _ in range(steps):
        optimiser.zero_grad()
        weighted_sum(mse(answering(x), target), 1 / sd**2 if fixed_layer else [1.0, 1.0]).backward()
        optimiser.step()
    return torch.cat([p.detach().flatten() for p in model.parameters()])


# %%
apart = float((path(0, fixed_layer=True) - path(0, fixed_layer=False)).abs().max())
print(f"largest difference between any two parameters after 40 steps: {apart:.0e}")
assert apart < 1e-12

# %% [markdown]
# <details><summary><b>Confusion: "Then weights are useless, and scaling does it all."</b></summary>
#
# Scaling makes the tasks *commensurable*: a loss of 0.3 means the same for each. Which of them matters more is a decision
# that no scaling takes for you. Standardise first, then weight by importance, as below.
# </details>
#
# **Exercise:** `trunk_grad_norms` in problem set 4.

# %% [markdown]
# ## "Equal after normalising": by what?
#
# A common recipe: divide each loss by its value before training, then use equal weights. Take two standardised tasks, but
# add 30 to the first label, as one gets by measuring in another unit with another zero.

# %%
predict(
    "Both labels have standard deviation 1; the first has mean 30. Dividing each loss by its initial value gives the first "
    "task, compared with dividing by the variance, a weight that is …",
    ["the same", "about 30 times smaller", "about 900 times smaller", "about 30 times larger"],
    name="04-initial-loss",
)


# %%
def initial_loss_recipe(seed, offset):
    x, y, x_test, y_test = two_tasks(seed, unit=1.0)
    y, y_test = (labels + np.array([offset, 0.0]) for labels in (y, y_test))
    start = HardSharing(x.shape[1], 16, [1, 1], torch.Generator().manual_seed(seed))
    initial = mse(start(x), torch.tensor(y, dtype=torch.float32)).detach()
    model, _ = train(x, y, seed, 1 / initial)
    return [float(initial[0]), *r2(y_test, model(x_test).detach().numpy())]


# %%
recipe = np.array([[initial_loss_recipe(seed, offset) for offset in (0.0, 30.0)] for seed in SEEDS])

# %%
(without, with_offset), (_, spread_of_recipe) = mean_interval(recipe)
say(
    f"Initial loss of the first task {without[0]:.2f} without and {with_offset[0]:.0f} with the offset; test R² of the "
    f"two tasks {without[1]:.2f} / {without[2]:.2f} without and **{with_offset[1]:.2f} / {with_offset[2]:.2f}** with it "
    f"(± {spread_of_recipe[1]:.2f} and ± {spread_of_recipe[2]:.2f})."
)

# %%
assert 800 < with_offset[0] < 1000
assert SMOKE or with_offset[1] < without[1] - 0.2

# %% [markdown]
# The initial loss of an uncentred label measures the distance of its *mean* from zero, not its difficulty. The first task
# trains so slowly that it has not even found its mean, and an R² far below zero says just that. Centre first, or divide by
# the loss of the mean predictor, which is the variance.
#
# ## Equal at the start is not equal for ever
#
# Now both labels are standardised, the weights are equal, and all is fair. For how long? One task is easy (95 % of its
# variance can be explained), one is noisy (30 %).

# %%
predict(
    "Equal weights, standardised labels, an easy and a noisy task. Late in training, which task pulls harder at the trunk?",
    ["the easy one", "the noisy one", "both the same, as at the start"],
    name="04-late",
)

# %%
EASY_AND_NOISY = {"unit": 1.0, "ceiling": (0.95, 0.30)}
WEIGHTS = (1 / 9, 1 / 3, 1.0, 3.0, 9.0)  # of the noisy task; the two weights sum to 2


def ablate(seed, weight):
    x, y, x_test, y_test = two_tasks(seed, **EASY_AND_NOISY)
    mean, sd = y.mean(axis=0), y.std(axis=0)
    pair = (2 / (1 + weight), 2 * weight / (1 + weight))
    model, history = train(x, (y - mean) / sd, seed, pair, lr=0.05, width=4)
    weighted = [np.array(pair) * history.column(q) for q in ("loss", "gradient_norm")]
    return r2(y_test, model(x_test).detach().numpy() * sd + mean), [w[:, 1] / w.sum(axis=1) for w in weighted], history


# %%
runs = [[ablate(seed, weight) for weight in WEIGHTS] for seed in SEEDS]
test_r2 = np.array([[run[0] for run in row] for row in runs])  # (seeds, weights, tasks)
noisy_shares = np.array([[run[1] for run in row] for row in runs])  # (seeds, weights, loss or pull, epochs)
assert noisy_shares.shape == (len(SEEDS), len(WEIGHTS), 2, EPOCHS)

# %%
equal = noisy_shares[:, WEIGHTS.index(1.0)]
show(
    lines(
        np.arange(1, EPOCHS + 1), {"of the loss": equal[:, 0], "of the pull at the trunk": equal[:, 1]},
        references={"equal": 0.5},
        title="The noisy task takes over the loss; its pull falls at first, then passes half",
        xlabel="epoch", ylabel="share of the noisy task",
    )
)

# %%
first, last = mean_interval(equal[:, :, 0]), mean_interval(equal[:, :, -5:].mean(axis=2))
say(f"The noisy task's shares, of the loss and of the pull: first epoch {first:.2f}; last five epochs **{last:.2f}**.")
assert np.isfinite(equal).all()
if not SMOKE:
    assert last.mean[0] > 0.7
    assert last.mean[1] > first.mean[1]

# %% [markdown]
# The easy task has got what it wanted and lets go of its rope. The noisy one is never content, and what it still wants is
# mostly noise. **Equal loss is not equal gradient, and equal at the mean predictor is not equal later.** That is why weights are
# *revisited*: log both per-task losses and pulls every epoch (`fit` does), and look again when the picture has turned.
#
# Here are the per-task losses of one of these runs, as the mini-audit asks:

# %%
seed_zero = runs[0][WEIGHTS.index(1.0)][2]
show(
    lines(
        np.arange(1, EPOCHS + 1), dict(zip(["easy", "noisy"], seed_zero.column("loss").T)),
        title="The easy task falls far, the noisy one hardly: one total would hide it",
        xlabel="epoch", ylabel="training loss (1 is the mean predictor)",
    )
)

# %% [markdown]
# ## Ablate the weight
#
# Five weights for the noisy task, from 1/9 to 9 times that of the easy one; the two always sum to 2, so that the
# learning rate keeps its meaning. The trunk has four units, so that the tasks must quarrel over them.

# %%
names = ["1/9", "1/3", "1", "3", "9"]
show(
    trade_off(
        {"width 4": test_r2}, names, title="A large weight on the noisy task buys it nothing and costs the easy one",
        xlabel="test R², easy task", ylabel="test R², noisy task",
    )
)

# %%
total = mean_interval(test_r2.mean(axis=2))
best = int(total.mean.argmax())
head = "| weight of the noisy task | easy R² | noisy R² | mean |\n|---|---|---|---|\n"
by_task = [mean_interval(test_r2[:, :, t]) for t in (0, 1)]
cells = [
    [f"{i.mean[k]:.2f} ± {i.half_width[k]:.2f}" for i in (*by_task, total)] for k in range(len(WEIGHTS))
]
say(head + "\n".join(f"| {name} | {' | '.join(row)} |" for name, row in zip(names, cells)))

# %%
say(
    f"Best mean at weight **{names[best]}**, {total.mean[best] - total.mean[2]:.3f} ahead of equal weights. "
    f"Trying five weights costs {len(WEIGHTS)} trainings where equal weights cost one."
)
assert np.isfinite(test_r2).all()
assert SMOKE or (test_r2[:, 4] < test_r2[:, 2]).mean(axis=0).min() > 0.5  # both tasks, on most seeds

# %% [markdown]
# This little table is the opponent of every clever method in lesson 10: a **tuned weighted sum**. Read it with its
# intervals: differences smaller than those are not a reason to change a weight. Told straight: here tuning finds nothing
# worth having. Weights are a trade only where the tasks have something to trade; what the noisy task asks for with weight 9
# is the noise of its training rows, and on fresh rows it does *worse* for it on average.
#
# Move the weight and watch what it buys, in the loss and at the trunk. Every value comes from the runs above.

# %%
grid = {
    name: {
        "loss": noisy_shares[:, k, 0, -5:].mean(),
        "pull": noisy_shares[:, k, 1, -5:].mean(),
        "r2": test_r2[:, k].mean(axis=0),
    }
    for k, name in enumerate(names)
}


def say_shares(result, name):
    return (
        f"Weight {name}: the noisy task has {result['loss']:.0%} of the loss and {result['pull']:.0%} of the pull; "
        f"test R² {result['r2'][0]:.2f} (easy) and {result['r2'][1]:.2f} (noisy)."
    )


# %%
def draw_shares(result, name):
    values = {"noisy": [result["loss"], result["pull"]], "easy": [1 - result["loss"], 1 - result["pull"]]}
    return bars(values, ["loss", "pull at the trunk"], title=say_shares(result, name), ylabel="share, last 5 epochs")


explore(grid, {"weight of the noisy task": names}, draw_shares, say_shares, title="Who steers the trunk?")

# %%
for k, name in enumerate(names):  # every value shown is one that was measured above
    assert np.isclose(grid[name]["loss"], noisy_shares[:, k, 0, -5:].mean())
    assert np.array_equal(grid[name]["r2"], test_r2[:, k].mean(axis=0))
assert grid["9"]["loss"] > grid["1/9"]["loss"]

# %% [markdown]
# ## Sampling is weighting
#
# Three tasks with 100 000, 10 000 and 1000 rows. "Alternate the batches, so that the largest does not dominate." Whoever
# has a turn steers for that step, so over many steps a task's weight is its **share of the turns**. A dial $\alpha$ sets it:
#
# $$ p_t = \frac{n_t^{\alpha}}{\sum_s n_s^{\alpha}}, \qquad \alpha = 0: \text{equal turns}, \quad \alpha = 1: \text{by size}. $$

# %%
rows_of = np.array([100_000, 10_000, 1_000])


def turns(alpha):
    return rows_of**alpha / (rows_of**alpha).sum()


# %%
table = "| α | share of the turns | how often a row is seen, largest task = 1 |\n|---|---|---|\n"
for alpha in (0.0, 0.5, 1.0):
    p = turns(alpha)
    per_row = p / rows_of * rows_of[0] / p[0]
    table += f"| {alpha} | {', '.join(f'{v:.3f}' for v in p)} | {', '.join(f'{v:.3g}' for v in per_row)} |\n"
say(table)

# %%
assert np.isclose((turns(0.0) / rows_of)[2] / (turns(0.0) / rows_of)[0], 100)

# %% [markdown]
# With equal turns a row of the smallest task is seen **100 times** as often as one of the largest: it will be memorised
# first. Equal turns are not neutral. Nor is α = 1; both are weights. Check it: the average step of a sampler is the step
# of the weighted sum.

# %%
gradients = rng.standard_normal((3, 5))  # one gradient a task
drawn = rng.choice(3, size=20_000, p=turns(0.5))
deviation = np.abs(gradients[drawn].mean(axis=0) - turns(0.5) @ gradients).max()
print(f"average sampled step minus weighted step, largest entry: {deviation:.3f}")
assert deviation < 0.05

# %% [markdown]
# Sampling *and* weighting multiply: a task with half the turns and half the weight trains at a quarter. Log the product.
#
# <details><summary><b>Spot the bug:</b> "Sample the small task more often, and then also give it a larger weight, to be on
# the safe side."</summary>
#
# It was corrected twice. Write the product of turns and weight into the weight log, and decide about that number.
# </details>
#
# The same arithmetic hides in **sum or mean**: a task with 50 label columns whose losses are *summed* enters with 50
# times the weight of the mean. Lesson 7 comes back to it.
#
# **Exercise:** `sampling_probs` in problem set 4. The **written rationale** (a weight log for the house model: claim,
# mechanism, limit) is in problem set 4 too.

# %% [markdown]
# ## Limits
#
# Two tasks, 200 rows, one small trunk, four seeds: the *directions* here are robust (asserted above), the sizes are those
# of this setting. The length of a gradient says how hard a task pulls, not whether its direction helps the others; that is
# the subject of lesson 10. And the pull depends on where you measure it: the whole trunk, or its last layer.
#
# ## Three confusions to leave behind
#
# <details><summary><b>"The losses are equal, so the tasks are balanced."</b></summary>
#
# With 1/variance weights on raw labels the losses were equal, and the large task had about one percent of the pull.
# </details>
#
# <details><summary><b>"Weighting by 1/variance is the same as standardising."</b></summary>
#
# The same loss and the same minimum, another path. The same path only if mean and sd sit in a fixed output layer.
# </details>
#
# <details><summary><b>"Taking turns is fair, because it has no weights."</b></summary>
#
# Turns *are* weights, and per row they favour the small tasks.
# </details>

# %% [markdown]
# ## Quick test
#
# Seven questions, five to pass.

# %%
quiz("04")

# %% [markdown]
# ## Take-away
#
# - **Scale c, weight c²:** true for losses and minima, not for the path of training.
# - **Standardise first, weight second.** Or keep raw units with a fixed output layer: exactly the same.
# - **Listen to the ropes, not to the shouting:** measure each task's gradient at the trunk.
# - **Who steers changes:** the noisy task steers late. Revisit weights, and log losses and pulls.
# - **Sampling is weighting;** the two multiply.
#
# ## What to try next
#
# Give the noisy task a weight that shrinks over the epochs and compare with the best of the five fixed weights, at the same
# number of trainings. Then go on to **lesson 5**, where some labels are missing and the denominator becomes a weight.
