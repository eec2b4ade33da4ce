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
# # 3. Scaling done right
#
# **You will be able to** choose between min-max, standard and robust scaling and a logarithm; learn a scaler from the
# training rows only; bring predictions *and errors* back to their units; and say what no such scaler can do.
#
# **Before:** lesson 2 (when scaling matters at all). **Time:** 80 minutes. **Difficulty:** ●●○
#
# **Exercises:** open problem set 3 (`ps03_scaling_done_right`) beside this lesson. Each section says which exercise follows it.

# %% [markdown]
# ## A dictionary for each language
#
# A scaler is a dictionary: it translates labels from their own language (euros, days, °C) into a common one, and translates
# predictions back. Three rules follow, and most of this lesson is what happens when one is broken.
#
# 1. **One dictionary a language.** Each task has its own location $m_t$ and scale $s_t$.
# 2. **Compiled before the exam.** $m_t$ and $s_t$ come from the training rows.
# 3. **Back with the same dictionary,** and not everything goes back in the same way.
#
# $$ z = \frac{y - m}{s}, \qquad y = m + s\,z . $$

# %%
import os

import numpy as np
import torch
from IPython.display import Markdown, display
from scipy.stats import norm, skew
from sklearn.linear_model import LinearRegression, RidgeCV
from sklearn.metrics import r2_score
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

# %%
from mtl_teach.data import make_related_tasks, make_soil_and_water
from mtl_teach.figures import bars, dots, histograms, scatter, show, training_curves
from mtl_teach.learn import explore, predict, quiz
from mtl_teach.losses import masked_loss
from mtl_teach.metrics import mean_interval
from mtl_teach.models import HardSharing
from mtl_teach.scaling import TargetScaler
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum

# %% [markdown]
# `SMOKE=1` shrinks the number of seeds for fast tests; what the lesson claims about effects is asserted in the full run.

# %%
SMOKE = os.environ.get("SMOKE") == "1"
SEEDS = 2 if SMOKE else 40


def say(text):
    display(Markdown(text))


# %% [markdown]
# ## One location and one scale for every task
#
# Five samples, two tasks. Three usual pairs of numbers:
#
# | scaler | location $m$ | scale $s$ |
# |---|---|---|
# | min-max | minimum | maximum − minimum |
# | standard | mean | standard deviation (dividing by $n$) |
# | robust | median | upper − lower quartile |

# %%
task_1 = np.array([10.0, 20.0, 30.0, 40.0, 50.0])
task_2 = np.array([100.0, 200.0, 300.0, 400.0, 500.0])
both = np.column_stack([task_1, task_2])
for method in ("minmax", "standard", "robust"):
    print(f"{method:9}", TargetScaler(method).fit(both).transform(both).T.round(3).tolist())

# %% [markdown]
# Now a notebook as one finds many: one scaler object, used for the first task and then for the second.

# %%
scaler = MinMaxScaler()
z_1 = scaler.fit_transform(task_1[:, None])
z_2 = scaler.fit_transform(task_2[:, None])

# %%
predict(
    "Both columns of z are right. Later, predictions of task 1 are brought back with `scaler.inverse_transform`. A perfect "
    "prediction of the labels 10, 20, 30, 40, 50 comes back as …",
    ["10 to 50", "100 to 500", "0 to 1", "an error"],
    name="03-reused",
)

# %%
back = scaler.inverse_transform(z_1).ravel()
say(f"Task 1 comes back as **{back.astype(int).tolist()}**.")
assert np.allclose(back, task_2)

# %% [markdown]
# <details><summary><b>Spot the bug:</b> one object, <code>fit_transform</code> twice. What went wrong, and why did nobody notice?</summary>
#
# The second `fit_transform` made the object forget the first task: it holds one dictionary, and it is the other language's. The
# scaled labels were right, training went well, losses looked fine. The mistake shows only when a prediction goes back to its
# unit. Fit **one scaler to the whole matrix** `(n_samples, n_tasks)`, or keep one object a task.
# </details>

# %%
right = TargetScaler("minmax").fit(both)
assert np.allclose(right.inverse_transform(right.transform(both)), both)

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "Each task is scaled separately, so that no information leaks between the tasks."</summary>
#
# Nothing could leak: these scalers work column by column, so one scaler on the matrix and two scalers on the columns give
# the same numbers (the next cell). What *would* mix the tasks is flattening all labels to one long column. And
# **leakage** is another matter: it is about rows, not columns.
# </details>

