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
# A shop plans six weeks ahead. For each item it records page views, units sold and returns a day, and each record has gaps.
# One trunk with three heads forecasts all three. **You decide what a gap is to the loss, sweep the weight of the rarest
# series, choose one configuration, and write down why.**
#
# **Before:** lessons 3 to 5; lesson 9 helps. **Time:** about 3 hours. **Difficulty:** ●●○
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one.

# %%
import os

import numpy as np
import torch

from mtl_teach.data import make_demand_series
from mtl_teach.figures import dots, show, trade_off
from mtl_teach.learn.projects.milestones import (
    Board,
    audit_filled,
    better_than_mean,
    calibrated_total,
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
# | page views, units sold | a day | R² on recorded days, large | |
# | returns | a day | … | |
# | the whole model | | one model instead of three | for example: each total within 10 %; one training a night |

# %% [markdown]
# ## The data
#
# 30 items, 200 days, one row an item and day. A forecast looks ahead, so the rows are cut **by day**, not at random: train on
# the first 120 days, choose on the next 40, report the last 40 once, at the end. The features (calendar, planned promotions
# and prices, two traits of the item) are known before the day comes.

# %%
SEEDS = range(2 if SMOKE else 4)
data = make_demand_series(30, 200, seed=0)
train, validation, test = data.day < 120, (data.day >= 120) & (data.day < 160), data.day >= 160
X = (data.X - data.X[train].mean(axis=0)) / data.X[train].std(axis=0)
x = torch.tensor(X, dtype=torch.float32)

for k, (name, unit) in enumerate(zip(data.task_names, data.task_units)):
    column, seen = data.y[train, k], data.mask[train, k].mean()
    print(f"{name:10} {seen:.0%} recorded; mean {np.nanmean(column):6.2f}, variance {np.nanvar(column):8.2f} {unit}")

# %% [markdown]
# A missing day is NaN, and `data.mask` is False there. The gaps come at random, independently of the counts; in a real shop
# you would have to ask. `data.expected` is the truth behind the counts, which no shop has. Leave it alone until your choice is
# made; then it tells how good a forecast could have been, since counts scatter around it.
#
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with three heads on the training rows and returns forecasts for **all** rows
# **in counts a day**. What happens to a gap is `gaps`:
#
# | `gaps` | a missing training label |
# |---|---|
# | `"masked"` | is left out of the loss of its task |
# | `"filled with 0"` | counts as no view, no sale, no return |
# | `"last value"` | repeats the last recorded day of the same item and series (0 if there is none yet) |
#
# The loss is yours to decide: squared error on standardised labels, or the Poisson loss $e^z - y z$ of a head that answers
# with the *logarithm* $z$ of the expected count. Say in the log which weights make it fair: does the logarithm take the unit
# out of the loss, or only out of the head?
#
# Useful: `mtl_teach.models.HardSharing`, `mtl_teach.losses.masked_loss` (NaN means missing; `loss` may be a function of the
# observed predictions and labels), `mtl_teach.scaling.TargetScaler`, `mtl_teach.training.fit` (its history logs the loss of
# each task) and `minibatches`, `mtl_teach.weighting.WeightedSum`.

# %%
def train_and_predict(gaps, weights, seed):
    """Return forecasts for all rows, (n_samples, 3), in counts a day."""
    ...


# %%
first = train_and_predict("masked", (1.0, 1.0, 1.0), seed=0)
board.show("1a. Forecasts", usable_predictions(first, data.y.shape))
board.show("1b. Against the mean", better_than_mean(first, data.y, train, validation, data.task_names))

# %% [markdown]
# A planner adds forecasts up: so many units in 40 days, so many parcels that come back. So the totals are looked at too: here
# over the recorded *training* days, where they say whether the model learned the right mean, and at the end over the test days.

# %%
def show_totals(stage, forecast, rows):
    """One milestone a series: predicted over recorded total, at most 10 % off."""
    for k, (letter, name) in enumerate(zip("cde", data.task_names)):
        column = forecast[:, k] if usable_predictions(forecast, data.y.shape) else None
        board.show(f"{stage}{letter}. Total of {name}", calibrated_total(column, data.y[:, k], rows & data.mask[:, k]))


show_totals("1", first, train)

# %% [markdown]
# <details><summary><b>Not usable? Three usual reasons</b></summary>
#
# The forecasts are logarithms or standard units (transform them back); a NaN reached the loss (`masked_loss` leaves it out
# before the loss is computed); every total is about a fifth too low, which is the share of the days that are missing: the
# gaps were learned as zeros. On later days an extrapolated season can hide that, so look for it where the model was fitted.
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
board.show("2. Three ways", configurations(scores, data.n_tasks, least=3, names=GAPS))

# %% [markdown]
# ## Stage 3. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds.

# %%
table = None  # {gaps: mean_interval(scores[gaps])}

# %%
ready = intervals_present(table, GAPS, data.n_tasks)
board.show("3. Table with intervals", ready)
if ready and board.findings["2. Three ways"]:
    print(f"{'R², validation':16}" + "".join(f"{name:>18}" for name in data.task_names))
    for name, row in table.items():
        print(f"{name:16}" + "".join(f"{m:10.3f} ± {h:.3f}" for m, h in zip(row.mean, row.half_width)))
    columns = np.stack([np.asarray(scores[name]) for name in GAPS], axis=1)  # (n_seeds, n_ways, n_tasks)
    series = {task: columns[:, :, k] for k, task in enumerate(data.task_names)}
    show(dots(series, GAPS, title="Three series, by treatment of the gaps", xlabel="R², validation"))

# %% [markdown]
# R² of the returns is low whatever you do. If a count is Poisson, its variance around the best forecast is that forecast, so
# *mean over variance*, both printed with the data, is the share of a series that no forecast explains. Work it out for the
# three: it is a ceiling of the data, not a fault of the weight.
#
# ## Stage 4. A trade-off curve
#
# With the treatment that you trust, sweep the weight $c$ of the returns, with $(1 - c) / 2$ for each other series: at least
# **five** values, everything else the same. A flat curve is a result too: say so.

# %%
curve = None  # {"c=0.1": array (n_seeds, 3), ...}: R² of each series, recorded validation days

# %%
ready = configurations(curve, data.n_tasks)
board.show("4. Trade-off curve", ready)
if ready:
    points = np.stack([np.asarray(rows) for rows in curve.values()], axis=1)  # (n_seeds, n_weights, n_tasks)
    pairs = np.stack([points[:, :, :2].mean(axis=2), points[:, :, 2]], axis=2)
    show(trade_off({"weights": pairs}, list(curve), title="What views and units pay for returns",
                   xlabel="mean R² of views and units, validation", ylabel="R² of returns, validation"))

# %% [markdown]
# ## Stage 5. Choose, then test once
#
# Choose a configuration of the curve *from the validation days*. It must be efficient: no other is at least as good in all
# three series and better in one. Which efficient one depends on what a wrong forecast costs the shop, and the log says that.
#
# The calendar of the later days lies partly outside that of the training days, and each seed continues it in its own way. See
# how much the totals of the *validation* days differ between your seeds before you decide whether `final` is the forecast of one
# seed or the mean over all of them.

# %%
chosen = None  # a key of `curve`
final = None  # forecasts of the chosen configuration for all rows, (n_samples, 3), in counts a day

# %%
board.show("5a. Choice", efficient_choice(curve, chosen, maximise=[True, True, True]))
board.show("5b. Test days", better_than_mean(final, data.y, train, test, data.task_names))
show_totals("5", final, test)

# %% [markdown]
# The test days lie 40 to 80 days after the last training day. Are their totals further off than those of the training
# days? A drift would grow with the horizon, and no weight repairs it.
#
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
# Answer each box with the place of the evidence ("the history of stage 1 has a column for each series"), not with "yes".

# %%
audit = {
    "Are per-task losses and metrics logged in every epoch?": "...",
    "Are the weights justified and documented?": "...",
    "Is the mask of each series correct and unit-tested?": "...",
    "Is there a trade-off curve or an ablation?": "...",
}

# %%
board.show("7. Mini-audit", audit_filled(audit))
board.summary()

# %% [markdown]
# ## Write-up
#
# *Three to five sentences for the shop: what you recommend, what it costs the other series (with the interval), how far the
# totals are off, and what would break the forecast although every check here is green. (What if a series has gaps exactly
# on the days when the servers could not stand the demand?) Does the choice keep every limit of your first table?*
#
# (your text)

# %% [markdown]
# ## Rubric
#
# | | 2 points | 1 point | 0 points |
# |---|---|---|---|
# | **Gaps** | masked in the loss of each task, the bias of the zeros said in numbers | masked, no number | filled, or rows dropped that miss one series |
# | **Split and table** | cut by day, all three series, with intervals over seeds | cut by day, means only | cut at random, or one total for all |
# | **Trade-off** | five weights or more, an efficient choice made on validation, test read once | five weights, choice without a reason | fewer than five, or chosen on test |
# | **Weight log** | every configuration with a reason that can be questioned, failures included | weights listed, reasons vague | missing |
# | **Explanation** | says why the scale of a count still enters its loss, and where the ceiling of the returns comes from | one of the two | wrong or missing |
# | **Write-up** | recommendation, price, number, limit | two of the four | none |
#
# 10 to 12: ready to show to somebody. 6 to 9: mend the row with the fewest points. Below: go back to stage 2.
