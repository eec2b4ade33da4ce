"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "You added the mean back: RMSE 0.5 z with mean 200 became 240.8. inverse_transform is for values, not for errors.",
    caught_by="test_value",
    conceptual=True,
)
def inverse_transform_of_the_metric(rmse_z, mean, scale):
    return rmse_z * scale + mean


@misconception(
    "RMSE scales with sd, MSE with variance. You multiplied an RMSE by the variance.",
    caught_by="test_value",
    conceptual=True,
)
def multiplied_by_the_variance(rmse_z, mean, scale):
    return rmse_z * scale**2


@misconception(
    "These are still z-units: 0.5 sd of what? Multiply by the scale.", caught_by="test_value", conceptual=True
)
def unchanged(rmse_z, mean, scale):
    return rmse_z.copy()


@misconception(
    "Wrong direction: labels were divided by the scale, so errors are multiplied.",
    caught_by="test_value",
    conceptual=True,
)
def divided_by_the_scale(rmse_z, mean, scale):
    return rmse_z / scale


@misconception(
    "You multiplied by the mean: an error of 10 % of the mean is another metric. One z-unit is one scale.",
    caught_by="test_value",
)
def multiplied_by_the_mean(rmse_z, mean, scale):
    return rmse_z * mean


@misconception(
    "You subtracted the mean. In the difference of label and prediction it has cancelled already.",
    caught_by="test_value",
    conceptual=True,
)
def mean_subtracted(rmse_z, mean, scale):
    return (rmse_z - mean) * scale


@misconception("This is the mean squared error in squared units: its root was not taken.", caught_by="test_value")
def squared(rmse_z, mean, scale):
    return (rmse_z * scale) ** 2


@misconception(
    "The scale is a standard deviation already; its root is nothing that labels were divided by.",
    caught_by="test_value",
)
def root_of_the_scale(rmse_z, mean, scale):
    return rmse_z * np.sqrt(scale)


@misconception(
    "One number for all tasks mixes their units, euros with days. Give one error a task.",
    caught_by="test_value",
)
def averaged_over_tasks(rmse_z, mean, scale):
    return np.mean(rmse_z * scale)


@misconception(
    "Every task was brought back with the scale of the first one. Each has its own unit.", caught_by="test_value"
)
def scale_of_the_first_task(rmse_z, mean, scale):
    return rmse_z * scale[0]


@misconception("You divided by the mean at the end: that is a relative error, without unit.", caught_by="test_value")
def relative_to_the_mean(rmse_z, mean, scale):
    return rmse_z * scale / np.where(mean == 0, 1, np.abs(mean))


@misconception(
    "You multiplied into `rmse_z` itself (`*=`): whoever logs the z-error afterwards logs something else. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def multiplied_in_place(rmse_z, mean, scale):
    rmse_z *= scale
    return rmse_z


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(rmse_z, mean, scale):
    return np.array([40.8])
