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
# hard each task pulls at the trunk; say when sampling tasks is weighting them; and ablate weights and log the choice.
#
# **Before:** lessons 1 to 3. **Time:** 90 minutes. **Difficulty:** ●●○
#
# **Exercises:** open problem set 4 (`ps04_who_steers_the_trunk`) beside this lesson. Each section says which exercise
# follows it.

# %% [markdown]
# ## One tiller, several ropes
#
# A boat has one tiller, and every passenger holds a rope tied to it. Some passengers *shout* loudly, some *pull* hard, and
# these need not be the same people. The boat goes where the pulling is.
#
# In a multi-task model the **trunk** is the boat. A task's *loss* is how loud it is; the *gradient* of that loss at the
# trunk is how hard it pulls. A weight multiplies both. Labels in other units change both too, but not by the same factor.
# Whoever looks only at the losses listens to the shouting.
#
# Three questions: What does a weight buy? Who pulls now? And how often does each task get to the rope?

# %%
from functools import partial

import numpy as np
import torch
from sklearn.linear_model import LinearRegression
from torch.nn.functional import one_hot

# %%
from mtl_teach.data import make_house_sales, make_related_tasks
from mtl_teach.figures import bars, dots, lines, show, trade_off
from mtl_teach.gradients import task_gradients
from mtl_teach.learn import claim, explore, outcome, predict, quiz, say, size
from mtl_teach.losses import weighted_sum
from mtl_teach.metrics import mean_interval
from mtl_teach.models import FixedOutputScale, HardSharing
from mtl_teach.scaling import variance_weights
from mtl_teach.side_by_side import train_side_by_side
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum

# %%
SEEDS = size(6, short=2)
SGD, ADAM = torch.optim.SGD, torch.optim.Adam


def mse(predicted, target):
    return (predicted - target).square().mean(dim=0)


# %% [markdown]
# ## A scale of c is a weight of c squared
#
# Measure a label in a unit that is $c$ times smaller: label, prediction and error become $c$ times as large, the squared error
# $c^2$ times.
#
# $$ \frac{1}{n}\sum_i (c\,\hat y_i - c\,y_i)^2 = c^2 \cdot \frac{1}{n}\sum_i (\hat y_i - y_i)^2 $$

# %%
rng = np.random.default_rng(0)
y_small, guess = rng.standard_normal((2, 1000))
growth = np.mean((7 * guess - 7 * y_small) ** 2) / np.mean((guess - y_small) ** 2)
print(f"labels and predictions times 7: the mean squared error becomes {growth:.1f} times as large")

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

# %% [markdown]
# **A weight has a unit.** The squared error of a price is in euro², that of the days in day², and only numbers with the same
# unit can be added. So the weight $1/s^2$ of the price is "per euro²", and a plain 1 beside a plain 1 is "1 per euro² and 1 per
# day²": with the units written down, one sees that nobody chose it. For standardised labels the weights are pure numbers, and
# "1 and 1" says that an error of one standard deviation costs the same in both tasks.
#
# Does the *minimum* move? In a linear model that shares nothing between the tasks it does not: each column is fitted by itself.

# %%
raw_fit = LinearRegression().fit(houses.X, houses.y)
scaled_fit = LinearRegression().fit(houses.X, houses.y / spread)
gap_at_minimum = np.abs(raw_fit.predict(houses.X) / spread - scaled_fit.predict(houses.X)).max()
print(f"largest difference of the two fits, in standard deviations: {gap_at_minimum:.0e}")

# %% tags=["claim"]
claim(
    "Labels and predictions times 7 make the loss 49 times as large, and scaling the labels does not move the minimum of a "
    "separate linear fit.",
    lambda factor, gap: np.isclose(factor, 49) and gap < 1e-9,
    growth,
    gap_at_minimum,
    effect=False,
)

# %% [markdown]
# <details><summary><b>Spot the bug:</b> a price loss of 0.25 with weight 2 and a time loss of 4.0 with weight ½ give
# 0.5 + 2.0 = 2.5. "The weights are one over the variances, so the two tasks are balanced."</summary>
#
# The sum is right, the sentence is not. Time makes up 2.0 of 2.5, that is 80 %. And if the weights really are
# 1/variance, the two terms are $1 - R^2$: price has $R^2 = 0.50$, time has $R^2 = -1.00$, worse than predicting the mean.
# A weighted loss of 2 in such units is not balance but an alarm.
# </details>

# %%
terms = torch.tensor([2.0, 0.5]) * torch.tensor([0.25, 4.0])
print(f"total {terms.sum():.1f}, share of time {terms[1] / terms.sum():.0%}, R² {(1 - terms).tolist()}")

# %% [markdown]
# **Exercise:** `weights_from_scales` in problem set 4.

