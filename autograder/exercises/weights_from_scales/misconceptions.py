"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "These are 1/s. A mean squared error is in squared units: dividing the label by s divides its squared error by s², "
    "so 1/s undoes only one of the two factors.",
    caught_by="test_value",
    conceptual=True,
)
def one_over_the_scale(scales):
    return 1 / scales


@misconception(
    "These are 1/s times a number that all tasks share. Two things are off: a squared error needs 1/s², and the weights are "
    "used as they are.",
    caught_by="test_value",
    family={"times": ("one", "tasks", "sum", "mean", "largest", "smallest", "first")},
)
def one_over_the_scale_normalised(scales, *, times="one"):
    weights = 1 / scales
    factor = {
        "one": 1 / weights.sum(),
        "tasks": len(scales) / weights.sum(),
        "sum": scales.sum(),
        "mean": scales.mean(),
        "largest": scales.max(),
        "smallest": scales.min(),
        "first": scales[0],
    }[times]
    return weights * factor


@misconception(
    "These are the squares of the scales, not one over them: the task with the large scale counts even more.",
    caught_by="test_value",
    conceptual=True,
)
def scale_squared(scales):
    return scales**2


@misconception(
    "The ratios are right, but the weights were made to sum to the number of tasks. The two totals must be equal, not "
    "proportional: use the weights as they are.",
    caught_by="test_value",
    conceptual=True,
)
def normalised_to_sum_to_the_number_of_tasks(scales):
    weights = 1 / scales**2
    return weights / weights.sum() * len(scales)


@misconception(
    "The ratios are right, but the weights were made to sum to 1, or to have length 1, and the loss changes with them. Use them "
    "as they are.",
    caught_by="test_value",
    conceptual=True,
    family={"what": ("sum", "length")},
)
def normalised_to_sum_to_one(scales, *, what="sum"):
    weights = 1 / scales**2
    return weights / (weights.sum() if what == "sum" else np.linalg.norm(weights))


@misconception(
    "The ratios are right, but the weights are divided by the number of tasks. The total is a sum over tasks, not a mean.",
    caught_by="test_value",
)
def divided_by_the_number_of_tasks(scales):
    return 1 / scales**2 / len(scales)


@misconception(
    "The ratios are right, but measured against one of the tasks, which got the weight 1: the total is then too large or too "
    "small by the square of its scale, and the learning rate that you tuned no longer fits.",
    caught_by="test_value",
    family={"which": ("largest", "smallest", "first", "last")},
)
def relative_to_one_task(scales, *, which="largest"):
    one = {"largest": scales.max(), "smallest": scales.min(), "first": scales[0], "last": scales[-1]}[which]
    return (one / scales) ** 2


@misconception(
    "The ratios are right, but measured against the average: the total then changes with the scales of the other tasks. Each "
    "weight depends on the scale of its own task only.",
    caught_by="test_value",
    family={"average": ("scale", "square", "geometric")},
)
def relative_to_the_average(scales, *, average="scale"):
    typical = {
        "scale": scales.mean() ** 2,
        "square": (scales**2).mean(),
        "geometric": np.exp(2 * np.log(scales).mean()),
    }[average]
    return typical / scales**2


@misconception(
    "These are one over the root of the scale, which corrects even less than 1/s. The error is squared, so square the "
    "scale as well.",
    caught_by="test_value",
)
def one_over_the_root(scales):
    return 1 / np.sqrt(scales)


@misconception(
    "These are 1/s to the power of 4: the scale was squared twice. The squared error grows with s², once.",
    caught_by="test_value",
)
def squared_twice(scales):
    return 1 / scales**4


@misconception(
    "These are the scales themselves. A task with a large scale has a large loss already; its weight must be small.",
    caught_by="test_value",
)
def the_scales_themselves(scales):
    return scales.copy()


@misconception(
    "Equal weights leave the raw losses as they are: the task with the largest scale counts most.",
    caught_by="test_value",
    family={"sum_to_one": (False, True)},
)
def equal_weights(scales, *, sum_to_one=False):
    return np.full_like(scales, 1 / len(scales) if sum_to_one else 1.0)


