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
#   lesson: 07_many_labels
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 7: thresholds and calibration
# **You will** choose a threshold that keeps a promised precision, and turn the inflated probabilities of a class-weighted
# model back into honest ones. About 45 minutes, after lesson 7. 17 points from checks, 4 for the written part.
#
# Before you write code, state what you expect in the `examples` cell; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, pseudo-code. In a terminal
# `mtl-teach hint precision_threshold` does the same.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples

# %% [markdown] grade_id="about-precision_threshold" tags=["locked"]
# ## A threshold that keeps its promise
# *20 minutes, difficulty 3 of 5.* Write `precision_threshold(y_val, score, min_precision)`.
#
# - `y_val`: array `(n,)` of 0 and 1, at least one of them 1. `score`: array `(n,)`, higher means more likely; scores may be
#   probabilities or logits, of either sign, and may be tied; the rows stand in any order. `min_precision`: a number above 0
#   and at most 1.
# - The rule is "predict 1 where `score >= t`". Consider every *observed* score as `t`.
# - Among the thresholds whose precision is at least `min_precision`, return the one with the highest recall. Where two have
#   the same recall, return the higher threshold.
# - Where none reaches the precision, return infinity: then nothing is predicted, whatever the scores of later rows.
# - Returns one number, an observed score or infinity. The inputs stay as they were.
#
# Example: with `y_val = [1, 1, 0, 1, 0]` and `score = [0.9, 0.8, 0.7, 0.6, 0.5]` the precision at each score is
# 1, 1, 2/3, 3/4, 3/5. A target of 0.9 gives the threshold 0.8, a target of 0.7 gives 0.6.

# %% grade_id="examples-precision_threshold" tags=["examples"]
# What do you think it does? State two examples before you write code. Is there one with tied scores among them?
examples("precision_threshold", [
    # ((y_val, score, min_precision), expected),
])

# %% grade_id="precision_threshold" tags=["answer"]
def precision_threshold(y_val, score, min_precision):
    """The threshold with the most recall among those that reach the precision."""
    ### BEGIN SOLUTION
    best, most_found = np.inf, 0
    # From high to low, so that of two thresholds with the same recall the higher one is met first and stays.
    for t in np.unique(score)[::-1]:
        taken = score >= t  # all rows of a tied group, or none
        found = y_val[taken].sum()
        # Precision goes up and down on the way: a miss here says nothing about the thresholds below.
        if found / taken.sum() >= min_precision and found > most_found:
            best, most_found = t, found
    return best
    ### END SOLUTION

# %% grade_id="check-precision_threshold" tags=["check"]
check("precision_threshold", precision_threshold)

# %% [markdown] grade_id="about-unweight_probability" tags=["locked"]
# ## Undo a class weight
# *10 minutes, difficulty 2 of 5.* A model was trained with each positive counting `w` times (`pos_weight=w`). Write
# `unweight_probability(p_w, w)`, which gives the probability that the same model would have predicted without the weight.
#
# - `p_w`: array `(N,)` of predicted probabilities, strictly between 0 and 1. `w`: a positive number, an integer or a float,
#   also below 1.
# - The weight multiplied the *odds* p / (1 - p) of each prediction by `w`; undo that for each entry.
# - Probabilities close to either end (1e-12 from it) and weights from a millionth to ten million come out right too: nothing
#   has to be cut off.
# - Returns an array `(N,)`. The inputs stay as they were.
#
# Example: for `w = 3` a predicted 0.5 has odds 1; without the weight they are 1/3, and the probability is 0.25.

# %% grade_id="examples-unweight_probability" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("unweight_probability", [
    # ((p_w, w), expected),
])

# %% grade_id="unweight_probability" tags=["answer"]
def unweight_probability(p_w, w):
    """Probabilities as they would be had every positive counted once."""
    ### BEGIN SOLUTION
    # Odds p_w / (1 - p_w) divided by w are p_w / (w (1 - p_w)); as a probability: positives over positives and negatives.
    # In this form nothing is divided by a number that can be 0.
    return p_w / (p_w + w * (1 - p_w))
    ### END SOLUTION

# %% grade_id="check-unweight_probability" tags=["check"]
check("unweight_probability", unweight_probability)

# %% [markdown] grade_id="about-why-precision" tags=["locked"]
# ## In writing: may this threshold remove posts? (4 points)
# A label "incites violence" applies to about 2 % of posts. Posts above the threshold are removed *without a person looking*,
# so the team promises a precision of 0.90. On 900 validation rows (18 of them positive) the model gives:
#
# | threshold | rows taken | of these positive | precision | recall |
# |---|---|---|---|---|
# | 0.62 | 6 | 6 | 1.00 | 0.33 |
# | 0.41 | 10 | 9 | 0.90 | 0.50 |
# | 0.30 | 16 | 12 | 0.75 | 0.67 |
#
# `precision_threshold` answers 0.41. A colleague adds: "train with `pos_weight=20`, then we reach the target at a better
# recall." In three to five sentences: which threshold do you recommend, what do nine hits in ten really say about the
# precision, and what does the class weight change?
#
# *Marked for:* a decision that follows from the target (1), the uncertainty of a precision counted on few rows (1), the
# optimism of a threshold chosen on the same rows (1), what a class weight can and cannot do (1).

# %% [markdown] grade_id="why-precision" tags=["manual:4"]
# **Model answer.** I would not remove posts automatically at any of these thresholds yet: the promise is 0.90 for posts
# to come, and 9 of 10 is compatible with any precision from about 0.55 to 1.00 (exact 95 % interval); even 6 of 6 at
# 0.62 allows 0.54. Moreover 0.41 was picked because it just reached the target on these 18 positives, so its own count
# is optimistic; on fresh rows it will look worse on average. I would send posts above 0.41 to a person, and collect
# positives until the lower end of the interval clears the target (that takes at least 36 hits without a miss), choosing
# the threshold on one part of them and counting on another. The class weight does not help: it multiplies the odds by
# 20, which for a model that can shift its intercept moves the threshold and leaves the ranking nearly unchanged, so the
# same rows are taken at the same precision, and the probabilities are inflated until the weight is undone. The limit of
# all this is the mix of posts: if positives become rarer, the same threshold has a lower precision.
#
# **Mark scheme.** 1 point for a decision that follows from "0.90, without a person looking": no automatic removal yet,
# or a higher threshold with a check of what it removes; 1 for the uncertainty of 9 in 10, as an interval (lower end
# between 0.5 and 0.7, whatever the formula) or as "one row more or less changes it by a tenth"; 1 for the optimism of a
# threshold chosen and counted on the same rows; 1 for what the class weight does: other probabilities, nearly the same
# ranking, hence no better trade.
#
# - *Full (4):* the model answer, or "Not 0.41: with ten rows the true precision may well be 0.6, and we picked 0.41
#   *because* it showed 0.90 here, so expect less. Show these posts to a person, label more, choose on half and count on
#   the other half. pos_weight adds log 20 to every logit; the order of the posts and so the table stay, only the
#   thresholds move."
# - *Partial (2):* "0.41 keeps the promise, but ten rows are few, 9 of 10 could be luck: let a person look at these
#   posts until we have more. The weight of 20 finds more positives at the same precision." Decision and uncertainty are
#   there; nothing about choosing and counting on the same rows, and the weight does not improve the ranking.
# - *Missing (0):* "0.41, because its precision is 0.90 and recall is better than at 0.62; and use the weight."
