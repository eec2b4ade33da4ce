"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "The result follows the largest and the smallest label alone. Range is not variance: rain that falls on few days can "
    "have a larger range than temperature and a smaller variance.",
    caught_by="test_value",
    conceptual=True,
    family={"power": (2, 1)},
)
def range_squared(Y, *, power=2):
    return (Y.max(axis=0) - Y.min(axis=0)) ** power


@misconception(
    "This is the mean of the squared labels: nothing is subtracted. It counts the offset, so that Kelvin and Celsius "
    "disagree. A model that predicts the mean is wrong only by the distance from it.",
    caught_by="test_value",
    conceptual=True,
)
def second_moment(Y):
    return (Y**2).mean(axis=0)


@misconception(
    "One common mean of all labels is subtracted from every task. Each task is predicted by its own mean.",
    caught_by="test_value",
    conceptual=True,
)
def pooled_mean(Y):
    return ((Y - Y.mean()) ** 2).mean(axis=0)


@misconception(
    "This is a mean absolute deviation: the distances are not squared. It belongs to a model that is judged by its absolute "
    "error; here the mean squared error is asked for.",
    caught_by="test_value",
    conceptual=True,
    family={"center": (np.mean, np.median)},
)
def mean_absolute_deviation(Y, *, center=np.mean):
    return np.abs(Y - center(Y, axis=0)).mean(axis=0)


@misconception(
    "The sum of squares is divided by n - 1. The loss on these rows is a mean over all n of them: a variance with ddof=0, not "
    "the default of pandas, torch or np.cov.",
    caught_by="test_value",
    conceptual=True,
)
def sample_variance(Y):
    return Y.var(axis=0, ddof=1)


@misconception(
    "This is the standard deviation, in label units. A mean squared error has squared units: leave out the root.",
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
    "One variance of all labels together came back: the tasks are mixed. There is one loss for each task; often the axis is "
    "left out.",
    caught_by="test_value",
    conceptual=True,
)
def one_number(Y):
    return Y.var()


@misconception(
    "The distances are measured from the median. A squared error is smallest at the mean, and the mean is what this model "
    "predicts.",
    caught_by="test_value",
)
def median_predictor(Y):
    return ((Y - np.median(Y, axis=0)) ** 2).mean(axis=0)


@misconception(
    "The distances are measured from {center}. The model predicts the mean of each task.",
    caught_by="test_value",
    family={"center": ("the smallest label", "the first row", "the largest label", "the last row")},
)
def another_center(Y, *, center="the smallest label"):
    centers = {"the smallest label": Y.min(axis=0), "the largest label": Y.max(axis=0)}
    centers |= {"the first row": Y[0], "the last row": Y[-1]}
    return ((Y - centers[center]) ** 2).mean(axis=0)


@misconception(
    "From each label the mean of its own row is subtracted. A task is a column: it is predicted by the mean over the rows.",
    caught_by="test_value",
)
def centred_by_the_row(Y):
    return ((Y - Y.mean(axis=1, keepdims=True)) ** 2).mean(axis=0)


@misconception(
    "The result is half of what it should be. Some losses carry a factor of one half; the mean squared error has none.",
    caught_by="test_value",
)
def half_the_loss(Y):
    return 0.5 * Y.var(axis=0)


@misconception(
    "The result is twice what it should be, or a little more. Often because rows are compared with each other: two of them "
    "differ by twice the variance on average. Compare each with the mean.",
    caught_by="test_value",
    conceptual=True,
    family={"pairs": ("all", "different rows")},
)
def twice_the_loss(Y, *, pairs="all"):
    return 2.0 * Y.var(axis=0, ddof=0 if pairs == "all" else 1)


@misconception(
    "The result is divided by the number of rows once too often: the mean is a division by n already.",
    caught_by="test_value",
)
def divided_twice(Y):
    return Y.var(axis=0) / len(Y)