@misconception(
    "The weight of a small scale is smaller than 1/s². Often because a small number was added to the denominator, or "
    "used as its lower limit. Scales are above 0, so nothing needs protecting, and the square of a small scale is "
    "smaller still.",
    caught_by="test_far_apart",
    conceptual=True,
    family={
        "added": (
            *(("to the square", eps) for eps in (1e-8, 1e-6, 1e-12, 1e-10, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3)),
            *(("to the scale", eps) for eps in (1e-8, 1e-6, 1e-9, 1e-7, 1e-5, 1e-4, 1e-3)),
            *(("limit of the scale", eps) for eps in (1e-3, 1e-2)),
            *(("limit of the square", eps) for eps in (1e-6, 1e-4, 1e-3)),
        )
    },
)
def epsilon_in_the_denominator(scales, *, added=("to the square", 1e-8)):
    where, eps = added
    if where == "to the scale":
        return 1 / (scales + eps) ** 2
    if where == "limit of the scale":
        return 1 / np.maximum(scales, eps) ** 2
    return 1 / (scales**2 + eps) if where == "to the square" else 1 / np.maximum(scales**2, eps)


@misconception(
    "The weights were rounded. The weight of a large scale is small, and few of its digits are left, or none: use the "
    "weights as they are.",
    caught_by="test_far_apart",
    family={"digits": (8, 6, 4)},
)
def rounded(scales, *, digits=8):
    return np.round(1 / scales.astype(float) ** 2, digits)


@misconception(
    "The weight of a large scale is larger than 1/s². Often because the weights were kept above a limit, or a number "
    "was added to them. Small weights are meant to be small.",
    caught_by="test_far_apart",
    family={
        "raised": (
            *(("between", limit) for limit in (1e-4, 1e-3, 1e-6, 1e-2)),
            *(("added", eps) for eps in (1e-8, 1e-6, 1e-10, 1e-4)),
        )
    },
)
def small_weights_raised(scales, *, raised=("between", 1e-4)):
    how, amount = raised
    weights = 1 / scales.astype(float) ** 2
    return weights + amount if how == "added" else np.clip(weights, amount, 1 / amount)


@misconception(
    "The weights fall with the scale, but not as 1/s²: a 1 was added to the denominator, or a logarithm or an "
    "exponential of the scale was taken. Work out what dividing a label by s does to its squared error.",
    caught_by="test_value",
    family={"form": ("1 / (1 + s²)", "1 / (1 + s)", "exp(-s)", "softmax(-s)", "1 / log(1 + s)", "1 / (1 + log s)")},
)
def falls_in_another_way(scales, *, form="1 / (1 + s²)"):
    with np.errstate(all="ignore"):
        return {
            "1 / (1 + s²)": 1 / (1 + scales**2),
            "1 / (1 + s)": 1 / (1 + scales),
            "exp(-s)": np.exp(-scales),
            "softmax(-s)": np.exp(-scales) / np.exp(-scales).sum(),
            "1 / log(1 + s)": 1 / np.log1p(scales),
            "1 / (1 + log s)": 1 / (1 + np.log(scales)),
        }[form]


@misconception(
    "Only the first task came back. Often because the `return` stands inside the loop.", caught_by="test_value"
)
def first_task_only(scales):
    return 1 / scales[:1] ** 2


@misconception(
    "These are one minus the share of the square in the sum of squares. Each weight depends on the scale of its own task "
    "only, and is 1/s².",
    caught_by="test_value",
)
def one_minus_the_share(scales):
    return 1 - scales**2 / (scales**2).sum()


@misconception(
    "Every task got the same weight, made from all scales together. Each weight depends on the scale of its own task only.",
    caught_by="test_value",
    family={"of": ("mean", "sum", "sum of squares", "mean of squares", "variance")},
)
def one_weight_for_all(scales, *, of="mean"):
    together = {
        "mean": scales.mean() ** 2,
        "sum": scales.sum() ** 2,
        "sum of squares": (scales**2).sum(),
        "mean of squares": (scales**2).mean(),
        "variance": scales.var(),
    }[of]
    with np.errstate(all="ignore"):
        return np.full_like(scales, 1 / together)


@misconception(
    "These are half of 1/s², the factor in front of a squared error in a Gaussian likelihood. Here the two totals must be "
    "equal, so nothing is halved.",
    caught_by="test_value",
)
def gaussian_half(scales):
    return 0.5 / scales**2


@misconception(
    "`scales` was changed in place (`*=`, `**=`): the caller's scales are overwritten. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def squares_in_place(scales):
    scales *= scales
    return 1 / scales


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(scales):
    return np.array([0.25, 0.01])
