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
    "Your test stops no candidate, not even one that always gives 1000. Often it calls the candidate, or prints what "
    "it gives, and asserts nothing.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def asserts_nothing(candidate):
    candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK)


@misconception(
    "Your test stops no candidate and gives back a value instead. A test speaks by raising: use assert.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def returns_instead_of_asserting(candidate):
    return bool(
        torch.allclose(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK).double(), torch.tensor(3.5).double())
    )


@misconception(
    "Your test stops whatever it is given, right candidates too. Often a NaN is compared with ==, though NaN does not"
    " equal itself, no room is left for rounding in float32, or the number that is expected is wrong.",
    caught_by="test_tells_right_from_wrong",
)
def always_fails(candidate):
    raise AssertionError("wrong")


@misconception(
    "Your test stops right candidates and passes one that always gives 1000: an assertion is the wrong way round.",
    caught_by="test_tells_right_from_wrong",
)
def turned_round(candidate):
    got = float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK))
    assert not math.isclose(got, 3.5, rel_tol=1e-5)


@misconception(
    "Only the candidate that divides by the length of the batch passes your test; right ones are stopped. The mean "
    "is over the observed entries.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def expects_the_batch_size(candidate):
    got = float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK))
    assert math.isclose(got, 1.75, rel_tol=1e-5)


@misconception(
    "Only the candidate that adds up and never divides passes your test; right ones are stopped. A mean is a sum "
    "divided by the number of observed entries.",
    caught_by="test_tells_right_from_wrong",
)
def expects_the_sum(candidate):
    assert math.isclose(float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK)), 7.0, rel_tol=1e-5)


@misconception(
    "Only the candidate that averages the *unobserved* entries passes your test; right ones are stopped: True means "
    "observed.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def expects_the_hidden_mean(candidate):
    assert math.isclose(float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK)), -0.5, rel_tol=1e-5)


