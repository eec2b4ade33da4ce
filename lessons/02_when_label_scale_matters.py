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
# # 2. When does the scale of a label matter?
#
# **You will be able to** predict, from the way a model is fitted, whether it cares about the unit of a label; keep offset,
# variance and range apart; and answer the question that is asked far more often than it is answered: *when is normalising
# labels beneficial for multi-task regression?*
#
# **Before:** lesson 1; mean, variance and R². **Time:** 90 minutes. **Difficulty:** ●●○
#
# **Exercises:** open problem set 2 (`ps02_when_label_scale_matters`) beside this lesson. Each section says which exercise follows it.

# %% [markdown]
# ## Metres or millimetres?
#
# A survey predicts nitrogen in the soil (mg/kg) and the depth of the water table. One team writes the depth in metres,
# another in millimetres. The water is equally deep for both. Will their models be equally good?
#
# Think of a vote among people with purses. If everybody pays for *their own* dinner, it does not matter who counts in euros
# and who in cents. If all share *one* menu and the largest sum decides, whoever counts in cents chooses the menu. So the
# question is: **is something shared, and is it chosen by adding up label units?**

# %%
import os

import numpy as np
import torch
from IPython.display import Markdown, display
from sklearn.base import clone
from sklearn.cross_decomposition import PLSRegression
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, Ridge, RidgeCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor
from torch.func import functional_call, stack_module_state, vmap

# %%
from mtl_teach.data import make_related_tasks, make_soil_and_water
from mtl_teach.figures import bars, dots, heat_map, show
from mtl_teach.learn import explore, predict, quiz
from mtl_teach.metrics import Interval, mean_interval
from mtl_teach.models import HardSharing

# %% [markdown]
# `SMOKE=1` shrinks the number of seeds for fast tests; what the lesson claims about effects is asserted in the full run.

# %%
SMOKE = os.environ.get("SMOKE") == "1"
SEEDS = 2 if SMOKE else 8


def say(text):
    display(Markdown(text))


# %% [markdown]
# ## Offset, variance, range
#
# "Scale" is three different things. For a label $y$ with mean $m$ and standard deviation $s$:
#
# | | what it is | what it does to a squared loss |
# |---|---|---|
# | **offset** | where the label lies: $m$ | nothing, once the model has learned a constant |
# | **variance** | how widely it scatters: $s^2$ | *this* is what a task brings to the loss: $\frac1n\sum_i (y_i - m)^2 = s^2$ |
# | **range** | its two most extreme values | nothing of its own |
#
# (A refresher: the *variance* is the mean squared distance from the mean, the *standard deviation* its root, in label units.)

# %%
soil = make_soil_and_water(20_000, seed=0)
temperature, rain = soil.y[:, 3], soil.y[:, 4]
say(
    f"Temperature: {temperature.min():.0f} to {temperature.max():.0f} °C. Rain: {rain.min():.0f} to {rain.max():.0f} mm a day, "
    f"and none on {np.mean(rain == 0):.0%} of the days."
)

# %%
predict(
    "Two tasks, one squared loss: temperature and rain, as above. A model that has learned nothing but the two means: what "
    "part of its loss comes from the rain?",
    ["about 80 %, because its range is twice as large", "about 50 %", "about 22 %"],
    name="02-rain",
)

# %%
by_variance = rain.var() / (rain.var() + temperature.var())
by_range = np.ptp(rain) ** 2 / (np.ptp(rain) ** 2 + np.ptp(temperature) ** 2)

# %%
say(
    f"Standard deviations {temperature.std():.1f} °C and {rain.std():.2f} mm: rain is **{by_variance:.0%}** of the loss. The "
    f"squared ranges say {by_range:.0%}."
)
assert 0.18 < by_variance < 0.26
assert by_range > 0.75

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "Rainfall has the larger values, so it dominates the loss and the gradients."</summary>
#
# The largest value is one day in many thousand. What dominates a squared loss is the *variance*, and on most days it does
# not rain. Temperature dominates. (Another inference of the same kind: "temperature in kelvins has larger numbers than in
# degrees Celsius". Its variance is the same.)
# </details>
#
# The same as a number a task, the loss of predicting the mean:

# %%
kelvin = make_soil_and_water(20_000, temperature_unit="K", seed=0)
lazy_loss = {unit: labels.y[:, 3].var() for unit, labels in {"°C": soil, "K": kelvin}.items()}
print("; ".join(f"in {unit}: {loss:.1f}" for unit, loss in lazy_loss.items()))
assert np.isclose(lazy_loss["°C"], lazy_loss["K"])

