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
# **You will** say which models no other model beats, measure every task by itself, give many tasks one number that does not
# depend on the company they keep, in two ways, and document a choice of weights. About 95 minutes, after lesson 9. 32 points from
# checks, 16 for the written parts.
#
# Before you write code, state what you expect in the `examples` cell; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint pareto_mask` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

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

# %% [markdown] grade_id="about-per_task_rmse" tags=["locked"]
# ## One error per task
# *12 minutes, difficulty 2 of 5.* Before anything is averaged over tasks, each is measured by itself. Write
# `per_task_rmse(y_true, y_pred, mask)`.
#
# - `y_true` and `y_pred`: arrays `(N, T)`, labels and predictions in the units of the labels; `mask`: array `(N, T)` of booleans, True
#   where the label is observed. Predictions are finite everywhere.
# - Return one number per task `(T,)`: the root of the mean of the squared errors over the *observed* labels of that task.
# - A label that is not observed may hold anything: an old number, NaN, infinity. It changes nothing.
# - A task without any observed label gets NaN. (A *loss* would be 0 there: no evidence, no push. An *error* of 0 would claim that
#   the model is perfect.) The call ends without an exception; warnings are allowed.
# - Units may be large or small: each number may be off by a ten-millionth of itself, in float32 by a hundred-thousandth,
#   however small it is. float32 and float64 both work, and the inputs stay as they were.
#
# Example: labels `[[1, 10], [2, 0]]`, predictions `[[4, 13], [6, 21]]`, and the 0 is not observed. The first task has errors of 3
# and 4, so √12.5 ≈ 3.54; the second has one, so 3.

# %% grade_id="examples-per_task_rmse" tags=["examples"]
# What do you think it does? State two examples before you write code. Is a label missing in one of them?
examples("per_task_rmse", [
    # ((y_true, y_pred, mask), expected),
])

# %% grade_id="per_task_rmse" tags=["answer"]
def per_task_rmse(y_true, y_pred, mask):
    """Root mean squared error of each task over its own observed labels; NaN where there are none."""
    ### BEGIN SOLUTION
    errors = np.full(y_true.shape[1], np.nan)
    for task in range(y_true.shape[1]):
        rows = mask[:, task]
        # What is hidden never enters the arithmetic, so it may be NaN or infinite.
        if rows.any():
            errors[task] = np.sqrt(np.mean((y_true[rows, task] - y_pred[rows, task]) ** 2))
    return errors
    ### END SOLUTION

# %% grade_id="check-per_task_rmse" tags=["check"]
check("per_task_rmse", per_task_rmse)

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

# %% [markdown] grade_id="about-zscore_aggregate" tags=["locked"]
# ## A score that does not move with the company
# *12 minutes, difficulty 3 of 5.* Mean z-scores moved in the lesson because their ruler was made of the models that they measured.
# Give them a ruler that stands still. Write `zscore_aggregate(scores, higher_is_better, reference)`.
#
# - `scores`: array `(M, T)`, one row per model that is judged, one column per task. `reference`: array `(R, T)`, the same metrics of
#   models that were chosen once and for all. M, R and T are at least 1, nothing is NaN. `higher_is_better`: array `(T,)` of booleans.
# - For each task take mean and standard deviation of the *reference* (divided by R, not R - 1). A z-score is the distance
#   from that mean in standard deviations, positive where the model is *better* than the mean.
# - Return one number per model `(M,)`: the mean of its z-scores over all T tasks. It stays the same whoever else is judged.
# - If all values of the reference are equal in a task, that task has no ruler: its z-scores count as 0. Equal means equal
#   values; rounding can leave a standard deviation of 1e-17.
# - float32 and float64 both work, units may be large or small, and the inputs stay as they were.
#
# Example: the reference has accuracies 0.6 and 0.8 (mean 0.7, standard deviation 0.1) and errors of 10 and 30 minutes (mean 20,
# standard deviation 10). A model with accuracy 0.9 and an error of 15 minutes has z-scores of 2 and 0.5: the answer is `[1.25]`.

# %% grade_id="examples-zscore_aggregate" tags=["examples"]
# What do you think it does? State two examples before you write code. What changes if a second model is judged?
examples("zscore_aggregate", [
    # ((scores, higher_is_better, reference), expected),
])

# %% grade_id="zscore_aggregate" tags=["answer"]
def zscore_aggregate(scores, higher_is_better, reference):
    """The mean z-score of each model."""
    ### BEGIN SOLUTION
    # Equal is asked of the values: three times 0.1 has a standard deviation of 1.4e-17.
    equal = reference.max(axis=0) == reference.min(axis=0)
    # Mean and spread come from the reference alone, so that nobody who joins `scores` moves them.
    z = (scores - reference.mean(axis=0)) / np.where(equal, 1.0, reference.std(axis=0))
    return np.where(equal, 0.0, np.where(higher_is_better, z, -z)).mean(axis=1)
    ### END SOLUTION

# %% grade_id="check-zscore_aggregate" tags=["check"]
check("zscore_aggregate", zscore_aggregate)

# %% [markdown] grade_id="given-why-weight-log" tags=["locked"]
# ## Five weights of your own
# A shared model predicts whether a visitor signs up (AUC, more is better) and the delivery time (RMSE in hours, less is better).
# Five weights of the delivery task were tried. Customers are promised a delivery time; a sign-up that is lost costs little.
#
# The numbers are yours alone: put your id between the quotes (the one that your course knows you by; on your own, any name) and
# run the cell. Whoever marks your answer gets the same numbers from the same id.

# %% grade_id="numbers-why-weight-log" tags=["numbers"]
variant("delivery_weight", "")

# %% [markdown] grade_id="about-why-weight-log" tags=["locked"]
# ## In writing: an entry for the weight log
# *20 minutes, 8 points, marked by a person.*
#
# Write the entry of the weight log for *your* table in four to six sentences: which weight, why that one, how the two tasks fare
# with it compared with their single-task baselines, one limit of your evidence, and what would make you change it. Use
# `pareto_mask` and `delta_m` on the table, and give every number its unit.
#
# *Marked for:* a choice with both its metrics (1 point), what `pareto_mask` and what `delta_m` say of the table (1 for each), the
# AUC compared with its baseline (1), the RMSE compared with its baseline (1), the reason for the choice (1), one limit (1), and what
# would make you change the weight (1).

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
# other; 1 for conciseness, at most 90 words in all. The four things to notice are those from the mask to the complement; another
# true one that lessons 5, 7 or 9 say of these labels, such as a threshold of its own for each reason before F1 is counted, stands
# for one of them. An answer with fewer than two of the four gets nothing for its length. Rules may have any numbers.
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
