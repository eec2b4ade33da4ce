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
# # Project 4. Soil and water
#
# A field station wants one model for five measurements: nitrogen, phosphorus, the depth of the water table, temperature
# and rain. The labels differ in scale, in offset, in recording errors and in zeros. **You compare five treatments of the
# labels, sweep the weight between soil and weather, choose, and write down why.** The stretch lets the model learn its
# weights, and the extra is real: three labels of 442 patients.
#
# **Before:** lessons 2 to 5; the stretch uses lesson 10. **Time:** about 4 hours. **Difficulty:** ●●○
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one.

# %%
import os

import numpy as np
import torch
from sklearn.datasets import load_diabetes

from mtl_teach.data import make_soil_and_water
from mtl_teach.figures import dots, show, trade_off
from mtl_teach.learn.projects.milestones import (
    Board,
    audit_filled,
    better_than_mean,
    configurations,
    efficient_choice,
    intervals_present,
    usable_predictions,
    weight_log_filled,
)

SMOKE = os.environ.get("SMOKE") == "1"  # a quick run for tests; your own runs use all seeds
board = Board()

# %% [markdown]
# ## Before anything: outputs, objectives, limits
#
# Say what the model puts out, what is to become large or small, and what must hold. An **objective** is a wish without an
# end; a **limit** is a number that a configuration keeps or breaks, and one that breaks it is not a candidate. Complete the
# table now, before a result can talk you into it; the write-up comes back to it.
#
# | output | unit | objective | limit |
# |---|---|---|---|
# | nitrogen, phosphorus, water table | mg/kg, mg/kg, m | R² on checked rows, large | |
# | temperature, rain | K, mm/day | … | |
# | the whole model | | one model instead of five | for example: phosphorus right to 10 mg/kg; fits on the station's small computer |

# %% [markdown]
# ## The data
#
# 1200 days in the field, cut in three. **Train** on the first group, **choose** on the second, **report** the third once,
# at the end. The temperature comes in kelvins.

# %%
SEEDS = range(2 if SMOKE else 4)
data = make_soil_and_water(1200, temperature_unit="K", seed=0)
train, validation, test = slice(0, 600), slice(600, 900), slice(900, 1200)
X = (data.X - data.X[train].mean(axis=0)) / data.X[train].std(axis=0)
x = torch.tensor(X, dtype=torch.float32)

for name, unit, column in zip(data.task_names, data.task_units, data.y[train].T):
    said = f"mean {column.mean():8.2f}, standard deviation {column.std():7.2f}, largest {column.max():8.2f}"
    print(f"{name:18} {said} {unit}, zero in {np.mean(column == 0):.0%} of the rows")

# %% [markdown]
# The laboratory says: phosphorus above 100 mg/kg does not occur here; such a value is a slipped decimal point. A slip tells
# nothing about a model, so all five labels are judged by `checked`, where slips count as missing. Whether you *train* on
# them is one of the treatments.
#
# `data.is_outlier` and `data.expected` are the truth, which no station has. Leave them alone until your choice is made.

# %%
SOIL, WEATHER = [0, 1, 2], [3, 4]  # columns of y
checked = data.y.copy()
checked[data.y[:, 1] > 100, 1] = np.nan
print(f"slips of phosphorus: {np.isnan(checked[:, 1]).sum()} of {data.n_samples} rows")

# %% [markdown]
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with five heads on the training rows and returns predictions for **all** rows
# **in the labels' units**. The five treatments:
#
# | `treatment` | labels | slips |
# |---|---|---|
# | `"as they are"` | in their units | kept |
# | `"standard"` | mean and standard deviation of the training rows | kept |
# | `"min-max"` | minimum and range of the training rows | kept |
# | `"robust"` | median and interquartile range of the training rows | kept |
# | `"standard, slips masked"` | as `"standard"`, of `checked` | missing |
#
# Useful: `mtl_teach.models.HardSharing`, `mtl_teach.scaling.TargetScaler`, `mtl_teach.losses.masked_loss` (NaN means
# missing), `mtl_teach.training.fit` (its history logs the loss of each task) and `minibatches`,
# `mtl_teach.weighting.WeightedSum`. Give each treatment a learning rate that suits it, chosen on the validation rows.

# %%
def train_and_predict(treatment, weights, seed):
    """Return predictions for all rows, (n_samples, 5), in the units of `data.task_units`."""
    ...


# %%
first = train_and_predict("standard, slips masked", (1.0, 1.0, 1.0, 1.0, 1.0), seed=0)
board.show("1a. Predictions", usable_predictions(first, data.y.shape))
board.show("1b. Against the mean", better_than_mean(first, checked, train, validation, data.task_names))

