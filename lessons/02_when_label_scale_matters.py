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
# variance and range apart; and answer a question that has more than one answer: *when is normalising labels beneficial for
# multi-task regression?*
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
# Think of friends at a restaurant. If each orders and pays for *their own* dinner, it does not matter who counts in euros and
# who in cents. If all share *one* menu and the highest total bid decides, whoever bids in cents chooses the menu. So the
# question is: **is something shared, and is it chosen by adding up label units?**

# %%
from functools import cache

import numpy as np
import torch

# %%
from sklearn.base import clone
from sklearn.cross_decomposition import PLSRegression
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.linear_model import Lasso, LassoCV, LinearRegression, MultiTaskLassoCV, Ridge, RidgeCV
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeRegressor

# %%
from mtl_teach.data import make_related_tasks, make_soil_and_water
from mtl_teach.figures import bars, dots, heat_map, lines, show
from mtl_teach.learn import claim, explore, outcome, predict, quiz, say, size
from mtl_teach.metrics import Interval, mean_interval
from mtl_teach.models import HardSharing
from mtl_teach.side_by_side import train_side_by_side

# %%
SEEDS = size(8, short=2)

# %% [markdown]
# ## Offset, variance, range
#
# "Scale" is three different things. For a label $y$ with mean $m$ and standard deviation $s$:
#
# | property | what it is | what it does to a squared loss |
# |---|---|---|
# | **offset** | where the label lies: $m$ | nothing, once the model has learned a constant |
# | **variance** | how widely it scatters: $s^2$ | it *is* the loss of a model that predicts the mean: $\frac1n\sum_i (y_i - m)^2 = s^2$ |
# | **range** | its two most extreme values | nothing of its own |
#
# (A refresher: the *variance* is the mean squared distance from the mean, the *standard deviation* its root, in label units.)

# %%
soil = make_soil_and_water(20_000, seed=0)
temperature, rain = soil.y[:, 3], soil.y[:, 4]
say(
    f"Temperature: {temperature.min():.0f} to {temperature.max():.0f} °C. Rain: {rain.min():.0f} to {rain.max():.0f} mm per day, "
    f"and none on {np.mean(rain == 0):.0%} of the days."
)

# %% tags=["fold"]
predict(
    f"Two tasks, one squared loss: temperature ({temperature.min():.0f} to {temperature.max():.0f} °C) and rain "
    f"({rain.min():.0f} to {rain.max():.0f} mm per day, none on {np.mean(rain == 0):.0%} of the days). A model that has "
    "learned nothing but the two means: what part of its loss comes from the rain?",
    ["about 80 %", "about 50 %", "about 20 %"],
    name="02-rain", answer="about 20 %",
)

# %%
by_variance = rain.var() / (rain.var() + temperature.var())
by_range = np.ptp(rain) ** 2 / (np.ptp(rain) ** 2 + np.ptp(temperature) ** 2)

# %%
say(
    f"Standard deviations {temperature.std():.1f} °C and {rain.std():.2f} mm: rain is **{by_variance:.0%}** of the loss. The "
    f"squared ranges say {by_range:.0%}."
)
outcome("02-rain")

# %% tags=["claim"]
claim(
    "Rain has the larger range and the smaller part of the loss.",
    lambda part, by_range: part < 0.3 < 0.7 < by_range, by_variance, by_range, effect=False,
)

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "Rainfall has the larger values, so it dominates the loss and the gradients."</summary>
#
# The largest value belongs to one day in twenty thousand. What dominates a squared loss is the *variance*, and on most days it
# does not rain. Temperature dominates. (The same mistake: "temperature has larger numbers in kelvins than in degrees
# Celsius". Its variance is the same.)
# </details>
#
# Here is the loss of predicting the mean temperature, in both units:

# %%
kelvin = make_soil_and_water(20_000, temperature_unit="K", seed=0)
lazy_loss = {unit: labels.y[:, 3].var() for unit, labels in {"°C": soil, "K": kelvin}.items()}
print("; ".join(f"in {unit}: {loss:.1f}" for unit, loss in lazy_loss.items()))

# %% tags=["claim"]
claim("In kelvins and in degrees Celsius the loss is the same.", lambda c, k: np.isclose(c, k),
      *lazy_loss.values(), opposite=(lazy_loss["°C"], (kelvin.y[:, 3] ** 2).mean()), effect=False)

# %% [markdown]
# **Exercise:** `mean_predictor_loss` in problem set 2.

# %% [markdown]
# ## Fit twice and compare
#
# Whether a model cares is not a matter of opinion. Fit it on the labels; fit it again on labels in another unit; bring the
# second predictions back to the first unit; compare. If they agree, the model is **equivariant** ([glossary](pages/glossary.md)): it
# follows a change of unit and does nothing else.
#
# We multiply by powers of two (8, 128, 1024), which a computer does without rounding. So a family that follows the unit should
# not move at all. (One of them takes logarithms of the label's scale on the way, which can cost a last digit: a move
# below a billionth counts as none.)
#
# Sixteen model families take part. *CV* is cross-validation. Those you may not have met, in one line each:
#
# - **ridge, lasso:** least squares with a penalty on the coefficients, α times the sum of their squares or absolute values;
# - **multi-task lasso:** a lasso that keeps or drops a feature for all labels together;
# - **PLS** (partial least squares): regresses on a few *components*, the directions of x whose covariance with the labels is largest;
# - **extra-trees:** a forest whose splits are partly random;
# - **SVR** (support vector regression): errors below ε cost nothing, larger ones cost C per unit beyond ε.
#
# They come in four groups. First, those in which the labels are never compared with each other: each label is fitted on
# its own, or brought to variance 1 inside the method.