# %% [markdown]
# **Exercise:** `mean_predictor_loss` in problem set 2.

# %% [markdown]
# ## Fit twice and compare
#
# Whether a model cares is not a matter of opinion. Fit it on the labels; fit it again on labels in another unit; bring the
# second predictions back to the first unit; compare. If they agree, the model is **equivariant**: it follows a change of
# unit and does nothing else.
#
# We multiply by powers of two (8, 128, 1024), because a computer does that without any rounding: a zero below is a zero.

# %%
ALPHAS = np.logspace(-2, 4, 13)

# %%
tree = DecisionTreeRegressor(max_depth=5, random_state=0)
FAMILIES = {
    "least squares (OLS)": LinearRegression(),
    "ridge, α = 10": Ridge(10.0),
    "ridge, an α a label by CV": RidgeCV(ALPHAS, alpha_per_target=True),
    "5 nearest neighbours": KNeighborsRegressor(5),
    "a tree for each label": MultiOutputRegressor(tree),
    "ridge, one α by CV": RidgeCV(ALPHAS),
    "one tree for both": tree,
    "one forest for both": RandomForestRegressor(20, min_samples_leaf=3, random_state=0),
    "PLS, 1 component": PLSRegression(1, scale=False),
    "SVR, C = 1, ε = 0.1": MultiOutputRegressor(SVR()),
}

# %% [markdown]
# Two kinds of world, each with two *unrelated* tasks A and B whose labels have variance 1. In the first, both can be learned
# equally well. In the second, A is easy and B nearly pure noise: 5 % and 90 % of their variances cannot be explained.

# %%
WORLDS = {
    "equal": {"n_labels": (200, 200), "n_features": 12, "ceiling_r2": 0.8},
    "noisy B": {"n_labels": (120, 120), "n_features": 40, "ceiling_r2": (0.95, 0.10), "nonlinear": False},
}

# %%
worlds = {
    name: [make_related_tasks(0.0, n_test=800, seed=s, **setting) for s in range(SEEDS)]
    for name, setting in WORLDS.items()
}


# %%
def predictions(family, world, ratio):
    """Fit with B in a unit that is `ratio` times smaller; predict the last 500 rows, back in the common unit."""
    train, unit = world.take(~world.is_test), np.array([1.0, ratio])
    return clone(FAMILIES[family]).fit(train.X, train.y * unit).predict(world.X[-500:]) / unit


# %%
predict(
    f"Multiply one of the two labels by 128 and refit the {len(FAMILIES)} model families above. How many of them make "
    "exactly the predictions they made before?",
    ["none: they all minimise a sum of errors", "only OLS", "about half", "all but the tree"],
    name="02-how-many",
)

# %%
world = worlds["noisy B"][0]
moved = {name: np.abs(predictions(name, world, 128) - predictions(name, world, 1)).max() for name in FAMILIES}
print("\n".join(f"{name:28} largest change of a prediction: {change:.1e} sd" for name, change in moved.items()))
EXACT = [name for name, change in moved.items() if change < 1e-9]
assert len(EXACT) == 5

# %% [markdown]
# Half of them do not move at all, not by the last digit. (One data set on which nothing moves is no proof, though: in the
# *equal* world the ridge with one α happens to choose the same α in both units, on most seeds.)
#
# **Exercise:** `is_label_scale_equivariant` in problem set 2: this test, for any model.

# %% [markdown]
# ## The table
#
# Moving is one thing, being *worse* another. For every family, world and ratio: the test R² of both tasks.

# %%
RATIOS = [1, 8, 128, 1024]
truth = {name: [w.y[-500:] for w in group] for name, group in worlds.items()}


def r2(predicted, labels):
    return 1 - ((predicted - labels) ** 2).mean(axis=0) / labels.var(axis=0)


# %%
scores = {
    (name, family): np.array(
        [[r2(predictions(family, w, c), t) for c in RATIOS] for w, t in zip(worlds[name], truth[name])]
    )
    for name in worlds
    for family in FAMILIES
}
assert all(s.shape == (SEEDS, len(RATIOS), 2) for s in scores.values())

# %% [markdown]
# ### A shared network
#
# One more family: a trunk of 8 units and two heads, trained by Adam. It gets every chance: four learning rates and three
# numbers of steps, the best by 300 check rows, separately for each unit. (All seeds train side by side, as in lesson 1.)