# %% [markdown]
# <details><summary><b>Not usable? Three usual reasons</b></summary>
#
# The predictions came back in standard units (invert the scaler); the scaler and the loss did not get the same labels, so
# that NaN reached one of them; the scaler saw validation rows (fit it on training rows only).
# </details>
#
# ## Stage 2. Five treatments
#
# For each treatment and each seed, R² of all five tasks on the validation rows, judged by `checked`. Before you run it: which
# label will the raw losses serve first? Whose standard deviation do the slips blow up, and what does that do to its weight?
# What does a single slip do to a *range*, and so to all other days of that label under `"min-max"`?
# Rain is zero on most days: what is its interquartile range, and so its weight under `"robust"`? Write your guesses down here.

# %%
TREATMENTS = ["as they are", "standard", "min-max", "robust", "standard, slips masked"]
scores = None  # {treatment: array (n_seeds, 5)}: R² of each task, validation rows

# %%
board.show("2. Five treatments", configurations(scores, data.n_tasks, least=5, names=TREATMENTS))

# %% [markdown]
# ## Stage 3. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds.

# %%
table = None  # {treatment: mean_interval(scores[treatment])}

# %%
ready = intervals_present(table, TREATMENTS, data.n_tasks)
board.show("3. Table with intervals", ready)
if ready and board.findings["2. Five treatments"]:
    print(f"{'R², validation':24}" + "".join(f"{name:>19}" for name in data.task_names))
    for name, row in table.items():
        print(f"{name:24}" + "".join(f"{m:11.3f} ± {h:.3f}" for m, h in zip(row.mean, row.half_width)))
    # A treatment that failed can have R² far below 0, which would squeeze all the others into one place.
    drawn = [name for name in TREATMENTS if (table[name].mean > -1).all()]
    print("Not drawn, R² below -1:", ", ".join(t for t in TREATMENTS if t not in drawn) or "none")
    if drawn:
        columns = np.stack([np.asarray(scores[name]) for name in drawn], axis=1)  # (n_seeds, n_treatments, n_tasks)
        series = {task: columns[:, :, k] for k, task in enumerate(data.task_names)}
        show(dots(series, drawn, reference=0.0, title="Five tasks, by treatment of the labels", xlabel="R², validation"))

# %% [markdown]
# ## Stage 4. A trade-off curve
#
# Take the treatment that you trust and sweep the weight $w$ of each soil task, with $1 - w$ for each weather task: at least
# **five** values, everything else the same. The curve shows the mean R² of each group; a mean can hide a task, so keep all
# five columns. A flat curve is a result too: say so.

# %%
curve = None  # {"w=0.1": array (n_seeds, 5), ...}: R² of each task, validation rows

# %%
ready = configurations(curve, data.n_tasks)
board.show("4. Trade-off curve", ready)
groups = None  # the curve as two objectives: mean R² of soil and of weather, (n_seeds, 2)
if ready:
    means = {name: np.asarray(rows, dtype=float) for name, rows in curve.items()}
    groups = {name: np.stack([r[:, SOIL].mean(1), r[:, WEATHER].mean(1)], axis=1) for name, r in means.items()}
    show(trade_off({"weights": np.stack(list(groups.values()), axis=1)}, list(groups),
                   title="What soil pays for weather", xlabel="mean R² of the soil tasks, validation",
                   ylabel="mean R² of the weather tasks, validation"))

# %% [markdown]
# ## Stage 5. Choose, then test once
#
# Choose a configuration of the curve *from the validation rows*. It must be efficient in the two groups: no other is at least
# as good in both and better in one. Which efficient one is the station's decision, and the log says why.

# %%
chosen = None  # a key of `curve`
final = None  # predictions of the chosen configuration for all rows, (n_samples, 5), in the labels' units

# %%
board.show("5a. Choice", efficient_choice(groups, chosen, maximise=[True, True]))
board.show("5b. Test rows", better_than_mean(final, checked, train, test, data.task_names))

# %% [markdown]
# ## The weight log
#
# One line for each configuration you tried, also for those that failed. *Reason*: what you wanted to learn, or which fact of
# the field asks for it. *Decision*: kept or dropped, and because of which number.

# %%
weight_log = [
    {"configuration": "...", "weights": None, "reason": "...", "decision": "..."},
]

# %%
board.show("6. Weight log", weight_log_filled(weight_log))

# %% [markdown]
# ## Mini-audit
#
# Answer each box with the place of the evidence ("the history of stage 1 has a column for each task"), not with "yes".

