"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _scaler(labels):
    """Mean and scale of each column, as they should be."""
    return labels.mean(axis=0), np.where(np.ptp(labels, axis=0) == 0, 1.0, labels.std(axis=0))


def _with(scaler, fit_predict, X, Y, splits):
    """Everything right but what ``scaler`` gives for the training labels of a fold."""
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = scaler(Y[train])
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


def _brought_back(back, fit_predict, X, Y, splits):
    """Everything right but the way back of the predictions of a fold."""
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        out[test] = back(fit_predict(X[train], (Y[train] - mean) / scale, X[test]), mean, scale)
    return out


@misconception(
    "Labels of the test rows changed the predictions for these very rows: the mean, the scale or both were computed from all "
    "rows, test rows included. Fit the scaler inside the loop, on the training rows of the fold.",
    caught_by="test_no_look_at_test_labels",
    conceptual=True,
    family={"what": ("both", "mean", "scale")},
)
def scaler_on_all_rows(fit_predict, X, Y, splits, *, what="both"):
    def scaler(labels):
        (mean, scale), (own_mean, own_scale) = _scaler(Y), _scaler(labels)
        return (own_mean if what == "scale" else mean), (own_scale if what == "mean" else scale)

    return _with(scaler, fit_predict, X, Y, splits)


@misconception(
    "Labels of the test rows changed the predictions for these very rows: the scaler was fitted to the test rows. At "
    "prediction time there are no test labels; fit it to the training rows.",
    caught_by="test_no_look_at_test_labels",
    conceptual=True,
)
def scaler_on_the_test_rows(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[test])
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "fit_predict received the labels in their own units. Scale the training labels of each fold before you pass them "
    "on.",
    caught_by="test_scaled_labels",
    conceptual=True,
)
def never_scaled(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        out[test] = fit_predict(X[train], Y[train], X[test])
    return out


@misconception(
    "The rows come back in the order of the folds. With shuffled splits every prediction then belongs to another row: "
    "write each to the row that `test` names.",
    caught_by="test_row_order",
    conceptual=True,
)
def fold_order(fit_predict, X, Y, splits):
    out = []
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        out.append(fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean)
    return np.concatenate(out)


@misconception(
    "Inside a fold the predictions are in ascending order of rows, whatever order `test` has. Often because a boolean "
    "mask was used to write them, or because `test` was sorted in one place and not in the other.",
    caught_by="test_row_order",
)
def sorted_inside_the_fold(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        out[np.sort(test)] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "The predictions were brought back with mean and deviation of the test labels: at prediction time you do not have "
    "them. Use the scaler of the training rows both ways.",
    caught_by="test_units",
    conceptual=True,
)
def inverted_with_test_statistics(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        z = fit_predict(X[train], (Y[train] - mean) / scale, X[test])
        out[test] = z * Y[test].std(axis=0) + Y[test].mean(axis=0)
    return out


@misconception(
    "The predictions were brought back with mean and deviation of all labels, though the model saw labels scaled with "
    "those of the training rows. Use the scaler of the fold both ways.",
    caught_by="test_units",
)
def inverted_with_all_rows(fit_predict, X, Y, splits):
    return _brought_back(lambda z, *_: z * Y.std(axis=0) + Y.mean(axis=0), fit_predict, X, Y, splits)


@misconception(
    "The rows of the {fold} fold are right, the others are not: all predictions were brought back with the scaler of "
    "the {fold} fold. Often because that line is outside the loop; each fold needs its own scaler.",
    caught_by="test_units",
    family={"fold": ("last", "first"), "less": (0, 1)},
)
def brought_back_with_one_scaler(fit_predict, X, Y, splits, *, fold="last", less=0):
    """``less`` is what the deviation's divisor falls short of the number of rows by."""

    def scaler(labels):
        with np.errstate(all="ignore"):
            return labels.mean(axis=0), np.where(np.ptp(labels, axis=0) == 0, 1.0, labels.std(axis=0, ddof=less))

    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = scaler(Y[train])
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test])
    mean, scale = scaler(Y[splits[-1 if fold == "last" else 0][0]])
    return out * scale + mean


