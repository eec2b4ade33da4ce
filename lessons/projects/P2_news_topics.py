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
# weight of the rare topics, and find out how much of the promise is left on fresh articles.**
#
# **Before:** lesson 7; lesson 9 helps. **Time:** about 3 hours. **Difficulty:** ●●○
#
# This notebook is a scaffold: it runs from top to bottom as it is, and every milestone says *not done yet*. Replace each
# `...` and each `None`. A milestone says whether your output is **usable**, not whether it is the only right one.

# %%
import os

import numpy as np
import torch

from mtl_teach.data import make_topics
from mtl_teach.figures import show, trade_off
from mtl_teach.learn.projects.milestones import (
    Board,
    audit_filled,
    better_than_mean,
    configurations,
    efficient_choice,
    intervals_present,
    precision_kept,
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
# | each of the six topics | probability | recall, large | precision at least 0.6 |
# | the rarest topic | probability | … | |
# | the whole model | | one trunk for all | for example: at most 200 flagged articles a day for the editor |

# %% [markdown]
# ## The data
#
# 6000 articles as counts of 30 words, cut in three: **train**, **choose** (thresholds too), **report** once, at the end.

# %%
SEEDS = range(2 if SMOKE else 4)
TARGET = 0.6  # precision that every label must keep
data = make_topics(6000, seed=0)
train, validation, test = slice(0, 2000), slice(2000, 4000), slice(4000, 6000)
logs = np.log1p(data.X)
x = torch.tensor((logs - logs[train].mean(axis=0)) / logs[train].std(axis=0), dtype=torch.float32)
y = torch.tensor(data.y, dtype=torch.float32)

print("positives of 2000:", dict(zip(data.task_names, data.y[train].sum(axis=0).astype(int).tolist())))

# %% [markdown]
# ## Stage 1. Train one model
#
# Write a function that trains a shared trunk with six heads and returns **probabilities** for **all** rows. `weights` are
# those of the six losses. Useful: `mtl_teach.models.HardSharing`, `mtl_teach.losses.masked_loss(..., loss="bce")` (it wants
# logits), `mtl_teach.training.fit` (its history logs the loss of each label) and `minibatches`,
# `mtl_teach.weighting.WeightedSum`.

# %%
def train_and_predict(weights, seed):
    """Return probabilities for all rows, (n_samples, 6)."""
    ...


# %%
first = train_and_predict((1.0,) * data.n_tasks, seed=0)
board.show("1a. Probabilities", usable_predictions(first, data.y.shape, probabilities=True))
board.show("1b. Against the base rates", better_than_mean(first, data.y, train, validation, data.task_names))

# %% [markdown]
# ## Stage 2. A threshold for each label
#
# For each label the **lowest** threshold that reaches the target on the validation rows: lower thresholds find more. Predict
# 1 where the probability is *at least* the threshold. If none reaches the target, use infinity: the label is never
# predicted, and the write-up says so.

# %%
thresholds = None  # (6,), from `first` on the validation rows

# %%
kept = precision_kept(thresholds, first, data.y, validation, TARGET, data.task_names)
board.show("2. Thresholds", kept)

# %% [markdown]
# ## Stage 3. Weights for the rare topics
#
# Give health, science and obituary the weight $r$ and the other three 1; at least **five** values of $r$, everything else
# the same. For each and for each seed the **average precision** of every label on the validation rows
# (`sklearn.metrics.average_precision_score`): it judges the ranking, and needs no threshold. Before you run it: does a
# larger weight change the *ranking* within a label, or only its level?

# %%
COMMON, RARE = slice(0, 3), slice(3, 6)
sweep = None  # {"r=1": array (n_seeds, 6), ...}: average precision of each label, validation rows

# %%
ready = configurations(sweep, data.n_tasks)
board.show("3. Sweep", ready)
swept = list(sweep) if isinstance(sweep, dict) else ["the sweep of stage 3"]
groups = None
if ready:
    groups = {
        name: np.column_stack([np.mean(np.asarray(rows)[:, part], axis=1) for part in (COMMON, RARE)])
        for name, rows in sweep.items()
    }
    show(trade_off({"weights": np.stack(list(groups.values()), axis=1)}, swept, title="Common against rare topics",
                   xlabel="average precision, common topics", ylabel="average precision, rare topics"))

# %% [markdown]
# ## Stage 4. A table with intervals
#
# `mtl_teach.metrics.mean_interval` turns each array into a mean and a 95 % interval over seeds, label by label. An interval
# over seeds does not cover the few positives of a rare label: other articles would move it further.

# %%
table = None  # {configuration: mean_interval(sweep[configuration])}

# %%
ready = intervals_present(table, swept, data.n_tasks)
board.show("4. Table with intervals", ready)
if ready:
    print(f"{'':8}" + "".join(f"{name:>15}" for name in data.task_names))
    for name, row in table.items():
        print(f"{name:8}" + "".join(f"{m:8.3f} ± {h:.2f}" for m, h in zip(row.mean, row.half_width)))

# %% [markdown]
# ## Stage 5. Choose, then test once
#
# Choose a configuration *from the validation rows*, efficient in the two groups' average precision. Then choose the
# thresholds of its probabilities, again on validation, and look once at the test rows.

# %%
chosen = None  # a key of `sweep`
final = None  # probabilities of the chosen configuration for all rows, (n_samples, 6)
final_thresholds = None  # (6,), from `final` on the validation rows

# %%
board.show("5a. Choice", efficient_choice(groups, chosen, maximise=[True, True]))
board.show("5b. Test rows", better_than_mean(final, data.y, train, test, data.task_names))
kept = precision_kept(final_thresholds, final, data.y, validation, TARGET, data.task_names)
board.show("5c. Thresholds of the choice", kept)
if kept:
    for name, rows in (("validation", validation), ("test", test)):
        tagged = np.asarray(final)[rows] >= final_thresholds
        right = (tagged * data.y[rows]).sum(axis=0)
        said = [f"{t} {h:.0f} of {n}" for t, h, n in zip(data.task_names, right, tagged.sum(axis=0))]
        print(f"tags that are right, {name}: " + ", ".join(said))

# %% [markdown]
# <details><summary><b>The test rows keep less than the target?</b></summary>
#
# The threshold was chosen as the lowest that *happened* to reach the target on the validation rows: of two equally good ones
# you kept the luckier. The fewer positives, the more luck. Say how far it falls, and what you would ask of the validation
# rows (a margin, more articles, a minimum number of tags) before you promise the editor anything.
# </details>

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
# *Three to five sentences for the editor: which topics can be tagged at the target, which cannot, how many articles each
# threshold finds and misses, and how much of the precision was luck. Does the choice keep every limit of your first table?*
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
# | | 2 points | 1 point | 0 points |
# |---|---|---|---|
# | **Thresholds** | one a label, on validation, unreachable targets said | one a label, on training rows | 0.5 for all, or tuned on test |
# | **Table** | each label with its interval, and the number of positives in mind | means only | one average for all labels |
# | **Trade-off** | five weights or more, an efficient choice on validation, test read once | five weights, no reason | fewer, or chosen on test |
# | **Optimism** | validation against test precision, and why they differ | the difference stated | test precision not looked at |
# | **Weight log** | every configuration with a reason that can be questioned, failures included | reasons vague | missing |
# | **Write-up** | recommendation, misses, number, limit | two of the four | none |
#
# 10 to 12: ready to show to somebody. 6 to 9: mend the row with the fewest points. Below: go back to stage 2.
