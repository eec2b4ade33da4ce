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
# model back into honest ones. About 45 minutes, after lesson 7. 15 points from checks, 6 for the written part.
#
# Before you write code, state what you expect in the `examples` cell; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint precision_threshold` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples, variant

# %% [markdown] grade_id="about-precision_threshold" tags=["locked"]
# ## A threshold that keeps its promise
# *20 minutes, difficulty 3 of 5.* Write `precision_threshold(y_val, score, min_precision)`.
#
# - `y_val`: array `(n,)` of 0 and 1, at least one of them 1. `score`: array `(n,)`, higher means more likely; scores may be
#   probabilities or logits, of either sign, and may be tied; the rows stand in any order. `min_precision`: a number above 0
#   and at most 1.
# - The rule is "predict 1 where `score >= t`". Consider every *observed* score as `t`.
# - The *precision* of a threshold is the share of 1s among the rows for which it predicts 1; its *recall* is the share of all 1s
#   that are among these rows. Among the thresholds whose precision is at least `min_precision`, return the one with the highest
#   recall. Where two have the same recall, return the higher threshold.
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
    """The threshold that keeps the promised precision, or infinity."""
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
# `unweight_probability(p_w, w)`, which gives the probability that the same model would have predicted without the weight. (This is exact for a model of the right form with many rows, and an
# approximation for others: lesson 7.)
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
    """The probabilities that the same model would have predicted without the weight."""
    ### BEGIN SOLUTION
    # Odds p_w / (1 - p_w) divided by w are p_w / (w (1 - p_w)); as a probability: positives over positives and negatives.
    # In this form nothing is divided by a number that can be 0.
    return p_w / (p_w + w * (1 - p_w))
    ### END SOLUTION

# %% grade_id="check-unweight_probability" tags=["check"]
check("unweight_probability", unweight_probability)

# %% [markdown] grade_id="given-why-precision" tags=["locked"]
# ## A label of your own
# A label "incites violence" applies to about 2 % of posts. Posts above the threshold are removed *without a person looking*,
# so the team promises a precision of 0.90. The table shows what the model gives on validation rows. A colleague wants to train with
# a class weight instead.
#
# The numbers are yours alone: put your id between the quotes (the one that your course knows you by; on your own, any name) and
# run the cell. Whoever marks your answer gets the same numbers from the same id.

# %% grade_id="numbers-why-precision" tags=["numbers"]
variant("moderation_threshold", "")

# %% [markdown] grade_id="about-why-precision" tags=["locked"]
# ### In writing: may this threshold remove posts?
# *15 minutes, 6 points, marked by a person.*
#
# `precision_threshold` answers the middle one of your three thresholds. A colleague adds: "train with the class weight, then we
# reach the target at a better recall." In four to six sentences: which threshold do you recommend, **or none**, and how does that
# follow from the promise? What do the counts of the middle row say about the precision on posts to come, as an interval? Does it
# matter that the middle threshold was chosen on these very rows? What would the class weight change, and what not?
#
# *Marked for:* the decision (1 point), the interval of the middle row's precision (1), what it means for the promise (1), what
# choosing on these rows does (1), what the class weight changes (1), and what it does not change (1).

# %% [markdown] grade_id="why-precision" tags=["manual:6"]
# **Model answer.** (18 positives, thresholds 0.62, 0.41 and 0.30, a weight of 20.) None: I would not remove posts automatically at
# any of these thresholds yet. The promise is 0.90 for posts to come, and 9 of 10 is compatible with any precision from about
# 0.55 to 1.00 (exact 95 % interval); its lower end is far below the promise, and even 6 of 6 at 0.62 allows 0.54. Moreover 0.41
# was picked because it just reached the target on these 18 positives, so its own count is optimistic; on fresh rows it will look
# worse on average. I would send posts above 0.41 to a person, and collect positives until the lower end of the interval clears the
# target (that takes at least 36 hits without a false alarm), choosing the threshold on one part of them and counting on another. The
# class weight multiplies the odds by 20, so the probabilities are inflated until it is undone; for a model of the right
# form it leaves the ranking nearly unchanged, so the same posts are taken at the same precision.
#
# **Mark scheme.** 1 point for a decision that keeps the promise: none yet, a person looks at every post first, or a higher
# threshold *together with* a check of what it removes; 1 for the interval of the middle row (lower end within 0.1 of the exact one,
# whatever the formula); 1 for "its lower end is below 0.90"; 1 for the optimism of a threshold chosen and counted on the same rows;
# 1 for inflated probabilities, odds times the weight, or logits plus its logarithm; 1 for the ranking that stays, hence no better
# trade. The highest threshold without a check gets nothing for the decision, since its few hits do not show 0.90 either. There are
# no half points.
#
# - *Full (6):* the model answer, or "None of them: with 9 of 10 the precision may be anything from 0.55 to 1.00, and 0.55 is no
#   0.90; besides, we picked 0.41 *because* it showed 0.90 here, so expect less. Show these posts to a person, label more, choose on
#   half and count on the other half. The weight adds log 20 to every logit; the order of the posts and so the table stay, only
#   the thresholds move."
# - *Partial (3):* "0.41 for now, but a person looks at each post: 9 of 10 has an interval of 0.55 to 1.00, so it may well be below
#   0.90. The weight finds more positives at the same precision." Decision, interval and comparison are there; nothing about
#   choosing and counting on the same rows, and the weight does not improve the ranking.
# - *Missing (0):* "0.41, because its precision is 0.90 and recall is better than at 0.62; and use the weight."
