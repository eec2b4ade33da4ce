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
# # Project 2. News with many labels
#
# A newsroom tags its articles with topics, several at once, some of them rare. An editor trusts a tag only if at least six in
# ten are right. **You train one model for all topics, choose a threshold for each label that keeps that precision, sweep the
# weight of the rare topics, compare the model with one per topic, and find out how much of the promise is left on fresh
# articles.**
#
# **Before:** lesson 7; lesson 9 helps. **Time:** about 4.5 hours, 26 points. **Difficulty:** ●●○
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one. It refuses a
# number only where it is worse than required *beyond noise*: where the 95 % interval of the paired differences excludes 0.

# %%
import os

import numpy as np
import torch
from sklearn.metrics import average_precision_score

from mtl_teach.data import make_topics
from mtl_teach.figures import show, trade_off
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
    precision_kept,
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
# | each of the six topics | probability | recall, large | precision at least 0.6 |
# | the rarest topic | probability | … | |
# | the whole model | | one trunk for all | for example: at most 200 flagged articles per day for the editor |

# %% [markdown]
# ## The data
#
# 6000 articles as counts of 30 words, cut in three: **train**, **choose** (thresholds too), **report** once, at the end.

# %%
SEEDS = range(2 if SMOKE else 4)
TARGET = 0.6  # precision that every label must keep
data = make_topics(6000, seed=0)
train, validation, test = slice(0, 2000), slice(2000, 4000), slice(4000, 6000)
PARTS = {"training": train, "validation": validation, "test": test}
logs = np.log1p(data.X)
x = torch.tensor((logs - logs[train].mean(axis=0)) / logs[train].std(axis=0), dtype=torch.float32)
y = torch.tensor(data.y, dtype=torch.float32)

print("positives of 2000:", dict(zip(data.task_names, data.y[train].sum(axis=0).astype(int).tolist())))

# %% [markdown]
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with six heads and returns **probabilities** for **all** rows. `weights` are
# those of the six losses, `width` is the number of hidden units. The newsroom's archive keeps **three numbers per article**,
# from which all tags are read, so the width is 3. Train until the losses no longer fall, for each choice of weights anew: a
# task with a low weight learns slowly. Useful: `mtl_teach.models.HardSharing`, `mtl_teach.losses.masked_loss(..., loss="bce")`
# (it wants logits), `mtl_teach.training.fit` (its history logs the loss of each label) and `minibatches`,
# `mtl_teach.weighting.WeightedSum`.

# %%
def train_and_predict(weights, seed, width=3):
    """Return probabilities for all rows, (n_samples, 6)."""
    ...


# %%
def first_run():
    return train_and_predict((1.0,) * data.n_tasks, seed=0)


first = first_run()
board.show("1a. Probabilities", usable_predictions(first, data.y.shape, probabilities=True))
board.show("1b. Against the base rates", better_than_mean(first, data.y, train, validation, data.task_names))
board.show("1c. Test rows unread", unmoved_by_test_labels(first_run, first, [data.y, y], test))

# %% [markdown]
# <details><summary><b>Not usable? The usual reasons</b></summary>
#
# *1a:* logits were returned (`torch.sigmoid` turns them into probabilities); a tensor still carries its gradient (predict
# inside `torch.no_grad()`). *1c:* something random has no seed.
# </details>
#
# ## Stage 2. A threshold for each label
#
# For each label, among the thresholds whose precision reaches the target on the validation rows, the one with the **highest
# recall**; of two with the same recall, the higher one. (That is problem set 7's `precision_threshold`.) Predict 1 where the
# probability is *at least* the threshold. If none reaches the target, use infinity: the label is never predicted, and the
# write-up says so. The milestone says how many articles each threshold finds.

# %%
thresholds = None  # (6,), from `first` on the validation rows

# %%
kept = precision_kept(thresholds, first, data.y, validation, TARGET, data.task_names)
board.show("2. Thresholds", kept)

# %% [markdown]
# ## Stage 3. Weights for the rare topics
#
# Give health, science and obituary the weight $r$ and the other three 1; at least **five** values of $r$, from about 0.1 to
# 10, everything else the same. For each and for each seed the **average precision** of every label on the validation rows
# (`sklearn.metrics.average_precision_score`): it judges the ranking, and needs no threshold. A *class* weight (lesson 7) makes
# a label's probabilities larger and leaves its ranking nearly as it is. Before you run it: what will the weight of a label's
# *whole* loss change, the size of its probabilities or their ranking, and why? Write your guess down here.

# %%
COMMON, RARE = slice(0, 3), slice(3, 6)
sweep = None  # {"r=1": array (n_seeds, 6), ...}: average precision of each label, validation rows

# %%
ready = configurations(sweep, data.n_tasks, at_most=1)
board.show("3. Sweep", ready)
swept = list(sweep) if ready or (isinstance(sweep, dict) and sweep) else ["the sweep of stage 3"]
groups = None
if ready:
    groups = {
        name: np.column_stack([floats(rows)[:, part].mean(axis=1) for part in (COMMON, RARE)])
        for name, rows in sweep.items()
    }
    show(trade_off({"weights": stacked(groups)}, swept, title="Common against rare topics",
                   xlabel="average precision, common topics", ylabel="average precision, rare topics"))

# %% [markdown]
# ## Stage 4. One model per topic
#
# No gain from sharing counts without a baseline: train **one model per topic**, with the same width, the same seeds, and as
# many learning rates tried as for the shared model. The short way: the weights (1, 0, 0, 0, 0, 0), then (0, 1, 0, 0, 0, 0),
# and so on. A topic of weight 0 sends no gradient into the trunk, so the one that is left has it to itself.
#
# Then Δm, the mean relative gain over these baselines, for each $r$ and **seed by seed**: `mtl_teach.metrics.delta_m` of the
# average precisions of a seed against the baselines of the *same* seed. A rare topic has a low baseline, so it moves Δm most.