@misconception(
    "Every task has a loss of 1, whatever its unit: the labels are divided by their spread first, and with it goes what was "
    "asked for.",
    caught_by="test_value",
    conceptual=True,
)
def standardised_first(Y):
    with np.errstate(all="ignore"):
        return (((Y - Y.mean(axis=0)) / Y.std(axis=0)) ** 2).mean(axis=0)


@misconception(
    "The squared distances came back, one for each label. The loss of a task is their mean over the rows.",
    caught_by="test_value",
    family={"squared": (True, False)},
)
def not_averaged(Y, *, squared=True):
    residual = Y - Y.mean(axis=0)
    return residual**2 if squared else residual


@misconception(
    "A table came back that compares every task with every other: a covariance matrix. The losses are its diagonal, divided by n "
    "and not by n - 1.",
    caught_by="test_value",
    family={"divisor": ("n - 1", "n")},
)
def covariance_matrix(Y, *, divisor="n - 1"):
    with np.errstate(all="ignore"):
        return np.cov(Y.T, bias=divisor == "n")


@misconception(
    "The losses of all tasks are made one number. They are asked for one by one, in an array with one entry for each task.",
    caught_by="test_value",
    family={"summed": (True, False)},
)
def tasks_joined(Y, *, summed=True):
    return Y.var(axis=0).sum() if summed else Y.var(axis=0).mean()


@misconception(
    "Only the first task's loss came back. Often the return stands inside the loop over tasks.",
    caught_by="test_value",
    family={"in_a_list": (False, True)},
)
def only_the_first_task(Y, *, in_a_list=False):
    loss = Y[:, 0].var()
    return [loss] if in_a_list else loss


@misconception(
    "The numbers are right and come back with one dimension too many, {shape}. One entry for each task makes the shape (T,).",
    caught_by="test_value",
    family={"shape": ("(1, T)", "(T, 1)")},
)
def one_dimension_too_many(Y, *, shape="(1, T)"):
    loss = Y.var(axis=0, keepdims=True)
    return loss if shape == "(1, T)" else loss.T


@misconception(
    "The loss comes out negative: the mean of the squares is subtracted from the square of the mean. It is the other way "
    "round.",
    caught_by="test_value",
)
def turned_difference(Y):
    return -Y.var(axis=0)


@misconception(
    "From the mean of the squares the mean itself is subtracted, and not its square. Look at the units: label units "
    "cannot be subtracted from their squares.",
    caught_by="test_value",
)
def mean_not_squared(Y):
    return (Y**2).mean(axis=0) - Y.mean(axis=0)


@misconception(
    "This is the sum of squared errors: it grows with the number of rows. Divide by n.", caught_by="test_value"
)
def sum_of_squares(Y):
    return ((Y - Y.mean(axis=0)) ** 2).sum(axis=0)


@misconception(
    "Every loss is 0, up to rounding: above and below cancel. Often the deviations are averaged first and squared "
    "afterwards.",
    caught_by="test_value",
)
def deviations_cancel(Y):
    return (Y - Y.mean(axis=0)).mean(axis=0) ** 2


@misconception(
    "In float32 an offset of 300 spoils the loss. Often the formula is E[y²] - E[y]², right on paper: the square of 300 "
    "leaves no digits for a variance near 1. Subtract the mean before squaring.",
    caught_by="test_offset",
)
def difference_of_large_squares(Y):
    return np.square(Y).mean(axis=0, dtype=Y.dtype) - np.square(Y.mean(axis=0, dtype=Y.dtype))


@misconception("These are the means. The loss of predicting them is asked for.", caught_by="test_value")
def the_means(Y):
    return Y.mean(axis=0)


@misconception(
    "After the call the caller's labels are changed, often because `-=` writes into the array that came in. Make a new "
    "array.",
    caught_by="test_inputs_unchanged",
    family={"squared": (False, True)},
)
def centres_in_place(Y, *, squared=False):
    Y -= Y.mean(axis=0)
    if squared:
        Y **= 2
        return Y.mean(axis=0)
    return (Y**2).mean(axis=0)


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(Y):
    return np.array([1.0, 100.0])