# %%
ALPHAS = np.logspace(-2, 4, 13)
tree = DecisionTreeRegressor(max_depth=5, random_state=0)
NEVER_COMPARED = {
    "least squares (OLS)": LinearRegression(),
    "ridge, α = 10": Ridge(10.0),
    "ridge, an α per label by CV": RidgeCV(ALPHAS, alpha_per_target=True),
    "lasso, an α per label by CV": MultiOutputRegressor(LassoCV(alphas=15, cv=3)),
    "5 nearest neighbours": KNeighborsRegressor(5),
    "a tree for each label": MultiOutputRegressor(tree),
    "PLS, 1 component, scaled inside": PLSRegression(1, scale=True),
}

# %% [markdown]
# Then those that make **one choice for both** labels, by cross-validation on the mean of the two squared errors:

# %%
neighbours = GridSearchCV(
    KNeighborsRegressor(), {"n_neighbors": [1, 5, 20, 60]}, scoring="neg_mean_squared_error", cv=3
)
ONE_CHOICE = {
    "ridge, one α by CV": RidgeCV(ALPHAS),
    "multi-task lasso, one α by CV": MultiTaskLassoCV(alphas=15, cv=3),
    "neighbours, one k by CV": neighbours,
}

# %% [markdown]
# Those that build **one split or one component for both**, and those with **a constant in label units** (no sharing at all):

# %%
ONE_PART = {
    "one tree": tree,
    "one forest": RandomForestRegressor(12, min_samples_leaf=3, random_state=0),
    "extra-trees": ExtraTreesRegressor(12, min_samples_leaf=3, random_state=0),
    "PLS, 1 component": PLSRegression(1, scale=False),
}
LABEL_UNITS = {"lasso, α = 0.1": Lasso(0.1), "SVR, C = 1, ε = 0.1": MultiOutputRegressor(SVR())}
FAMILIES = NEVER_COMPARED | ONE_CHOICE | ONE_PART | LABEL_UNITS

# %% [markdown]
# Two kinds of world, each with two *unrelated* tasks A and B whose labels have variance 1. In the first, both can be learned
# equally well. In the second, A is easy and B nearly pure noise: 5 % and 90 % of their variances cannot be explained. It also
# has more features (40, not 12), fewer rows (120, not 200) and linear functions, so that a model can easily learn too much
# noise. (A third, in which A and B are the *same* function of x, is for later.)

# %%
WORLDS = {
    "equal": {"correlation": 0.0, "n_labels": (200, 200), "ceiling_r2": 0.8},
    "noisy B": {"correlation": 0.0, "n_labels": (120, 120), "n_features": 40, "ceiling_r2": (0.95, 0.10), "nonlinear": False},
    "related": {"correlation": 1.0, "n_labels": (200, 200), "ceiling_r2": 0.8},
}
SIDES = ["equal", "noisy B"]

# %%
worlds = {
    name: [make_related_tasks(**setting, n_test=800, seed=s) for s in range(SEEDS)] for name, setting in WORLDS.items()
}


# %%
@cache
def predictions(family, side, seed, ratio):
    """Fit with B in a unit that is `ratio` times smaller; predict the last 500 rows, back in the common unit."""
    world, unit = worlds[side][seed], np.array([1.0, ratio])
    train = world.take(~world.is_test)
    return clone(FAMILIES[family]).fit(train.X, train.y * unit).predict(world.X[-500:]) / unit


# %% tags=["fold"]
predict(
    "Multiply one of two labels by 128 and refit 16 models: seven that never compare the labels (OLS, ridge, 5 nearest "
    "neighbours, a tree for each label …), three that make one choice for both by cross-validation, four that build one "
    "split or one component for both, and two with a constant in label units. How many of the 16 make exactly the "
    "predictions they made before?",
    ["none: they all minimise a sum of errors", "only OLS", "about half", "all but the trees"],
    name="02-how-many", answer="about half",
)

# %%
def largest_move(family, side, ratio, seeds=range(SEEDS)):
    plain, changed = (np.array([predictions(family, side, seed, c) for seed in seeds]) for c in (1, ratio))
    return np.abs(changed - plain).max()


# %%
moved = {name: [largest_move(name, side, 128) for side in SIDES] for name in FAMILIES}
print(f"Largest change of a prediction over {SEEDS} data sets of each world, in standard deviations of its label:")
print(f"{'':32}" + "".join(f"{side:>10}" for side in SIDES))
print("\n".join(f"{name:32}" + "".join(f"{change:10.2g}" for change in changes) for name, changes in moved.items()))
EXACT = [name for name, changes in moved.items() if max(changes) < 1e-9]
outcome("02-how-many")

