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
# # Project 3. Clicks, conversions, and the revenue they promise
#
# A shop ranks its offers by expected revenue: click rate × conversion rate × price. One trunk with two heads predicts both
# rates. **You train it, sweep the weight between the heads, compare it with one model per rate, look at business numbers
# beside the losses, and choose a configuration whose revenue forecast can be trusted.** The stretch asks how wide it should
# be.
#
# **Before:** lessons 5 and 6; lesson 9 helps; the stretch uses lesson 8. **Time:** about 4.5 hours, 27 points. **Difficulty:** ●●●
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one. It refuses a
# number only where it is worse than required *beyond noise*: where the 95 % interval of the paired differences excludes 0.

# %%
import os

import numpy as np
import torch
from sklearn.metrics import log_loss

from mtl_teach.data import make_click_logs
from mtl_teach.figures import dots, scatter_front, show, trade_off
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
# | click | probability | log loss, small | |
# | conversion given a click | probability | … | |
# | expected revenue | EUR | … | for example: within 10 % of what came in; answers within 50 ms |

# %% [markdown]
# ## The data
#
# 9000 impressions. The conversion label exists only where there was a click; elsewhere it is NaN. `realised` is the money
# that really came in: the price where somebody clicked *and* bought, and a true 0 otherwise.

# %%
SEEDS = range(2 if SMOKE else 4)
data = make_click_logs(9000, curvature=0.8, seed=0)
train, validation, test = slice(0, 3000), slice(3000, 6000), slice(6000, 9000)
PARTS = {"training": train, "validation": validation, "test": test}
x = torch.tensor(data.X, dtype=torch.float32)
y = torch.tensor(data.y, dtype=torch.float32)  # (n_samples, 2): click, conversion
realised = data.click_and_conversion * data.price

print(f"click rate {data.click.mean():.3f}, conversion rate of clicks {np.nanmean(data.y[:, 1]):.3f}")
print(f"revenue: {realised[train].sum():,.0f} EUR from {len(realised[train])} training impressions")

# %% [markdown]
# `data` also holds the true probabilities, which no log has. Leave them alone until your choice is made; then they show
# how good it could have been.
#
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with two heads and returns **probabilities** for **all** rows:
# P(click) and P(conversion | click). `weights` are those of the click loss and the conversion loss; `width` is the number
# of hidden units. The shop's ranking service passes **one number per impression** from the trunk to the heads, so the width is
# 1 until the stretch. Train until the losses no longer fall: a task with a low weight learns slowly. Decide what happens to
# the conversion loss of a row without a click, and say so in the log.
#
# Useful: `mtl_teach.models.HardSharing`, `mtl_teach.losses.masked_loss(..., loss="bce")` (it wants logits) or
# `mtl_teach.selection.esmm_loss`, `mtl_teach.training.fit` (its history logs the loss of each task) and `minibatches`,
# `mtl_teach.weighting.WeightedSum`.

# %%
def train_and_predict(weights, seed, width=1):
    """Return probabilities for all rows, (n_samples, 2): click, and conversion given a click."""
    ...


# %%
def first_run():
    return train_and_predict((1.0, 1.0), seed=0)


first = first_run()
board.show("1a. Probabilities", usable_predictions(first, data.y.shape, probabilities=True))
board.show("1b. Against the base rates", better_than_mean(first, data.y, train, validation, data.task_names))
board.show("1c. Test rows unread", unmoved_by_test_labels(first_run, first, [data.y, y], test))

# %% [markdown]
# <details><summary><b>Not usable? The usual reasons</b></summary>
#
# *1a:* logits were returned (`torch.sigmoid` turns them into probabilities); a tensor still carries its gradient (predict
# inside `torch.no_grad()`); the NaN of a missing conversion reached the loss (`masked_loss` leaves it out before the loss is
# computed). *1c:* something random has no seed. One mistake is not found here: a conversion head that learned from filled-in
# zeros can be better than the base rate. Stage 5 finds it.
# </details>
#
# ## Stage 2. Sweep the weight
#
# At least **five** values of the conversion's weight $c$, with $1 - c$ for the click; everything else the same. For each
# and for each seed, the **log loss** of both tasks on the validation rows (conversion: rows with a click). Before you run
# it, write down where you expect the best sum of both. Sweep once from 0.02 to 0.98, see between which two values the curve
# moves most, and put two more values there.

