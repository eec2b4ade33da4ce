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
# labels, compare them with one model per task, sweep the weight between soil and weather, choose, and write down why.** The
# stretch lets the model learn its weights, and the extra is real: three labels of 442 patients.
#
# **Before:** lessons 2 to 5; the stretch uses lesson 10. **Time:** about 4.5 hours, 27 points. **Difficulty:** ●●○
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one. It refuses a
# number only where it is worse than required *beyond noise*: where the 95 % interval of the paired differences excludes 0.

# %%
import os

import numpy as np
import torch
from sklearn.datasets import load_diabetes
from sklearn.metrics import r2_score

from mtl_teach.data import make_soil_and_water
from mtl_teach.figures import dots, show, trade_off
from mtl_teach.learn.projects.milestones import (
    Board,
    audit_filled,
    better_than_mean,
    chosen_on_validation,
    configurations,
    efficient_choice,
    floats,
    gains_over_single,
    intervals_present,
    print_table,
    single_task_baselines,
    stacked,
    unmoved_by_test_labels,
    usable_predictions,
    weight_log_filled,
)

SMOKE = os.environ.get("SMOKE") == "1"  # a quick run for tests; your own runs use all seeds
board = Board()

# %% [markdown]
# ## Before anything: outputs, objectives, limits
#
# Say what the model puts out, what is to become large or small, and what must hold. An **objective** can always be better; a
# **limit** is a number that a configuration keeps or breaks, and one that breaks it is not a candidate. Complete the table
# now, before a result can influence you; the write-up comes back to it.
#
# | output | unit | objective | limit |
# |---|---|---|---|
# | nitrogen, phosphorus, water table | mg/kg, mg/kg, m | R² on checked rows, large | |
# | temperature, rain | K, mm/day | … | |
# | the whole model | | one model instead of five | for example: phosphorus within 10 mg/kg; fits on the station's small computer |

# %% [markdown]
# ## The data
#
# 1200 days in the field, cut in three. **Train** on the first group, **choose** on the second, **report** the third once,
# at the end. The temperature comes in kelvins.

# %%
SEEDS = range(2 if SMOKE else 4)
data = make_soil_and_water(1200, temperature_unit="K", seed=0)
train, validation, test = slice(0, 600), slice(600, 900), slice(900, 1200)
PARTS = {"training": train, "validation": validation, "test": test}
X = (data.X - data.X[train].mean(axis=0)) / data.X[train].std(axis=0)
x = torch.tensor(X, dtype=torch.float32)

for name, unit, column in zip(data.task_names, data.task_units, data.y[train].T):
    said = f"mean {column.mean():8.2f}, standard deviation {column.std():7.2f}, largest {column.max():8.2f}"
    print(f"{name:18} {said} {unit}, zero in {np.mean(column == 0):.0%} of the rows")

# %% [markdown]
# The laboratory says: phosphorus above 100 mg/kg does not occur here; such a value is a slipped decimal point. A slip says
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
# **in the labels' units**. `width` is the number of hidden units of the trunk. The five treatments:
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
# `mtl_teach.weighting.WeightedSum`. Give each treatment a learning rate of its own: try at least three on the validation rows,
# and train until the losses no longer fall.

# %%
def train_and_predict(treatment, weights, seed, width=8):
    """Return predictions for all rows, (n_samples, 5), in the units of `data.task_units`."""
    ...


# %%
def first_run():
    return train_and_predict("standard, slips masked", (1.0, 1.0, 1.0, 1.0, 1.0), seed=0)


first = first_run()
board.show("1a. Predictions", usable_predictions(first, data.y.shape))
board.show("1b. Against the mean", better_than_mean(first, checked, train, validation, data.task_names))
board.show("1c. Test rows unread", unmoved_by_test_labels(first_run, first, [data.y, checked], test))

# %% [markdown]
# <details><summary><b>Not usable? The usual reasons</b></summary>
#
# *1a:* a NaN of `checked` reached the loss (`masked_loss` leaves it out), or a tensor still carries its gradient (predict
# inside `torch.no_grad()`). *1b:* the predictions came back in standard units (invert the scaler). *1c:* the scaler saw the
# test rows (fit it on the training rows; one that saw the validation rows only, or was fitted outside the function, is not
# found), or something random has no seed.
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
board.show("2. Five treatments", configurations(scores, data.n_tasks, least=5, names=TREATMENTS, at_most=1))

