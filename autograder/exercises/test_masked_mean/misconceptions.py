"""Tests that do not test enough, or too much, what a tutor says about each, and the check that must catch it."""

import math

import torch

from autograder.testing import misconception

MASK = torch.tensor([True, False, True, False])


def values_right(candidate):
    """Good examples for the value, without NaN."""
    got = float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK))
    assert math.isclose(got, 3.5, rel_tol=1e-5)


def stale_right(candidate):
    assert math.isclose(float(candidate(torch.tensor([1.0, 9e3, 6.0, 9e3]), MASK)), 3.5, rel_tol=1e-5)


def missing_right(candidate):
    given = torch.tensor([1.0, math.nan, 6.0, math.nan])
    assert math.isclose(float(candidate(given, MASK)), 3.5, rel_tol=1e-5)


def empty_right(candidate):
    assert float(candidate(torch.tensor([4.0, 1.0, 2.0, 5.0]), ~(MASK | True))) == 0.0


def gradient_right(candidate):
    given = torch.tensor([1.0, math.nan, 6.0, math.nan], requires_grad=True)
    candidate(given, MASK).backward()
    assert torch.allclose(given.grad, torch.tensor([0.5, 0.0, 0.5, 0.0]))


def untouched_right(candidate):
    given = torch.tensor([1.0, 2.0, 6.0, -3.0])
    candidate(given, MASK)
    assert torch.equal(given, torch.tensor([1.0, 2.0, 6.0, -3.0]))


def all_but(missing, candidate):
    """A good test with one part left out."""
    for part in (values_right, stale_right, missing_right, empty_right, gradient_right, untouched_right):
        if part is not missing:
            part(candidate)


@misconception(
    "Your test calls the candidate but asserts nothing: every candidate passes.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def asserts_nothing(candidate):
    candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK)


@misconception(
    "Your test returns whether the candidate is right. A test speaks by raising: use assert.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def returns_instead_of_asserting(candidate):
    return bool(
        torch.allclose(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK).double(), torch.tensor(3.5).double())
    )


@misconception("Your test fails whatever it is given, right candidates too.", caught_by="test_tells_right_from_wrong")
def always_fails(candidate):
    raise AssertionError("wrong")


@misconception(
    "The assertion is turned round: it fails exactly when the candidate is right.",
    caught_by="test_tells_right_from_wrong",
)
def turned_round(candidate):
    got = float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK))
    assert not math.isclose(got, 3.5, rel_tol=1e-5)


@misconception(
    "Your test expects the sum divided by the length of the batch, so it fails the right candidates. The mean is over "
    "the observed entries.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def expects_the_batch_size(candidate):
    got = float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK))
    assert math.isclose(got, 1.75, rel_tol=1e-5)


@misconception(
    "Your test expects NaN when nothing is observed; the contract says 0.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def expects_nan_for_nothing(candidate):
    all_but(empty_right, candidate)
    assert math.isnan(float(candidate(torch.tensor([4.0, 1.0]), torch.tensor([False, False]))))


@misconception(
    "One example on which the sum, the mean and a constant all give 2 tells none of them apart. Observe at least two "
    "entries, and choose numbers whose mean is not 2.",
    caught_by="test_wrong_means",
    conceptual=True,
)
def one_weak_example(candidate):
    assert float(candidate(torch.tensor([2.0, 5.0]), torch.tensor([True, False]))) == 2.0


@misconception(
    "All your masks are full: a candidate that never looks at the mask passes.",
    caught_by="test_wrong_means",
    conceptual=True,
)
def full_masks_only(candidate):
    got = float(candidate(torch.tensor([1.0, 2.0, 6.0]), torch.tensor([True, True, True])))
    assert math.isclose(got, 3.0, rel_tol=1e-5)


@misconception(
    "Your test only looks for NaN; a wrong number is as wrong.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def looks_for_nan_only(candidate):
    given = torch.tensor([1.0, math.nan, 6.0, math.nan])
    assert math.isfinite(float(candidate(given, MASK)))
    assert math.isfinite(float(candidate(given, ~(MASK | True))))


@misconception(
    "Your tolerance is so wide that a divisor which is a little too large passes. 1e-5 is enough room.",
    caught_by="test_small_bias",
)
def loose_tolerance(candidate):
    all_but_value = (missing_right_loosely, empty_right, gradient_right_loosely, untouched_right, stale_right_loosely)
    for part in all_but_value:
        part(candidate)


def missing_right_loosely(candidate):
    assert abs(float(candidate(torch.tensor([1.0, math.nan, 6.0, math.nan]), MASK)) - 3.5) < 0.1


def stale_right_loosely(candidate):
    assert abs(float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK)) - 3.5) < 0.1


def gradient_right_loosely(candidate):
    given = torch.tensor([1.0, math.nan, 6.0, math.nan], requires_grad=True)
    candidate(given, MASK).backward()
    assert torch.allclose(given.grad, torch.tensor([0.5, 0.0, 0.5, 0.0]), atol=0.01)


@misconception(
    "Every hidden value in your test is NaN, so a candidate that leaves out NaN and never looks at the mask passes.",
    caught_by="test_stale_numbers",
    conceptual=True,
)
def hidden_values_are_always_nan(candidate):
    for part in (missing_right, empty_right_with_nan, gradient_right, untouched_right_with_nan):
        part(candidate)


def empty_right_with_nan(candidate):
    assert float(candidate(torch.full((4,), math.nan), ~(MASK | True))) == 0.0


def untouched_right_with_nan(candidate):
    given = torch.tensor([1.0, math.nan, 6.0, math.nan])
    candidate(given, MASK)
    assert int(given.isnan().sum()) == 2


@misconception(
    "No value in your test is NaN, and missing labels usually are.", caught_by="test_missing_values", conceptual=True
)
def no_missing_value(candidate):
    for part in (values_right, stale_right, empty_right, untouched_right):
        part(candidate)
    given = torch.tensor([1.0, 2.0, 6.0, -3.0], requires_grad=True)
    candidate(given, MASK).backward()
    assert torch.allclose(given.grad, torch.tensor([0.5, 0.0, 0.5, 0.0]))


@misconception(
    "In your test something is always observed; one day a batch comes without any label.",
    caught_by="test_empty_mask",
    conceptual=True,
)
def never_an_empty_mask(candidate):
    all_but(empty_right, candidate)


@misconception(
    "Your test never looks at a gradient. A value can be right while the gradient is NaN, and training uses the gradient.",
    caught_by="test_gradients",
    conceptual=True,
)
def no_gradient(candidate):
    all_but(gradient_right, candidate)


@misconception(
    "Your test asks whether there is a gradient, not whether it is right: NaN passes.",
    caught_by="test_gradients",
    conceptual=True,
)
def gradient_exists_only(candidate):
    all_but(gradient_right, candidate)
    assert candidate(torch.tensor([1.0, math.nan, 6.0, math.nan], requires_grad=True), MASK).requires_grad


@misconception(
    "Your test never looks at its input after the call; a candidate may overwrite it.", caught_by="test_in_place"
)
def input_after_the_call_ignored(candidate):
    all_but(untouched_right, candidate)