# %%
# {"c=0.1": array (n_seeds, 2), ...}: log loss (nats per row) of click and of conversion, validation rows
sweep = None

# %%
ready = configurations(sweep, data.n_tasks)
board.show("2. Sweep", ready)
if ready:
    show(trade_off({"weights": stacked(sweep)}, list(sweep), title="What one head pays for the other",
                   xlabel="log loss of click (nats), validation",
                   ylabel="log loss of conversion (nats), validation"))

# %% [markdown]
# ## Stage 3. One model per task
#
# No gain from sharing counts without a baseline: train **one model per rate**, with the same width, the same seeds, and as
# many learning rates tried as for the shared model. The short way: the weights (1, 0), then (0, 1). A task of weight 0 sends
# no gradient into the trunk, so the other one has it to itself.
#
# Then Δm, the mean relative gain over these baselines, for each weight and **seed by seed**: `mtl_teach.metrics.delta_m` of
# the log losses of a seed against the baselines of the *same* seed. A log loss is better when it is low. Two models also
# cost twice the operations: say whether that is worth it.

# %%
single = None  # array (n_seeds, 2): log loss of the click model and of the conversion model, validation rows
gains = None  # {configuration: array (n_seeds,)}: Δm, a fraction, positive = better

# %%
board.show("3a. One model per task", single_task_baselines(single, data.n_tasks, sweep))
board.show("3b. Gain over them", gains_over_single(gains, sweep, single, [False, False]))

# %% [markdown]
# ## Stage 4. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds.

# %%
table = None  # {configuration: mean_interval(sweep[configuration])}, and a row "one model per task"

# %%
begun = board.findings["2. Sweep"] or (isinstance(sweep, dict) and sweep)
swept = list(sweep) if begun else ["the sweep of stage 2"]
ready = intervals_present(table, [*swept, "one model per task"], data.n_tasks)
board.show("4. Table with intervals", ready)
if ready:
    print_table(table, data.task_names, "log loss (nats), validation rows", decimals=4)

# %% [markdown]
# ## Stage 5. Business numbers
#
# Losses are for training; the shop wants to know two things.
#
# - **Can the forecast be trusted?** Predicted over realised revenue, summed over the validation rows: 1 is right.
# - **Does the ranking earn money?** The share of the realised revenue in the fifth of the rows that the model ranks first.
#
# Two good heads need not make a good product: both errors enter the revenue, and a price weights them.

# %%
expected_revenue = None  # of one configuration: EUR per impression for all rows, (n_samples,)
business = None  # {configuration: array (n_seeds, 2)}: predicted over realised, share of revenue in the top fifth

# %%
board.show("5a. Calibrated revenue", calibrated_total(expected_revenue, realised, validation))
ready = configurations(business, 2, names=swept)
board.show("5b. Business numbers", ready)
if ready:
    columns = stacked(business)
    series = {"forecast": columns[:, :, 0], "top fifth": columns[:, :, 1]}
    show(dots(series, list(business), reference=1.0, title="What the weights do to the business numbers",
              xlabel="predicted over realised (1 is right); share of revenue in the top fifth"))

# %% [markdown]
# <details><summary><b>The forecast is far below what came in?</b></summary>
#
# Look at what the conversion head learned: from which rows, and so the conversion rate of whom? Then at the product: how
# often does the click enter it?
# </details>
#
# ## Stage 6. Choose, then test once
#
# Choose a configuration *from the validation rows*. It must be efficient in the two log losses: no other is at least as
# good in both and, beyond noise, better in one. Which efficient one, the business numbers may decide, if their differences,
# paired by seed, are distinguishable from 0. If they are not, say that.

# %%
chosen = None  # a key of `sweep`
final = None  # probabilities of the chosen configuration for all rows, (n_samples, 2)

# %%
choice = efficient_choice(sweep, chosen, maximise=[False, False])
board.show("6a. Choice", choice)
board.show("6b. Test rows", better_than_mean(final, data.y, train, test, data.task_names))
promised = np.prod(floats(final), axis=1) * data.price if usable_predictions(final, data.y.shape) else final
board.show("6c. Revenue on test rows", calibrated_total(promised, realised, test))
on = chosen_on_validation(sweep if choice else None, chosen, final, data.y, PARTS, log_loss)
board.show("6d. Chosen on validation", on)

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
# Answer each box with the place of the evidence, not with "yes".

