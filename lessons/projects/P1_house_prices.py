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
# # Project 1. House prices and days on market
#
# An agency wants one model that says what a house will sell for *and* how long it will stand. One label is counted in
# hundreds of thousands of euros, the other in weeks. **You compare four treatments of that difference, sweep the weight
# between the tasks, choose one configuration, and write down why.**
#
# **Before:** lessons 3 and 4; lesson 9 helps. **Time:** about 3 hours. **Difficulty:** ●●○
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one.

# %%
import os

import numpy as np
import torch

from mtl_teach.data import make_house_sales
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
from mtl_teach.learn.projects.online import load_online

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
# | price | EUR | R² of fresh sales, large | |
# | days on market | days | … | |
# | the whole model | | one model instead of two | for example: answers within 50 ms; no worse than two models by more than 0.02 R² |

# %% [markdown]
# ## The data
#
# 1200 sales, cut in three. **Train** on the first group, **choose** on the second, **report** the third once, at the end.

# %%
SEEDS = range(2 if SMOKE else 4)
data = make_house_sales(1200, price_unit="EUR", seed=0)
train, validation, test = slice(0, 600), slice(600, 900), slice(900, 1200)
X = (data.X - data.X[train].mean(axis=0)) / data.X[train].std(axis=0)
x = torch.tensor(X, dtype=torch.float32)

for name, unit, column in zip(data.task_names, data.task_units, data.y[train].T):
    print(f"{name}: mean {column.mean():,.0f} {unit}, standard deviation {column.std():,.0f} {unit}")

# %% [markdown]
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with two heads on the training rows and returns predictions for **all** rows
# **in euros and days**. The four treatments:
#
# | `treatment` | labels | loss weights |
# |---|---|---|
# | `"equal"` | as they are | `weights` |
# | `"1/variance"` | as they are | `weights` × 1/variance of the training labels |
# | `"standardised"` | standardised on the training rows | `weights` |
# | `"fixed output layer"` | as they are | as 1/variance, but the model answers through `mean + sd · head` |
#
# Useful: `mtl_teach.models.HardSharing` and `FixedOutputScale`, `mtl_teach.scaling.TargetScaler` and `variance_weights`,
# `mtl_teach.training.fit` (its history logs the loss of each task) and `minibatches`, `mtl_teach.weighting.WeightedSum`.
# Give each treatment a learning rate that suits it, chosen on the validation rows: otherwise you compare learning rates.

# %%
def train_and_predict(treatment, weights, seed):
    """Return predictions for all rows, (n_samples, 2), in EUR and days."""
    ...


# %%
first = train_and_predict("standardised", (1.0, 1.0), seed=0)
board.show("1a. Predictions", usable_predictions(first, data.y.shape))
board.show("1b. Against the mean", better_than_mean(first, data.y, train, validation, data.task_names))

# %% [markdown]
# <details><summary><b>Not usable? Three usual reasons</b></summary>
#
# The predictions came back in standard units (invert the scaler); a tensor still carries its gradient (`torch.no_grad()`);
# the scaler saw validation rows (fit it on `data.y[train]`).
# </details>
#
# ## Stage 2. Four treatments
#
# For each treatment and each seed, R² of both tasks on the validation rows. Before you run it: which rows of the table will
# be equal, which task will suffer under `"equal"`, and which under `"1/variance"`? Write your guess down here.

# %%
TREATMENTS = ["equal", "1/variance", "standardised", "fixed output layer"]
scores = None  # {treatment: array (n_seeds, 2)}: R² of price and of days, validation rows

# %%
board.show("2. Four treatments", configurations(scores, 2, least=4, names=TREATMENTS, distinct=False))

# %% [markdown]
# ## Stage 3. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds.

# %%
table = None  # {treatment: mean_interval(scores[treatment])}

