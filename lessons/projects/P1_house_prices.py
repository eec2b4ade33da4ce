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
# An agency wants one model that says what a house will sell for *and* how long it will stay on the market. One label is in
# euros, hundreds of thousands of them, the other in days. **You compare four treatments of that difference, compare them
# with one model per task, sweep the weight between the tasks, choose one configuration, and write down why.**
#
# **Before:** lessons 3 and 4; lesson 9 helps. **Time:** about 4 hours, 24 points. **Difficulty:** ●●○
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one. It refuses a
# number only where it is worse than required *beyond noise*: where the 95 % interval of the paired differences excludes 0.

# %%
import os

import torch
from sklearn.metrics import r2_score

from mtl_teach.data import make_house_sales
from mtl_teach.figures import dots, show, trade_off
from mtl_teach.learn.projects.milestones import (
    Board,
    audit_filled,
    better_than_mean,
    chosen_on_validation,
    configurations,
    efficient_choice,
    gains_over_single,
    intervals_present,
    print_table,
    single_task_baselines,
    stacked,
    unmoved_by_test_labels,
    usable_predictions,
    weight_log_filled,
)
from mtl_teach.learn.projects.online import load_online

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
# | price | EUR | R² of fresh sales, large | |
# | days on market | days | … | |
# | the whole model | | one model instead of two | for example: answers within 50 ms; price no more than 0.05 R² below a model of its own |

# %% [markdown]
# ## The data
#
# 1200 sales, cut in three. **Train** on the first group, **choose** on the second, **report** the third once, at the end.

# %%
SEEDS = range(2 if SMOKE else 4)
data = make_house_sales(1200, price_unit="EUR", seed=0)
train, validation, test = slice(0, 600), slice(600, 900), slice(900, 1200)
PARTS = {"training": train, "validation": validation, "test": test}
X = (data.X - data.X[train].mean(axis=0)) / data.X[train].std(axis=0)
x = torch.tensor(X, dtype=torch.float32)

for name, unit, column in zip(data.task_names, data.task_units, data.y[train].T):
    print(f"{name}: mean {column.mean():,.0f} {unit}, standard deviation {column.std():,.0f} {unit}")

# %% [markdown]
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with two heads on the training rows and returns predictions for **all** rows
# **in euros and days**. `width` is the number of hidden units of the trunk. The four treatments:
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
# Give each treatment a learning rate of its own: try at least three on the validation rows, and train until the loss no longer
# falls. Otherwise you compare learning rates: a label in euros needs another one than a standardised label, and more epochs.

# %%
def train_and_predict(treatment, weights, seed, width=4):
    """Return predictions for all rows, (n_samples, 2), in EUR and days."""
    ...


# %%
def first_run():
    return train_and_predict("standardised", (1.0, 1.0), seed=0)


first = first_run()
board.show("1a. Predictions", usable_predictions(first, data.y.shape))
board.show("1b. Against the mean", better_than_mean(first, data.y, train, validation, data.task_names))
board.show("1c. Test rows unread", unmoved_by_test_labels(first_run, first, [data.y], test))

# %% [markdown]
# <details><summary><b>Not usable? The usual reasons</b></summary>
#
# *1a:* a tensor still carries its gradient (predict inside `torch.no_grad()`). *1b:* the predictions came back in standard
# units (invert the scaler). *1c:* the scaler saw the test rows (fit it on `data.y[train]`; one that saw the validation rows
# only, or was fitted outside the function, is not found), or something random has no seed.
# </details>
#
# ## Stage 2. Four treatments
#
# For each treatment and each seed, R² of both tasks on the validation rows. Before you run it: which rows of the table will
# be equal, which task will suffer under `"equal"`, and which under `"1/variance"`? Write your guess down here.

# %%
TREATMENTS = ["equal", "1/variance", "standardised", "fixed output layer"]
scores = None  # {treatment: array (n_seeds, 2)}: R² of price and of days, validation rows

# %% tags=["fold"]
ready = configurations(
    scores, data.n_tasks, least=4, names=TREATMENTS, may_agree=TREATMENTS[2:], at_most=1,
)
board.show("2. Four treatments", ready)

# %% [markdown]
# ## Stage 3. One model per task
#
# No gain from sharing counts without a baseline: train **one model per task**, with the same width, the same seeds, and as
# many learning rates tried as for a treatment. The short way: `"standardised"` with the weights (1, 0), then (0, 1). A task
# of weight 0 sends no gradient into the trunk, so the other one has it to itself.
#
# Then Δm, the mean relative gain over these baselines, for each treatment and **seed by seed**: `mtl_teach.metrics.delta_m` of
# the scores of a seed against the baselines of the *same* seed. Δm says nothing about a task whose baseline is near 0.

# %%
single = None  # array (n_seeds, 2): R² of the price model and of the days model, validation rows
gains = None  # {treatment: array (n_seeds,)}: Δm, a fraction, positive = better

# %%
board.show("3a. One model per task", single_task_baselines(single, data.n_tasks, scores, at_most=1))
board.show("3b. Gain over them", gains_over_single(gains, scores, single, [True, True]))

# %% [markdown]
# ## Stage 4. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds.

# %%
table = None  # {treatment: mean_interval(scores[treatment])}, and a row "one model per task"

