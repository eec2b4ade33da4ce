"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "The scaler saw the test rows. Changing a TEST label changed your predictions for it; it must not.",
    caught_by="test_no_look_at_test_labels",
    conceptual=True,
)
def scaler_on_all_rows(fit_predict, X, Y, splits):
    mean, scale = Y.mean(axis=0), Y.std(axis=0)
    scale = np.where(scale == 0, 1.0, scale)
    out = np.empty(Y.shape)
    for train, test in splits:
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "fit_predict received raw labels: for a label with mean 50 and sd 900, values in the hundreds. Scale the training "
    "labels before you hand them over.",
    caught_by="test_scaled_labels",
    conceptual=True,
)
def never_scaled(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        out[test] = fit_predict(X[train], Y[train], X[test])
    return out


@misconception(
    "Rows come back in fold order, not in their own rows. With shuffled splits every prediction belongs to somebody else.",
    caught_by="test_row_order",
    conceptual=True,
)
def fold_order(fit_predict, X, Y, splits):
    out = []
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        out.append(fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean)
    return np.concatenate(out)


@misconception(
    "You inverted with the mean and sd of the TEST labels: at prediction time you do not have them.",
    caught_by="test_units",
    conceptual=True,
)
def inverted_with_test_statistics(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        z = fit_predict(X[train], (Y[train] - mean) / scale, X[test])
        out[test] = z * Y[test].std(axis=0) + Y[test].mean(axis=0)
    return out


@misconception(
    "The predictions are still in z-units. Bring them back with the scaler of their fold.",
    caught_by="test_units",
    conceptual=True,
)
def not_inverted(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test])
    return out


@misconception(
    "You multiplied the scale back and forgot the mean. Predictions are values, not errors: they need both.",
    caught_by="test_units",
    conceptual=True,
)
def mean_not_added_back(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale
    return out


@misconception(
    "The scaler of the first fold is used in all of them. Later folds test on rows that this scaler has seen.",
    caught_by="test_scaled_labels",
    conceptual=True,
)
def scaler_of_the_first_fold(fit_predict, X, Y, splits):
    first = splits[0][0]
    mean, scale = Y[first].mean(axis=0), Y[first].std(axis=0)
    scale = np.where(scale == 0, 1.0, scale)
    out = np.empty(Y.shape)
    for train, test in splits:
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "Each model was fitted on the test rows and asked about the training rows: the two indices of a split are swapped.",
    caught_by="test_units",
)
def train_and_test_swapped(fit_predict, X, Y, splits):
    out = np.zeros(Y.shape)
    for test, train in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "The scaler is right, but the model was fitted on all rows, test rows included: it has seen the answers.",
    caught_by="test_no_look_at_test_labels",
    conceptual=True,
)
def fitted_on_all_rows(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        out[test] = fit_predict(X, (Y - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "You centred the labels and did not divide: a task with a large spread is as large as before.",
    caught_by="test_scaled_labels",
)
def only_centred(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean = Y[train].mean(axis=0)
        out[test] = fit_predict(X[train], Y[train] - mean, X[test]) + mean
    return out


@misconception(
    "You divided the labels and did not centre them: a label far from 0 stays far from 0.",
    caught_by="test_scaled_labels",
)
def only_divided(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        scale = Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        out[test] = fit_predict(X[train], Y[train] / scale, X[test]) * scale
    return out


@misconception(
    "The scale is the sample deviation (n-1). This scaler uses the population's, as StandardScaler does.",
    caught_by="test_scaled_labels",
)
def sample_deviation(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0, ddof=1)
        scale = np.where(scale == 0, 1.0, scale)
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "One mean and one scale for all tasks: the large task still is large, and the small one has hardly any spread left.",
    caught_by="test_scaled_labels",
    conceptual=True,
)
def one_scaler_for_all_tasks(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(), Y[train].std()
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "You scaled the features too. It was the labels that were asked for: hand X over as it is.",
    caught_by="test_scaled_labels",
)
def features_scaled_too(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        center, width = X[train].mean(axis=0), X[train].std(axis=0)
        z = fit_predict((X[train] - center) / width, (Y[train] - mean) / scale, (X[test] - center) / width)
        out[test] = z * scale + mean
    return out


@misconception(
    "Only the last fold is left: the array for the result is made anew in every round. Make it once, before the loop.",
    caught_by="test_units",
)
def last_fold_only(fit_predict, X, Y, splits):
    for train, test in splits:
        out = np.zeros(Y.shape)
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "You trained on every row outside the test fold. A split says itself which rows to train on, and may leave some out.",
    caught_by="test_row_order",
)
def all_rows_outside_the_fold(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for _, test in splits:
        train = np.setdiff1d(np.arange(len(Y)), test)
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "A label that is constant in the training rows has a scale of 0, and 0/0 is NaN. Its scale is 1.",
    caught_by="test_constant_label",
    conceptual=True,
)
def divides_by_zero(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "Adding 1e-8 to the scale avoids the division by zero, but a prediction of 0.1 for a constant label then comes back as "
    "0.000000001. The scale of a constant label is 1.",
    caught_by="test_constant_label",
)
def tiny_epsilon(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0) + 1e-8
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "You scaled `Y` in place, fold after fold: the caller's labels are ruined, and so are the folds that follow.",
    caught_by="test_inputs_unchanged",
)
def scaled_in_place(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(scale == 0, 1.0, scale)
        Y -= mean
        Y /= scale
        out[test] = fit_predict(X[train], Y[train], X[test]) * scale + mean
    return out


@misconception("These are the labels that went in. Asked were predictions.", caught_by="test_units")
def the_labels_themselves(fit_predict, X, Y, splits):
    return Y.copy()


@misconception("The same numbers come back whatever goes in.", caught_by="test_units")
def constant(fit_predict, X, Y, splits):
    return np.zeros(Y.shape)
