"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "One mean and one scale for all tasks (flattened labels). That is the only real way to mix tasks while scaling: in the "
    "lesson's example, whose tasks differ by a factor of ten, task 1 ends up with variance 0.007, task 2 with 0.71.",
    caught_by="test_scale",
    conceptual=True,
)
def global_over_tasks(Y_train):
    count = Y_train.shape[1]
    scale = Y_train.std()
    return np.full(count, Y_train.mean()), np.full(count, scale if scale > 0 else 1.0)


@misconception(
    "Sample sd (n-1). Harmless for training, but your numbers will not match StandardScaler; the spec says population sd.",
    caught_by="test_scale",
)
def sample_deviation(Y_train):
    scale = Y_train.std(axis=0, ddof=1) if len(Y_train) > 1 else np.zeros(Y_train.shape[1])
    return Y_train.mean(axis=0), np.where(scale == 0, 1.0, scale)


@misconception(
    "A constant training label has sd 0; dividing gives NaN or inf. Use scale 1 for it.",
    caught_by="test_constant_column",
    conceptual=True,
)
def zero_scale_kept(Y_train):
    return Y_train.mean(axis=0), Y_train.std(axis=0)


@misconception(
    "axis=1 mixes tasks within a row. A task is a column: average over the rows, axis=0.", caught_by="test_scale"
)
def row_statistics(Y_train):
    scale = Y_train.std(axis=1)
    return Y_train.mean(axis=1), np.where(scale == 0, 1.0, scale)


@misconception(
    "Adding 1e-8 avoids the division by zero, but a constant label then turns a 0.01 change into 1e6. Use scale 1.",
    caught_by="test_constant_column",
    conceptual=True,
)
def tiny_epsilon(Y_train):
    return Y_train.mean(axis=0), Y_train.std(axis=0) + 1e-8


@misconception(
    "You gave the variance as the scale. Labels divided by their variance have a unit of one over the label; divide by "
    "its root.",
    caught_by="test_scale",
    conceptual=True,
)
def variance_as_scale(Y_train):
    scale = Y_train.var(axis=0)
    return Y_train.mean(axis=0), np.where(scale == 0, 1.0, scale)


@misconception("The two parts stand in the wrong order: the means come first, then the scales.", caught_by="test_mean")
def scale_before_mean(Y_train):
    scale = Y_train.std(axis=0)
    return np.where(scale == 0, 1.0, scale), Y_train.mean(axis=0)


@misconception(
    "These are minimum and range: min-max scaling. It equalises the ranges of the tasks, not their variances.",
    caught_by="test_scale",
    conceptual=True,
)
def minimum_and_range(Y_train):
    scale = np.ptp(Y_train, axis=0)
    return Y_train.min(axis=0), np.where(scale == 0, 1.0, scale)


@misconception(
    "These are median and interquartile range: robust scaling. Asked were mean and standard deviation.",
    caught_by="test_scale",
)
def median_and_quartiles(Y_train):
    low, middle, high = np.quantile(Y_train, [0.25, 0.5, 0.75], axis=0)
    return middle, np.where(high == low, 1.0, high - low)


@misconception(
    "You gave back the standardised labels. Asked were the numbers that do it, because new rows and predictions need them "
    "again.",
    caught_by="test_mean",
)
def the_scaled_labels(Y_train):
    scale = Y_train.std(axis=0)
    return (Y_train - Y_train.mean(axis=0)) / np.where(scale == 0, 1.0, scale)


@misconception(
    "Every scale below one thousandth became 1, also those of labels that vary in a small unit. Only a scale of exactly 0 "
    "is replaced.",
    caught_by="test_small_units",
    conceptual=True,
)
def small_scales_replaced(Y_train):
    scale = Y_train.std(axis=0)
    return Y_train.mean(axis=0), np.where(scale < 1e-3, 1.0, scale)


@misconception(
    "One constant task switched the scaling off for all of them. Replace the zero alone, entry by entry.",
    caught_by="test_constant_column",
)
def all_or_nothing(Y_train):
    scale = Y_train.std(axis=0)
    return Y_train.mean(axis=0), scale if scale.all() else np.ones_like(scale)


@misconception(
    "A constant label keeps its mean: it must come out as 0 after scaling, and its prediction must come back as itself.",
    caught_by="test_constant_column",
)
def constant_column_not_centred(Y_train):
    scale = Y_train.std(axis=0)
    return np.where(scale == 0, 0.0, Y_train.mean(axis=0)), np.where(scale == 0, 1.0, scale)


@misconception(
    "The scale is the mean absolute deviation. The standard deviation is the root of the mean SQUARED deviation.",
    caught_by="test_scale",
)
def mean_absolute_deviation(Y_train):
    scale = np.abs(Y_train - Y_train.mean(axis=0)).mean(axis=0)
    return Y_train.mean(axis=0), np.where(scale == 0, 1.0, scale)


@misconception(
    "You centred `Y_train` in place (`-=`): the labels that the caller trains on have lost their mean. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def centres_in_place(Y_train):
    mean = Y_train.mean(axis=0)
    Y_train -= mean
    scale = np.sqrt((Y_train**2).mean(axis=0))
    return mean, np.where(scale == 0, 1.0, scale)


@misconception("The same numbers come back whatever goes in.", caught_by="test_mean")
def constant(Y_train):
    return np.array([2.0, 20.0]), np.array([1.0, 10.0])