# %%
audit = {
    "Are per-task losses and metrics logged in every epoch?": "...",
    "Are the weights justified and documented?": "...",
    "Is the mask of the slips correct and unit-tested?": "...",
    "Is there a trade-off curve or an ablation?": "...",
}

# %%
board.show("7. Mini-audit", audit_filled(audit))

# %% [markdown]
# ## Stretch: learned log-variances
#
# Let `mtl_teach.weighting.UncertaintyWeighting` learn one log-variance $s_t$ a task, with the treatment of your curve and the
# same budget (its parameters go into the optimiser too). At the optimum $s_t = \log L_t$, so the weight of a task is
# $1 / (2 L_t)$: it follows what is left of the *training* loss. Before you run it: on standardised labels, which of the five
# will get the largest weight, and is it the one the station cares about most?
#
# `compared` puts the chosen weights beside the learned ones, with the same seeds.

# %%
log_variances = None  # array (n_seeds, 5): s of each task after training
compared = None  # {"chosen weights": array (n_seeds, 5), "learned": array (n_seeds, 5)}: R², validation rows

# %%
PAIR = ["chosen weights", "learned"]
learned = usable_predictions(log_variances, (len(SEEDS), data.n_tasks))
ready = configurations(compared, data.n_tasks, least=2, names=PAIR)
board.show("8a. Stretch: log-variances", learned)
board.show("8b. Stretch: comparison", ready)
if learned and ready:
    for name, s in zip(data.task_names, np.mean(log_variances, axis=0)):
        print(f"{name:18} s = {s:5.2f}, weight = {np.exp(-s) / 2:6.2f}")
    gain = np.asarray(compared["learned"]) - np.asarray(compared["chosen weights"])  # paired by seed
    show(dots({"learned minus chosen": gain}, list(data.task_names), reference=0.0,
              title="What learned weights change", xlabel="difference of R², validation"))

# %% [markdown]
# ## Extra: real patients
#
# 442 patients with diabetes, a data set that scikit-learn ships, so nothing is downloaded. Usually one label is predicted,
# the progression of the disease after a year. Here blood pressure and blood sugar leave the features and become labels two
# and three. Train one model for the three on the first 300 patients, with the treatment and the weights that you can defend.

# %%
patients = load_diabetes(scaled=False)
features = [i for i, name in enumerate(patients.feature_names) if name not in ("bp", "s6")]
patient_tasks = ("progression", "blood pressure", "blood sugar")
patient_X = patients.data[:, features]
patient_y = np.column_stack([patients.target, patients.data[:, [3, 9]]])  # progression, bp, s6
for name, column in zip(patient_tasks, patient_y[:300].T):
    print(f"{name}: mean {column.mean():.1f}, standard deviation {column.std():.1f}")

# %%
patient_predictions = None  # for all rows, (442, 3), in the labels' units

# %%
known, new = slice(0, 300), slice(300, 442)
finding = better_than_mean(patient_predictions, patient_y, known, new, patient_tasks)
board.show("9. Extra: patients", finding)
board.summary()

# %% [markdown]
# With 442 rows and much noise, do not expect the three tasks to help each other: compare with three single models before you
# say that they do. The last two labels were measured on the same day as the features, so predicting them is no forecast,
# and the model knows nothing about causes.
#
# ## Write-up
#
# *Three to five sentences for the station: what you recommend, what it costs the other group (with the interval), on which
# number the choice rests, and what you did not try. One of them on rain: what does a squared loss predict for a day that is
# dry with probability 0.6? Does the choice keep every limit of your first table?*
#
# (your text)

# %% [markdown]
# ## Rubric
#
# | | 2 points | 1 point | 0 points |
# |---|---|---|---|
# | **Comparison** | five treatments, each with a suitable learning rate, scaler from training rows | five treatments, one learning rate for all | fewer, or a leak from validation or test |
# | **Table** | all five tasks, with intervals over seeds | means only | one total for all |
# | **Trade-off** | five weights or more, an efficient choice made on validation, test read once | five weights, choice without a reason | fewer than five, or chosen on test |
# | **Weight log** | every configuration with a reason that can be questioned, failures included | weights listed, reasons vague | missing |
# | **Explanation** | says what the slips do to the scale and what they do to the loss, and what the IQR does to rain | one of the three | wrong or missing |
# | **Write-up** | recommendation, price, number, limit | two of the four | none |
# | **Stretch** (extra) | learned weights explained by the training losses, compared by seed with their interval | trained, no comparison | none |
#
# 10 to 12: ready to show to somebody. 6 to 9: mend the row with the fewest points. Below: go back to stage 2.