# %%
audit = {
    "Are per-task losses and metrics logged in every epoch?": "...",
    "Are the weights justified and documented?": "...",
    "Is the mask of the conversions correct and unit-tested?": "...",
    "Is there a trade-off curve or an ablation?": "...",
}

# %%
board.show("8. Mini-audit", audit_filled(audit))

# %% [markdown]
# ## Stretch: a budget for the answer time
#
# Should the service pass more than one number? The ranking must be fast. A measured latency has no gradient and varies from
# run to run; the number of operations is a **proxy** that is the same in every run. Train at least five widths with your
# chosen weights; count the operations of one prediction with `mtl_teach.cost.count_flops`; score each checkpoint by
#
# $$ J = L_\text{click} + L_\text{conversion} + \lambda \, \max(0, \text{FLOPs} - B), \qquad B = 100 \text{ FLOPs}. $$
#
# Choose the checkpoint by $J$ on the validation rows (`mtl_teach.losses.penalised_objective`), for a $\lambda$ in loss per
# FLOP that you can defend, and check that it is Pareto-efficient. Then time it with `measure_latency`: is the proxy's
# order also that of the clock?

# %%
# {"width 4": array (n_seeds, 2), ...}: sum of both log losses (nats) on validation, FLOPs of one prediction
checkpoints = None
checkpoint = None  # a key of `checkpoints`

# %%
ready = configurations(checkpoints, 2)
board.show("9a. Stretch: checkpoints", ready)
board.show("9b. Stretch: choice", efficient_choice(checkpoints, checkpoint, maximise=[False, False]))
if ready:
    means = stacked(checkpoints).mean(axis=0)
    show(scatter_front({"one width per point": means[:, ::-1]}, title="What a better forecast costs",
                       xlabel="FLOPs of one prediction", ylabel="sum of log losses (nats), validation"))
board.summary()

# %% [markdown]
# ## Write-up
#
# *Three to five sentences for the shop: which configuration you recommend and on which number that rests, how far the
# revenue forecast is off (with the interval), what the choice costs each head compared with a model of its own, and what
# would make the forecast wrong although every check here is green. (Lesson 6, world C, has one answer.) Does the choice keep
# every limit of your first table?*
#
# (your text)

# %% [markdown]
# ## Rubric
#
# 27 points and 4 extra for the stretch, about one per ten minutes of work. A point is given or not: each line asks for one
# thing.
#
# | part | one point each |
# |---|---|
# | **Training** (4) | milestones 1a, 1b and 1c are usable |
# | | the code leaves out a missing conversion, or takes lesson 6's loss over the whole funnel |
# | | a sentence says why a row without a click may not count as "no conversion" |
# | | a comment or the log names three learning rates or more that were compared on the validation rows |
# | **Sweep** (3) | milestone 2 is usable |
# | | two weights or more lie where the first sweep moved most |
# | | the guess of stage 2 is there, and a sentence says what came out differently |
# | **One model per task** (3) | milestones 3a and 3b are usable |
# | | a sentence says how many learning rates the baselines had, and it is as many as the shared model had |
# | | a sentence says for each weight whether its Δm differs from 0 beyond noise |
# | **Table** (1) | milestone 4 is usable |
# | **Business numbers** (3) | milestone 5a is usable |
# | | milestone 5b is usable |
# | | a sentence says which weights differ in the share of the top fifth beyond noise, paired by seed |
# | **Choice** (3) | milestone 6a is usable |
# | | milestones 6b, 6c and 6d are usable |
# | | the reason for the choice is a fact of the business, not a log loss |
# | **Weight log** (3) | milestone 7 is usable |
# | | every configuration of `sweep` has a line |
# | | every decision names a number with its unit or metric |
# | **Mini-audit** (1) | each of the four answers names a stage, a cell or a file in which the evidence stands |
# | **Write-up** (6) | the recommended configuration, and the number with its unit or metric on which it rests |
# | | how far the revenue forecast is off, with the interval |
# | | what the choice costs the click head compared with a model of its own |
# | | what the choice costs the conversion head compared with a model of its own |
# | | one thing that would make the forecast wrong although every check is green |
# | | for every limit of the first table: kept or broken |
# | **Stretch** (4 extra) | milestone 9a is usable |
# | | milestone 9b is usable |
# | | λ is stated with its unit, nats per FLOP, and a reason for its size |
# | | the order of the widths by FLOPs is compared with their order by the clock |
#
# 22 to 27: ready to show to somebody. 14 to 21: improve the part with the largest share of points missing. Below: go back to
# stage 2.
