"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "Range is not variance: rainfall with 60% dry days has range > temperature but a smaller variance.",
    caught_by="test_value",
    conceptual=True,
)
def range_squared(Y):
    return (Y.max(axis=0) - Y.min(axis=0)) ** 2


@misconception(
    "E[y²] counts the offset: Kelvin and Celsius give different answers. A model with a bias term does not care about the "
    "offset; subtract the mean.",
    caught_by="test_value",
    conceptual=True,
)
def second_moment(Y):
    return (Y**2).mean(axis=0)


@misconception(
    "One global mean for all tasks: each head has its own bias, so each task is centred by its own mean.",
    caught_by="test_value",
    conceptual=True,
)
def pooled_mean(Y):
    return ((Y - Y.mean()) ** 2).mean(axis=0)


@misconception(
    "That is the mean absolute deviation, the loss of an MAE model.", caught_by="test_value", conceptual=True
)
def mean_absolute_deviation(Y):
    return np.abs(Y - Y.mean(axis=0)).mean(axis=0)


@misconception(
    "You divided by n - 1. The loss on these rows is a mean over all n of them: a variance with ddof=0.",
    caught_by="test_value",
    conceptual=True,
)
def sample_variance(Y):
    return Y.var(axis=0, ddof=1)


@misconception(
    "This is the standard deviation, in label units. A mean squared error has squared units: leave the root out.",
    caught_by="test_value",
)
def standard_deviation(Y):
    return Y.std(axis=0)


@misconception(
    "The mean runs over the tasks of one row. A task is a column: average over the rows, axis 0.",
    caught_by="test_value",
)
def over_the_tasks_of_a_row(Y):
    return Y.var(axis=1)


@misconception(
    "One number for everything: the tasks are mixed. Give one loss a task.", caught_by="test_value", conceptual=True
)
def one_number(Y):
    return Y.var()


@misconception(
    "You predicted the median. A squared error is smallest at the mean, and the task asks for the mean.",
    caught_by="test_value",
)
def median_predictor(Y):
    return ((Y - np.median(Y, axis=0)) ** 2).mean(axis=0)


@misconception(
    "This is the sum of squared errors: it grows with the number of rows. Divide by n.", caught_by="test_value"
)
def sum_of_squares(Y):
    return ((Y - Y.mean(axis=0)) ** 2).sum(axis=0)


@misconception(
    "You averaged the deviations before squaring: above and below cancel, and 0 is left for every task.",
    caught_by="test_value",
)
def deviations_cancel(Y):
    return (Y - Y.mean(axis=0)).mean(axis=0) ** 2


@misconception(
    "The formula E[y²] - E[y]² is right on paper. In float32 the square of 300 has no room left for a variance near 1: "
    "subtract the mean before squaring.",
    caught_by="test_offset",
)
def difference_of_large_squares(Y):
    return np.square(Y).mean(axis=0, dtype=Y.dtype) - np.square(Y.mean(axis=0, dtype=Y.dtype))


@misconception("These are the means. Asked is the loss of predicting them.", caught_by="test_value")
def the_means(Y):
    return Y.mean(axis=0)


@misconception(
    "You centred `Y` in place (`-=`): the caller's labels have lost their offset. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def centres_in_place(Y):
    Y -= Y.mean(axis=0)
    return (Y**2).mean(axis=0)


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(Y):
    return np.array([1.0, 100.0])
