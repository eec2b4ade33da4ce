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
# **You will** write a scaler for labels, bring an error back to the units of its label, and put the scaler where it belongs:
# inside each fold of a cross-validation. About 50 minutes, after lesson 3. 19 points from checks, 6 for the written part.
#
# Where there is an `examples` cell, state first what you expect; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint fit_label_scaler` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples

# %% [markdown] grade_id="about-fit_label_scaler" tags=["locked"]
# ## A scaler for labels
# *10 minutes, difficulty 2 of 5.* Write `fit_label_scaler(Y_train)`.
#
# - `Y_train` is an array `(n, T)` with the labels of the training rows, one column per task; nothing is missing.
# - Return a pair `(mean, scale)` of arrays `(T,)`: the mean of each column, and its **population** standard deviation, the
#   one that divides by n.
# - A column whose labels are all equal, whatever their value, gets a scale of exactly 1, so that nothing is divided by
#   (nearly) zero; its mean stays what it is.
# - Any other column is not constant, however little its labels differ: its scale is its deviation. The checks try deviations
#   between a billionth and a billion, but no labels whose squares leave the range of a float, such as 1e-200.
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
    """The mean and the scale of each task's labels, as a pair."""
    ### BEGIN SOLUTION
    # axis=0 runs over the rows, so every task keeps a mean and a scale of its own.
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
# Example: an error of 0.25 standard deviations, for a label with mean 7 days and scale 2 days, is an error of 0.5 days.

# %% grade_id="examples-rmse_to_units" tags=["examples"]
# State two examples. Which mean would show whether it takes part?
examples("rmse_to_units", [
    # ((rmse_z, mean, scale), expected),
])

# %% grade_id="rmse_to_units" tags=["answer"]
def rmse_to_units(rmse_z, mean, scale):
    """The root mean squared errors in the units of the labels."""
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
#   of the labels that it was given. It changes none of its arguments. Some models predict something else when their labels
#   are scaled differently.
# - `X` is `(n, d)`, `Y` is `(n, T)`. `splits` is a list of pairs `(train, test)` of integer arrays of row numbers. Every row is
#   in exactly one `test`; rows and folds may come in any order, and a `train` may leave some rows out.
# - Train only on the rows in `train`: in each fold, fit a scaler as in the first exercise to the labels of these rows, give the
#   model these labels scaled (and `X` as it is), and bring its predictions back to label units with the same scaler.
# - Return the predictions `(n, T)`, every one **in its own row**.
# - The labels of a test fold have no influence on the predictions for this fold. A label whose values in the training rows
#   are all equal is scaled by 1. The inputs stay as they were.
#
# Example: with a model that always predicts the mean of the labels that it was given, the rows of a test fold get the mean of
# the training rows' labels, in label units.

# %% grade_id="cv_predict_scaled" tags=["answer"]
def cv_predict_scaled(fit_predict, X, Y, splits):
    """Predictions in label units, each from the fold in which its row was in the test."""
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
# ### In words: leak, bug, or fine?
# *15 minutes, 6 points, marked by a person.*
#
# A **leak**: something that is used in training or for a prediction has seen a label that it must not see. A **bug**: nothing
# leaks, but the result is wrong. For each case, say in **one sentence** which of the three it is, and why.
#
# 1. The labels are scaled robustly, by median and quartiles of *all* rows, "since a few more rows hardly move a quartile"; then
#    the rows are split into training and test.
# 2. A min-max scaler is fitted to the training labels. Some test labels come out above 1 and are used as they are.
# 3. A network is trained on standardised labels. The RMSE that is reported compares its outputs with the test labels in mg/l.
# 4. A feature "mean price of this district" is computed from the labels of all rows before the split.
# 5. The same feature is computed in each fold from its training rows alone, the row's own label included.
# 6. Predictions in z-units are brought back with the mean and standard deviation of the test labels.
#
# What is marked: for each case half a point for the verdict, and half a point for a reason that says which rows or which labels
# are used for what.

# %% [markdown] grade_id="why-leak" tags=["manual:6"]
# **Model answer.**
#
# 1. A leak: median and quartiles have seen the test labels; the effect is small, but the rule costs nothing to keep.
# 2. Fine: the scaler knows the training labels only, and a new label may well lie outside their range.
# 3. A bug, no leak: outputs in z-units are compared with labels in mg/l; the outputs have to be brought back first, with the
#    training rows' mean and scale.
# 4. A leak, and a large one: each test row's own label is part of its feature, so that even a label of pure noise seems
#    predictable.
# 5. A leak inside the training rows: each of them finds its own label in its feature, and no test row does. With about two rows
#    per district, as in lesson 3, a label of pure noise then has an R² of about 0.4 on the training rows and about -0.5 on the
#    test rows. Out of fold it is right: for a training row the feature comes from *other* training rows.
# 6. A leak: at prediction time there are no test labels; their mean and spread pull every prediction to their level.
#
# **Mark scheme.** 1 point for case 1 (leak, from the test rows' labels); 1 for case 2 (fine, training labels only); 1 for case
# 3 (bug: two units are compared); 1 for case 4 (leak, each test row's own label); 1 for case 5 (leak, a training row's own label
# in its own feature, so out of fold is needed); 1 for case 6 (leak, test labels are not there at prediction time). Each of
# these points is half a point for the verdict and half a point for the reason. "Too small to be a leak" gets nothing in case 1,
# and so does one verdict for all six cases.
#
# - *Full (6):* the model answer, or "1 leak, the quartiles contain test labels. 2 fine, nothing but training labels was used.
#   3 bug: z-units against mg/l. 4 leak, a test row's price is in its own feature. 5 leak, a training row's price is in its own
#   feature, take the mean over the other rows. 6 leak, it needs the labels that are to be predicted."
# - *Partial (3):* the verdicts leak, fine, bug, leak, leak, leak without reasons.
# - *Missing (0):* "Everything is fine, since scaling never uses the features", without looking at the cases.
