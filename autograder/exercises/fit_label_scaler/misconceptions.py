"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception

POWERS = (
    1e-8,
    1e-12,
    1e-10,
    1e-9,
    1e-7,
    1e-6,
    1e-5,
    1e-4,
    1e-3,
    1e-15,
    1e-16,
    1e-20,
    1e-30,
    float(np.finfo(float).eps),
)


def _varies(Y_train):
    return np.ptp(Y_train, axis=0) > 0


def _guarded(scale, Y_train):
    """The scale, with 1 for what is constant."""
    return np.where(_varies(Y_train), scale, 1.0)


@misconception(
    "All tasks got the mean and the deviation of all labels together. Tasks have different units, so each column needs "
    "its own pair. Often because `axis=0` is missing, or because the labels were flattened first.",
    caught_by="test_scale",
    conceptual=True,
    family={"per_task": (True, False)},
)
def global_over_tasks(Y_train, *, per_task=True):
    scale = Y_train.std()
    mean, scale = Y_train.mean(), scale if scale > 0 else 1.0
    count = Y_train.shape[1]
    return (np.full(count, mean), np.full(count, scale)) if per_task else (mean, scale)


@misconception(
    "The scale is the sample deviation, which divides by n - 1. The exercise asks for the population's, which divides "
    "by n, as in StandardScaler. Often because of `ddof=1`, or because pandas and torch divide by n - 1 by default.",
    caught_by="test_scale",
)
def sample_deviation(Y_train):
    scale = Y_train.std(axis=0, ddof=1) if len(Y_train) > 1 else np.zeros(Y_train.shape[1])
    return Y_train.mean(axis=0), _guarded(scale, Y_train)


@misconception(
    "A column of equal labels, such as 5 and 5, kept a scale of 0: dividing by it gives NaN or infinity. Its scale is 1.",
    caught_by="test_constant_column",
    conceptual=True,
)
def zero_scale_kept(Y_train):
    return Y_train.mean(axis=0), Y_train.std(axis=0)


@misconception(
    "A column of equal labels kept a tiny scale instead of 1: its computed deviation is rounding error and not 0 "
    "(1.4e-17 for 0.1, 0.1, 0.1; far more for large labels or float32). Whether a label is constant shows in the labels, "
    "not in their deviation: compare the largest with the smallest.",
    caught_by="test_constant_column",
    conceptual=True,
    family={"below": (0.0, 1e-16, 1e-15, 1e-14, 1e-12, 1e-10, 1e-9)},
)
def constant_judged_by_the_deviation(Y_train, *, below=0.0):
    scale = Y_train.std(axis=0)
    return Y_train.mean(axis=0), np.where(scale <= below, 1.0, scale)


@misconception(
    "Columns that vary in a very small unit got a scale of 1, as if they were constant. Only a column whose labels are all "
    "equal gets a scale of 1. Often because the deviation was compared with a small number, as np.isclose does.",
    caught_by="test_small_units",
    conceptual=True,
    family={"below": (1e-3, 1e-2, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8), "exact": (False, True)},
)
def small_scales_replaced(Y_train, *, below=1e-3, exact=False):
    scale = Y_train.std(axis=0)
    return Y_train.mean(axis=0), np.where((scale < below) | (exact & ~_varies(Y_train)), 1.0, scale)


@misconception(
    "A column that varies got a scale of 1, as if it were constant: {seen}. A column is constant only where all its "
    "labels are equal: compare the largest with the smallest.",
    caught_by="test_constant_column",
    conceptual=True,
    family={
        "seen": (
            "its first and its last label agree",
            "its first two labels agree",
            "its last two labels agree",
            "two labels in a row agree",
            "its labels agree once they are rounded",
            "its labels agree in their whole part",
            "its first label is the mean",
            "its middle half agrees",
            "its mean is 0",
        )
    },
)
def constant_judged_by_a_part(Y_train, *, seen="its first and its last label agree"):
    low, high = np.quantile(Y_train, [0.25, 0.75], axis=0)
    steps, mean = np.diff(Y_train, axis=0), Y_train.mean(axis=0)
    constant = {
        "its first and its last label agree": Y_train[0] == Y_train[-1],
        "its first two labels agree": Y_train[0] == Y_train[min(1, len(Y_train) - 1)],
        "its last two labels agree": Y_train[-1] == Y_train[max(-2, -len(Y_train))],
        "two labels in a row agree": (steps == 0).any(axis=0) | ~_varies(Y_train),
        "its labels agree once they are rounded": np.ptp(np.round(Y_train), axis=0) == 0,
        "its labels agree in their whole part": np.ptp(np.trunc(Y_train), axis=0) == 0,
        "its first label is the mean": (Y_train[0] == mean) | ~_varies(Y_train),
        "its middle half agrees": low == high,
        "its mean is 0": (mean == 0) | ~_varies(Y_train),
    }[seen]
    return mean, np.where(constant, 1.0, Y_train.std(axis=0))