# %%
columns = [StandardScaler().fit_transform(column[:, None]) for column in (task_1, task_2)]
assert np.array_equal(StandardScaler().fit_transform(both), np.hstack(columns))

# %%
flat = MinMaxScaler().fit_transform(both.reshape(-1, 1)).reshape(both.shape)
print(
    "variances after flattening:",
    flat.var(axis=0).round(4),
    "  correlation of the two tasks:",
    np.corrcoef(both.T)[0, 1],
)

# %% [markdown]
# The last number is a warning about toy examples: the second task is ten times the first. After scaling they are *one* column,
# and whatever a model does with them says nothing about multi-task learning.
#
# **Exercise:** `fit_label_scaler` in problem set 3.
#
# ### The label that never varies
#
# The labels of a fold can all be equal. Their spread is 0, and 0/0 is NaN; `TargetScaler` and the exercise give such a task the
# scale 1, so that a pipeline survives one odd fold. Ask the *values* whether they are equal: the standard deviation of three
# labels of 0.1 is computed as 1.4e-17, not as 0. Worse is the label that *hardly* varies:

# %%
nearly = 7 + 1e-6 * np.random.default_rng(0).standard_normal(200)
z_far = (7.01 - nearly.mean()) / nearly.std()
say(f"Trained on 200 labels of 7.000000 ± 0.000001, a label of 7.01 becomes z = **{z_far:.0f}**.")
assert z_far > 9000

# %% [markdown]
# And the label with too many digits. Labels become `float32` before training; a unix time should be centred *before* that.

# %%
spacing = np.spacing(np.float32(1.7e9))
say(f"Around 1.7 · 10⁹ seconds neighbouring `float32` numbers are **{spacing:.0f} seconds** apart.")
assert spacing == 128

# %% [markdown]
# ## What an affine map cannot do
#
# Rain, incomes, prices: many labels have a long right tail. Standardise one.

# %%
rng = np.random.default_rng(3)
income = np.exp(rng.standard_normal(4000))
predict(
    f"A log-normal label has skewness {skew(income):.3f} (a normal one: 0). What is its skewness after standardising?",
    ["0", "about 1", f"{skew(income):.3f}"],
    name="03-skew",
)

# %%
shapes = {"raw": income, "log": np.log(income)}
shapes |= {m: TargetScaler(m).fit(income[:, None]).transform(income[:, None])[:, 0] for m in ("standard", "robust")}

# %%
show(
    histograms(
        {name: shapes[name] for name in ("raw", "standard", "robust", "log")}, n_columns=4, bins=40,
        title="Standardising moves and stretches; only the logarithm changes the shape",
        xlabel=["income (1000 EUR)", "z", "z", "log income"],
    )
)

# %%
print({name: round(float(skew(values)), 3) for name, values in shapes.items()})
assert np.isclose(skew(shapes["standard"]), skew(income))
assert np.isclose(skew(shapes["robust"]), skew(income))
assert abs(skew(shapes["log"])) < 0.15

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "Standardising makes the labels more Gaussian, with a similar distribution."</summary>
#
# A map $y \mapsto (y - m)/s$ changes where a distribution lies and how wide it is. Skewness, tails, number of peaks stay
# *exactly* as they were. Mean 0 and variance 1 do not make anything normal.
# </details>
#
# The quantile plot says the same: on the diagonal means normal.

# %%
at = (np.arange(200) + 0.5) / 200

# %%
z_scores = {name: TargetScaler().fit(shapes[name][:, None]).transform(shapes[name][:, None]) for name in ("raw", "log")}
show(
    scatter(
        {f"{'standardised' if name == 'raw' else 'log, then standardised'}": np.column_stack([norm.ppf(at), np.quantile(z, at)])
         for name, z in z_scores.items()},
        title="Standardised is not normal: the quantiles bend away", diagonal=True,
        xlabel="quantile of the normal distribution", ylabel="quantile of the label (sd)",
    )
)

# %% [markdown]
# ### The price of a logarithm
#
# Learn $\log y$, predict, take the exponential. The prediction is now right on the log scale. On the scale of money?