# %%
ready = intervals_present(table, TREATMENTS, data.n_tasks)
board.show("3. Table with intervals", ready)
if ready and board.findings["2. Four treatments"]:
    print(f"{'R², validation':20}" + "".join(f"{name:>22}" for name in data.task_names))
    for name, row in table.items():
        print(f"{name:20}" + "".join(f"{m:14.3f} ± {h:.3f}" for m, h in zip(row.mean, row.half_width)))
    # A treatment that failed can have R² far below 0, which would squeeze all the others into one place.
    drawn = [name for name in TREATMENTS if (table[name].mean > -1).all()]
    print("Not drawn, R² below -1:", ", ".join(t for t in TREATMENTS if t not in drawn) or "none")
    if drawn:
        columns = np.stack([np.asarray(scores[name]) for name in drawn], axis=1)  # (n_seeds, n_treatments, n_tasks)
        series = {task: columns[:, :, k] for k, task in enumerate(data.task_names)}
        show(dots(series, drawn, reference=0.0, title="Both tasks, by treatment of the scale", xlabel="R², validation"))

# %% [markdown]
# ## Stage 4. A trade-off curve
#
# Take the treatment that you trust and sweep the weight $w$ of the price, with $1 - w$ for the days: at least **five**
# values. Keep everything else the same. A flat curve is a result too: say so.

# %%
curve = None  # {"w=0.1": array (n_seeds, 2), ...}: R² of price and of days, validation rows

# %%
ready = configurations(curve, data.n_tasks)
board.show("4. Trade-off curve", ready)
if ready:
    points = np.stack([np.asarray(rows) for rows in curve.values()], axis=1)
    show(trade_off({"weights": points}, list(curve), title="What one task pays for the other",
                   xlabel="R² of price, validation", ylabel="R² of days, validation"))

# %% [markdown]
# ## Stage 5. Choose, then test once
#
# Choose a configuration of the curve *from the validation rows*. It must be efficient: no other is at least as good in both
# tasks and better in one. Which efficient one is a business decision, and the log says whose.

# %%
chosen = None  # a key of `curve`
final = None  # predictions of the chosen configuration for all rows, (n_samples, 2), in EUR and days

# %%
board.show("5a. Choice", efficient_choice(curve, chosen, maximise=[True, True]))
board.show("5b. Test rows", better_than_mean(final, data.y, train, test, data.task_names))

# %% [markdown]
# ## The weight log
#
# One line for each configuration you tried, also for those that failed. *Reason*: what you wanted to learn, or which
# business fact asks for it. *Decision*: kept or dropped, and because of which number.

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
    "Is the mask correct and unit-tested (or is no label missing)?": "...",
    "Is there a trade-off curve or an ablation?": "...",
}

# %%
board.show("7. Mini-audit", audit_filled(audit))
board.summary()

# %% [markdown]
# ## Write-up
#
# *Three to five sentences for the agency: what you recommend, what it costs the other task (with the interval), on which
# number the choice rests, and what you did not try. Does the choice keep every limit of your first table?*
#
# (your text)

# %% [markdown]
# ## Extra: real houses
#
# California housing: block groups with a median value. It has no days on market; take the median income as a second label
# (and out of the features), or another column that somebody would really want to predict. About 400 kB to download.

# %%
WANT_ONLINE = False


def california():
    from sklearn.datasets import fetch_california_housing

    return fetch_california_housing(n_retries=1, delay=0.5)


housing = load_online("California housing", california, wanted=WANT_ONLINE)
if housing is not None:
    print(housing.data.shape, housing.feature_names, "label:", housing.target_names)

# %% [markdown]
# ## Rubric
#
# | | 2 points | 1 point | 0 points |
# |---|---|---|---|
# | **Comparison** | four treatments, each with a suitable learning rate, scaler from training rows | four treatments, one learning rate for all | fewer, or a leak from validation or test |
# | **Table** | both tasks in their units or R², with intervals over seeds | means only | one total for both |
# | **Trade-off** | five weights or more, an efficient choice made on validation, test read once | five weights, choice without a reason | fewer than five, or chosen on test |
# | **Weight log** | every configuration with a reason that can be questioned, failures included | weights listed, reasons vague | missing |
# | **Explanation** | says why 1/variance weights on raw labels are not the same as standardising, and when they are | says that they differ | wrong or missing |
# | **Write-up** | recommendation, price, number, limit | two of the four | none |
#
# 10 to 12: ready to show to somebody. 6 to 9: mend the row with the fewest points. Below: go back to stage 2.