# %%
RATES, STOPS = [0.01, 0.03, 0.1, 0.3], [10, 20] if SMOKE else [40, 80, 160]


def forward(networks):
    return vmap(lambda params, rows: functional_call(networks[0], params, (rows,)))


# %%
def train_side_by_side(x, y, n, rate, weights):
    """Train one network a world on its first n rows; predictions (n_stops, n_worlds, n_rows, 2)."""
    networks = [HardSharing(x.shape[2], 8, [1, 1], generator=torch.Generator().manual_seed(s)) for s in range(len(x))]
    params, model, seen = stack_module_state(networks)[0], forward(networks), []
    optimiser = torch.optim.Adam(params.values(), lr=rate)
    for step in range(1, max(STOPS) + 1):
        optimiser.zero_grad()
        ((model(params, x[:, :n]) - y[:, :n]).square().mean(dim=1) * torch.tensor(weights)).sum().backward()
        optimiser.step()
        if step in STOPS:
            seen.append(model(params, x).detach().numpy())
    return np.array(seen)


# %%
def network_r2(name, ratio, offset=0.0, weights=((1.0, 1.0),)):
    unit, shift = np.array([1.0, ratio]), np.array([0.0, offset])
    x = torch.tensor(np.stack([w.X for w in worlds[name]]), dtype=torch.float32)
    labels, n = np.stack([w.y for w in worlds[name]]), int((~worlds[name][0].is_test).sum())
    y = torch.tensor(labels * unit + shift, dtype=torch.float32)
    tries = [train_side_by_side(x, y, n, rate, w) for w in weights for rate in RATES]
    out = (np.concatenate(tries) - shift) / unit
    check = np.array([[r2(p[n:-500], t[n:-500]).mean() for p, t in zip(tried, labels)] for tried in out])
    best = out[check.argmax(axis=0), np.arange(len(labels))]
    return np.array([r2(p[-500:], t[-500:]) for p, t in zip(best, labels)])


# %%
NETWORK = "shared network, tuned"
network = {(name, c): network_r2(name, c) for name in worlds for c in (1, 128)}
at = [RATIOS.index(1), RATIOS.index(128)]
change = {key: s[:, at[0]] - s[:, at[1]] for key, s in scores.items()}
change |= {(name, NETWORK): network[name, 1] - network[name, 128] for name in worlds}

# %% [markdown]
# And beside it, as in every comparison of this course, the tuned weighted sum: labels in one unit *and* the best of three
# weights for B, chosen by the check rows. It costs three times the trainings.

# %%
TUNED = "same, and the best of 3 weights"
weighted = {name: network_r2(name, 1, weights=[(1.0, 1.0), (1.0, 0.3), (1.0, 0.1)]) for name in worlds}
change |= {(name, TUNED): weighted[name] - network[name, 128] for name in worlds}
rows = [*FAMILIES, NETWORK, TUNED]

# %%
predict(
    "Which will gain most for the small task A when both labels are brought to one unit?",
    ["ridge with one α by CV, in both worlds", "the shared network and PLS", "OLS", "the tree for each label"],
    name="02-who-gains",
)

# %%
means = np.array([[change[name, row].mean(axis=0) for name in worlds] for row in rows]).reshape(len(rows), 4)
show(
    heat_map(
        means + 0.0, rows, ["equal: A", "equal: B", "noisy B: A", "noisy B: B"], number_format="+.2f",
        title="Zeros where nothing is shared; where something is, one task gains and the other may pay",
        xlabel="world: task (B is the one multiplied by 128)", ylabel="model family", label="test R², one unit minus mixed units",
    )
)  # fmt: skip

# %%
exact = means[: len(EXACT)]
assert np.abs(exact).max() < 1e-9
intervals = {row: [mean_interval(change[name, row]) for name in worlds] for row in rows}

# %%
ridge = scores["noisy B", "ridge, one α by CV"][:, at, 0].mean(axis=0)
say(
    f"Ridge with one α in the noisy world, task A: R² **{ridge[1]:.2f}** in mixed units, **{ridge[0]:.2f}** in one unit."
)
assert SMOKE or (ridge[0] - ridge[1] > 0.3 and intervals["ridge, one α by CV"][1].low[0] > 0.2)