# %% [markdown]
# ## The same loss, another path
#
# In a network with a shared trunk the minimum stays as well: a head that is $c$ times as large makes up for a label that is $c$
# times as large, unless large weights are penalised. So loss and minimum agree. Does *training*? Take two unrelated tasks that
# are equally hard, in one trunk. The second label comes in a unit in which its standard deviation is about 100, not 1. Three
# ways:
#
# - **raw** labels, equal weights;
# - raw labels, weights **1/variance**;
# - **standardised** labels, equal weights.
#
# Each way gets the same trials: a grid of learning rates, and several stops for each. What counts is the test R² of the trial
# whose *validation* R² is best.

# %% tags=["fold"]
predict(
    "Raw labels with weights 1/variance: the loss is that of standardised labels, number for number. After training by SGD, "
    "with the best of the learning rates and stops that are tried, the test R² of the *large* task is …",
    ["the same as with standardised labels", "a little lower", "about 0: nothing was learned", "higher"],
    name="04-path", answer="about 0: nothing was learned",
)

# %%
TRAIN, VALID, TEST = slice(0, 200), slice(200, 500), slice(500, None)
KINDS = ["raw", "1/variance", "standardised"]


def two_tasks(seed, unit=100.0, ceiling=(0.8, 0.8)):
    data = make_related_tasks(0.0, (200, 200), n_test=1300, ceiling_r2=ceiling, seed=seed)
    return torch.tensor(data.X, dtype=torch.float32), torch.tensor(data.y * [1.0, unit], dtype=torch.float32)


def prepare(kind, seed, **world):
    """Features, labels and task weights of one way."""
    x, y = two_tasks(seed, **world)
    mean, sd = y[TRAIN].mean(dim=0), y[TRAIN].std(dim=0, correction=0)
    return x, (y - mean) / sd if kind == "standardised" else y, 1 / sd**2 if kind == "1/variance" else torch.ones(2)


# %% [markdown]
# The next cell is plumbing: it trains all ways, seeds and learning rates side by side and keeps the R² on validation and test
# rows.


# %% tags=["fold"]
def trials(ways, rates, stops, method=SGD, width=16, seeds=SEEDS):
    """Validation and test R² of every trial, each of shape (ways, seeds, trials, tasks); a diverged trial has -1000."""
    runs = [(made, seed, rate) for way in ways for seed in range(seeds) for made in [way(seed)] for rate in rates]
    x, y, weights = (torch.stack(parts) for parts in zip(*(made for made, *_ in runs)))
    networks = [HardSharing(x.shape[2], width, [1, 1], torch.Generator().manual_seed(seed)) for _, seed, _ in runs]
    output = train_side_by_side(
        networks, x[:, TRAIN], y[:, TRAIN], x, rates=[run[2] for run in runs], stops=stops, task_weights=weights, method=method
    )
    both = []
    for rows in (VALID, TEST):
        r2 = 1 - (output[:, :, rows] - y[:, rows]).square().mean(dim=2) / y[:, rows].var(dim=1, correction=0)
        r2 = r2.nan_to_num(-1000, -1000, -1000).clamp(min=-1000).reshape(len(stops), len(ways), seeds, len(rates), 2)
        both.append(r2.permute(1, 2, 0, 3, 4).flatten(2, 3).numpy())
    return both


# %%
def best(valid, test, judged_by=slice(None)):
    """Test R² (ways, seeds, tasks) of the trial with the best validation R², averaged over the tasks judged by."""
    picked = valid[..., judged_by].mean(axis=-1).argmax(axis=-1)
    return np.take_along_axis(test, picked[..., None, None], axis=2)[:, :, 0]


# %%
STOPS = size((25, 50, 100, 200, 400, 800), short=(2, 4))
ways = [partial(prepare, kind) for kind in KINDS]
with_sgd = trials(ways, (1e-4, 3e-4, 0.01, 0.03, 0.3), STOPS)
with_adam = trials(ways, (0.001, 0.003, 0.01, 0.03, 0.1), STOPS[:4], ADAM)

# %%
r2_sgd, r2_adam = best(*with_sgd), best(*with_adam)
r2s = np.concatenate([r2_sgd, r2_adam]).swapaxes(0, 1)  # (seeds, rows of the figure, tasks)
show(
    dots(
        {"small task": r2s[:, :, 0], "large task": r2s[:, :, 1]},
        [f"{kind}, {method}" for method in ("SGD", "Adam") for kind in KINDS], reference=0.0,
        title="Equal losses, unequal learning: with 1/variance weights SGD leaves the large task unlearned",
        xlabel=f"test R² of the best trial ({SEEDS} seeds, 95 % intervals; 0.8 is possible)",
    )
)
outcome("04-path")

