"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception("alpha is never used: this is always proportional sampling.", caught_by="test_value")
def alpha_ignored(n, alpha):
    return n / n.sum()


@misconception(
    "Small tasks are now sampled MORE than large ones for alpha=1: that is inverse-frequency sampling.",
    caught_by="test_proportional",
    conceptual=True,
)
def inverse_frequency(n, alpha):
    powers = n.astype(float) ** -alpha
    return powers / powers.sum()


@misconception(
    "alpha is reversed: alpha=1 should be proportional, alpha=0 equal.",
    caught_by="test_equal_turns",
    conceptual=True,
)
def alpha_reversed(n, alpha):
    powers = n.astype(float) ** (1 - alpha)
    return powers / powers.sum()


@misconception(
    "softmax(n) gives probability 1 to the largest task. Use n to the power alpha.",
    caught_by="test_proportional",
    conceptual=True,
)
def softmax_of_the_counts(n, alpha):
    powers = np.exp(alpha * (n - n.max()))
    return powers / powers.sum()


@misconception(
    "The powers do not sum to 1, so they are no probabilities: divide them by their sum.", caught_by="test_value"
)
def not_normalised(n, alpha):
    return n.astype(float) ** alpha


@misconception(
    "You normalised before the power; after it the numbers sum to 1 no longer. Normalise last.",
    caught_by="test_value",
    conceptual=True,
)
def normalised_before_the_power(n, alpha):
    return (n / n.sum()) ** alpha


@misconception(
    "All tasks take equal turns, whatever alpha says: that is the case alpha = 0 only.", caught_by="test_value"
)
def always_equal(n, alpha):
    return np.full(len(n), 1 / len(n))


@misconception(
    "You mixed proportional and equal sampling in the ratio alpha. The ends agree, but between them a power pulls the "
    "counts together, it does not average.",
    caught_by="test_value",
    conceptual=True,
)
def mixture_of_the_ends(n, alpha):
    return alpha * n / n.sum() + (1 - alpha) / len(n)


@misconception(
    "You used 1/alpha as the power, as one does with a temperature. Here alpha itself is the power; alpha = 0 must work.",
    caught_by="test_value",
)
def temperature(n, alpha):
    powers = (n / n.max()) ** (1 / alpha)
    return powers / powers.sum()


@misconception(
    "alpha multiplies the counts, and a common factor cancels when you normalise. It belongs in the exponent.",
    caught_by="test_equal_turns",
    conceptual=True,
)
def alpha_as_a_factor(n, alpha):
    return np.nan_to_num(alpha * n / (alpha * n).sum())


@misconception(
    "This is how often one row of a task is drawn. Asked was how often the task has its turn.",
    caught_by="test_value",
    conceptual=True,
)
def probability_of_a_row(n, alpha):
    powers = n.astype(float) ** alpha
    return powers / powers.sum() / n


@misconception(
    "You raised alpha to the power n; it is the count that is raised to the power alpha.", caught_by="test_value"
)
def base_and_exponent_swapped(n, alpha):
    powers = alpha ** n.astype(float)
    return powers / powers.sum()


@misconception(
    "The result took over the integer type of the counts, and every probability below 1 became 0. Probabilities are floats.",
    caught_by="test_counts",
)
def whole_numbers(n, alpha):
    powers = n.astype(float) ** alpha
    return (powers / powers.sum()).astype(n.dtype)


@misconception("The logarithm already pulls the counts together, and alpha has no effect left.", caught_by="test_value")
def logarithms_of_the_counts(n, alpha):
    logarithms = alpha * np.log1p(n)
    return np.nan_to_num(logarithms / logarithms.sum())


@misconception(
    "You raised `n` in place: the caller's counts are gone, and whole numbers refuse. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def raised_in_place(n, alpha):
    n **= alpha
    return n / n.sum()


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(n, alpha):
    return np.array([1 / 3, 2 / 3])
