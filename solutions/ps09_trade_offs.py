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
# mtl:
#   lesson: 09_trade_offs
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 9: fronts and honest comparison
# **You will** say which models no other model beats, give many tasks one number that does not depend on the company they
# keep, and document a choice of weights. About 70 minutes, after lesson 9. 18 points from checks, 16 for the written parts.
#
# Before you write code, state what you expect in the `examples` cell; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, pseudo-code. In a terminal
# `mtl-teach hint pareto_mask` does the same.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples, variant

# %% [markdown] grade_id="about-pareto_mask" tags=["locked"]
# ## Which models are not beaten
# *20 minutes, difficulty 3 of 5.* Write `pareto_mask(points, maximise)`.
#
# - `points`: array `(M, K)`, a row for each model and a column for each objective; M and K are at least 1, nothing is NaN.
#   `maximise`: a list of K booleans, True where more is better.
# - A point is *dominated* if some other point is at least as good in every objective and strictly better in at least one.
#   The numbers are compared as they are, without rounding or tolerance.
# - Return an array `(M,)` of booleans, True for the points that are **not** dominated.
# - Equal points do not dominate each other: if one copy is kept, all are. Points where the front curves inward, which no
#   weighted sum would choose, are kept as well.
# - The inputs stay as they were.
#
# Example: accuracy (more is better) and latency in ms of three models are `[[0.9, 80], [0.8, 20], [0.7, 30]]`, with
# `maximise = [True, False]`. The third is worse than the second in both, so the mask is `[True, True, False]`.

# %% grade_id="examples-pareto_mask" tags=["examples"]
# What do you think it does? State two examples before you write code. Is there a tie in one of them?
examples("pareto_mask", [
    # ((points, maximise), expected),
])

# %% grade_id="pareto_mask" tags=["answer"]
def pareto_mask(points, maximise):
    """True for the points that no other point dominates."""
    ### BEGIN SOLUTION
    # Let all objectives point the same way: less is better. This makes a copy, so `points` stays as it was.
    cost = np.where(maximise, -points, points)
    # Compare all pairs at once: entry [j, i] speaks about "does j dominate i?".
    no_worse = (cost[:, None, :] <= cost[None, :, :]).all(axis=2)
    better_somewhere = (cost[:, None, :] < cost[None, :, :]).any(axis=2)
    # The second half is what keeps a point from dominating itself, and its copies.
    return ~(no_worse & better_somewhere).any(axis=0)
    ### END SOLUTION

# %% grade_id="check-pareto_mask" tags=["check"]
check("pareto_mask", pareto_mask)

# %% [markdown] grade_id="about-delta_m" tags=["locked"]
# ## One honest number for many tasks
# *12 minutes, difficulty 2 of 5.* Write `delta_m(metrics, single_task, higher_is_better)`.
#
# - `metrics` and `single_task`: arrays `(T,)`, one metric for each task of the shared model and of its single-task baseline;
#   baselines are above 0 and may be tiny, metrics may be 0. `higher_is_better`: array `(T,)` of booleans.
# - For each task take the change as a fraction of its *baseline*; where lower is better a fall counts as positive.
# - Return the mean over tasks, one number: a fraction, not percent. Positive means better than the baselines.
# - The inputs stay as they were.
#
# Example: an accuracy went from 0.5 to 0.6 (better by 0.2) and an error from 2.0 h to 1.8 h (better by 0.1): the answer is 0.15.

# %% grade_id="examples-delta_m" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("delta_m", [
    # ((metrics, single_task, higher_is_better), expected),
])

# %% grade_id="delta_m" tags=["answer"]
def delta_m(metrics, single_task, higher_is_better):
    """One number for the change from the single-task baselines."""
    ### BEGIN SOLUTION
    sign = np.where(higher_is_better, 1.0, -1.0)
    # The baseline, not the model, is the ruler: it is the same for every model that will ever be compared.
    return np.mean(sign * (metrics - single_task) / single_task)
    ### END SOLUTION

# %% grade_id="check-delta_m" tags=["check"]
check("delta_m", delta_m)

# %% [markdown] grade_id="given-why-weight-log" tags=["locked"]
# ## Five weights of your own
# A shared model predicts whether a visitor signs up (AUC, more is better) and the delivery time (RMSE in hours, less is better).
# Five weights of the delivery task were tried. Customers are promised a delivery time; a sign-up that is lost costs little.
#
# The numbers are yours alone: put your id between the quotes (the one that your course has of you; on your own, any name) and
# run the cell. Whoever marks your answer gets the same numbers from the same id.

# %% grade_id="numbers-why-weight-log" tags=["numbers"]
variant("delivery_weight", "")

# %% [markdown] grade_id="about-why-weight-log" tags=["locked"]
# ## In writing: an entry for the weight log
# *20 minutes, 8 points, marked by a person.*
#
# Write the entry of the weight log for *your* table in four to six sentences: which weight, why that one, how the two tasks fare
# with it compared with being alone, one limit of your evidence, and what would make you change it. Use your two functions on the table, and give every number
# its unit.
#
# *Marked for:* a choice with both its metrics (1 point), what each of your two functions says of the table (1 for each), the AUC
# compared with being alone (1), the RMSE compared with being alone (1), the reason for the choice (1), one limit (1), and what would
# make you change the weight (1).