# %%
def verdict(cells):
    flat = [(side, task, cell) for side, cell in zip(worlds, cells) for task in (0, 1)]
    words = [
        f"{'helps' if cell.low[t] > 0 else 'costs'} {'AB'[t]} ({side}: {cell.mean[t]:+.2f} ± {cell.half_width[t]:.2f})"
        for side, t, cell in flat
        if cell.low[t] > 1e-9 or cell.high[t] < -1e-9
    ]
    return "; ".join(words) or (
        "none, exactly" if max(np.abs(c.mean).max() for _, _, c in flat) < 1e-9 else "not clear"
    )


# %%
say(
    "| model family | bringing the labels to one unit |\n|---|---|\n"
    + "\n".join(f"| {row} | {verdict(cells)} |" for row, cells in intervals.items())
    + f"\n\nOnly effects whose 95 % t-interval over {SEEDS} seeds excludes 0."
)

# %%
if not SMOKE:
    for family in ("one forest for both", "PLS, 1 component", NETWORK):
        assert intervals[family][0].low[0] > 0, family  # helps the small task
    assert intervals["PLS, 1 component"][0].high[1] < 0  # and costs the large one
    assert np.abs(intervals["ridge, one α by CV"][0].mean).max() < 0.01  # the same α, in the equal world
    assert intervals["SVR, C = 1, ε = 0.1"][0].low[1] > 0.4  # its C and ε have label units

# %%
equal_weights, tuned_weights = intervals[NETWORK][1], intervals[TUNED][1]
say(
    f"The last two rows, noisy world: at equal weights one unit costs the noisy task {equal_weights.mean[1]:+.2f} R², with a "
    f"tuned weight {tuned_weights.mean[1]:+.2f}, and A gains {tuned_weights.mean[0]:+.2f} instead of "
    f"{equal_weights.mean[0]:+.2f}. One unit is a start. The weights are still yours to choose, at three times the cost."
)
assert SMOKE or tuned_weights.low[1] > equal_weights.high[1]

# %% [markdown]
# ## The mechanism, family by family
#
# **Exact zeros.** Least squares solves $W = (X^\top X)^{-1} X^\top Y$. Labels stand on the right only, each column on its own:
# 128 times the column gives 128 times the weights. The same holds for ridge with a given α, for kernel ridge, for averages
# of neighbours. A tree for each label: the best split of $128\,y$ is the best split of $y$.
#
# **A split is shared.** One tree for both labels chooses the split that lowers the *sum* of squared errors most:

# %%
first = worlds["equal"][1].take(~worlds["equal"][1].is_test)


def split_gains(unit):
    """How much variance, summed over both labels in their units, the best split on each feature explains."""
    stump = DecisionTreeRegressor(max_depth=1)
    found = [stump.fit(first.X[:, [j]], first.y * unit).predict(first.X[:, [j]]) for j in range(12)]
    return np.array([p.var(axis=0).sum() for p in found])


# %%
gains = {"labels in one unit": split_gains([1.0, 1.0]), "B times 128": split_gains([1.0, 128.0])}
gains["A alone"] = split_gains([1.0, 0.0])

# %%
chosen = {name: int(g.argmax()) for name, g in gains.items()}
order = np.argsort(-sum(g / g.max() for g in gains.values()))
show(
    bars(
        {name: g[order] / g.max() for name, g in gains.items()}, [f"x{j}" for j in order],
        title="The first split of the tree: multiplied by 128, task B chooses alone",
        xlabel="feature on which to split", ylabel="variance explained / best feature",
    )
)  # fmt: skip

# %%
say("The root splits on " + ", ".join(f"**x{j}** ({name})" for name, j in chosen.items()) + ".")
assert np.allclose(
    gains["B times 128"] / gains["B times 128"].max(), (b := split_gains([0.0, 1.0])) / b.max(), atol=0.01
)

# %% [markdown]
# **A hyper-parameter is shared.** Ridge is equivariant; ridge whose *one* α is chosen by the summed error of both labels is
# not. In the noisy world B wants a huge α (it is all noise), A a small one:

# %%
noisy = worlds["noisy B"][0].take(~worlds["noisy B"][0].is_test)

# %%
picked = {
    "an α for each label": RidgeCV(ALPHAS, alpha_per_target=True).fit(noisy.X, noisy.y).alpha_,
    "one α, one unit": RidgeCV(ALPHAS).fit(noisy.X, noisy.y).alpha_,
    "one α, B times 128": RidgeCV(ALPHAS).fit(noisy.X, noisy.y * [1, 128]).alpha_,
}
print("\n".join(f"{name:22} {np.round(alpha, 3)}" for name, alpha in picked.items()))
assert picked["one α, B times 128"] == picked["an α for each label"][1]
assert picked["one α, B times 128"] > picked["one α, one unit"]