# %%
large_only = best(*with_sgd, judged_by=[1])[1, :, 1]  # 1/variance, each trial picked for the large task alone
average = r2s.mean(axis=0)
say(
    f"SGD, large task: **{average[1, 1]:.3f}** with 1/variance weights, **{average[2, 1]:.2f}** standardised; "
    f"{large_only.mean():.3f} even if the trial is picked for the large task alone. Raw labels teach mainly the large task (small "
    f"{average[0, 0]:.2f}, large {average[0, 1]:.2f})."
)

# %% tags=["claim"]
claim(
    "At no learning rate tried does SGD learn the large task from 1/variance weights within 800 steps; standardised it learns it on "
    "each seed.",
    lambda weighted, standardised: weighted.max() < 0.05 and standardised.min() > 0.5,
    large_only, r2_sgd[2, :, 1],
)

# %%
adam_gain = mean_interval(r2_adam[2] - r2_adam[1])  # in pairs
for_small = best(*with_adam, judged_by=[0])[1].mean(axis=0)  # 1/variance, each trial picked for the small task alone
say(
    f"Adam, standardised minus 1/variance, in pairs: small task **{adam_gain.mean[0]:+.2f} ± {adam_gain.half_width[0]:.2f}**, large "
    f"task {adam_gain.mean[1]:+.2f} ± {adam_gain.half_width[1]:.2f}. A 1/variance trial picked for the small task alone reaches "
    f"{for_small[0]:.2f} there, and {for_small[1]:.2f} on the large one."
)

# %% tags=["claim"]
claim(
    "Under Adam 1/variance weights cost the small task instead.",
    lambda small, large: small > 0.05 > abs(large),
    adam_gain.low[0],
    adam_gain.mean[1],
)

# %% [markdown]
# So "weight by one over the variance" and "standardise the labels" are the same *statement about a loss* and two
# different *instructions to an optimiser*. Adam, whose steps hardly depend on the size of the gradient, does teach the large
# task. But now the small one pays: none of these trials serves both.
#
# <details><summary><b>Spot the bug:</b> "Set each weight to one over the target's variance; this balances the gradients."</summary>
#
# It balances the *losses*. What it does to the gradients, the next section measures.
# </details>

# %% [markdown]
# ## Measure the pull of each task
#
# The gradient of task $t$ at the trunk's parameters $\theta$ is one long vector; its length is the pull:
#
# $$ \text{pull}_t = \bigl\lVert w_t\, \nabla_{\!\theta}\, L_t \bigr\rVert . $$
#
# Measure it before training starts, for the three ways, beside the pull at the heads and the shares of the loss.

# %% tags=["fold"]
predict(
    "Raw labels (standard deviations 1 and 100), weights 1/variance, before the first step. The large task has half of "
    "the loss. What share of the pull at the trunk does it have?",
    ["about 99 %", "about 50 %", "about 10 %", "about 1 %"],
    name="04-pull", answer="about 1 %",
)


# %%
def large_share(values):
    return float(values[1] / values.sum())


def shares_at_start(seed, kind):
    x, target, weights = prepare(kind, seed)
    x, target = x[TRAIN], target[TRAIN]
    model = HardSharing(x.shape[1], 16, [1, 1], torch.Generator().manual_seed(seed))
    losses = weights * mse(model(x), target)
    trunk = task_gradients(losses, model.shared_parameters()).norm(dim=1)
    heads = [task_gradients(losses, model.task_parameters(t)).norm() for t in (0, 1)]
    return [large_share(v) for v in (losses.detach(), trunk, torch.stack(heads))]


# %%
start_shares = np.array([[shares_at_start(seed, kind) for kind in KINDS] for seed in range(10)])
measured = ("loss", "pull at the trunk", "pull at the heads")
show(
    bars(
        {name: start_shares[:, :, i] for i, name in enumerate(measured)}, KINDS,
        title="At the start 1/variance makes the losses equal and hands the trunk to the small task",
        ylabel="share of the large task (10 seeds)",
    )
)

# %%
loss_share, trunk_share, head_share = start_shares.mean(axis=0)[1]
say(
    f"With 1/variance weights the large task has **{loss_share:.0%}** of the loss, **{trunk_share:.1%}** of the pull at "
    f"the trunk and {head_share:.1%} at the heads."
)
outcome("04-pull")

# %% tags=["claim"]
claim(
    "With 1/variance weights the large task has about half of the loss and less than 3 % of the pull at the trunk; standardised, "
    "it has about half of both.",
    lambda weighted, standardised: abs(weighted[0] - 0.5) < 0.1
    and weighted[1] < 0.03
    and np.all(abs(standardised[:2] - 0.5) < 0.2),
    *start_shares.mean(axis=0)[1:],
    effect=False,
)

# %% [markdown]
# ### Why: squares in the loss, not in the gradient
#
# At the start both heads are equally small, so the error of the large task is about $c$ times that of the small one.
#
# - The loss has the error *squared*: $c^2$. The weight $1/c^2$ cancels it. Equal losses.
# - The gradient has the error *once*, times the head's weights: $c$. The weight $1/c^2$ over-corrects to $1/c$.
#
# Later the head has to become $c$ times as large to reach its labels. Compare two models that compute the *same function*, the
# second with its head and its labels multiplied by $c = 10$:

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