# %% tags=["claim"]
claim(
    "Beyond rounding, the families that never compare labels do not move, and all others do.",
    lambda never, exact: never == exact, list(NEVER_COMPARED), EXACT, opposite=(list(FAMILIES), EXACT), effect=False,
)

# %% [markdown]
# The seven of the first group do not move; all others do, in at least one of the two worlds. (So a test on one data set can
# miss it: where both tasks want the same number of neighbours, no unit changes the choice.)
#
# Would 100 do as well as 128? A computer has to round it:

# %%
rounded = {
    name: largest_move(name, "noisy B", 100, seeds=range(2)) for name in EXACT
}
print("\n".join(f"{name:32}{change:8.2g}" for name, change in rounded.items()))

# %% tags=["claim"]
claim(
    "Times 100, rounding moves the tree for each label, and nothing else by more than a millionth.",
    lambda tree, rest: rest < 1e-6 < 1e-3 < tree,
    rounded["a tree for each label"], max(v for name, v in rounded.items() if name != "a tree for each label"), effect=False,
)

# %% [markdown]
# Six of the seven change in about the fifteenth digit. The tree changes visibly: in a node with few rows, two splits that were
# *equally* good now differ by a rounding error, and the other one wins. So a zero below means "nothing but rounding". For a
# ratio that is no power of two, rounding can also decide such **ties**.
#
# **Exercise:** `is_label_scale_equivariant` in problem set 2: this test, for any model.

# %% [markdown]
# ## The table
#
# Moving is one thing, getting *worse* is another. For every family, world and ratio, we compute the test R² of both tasks.

# %%
RATIOS = [1, 8, 128, 1024]
truth = {name: [w.y[-500:] for w in group] for name, group in worlds.items()}


def r2(predicted, labels):
    return 1 - ((predicted - labels) ** 2).mean(axis=0) / labels.var(axis=0)


# %%
scores = {
    (name, family): np.array(
        [[r2(predictions(family, name, seed, c), t) for c in RATIOS] for seed, t in enumerate(truth[name])]
    )
    for name in SIDES
    for family in FAMILIES
}

# %% [markdown]
# ### A shared network
#
# A fifth group shares **one trunk** of 8 units, with two heads. Whatever the unit of B, it may choose among the same three learning
# rates and six numbers of steps: the pair with the best mean of the two R² on 300 check rows, which nothing else uses.
# The folded cell trains all seeds and rates side by side, as in lesson 1.

# %%
ADAM, SGD = torch.optim.Adam, torch.optim.SGD
STOPS = size([10, 20, 40, 80, 160, 320], short=[10, 20])
RATES = {ADAM: (0.01, 0.03, 0.1), SGD: (1e-3, 1e-2, 1e-1)}


# %% tags=["fold"]
@cache
def tries(name, ratio=1, offset=0.0, weights=(1.0, 1.0), width=8, method=ADAM, rates=None):
    """What every rate and stop predicts, in the common unit: (n_stops, n_rates, n_worlds, n_rows, 2)."""
    unit, shift, rates = np.array([1.0, ratio]), np.array([0.0, offset]), rates or RATES[method]
    features, labels = (np.stack([getattr(w, field) for w in worlds[name]]) for field in "Xy")
    n = int((~worlds[name][0].is_test).sum())
    x, y = (torch.tensor(a, dtype=torch.float32).repeat(len(rates), 1, 1) for a in (features, (labels + shift) * unit))
    seeds = [torch.Generator().manual_seed(i % SEEDS) for i in range(len(x))]
    out = train_side_by_side(
        [HardSharing(x.shape[2], width, [1, 1], generator=seed) for seed in seeds], x[:, :n], y[:, :n], x,
        rates=np.repeat(rates, SEEDS).tolist(), stops=STOPS, task_weights=weights, method=method,
    )
    out = out.nan_to_num(1e6).clamp(-1e6, 1e6).numpy() / unit - shift
    return out.reshape(len(STOPS), len(rates), *labels.shape)


# %%
def best_r2(name, tried, only=slice(None)):
    """Test R² (n_worlds, 2) of the try (n_tries, n_worlds, n_rows, 2) that is best on the check rows, on average over tasks."""
    labels = np.stack([w.y for w in worlds[name]])
    check, test = (
        1 - ((tried - labels) ** 2)[:, :, rows].mean(axis=2) / labels[:, rows].var(axis=1)
        for rows in (slice(-800, -500), slice(-500, None))
    )
    return test[check[..., only].mean(axis=-1).argmax(axis=0), np.arange(len(labels))]


def network_r2(name, **settings):
    return best_r2(name, np.concatenate(tries(name, **settings)))


# %%
def network_change(name, **settings):
    return network_r2(name, **settings) - network_r2(name, ratio=128, **settings)


at = [RATIOS.index(1), RATIOS.index(128)]
change = {key: s[:, at[0]] - s[:, at[1]] for key, s in scores.items()}
change |= {(name, "network, Adam"): network_change(name) for name in SIDES}
change |= {(name, "network, SGD"): network_change(name, method=SGD) for name in SIDES}

# %% [markdown]
# Beside it stands its plain rival, the tuned weighted sum: labels in one unit, and the check rows choose the weight of B. It
# gets three trials as well, and spends them on three weights at one learning rate.