@misconception(
    "The columns of the answer are the rows of the table: one number per row came out. A task is a column: average over "
    "the rows, axis=0.",
    caught_by="test_scale",
)
def row_statistics(Y_train):
    scale = Y_train.std(axis=1)
    return Y_train.mean(axis=1), np.where(scale == 0, 1.0, scale)


@misconception(
    "A column of equal labels got a scale of {eps:g} instead of 1: nothing is divided by 0, but a new label that is 0.01 off "
    "then comes out huge. Often because a small number was added to the scale, or used as its lower limit.",
    caught_by="test_constant_column",
    conceptual=True,
    family={"eps": POWERS, "added": (True, False)},
)
def tiny_epsilon(Y_train, *, eps=1e-8, added=True):
    scale = Y_train.std(axis=0)
    return Y_train.mean(axis=0), scale + eps if added else np.maximum(scale, eps)


@misconception(
    "A column of equal labels got a scale of {root:.3g} instead of 1: a new label that is a little off then comes out huge. "
    "Often because a small number was added to the variance, under the root.",
    caught_by="test_constant_column",
    family={"root": tuple(eps**0.5 for eps in (1e-5, 1e-7, 1e-9, 1e-11, 1e-15))},
)
def epsilon_under_the_root(Y_train, *, root=1e-5**0.5):
    return Y_train.mean(axis=0), np.sqrt(Y_train.var(axis=0) + root**2)


@misconception(
    "The scale is the variance, in squared units. Labels are divided by the standard deviation, its root.",
    caught_by="test_scale",
    conceptual=True,
)
def variance_as_scale(Y_train):
    return Y_train.mean(axis=0), _guarded(Y_train.var(axis=0), Y_train)


@misconception("The two parts are in the wrong order: the means come first, then the scales.", caught_by="test_mean")
def scale_before_mean(Y_train):
    return _guarded(Y_train.std(axis=0), Y_train), Y_train.mean(axis=0)


@misconception(
    "The scale is the range, largest minus smallest, as in min-max scaling. It equalises the ranges of the tasks, not "
    "their variances; the exercise asks for the standard deviation.",
    caught_by="test_scale",
    conceptual=True,
    family={"location": ("minimum", "mean")},
)
def minimum_and_range(Y_train, *, location="minimum"):
    first = Y_train.min(axis=0) if location == "minimum" else Y_train.mean(axis=0)
    return first, _guarded(np.ptp(Y_train, axis=0), Y_train)


@misconception(
    "The scale is the interquartile range or the median absolute deviation, as in robust scaling. The exercise asks "
    "for the standard deviation.",
    caught_by="test_scale",
    family={"spread": ("quartiles", "median deviation", "1.4826 median deviations")},
)
def robust_scaling(Y_train, *, spread="quartiles"):
    low, middle, high = np.quantile(Y_train, [0.25, 0.5, 0.75], axis=0)
    scale = high - low if spread == "quartiles" else np.median(np.abs(Y_train - middle), axis=0)
    return middle, np.where(scale == 0, 1.0, scale * (1.4826 if spread.startswith("1.4826") else 1.0))


@misconception(
    "The first part is the mean of all labels together, the same for every task. Each column has a mean of its own: axis=0.",
    caught_by="test_mean",
)
def one_mean_for_all(Y_train):
    return np.full(Y_train.shape[1], Y_train.mean()), _guarded(Y_train.std(axis=0), Y_train)


@misconception(
    "One pair per task came back: mean and scale of the first task, then of the second, and so on. The exercise asks "
    "for two arrays: all means, then all scales.",
    caught_by="test_mean",
)
def a_pair_for_each_task(Y_train):
    return list(zip(Y_train.mean(axis=0), _guarded(Y_train.std(axis=0), Y_train)))


@misconception(
    "A label with a deviation below {limit:g} got a scale of {limit:g}, though it varies. Only a constant column gets a scale of "
    "1; every other one keeps its deviation, however small.",
    caught_by="test_scale",
    family={"limit": (1.0, 0.5, 0.1)},
)
def raised_to_a_limit(Y_train, *, limit=1.0):
    return Y_train.mean(axis=0), np.maximum(Y_train.std(axis=0), limit)