# %% tags=["claim"]
claim(
    "The trunk's gradient grows with c², the head's with c.",
    lambda trunk, head: np.allclose([trunk, head], [c**2, c], rtol=1e-4),
    *grown,
    effect=False,
)

# %% [markdown]
# Weighted by $1/c^2$ the trunk's gradient is right, the head's is $c$ times too small, and the head has $c$ times as far to
# go. So under SGD the head is $c^2$ times too slow: for $c = 100$, ten thousand times. The large task is not lost but late, later
# than the 800 steps above. One weight cannot serve trunk and head.
#
# ### The repair: give the units to a fixed output layer
#
# Let the model work in standard units and answer $\hat y = \text{mean} + \text{sd} \cdot \text{head}(x)$ with mean and sd
# fixed. Then raw labels with 1/variance weights train as standardised labels do, step by step, up to rounding:


# %%
def path(seed, raw, fixed_layer, steps=40):
    x, y = (part[TRAIN].double() for part in two_tasks(seed))
    mean, sd = y.mean(dim=0).numpy(), y.std(dim=0, correction=0).numpy()
    model = HardSharing(x.shape[1], 16, [1, 1], torch.Generator().manual_seed(seed)).double()
    target = y if raw else (y - torch.tensor(mean)) / torch.tensor(sd)
    answering = FixedOutputScale(model, mean, sd) if fixed_layer else model
    optimiser = SGD(model.parameters(), 0.02)
    for _ in range(steps):
        optimiser.zero_grad()
        weighted_sum(mse(answering(x), target), 1 / sd**2 if raw else [1.0, 1.0]).backward()
        optimiser.step()
    return torch.cat([p.detach().flatten() for p in model.parameters()])


# %%
standardised_path = path(0, raw=False, fixed_layer=False)
with_layer, without = (path(0, raw=True, fixed_layer=fixed) for fixed in (True, False))
apart = [float((other - standardised_path).abs().max()) for other in (with_layer, without)]
print(f"largest distance of a parameter from the standardised path after 40 steps: {apart[0]:.0e}; without the layer {apart[1]:.2f}")

# %% tags=["claim"]
claim(
    "With a fixed output layer, raw labels and 1/variance weights train as standardised labels do, parameter by parameter; "
    "without it they do not.",
    lambda distance: distance < 1e-12,
    apart[0],
    opposite=(apart[1],),
    effect=False,
)

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
# A simple recipe: divide each loss by its value before training, then use equal weights. Take two standardised tasks, but
# add 30 to the first label, as happens when a temperature is measured from another zero.

# %% tags=["fold"]
predict(
    "Both labels have standard deviation 1; the first has mean 30. Dividing each loss by its initial value gives the first "
    "task, compared with dividing by the variance, a weight that is …",
    ["the same", "about 30 times smaller", "about 900 times smaller", "about 30 times larger"],
    name="04-initial-loss", answer="about 900 times smaller",
)


# %%
def recipe(offset, by_initial_loss, seed):
    x, y, weights = prepare("standardised", seed, unit=1.0)
    y = y + torch.tensor([offset, 0.0])
    if by_initial_loss:
        start = HardSharing(x.shape[1], 16, [1, 1], torch.Generator().manual_seed(seed))
        weights = 1 / mse(start(x[TRAIN]), y[TRAIN]).detach()
    return x, y, weights


# %%
RECIPES = {
    "centred, by the initial loss": (0.0, True), "offset 30, by the variance": (30.0, False),
    "offset 30, by the initial loss": (30.0, True),
}
RATES, LONGER = (0.01, 0.03, 0.1, 0.3), size((25, 50, 100, 200, 400, 1600), short=(2, 4))
whole = trials([partial(recipe, *how) for how in RECIPES.values()], RATES, LONGER)
in_time = [r2[:, :, : -len(RATES)] for r2 in whole]  # without the last stop
early, late = (mean_interval(best(*tried, judged_by=[0])[:, :, 0].T) for tried in (in_time, whole))
second = mean_interval(best(*in_time, judged_by=[1])[:, :, 1].T)

# %% tags=["fold"]
columns = [f"first task, {LONGER[-2]} steps or fewer", f"first task, up to {LONGER[-1]} steps", "second task"]
say(
    f"| losses divided … | {' | '.join(columns)} |\n|---|---|---|---|\n"
    + "\n".join(
        f"| {name} | " + " | ".join(f"{c.mean[i]:.2f} ± {c.half_width[i]:.2f}" for c in (early, late, second)) + " |"
        for i, name in enumerate(RECIPES)
    )
    + f"\n\nTest R² of the trial that is best for that task on validation rows, {SEEDS} seeds, 95 % intervals."
)