# %%
TUNED = "Adam, best of 3 weights"


def tuned_r2(name):
    weights = torch.tensor([[1.0, weight] for weight in (1.0, 0.3, 0.1) for _ in range(SEEDS)])
    return best_r2(name, np.concatenate(tries(name, weights=weights, rates=(0.03,) * 3)))


tuned = {name: tuned_r2(name) for name in SIDES}
change |= {(name, TUNED): tuned[name] - network_r2(name, ratio=128) for name in SIDES}

# %% tags=["fold"]
predict(
    "Tasks A and B have nothing in common, and B's numbers are 128 times as large. Both are brought to one unit. Which "
    "families gain for task A, *both* where B can be learned as well as A and where B is noisy?",
    [
        "all that choose one α or one k by CV",
        "forests, one PLS component and the shared network",
        "SVR and lasso",
        "OLS",
    ],
    name="02-who-gains", answer="forests, one PLS component and the shared network",
)

# %%
GROUPS = {
    "One choice for both": list(ONE_CHOICE),
    "One split or component for both": list(ONE_PART),
    "A constant in label units": list(LABEL_UNITS),
    "One trunk for both": ["network, Adam", "network, SGD", TUNED],
}
rows = [row for group in GROUPS.values() for row in group]
columns = [f"{side}: {task}" for side in SIDES for task in "AB"]

# %% [markdown]
# The figure leaves out the seven families of the first group: all their changes are 0.

# %%
means = np.array([[change[name, row].mean(axis=0) for name in SIDES] for row in rows]).reshape(len(rows), 4)
show(
    heat_map(
        means.round(2) + 0.0, rows, columns, number_format="+.2f",
        title="With one unit for both, A gains in most families that share, and B pays in some",
        xlabel="world: task (B is the one multiplied by 128)", ylabel="model family", label="test R², one unit minus mixed units",
    )
)

# %% [markdown]
# The same with intervals (the folded cell formats the table):

# %% tags=["fold"]
intervals = {row: [mean_interval(change[name, row]) for name in SIDES] for row in (*NEVER_COMPARED, *rows)}


def entry(mean, half):
    text = f"{mean:+.2f} ± {half:.2f}" if abs(mean) + half > 1e-9 else "0"
    return f"**{text}**" if abs(mean) > half + 1e-9 else text


def line_of(row):
    return f"| {row} | " + " | ".join(entry(m, h) for c in intervals[row] for m, h in zip(*c)) + " |"


# %%
say(
    f"| | {' | '.join(columns)} |\n|---|---|---|---|---|\n| **Never compared:** {len(EXACT)} families | 0 | 0 | 0 | 0 |\n"
    + "\n".join(f"| **{group}** | | | | |\n" + "\n".join(map(line_of, members)) for group, members in GROUPS.items())
    + f"\n\nTest R², one unit minus mixed units: mean and 95 % t-interval over {SEEDS} seeds; **bold** where it excludes 0."
)
outcome("02-who-gains")

# %% tags=["claim"]
a_gains = {row: np.array([cell.low[0] for cell in intervals[row]]) for row in rows}  # lower ends, for A, in both worlds
claim(
    "Forests, one PLS component and the network gain for A in both worlds.",
    lambda *low: np.min(low) > 0,
    *(a_gains[f] for f in ("one forest", "extra-trees", "PLS, 1 component", "network, Adam", "network, SGD")),
    opposite=(a_gains["one tree"],),
)
pls = intervals["PLS, 1 component"][0]
claim("With a single component B pays: it loses in the equal world.", lambda high: high < 0, pls.high[1], opposite=(pls.high[0],))
claim(
    "Each family with one choice for both gives A a gain in the noisy world, and a smaller one, if any, in the equal world.",
    lambda noisy, equal: (mean_interval(noisy).low > 0) & (mean_interval(noisy - equal).low > 0),
    *(np.stack([change[side, row][:, 0] for row in ONE_CHOICE], axis=1) for side in ("noisy B", "equal")),
)

# %% tags=["claim"]
svr, lasso = intervals["SVR, C = 1, ε = 0.1"], intervals["lasso, α = 0.1"]
claim("In the equal world one unit is worth more than 0.4 of R² to B in the SVR, although nothing is shared.",
      lambda low: low > 0.4, svr[0].low[1], opposite=(svr[0].low[0],))
claim("For the lasso, one unit costs B in the equal world and helps B in the noisy one.",
      lambda equal, noisy: equal < 0 < noisy, lasso[0].high[1], lasso[1].low[1])

# %% [markdown]
# How to read it, group by group. **One choice:** while both tasks want the same choice (the *equal* world), the unit does little.
# Where they do not, mixed units leave the choice to B, and one unit gives A its say. **One split or component:** one unit mostly
# gives to A, and in the equal world takes from B. A single tree is too noisy for a verdict on A, so "shared" does not promise a
# gain. **A constant in label units:** A stays as it is, and B changes, for the better (SVR, equal world) or either way
# (lasso). **One trunk:** A gains much in both worlds.
#
# How large a gain is depends on the world, too:

# %%
in_order = {side: sorted(rows, key=lambda row: -change[side, row][:, 0].mean())[:3] for side in SIDES}
say(". ".join(f"A gains most in the *{side}* world with: {' / '.join(top)}" for side, top in in_order.items()) + ".")

# %%
ridge = scores["noisy B", "ridge, one α by CV"][:, at, 0].mean(axis=0)
say(
    f"For example, ridge with one α in the noisy world, task A: R² **{ridge[1]:.2f}** in mixed units, **{ridge[0]:.2f}** in one."
)

# %%
better = {side: mean_interval(tuned[side] - network_r2(side)) for side in SIDES}
say(
    "Gain in R² of a tuned weight over a tuned learning rate (three trials each, labels in one unit), for A and B: "
    + "; ".join(f"*{side}* world {entry(c.mean[0], c.half_width[0])} and {entry(c.mean[1], c.half_width[1])}" for side, c in better.items())
    + "."
)

# %% tags=["claim"]
claim("On the mean of both tasks, tuning the weight gains more than tuning the learning rate in the noisy world, not in the equal one.",
      lambda noisy, equal: mean_interval(noisy).low > 0 >= mean_interval(equal).low,
      *((tuned[side] - network_r2(side)).mean(axis=1) for side in ("noisy B", "equal")))

# %% [markdown]
# Where the tasks are equally hard, three trials of the weight are worth no more than three of the learning rate. Where B is nearly
# noise, the weight is worth tuning. One unit is a start; the weights are still yours to choose.

# %% [markdown]
# ## The mechanism, family by family
#
# **Exact zeros.** Least squares solves $W = (X^\top X)^{-1} X^\top Y$. Labels stand on the right only, each column on its own:
# 128 times the column gives 128 times the weights. The same holds for ridge with a given α, for kernel ridge, for averages
# of neighbours. A tree for each label: the best split for $128\,y$ is the best split for $y$.
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
        xlabel="feature on which to split", ylabel="variance explained (best feature = 1)",
    )
)

# %%
say("The root splits on " + ", ".join(f"**x{j}** ({name})" for name, j in chosen.items()) + ".")

# %% tags=["claim"]
claim(
    "With B times 128, each feature is worth as much to the shared split as to B alone.",
    lambda both, b: np.allclose(both / both.max(), b / b.max(), atol=0.01), gains["B times 128"], split_gains([0.0, 1.0]),
    opposite=(gains["B times 128"], gains["A alone"]), effect=False,
)

# %% [markdown]
# **A hyper-parameter is shared.** Ridge is equivariant; ridge whose *one* α is chosen by the summed error of both labels is
# not. In the noisy world B wants a huge α (it is nearly all noise), A a small one. The same holds for the number k of
# neighbours: fewer for A, more for B. (The multi-task lasso ties the coefficients of both labels together in its penalty, too.)

# %%
noisy = worlds["noisy B"][0].take(~worlds["noisy B"][0].is_test)

# %%
picked = {
    "an α for each label": RidgeCV(ALPHAS, alpha_per_target=True).fit(noisy.X, noisy.y).alpha_,
    "one α, one unit": RidgeCV(ALPHAS).fit(noisy.X, noisy.y).alpha_,
    "one α, B times 128": RidgeCV(ALPHAS).fit(noisy.X, noisy.y * [1, 128]).alpha_,
}
print("\n".join(f"{name:22} {np.round(alpha, 3)}" for name, alpha in picked.items()))
print("k for each label:", [clone(neighbours).fit(noisy.X, noisy.y[:, t]).best_params_["n_neighbors"] for t in (0, 1)])

# %% tags=["claim"]
claim(
    "Multiplied by 128, B chooses the one α: its own, which is larger than the compromise.",
    lambda mixed, own, one_unit: mixed == own > one_unit,
    picked["one α, B times 128"], picked["an α for each label"][1], picked["one α, one unit"], effect=False,
)

# %% [markdown]
# **A component or a trunk is shared.** One PLS component points where the covariance with the labels, in label units, is
# largest. A trunk follows the gradient of the summed loss. In both, mixed units hand the shared part to B. A single PLS
# component has no room for two: in the equal world, what A gains B loses, more or less. The network has eight units: A gains,
# and B hardly changes. In the noisy world B pays in the network, too, for a choice that is shared: how long to train. Let the
# check rows choose the training once for both, once for each alone (labels in one unit):

# %%
tried = np.concatenate(tries("noisy B"))
for who, only in {"both": slice(None), "A": slice(0, 1), "B": slice(1, 2)}.items():
    print(f"chosen for {who:5} test R² of A and B: {mean_interval(best_r2('noisy B', tried, only)):.2f}")

# %% tags=["claim"]
claim("A training chosen for A costs B more than one chosen for both, and one chosen for B costs A.",
      lambda *costs: np.min([mean_interval(cost).low for cost in costs]) > 0,
      *(best_r2("noisy B", tried)[:, t] - best_r2("noisy B", tried, slice(1 - t, 2 - t))[:, t] for t in (0, 1)),
      opposite=(best_r2("noisy B", tried)[:, 0] - best_r2("noisy B", tried, slice(0, 1))[:, 0],))