# %% [markdown] grade_id="why-weight-log" tags=["manual:8"]
# **Model answer.** (Alone 0.800 and 5.00 h, intervals ±0.006 and ±0.10 h.) Chosen: weight 1 for the delivery task, AUC 0.804 and
# RMSE 4.80 h. The weights 0.1, 0.3 and 1 are on the front, while 3 and 10 are worse than 1 in both metrics; Δm against the
# single-task baselines is -2.4 %, 0.0 %, +2.25 %, +0.9 % and -0.9 % in the order of the table. At weight 1 no task is worse than
# alone: the RMSE is better by 0.20 h, twice the half-width of its interval, and the AUC is 0.804 against 0.800, which with ±0.006 is
# no loss but no proof of a gain. The promise to customers is about delivery time, so the 0.25 h that separate 0.3 from 1 are worth
# more than 0.004 of AUC, a difference within the noise. The choice was made on validation data among five candidates, so the
# winner is flattered: I report its test result once. I revisit the weight when the sign-up page changes or the single-task
# baselines are retrained.
#
# **Mark scheme.** 1 point for a choice from the front (0.1, 0.3 or 1) with its AUC and its RMSE; 1 for "0.1, 0.3 and 1 are on the
# front", or that 3 and 10 are dominated by 1; 1 for Δm of all five weights, right to 0.1 %; 1 for the AUC beside its baseline, worded
# with regard to ±0.006; 1 for the RMSE beside its baseline, in hours; 1 for a business reason that fits the choice (a choice of 0.3 or
# 0.1 needs another reason than the one given); 1 for one honest limit: chosen and reported on the same rows, or differences within
# the intervals; 1 for an event or a number that would make the weight out of date. Metrics from another's table get nothing.
#
# - *Full (8):* the model answer, or "Weight 1: AUC 0.804, RMSE 4.80 h. 3 and 10 lose to it in both; Δm -2.4, 0.0, +2.25, +0.9, -0.9 %.
#   Alone the time takes 5.00 h, so 0.20 h are gained, and we promised the time, not the sign-up. AUC +0.004 over 0.800 is inside
#   ±0.006, so I claim the hours only. Chosen on validation: look again after the test, and whenever sign-ups fall below 0.794."
# - *Partial (4):* "Weight 1 has AUC 0.804 and RMSE 4.80 h; it beats 3 and 10 in both. Δm is -2.4, 0.0, +2.25, +0.9 and -0.9 %, and
#   customers are promised a time, so time counts more." Choice, front, Δm and business reason are there; neither task is held
#   against its baseline, there is no limit, and nothing would change the weight.
# - *Missing (0):* "Weight 3, because the two tasks should be balanced": a dominated choice without numbers or reason.

# %% [markdown] grade_id="about-why-mini-challenge" tags=["locked"]
# ## Mini challenge
# *20 minutes, 8 points, marked by a person.*
#
# One model has three tasks: **sign-up** (measured by AUC), **retention** (AUC) and **churn reasons** (several labels per
# customer, measured by F1). Propose initial loss weights, and for each weight one rule that says when to raise or lower it
# from what you see on validation data. Use at most 90 words in all; a list of three to five lines is a good form.
#
# *Marked for:* three initial weights (1 point), what they multiply (1), a rule for each weight with a number and a direction (1), four
# things about these tasks and their labels that lessons 5, 7 and 9 teach one to notice (4), and no more than 90 words (1).

# %% [markdown] grade_id="why-mini-challenge" tags=["manual:8"]
# **Model answer.**
#
# 1. L = Σ w·L_t/b_t, all w = 1; L_t cross-entropies, b_t that of the constant predictor. Reasons: churners only (a mask), mean over
#    labels.
# 2. Judge each task in % of its own single-task baseline: points of AUC and F1 are no common currency.
# 3. **Sign-up:** w × 1.5 if below baseline twice in a row by 1 %, w × 2/3 if above.
# 4. **Retention:** the same; churn is 1 - retention, one event: never pay twice for one dip.
# 5. **Reasons:** the same with 3 %, since F1 jumps with few churners.
#
# **Mark scheme.** 1 point for three initial weights; 1 for what they multiply: cross-entropies, divided by their constant
# predictor or said to be of like size (AUC and F1 are not losses); 1 for a rule for each of the three weights that names a number
# and a direction; 1 for the mask: reasons exist for those who left only; 1 for a *mean* over reasons (a sum is a weight nobody wrote
# down); 1 for gains made comparable, each task against its own baseline; 1 for retention against churn: one is the complement of the
# other; 1 for conciseness, at most 90 words in all. The numbers in the rules are free, if they are larger than the noise they are
# meant to stand above. An answer that names fewer than two of the other things gets nothing for its length.
#
# - *Full (8):* the model answer, or "Cross-entropies over their start at the base rate, weights 1, 1, 0.5; reasons: mean over
#   reasons, churned customers only. Everything in % of each single-task baseline, since an AUC point is no F1
#   point. Sign-up: below -1 % twice, +50 %; above +1 %, -30 %. Retention: the same, and as churn = 1 - retention a
#   change in it also changes who has a reason. Reasons: below -3 % twice, +50 %; otherwise leave it."
# - *Partial (6):* "Weights 1, 1, 1 on cross-entropies divided by those of the base rates. The reasons count for churned
#   customers only, averaged over the reasons. Raise a weight by 50 % when its metric is 0.01 lower than last week,
#   lower it by 50 % when it is 0.01 higher: the same for all three." Weights, what they multiply, rules, mask, mean and length
#   are there; 0.01 of AUC is set equal to 0.01 of F1, and nothing is said of retention and churn.
# - *Missing (0):* "By importance; train on AUC and F1 and tune until all are good", without weights, scale, mask or rule.