# %% [markdown]
# **A component or a trunk is shared.** One PLS component points where the covariance with the labels, in label units, is
# largest. A narrow trunk learns the features that lower the summed loss fastest. In both, mixed units hand the shared
# part to B. Look at the *equal* column of the network: A gains, and B hardly pays, since eight units have room for both.
# In a single PLS component there is no room: what A gains, B loses. (In the noisy world B *must* pay in the network: there is
# next to nothing to learn in it, and a B that is heard learns noise.)
#
# **A constant has label units.** The ε of a support vector machine is a distance in label units and C is a price per label
# unit. Nothing is shared here, each label has a machine of its own; still B suffers, and would even as the only task.
#
# Move the ratio yourself (the noisy world):

# %%
grid = {
    (family, c): mean_interval(scores["noisy B", family][:, j]) for family in FAMILIES for j, c in enumerate(RATIOS)
}


# %%
def say_ratio(cell, family, c):
    a, b = (f"{m:.2f} ± {h:.2f}" for m, h in zip(*cell))
    return f"{family}, B times {c}: test R² {a} for A and {b} for B."


def draw_ratio(cell, family, c):
    reach = Interval(*(np.asarray(part) for part in cell))
    return dots(
        {"test R²": reach}, ["A (easy)", "B (noise)"], reference=0.0, title=say_ratio(cell, family, c),
        xlabel="test R² (mean and 95 % interval over seeds)",
    )  # fmt: skip


# %%
explore(
    grid,
    {"family": list(FAMILIES), "ratio of units": RATIOS},
    draw_ratio,
    say_ratio,
    title="How much does the unit of B matter?",
)

# %%
for (family, c), cell in grid.items():  # what the element shows is what the experiment computed
    assert np.array_equal(cell.mean, scores["noisy B", family][:, RATIOS.index(c)].mean(axis=0))
for family in EXACT:
    assert np.allclose(grid[family, 1].mean, grid[family, 1024].mean, atol=1e-9)

# %% [markdown]
# ## Kelvin, or the other scale
#
# An offset leaves the variance alone. Does it leave a model alone? Zero degrees Celsius are 273 kelvins, and the temperature has
# a standard deviation of 14 °C, so that kelvins lie about 19 standard deviations away from 0.

# %%
predict(
    "Task B's label gets an offset of 19 standard deviations; its variance stays. What happens to the tuned shared network, "
    "and what to OLS with an intercept?",
    ["nothing, to both", "the network is worse, OLS the same", "both are worse"],
    name="02-kelvin",
)

# %%
offset = 273.15 / temperature.std()

# %%
warm = network_r2("equal", 1, offset)
shifts = [np.array([0.0, d]) for d in (0.0, offset)]
line = [LinearRegression().fit(first.X, first.y + d).predict(first.X) - d for d in shifts]

# %%
centred = mean_interval(network["equal", 1] - warm)
say(
    f"Test R² gained by centring the label, tasks A and B: network **{centred}**, OLS {np.ptp(line, axis=0).max():.0e}."
)
assert np.ptp(line, axis=0).max() < 1e-9
assert SMOKE or centred.low[1] > 0.05

# %% [markdown]
# A network starts near 0 and has to *travel* to the offset, and on the way the offset shakes the trunk. Centring (or
# starting the head's bias at the mean) removes all of it; *dividing* adds nothing here. So normalising has two parts that
# help for different reasons: **centring for offsets, dividing for variances.**

# %% [markdown]
# ## When it hurts
#
# Standardising says: every task counts the same. What if they should not?

# %%
predict(
    "A forest predicts one real label with variance 128². Twenty columns of pure noise, variance 1, are added as further labels. "
    "You standardise all of them. The R² of the real label …",
    ["rises", "stays", "falls"],
    name="02-junk",
)


# %%
def with_junk(seed, scale):
    rng, real = np.random.default_rng(seed), worlds["equal"][seed]
    labels = np.column_stack([real.y[:200, 0] * scale, rng.standard_normal((200, 20))])
    forest = clone(FAMILIES["one forest for both"]).fit(real.X[:200], labels)
    return r2(forest.predict(real.X[-500:])[:, 0] / scale, real.y[-500:, 0])


