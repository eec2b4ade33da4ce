"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _shares(values):
    with np.errstate(all="ignore"):
        return values / values.sum()


@misconception(
    "These are the shares of the rows, whatever alpha says: that is the case alpha = 1 only. Raise the counts to alpha first.",
    caught_by="test_value",
)
def alpha_ignored(n, alpha):
    return n / n.sum()


@misconception(
    "With alpha = 1 the small tasks have more turns than the large ones: the power has the wrong sign. Often because "
    "of a division by the counts, or of -alpha.",
    caught_by="test_proportional",
    conceptual=True,
)
def inverse_frequency(n, alpha):
    return _shares(n.astype(float) ** -alpha)


@misconception(
    "alpha is reversed: alpha = 1 gives equal turns and alpha = 0 proportional ones. Often because 1 - alpha is the power; alpha "
    "itself is.",
    caught_by="test_value",
    conceptual=True,
)
def alpha_reversed(n, alpha):
    return _shares(n.astype(float) ** (1 - alpha))


@misconception(
    "With alpha = 1 nearly all turns go to the largest task, as in a softmax of the counts. Use n to the power alpha; a softmax "
    "would need their logarithms.",
    caught_by="test_proportional",
    conceptual=True,
    family={"shifted": (True, False)},
)
def softmax_of_the_counts(n, alpha, *, shifted=True):
    with np.errstate(all="ignore"):
        return _shares(np.exp(alpha * (n - n.max() if shifted else n)))


@misconception(
    "These are the powers, which do not sum to 1, so they are no probabilities: divide them by their sum.",
    caught_by="test_value",
)
def not_normalised(n, alpha):
    return n.astype(float) ** alpha


@misconception(
    "The counts were normalised before the power; after it the numbers no longer sum to 1. Normalise last.",
    caught_by="test_value",
    conceptual=True,
)
def normalised_before_the_power(n, alpha):
    return (n / n.sum()) ** alpha


@misconception(
    "The powers were divided by something other than their own sum: the sum of the counts, its power, or the largest. "
    "Probabilities must sum to 1.",
    caught_by="test_value",
    family={"by": ("sum of counts", "largest power", "mean", "length")},
)
def other_divisor(n, alpha, *, by="sum of counts"):
    powers = n.astype(float) ** alpha
    divisor = {
        "sum of counts": n.sum(),
        "largest power": powers.max(),
        "mean": powers.mean(),
        "length": np.linalg.norm(powers),
    }[by]
    return powers / divisor


@misconception(
    "All tasks take equal turns, whatever alpha says: that is the case alpha = 0 only.", caught_by="test_value"
)
def always_equal(n, alpha):
    return np.full(len(n), 1 / len(n))


@misconception(
    "Proportional and equal sampling were mixed in the ratio alpha. The ends agree, but between them a power pulls the counts "
    "together, it does not average.",
    caught_by="test_value",
    conceptual=True,
)
def mixture_of_the_ends(n, alpha):
    return alpha * n / n.sum() + (1 - alpha) / len(n)


@misconception(
    "The power is 1/alpha, as one does with a temperature. Here alpha itself is the power; alpha = 0 must work.",
    caught_by="test_value",
)
def temperature(n, alpha):
    return _shares((n / n.max()) ** (1 / alpha))


@misconception(
    "With alpha = 0 the turns are not equal. Often because alpha multiplies the counts: a common factor cancels when they are "
    "normalised. It belongs in the exponent.",
    caught_by="test_equal_turns",
    conceptual=True,
)
def alpha_as_a_factor(n, alpha):
    return np.nan_to_num(_shares(alpha * n))


@misconception(
    "This is how often one row of a task is drawn: the probabilities were divided by the counts. The question is how "
    "often the task has its turn.",
    caught_by="test_value",
    conceptual=True,
    family={"normalised": (False, True)},
)
def probability_of_a_row(n, alpha, *, normalised=False):
    rows = _shares(n.astype(float) ** alpha) / n
    return _shares(rows) if normalised else rows


@misconception(
    "alpha was raised to the power n; it is the count that is raised to the power alpha.", caught_by="test_value"
)
def base_and_exponent_swapped(n, alpha):
    with np.errstate(all="ignore"):
        return _shares(alpha ** n.astype(float))


@misconception(
    "For whole numbers every probability below 1 became 0: the result took over the integer type of the counts. Probabilities "
    "are floats.",
    caught_by="test_counts",
)
def whole_numbers(n, alpha):
    return _shares(n.astype(float) ** alpha).astype(n.dtype)


@misconception(
    "For whole numbers the powers lost their fractions before they were normalised. Often because they were written into an array "
    "of whole numbers, such as `np.zeros_like(n)`. Work with floats.",
    caught_by="test_counts",
)
def whole_powers(n, alpha):
    return _shares((n.astype(float) ** alpha).astype(n.dtype).astype(float))


@misconception(
    "Whole numbers ended in an error. Often because of a power in place (`**=`), which whole numbers refuse: make an array of "
    "floats first.",
    caught_by="test_counts",
)
def refuses_whole_numbers(n, alpha):
    powers = n.copy()
    powers **= alpha
    return _shares(powers)


@misconception(
    "The logarithms of the counts were normalised, and alpha has no effect left. A logarithm is no power: it pulls the counts "
    "together in its own way.",
    caught_by="test_value",
    family={"plus_one": (True, False)},
)
def logarithms_of_the_counts(n, alpha, *, plus_one=True):
    with np.errstate(all="ignore"):
        return np.nan_to_num(_shares(alpha * (np.log1p(n) if plus_one else np.log(n))))


@misconception(
    "A number was added to the counts or to their powers, which gives the small tasks more turns than n to the power alpha does. "
    "All counts are above 0, so nothing needs smoothing.",
    caught_by="test_value",
    family={"added": (("counts", 1.0), ("counts", 0.5), ("powers", 1.0), ("powers", 1e-3), ("counts", 1e-3))},
)
def smoothed(n, alpha, *, added=("counts", 1.0)):
    what, amount = added
    if what == "counts":
        return _shares((n + amount) ** alpha)
    return _shares(n.astype(float) ** alpha + amount)


@misconception(
    "The counts were ranked, or only their order was used: how many rows a task has must count, not only whether it has more.",
    caught_by="test_value",
)
def ranks(n, alpha):
    return _shares((1.0 + np.argsort(np.argsort(n))) ** alpha)


@misconception(
    "The counts were always raised to 1/2, whatever alpha says. That is the case alpha = 0.5 only.",
    caught_by="test_value",
)
def always_the_root(n, alpha):
    return _shares(np.sqrt(n))


@misconception(
    "The probabilities were rounded: a rare task's has few digits left, or none. Give them as they are.",
    caught_by="test_value",
    family={"digits": (4, 2, 3, 5)},
)
def rounded(n, alpha, *, digits=4):
    return np.round(_shares(n.astype(float) ** alpha), digits)


@misconception(
    "`n` was changed in place (`**=`): the caller's counts are gone, and arrays of whole numbers refuse it. Make a new "
    "array.",
    caught_by="test_inputs_unchanged",
)
def raised_in_place(n, alpha):
    n **= alpha
    return n / n.sum()


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(n, alpha):
    return np.array([1 / 3, 2 / 3])