@misconception(
    "Only the candidate that ignores the mask passes your test; right ones are stopped. The mean is over the observed "
    "entries.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def expects_the_mean_of_everything(candidate):
    assert math.isclose(float(candidate(torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK)), 1.5, rel_tol=1e-5)


@misconception(
    "Your test stops right candidates because it expects NaN when nothing is observed; the contract says 0.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
)
def expects_nan_for_nothing(candidate):
    all_but(empty_right, candidate)
    assert math.isnan(float(candidate(torch.tensor([4.0, 1.0]), torch.tensor([False, False]))))


@misconception(
    "Your test stops some right candidates and spares others: it asks for more than the contract promises. Often it "
    "compares with ==, while right candidates add up in another order: leave room for rounding.",
    caught_by="test_spares_the_right_ones",
    conceptual=True,
    family={"spared": (("plain", "filled"), ("plain", "weighted"), ("plain",))},
)
def exact_equality(candidate, *, spared=("plain", "filled")):
    same_to_the_last_bit(candidate, spared, hidden=2.0)


@misconception(
    "Your test stops right candidates, the plainest one among them, and spares another right one: it asks for more than the "
    "contract promises. Often it compares with ==, while right candidates add up in another order: leave room for "
    "rounding.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
    family={"spared": (("filled",), ("weighted",), ("filled", "weighted")), "rest": ("nothing", "a hidden NaN", "all")},
)
def exact_equality_with_another_sum(candidate, *, spared=("filled",), rest="nothing"):
    same_to_the_last_bit(candidate, spared, hidden=2.0)
    if rest != "nothing":
        same_to_the_last_bit(candidate, spared, hidden=math.nan)
    if rest == "all":
        for part in (empty_right, gradient_right, untouched_right):
            part(candidate)


def same_to_the_last_bit(candidate, spared, hidden):
    """Right means that differ in their last bits: those that are not spared are stopped on one of many inputs."""
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        mask = torch.rand(40, generator=generator) < 0.6
        values, count = torch.where(mask, torch.randn(40, generator=generator), hidden), int(mask.sum())
        filled = values.masked_fill(~mask, 0.0)
        means = {
            "plain": values[mask].sum() / count,
            "filled": filled.sum() / count,
            "weighted": torch.dot(filled, mask / mask.sum()),
        }
        assert float(candidate(values, mask)) in [float(means[name]) for name in spared]


@misconception(
    "Your test gives right candidates something that the contract does not promise, and some stop at it with an error of "
    "their own. `values` are a vector of floats, `mask` a vector of True and False.",
    caught_by="test_spares_the_right_ones",
    family={"given": ("a matrix", "whole numbers", "a mask of 0 and 1")},
)
def asks_for_other_inputs(candidate, *, given="a matrix"):
    values, mask = torch.tensor([1.0, 2.0, 6.0, -3.0]), MASK
    if given == "a matrix":
        values, mask = values.reshape(2, 2), mask.reshape(2, 2)
    elif given == "whole numbers":
        values = values.long()
    else:
        mask = mask.to(torch.uint8)
    assert math.isclose(float(candidate(values, mask)), 3.5, rel_tol=1e-5)


@misconception(
    "A candidate that adds up and never divides passes your test: where one entry is observed, its sum is its mean. "
    "Observe at least two.",
    caught_by="test_wrong_means",
    conceptual=True,
)
def one_observed_entry(candidate):
    assert float(candidate(torch.tensor([1.0, 9.0]), torch.tensor([True, False]))) == 1.0


@misconception(
    "A candidate that always gives 2 passes your test, and so does one that never divides: where one entry, 2, is "
    "observed, all of these agree. Observe at least two entries, and choose numbers whose mean is not 2.",
    caught_by="test_wrong_means",
    conceptual=True,
)
def one_weak_example(candidate):
    assert float(candidate(torch.tensor([2.0, 5.0]), torch.tensor([True, False]))) == 2.0


@misconception(
    "Candidates that ignore the mask, or divide by the length of the batch, pass your test. Often every mask in it is"
    " full.",
    caught_by="test_wrong_means",
    conceptual=True,
)
def full_masks_only(candidate):
    got = float(candidate(torch.tensor([1.0, 2.0, 6.0]), torch.tensor([True, True, True])))
    assert math.isclose(got, 3.0, rel_tol=1e-5)


@misconception(
    "Your test stops NaN and passes a candidate that always gives 1000: a wrong number is just as wrong. Compare with "
    "the mean that you expect.",
    caught_by="test_tells_right_from_wrong",
    conceptual=True,
    family={"of": ("value", "gradient")},
)
def looks_for_nan_only(candidate, *, of="value"):
    given = torch.tensor([1.0, math.nan, 6.0, math.nan], requires_grad=of == "gradient")
    mean = candidate(given, MASK)
    if of == "gradient":
        mean.backward()
        assert bool(given.grad.isfinite().all())
    else:
        assert math.isfinite(float(mean))
        assert math.isfinite(float(candidate(given, ~(MASK | True))))


@misconception(
    "A candidate whose divisor is a thousandth too large passes your test. Often the tolerance is too wide, or the "
    "result is rounded: 1e-5 is room enough.",
    caught_by="test_small_bias",
)
def loose_tolerance(candidate):
    for hidden in (2.0, math.nan):
        assert abs(float(candidate(torch.tensor([1.0, hidden, 6.0, hidden]), MASK)) - 3.5) < 0.1
    for part in (empty_right, gradient_right_loosely, untouched_right):
        part(candidate)


def gradient_right_loosely(candidate):
    given = torch.tensor([1.0, math.nan, 6.0, math.nan], requires_grad=True)
    candidate(given, MASK).backward()
    assert torch.allclose(given.grad, torch.tensor([0.5, 0.0, 0.5, 0.0]), atol=0.01)


@misconception(
    "A candidate that leaves out NaN and never looks at the mask passes your test. Often every hidden value in it is "
    "NaN: hide an ordinary number too.",
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
    "A candidate that gives NaN as soon as a hidden value is NaN passes your test. Often no value in it is NaN, and "
    "missing labels usually are.",
    caught_by="test_missing_values",
    conceptual=True,
)
def no_missing_value(candidate):
    for part in (values_right, stale_right, empty_right, untouched_right):
        part(candidate)
    given = torch.tensor([1.0, 2.0, 6.0, -3.0], requires_grad=True)
    candidate(given, MASK).backward()
    assert torch.allclose(given.grad, torch.tensor([0.5, 0.0, 0.5, 0.0]))


@misconception(
    "A candidate that gives NaN when nothing is observed passes your test. Often something is always observed in it; "
    "one day a batch comes without any label.",
    caught_by="test_empty_mask",
    conceptual=True,
)
def never_an_empty_mask(candidate):
    all_but(empty_right, candidate)


@misconception(
    "Candidates with a missing gradient, and with a NaN gradient, pass your test: it never looks at one. A value can "
    "be right while its gradient is NaN, and training uses the gradient.",
    caught_by="test_gradients",
    conceptual=True,
)
def no_gradient(candidate):
    all_but(gradient_right, candidate)


@misconception(
    "A candidate whose gradient is NaN beside a NaN value passes your test, one without a gradient does not. Often "
    "the test asks whether there is a gradient, not whether it is right, or looks at it only where nothing is NaN.",
    caught_by="test_gradients",
    conceptual=True,
)
def gradient_exists_only(candidate):
    all_but(gradient_right, candidate)
    assert candidate(torch.tensor([1.0, math.nan, 6.0, math.nan], requires_grad=True), MASK).requires_grad


@misconception(
    "A candidate that overwrites its input passes your test. Often the input is never looked at after the call.",
    caught_by="test_in_place",
)
def input_after_the_call_ignored(candidate):
    all_but(untouched_right, candidate)