@misconception(
    "Predictions beyond the smallest or largest training label were cut off there. A model may predict a value that it has "
    "not seen: give its predictions back as they are.",
    caught_by="test_units",
)
def clipped_to_the_labels(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        values = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
        out[test] = np.clip(values, Y[train].min(axis=0), Y[train].max(axis=0))
    return out


@misconception(
    "The predictions are still in z-units. Bring them back with the scaler of their fold.",
    caught_by="test_units",
    conceptual=True,
)
def not_inverted(fit_predict, X, Y, splits):
    return _brought_back(lambda z, mean, scale: z, fit_predict, X, Y, splits)


@misconception(
    "The predictions are multiplied by the scale, but the mean is missing. Predictions are values, not errors: they "
    "need both.",
    caught_by="test_units",
    conceptual=True,
)
def mean_not_added_back(fit_predict, X, Y, splits):
    return _brought_back(lambda z, mean, scale: z * scale, fit_predict, X, Y, splits)


@misconception(
    "The mean was added, but the scale is missing on the way back: z is in standard deviations and must be multiplied "
    "first.",
    caught_by="test_units",
)
def scale_not_multiplied_back(fit_predict, X, Y, splits):
    return _brought_back(lambda z, mean, scale: z + mean, fit_predict, X, Y, splits)


@misconception(
    "The way back has the steps in the wrong order: (z + mean) times scale. Scaling subtracts and then divides, so the way "
    "back multiplies and then adds.",
    caught_by="test_units",
)
def added_before_it_is_multiplied(fit_predict, X, Y, splits):
    return _brought_back(lambda z, mean, scale: (z + mean) * scale, fit_predict, X, Y, splits)


@misconception(
    "The predictions were scaled once more, (z - mean) / scale, instead of being brought back.",
    caught_by="test_units",
)
def scaled_once_more(fit_predict, X, Y, splits):
    return _brought_back(lambda z, mean, scale: (z - mean) / scale, fit_predict, X, Y, splits)


@misconception(
    "The predictions were divided by the scale on the way back. Labels were divided, so predictions are multiplied.",
    caught_by="test_units",
)
def divided_on_the_way_back(fit_predict, X, Y, splits):
    return _brought_back(lambda z, mean, scale: z / scale + mean, fit_predict, X, Y, splits)


@misconception(
    "The model was fitted on labels in their own units, and its predictions were brought back anyway: they were "
    "multiplied by a scale that was never divided out.",
    caught_by="test_units",
)
def scaled_on_the_way_back_only(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        out[test] = fit_predict(X[train], Y[train], X[test]) * scale + mean
    return out


@misconception(
    "The scaler of the first fold is used in all of them. Later folds test on rows that this scaler has seen.",
    caught_by="test_scaled_labels",
    conceptual=True,
)
def scaler_of_the_first_fold(fit_predict, X, Y, splits):
    return _with(lambda _: _scaler(Y[splits[0][0]]), fit_predict, X, Y, splits)


@misconception(
    "The predictions come from models that were fitted on the test rows: the two indices of a split are swapped. The first "
    "is `train`, the second `test`.",
    caught_by="test_units",
)
def train_and_test_swapped(fit_predict, X, Y, splits):
    out = np.zeros(Y.shape)
    for test, train in splits:
        mean, scale = _scaler(Y[train])
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "Where a fold has as many training rows as test rows, the test rows got the predictions for the training rows. The last "
    "argument of fit_predict is what to predict for: the features of the test rows.",
    caught_by="test_units",
)
def predicts_the_training_rows(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[train]) * scale + mean
    return out


@misconception(
    "Labels of the test rows changed the predictions for these very rows. The scaler is right, but the model was "
    "fitted on the test rows as well: it has seen the answers.",
    caught_by="test_no_look_at_test_labels",
    conceptual=True,
    family={"rows": ("all", "training, then test")},
)
def fitted_on_all_rows(fit_predict, X, Y, splits, *, rows="all"):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        seen = np.arange(len(Y)) if rows == "all" else np.concatenate([train, test])
        out[test] = fit_predict(X[seen], (Y[seen] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "The model saw labels that were centred but not divided: a task with a large spread is as large as before.",
    caught_by="test_scaled_labels",
)
def only_centred(fit_predict, X, Y, splits):
    return _with(lambda labels: (labels.mean(axis=0), 1.0), fit_predict, X, Y, splits)


@misconception(
    "The model saw labels that were divided but not centred: a label far from 0 stays far from 0.",
    caught_by="test_scaled_labels",
)
def only_divided(fit_predict, X, Y, splits):
    return _with(lambda labels: (0.0, _scaler(labels)[1]), fit_predict, X, Y, splits)


@misconception(
    "The scale is the sample deviation, which divides by n - 1. This scaler uses the population's, as StandardScaler does.",
    caught_by="test_scaled_labels",
)
def sample_deviation(fit_predict, X, Y, splits):
    def scaler(labels):
        return labels.mean(axis=0), np.where(np.ptp(labels, axis=0) == 0, 1.0, labels.std(axis=0, ddof=1))

    return _with(scaler, fit_predict, X, Y, splits)


@misconception(
    "The labels were divided by their variance. The scale is the standard deviation, its root.",
    caught_by="test_scaled_labels",
)
def variance_as_scale(fit_predict, X, Y, splits):
    return _with(lambda labels: (labels.mean(axis=0), _scaler(labels)[1] ** 2), fit_predict, X, Y, splits)


@misconception(
    "The model saw labels between 0 and 1: min-max scaling. The exercise asks for labels with mean 0 and standard "
    "deviation 1.",
    caught_by="test_scaled_labels",
)
def minimum_and_range(fit_predict, X, Y, splits):
    def scaler(labels):
        spread = np.ptp(labels, axis=0)
        return labels.min(axis=0), np.where(spread == 0, 1.0, spread)

    return _with(scaler, fit_predict, X, Y, splits)


@misconception(
    "The model saw labels scaled with one mean and one deviation for all tasks: the large task is still large, and the small "
    "one has hardly any spread left. Each column needs its own pair, axis=0.",
    caught_by="test_scaled_labels",
    conceptual=True,
)
def one_scaler_for_all_tasks(fit_predict, X, Y, splits):
    return _with(lambda labels: (labels.mean(), labels.std()), fit_predict, X, Y, splits)


@misconception(
    "The features were scaled and the labels were not. It is the labels that are scaled here: pass X on as it is.",
    caught_by="test_scaled_labels",
    conceptual=True,
)
def features_scaled_instead(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        center, width = _scaler(X[train])
        out[test] = fit_predict((X[train] - center) / width, Y[train], (X[test] - center) / width)
    return out


@misconception(
    "The features were scaled too. Scale only the labels, and pass X on as it is.",
    caught_by="test_scaled_labels",
)
def features_scaled_too(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        center, width = _scaler(X[train])
        z = fit_predict((X[train] - center) / width, (Y[train] - mean) / scale, (X[test] - center) / width)
        out[test] = z * scale + mean
    return out


@misconception(
    "Only the rows of the last fold have predictions. Often because the array for the result is made inside the loop: "
    "make it once, before the loop.",
    caught_by="test_units",
    family={"fill": ("0", "nan")},
)
def last_fold_only(fit_predict, X, Y, splits, *, fill="0"):
    for train, test in splits:
        out = np.full(Y.shape, float(fill))
        mean, scale = _scaler(Y[train])
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "Only the rows of the first fold have predictions. Often because the `return` is inside the loop.",
    caught_by="test_units",
    family={"fill": ("0", "nan")},
)
def first_fold_only(fit_predict, X, Y, splits, *, fill="0"):
    out = np.full(Y.shape, float(fill))
    for train, test in splits[:1]:
        mean, scale = _scaler(Y[train])
        out[test] = fit_predict(X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


@misconception(
    "Where a split leaves rows out of training, they were trained on as well. The split says which rows to train on; "
    "'every row outside the test fold' is another set.",
    caught_by="test_row_order",
)
def all_rows_outside_the_fold(fit_predict, X, Y, splits):
    outside = [(np.setdiff1d(np.arange(len(Y)), test), test) for _, test in splits]
    return _with(_scaler, fit_predict, X, Y, outside)


@misconception(
    "Where a label is constant in the training rows, NaN came back: its deviation is 0, and 0/0 is NaN. Its scale is 1.",
    caught_by="test_constant_label",
    conceptual=True,
)
def divides_by_zero(fit_predict, X, Y, splits):
    return _with(lambda labels: (labels.mean(axis=0), labels.std(axis=0)), fit_predict, X, Y, splits)


@misconception(
    "A label of 5, 5, 5 is handled, one of 0.1, 0.1, 0.1 is not: its computed deviation is 1.4e-17 instead of 0, so "
    "it was not taken for constant. Whether a label is constant shows in its values: compare the largest with the "
    "smallest.",
    caught_by="test_constant_label",
    conceptual=True,
    family={"below": (0.0, 1e-15, 1e-12, 1e-10, 1e-9)},
)
def constant_judged_by_the_deviation(fit_predict, X, Y, splits, *, below=0.0):
    def scaler(labels):
        scale = labels.std(axis=0)
        return labels.mean(axis=0), np.where(scale <= below, 1.0, scale)

    return _with(scaler, fit_predict, X, Y, splits)


@misconception(
    "A label that varies in the training rows was treated as constant: {seen}. A label is constant only where all its "
    "values are equal: compare the largest with the smallest.",
    caught_by="test_constant_label",
    conceptual=True,
    family={"seen": ("its first and its last value agree", "its first two values agree", "two values in a row agree")},
)
def constant_judged_by_a_part(fit_predict, X, Y, splits, *, seen="its first and its last value agree"):
    def scaler(labels):
        constant = {
            "its first and its last value agree": labels[0] == labels[-1],
            "its first two values agree": labels[0] == labels[1],
            "two values in a row agree": (np.diff(labels, axis=0) == 0).any(axis=0),
        }[seen]
        return labels.mean(axis=0), np.where(constant, 1.0, labels.std(axis=0))

    return _with(scaler, fit_predict, X, Y, splits)


@misconception(
    "For a label that is constant in the training rows the model's prediction was multiplied by a scale near 0, so that the "
    "mean came back whatever the model said. Its scale is 1. Often because a small number was added to every scale.",
    caught_by="test_constant_label",
    family={"eps": (1e-8, 1e-12, 1e-6, 1e-5, 1e-4, 1e-3)},
)
def tiny_epsilon(fit_predict, X, Y, splits, *, eps=1e-8):
    return _with(lambda labels: (labels.mean(axis=0), labels.std(axis=0) + eps), fit_predict, X, Y, splits)


@misconception(
    "The rows of the first fold are right, those of later folds are not: their labels had been scaled already. Often "
    "because `Y` was scaled in place (`-=`), which spoils the caller's labels as well. Make a new array.",
    caught_by="test_units",
)
def scaled_in_place(fit_predict, X, Y, splits):
    out = np.empty(Y.shape)
    for train, test in splits:
        mean, scale = _scaler(Y[train])
        Y -= mean
        Y /= scale
        out[test] = fit_predict(X[train], Y[train], X[test]) * scale + mean
    return out


@misconception("The labels came back as they went in. The exercise asks for predictions.", caught_by="test_units")
def the_labels_themselves(fit_predict, X, Y, splits):
    return Y.copy()


@misconception("Every prediction is 0, whatever goes in.", caught_by="test_units")
def constant(fit_predict, X, Y, splits):
    return np.zeros(Y.shape)