# %% [markdown]
# ## Stage 3. One model per task
#
# No gain from sharing counts without a baseline: train **one model per task**, with the same width, the same seeds, and as
# many learning rates tried as for a treatment. The short way: `"standard, slips masked"` with the weights (1, 0, 0, 0, 0),
# then (0, 1, 0, 0, 0), and so on. A task of weight 0 sends no gradient into the trunk, so the one that is left has it to
# itself.
#
# Then Δm, the mean relative gain over these baselines, for each treatment and **seed by seed**: `mtl_teach.metrics.delta_m` of
# a seed against the baselines of the *same* seed. A relative gain over an R² near 0, such as rain's, says nothing (lesson 9).
# So take the share of the variance that is left, **1 − R²**, which is low when a model is good. Δm is a mean: see who pays.

# %%
single = None  # array (n_seeds, 5): R² of each task's own model, validation rows
gains = None  # {treatment: array (n_seeds,)}: Δm of 1 − R², a fraction, positive = better

# %%
alone = single_task_baselines(single, data.n_tasks, scores, at_most=1)
board.show("3a. One model per task", alone)
ready = alone and board.findings["2. Five treatments"]
left = {name: 1 - floats(rows) for name, rows in scores.items()} if ready else None
left_alone = 1 - floats(single) if ready else None
board.show("3b. Gain over them", gains_over_single(gains, left, left_alone, [False] * data.n_tasks))

# %% [markdown]
# ## Stage 4. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds.

# %%
table = None  # {treatment: mean_interval(scores[treatment])}, and a row "one model per task"

# %%
ready = intervals_present(table, [*TREATMENTS, "one model per task"], data.n_tasks)
board.show("4. Table with intervals", ready)
if ready and board.findings["2. Five treatments"]:
    print_table(table, data.task_names, "R², validation rows")
    # A treatment that failed can have R² far below 0, which would squeeze all the others into one place.
    drawn = [name for name in TREATMENTS if min(table[name].mean) > -1]
    print("Not drawn, R² below -1:", ", ".join(t for t in TREATMENTS if t not in drawn) or "none")
    if drawn:
        columns = stacked(scores, drawn)  # (n_seeds, n_treatments, n_tasks)
        series = {task: columns[:, :, k] for k, task in enumerate(data.task_names)}
        show(dots(series, drawn, reference=0.0, title="Five tasks, by treatment of the labels",
                  xlabel="R², validation"))

# %% [markdown]
# ## Stage 5. A trade-off curve
#
# The station's logger has room for **three numbers per day**, from which all five answers are read: a trunk of `width=3`.
# Now the tasks compete. Take the treatment that you trust and sweep the weight $w$ of each soil task, with $1 - w$ for each
# weather task: at least **five** values from about 0.1 to 0.9, everything else the same, trained until the losses no longer
# fall. The curve shows the mean R² of each group; a mean can hide a task, so keep all five columns.

# %%
curve = None  # {"w=0.1": array (n_seeds, 5), ...}: R² of each task at width 3, validation rows

# %%
ready = configurations(curve, data.n_tasks, at_most=1)
board.show("5. Trade-off curve", ready)
groups = None  # the curve as two objectives: mean R² of soil and of weather, (n_seeds, 2)
if ready:
    means = {name: floats(rows) for name, rows in curve.items()}
    groups = {name: np.stack([r[:, SOIL].mean(1), r[:, WEATHER].mean(1)], axis=1) for name, r in means.items()}
    show(trade_off({"weights": stacked(groups)}, list(groups),
                   title="What soil pays for weather", xlabel="mean R² of the soil tasks, validation",
                   ylabel="mean R² of the weather tasks, validation"))

# %% [markdown]
# ## Stage 6. Choose, then test once
#
# Choose a configuration of the curve *from the validation rows*. It must be efficient in the two groups: no other is at least
# as good in both and, beyond noise, better in one. Which efficient one is the station's decision, and the log says why.

# %%
chosen = None  # a key of `curve`
final = None  # predictions of the chosen configuration for all rows, (n_samples, 5), in the labels' units

# %%
choice = efficient_choice(groups, chosen, maximise=[True, True])
board.show("6a. Choice", choice)
board.show("6b. Test rows", better_than_mean(final, checked, train, test, data.task_names))
on = chosen_on_validation(curve if choice else None, chosen, final, checked, PARTS, r2_score)
board.show("6c. Chosen on validation", on)

# %% [markdown]
# ## The weight log
#
# One line for each configuration you tried, also for those that failed. *Reason*: what you wanted to learn, or which fact of
# the field asks for it. *Decision*: kept or dropped, and because of which number, with its unit or metric.

# %%
weight_log = [
    {"configuration": "...", "weights": None, "reason": "...", "decision": "..."},
]

# %%
board.show("7. Weight log", weight_log_filled(weight_log))

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
board.show("8. Mini-audit", audit_filled(audit))

