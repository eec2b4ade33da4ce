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
# rates. **You train it, sweep the weight between the heads, look at business numbers beside the losses, and choose a
# configuration whose revenue forecast can be trusted.** The stretch asks for a model that is also cheap to run.
#
# **Before:** lessons 5 and 6; lesson 9 helps; the stretch uses lesson 8. **Time:** about 4 hours. **Difficulty:** ●●●
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one.

# %%
import os

import numpy as np
import torch

from mtl_teach.data import make_click_logs
from mtl_teach.figures import dots, scatter_front, show, trade_off
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
x = torch.tensor(data.X, dtype=torch.float32)
y = torch.tensor(data.y, dtype=torch.float32)  # (n_samples, 2): click, conversion
realised = data.click_and_conversion * data.price

print(f"click rate {data.click.mean():.3f}, conversion rate of clicks {np.nanmean(data.y[:, 1]):.3f}")
print(f"revenue: {realised[train].sum():,.0f} EUR from {len(realised[train])} training impressions")

# %% [markdown]
# `data` also holds the true probabilities, which no log has. Leave them alone until your choice is made; then they tell
# how good it could have been.
#
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with two heads and returns **probabilities** for **all** rows:
# P(click) and P(conversion | click). `weights` are those of the click loss and the conversion loss; `width` is the number
# of hidden units. Decide what happens to the conversion loss of a row without a click, and say so in the log.
#
# Useful: `mtl_teach.models.HardSharing`, `mtl_teach.losses.masked_loss(..., loss="bce")` (it wants logits) or
# `mtl_teach.selection.esmm_loss`, `mtl_teach.training.fit` (its history logs the loss of each task) and `minibatches`,
# `mtl_teach.weighting.WeightedSum`.

# %%
def train_and_predict(weights, seed, width=4):
    """Return probabilities for all rows, (n_samples, 2): click, and conversion given a click."""
    ...


# %%
first = train_and_predict((1.0, 1.0), seed=0)
board.show("1a. Probabilities", usable_predictions(first, data.y.shape, probabilities=True))
board.show("1b. Against the base rates", better_than_mean(first, data.y, train, validation, data.task_names))

# %% [markdown]
# <details><summary><b>Not usable? Two usual reasons</b></summary>
#
# Logits were returned (`torch.sigmoid` turns them into probabilities); the NaN of a missing conversion reached the loss
# (`masked_loss` leaves it out before the loss is computed). A third mistake is not found here: a conversion head that
# learned from filled-in zeros still beats the base rate. Stage 4 finds it.
# </details>
#
# ## Stage 2. Sweep the weight
#
# At least **five** values of the conversion's weight $c$, with $1 - c$ for the click; everything else the same. For each
# and for each seed, the **log loss** of both tasks on the validation rows (conversion: rows with a click). Before you run
# it, write down where you expect the best sum of both.

# %%
sweep = None  # {"c=0.1": array (n_seeds, 2), ...}: log loss of click and of conversion, validation rows

# %%
ready = configurations(sweep, data.n_tasks)
board.show("2. Sweep", ready)
if ready:
    points = np.stack([np.asarray(rows) for rows in sweep.values()], axis=1)
    show(trade_off({"weights": points}, list(sweep), title="What one head pays for the other",
                   xlabel="log loss of click, validation", ylabel="log loss of conversion, validation"))

# %% [markdown]
# ## Stage 3. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds.

# %%
table = None  # {configuration: mean_interval(sweep[configuration])}

# %%
swept = list(sweep) if isinstance(sweep, dict) else ["the sweep of stage 2"]
ready = intervals_present(table, swept, data.n_tasks)
board.show("3. Table with intervals", ready)
if ready:
    print(f"{'log loss, validation':22}" + "".join(f"{name:>18}" for name in data.task_names))
    for name, row in table.items():
        print(f"{name:22}" + "".join(f"{m:10.4f} ± {h:.4f}" for m, h in zip(row.mean, row.half_width)))

# %% [markdown]
# ## Stage 4. Business numbers
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
board.show("4a. Calibrated revenue", calibrated_total(expected_revenue, realised, validation))
ready = configurations(business, 2, names=swept)
board.show("4b. Business numbers", ready)
if ready:
    columns = np.stack([np.asarray(rows) for rows in business.values()], axis=1)
    series = {"forecast": columns[:, :, 0], "top fifth": columns[:, :, 1]}
    show(dots(series, list(business), reference=1.0, title="What the weights do to the business numbers",
              xlabel="predicted over realised (1 is right); share of revenue in the top fifth"))