# %%
predict(
    "A well-specified linear model of log income, residual sd 1. The sum of exp(predictions), divided by the sum of the true "
    "incomes, is about …",
    ["1.65", "1.00", "0.61"],
    name="03-retransform",
)


# %%
def retransform(seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((3000, 3))
    y = np.exp(x @ [0.5, 0.3, -0.2] + rng.standard_normal(3000))
    model = LinearRegression().fit(x[:1500], np.log(y[:1500]))
    smear = np.exp(np.log(y[:1500]) - model.predict(x[:1500])).mean()
    naive = np.exp(model.predict(x[1500:]))
    return [naive.sum() / y[1500:].sum(), smear * naive.sum() / y[1500:].sum()]


# %%
ratio = mean_interval([retransform(seed) for seed in range(SEEDS)])
show(
    dots(
        {"sum predicted / sum of labels": ratio}, ["exp(prediction)", "exp(prediction) × smearing factor"], reference=1.0,
        title="The exponential of a mean is not the mean of the exponential",
        xlabel="sum of predictions / sum of labels, test rows (1 is right)",
    )
)

# %%
say(f"Sum of predictions over sum of labels, without and with smearing: **{ratio:.3f}** ({SEEDS} seeds).")
assert SMOKE or (ratio.high[0] < 0.7 and abs(ratio.mean[1] - 1) < 0.05)

# %% [markdown]
# $\exp(\mathrm{E}[\log y])$ is the *median* income, and the mean of a skewed label lies above it: by $e^{\sigma^2/2}$, here
# $e^{0.5} = 1.65$. The cure is one factor, the mean of the exponentiated residuals (**smearing**, Duan 1983). A logarithm
# changes the question from "how much on average?" to "by which factor?". Sometimes that is the better question: say which.

# %% [markdown]
# ## Robust scalers, fragile losses
#
# One recording error: 500 instead of 50. A robust scaler takes median and quartiles, which the error hardly moves.

# %%
wild = np.array([10.0, 20.0, 30.0, 40.0, 500.0])
predict(
    "In raw units the last label makes 80 % of the squared deviations from the mean. After `RobustScaler` it makes …",
    ["about 80 %", "about 20 %", "next to nothing"],
    name="03-robust",
)


# %%
def outlier_share(values):
    deviation = (values - values.mean()) ** 2
    return deviation[-1] / deviation.sum()


scalers = {"min-max": "minmax", "standard": "standard", "robust": "robust"}
z_wild = {name: TargetScaler(m).fit(wild[:, None]).transform(wild[:, None])[:, 0] for name, m in scalers.items()}
print("outlier's share:", ", ".join(f"{name} {outlier_share(z):.3f}" for name, z in {"raw": wild, **z_wild}.items()))

# %%
print("robust z:", z_wild["robust"])
assert np.allclose([outlier_share(z) for z in z_wild.values()], outlier_share(wild))
assert np.allclose(z_wild["robust"], RobustScaler().fit_transform(wild[:, None])[:, 0])

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "The robust scaler makes training less sensitive to outliers."</summary>
#
# Its *parameters* are less sensitive. The outlier is still there, at z = 23.5 instead of about 2, and its share of a squared
# loss is the same after *any* affine map, because all deviations are divided by one number. Robust training needs a robust
# **loss**: absolute error, Huber, or clipping.
# </details>

# %%
prediction = torch.zeros(5, 1, requires_grad=True)  # the median, in robust units
robust_z = torch.tensor(z_wild["robust"], dtype=torch.float32)[:, None]

# %%
for name in ("mse", "mae", "huber"):
    each = masked_loss(prediction, robust_z, loss=name, reduction="none").detach()
    (slope,) = torch.autograd.grad(masked_loss(prediction, robust_z, loss=name)[0], prediction)
    of_loss, of_gradients = (float(part[-1] / part.sum()) for part in (each, slope.abs()))
    print(f"{name:6} share of the loss {of_loss:.3f}, of the gradients {of_gradients:.3f}")

# %% [markdown]
# A step follows the gradients. With a squared loss nearly all of the pull comes from the outlier, with MAE each wrong label
# pulls alike, and Huber lies in between: the outlier still fills the *printed* loss, and pulls with a bounded force. (The
# same lesson as in lesson 1: look at what reaches the trunk.) Move the outlier yourself:

# %%
OUTLIERS = [50, 100, 200, 500, 1000, 5000]
grid = {}
for last in OUTLIERS:
    labels = np.array([10.0, 20.0, 30.0, 40.0, last])[:, None]
    z = {name: TargetScaler(method).fit(labels).transform(labels)[:, 0] for name, method in scalers.items()}
    grid[last] = {name: [v[3] - v[0], outlier_share(v)] for name, v in z.items()}


# %%
def say_outlier(cell, last):
    gaps = ", ".join(f"{gap:.2f} ({name})" for name, (gap, _) in cell.items())
    return f"Outlier at {last}: labels 10 and 40 lie {gaps} apart; the outlier's share is {cell['robust'][1]:.0%} under all three."


def draw_outlier(cell, last):
    names = ["distance of the labels 10 and 40", "outlier's share of the squares"]
    return bars(cell, names, title=say_outlier(cell, last), ylabel="scaled units; share")


# %%
explore(grid, {"outlier at": OUTLIERS}, draw_outlier, say_outlier, title="One outlier through three scalers")

# %%
robust_gap, standard_gap, minmax_gap = (
    [grid[last][name][0] for last in OUTLIERS] for name in ("robust", "standard", "min-max")
)
assert np.ptp(robust_gap) == 0  # the good labels do not feel the outlier
assert minmax_gap[-1] < 0.01 < standard_gap[-1] < 0.05  # here they are squeezed together
assert all(
    np.allclose(share, outlier_share(np.array([10.0, 20, 30, 40, k]))) for k in grid for _, share in grid[k].values()
)

# %% [markdown]
# What the robust scaler *is* good for: the good labels keep their distance. Min-max and standard squeeze them together.

# %% [markdown]
# ## Values go back, errors go back differently
#
# Now the whole way, with five labels of soil and water: split, scale, train, bring back, report.

# %%
field = make_soil_and_water(600, outliers=0.0, seed=1)
train, test = field.take(slice(0, 400)), field.take(slice(400, None))
y_scaler, x_scaler = TargetScaler().fit(train.y), StandardScaler().fit(train.X)
x_train, x_test = (torch.tensor(x_scaler.transform(part.X), dtype=torch.float32) for part in (train, test))
z_train, z_test = (torch.tensor(y_scaler.transform(part.y), dtype=torch.float32) for part in (train, test))

# %%
net = HardSharing(6, 16, [1] * 5, generator=torch.Generator().manual_seed(0))
history = fit(
    net, minibatches(x_train, z_train, size=100), masked_loss, WeightedSum([1.0] * 5), torch.optim.Adam(net.parameters(), 0.01),
    epochs=5 if SMOKE else 40, validate=lambda model: masked_loss(model(x_test), z_test), quiet=True,
    task_names=field.task_names, generator=torch.Generator().manual_seed(0),
)

# %%
show(
    training_curves(
        history, "validation", title="One scale for all five: the losses start near 1, then part ways",
        ylabel="test loss (MSE of z)",
    )
)

# %% [markdown]
# Phosphorus stays above 1. Is the model worse than the mean? A 1 is the variance of the *training* labels:

# %%
spread, final_loss = z_test[:, 1].var().item(), history.column("validation")[-1, 1]
say(f"Variance of the test labels of phosphorus, in z: **{spread:.2f}**; its last test loss: {final_loss:.2f}. A little better.")
assert SMOKE or final_loss < spread

# %%
with torch.no_grad():
    z_hat = net(x_test)
rmse_z = (z_hat - z_test).square().mean(dim=0).sqrt().numpy()
print(", ".join(f"{name} {error:.2f}" for name, error in zip(field.task_names, rmse_z)))

# %% [markdown]
# The errors have no unit. A farmer wants mg/kg. Somebody calls `inverse_transform` on them:

# %%
predict(
    "`inverse_transform(rmse_z)` computes mean + scale · rmse_z. Compared with the true RMSE in label units, that is …",
    ["right", "too large by the mean of the label", "too small by the mean of the label", "too large by a factor"],
    name="03-rmse",
)

# %%
y_hat = y_scaler.inverse_transform(z_hat.numpy())
true_rmse = np.sqrt(((y_hat - test.y) ** 2).mean(axis=0))
as_values, as_errors = y_scaler.inverse_transform(rmse_z[None])[0], y_scaler.inverse_std(rmse_z)

# %%
say(
    "| label | unit | `inverse_transform` | `inverse_std` | true RMSE |\n|---|---|---|---|---|\n"
    + "\n".join(
        f"| {name} | {unit} | {v:.2f} | {e:.2f} | {t:.2f} |"
        for name, unit, v, e, t in zip(field.task_names, field.task_units, as_values, as_errors, true_rmse)
    )
)

# %%
assert np.allclose(as_errors, true_rmse, rtol=1e-4)
assert np.allclose(as_values - true_rmse, y_scaler.location_, rtol=1e-4, atol=1e-3)

# %% [markdown]
# A *value* goes back through both numbers: $y = m + s z$. An *error* is a difference of two values: the means cancel and only the
# scale is left, $s\,\mathrm{RMSE}_z$. An MSE needs $s^2$; R² has no unit and needs nothing. Report in units, a line a task.
#
# Missing labels take no part: a scaler learns from the labels that exist, and a NaN stays a NaN.

# %%
gaps = np.array([[1.0, 10.0], [3.0, np.nan], [np.nan, 30.0]])
print(TargetScaler().fit(gaps).transform(gaps).tolist())

# %% [markdown]
# **Exercise:** `rmse_to_units` in problem set 3.

# %% [markdown]
# ## Fit the scaler inside the fold
#
# Mean and scale are *learned* numbers. If they are learned from all rows, the test rows have had a say: **leakage**. How bad
# is it? Measure instead of preaching. Three leaks, 30 training and 30 test rows (60 and 60 for the last):
#
# 1. the label scaler sees all rows: what happens to the true R²?
# 2. the same: what happens to the *reported* RMSE in z?
# 3. a feature "mean label of this district", computed from all rows. The label is pure noise.

# %%
predict(
    "Which of the three leaks fakes a good model?",
    ["all three, about equally", "the scaler, 1 and 2", "the district means, 3", "none of them"],
    name="03-leak",
)


# %%
def scaler_leak(seed):
    rows = make_related_tasks(0.5, (30, 30), n_test=30, ceiling_r2=(0.9, 0.3), seed=seed)
    known, new = rows.take(~rows.is_test), rows.take(rows.is_test)
    report = []
    for seen in (rows.y, known.y):  # the leak, then the rule
        scale = TargetScaler().fit(seen)
        model = RidgeCV(np.logspace(-2, 3, 11)).fit(known.X, scale.transform(known.y))
        error = scale.inverse_transform(model.predict(new.X)) - new.y
        report.append(
            [
                1 - (error**2).mean() / new.y.var(axis=0).mean(),
                np.sqrt((error**2).mean(axis=0)).mean() / scale.scale_.mean(),
            ]
        )
    return np.subtract(*report)


# %%
def district_leak(seed):
    rng = np.random.default_rng(seed)
    district, noise = rng.integers(30, size=120), rng.standard_normal(120)
    scores = []
    for known in (np.ones(120, bool), np.arange(120) < 60):  # means over all rows, then over the training rows
        mean = np.array(
            [noise[known & (district == d)].mean() if (known & (district == d)).any() else 0.0 for d in range(30)]
        )
        feature = mean[district][:, None]
        scores.append(r2_score(noise[60:], LinearRegression().fit(feature[:60], noise[:60]).predict(feature[60:])))
    return scores


# %%
affine = mean_interval([scaler_leak(seed) for seed in range(SEEDS)])
district = mean_interval([district_leak(seed) for seed in range(SEEDS)])
say(
    f"Leak minus rule, over {SEEDS} seeds: the scaler changes R² by {affine.mean[0]:+.4f} ± {affine.half_width[0]:.4f} and the "
    f"reported z-RMSE by {affine.mean[1]:+.3f} ± {affine.half_width[1]:.3f}. District means give *pure noise* an R² of "
    f"**{district.mean[0]:+.2f} ± {district.half_width[0]:.2f}**; the honest one is {district.mean[1]:+.2f} ± {district.half_width[1]:.2f}."
)

# %%
leaks = np.array([[*scaler_leak(seed), np.subtract(*district_leak(seed))] for seed in range(SEEDS)])
show(
    dots(
        {"with the leak minus without": leaks}, ["label scaler: R²", "label scaler: reported RMSE in z", "district means: R²"],
        reference=0.0, title="Two numbers a task leak little; labels inside a feature leak everything",
        xlabel="change caused by the leak (R², or RMSE in sd)",
    )
)
assert SMOKE or (abs(affine.mean[0]) < 0.02 and district.low[0] > 0.1 and district.high[1] < 0)

# %% [markdown]
# Told straight: the leak through an affine label scaler is small, here hardly to be told from 0. Keep the rule all the same: it costs nothing, the
# *reported* z-errors are divided by a scale that the test rows helped to make, and the habit protects you from the third
# kind, which turns noise into a result.
#
# **Exercise:** `cv_predict_scaled` in problem set 3.
#
# ### Tomorrow's label
#
# Fitted to training rows, min-max promises [0, 1] for *those* rows. A new label lies outside with probability $2/(n+1)$: among
# $n+1$ labels each is equally likely to be the largest or the smallest.

# %%
draws = np.random.default_rng(5).standard_normal((200 if SMOKE else 20_000, 100))
outside = np.mean((draws[:, -1] > draws[:, :-1].max(axis=1)) | (draws[:, -1] < draws[:, :-1].min(axis=1)))
say(f"With n = 99 training labels: **{outside:.1%}** of new labels lie outside [0, 1]; the formula says {2 / 100:.1%}.")
assert SMOKE or abs(outside - 0.02) < 0.005

# %% [markdown]
# Harmless for a linear head. A head that ends in a **sigmoid**, "because the labels are in [0, 1]", can never reach them.

# %% [markdown]
# ## Which scaler, then?
#
# | label | use | because |
# |---|---|---|
# | anything without a special reason | standard | every task's loss starts at 1, and is $1 - R^2$ |
# | a few recording errors | robust, **and** Huber or MAE | the scaler protects the good labels, the loss the model |
# | positive, multiplicative (prices, counts) | log, then standard; smear on the way back | errors become factors |
# | true bounds that belong to the label (a share) | min-max with the *known* bounds | nothing is estimated |
# | costs in one currency | none | the unit is the priority |
#
# **The limits.** Only labels were scaled here, with squared losses. Only the standard scaler makes the tasks equal, and only at
# the start: what variance min-max or a robust scale leaves depends on the label's shape, and later an easy task's loss falls and
# its say with it. That is where lesson 4 begins. The leaks were measured on small linear models.

# %% [markdown]
# ## Four confusions to leave behind
#
# <details><summary><b>"Scaling each task separately prevents leakage."</b></summary>
#
# Columns do not leak into each other. Rows do: fit on training rows.
# </details>
#
# <details><summary><b>"Standardised means normally distributed."</b></summary>
#
# Skewness before and after was the same number.
# </details>
#
# <details><summary><b>"An RMSE is brought back with inverse_transform."</b></summary>
#
# That adds the mean of the label. Multiply by the scale.
# </details>
#
# <details><summary><b>"RobustScaler makes the model robust."</b></summary>
#
# It makes two *numbers* robust. The squared loss still belongs to the outlier.
# </details>
#
# The **written part** ("leak or no leak?", five cases) is at the end of problem set 3.

# %% [markdown]
# ## Quick test
#
# Seven questions, five to pass.

# %%
quiz("03")

# %% [markdown]
# ## Take-away
#
# - **One dictionary a task,** fitted to the label matrix of the training rows, and kept for the way back.
# - **Values: mean + scale · z. Errors: scale · error. R²: as it is.**
# - **Affine maps keep the shape.** For the shape take a logarithm, and pay its price on the way back.
# - **Robust scaler ≠ robust loss.**
# - **Label scalers leak little, features made of labels leak everything:** one rule, inside the fold, for both.
#
# ## What to try next
#
# Give 1 % of phosphorus a slipped decimal point (`outliers=0.01`) and train with `masked_loss(..., loss="huber")`: which
# tasks notice? Then go on to **lesson 4**: all tasks have the same scale now; who steers the trunk? In the minimum course, go
# on to **lesson 5**.
