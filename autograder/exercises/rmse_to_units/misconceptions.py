"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "The mean was added to the error. A common shift of labels and predictions cancels in their difference; "
    "inverse_transform is for values, not for errors.",
    caught_by="test_value",
    conceptual=True,
    family={"absolute": ("nothing", "mean", "answer")},
)
def inverse_transform_of_the_metric(rmse_z, mean, scale, *, absolute="nothing"):
    answer = rmse_z * scale + (np.abs(mean) if absolute == "mean" else mean)
    return np.abs(answer) if absolute == "answer" else answer


@misconception(
    "The error was multiplied by the square of the scale, the variance. An RMSE has the unit of the label; only a squared "
    "error goes back with the square.",
    caught_by="test_value",
    conceptual=True,
)
def multiplied_by_the_variance(rmse_z, mean, scale):
    return rmse_z * scale**2


@misconception(
    "The errors are still in z-units: half a standard deviation of what? Multiply by the scale.",
    caught_by="test_value",
    conceptual=True,
)
def unchanged(rmse_z, mean, scale):
    return rmse_z.copy()


@misconception(
    "The error was divided by the scale. Scaling divides the labels, so errors are multiplied on the way back.",
    caught_by="test_value",
    conceptual=True,
)
def divided_by_the_scale(rmse_z, mean, scale):
    return rmse_z / scale


@misconception(
    "The error was divided by the square of the scale. One z-unit is one scale: multiply by it, once.",
    caught_by="test_value",
)
def divided_by_the_variance(rmse_z, mean, scale):
    return rmse_z / scale**2


@misconception(
    "The error was multiplied by the mean: an error of 10 % of the mean is another metric. One z-unit is one scale.",
    caught_by="test_value",
    family={"absolute": (False, True)},
)
def multiplied_by_the_mean(rmse_z, mean, scale, *, absolute=False):
    return rmse_z * (np.abs(mean) if absolute else mean)


@misconception(
    "The mean was subtracted. In the difference of label and prediction it has cancelled already.",
    caught_by="test_value",
    conceptual=True,
    family={"first": (True, False), "absolute": (False, True)},
)
def mean_subtracted(rmse_z, mean, scale, *, first=True, absolute=False):
    answer = (rmse_z - mean) * scale if first else rmse_z * scale - mean
    return np.abs(answer) if absolute else answer


@misconception(
    "The mean was added to the error or to the scale before the two were multiplied. It takes no part: in the difference of "
    "label and prediction it has cancelled.",
    caught_by="test_value",
    family={"to": ("error", "scale")},
)
def mean_added_first(rmse_z, mean, scale, *, to="error"):
    return (rmse_z + mean) * scale if to == "error" else rmse_z * (scale + mean)


@misconception(
    "The error was scaled once more, (error - mean) / scale, instead of being brought back. And no mean takes part: it has "
    "cancelled.",
    caught_by="test_value",
)
def scaled_once_more(rmse_z, mean, scale):
    return (rmse_z - mean) / scale


@misconception(
    "This is the mean squared error, in squared units: the root is missing, or was undone.", caught_by="test_value"
)
def squared(rmse_z, mean, scale):
    return (rmse_z * scale) ** 2


@misconception(
    "The error was squared before it was multiplied by the scale, so the result is neither an RMSE nor an MSE. "
    "`rmse_z` is a root already: multiply it as it is.",
    caught_by="test_value",
)
def error_squared(rmse_z, mean, scale):
    return rmse_z**2 * scale


@misconception(
    "The root of the scale, of the error or of both was multiplied. An RMSE is a root already and the scale a "
    "standard deviation; under a root, a squared error goes with the square of the scale.",
    caught_by="test_value",
    family={"of": ("scale", "error", "product")},
)
def one_root_too_many(rmse_z, mean, scale, *, of="scale"):
    error = rmse_z if of == "scale" else np.sqrt(rmse_z)
    return error * (scale if of == "error" else np.sqrt(scale))


@misconception(
    "One number came back for all tasks, which mixes their units, euros with days. Give one error per task.",
    caught_by="test_value",
    family={"how": ("mean", "sum", "root mean square")},
)
def one_number_for_all(rmse_z, mean, scale, *, how="mean"):
    errors = rmse_z * scale
    return {"mean": errors.mean(), "sum": errors.sum(), "root mean square": np.sqrt((errors**2).mean())}[how]


@misconception(
    "Only the first task came back. Often because the `return` stands inside the loop.", caught_by="test_value"
)
def first_task_only(rmse_z, mean, scale):
    return rmse_z[:1] * scale[:1]


@misconception(
    "Every task was brought back with the same scale. Each has its own unit, so each needs its own scale.",
    caught_by="test_value",
    family={"which": ("first", "mean", "last")},
)
def one_scale_for_all(rmse_z, mean, scale, *, which="first"):
    return rmse_z * {"first": scale[0], "mean": scale.mean(), "last": scale[-1]}[which]


@misconception(
    "The error was divided by the mean at the end: that is a relative error, without unit.",
    caught_by="test_value",
    family={"absolute": (True, False), "percent": (False, True), "guard": (True, False)},
)
def relative_to_the_mean(rmse_z, mean, scale, *, absolute=True, percent=False, guard=True):
    by = np.abs(mean) if absolute else mean
    with np.errstate(all="ignore"):
        return rmse_z * scale / np.where(guard & (mean == 0), 1, by) * (100 if percent else 1)


@misconception(
    "A table came back, every error with every scale. Multiply task by task: each error with its own scale.",
    caught_by="test_value",
    family={"how": ("outer", "diagonal")},
)
def every_error_with_every_scale(rmse_z, mean, scale, *, how="outer"):
    return np.outer(rmse_z, scale) if how == "outer" else np.diag(rmse_z * scale)


@misconception(
    "The errors were rounded. Return them as they are; rounding is for the table in which they are shown.",
    caught_by="test_value",
    family={"digits": (2, 1, 3, 4, 0)},
)
def rounded(rmse_z, mean, scale, *, digits=2):
    return np.round(rmse_z * scale, digits)


@misconception(
    "`rmse_z` or `scale` was multiplied in place (`*=`): whoever uses it afterwards uses something else. Make a new array.",
    caught_by="test_inputs_unchanged",
    family={"which": ("rmse_z", "scale")},
)
def multiplied_in_place(rmse_z, mean, scale, *, which="rmse_z"):
    changed, other = (rmse_z, scale) if which == "rmse_z" else (scale, rmse_z)
    changed *= other
    return changed


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(rmse_z, mean, scale):
    return np.array([40.8])