# %% [markdown]
# By the time A is learned, B has learned noise.
#
# **A constant has label units.** The ε of a support vector regression is a distance in label units and C a price per label
# unit. Nothing is shared here, each label has a model of its own; B suffers all the same, and would even as the only task. The
# α of a lasso has label units as well: against 128 times the label it is next to nothing, and B gets nearly least squares. That
# is better for B where α = 0.1 was too much, and worse where it was needed. With an α *chosen* for each label the unit cancels.
#
# Move the ratio yourself, in the noisy world. (The folded cell makes the sentence and the figure of each setting.)

# %%
grid = {
    (family, c): mean_interval(scores["noisy B", family][:, j]) for family in FAMILIES for j, c in enumerate(RATIOS)
}


# %% tags=["fold"]
def say_ratio(cell, family, c):
    a, b = (f"{m:.2f} ± {h:.2f}" for m, h in zip(*cell))
    return f"{family}, B times {c}: test R² {a} for A and {b} for B."


def draw_ratio(cell, family, c):
    reach = Interval(*(np.asarray(part) for part in cell))
    return dots(
        {"test R²": reach}, ["A (easy)", "B (noise)"], reference=0.0, title=say_ratio(cell, family, c),
        xlabel="test R² (mean and 95 % interval over seeds)",
    )


# %%
explore(
    grid,
    {"family": list(FAMILIES), "ratio of units": RATIOS},
    draw_ratio,
    say_ratio,
    title="How much does the unit of B matter?",
)

# %% [markdown]
# ## What the effect depends on
#
# The networks of the table have a narrow trunk and may stop early, and their tasks have nothing in common. Change each of the
# three in turn.

# %% tags=["fold"]
predict(
    "Tasks A and B have nothing in common and share a trunk of 8 units; B's numbers are 128 times as large. Now the trunk gets "
    "32 units, or only 2; or it keeps its 8 and A and B become the same function. A's gain from bringing both to one unit …",
    [
        "grows with the width, and is largest for one function",
        "grows with the width, and is nearly gone for one function",
        "shrinks with the width, and is largest for one function",
        "shrinks with the width, and is nearly gone for one function",
    ],
    name="02-room", answer="shrinks with the width, and is nearly gone for one function",
)

# %%
WIDTHS = [2, 8, 32]
by_width = {
    f"{task}, {words}": np.stack([network_change(name, width=w)[:, i] for w in WIDTHS], axis=1)
    for name, words in {"equal": "unrelated", "related": "the same function"}.items()
    for i, task in enumerate("AB")
    if name == "equal" or task == "A"
}

# %%
AXES = {"references": {"no change": 0.0}, "ylabel": "test R², one unit minus mixed", "logx": True}
show(
    lines(WIDTHS, by_width, title="The wider the trunk, the less A gains from one unit", xlabel="units in the trunk", **AXES)
)


# %% tags=["fold"]
def table_of(series, values, head):
    cells = {name: mean_interval(gains) for name, gains in series.items()}
    body = "\n".join(
        f"| {v} | " + " | ".join(entry(c.mean[i], c.half_width[i]) for c in cells.values()) + " |"
        for i, v in enumerate(values)
    )
    say(f"| {head} | {' | '.join(cells)} |\n|{'---|' * (len(cells) + 1)}\n{body}")


# %%
table_of(by_width, WIDTHS, "units")
outcome("02-room")

# %% tags=["claim"]
at_width = mean_interval(by_width["A, unrelated"])
claim("Unrelated tasks: A's gain shrinks with the width …", lambda gain: mean_interval(-np.diff(gain)).low > 0,
      by_width["A, unrelated"])
claim("… and is still there at 32 units.", lambda low: low > 0, at_width.low[-1])
claim(
    "For one function A gains less than for unrelated ones, at 8 units and at 32.",
    lambda same, unrelated: mean_interval(unrelated - same).low > 0,
    by_width["A, the same function"][:, 1:], by_width["A, unrelated"][:, 1:],
)

# %% [markdown]
# A likely reason: a wide trunk has room for both tasks, and where both are one function, B asks of the trunk what A needs. (In
# a trunk of two units even B gains: one unit is not always a trade.)
#
# And the training time? For each number of steps we take its best learning rate:


# %%
def r2_by_step(name, ratio=1):
    return np.stack([best_r2(name, tried) for tried in tries(name, ratio=ratio)], axis=1)


steps = {name: (r2_by_step(name), r2_by_step(name, 128)) for name in ("equal", "related")}
by_step = {
    words: (steps[name][0] - steps[name][1])[:, :, task]
    for words, name, task in zip(by_width, ("equal", "equal", "related"), (0, 1, 0))
}

# %%
show(lines(STOPS, by_step, title="After 320 steps the gain from one unit is smaller than after ten", xlabel="steps of Adam", **AXES))
table_of(by_step, STOPS, "steps")

# %% tags=["claim"]
early, late = (np.stack([by_step[f"{task}, unrelated"][:, i] for task in "AB"], axis=1) for i in (0, -1))
claim(
    "Unrelated tasks: both gain less from one unit after the last step than after ten.",
    lambda early, late: mean_interval(early - late).low > 0, early, late,
)
claim("One function: A's gain after ten steps is a loss after the last.", lambda early, late: early > 0 > late,
      *(mean_interval(by_step["A, the same function"][:, i]).mean for i in (0, -1)))

