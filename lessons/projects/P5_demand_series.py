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
# # Project 5. Demand signals
#
# A shop plans six weeks ahead. For each item it records page views, units sold and returns per day, and each record has
# gaps. One trunk with three heads forecasts all three. **You decide what a gap is to the loss, compare the model with one
# per series, sweep the weight of the rarest series, choose one configuration, and write down why.**
#
# **Before:** lessons 3 to 5; lesson 9 helps. **Time:** about 4.5 hours, 26 points. **Difficulty:** ●●○
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one. It refuses a
# number only where it is worse than required *beyond noise*: where the 95 % interval of the paired differences excludes 0.

# %%
import os

import numpy as np
import torch
from sklearn.metrics import r2_score

from mtl_teach.data import make_demand_series
from mtl_teach.figures import dots, show, trade_off
from mtl_teach.learn.projects.milestones import (
    Board,
    audit_filled,
    better_than_mean,
    calibrated_total,
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
# | page views, units sold | per day | R² on recorded days, large | |
# | returns | per day | … | |
# | the whole model | | one model instead of three | for example: each total within 10 %; one training per night |

# %% [markdown]
# ## The data
#
# 30 items, 200 days, one row per item and day. A forecast looks ahead, so the rows are cut **by day**, not at random: train on
# the first 120 days, choose on the next 40, report the last 40 once, at the end. The features (calendar, planned promotions
# and prices, two traits of the item) are known before the day comes.

# %%
SEEDS = range(2 if SMOKE else 4)
data = make_demand_series(30, 200, seed=0)
train, validation, test = data.day < 120, (data.day >= 120) & (data.day < 160), data.day >= 160
PARTS = {"training": train, "validation": validation, "test": test}
X = (data.X - data.X[train].mean(axis=0)) / data.X[train].std(axis=0)
x = torch.tensor(X, dtype=torch.float32)

for k, (name, unit) in enumerate(zip(data.task_names, data.task_units)):
    column, seen = data.y[train, k], data.mask[train, k].mean()
    print(f"{name:10} {seen:.0%} recorded; mean {np.nanmean(column):6.2f} {unit}, "
          f"variance {np.nanvar(column):8.2f} ({unit})²")

# %% [markdown]
# A missing day is NaN, and `data.mask` is False there. The gaps come at random, independently of the counts; in a real shop
# you would have to ask. `data.expected` is the truth behind the counts, which no shop has. Leave it alone until your choice is
# made; then it shows how good a forecast could have been, since counts scatter around it.
#
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with three heads on the training rows and returns forecasts for **all** rows
# **in counts per day**. `width` is the number of hidden units of the trunk. What happens to a gap is `gaps`:
#
# | `gaps` | a missing training label |
# |---|---|
# | `"masked"` | is left out of the loss of its task |
# | `"filled with 0"` | counts as no view, no sale, no return |
# | `"last value"` | repeats the last recorded day of the same item and series (0 if there is none yet) |
#
# The loss is yours to decide: squared error on standardised labels, or the Poisson loss $e^z - y z$ of a head that answers
# with the *logarithm* $z$ of the expected count. Say in the log which weights make it fair: does the logarithm take the unit
# out of the loss, or only out of the head? Train until the losses no longer fall, for each choice of weights anew: a task
# with a low weight learns slowly.
#
# Useful: `mtl_teach.models.HardSharing`, `mtl_teach.losses.masked_loss` (NaN means missing; `loss` may be a function of the
# observed predictions and labels), `mtl_teach.scaling.TargetScaler`, `mtl_teach.training.fit` (its history logs the loss of
# each task) and `minibatches`, `mtl_teach.weighting.WeightedSum`.

# %%
def train_and_predict(gaps, weights, seed, width=8):
    """Return forecasts for all rows, (n_samples, 3), in counts per day."""
    ...


# %%
def first_run():
    return train_and_predict("masked", (1.0, 1.0, 1.0), seed=0)


first = first_run()
board.show("1a. Forecasts", usable_predictions(first, data.y.shape))
board.show("1b. Against the mean", better_than_mean(first, data.y, train, validation, data.task_names))
board.show("1c. Test days unread", unmoved_by_test_labels(first_run, first, [data.y], test))

# %% [markdown]
# A planner adds forecasts up: so many units in 40 days, so many parcels that come back. So the totals are looked at too:
# here over the recorded *training* days, where they say whether the model learned the right mean, and at the end over the
# test days.

# %%
def show_totals(stage, forecast, rows):
    """One milestone per series: predicted over recorded total, at most 10 % off."""
    for k, (letter, name) in enumerate(zip("def", data.task_names)):
        column = floats(forecast)[:, k] if usable_predictions(forecast, data.y.shape) else None
        board.show(f"{stage}{letter}. Total of {name}", calibrated_total(column, data.y[:, k], rows & data.mask[:, k]))


show_totals("1", first, train)

# %% [markdown]
# <details><summary><b>Not usable? The usual reasons</b></summary>
#
# *1a:* a NaN reached the loss (`masked_loss` leaves it out before the loss is computed), or a tensor still carries its
# gradient (predict inside `torch.no_grad()`). *1b:* the forecasts are logarithms or standard units (transform them back).
# *1d to 1f:* compare how far the totals are off with the numbers printed with the data, and look at what the loss takes a gap
# for. On later days an extrapolated season can hide the error, so look where the model was fitted.
# </details>
#
# ## Stage 2. Three ways to treat a gap
#
# For each way and each seed, R² of the three series on the recorded validation days. Before you run it: by how much will
# zeros lower the level? Does repeating the last value bias it, or only blur it? Write your guesses down here.

# %%
GAPS = ["masked", "filled with 0", "last value"]
scores = None  # {gaps: array (n_seeds, 3)}: R² of each series, recorded validation days

# %%
board.show("2. Three ways", configurations(scores, data.n_tasks, least=3, names=GAPS, at_most=1))

# %% [markdown]
# ## Stage 3. One model per series
#
# No gain from sharing counts without a baseline: train **one model per series**, with the same width, the same seeds, and as
# many learning rates tried as for the shared model. The short way: `"masked"` with the weights (1, 0, 0), then (0, 1, 0),
# then (0, 0, 1). A series of weight 0 sends no gradient into the trunk, so the one that is left has it to itself.
#
# Then Δm, the mean relative gain over these baselines, for each way and **seed by seed**: `mtl_teach.metrics.delta_m` of a
# seed against the baselines of the *same* seed. A relative gain over an R² near 0, such as that of the returns, says nothing
# (lesson 9). So take the share of the variance that is left, **1 − R²**, which is low when a forecast is good.

# %%
single = None  # array (n_seeds, 3): R² of each series' own model, recorded validation days
gains = None  # {gaps: array (n_seeds,)}: Δm of 1 − R², a fraction, positive = better

# %%
alone = single_task_baselines(single, data.n_tasks, scores, at_most=1)
board.show("3a. One model per series", alone)
ready = alone and board.findings["2. Three ways"]
left = {name: 1 - floats(rows) for name, rows in scores.items()} if ready else None
left_alone = 1 - floats(single) if ready else None
board.show("3b. Gain over them", gains_over_single(gains, left, left_alone, [False] * data.n_tasks))

# %% [markdown]
# ## Stage 4. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds.

# %%
table = None  # {gaps: mean_interval(scores[gaps])}, and a row "one model per series"

# %%
ready = intervals_present(table, [*GAPS, "one model per series"], data.n_tasks)
board.show("4. Table with intervals", ready)
if ready and board.findings["2. Three ways"]:
    print_table(table, data.task_names, "R², validation days")
    columns = stacked(scores, GAPS)  # (n_seeds, n_ways, n_tasks)
    series = {task: columns[:, :, k] for k, task in enumerate(data.task_names)}
    show(dots(series, GAPS, title="Three series, by treatment of the gaps", xlabel="R², validation"))

# %% [markdown]
# R² of the returns is low whatever you do. If a count is Poisson, its variance around the best forecast is that forecast. With
# the means and variances that are printed with the data: how high can R² be for each of the three? The explanation below asks.
#
# ## Stage 5. A trade-off curve
#
# The planner's spreadsheet has room for **one number per item and day**, from which all three forecasts are read: a trunk of
# `width=1`. Now the series compete. With the treatment that you trust, sweep the weight $c$ of the returns, with $(1 - c) / 2$
# for each other series: at least **five** values, everything else the same. The curve shows page views against returns; keep
# all three columns, and see on which side the units sold are.

# %%
curve = None  # {"c=0.1": array (n_seeds, 3), ...}: R² of each series at width 1, recorded validation days

# %%
ready = configurations(curve, data.n_tasks, at_most=1)
board.show("5. Trade-off curve", ready)
if ready:
    pairs = stacked(curve)[:, :, [0, 2]]  # (n_seeds, n_weights, 2)
    show(trade_off({"weights": pairs}, list(curve), title="What page views pay for returns",
                   xlabel="R² of page views, validation", ylabel="R² of returns, validation"))

# %% [markdown]
# ## Stage 6. Choose, then test once
#
# Choose a configuration of the curve *from the validation days*. It must be efficient: no other is at least as good in all
# three series and, beyond noise, better in one. Which efficient one depends on what a wrong forecast costs the shop, and the
# log says that.
#
# The calendar of the later days lies partly outside that of the training days, and each seed continues it in its own way.
# See how much the totals of the *validation* days differ between your seeds before you decide whether `final` is the
# forecast of one seed or the mean over all of them.

# %%
chosen = None  # a key of `curve`
final = None  # forecasts of the chosen configuration for all rows, (n_samples, 3), in counts per day

# %%
choice = efficient_choice(curve, chosen, maximise=[True, True, True])
board.show("6a. Choice", choice)
board.show("6b. Test days", better_than_mean(final, data.y, train, test, data.task_names))
on = chosen_on_validation(curve if choice else None, chosen, final, data.y, PARTS, r2_score)
board.show("6c. Chosen on validation", on)
show_totals("6", final, test)

# %% [markdown]
# The test days lie 40 to 80 days after the last training day. Are their totals further off than those of the training
# days? A drift would grow with the horizon, and no weight repairs it.
#
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
# Answer each box with the place of the evidence ("the history of stage 1 has a column for each series"), not with "yes".

# %%
audit = {
    "Are per-task losses and metrics logged in every epoch?": "...",
    "Are the weights justified and documented?": "...",
    "Is the mask of each series correct and unit-tested?": "...",
    "Is there a trade-off curve or an ablation?": "...",
}

# %%
board.show("8. Mini-audit", audit_filled(audit))
board.summary()

# %% [markdown]
# ## Explanation
#
# *Two or three sentences. Why does the scale of a count still enter a Poisson loss, although the head answers with a
# logarithm? Where does the ceiling of the returns come from, and how high is it (with the formula)?*
#
# (your text)
#
# ## Write-up
#
# *Three to five sentences for the shop: which configuration you recommend and on which number that rests (with its unit or
# metric), what it costs the other series (with the interval), what sharing gained or lost compared with one model per
# series, how far the totals are off in percent, and what would break the forecast although every check here is green. (What
# if a series has gaps exactly on the days when the servers could not cope with the demand?) Does the choice keep every limit of
# your first table?*
#
# (your text)

# %% [markdown]
# ## Rubric
#
# 26 points, about one per ten minutes of work. A point is given or not: each line asks for one thing.
#
# | part | one point each |
# |---|---|
# | **Training** (4) | milestones 1a, 1b and 1c are usable |
# | | milestones 1d, 1e and 1f are usable |
# | | a comment or the log names three learning rates or more that were compared on the validation days |
# | | a comment or the log says which weights the loss of each series has before the sweep, and why |
# | **Gaps** (2) | milestone 2 is usable |
# | | the bias of the filled zeros is given as a number, in percent of a total |
# | **One model per series** (3) | milestones 3a and 3b are usable |
# | | a sentence says how many learning rates the baselines had, and it is as many as the shared model had |
# | | a sentence says for each way whether its Δm differs from 0 beyond noise |
# | **Table** (2) | milestone 4 is usable |
# | | the guesses of stage 2 are there, and a sentence says what came out differently |
# | **Trade-off** (4) | milestone 5 is usable |
# | | milestone 6a is usable |
# | | milestones 6b, 6c, 6d, 6e and 6f are usable |
# | | the reason for the choice is a fact of the shop, not a number of the table |
# | **Weight log** (3) | milestone 7 is usable |
# | | every configuration of `curve` has a line |
# | | every decision names a number with its unit or metric |
# | **Mini-audit** (1) | each of the four answers names a stage, a cell or a file in which the evidence stands |
# | **Explanation** (2) | why the scale of a count enters a Poisson loss |
# | | the ceiling of the returns, as a number with its formula |
# | **Write-up** (5) | the recommended configuration, and the number with its unit or metric on which it rests |
# | | what the choice costs the other series, with the interval |
# | | what sharing gained or lost compared with one model per series |
# | | how far the total of each series is off on the test days, in percent |
# | | for every limit of the first table: kept or broken |
#
# 21 to 26: ready to show to somebody. 13 to 20: improve the part with the largest share of points missing. Below: go back to
# stage 2.