# %%
initial = 1 / np.array([recipe(30.0, True, seed)[2][0] for seed in range(SEEDS)])
second_there = mean_interval(best(*whole, judged_by=[0])[2, :, 1])
say(
    f"Initial loss of the first task with the offset: **{initial.mean():.0f}**; its variance: 1. In the trial of the last row that "
    f"is best for the first task, the second has a test R² of {second_there:.2f}."
)
outcome("04-initial-loss")

# %% tags=["claim"]
claim(
    "Divided by its initial loss, a label with an offset is far below R² 0 after 400 steps and nearer to it after 1600; divided by "
    "its variance it is learned.",
    lambda before, after: before.high[2] < after.low[2] < after.high[2] < 0 < before.low[1],
    early, late,
)

# %% [markdown]
# The initial loss of an uncentred label measures the distance of its *mean* from zero, not its difficulty. The offset costs the
# first task something even with the weight 1. The weight of about 1/900 makes it slow as well: after 400 steps it has not even
# found its mean, which is what an R² far below zero says, and four times the steps are not enough. The second task loses little
# if its trial is chosen for itself, and much where the first decides when to stop. Centre first, or divide by the loss of the mean
# predictor, which is the variance.
#
# ## Equal at the start is not equal for ever
#
# Now both labels are standardised and the weights equal, and all looks fair. For how long? One task is easy (95 % of its
# variance can be explained), one is noisy (30 %).

# %% tags=["fold"]
predict(
    "Equal weights, standardised labels, an easy and a noisy task. Late in training, which task pulls harder at the trunk?",
    ["the easy one", "the noisy one", "both the same"],
    name="04-late", answer="the noisy one",
)

# %%
WEIGHTS = {"1/9": 1 / 9, "1/3": 1 / 3, "1": 1.0, "3": 3.0, "9": 9.0}  # of the noisy task, that of the easy one being 1
names = list(WEIGHTS)
EPOCHS, LOGGED = size(50, short=4), range(size(4, short=2))


def easy_and_noisy(weight, seed):
    """Standardised labels of an easy and a noisy task, and two weights that sum to 2."""
    x, y, _ = prepare("standardised", seed, unit=1.0, ceiling=(0.95, 0.30))
    return x, y, torch.tensor([2 / (1 + weight), 2 * weight / (1 + weight)])


# %%
def watch(weight, seed):
    """The noisy task's share of the weighted loss and of the pull at the trunk in each epoch, and the log they come from."""
    x, y, pair = easy_and_noisy(weight, seed)
    generator = torch.Generator().manual_seed(seed)
    model = HardSharing(x.shape[1], 4, [1, 1], generator)
    history = fit(
        model, minibatches(x[TRAIN], y[TRAIN], size=50), mse, WeightedSum(pair.tolist()), SGD(model.parameters(), 0.05), EPOCHS,
        generator=generator, quiet=True,
    )
    weighted = [pair.numpy() * history.column(quantity) for quantity in ("loss", "gradient_norm")]
    return [w[:, 1] / w.sum(axis=1) for w in weighted], history


# %%
runs = [[watch(weight, seed) for weight in WEIGHTS.values()] for seed in LOGGED]
noisy_shares = np.array([[shares for shares, _ in row] for row in runs])  # (seeds, weights, loss or pull, epochs)

# %%
equal = noisy_shares[:, names.index("1")]
show(
    lines(
        np.arange(1, EPOCHS + 1), {"of the loss": equal[:, 0], "of the pull at the trunk": equal[:, 1]},
        references={"equal": 0.5},
        title="The noisy task ends with most of the loss and with more than half of the pull",
        xlabel=f"epoch ({len(equal)} seeds, 95 % intervals)", ylabel="share of the noisy task",
    )
)
outcome("04-late")

# %%
first, last = mean_interval(equal[:, :, 0]), mean_interval(equal[:, :, -5:].mean(axis=2))
say(
    f"The noisy task's shares, of the loss and of the pull: first epoch {first:.2f}; last five epochs **{last:.2f}** "
    f"({len(equal)} seeds, 95 % intervals)."
)

# %% tags=["claim"]
claim(
    "Late in training the noisy task has more than 70 % of the loss and, on average over the seeds, more than half of the pull.",
    lambda end: end.low[0] > 0.7 and end.mean[1] > 0.5,
    last,
    opposite=(first,),
)

# %% [markdown]
# The easy task has got what it wanted and lets go of its rope. The noisy one keeps pulling: 70 % of its variance is noise,
# which no model can predict on new rows. **Equal loss is not equal gradient, and equal at the mean predictor is not equal later.**
# That is why weights are *revisited*: log the loss and the pull of each task every epoch (`fit` does), and look again when the
# picture has changed.
#
# Here are the per-task losses of one of these runs, as the mini-audit of each project asks for them:

# %%
seed_zero = runs[0][names.index("1")][1]
show(
    lines(
        np.arange(1, EPOCHS + 1), dict(zip(["easy", "noisy"], seed_zero.column("loss").T)),
        title="The easy task falls far, the noisy one much less: one total would hide it",
        xlabel="epoch", ylabel="training loss (1 is the mean predictor)",
    )
)

# %% [markdown]
# ## Ablate the weight
#
# To **ablate** a setting is to change it alone and see what it was worth. Five weights for the noisy task, from 1/9 to 9 times
# that of the easy one; the two always sum to 2. The trunk has only four units, so that the tasks compete for them. Each weight
# gets its own best learning rate and stop, by validation: otherwise a low weight could lose only because it is *slow*.

# %%
ablated = trials(
    [partial(easy_and_noisy, weight) for weight in WEIGHTS.values()], (0.03, 0.1, 0.3),
    size((10, 20, 40, 80, 150, 300, 600), short=(2, 4)), width=4, seeds=size(12, short=2),
)
test_r2 = best(*ablated).swapaxes(0, 1)  # (seeds, weights, tasks)

# %%
show(
    trade_off(
        {"width 4": test_r2}, names, title="A large weight on the noisy task buys it nothing and costs the easy one",
        xlabel="test R², easy task", ylabel="test R², noisy task",
    )
)

# %%
change = test_r2 - test_r2[:, [2]]  # from equal weights, in pairs
change = mean_interval(np.concatenate([change, change.mean(axis=2, keepdims=True)], axis=2))
head = "| weight of the noisy task | easy R² | noisy R² | change: easy | noisy | mean |\n|---|---|---|---|---|---|\n"


def row(k):
    r2 = " | ".join(f"{value:.2f}" for value in test_r2.mean(axis=0)[k])
    return f"| {names[k]} | {r2} | " + " | ".join(
        f"{m:+.3f} ± {h:.3f}" for m, h in zip(change.mean[k], change.half_width[k])
    ) + " |"


note = f"\n\nTest R². Change: from equal weights, in pairs, {len(test_r2)} seeds, 95 % intervals."
say(head + "\n".join(row(k) for k in range(len(names))) + note)

# %%
judged = ablated[0].mean(axis=-1).max(axis=-1)  # best validation R², (weights, seeds)
tuned = np.array([test_r2[seed, weight] for seed, weight in enumerate(judged.argmax(axis=0))])
gain, from_nine = (mean_interval((tuned - test_r2[:, k]).mean(axis=1)) for k in (2, 4))
say(
    f"Weight picked by validation on each seed, minus equal weights, in pairs: **{gain:+.3f}** in mean R²; minus weight 9: "
    f"{from_nine:+.3f}. Trying five weights costs {len(names)} times the trainings of one."
)

# %% tags=["claim"]
claim(
    "Weight 9 on the noisy task makes both tasks worse than equal weights, the noisy one too.",
    lambda easy, noisy: max(easy, noisy) < 0,
    *change.high[4, :2],
    opposite=tuple(-change.high[4, :2]),
)

# %% tags=["claim"]
claim(
    "Picking among five weights gains less than 0.03 of mean R² over equal weights here; over weight 9 it gains more.",
    lambda best_case: best_case < 0.03,
    gain.high,
    opposite=(from_nine.low,),
)

# %% [markdown]
# This little table is the opponent of every clever method in lesson 10: a **tuned weighted sum**. Read its differences with their
# intervals: one whose interval includes 0 is no reason to change a weight. Here tuning finds little. Weights are a trade only
# where the tasks have something to trade, and with weight 9 even the noisy task itself does *worse* on fresh rows.
#
# ### Write it down: the weight log
#
# A choice of weights that is not written down will be made again, by accident. A [weight log](pages/glossary.md) has one entry per
# configuration: the **weights**, with their units and where they come from; what was **expected or measured**; and the
# **decision**, with what it does *not* settle. Two entries for the runs above:

# %%
ENTRIES = [
    ("1 and 1, no unit (standardised): nobody prefers a task", "1", "the start; whether a wider trunk would serve both"),
    ("0.2 and 1.8, no unit: \"the noisy task needs help\"", "9", "back to 1 and 1; why the noisy task gets worse"),
]
log = "| weights, units, why | measured, noisy task | test R², easy and noisy | decision; not settled |\n|---|---|---|---|\n"
for why, name, decision in ENTRIES:
    k = names.index(name)
    loss, pull = noisy_shares[:, k, :, -5:].mean(axis=(0, 2))
    easy, noisy = test_r2[:, k].mean(axis=0)
    log += f"| {why} | {loss:.0%} of the loss, {pull:.0%} of the pull | {easy:.2f}, {noisy:.2f} | {decision} |\n"
say(log)