# %%
ready = intervals_present(table, [*TREATMENTS, "one model per task"], data.n_tasks)
board.show("4. Table with intervals", ready)
if ready and board.findings["2. Four treatments"]:
    print_table(table, data.task_names, "R², validation rows")
    # A treatment that failed can have R² far below 0, which would squeeze all the others into one place.
    drawn = [name for name in TREATMENTS if min(table[name].mean) > -1]
    print("Not drawn, R² below -1:", ", ".join(t for t in TREATMENTS if t not in drawn) or "none")
    if drawn:
        columns = stacked(scores, drawn)  # (n_seeds, n_treatments, n_tasks)
        series = {task: columns[:, :, k] for k, task in enumerate(data.task_names)}
        show(dots(series, drawn, reference=0.0, title="Both tasks, by treatment of the scale",
                  xlabel="R², validation"))

# %% [markdown]
# ## Stage 5. A trade-off curve
#
# The agency's web page has room for **one number per house**, a score from which both answers are read: a trunk of
# `width=1`. Now the tasks compete. Take the treatment that you trust and sweep the weight $w$ of the price, with $1 - w$ for
# the days: at least **five** values. Keep everything else the same. Sweep once from 0.1 to 0.9, see between which two values
# the curve moves most, and put two more values there.

# %%
curve = None  # {"w=0.1": array (n_seeds, 2), ...}: R² of price and of days at width 1, validation rows

# %%
ready = configurations(curve, data.n_tasks, at_most=1)
board.show("5. Trade-off curve", ready)
if ready:
    show(trade_off({"weights": stacked(curve)}, list(curve), title="What one task pays for the other",
                   xlabel="R² of price, validation", ylabel="R² of days, validation"))

# %% [markdown]
# ## Stage 6. Choose, then test once
#
# Choose a configuration of the curve *from the validation rows*. It must be efficient: no other is at least as good in both
# tasks and, beyond noise, better in one. Which efficient one is a business decision, and the log says whose.

# %%
chosen = None  # a key of `curve`
final = None  # predictions of the chosen configuration for all rows, (n_samples, 2), in EUR and days

# %%
choice = efficient_choice(curve, chosen, maximise=[True, True])
board.show("6a. Choice", choice)
board.show("6b. Test rows", better_than_mean(final, data.y, train, test, data.task_names))
on = chosen_on_validation(curve if choice else None, chosen, final, data.y, PARTS, r2_score)
board.show("6c. Chosen on validation", on)

# %% [markdown]
# ## The weight log
#
# One line for each configuration you tried, also for those that failed. *Reason*: what you wanted to learn, or which
# business fact asks for it. *Decision*: kept or dropped, and because of which number, with its unit or metric.

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
    "Is the mask correct and unit-tested (or is no label missing)?": "...",
    "Is there a trade-off curve or an ablation?": "...",
}

# %%
board.show("8. Mini-audit", audit_filled(audit))
board.summary()

# %% [markdown]
# ## Explanation
#
# *Two or three sentences. `"1/variance"` and `"standardised"` minimise the same loss. Why do they not arrive at the same
# model? Which treatment uses the same weights as `"1/variance"` and does arrive there, and what does it do differently?*
#
# (your text)
#
# ## Write-up
#
# *Three to five sentences for the agency: which configuration you recommend, what it costs the other task (with the
# interval), on which number the choice rests (with its unit or metric), whether the score of one number is worth it compared
# with one model per task, and what you did not try. Does the choice keep every limit of your first table?*
#
# (your text)
#
# ## Extra: real houses
#
# California housing: census districts with the median value of their houses. It has no days on market; take the median income
# as a second label (and out of the features), or another column that somebody would really want to predict. About 400 kB to
# download.

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
# 24 points, about one per ten minutes of work. A point is given or not: each line asks for one thing.
#
# | part | one point each |
# |---|---|
# | **Training** (4) | milestones 1a, 1b and 1c are usable |
# | | one function serves all four treatments |
# | | a comment or the log names the learning rate of each treatment |
# | | for each treatment it names three rates or more that were compared on the validation rows |
# | **One model per task** (3) | milestones 3a and 3b are usable |
# | | a sentence says how many learning rates the baselines had, and it is as many as a treatment had |
# | | a sentence says for each treatment whether its Δm differs from 0 beyond noise |
# | **Table** (2) | milestones 2 and 4 are usable |
# | | the guess of stage 2 is there, and a sentence says what came out differently |
# | **Trade-off** (5) | milestone 5 is usable |
# | | two weights or more lie where the first sweep moved most |
# | | milestone 6a is usable |
# | | milestones 6b and 6c are usable |
# | | the reason for the choice is a fact of the business, not a number of the table |
# | **Weight log** (3) | milestone 7 is usable |
# | | every configuration of `curve` has a line |
# | | every decision names a number with its unit or metric |
# | **Mini-audit** (1) | each of the four answers names a stage, a cell or a file in which the evidence stands |
# | **Explanation** (2) | the reason why the two do not arrive at the same model |
# | | the treatment that does arrive there, with what it does differently |
# | **Write-up** (4) | the recommended configuration, and the number with its unit or metric on which it rests |
# | | what the choice costs the other task, with the interval |
# | | the score of one number compared with one model per task: what is lost, in R² |
# | | for every limit of the first table: kept or broken |
#
# 20 to 24: ready to show to somebody. 12 to 19: improve the part with the largest share of points missing. Below: go back to
# stage 2.
