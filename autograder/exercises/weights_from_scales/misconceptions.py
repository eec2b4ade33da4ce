"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "1/sd under-corrects: MSE is in squared units, so scaling labels by c weights the loss by c². At sd 100 you are off by "
    "a factor 100.",
    caught_by="test_value",
    conceptual=True,
)
def one_over_the_scale(scales):
    return 1 / scales


@misconception("Inverted: this makes the big task even bigger.", caught_by="test_value", conceptual=True)
def scale_squared(scales):
    return scales**2


@misconception(
    "Right ratios, but the loss no longer equals the standardised loss: you made the weights sum to the number of tasks.",
    caught_by="test_value",
    conceptual=True,
)
def normalised_to_sum_to_the_number_of_tasks(scales):
    weights = 1 / scales**2
    return weights / weights.sum() * len(scales)


@misconception(
    "Right ratios, but the weights were made to sum to 1, and the loss shrinks with them. They are used as they are.",
    caught_by="test_value",
    conceptual=True,
)
def normalised_to_sum_to_one(scales):
    weights = 1 / scales**2
    return weights / weights.sum()


@misconception(
    "Ratios fine, but the total is scaled by max(s)²: the learning rate you tuned no longer fits.",
    caught_by="test_value",
)
def relative_to_the_largest(scales):
    return (scales.max() / scales) ** 2


@misconception(
    "Ratios fine, but measured against the first task: the total is scaled by the square of its scale.",
    caught_by="test_value",
)
def relative_to_the_first_task(scales):
    return (scales[0] / scales) ** 2


@misconception(
    "1/√s corrects even less than 1/s: the square belongs to the scale, not the root.", caught_by="test_value"
)
def one_over_the_root(scales):
    return 1 / np.sqrt(scales)


@misconception(
    "These are the scales themselves. A task with a large scale has a large loss already; its weight must be small.",
    caught_by="test_value",
)
def the_scales_themselves(scales):
    return scales.copy()


@misconception(
    "Equal weights leave the raw losses as they are: the task with the largest scale decides everything.",
    caught_by="test_value",
)
def equal_weights(scales):
    return np.ones_like(scales)


@misconception(
    "The small number added to s² is larger than the square of a small scale, and such a task loses its weight.",
    caught_by="test_far_apart",
)
def epsilon_in_the_denominator(scales):
    return 1 / (scales**2 + 1e-8)


@misconception(
    "You divided by the sum of all squares. Each weight depends on the scale of its own task only.",
    caught_by="test_value",
)
def one_minus_the_share(scales):
    return 1 - scales**2 / (scales**2).sum()


@misconception(
    "Every task got the weight of the average scale. Each weight depends on the scale of its own task only.",
    caught_by="test_value",
)
def one_weight_for_all(scales):
    return np.full_like(scales, 1 / np.mean(scales) ** 2)


@misconception(
    "1/(2s²) is the factor in front of a squared error in a Gaussian likelihood. Here the two totals must be equal, so "
    "nothing is halved.",
    caught_by="test_value",
)
def gaussian_half(scales):
    return 0.5 / scales**2


@misconception(
    "You squared `scales` in place, and the caller's scales are now variances. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def squares_in_place(scales):
    scales *= scales
    return 1 / scales


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(scales):
    return np.array([0.25, 0.01])