# %% [markdown]
# <details><summary><b>The forecast is far below what came in?</b></summary>
#
# Look at what the conversion head learned. If rows without a click counted as "no conversion", it predicts
# click-*and*-conversion, and the click is multiplied in twice.
# </details>
#
# ## Stage 5. Choose, then test once
#
# Choose a configuration *from the validation rows*. It must be efficient in the two log losses; which efficient one, the
# business numbers may decide, if their intervals can tell them apart. If they cannot, say that.

# %%
chosen = None  # a key of `sweep`
final = None  # probabilities of the chosen configuration for all rows, (n_samples, 2)

# %%
board.show("5a. Choice", efficient_choice(sweep, chosen, maximise=[False, False]))
board.show("5b. Test rows", better_than_mean(final, data.y, train, test, data.task_names))
promised = np.prod(final, axis=1) * data.price if usable_predictions(final, data.y.shape) else final
board.show("5c. Revenue on test rows", calibrated_total(promised, realised, test))

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
# Answer each box with the place of the evidence, not with "yes".

# %%
audit = {
    "Are per-task losses and metrics logged in every epoch?": "...",
    "Are the weights justified and documented?": "...",
    "Is the mask of the conversions correct and unit-tested?": "...",
    "Is there a trade-off curve or an ablation?": "...",
}

# %%
board.show("7. Mini-audit", audit_filled(audit))

# %% [markdown]
# ## Stretch: a budget for the answer time
#
# The ranking must be fast. A measured latency has no gradient and shakes from run to run; the number of operations is a
# **proxy** that does neither, and is only that. Train at least five widths with your chosen weights; count the operations
# of one prediction with `mtl_teach.cost.count_flops`; score each checkpoint by
#
# $$ J = L_\text{click} + L_\text{conversion} + \lambda \, \max(0, \text{FLOPs} - B), \qquad B = 100 \text{ FLOPs}. $$
#
# Choose the checkpoint by $J$ on the validation rows (`mtl_teach.losses.penalised_objective`), for a $\lambda$ in loss per
# FLOP that you can defend, and check that it is Pareto-efficient. Then time it with `measure_latency`: is the proxy's
# order also that of the clock?

# %%
checkpoints = None  # {"width 4": array (n_seeds, 2), ...}: sum of both log losses on validation, FLOPs of one prediction
checkpoint = None  # a key of `checkpoints`

# %%
ready = configurations(checkpoints, 2)
board.show("8a. Stretch: checkpoints", ready)
board.show("8b. Stretch: choice", efficient_choice(checkpoints, checkpoint, maximise=[False, False]))
if ready:
    means = np.array([np.mean(rows, axis=0) for rows in checkpoints.values()])
    show(scatter_front({"one width a point": means[:, ::-1]}, title="What a better forecast costs",
                       xlabel="FLOPs of one prediction", ylabel="sum of log losses, validation"))
board.summary()

# %% [markdown]
# ## Write-up
#
# *Three to five sentences for the shop: what you recommend, how far the revenue forecast is off (with the interval), what
# the choice costs the other head, and what would make the forecast wrong although every check here is green. (Lesson 6,
# world C, has one answer.) Does the choice keep every limit of your first table?*
#
# (your text)

# %% [markdown]
# ## Rubric
#
# | | 2 points | 1 point | 0 points |
# |---|---|---|---|
# | **Conversion labels** | masked (or the cascade), with the reason in words | masked, no reason | filled with 0 |
# | **Sweep** | five weights or more, seeds, per-task log losses with intervals | five weights, means only | fewer, or one total for both |
# | **Business numbers** | calibrated total and ranking for every weight, read with their intervals | one of the two | none |
# | **Choice** | efficient, made on validation, test read once | efficient, no reason | dominated, or chosen on test |
# | **Weight log** | every configuration with a reason that can be questioned, failures included | reasons vague | missing |
# | **Write-up** | recommendation, price, number, limit (which estimand, which hidden cause) | two of the four | none |
# | **Stretch** (extra) | efficient checkpoint, units of λ stated, proxy compared with the clock | efficient checkpoint | none |
#
# 10 to 12: ready to show to somebody. 6 to 9: mend the row with the fewest points. Below: go back to stage 2.