# %% [markdown]
# Move the weight and watch what it buys, in the loss and at the trunk. Shares come from the last five of the 50 epochs logged
# above, R² from the table.

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

# %% [markdown]
# ## Sampling is weighting
#
# Three tasks have 100 000, 10 000 and 1000 rows. "Alternate the batches, so that the largest does not dominate." Whoever has
# the turn steers for that step, so a task's **share of the turns** acts as a weight. A number $\alpha$ sets it:
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

# %% [markdown]
# With equal turns a row of the smallest task is seen **100 times** as often as one of the largest. Equal turns are not neutral.
# Nor is α = 1; both are weights.
#
# Turns need not be drawn: batches can **rotate** over the tasks, one turn each per round. A task that starts again when its
# batches are used up has equal turns (α = 0). If it is passed over instead, every row is seen once per epoch (α = 1), and the end
# of each epoch belongs to the largest task alone.
#
# ### Does the optimiser notice the difference?
#
# From one set of parameters, the *average* gradient of a sampler is $\sum_t p_t \nabla L_t$, the gradient of the weighted sum.
# SGD's step is proportional to its gradient, so its average step is the same as well: what is left is chance. Adam divides its
# step by a running size of the gradients. Train an ordinary task with a share of 0.8 and a rare one with 0.2 in three ways: the
# shares as weights, the shares as turns, or half the turns each with the weights doubled.

# %% tags=["fold"]
predict(
    "Under Adam, how does the rare task learn with 20 % of the turns, compared with 20 % of the weight in every step?",
    ["as fast on average, only with more noise", "more slowly", "faster"],
    name="04-turns", answer="more slowly",
)

# %% [markdown]
# The next two cells are plumbing: all networks are trained side by side, a third of them in each of the three ways.

# %% tags=["fold"]
SHARES, PAIRED, AFTER = torch.tensor([0.8, 0.2]), size(40, short=2), size((25, 50, 100, 200, 400), short=(2, 4))
DRAWN = torch.cat([SHARES.expand(2 * PAIRED, 2), torch.full((PAIRED, 2), 0.5)])  # the last third: half the turns each
IS_SUM = (torch.arange(3 * PAIRED) < PAIRED)[:, None]  # the first third: no turns, all losses in every step


def losses_by_turns(generator):
    """Losses (networks, tasks) whose average over the draws is share · loss in all three thirds."""

    def losses(output, y):
        turn = one_hot(torch.multinomial(DRAWN, 1, generator=generator)[:, 0], 2)  # who has this step
        return (output - y).square().mean(dim=1) * SHARES * torch.where(IS_SUM, 1.0, turn / DRAWN)

    return losses


# %% tags=["fold"]
def rare_loss(method, rate):
    """Training loss of the rare task, (stops, ways, seeds), with the same seeds in each way."""
    made = [prepare("standardised", seed, unit=1.0) for seed in range(PAIRED)] * 3
    x, y = torch.stack([x[TRAIN] for x, *_ in made]), torch.stack([y[TRAIN] for _, y, _ in made])
    networks = [HardSharing(x.shape[2], 16, [1, 1], torch.Generator().manual_seed(seed)) for seed in range(PAIRED)] * 3
    output = train_side_by_side(
        networks, x, y, x, rates=[rate] * len(networks), stops=AFTER, method=method,
        loss_fn=losses_by_turns(torch.Generator().manual_seed(0)),
    )
    return (output - y).square().mean(dim=2)[..., 1].reshape(len(AFTER), 3, PAIRED).numpy()


# %%
rare = {"SGD": rare_loss(SGD, 0.05), "Adam": rare_loss(ADAM, 0.003)}
minus = {name: (loss[:, 1] - loss[:, 0]).T for name, loss in rare.items()}  # turns minus weights, in pairs
show(
    lines(
        np.array(AFTER), minus, references={"the same": 0.0}, logx=True,
        title="Under SGD turns do about what weights do; under Adam they hold the rare task back",
        xlabel=f"steps ({PAIRED} seeds, 95 % intervals)", ylabel="loss of the rare task, turns minus weights",
    )
)
outcome("04-turns")

# %%
gap = {name: mean_interval(values) for name, values in minus.items()}
mixed = {name: mean_interval((loss[:, 2] - loss[:, 0]).T) for name, loss in rare.items()}
k = len(AFTER) // 2
say(
    f"| after {AFTER[k]} steps, {PAIRED} seeds | rare task's loss, weights | turns minus weights "
    "| half turns, doubled weights, minus weights |\n|---|---|---|---|\n"
    + "\n".join(
        f"| {name} | {loss[k, 0].mean():.3f} | **{gap[name].mean[k]:+.3f} ± {gap[name].half_width[k]:.3f}** | "
        f"{mixed[name].mean[k]:+.3f} ± {mixed[name].half_width[k]:.3f} |"
        for name, loss in rare.items()
    )
)

