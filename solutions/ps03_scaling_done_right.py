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
#   lesson: 03_scaling_done_right
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 3: scaling done right
# **You will** write a scaler for labels, bring an error back to the units of its label, and put both where they belong:
# inside each fold of a cross-validation. About 45 minutes, after lesson 3. 26 points from checks, 5 for the written part.
#
# Where there is an `examples` cell, state first what you expect; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, pseudo-code. In a terminal
# `mtl-teach hint fit_label_scaler` does the same.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples

# %% [markdown] grade_id="about-fit_label_scaler" tags=["locked"]
# ## A scaler for labels
# *10 minutes, difficulty 2 of 5.* Write `fit_label_scaler(Y_train)`.
#
# - `Y_train` is an array `(n, T)` with the labels of the training rows, a column for each task; nothing is missing.
# - Return a pair `(mean, scale)` of arrays `(T,)`: the mean of each column, and its **population** standard deviation, the
#   one that divides by n.
# - A column whose labels are all equal, whatever their value, gets a scale of exactly 1, so that nothing is divided by
#   (nearly) zero; its mean stays what it is.
# - Any other column is not constant, however small its unit: its scale is not replaced. Deviations from a billionth to a
#   billion are asked for; where squares leave the range of a float (1e-200) you need not work.
# - float32 and float64 both work, and `Y_train` stays as it was.
#
# Example: for `[[1, 10], [3, 30]]` the mean is `[2, 20]` and the scale `[1, 10]`.

# %% grade_id="examples-fit_label_scaler" tags=["examples"]
# State two examples. What do you expect for a column that holds 5 and 5?
examples("fit_label_scaler", [
    # ((Y_train,), (mean, scale)),
])

# %% grade_id="fit_label_scaler" tags=["answer"]
def fit_label_scaler(Y_train):
    """Mean and population standard deviation of every column; a constant column gets scale 1."""
    ### BEGIN SOLUTION
    # axis=0 walks down the rows, so every task keeps a mean and a scale of its own.
    mean, scale = Y_train.mean(axis=0), Y_train.std(axis=0)
    # The labels say whether they are all equal. Their computed deviation need not be 0: of 0.1, 0.1, 0.1 it is 1.4e-17.
    constant = Y_train.max(axis=0) == Y_train.min(axis=0)
    # A scale of 1 leaves a constant label at 0 after centring. A tiny number in its place would avoid the division by
    # zero too, but then the first label that is 0.01 off comes out as a million.
    return mean, np.where(constant, 1.0, scale)
    ### END SOLUTION

# %% grade_id="check-fit_label_scaler" tags=["check"]
check("fit_label_scaler", fit_label_scaler)

# %% [markdown] grade_id="about-rmse_to_units" tags=["locked"]
# ## An error back in the units of its label
# *6 minutes, difficulty 1 of 5.* Write `rmse_to_units(rmse_z, mean, scale)`.
#
# - A model was trained on labels scaled as z = (y - mean) / scale. `rmse_z` `(T,)` holds its root mean squared error for each
#   task, measured between scaled labels and predictions of scaled labels; `mean` and `scale` `(T,)` are the scaler's numbers.
# - Return the root mean squared errors in the units of the labels, an array `(T,)`: what you would measure between the labels
#   themselves and the predictions brought back.
# - An error of 0 stays 0. Means may have any sign. float32 and float64 both work, and the inputs stay as they were.
#
# Example: an error of 0.25 of a standard deviation, for a label with mean 7 and scale 2, is an error of 0.5.

# %% grade_id="examples-rmse_to_units" tags=["examples"]
# State two examples. Which mean would show whether it takes part?
examples("rmse_to_units", [
    # ((rmse_z, mean, scale), expected),
])

# %% grade_id="rmse_to_units" tags=["answer"]
def rmse_to_units(rmse_z, mean, scale):
    """Errors in label units: the scale comes back, the mean has cancelled."""
    ### BEGIN SOLUTION
    # (y - p) = (scale * z_y + mean) - (scale * z_p + mean) = scale * (z_y - z_p): the mean drops out of every difference.
    return rmse_z * scale
    ### END SOLUTION

# %% grade_id="check-rmse_to_units" tags=["check"]
check("rmse_to_units", rmse_to_units)