# %% [markdown]
# After ten steps the raw unit hurts B *itself*: Adam moves a weight by about its learning rate per step, and B's predictions
# have to grow to 128. Where both tasks are one function, A's gain is gone after 80 steps and turns into a small loss. Where they
# are unrelated, A still gains after the last step, and B tends to pay a little. (A fixed number of steps compares *speeds*. In
# the table of families, each unit was free to choose its own number.)

# %% [markdown]
# ## Kelvin, or the other scale
#
# An offset leaves the variance alone. Does it leave a model alone? Kelvins add 273.15 to each temperature. The labels of the
# survey, as they are:

# %%
away = soil.y.mean(axis=0) / soil.y.std(axis=0)
OFFSETS = [1, 3, round(273.15 / temperature.std())]
say("Distance of the mean from 0, in standard deviations: "
    + ", ".join(f"{name} {d:.1f}" for name, d in zip(soil.task_names, away)) + f". Kelvins add {OFFSETS[-1]} to that of the temperature.")

# %% tags=["fold"]
predict(
    "Task B's label gets an offset of some standard deviations; its variance stays. What happens to the tuned shared network, "
    "and what to OLS with an intercept?",
    ["nothing, to both", "the network gets worse, OLS does not", "OLS gets worse, the network does not", "both get worse"],
    name="02-kelvin", answer="the network gets worse, OLS does not",
)

# %% [markdown]
# Some of these trainings may need larger steps than others, so that the learning rates on offer span a wider range here:

# %%
WIDE = (0.01, 0.1, 0.3, 1.0)
centred = {width: network_r2("equal", width=width, rates=WIDE) for width in (8, 32)}
gain_at = {
    (width, d): centred[width] - network_r2("equal", width=width, offset=d, rates=WIDE) for width in centred for d in OFFSETS
}
centring = {
    f"{task}, {width} units": np.stack([gain_at[width, d][:, i] for d in OFFSETS], axis=1)
    for width in centred
    for i, task in enumerate("AB")
}

# %%
offset_effect = np.ptp([LinearRegression().fit(first.X, first.y + d).predict(first.X) - d for d in (0, *OFFSETS)], axis=0).max()

# %%
say(f"R² gained by centring B, which lies that many standard deviations away from 0. (Largest move of OLS: {offset_effect:.0e}.)")
table_of(centring, OFFSETS, "standard deviations")
outcome("02-kelvin")

# %% tags=["claim"]
at32 = mean_interval(centring["B, 32 units"])
claim("At 32 units, centring helps B at three standard deviations and at the kelvins' distance.", lambda low: low > 0, at32.low[1:])
claim("At one standard deviation it is worth less than 0.05 of R².", lambda high: high < 0.05, at32.high[0], opposite=(at32.high[1],))
claim("The farther away, the more it is worth.", lambda gain: mean_interval(np.diff(gain)).low > 0, centring["B, 32 units"])
claim(
    "At three standard deviations and beyond, the wide trunk needs centring more than the narrow one.",
    lambda wide, narrow: mean_interval(wide - narrow).low > 0, *(centring[f"B, {width} units"][:, 1:] for width in (32, 8)),
)
claim("Least squares with an intercept does not notice.", lambda moved: moved < 1e-9, offset_effect, opposite=(1e-3,), effect=False)

# %% [markdown]
# A network starts near 0 and has to *travel* to the offset; on the way its trunk is moved by errors that have nothing to do with
# x. One standard deviation hardly shows, but at 32 units three cost a good part of the R². More width makes the unit matter
# less, and the offset more.
#
# Real labels have both: another spread *and* an offset. Say B has 8 times the standard deviation of A and lies three of
# its own away from 0; the trunk has 32 units. What is centring worth, what is dividing, what are both?

# %%
raw = network_r2("equal", ratio=8, offset=3, width=32)
treated = {"centred": {"ratio": 8}, "divided": {"offset": 3}, "both (standardised)": {}}
parts = {how: network_r2("equal", width=32, **left) - raw for how, left in treated.items()}
say("; ".join(f"{how}: A {entry(c.mean[0], c.half_width[0])}, B {entry(c.mean[1], c.half_width[1])}"
              for how, c in ((how, mean_interval(gains)) for how, gains in parts.items())) + " (test R² gained).")

# %% tags=["claim"]
of_b = {how: gains[:, 1] for how, gains in parts.items()}
claim(
    "Centring alone gives B more than three quarters of what standardising gives it.",
    lambda part, both: mean_interval(part - 0.75 * both).low > 0,
    of_b["centred"], of_b["both (standardised)"], opposite=(of_b["divided"], of_b["both (standardised)"]),
)
claim("A gains from standardising B.", lambda gain: mean_interval(gain).low > 0, parts["both (standardised)"][:, 0])

# %% [markdown]
# So normalising has two parts that help for different reasons: **centring for offsets, dividing for variances.** In this wide trunk
# centring is all of B's gain; the smaller gain of A shows only with both. (Starting the bias of B's head at the mean does the
# same as centring: every error, and so every gradient, is the same from the first step on.)