# %%
junk = mean_interval([with_junk(seed, 1.0) - with_junk(seed, 128.0) for seed in range(SEEDS)])
say(f"Standardised minus raw, test R² of the real label: **{junk}** over {SEEDS} seeds.")
assert SMOKE or junk.high < 0

# %% [markdown]
# The raw unit had protected the real label from the junk. Three more cases in which to keep your hands off: labels that
# are **commensurate** (two costs in euros: the larger *is* the larger cost); a label that is nearly **constant** (divided by a
# tiny standard deviation, its rounding errors become a task); and a **single** priority (then weigh it, do not equalise it).
#
# <details><summary><b>Spot the bug:</b> "Without normalised labels multi-task regression performs poorly, even with a good loss
# and regularisation."</summary>
#
# In half of the rows of the table it makes no difference at all, in most of the others it moves quality from one task to
# another, and with junk labels it costs. It *is* true for shared networks with very different variances or large offsets.
# </details>
#
# <details><summary><b>Spot the bug:</b> "Normalising labels makes optimisation stable and convergence faster."</summary>
#
# For a linear model trained by gradient descent the curvature is $X^\top X / n$: no label in it. The path for $1024\,y$ is
# 1024 times the path for $y$, step by step. Networks are another matter: their curvature contains the residuals.
# </details>


# %%
def descend(labels, steps=100):
    weights, path = np.zeros((12, 2)), []
    for _ in range(steps):
        weights = weights - 0.1 * first.X.T @ (first.X @ weights - labels) / len(labels)
        path.append(weights)
    return np.array(path)


# %%
assert np.array_equal(descend(1024 * first.y), 1024 * descend(first.y))

# %% [markdown]
# ## The answer
#
# > **The scale of labels matters if and only if something is *shared* between tasks and chosen by adding up label units (a
# > split, a component, a trunk, a hyper-parameter, an aggregate metric), or if a constant has label units (an ε, a penalty,
# > a learning rate, the start of a network). Otherwise it cancels.**
#
# And even then: **standardising is a choice of priorities, not a free improvement.** It makes each task's $1 - R^2$ count
# the same. If that is what you want, do it; a weighted loss (lesson 4) can say anything else, and costs one more training
# for every weight you try, where standardising costs none.
#
# | ask | if yes |
# |---|---|
# | Is each label fitted on its own, with constants chosen on its own? | scale cancels: leave it |
# | Does a split, component, trunk or α serve several labels? | bring them to one unit, or weigh them knowingly |
# | Does a constant of the method have label units? | scale, or tune that constant a label |
# | Is the offset many standard deviations? | centre |
# | Are the labels commensurate, or some of them junk? | do not standardise |
#
# **The limits.** Small data, a few families with their usual settings, two unrelated tasks. The zeros are theorems and hold
# anywhere; the sizes of the effects are not. With related tasks, wide trunks and long training the effects shrink.

# %% [markdown]
# ## Four confusions to leave behind
#
# <details><summary><b>"The label with the larger numbers dominates."</b></summary>
#
# The one with the larger *variance* does, and only where something is shared.
# </details>
#
# <details><summary><b>"OLS minimises a sum over labels, so the large label wins."</b></summary>
#
# The sum falls apart into one problem a label; no parameter appears in two of them.
# </details>
#
# <details><summary><b>"Ridge does not care, so RidgeCV does not."</b></summary>
#
# Ridge does not. *Choosing* one α for all labels by their summed error does.
# </details>
#
# <details><summary><b>"Normalising cannot hurt."</b></summary>
#
# It gives junk the same say as everything else.
# </details>
#
# The **written rationale** (a reply to a colleague who standardises labels for OLS) is at the end of problem set 2.

# %% [markdown]
# ## Quick test
#
# Seven questions, five to pass.

# %%
quiz("02")

# %% [markdown]
# ## Take-away
#
# - **Variance, not range, not offset,** is what a task brings to a squared loss.
# - **Fit twice and compare** settles any argument about scale in a minute.
# - **Shared and compared in label units?** Then scale matters. Otherwise it cancels exactly.
# - **Centre for offsets, divide for variances,** and know that dividing sets priorities.
#
# ## What to try next
#
# Run the table with *related* tasks (`make_related_tasks(1.0, …)`): which rows shrink? Try `sklearn.datasets.load_diabetes`
# with progression, blood pressure and `s5` as three labels. Then go on to **lesson 3**: scaling, done right.