# %%
single = None  # array (n_seeds, 6): average precision of each topic's own model, validation rows
gains = None  # {configuration: array (n_seeds,)}: Δm, a fraction, positive = better

# %%
board.show("4a. One model per topic", single_task_baselines(single, data.n_tasks, sweep, at_most=1))
board.show("4b. Gain over them", gains_over_single(gains, sweep, single, [True] * data.n_tasks))

# %% [markdown]
# ## Stage 5. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds, label by label. An interval
# over seeds does not cover the few positives of a rare label: other articles would move it further.

# %%
table = None  # {configuration: mean_interval(sweep[configuration])}, and a row "one model per topic"

# %%
ready = intervals_present(table, [*swept, "one model per topic"], data.n_tasks)
board.show("5. Table with intervals", ready)
if ready:
    print_table(table, data.task_names, "average precision", decimals=2)

# %% [markdown]
# ## Stage 6. Choose, then test once
#
# Choose a configuration *from the validation rows*, efficient in the two groups' average precision: no other is at least
# as good in both and, beyond noise, better in one. Then choose the thresholds of its probabilities, again on validation, and
# look once at the test rows.

# %%
chosen = None  # a key of `sweep`
final = None  # probabilities of the chosen configuration for all rows, (n_samples, 6)
final_thresholds = None  # (6,), from `final` on the validation rows

# %%
choice = efficient_choice(groups, chosen, maximise=[True, True])
board.show("6a. Choice", choice)
board.show("6b. Test rows", better_than_mean(final, data.y, train, test, data.task_names))
kept = precision_kept(final_thresholds, final, data.y, validation, TARGET, data.task_names)
board.show("6c. Thresholds of the choice", kept)
if kept:
    for name, rows in (("validation", validation), ("test", test)):
        tagged = floats(final)[rows] >= floats(final_thresholds)
        right = (tagged * data.y[rows]).sum(axis=0)
        shares = [f"{t} {h:.0f} of {n}" for t, h, n in zip(data.task_names, right, tagged.sum(axis=0))]
        print(f"tags that are right, {name}: " + ", ".join(shares))
on = chosen_on_validation(sweep if choice else None, chosen, final, data.y, PARTS, average_precision_score)
board.show("6d. Chosen on validation", on)

# %% [markdown]
# <details><summary><b>The test rows keep less than the target?</b></summary>
#
# Look at how each threshold was found, among how many, and on which rows. For which labels does the precision fall most, and
# how many tags does it rest on there? Say what you would ask of the validation rows before you promise the editor anything.
# </details>

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
# ## Write-up
#
# *Three to five sentences for the editor: which configuration you recommend, which topics can be tagged at the target and
# which cannot, how many articles per 2000 each threshold finds and misses, how the precision differs between validation and
# test rows and why, and what sharing gained or lost compared with one model per topic. Does the choice keep every limit of
# your first table?*
#
# (your text)

# %% [markdown]
# ## Extra: real news
#
# RCV1: 800 000 Reuters articles with 103 topics, as word weights. The download is **large**, about 650 MB; it is kept for
# the next time.

# %%
WANT_ONLINE = False


def reuters():
    from sklearn.datasets import fetch_rcv1

    return fetch_rcv1(subset="train", n_retries=1, delay=0.5)


news = load_online("RCV1", reuters, wanted=WANT_ONLINE)
if news is not None:
    print(news.data.shape, news.target.shape, "topics:", *news.target_names[:8], "...")

# %% [markdown]
# ## Rubric
#
# 26 points, about one per ten minutes of work. A point is given or not: each line asks for one thing.
#
# | part | one point each |
# |---|---|
# | **Training** (3) | milestones 1a, 1b and 1c are usable |
# | | a comment or the log names three learning rates or more that were compared on the validation rows |
# | | the loss of each label is logged per epoch, and one figure or table shows it |
# | **Thresholds** (3) | milestone 2 is usable |
# | | no label's recall is below the highest possible at the target, or a sentence says why |
# | | an unreachable target is said in words, or a sentence says that there is none |
# | **Sweep** (2) | milestone 3 is usable |
# | | the guess of stage 3 is there, and a sentence says what came out differently, with a number |
# | **One model per topic** (3) | milestones 4a and 4b are usable |
# | | a sentence says how many learning rates the baselines had, and it is as many as the shared model had |
# | | a sentence says for each $r$ whether its Δm differs from 0 beyond noise |
# | **Table** (2) | milestone 5 is usable |
# | | a sentence says how many positives the rarest label has on the validation rows |
# | **Choice** (3) | milestone 6a is usable |
# | | milestones 6b, 6c and 6d are usable |
# | | the reason for the choice is a fact of the newsroom, not a number of the table |
# | **Weight log** (3) | milestone 7 is usable |
# | | every configuration of `sweep` has a line |
# | | every decision names a number with its unit or metric |
# | **Mini-audit** (1) | each of the four answers names a stage, a cell or a file in which the evidence stands |
# | **Write-up** (6) | the recommended configuration, and the number with its unit or metric on which it rests |
# | | found and missed articles for each topic, per 2000 |
# | | precision on validation and on test, side by side, for each topic |
# | | the reason why they differ |
# | | what sharing gained or lost compared with one model per topic |
# | | for every limit of the first table: kept or broken |
#
# 21 to 26: ready to show to somebody. 13 to 20: improve the part with the largest share of points missing. Below: go back to
# stage 2.