# %% [markdown] grade_id="about-cv_predict_scaled" tags=["locked"]
# ## Cross-validated predictions with scaled labels
# *20 minutes, difficulty 3 of 5.* Write `cv_predict_scaled(fit_predict, X, Y, splits)`.
#
# - `fit_predict(X_train, Y_train, X_new)` fits a model and returns predictions `(m, T)` for the m rows of `X_new`, in the units
#   of the labels that it was given. It changes none of its arguments. Some models notice how their labels were scaled.
# - `X` is `(n, d)`, `Y` is `(n, T)`. `splits` is a list of pairs `(train, test)` of integer arrays of row numbers. Every row is
#   in exactly one `test`; rows and folds may come in any order, and a `train` may leave some rows out.
# - In each fold, fit a scaler as in the first exercise to the labels of its **training rows**, hand the model these labels
#   scaled (and `X` as it is), and bring its predictions back to label units with the same scaler.
# - Return the predictions `(n, T)`, every one **in its own row**.
# - The labels of a test fold have no influence on the predictions for this fold. A label whose values in the training rows
#   are all equal is scaled by 1. The inputs stay as they were.
#
# Example: with a model that always predicts the mean of the labels it was given, the rows of a test fold get the mean of the
# labels of the training rows, in label units.

# %% grade_id="cv_predict_scaled" tags=["answer"]
def cv_predict_scaled(fit_predict, X, Y, splits):
    """Out-of-fold predictions in label units, with a scaler fitted inside each fold."""
    ### BEGIN SOLUTION
    out = np.empty(Y.shape)
    for train, test in splits:
        # Everything that is learned in this fold, the scaler included, comes from `train`.
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(Y[train].max(axis=0) == Y[train].min(axis=0), 1.0, scale)
        predicted_z = fit_predict(X[train], (Y[train] - mean) / scale, X[test])
        # Writing to `out[test]` puts each prediction into its own row, in whatever order the folds come.
        out[test] = predicted_z * scale + mean
    return out
    ### END SOLUTION

# %% grade_id="check-cv_predict_scaled" tags=["check"]
check("cv_predict_scaled", cv_predict_scaled)

# %% [markdown] grade_id="about-why-leak" tags=["locked"]
# ### In words: leak or no leak?
# *12 minutes, 5 points, marked by a person.*
#
# Say of each case in **one sentence** whether information leaks from where it must not come, and why.
#
# 1. Two labels are standardised by one StandardScaler that is fitted to the training matrix `(n, 2)`, not by two scalers.
# 2. The StandardScaler of the labels is fitted to all rows; then the rows are split into training and test.
# 3. One scaler object is fitted to the training labels of task 1, and then once more to those of task 2.
# 4. A feature "mean price of this district" is computed from the labels of all rows before the split.
# 5. Predictions in z-units are brought back with the mean and standard deviation of the test labels.
#
# What is marked: 1 point a case, for the right verdict with a reason that names which rows or which labels are used.

# %% [markdown] grade_id="why-leak" tags=["manual:5"]
# **Model answer.**
#
# 1. No leak: a scaler works column by column, so one scaler on the matrix gives the same numbers as two; only
#    flattening both labels into one column would mix the tasks.
# 2. A leak: the mean and scale have seen the test labels; its effect is usually small, since only two numbers a task
#    pass over, but the reported errors in z-units shift with it, and the rule costs nothing to keep.
# 3. No leak but a bug: the second fit forgets the first, and the inverse transform then returns task 1 in the units of
#    task 2.
# 4. A leak, and a large one: each test row's own label is part of its feature, so that even a label of pure noise seems
#    predictable; compute it inside each fold, and for a training row from the labels of other training rows (cross-fitting).
# 5. A leak: at prediction time there are no test labels, and the mean and scale of the test rows make every prediction
#    fit their level and spread.
#
# **Mark scheme.** 1 point for case 1 (no leak, columns are scaled one by one); 1 for case 2 (leak, from the test rows'
# labels); 1 for case 3 (no leak, *and* the bug: the first task's numbers are forgotten); 1 for case 4 (leak, each test
# row's own label); 1 for case 5 (leak, test labels are not there at prediction time). Half a point where only the
# verdict is right. That the leak of case 2 is small is true and not needed; "it is too small to be a leak" gets nothing,
# and so does one verdict for all five cases.
#
# - *Full (5):* the model answer, or "1 no, a scaler treats each column by itself. 2 yes, the mean contains test labels.
#   3 no, but the object now knows task 2 only and brings task 1 back in wrong units. 4 yes, a test row's price is in
#   its own feature. 5 yes, it needs the labels that are to be predicted."
# - *Partial (2.5):* the verdicts no, leak, no, leak, leak without reasons.
# - *Missing (0):* "Everything is fine, since scaling never uses the features", without looking at the cases.