# %% [markdown]
# ## Should every task count the same?
#
# Standardising says yes. What if the answer is no?

# %% tags=["fold"]
predict(
    "A forest predicts one real label with variance 128². Twenty columns of pure noise, each with variance 1, are added as "
    "further labels. You standardise all 21. The test R² of the real label …",
    ["rises", "stays", "falls"],
    name="02-junk", answer="falls",
)


# %%
def with_junk(seed, scale):
    rng, real = np.random.default_rng(seed), worlds["equal"][seed]
    labels = np.column_stack([real.y[:200, 0] * scale, rng.standard_normal((200, 20))])
    forest = clone(FAMILIES["one forest"]).fit(real.X[:200], labels)
    return r2(forest.predict(real.X[-500:])[:, 0] / scale, real.y[-500:, 0])


# %%
junk = mean_interval([with_junk(seed, 1.0) - with_junk(seed, 128.0) for seed in range(SEEDS)])
say(f"Standardised minus raw, test R² of the real label: **{junk}** over {SEEDS} seeds.")
outcome("02-junk")

# %% tags=["claim"]
claim("Standardising the junk as well costs the real label some of its R².", lambda gain: gain < 0, junk.high)

# %% [markdown]
# The raw unit had protected the real label from the junk. There are three more cases in which not to standardise: labels that
# are **commensurate** (two costs in euros: the larger *is* the larger cost); a label that is nearly **constant** (divided by a
# tiny standard deviation, its rounding errors become a task); and a **single** priority (then give it the larger weight).
#
# <details><summary><b>Spot the bug:</b> "Without normalised labels multi-task regression performs poorly, even with a good loss
# and regularisation."</summary>
#
# For seven of the sixteen families it makes no difference at all, in most of the others it helps one task or costs the other,
# depending on the data, and with junk labels it costs. Normalising *does* matter for narrow shared networks with very different
# variances, and for networks whose labels lie several standard deviations away from 0.
# </details>
#
# <details><summary><b>Spot the bug:</b> "Normalising labels makes optimisation stable and convergence faster."</summary>
#
# For a linear model trained by gradient descent the curvature is $X^\top X / n$: no label in it. Started at 0, the path for
# $1024\,y$ is 1024 times the path for $y$, step by step. Networks are another matter: their curvature contains the residuals.
# </details>


# %%
def descend(labels, steps=100):
    weights, path = np.zeros((12, 2)), []
    for _ in range(steps):
        weights = weights - 0.1 * first.X.T @ (first.X @ weights - labels) / len(labels)
        path.append(weights)
    return np.array(path)


# %% tags=["claim"]
claim(
    "The path for 1024 y is 1024 times the path for y, in every step and to the last digit.",
    np.array_equal, descend(1024 * first.y), 1024 * descend(first.y),
    opposite=(descend(1024 * first.y), descend(first.y)), effect=False,
)

# %% [markdown]
# ## The answer
#
# > **The scale of labels can matter only if something is *shared* between tasks and chosen by adding up label units (a
# > split, a component, a trunk, a hyper-parameter, an aggregate metric), or if a constant has label units (an ε, a penalty,
# > a learning rate, the start of a network). Otherwise it cancels.**
#
# *Can*: where both tasks want the same choice, the table has zeros for shared choices, too. And where it does matter,
# **standardising is a choice of priorities, not a free improvement.** It makes each task's $1 - R^2$ count the same. If that is
# what you want, do it. A weighted loss (lesson 4) can express any other priority, and costs one more training for each weight
# you try, where standardising costs none.
#
# | ask | if yes |
# |---|---|
# | Is each label fitted on its own, with constants chosen on its own? | scale cancels: leave it |
# | Does a split, component, trunk or α serve several labels? | bring them to one unit, or weigh them knowingly |
# | Does a constant of the method have label units? | scale, or tune that constant for each label |
# | Is it a network, and the label's mean a standard deviation or more away from 0? | centre |
# | Are the labels commensurate, or some of them junk? | do not standardise |
#
# **The limits.** Small data, a few families with their usual settings, two tasks. The zeros follow from algebra and hold anywhere,
# up to rounding and ties; the sizes of the effects are not a law. In our networks the effect of the ratio shrank with width, with
# training, and with what the tasks share. And do not infer a gain from the ratio of two standard deviations alone: on real
# data, normalising can help because of an offset where the spreads are alike, and do nothing where only the spreads differ
# (lesson 12).

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
# The sum falls apart into one problem per label; no parameter appears in two of them.
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
# - **Variance, not range, not offset,** is what a task brings to a squared loss before anything else is learned.
# - **Fit twice and compare** settles an argument about scale.
# - **Shared and compared in label units,** or a constant in label units? Then scale can matter. Otherwise it cancels.
# - **Centre for offsets, divide for variances,** and know that dividing sets priorities. The wide network needed centring most.
#
# ## What to try next
#
# Run the table with *related* tasks (`make_related_tasks(1.0, …)`): which rows shrink? Try `sklearn.datasets.load_diabetes`
# with progression, blood pressure and `s5` as three labels. Then go on to **lesson 3**: scaling, done right.