# %% tags=["claim"]
claim(
    "Under SGD the rare task's loss with turns is within 0.05 of that with weights at every stop; under Adam it is larger by more "
    "than 0.1 after 100 steps.",
    lambda sgd, adam: (sgd.low > -0.05).all() and (sgd.high < 0.05).all() and adam.low[k] > 0.1,
    gap["SGD"], gap["Adam"],
)

# %% [markdown]
# Under Adam the rare task is late, not lost: most of the gap is closed by the last stop. Why is it late? Look at a parameter that
# belongs to the rare task alone, with a gradient of 1 whenever the task counts. Adam moves it by the mean of the gradient divided
# by the root of its mean *square*. A weight of $p$ multiplies both and cancels: the weight does nothing here. A turn with
# probability $p$ gives a mean of $p$ and a mean square of $p$, so $p / \sqrt{p} = \sqrt{p}$.


# %%
def distance(method, gradient_of_step, steps=3000, lr=0.001):
    """How far a parameter moves, compared with a gradient of 1 in every step."""
    parameter, draws = torch.zeros(1), np.random.default_rng(0).random(steps)
    optimiser = method([parameter], lr)
    for draw in draws:
        parameter.grad = torch.tensor([-gradient_of_step(draw)])
        optimiser.step()
    return parameter.item() / steps / lr


# %%
moved = {
    name: [distance(method, lambda draw: 0.2), distance(method, lambda draw: float(draw < 0.2))]
    for name, method in (("SGD", SGD), ("Adam", ADAM))
}
for name, (weight, turn) in moved.items():
    print(f"{name:4} moves by {weight:.2f} with weight 0.2, by {turn:.2f} with 20 % of the turns  (√0.2 = {0.2**0.5:.2f})")

# %% tags=["claim"]
claim(
    "For a gradient of fixed size SGD follows the share in both ways; Adam ignores the weight and follows about the root of the "
    "share of turns.",
    lambda sgd, adam: np.allclose(sgd, 0.2, atol=0.02) and np.allclose(adam, [1, 0.2**0.5], atol=0.05),
    *moved.values(),
    effect=False,
)

# %% [markdown]
# So under Adam a small weight does not slow a head, and few turns do. (PyTorch skips a head that got no gradient since
# `zero_grad()`: it then moves in its own turns only, by $p$, which is slower still.) In the trunk the weight still decides how the
# tasks mix. Choose turns or weights, and judge by the tasks' losses rather than by the number you set.
#
# Under SGD, sampling *and* weighting multiply: in the last column of the table, half the turns and twice the weight gave what the
# weight alone gave. A task with half the turns and half the weight trains at a quarter of the rate. Log both numbers, their
# product, and the optimiser.
#
# <details><summary><b>Spot the bug:</b> "Sample the small task more often, and then also give it a larger weight, to be on
# the safe side."</summary>
#
# That corrects twice. Write turns, weight and their product into the weight log, and choose the product.
# </details>
#
# The same arithmetic hides in **sum or mean**: a task with 50 label columns whose losses are *summed* enters with 50
# times the weight of the mean. Lesson 7 comes back to it.
#
# **Exercises:** `sampling_probs` and `rotating_batches` in problem set 4. The **written rationale** (two
# entries of a weight log, for a house model of your own) is in problem set 4 too.

# %% [markdown]
# ## Limits
#
# Two unrelated tasks, 200 training rows, one small trunk: the *directions* were checked above, the sizes are those of this
# setting. Intervals are 95 % t-intervals over seeds, each with data of its own. Turns were compared with weights at one learning
# rate per optimiser, since the question was about the path and not about the best result.
# The length of a gradient says how hard a task pulls, not whether its direction helps the others; that is the subject of
# lesson 10. And the pull depends on where you measure it: the whole trunk, or its last layer.
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
# The same loss and the same minimum, another path. With mean and sd in a fixed output layer the path is the same as well.
# </details>
#
# <details><summary><b>"Taking turns is fair, because it has no weights."</b></summary>
#
# Turns act as weights. Under SGD they do about the same; under Adam a small share of the turns holds a task back more than an
# equal weight. And with equal turns each row of a small task is seen more often.
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
# - **Standardise first, weight second.** Or keep raw units, 1/variance weights and a fixed output layer: the same path.
# - **Listen to the ropes, not to the shouting:** measure each task's gradient at the trunk.
# - **Who steers changes:** here the noisy task steered late. Log losses and pulls, and revisit the weights.
# - **Sampling is weighting under SGD,** on average, and the two multiply. Under Adam a small share of the turns holds a task back
#   more than an equal weight does.
#
# ## What to try next
#
# Give the noisy task a weight that shrinks over the epochs and compare with the best of the five fixed weights, at the same
# number of trainings. Then go on to **lesson 5**, where some labels are missing and the denominator becomes a weight.