@misconception(
    "The first part is the median of each column. The exercise asks for the mean; the two differ where labels are "
    "skewed.",
    caught_by="test_mean",
)
def median_instead_of_mean(Y_train):
    return np.median(Y_train, axis=0), _guarded(Y_train.std(axis=0), Y_train)


@misconception(
    "The scaled labels came back. The exercise asks for the numbers that scale them: new rows and predictions need "
    "them again.",
    caught_by="test_mean",
)
def the_scaled_labels(Y_train):
    return (Y_train - Y_train.mean(axis=0)) / _guarded(Y_train.std(axis=0), Y_train)


@misconception(
    "One constant task switched off the scaling of all tasks. Replace the scale of that column alone.",
    caught_by="test_constant_column",
    family={"constant": ("equal labels", "a deviation of 0")},
)
def all_or_nothing(Y_train, *, constant="equal labels"):
    scale = Y_train.std(axis=0)
    varies = _varies(Y_train) if constant == "equal labels" else scale > 0
    return Y_train.mean(axis=0), scale if varies.all() else np.ones_like(scale)


@misconception(
    "The mean of a constant label came back as 0. It keeps its mean: the label must be 0 after scaling, and its "
    "prediction must come back as the label.",
    caught_by="test_constant_column",
)
def constant_column_not_centred(Y_train):
    return np.where(_varies(Y_train), Y_train.mean(axis=0), 0.0), _guarded(Y_train.std(axis=0), Y_train)


@misconception(
    "The scale is the mean absolute deviation. The standard deviation is the root of the mean of the squared "
    "deviations.",
    caught_by="test_scale",
)
def mean_absolute_deviation(Y_train):
    return Y_train.mean(axis=0), _guarded(np.abs(Y_train - Y_train.mean(axis=0)).mean(axis=0), Y_train)


@misconception(
    "Every label that varies got a scale of 1: it is centred and keeps its unit. Often because the two branches of "
    "np.where are swapped (condition, value where it holds, value elsewhere), or because the deviation was left out.",
    caught_by="test_scale",
    family={"constant": (0.0, 1.0)},
)
def scale_of_one(Y_train, *, constant=0.0):
    return Y_train.mean(axis=0), np.where(_varies(Y_train), 1.0, constant)


@misconception(
    "The scale is the root of the mean squared label. A deviation is measured from the mean: subtract it before "
    "squaring, or a label far from 0 gets a large scale without varying.",
    caught_by="test_scale",
    conceptual=True,
)
def root_mean_square(Y_train):
    return Y_train.mean(axis=0), _guarded(np.sqrt(np.mean(Y_train**2, axis=0)), Y_train)


@misconception(
    "The scale grows with the number of rows: it is the root of the sum of squared deviations. Divide by n under the "
    "root.",
    caught_by="test_scale",
)
def sum_of_squares(Y_train):
    return Y_train.mean(axis=0), _guarded(np.linalg.norm(Y_train - Y_train.mean(axis=0), axis=0), Y_train)


@misconception(
    "The scale is the standard error: the deviation divided by the root of n. It shrinks with more rows, though the labels "
    "vary as much as before.",
    caught_by="test_scale",
)
def standard_error(Y_train):
    return Y_train.mean(axis=0), _guarded(Y_train.std(axis=0) / np.sqrt(len(Y_train)), Y_train)


@misconception(
    "The scale is the largest absolute label of each column. The exercise asks for the standard deviation.",
    caught_by="test_scale",
)
def largest_label(Y_train):
    return Y_train.mean(axis=0), _guarded(np.abs(Y_train).max(axis=0), Y_train)


@misconception(
    "Both parts came back as tables with one row, of shape (1, T). The exercise asks for arrays of shape (T,). Often "
    "because of `keepdims=True`.",
    caught_by="test_mean",
)
def keeps_dimensions(Y_train):
    return Y_train.mean(axis=0, keepdims=True), _guarded(Y_train.std(axis=0), Y_train)[None]


@misconception(
    "`Y_train` was changed in place: the labels that the caller trains on are not what they were. Often because of `-=`; "
    "make a new array.",
    caught_by="test_inputs_unchanged",
    family={"scaled": (False, True)},
)
def centres_in_place(Y_train, *, scaled=False):
    mean, scale = Y_train.mean(axis=0), _guarded(Y_train.std(axis=0), Y_train)
    Y_train -= mean
    if scaled:
        Y_train /= scale
    return mean, scale


@misconception("The same numbers come back whatever goes in.", caught_by="test_mean")
def constant(Y_train):
    return np.array([2.0, 20.0]), np.array([1.0, 10.0])