# %% [markdown]
# ## Stretch: learned log-variances
#
# Let `mtl_teach.weighting.UncertaintyWeighting` learn one log-variance $s_t$ per task, with the treatment and the width of
# your curve and the same budget (its parameters go into the optimiser too). At the optimum $s_t = \log L_t$, so the weight
# of a task is $1 / (2 L_t)$: it follows what is left of the *training* loss. Before you run it: on standardised labels,
# which of the five will get the largest weight, and is it the one the station cares about most?
#
# `compared` puts the chosen weights beside the learned ones, with the same seeds.

# %%
log_variances = None  # array (n_seeds, 5): s of each task after training
compared = None  # {"chosen weights": array (n_seeds, 5), "learned": array (n_seeds, 5)}: R², validation rows

# %%
PAIR = ["chosen weights", "learned"]
learned = usable_predictions(log_variances, (len(SEEDS), data.n_tasks))
ready = configurations(compared, data.n_tasks, least=2, names=PAIR, at_most=1)
board.show("9a. Stretch: log-variances", learned)
board.show("9b. Stretch: comparison", ready)
if learned and ready:
    for name, s in zip(data.task_names, floats(log_variances).mean(axis=0)):
        print(f"{name:18} s = {s:5.2f}, weight = {np.exp(-s) / 2:6.2f}")
    gain = floats(compared["learned"]) - floats(compared["chosen weights"])  # paired by seed
    show(dots({"learned minus chosen": gain}, list(data.task_names), reference=0.0,
              title="What learned weights change", xlabel="difference of R², validation"))

# %% [markdown]
# ## Extra: real patients
#
# 442 patients with diabetes, a data set that scikit-learn ships, so nothing is downloaded. Usually one label is predicted,
# the progression of the disease after a year. Here blood pressure and blood sugar leave the features and become labels two
# and three; the data set names no units for these two. Train one model for the three on the first 300 patients, with the treatment
# and the weights that you can defend.

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
board.show("10. Extra: patients", finding)
board.summary()

# %% [markdown]
# With 442 rows and much noise, do not expect the three tasks to help each other: compare with three single models before you
# say that they do. The last two labels were measured on the same day as the features, so predicting them is no forecast,
# and the model knows nothing about causes.
#
# ## Explanation
#
# *Three sentences. What do the slips do to the scale of phosphorus, and so to its weight? What do they do to its loss when
# they are kept? Rain is zero on most days: what is its interquartile range, and so its weight under `"robust"`?*
#
# (your text)
#
# ## Write-up
#
# *Three to five sentences for the station: which configuration you recommend and on which number that rests (with its unit
# or metric), what it costs the other group (with the interval), what sharing gained or lost compared with one model per
# task, and what you did not try. One of them on rain: what does a squared loss predict for a day that is dry with
# probability 0.6? Does the choice keep every limit of your first table?*
#
# (your text)

# %% [markdown]
# ## Rubric
#
# 27 points and 3 extra for the stretch, about one per ten minutes of work. A point is given or not: each line asks for one
# thing.
#
# | part | one point each |
# |---|---|
# | **Training** (4) | milestones 1a, 1b and 1c are usable |
# | | one function serves all five treatments |
# | | a comment or the log names the learning rate of each treatment |
# | | for each treatment it names three rates or more that were compared on the validation rows |
# | **One model per task** (3) | milestones 3a and 3b are usable |
# | | a sentence says how many learning rates the baselines had, and it is as many as a treatment had |
# | | a sentence says for each treatment whether its Δm differs from 0 beyond noise |
# | **Table** (2) | milestones 2 and 4 are usable |
# | | the guesses of stage 2 are there, and a sentence says what came out differently |
# | **Trade-off** (5) | milestone 5 is usable |
# | | a sentence names the task of each group that the mean hides most |
# | | milestone 6a is usable |
# | | milestones 6b and 6c are usable |
# | | the reason for the choice is a fact of the field, not a number of the table |
# | **Weight log** (3) | milestone 7 is usable |
# | | every configuration of `curve` has a line |
# | | every decision names a number with its unit or metric |
# | **Mini-audit** (1) | each of the four answers names a stage, a cell or a file in which the evidence stands |
# | **Explanation** (3) | what the slips do to the scale of phosphorus, and so to its weight |
# | | what they do to its loss when they are kept |
# | | the interquartile range of rain, and so its weight under `"robust"` |
# | **Write-up** (6) | the recommended configuration, and the number with its unit or metric on which it rests |
# | | what the choice costs the other group, with the interval |
# | | what sharing gained or lost compared with one model per task |
# | | one thing that was not tried |
# | | for rain: what a squared loss predicts for such a day |
# | | for every limit of the first table: kept or broken |
# | **Stretch** (3 extra) | milestones 9a and 9b are usable |
# | | the largest and the smallest learned weight are named, with the training losses behind them |
# | | learned and chosen weights are compared by seed, with the interval of the differences |
#
# 22 to 27: ready to show to somebody. 14 to 21: improve the part with the largest share of points missing. Below: go back to
# stage 2.
