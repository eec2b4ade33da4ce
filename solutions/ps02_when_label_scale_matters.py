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
#   lesson: 02_when_label_scale_matters
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 2: when does the scale of a label matter?
# **You will** compute what a task brings to the loss before anything is learned, and write the test that distinguishes models
# that care about label units from models that do not. About 35 minutes, after lesson 2. 13 points from checks, 5 for the
# written part.
#
# Where there is an `examples` cell, state first what you expect; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint mean_predictor_loss` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples

# %% [markdown] grade_id="about-mean_predictor_loss" tags=["locked"]
# ## The loss of predicting the mean
# *8 minutes, difficulty 1 of 5.* Write `mean_predictor_loss(Y)`.
#
# - `Y` is an array `(n, T)` of labels: a row for each of the n ≥ 1 samples, a column for each task. Nothing is missing.
# - The laziest model predicts, for each task, the mean of that task. Return its mean squared error for each task, an array
#   `(T,)`.
# - The mean of the squares is over all n rows. A task that never varies, or a single row, gives 0 (up to rounding).
# - Adding 300 to every label of a task changes nothing (Kelvin and Celsius agree), in float32 as well as in float64. Your
#   result is compared with the exact loss of the labels as they are stored. It may be off by a ten-millionth of the largest
#   loss, in float32 by a hundred-thousandth.
# - `Y` stays as it was.
#
# Example: for `Y = [[1, 10], [3, 30]]` the means are 2 and 20, the labels lie 1 and 10 away from them, and the result is
# `[1, 100]`.

# %% grade_id="examples-mean_predictor_loss" tags=["examples"]
# State two examples. Which of them would distinguish the variance from the range, or from the mean square?
examples("mean_predictor_loss", [
    # ((Y,), expected),
])

# %% grade_id="mean_predictor_loss" tags=["answer"]
def mean_predictor_loss(Y):
    """The mean squared error, for each task, of a model that always predicts the mean of that task."""
    ### BEGIN SOLUTION
    # Every task is centred by its own mean before anything is squared. Squaring first, E[y^2] - E[y]^2, is the same on
    # paper, but in float32 the square of 300 leaves no digits for a variance near 1.
    # The mean itself is worked out in float64: in float32 a long column of equal labels would miss its own mean.
    residual = Y - Y.mean(axis=0, dtype=float)
    return (residual**2).mean(axis=0)
    ### END SOLUTION

# %% grade_id="check-mean_predictor_loss" tags=["check"]
check("mean_predictor_loss", mean_predictor_loss)

# %% [markdown] grade_id="about-is_label_scale_equivariant" tags=["locked"]
# ## Does this model care about the scale of a label?
# *15 minutes, difficulty 3 of 5.* Write `is_label_scale_equivariant(fit_predict, X, Y, X_new, c)`.
#
# - `fit_predict(X, Y, X_new)` fits a model on features `X` `(n, d)` and labels `Y` `(n, T)`, all tasks at once, and returns
#   predictions `(m, T)` for the rows of `X_new`. It is deterministic and changes none of its arguments.
# - `c` is an array `(T,)` of factors, all above 0 (some may be below 1) and not all equal: the change of unit of each label.
# - Return True if this change of unit leaves everything else as it was: fitted on labels in the new units, the model makes
#   the **same predictions in the new units**. Return False otherwise.
# - Floating-point noise is not a difference: where a model is equivariant, it stays below a billionth (1e-9) of the spread
#   (standard deviation) of the task's labels, and where it is not, some prediction differs by more than a hundredth of it.
#   Difference and spread are both meant in the units of `Y`. The labels of every task vary, so no spread is 0.
# - Judge a difference beside the spread of **its own task's** labels: one spread may be near 0.0001 and another near 10,000,
#   in one `Y`, and labels may lie far from 0 for their spread (10,000 give or take 1).
# - Every task and every new row counts. The arrays stay as they were.
#
# Example: for a straight line fitted by least squares the answer is True, whatever `c`. For a model that predicts 1 too much
# in any unit it is False.

# %% grade_id="is_label_scale_equivariant" tags=["answer"]
def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    """True if the model does not care about the units of its labels."""
    ### BEGIN SOLUTION
    plain = fit_predict(X, Y, X_new)
    # Equivariant does not mean invariant: the second predictions are in other units, so they are brought back first.
    back = fit_predict(X, Y * c, X_new) / c
    # The tolerance has the unit of each label: a millionth of its spread is far above noise and far below a real change.
    return bool((np.abs(back - plain) <= 1e-6 * Y.std(axis=0)).all())
    ### END SOLUTION

# %% grade_id="check-is_label_scale_equivariant" tags=["check"]
check("is_label_scale_equivariant", is_label_scale_equivariant)

# %% [markdown] grade_id="about-why-ols" tags=["locked"]
# ### In words: a reply to a colleague
# *12 minutes, 5 points, marked by a person.*
#
# A colleague predicts nitrate (around 5 mg/l) and water-table depth (around 200 cm) with ordinary least squares and writes:
# *"The depth has the larger numbers and dominates the loss, so I will standardise both labels before fitting."* Reply.
#
# Write three sentences: a **claim** (will it change the predictions?), the **mechanism** (two steps that lead from the way in
# which least squares is fitted to your claim, with a formula or an equally exact sentence), and a **limit** (a model, or a step
# of the work, for which the colleague would be right, and why there).
#
# What is marked: the claim (1 point), each of the two steps of the mechanism (2), a limit that is true (1), and its reason (1).

# %% [markdown] grade_id="why-ols" tags=["manual:5"]
# **Model answer.** Standardising will not change a single prediction once they are back in label units, so do it if you
# like the coefficients that way, but not for accuracy. Least squares solves for each label on its own, W = (XᵀX)⁻¹XᵀY
# with an intercept: the matrix in front of Y does not contain the labels, so a column of Y times c gives a column of W
# times c, an offset goes into the intercept, and the "domination" in the summed loss cannot reach the other column; ridge
# regression with a fixed penalty α, W = (XᵀX + αI)⁻¹XᵀY, is as indifferent. You would be right for a model in which the tasks
# share something that is chosen by the summed loss in label units, such as one split of a multi-output tree, the trunk of a
# network, or one ridge penalty picked for both labels by cross-validation.
#
# **Mark scheme.** 1 point for "no change in label units"; 1 for "each label is fitted on its own"; 1 for why its scale then
# cancels: linear in Y, by formula or in words; 1 for a true limit: a model with shared parts, a penalty picked for both
# labels, or one in label units such as that of a lasso; 1 for its reason: what is shared is chosen by the summed loss in label
# units, or a constant has the unit of a label. "Ridge regression" is no true limit where its α is fixed.
#
# - *Full (5):* the model answer, or "No: the coefficients of a label are (XᵀX)⁻¹Xᵀ times that label, so multiplying the
#   label multiplies the coefficients and dividing the predictions undoes it. The other label is not in the formula. In
#   a random forest with both outputs the splits are shared and chosen by the summed squared error, and there it matters."
# - *Partial (2):* "No, because least squares treats every label on its own; and it never matters for regression." The
#   claim and half of the mechanism are there; why scale cancels is missing and the limit is wrong.
# - *Missing (0):* "Good idea, otherwise depth dominates the gradient", or a bare "yes" without a reason.
