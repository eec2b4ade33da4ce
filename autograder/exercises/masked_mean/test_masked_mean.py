"""masked_mean(values (N,) tensor, mask (N,) bool) -> scalar tensor: the mean over the observed entries."""

import numpy as np

from autograder.exercises.masked_mean import scenarios
from autograder.testing import (
    INPUTS_LEFT,
    agree,
    assert_all_unchanged,
    assert_true,
    believes,
    depends,
    points,
    probe,
    several,
    tensor,
)

NAMES = ("values", "mask")
NAN, INF = np.nan, np.inf


def right(values, mask):
    """The mean of the observed entries; 0 where nothing is observed."""
    count = max(int(mask.sum()), 1)
    return values[mask].sum(dtype=values.dtype) / values.dtype.type(count)


def slope(values, mask):
    """The gradient of the mean; 0 where nothing is observed."""
    return mask.astype(values.dtype) / max(int(mask.sum()), 1)


def cases(rng, hidden=None):
    """Small cases first: a failure then shows the smallest input on which the answer is wrong.

    ``hidden`` replaces the entries that are not observed.
    """
    asked = [
        ([2.0, 5.0], [True, False]),
        ([1.0, 2.0, 6.0], [False, True, True]),
        ([0.0, 4.0, 9.0], [True, True, False]),
    ]
    for dtype in (np.float64, np.float32):
        mask = rng.random(12) < 0.4
        mask[rng.choice(12, 2, replace=False)] = True, False
        asked.append((rng.normal(3.0, 2.0, 12).astype(dtype), mask))
    for values, mask in asked:
        values, mask = np.array(values), np.array(mask)
        yield values if hidden is None else np.where(mask, values, values.dtype.type(hidden)), mask


def of_any_size():
    """Observed values that are large, tiny, of both signs, or the same several times."""
    for values in ([2e6, -5e6, 3e6, 7.0], [2e-6, -5e-6, 6e-6, 7.0], [3.0, 3.0, 9.0, 7.0]):
        yield np.array(values), np.array([True, True, True, False])


def empty(rng):
    """Batches in which nothing is observed."""
    for values in ([4.0], [NAN, 1.0], [INF], rng.normal(size=5), rng.normal(size=5).astype(np.float32)):
        yield np.array(values), np.zeros(len(values), bool)


def assert_means(student, *asked, **tolerance):
    agree(student, asked, right, NAMES, send=tensor, **tolerance)


def assert_gradients(student, *asked, lost):
    """``atol=0``: a hidden entry's gradient is exactly 0."""

    def gradient(answer, inputs):
        _, found = several(answer, 2, "the mean with its gradient", inputs)
        assert_true(found is not None, lost, inputs)
        return found

    scenario = scenarios.value_and_gradient
    agree(student, asked, slope, NAMES, send=tensor, scenario=scenario, read=gradient, what="the gradient", atol=0)


@points(2)
def test_value(student, rng):
    """The mean is over the observed entries, divided by how many there are."""
    assert_means(student, *cases(rng), *of_any_size())


@points(1)
def test_stale_numbers(student, rng):
    """An unobserved entry may hold any number, however large; it never changes the result."""
    assert_means(student, *cases(rng, 1e4), *cases(rng, -1e30))


@points(1)
def test_missing_values(student, rng):
    """Unobserved entries may be NaN or infinite; the value stays finite and right."""
    assert_means(student, *cases(rng, NAN), *cases(rng, INF), *cases(rng, -INF))


@points(1)
@depends("test_value")
def test_empty_mask(student, rng):
    """With nothing observed the mean is exactly 0."""
    assert_means(student, *empty(rng), atol=0)


@points(2)
@depends("test_value")
def test_gradient(student, rng):
    """The gradient is 1/n for observed entries and exactly 0 elsewhere, also beside NaN and infinity."""
    lost = "The result carries no gradient back to `values`: stay in torch."
    assert_gradients(student, *cases(rng, NAN), *cases(rng), *cases(rng, INF), lost=lost)


@points(1)
@depends("test_empty_mask")
def test_empty_mask_gradient(student, rng):
    """With nothing observed `.backward()` works and gives zeros."""
    lost = "With nothing observed the result no longer carries a gradient."
    assert_gradients(student, *empty(rng), lost=lost)


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, (tuple(map(tensor, case)) for case in cases(rng, NAN)), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    values, mask = np.array([1.0, 2.0, 6.0, -3.0, 0.0]), np.array([True, False, True, False, True])
    nothing = np.zeros(5, bool)
    yield probe(tensor([2.0, 5.0]), tensor([True, False]), after=True)
    yield probe(tensor([2.0, NAN]), tensor([True, False]), after=True)
    yield probe(tensor([1.0, 5.0]), tensor([True, False]), scenario=scenarios.shortfall)
    asked = [(values, mask), (values, nothing), (values, ~nothing)]
    asked += [(np.where(mask, values, hidden), seen) for hidden in (NAN, INF) for seen in (mask, nothing)]
    asked += [(rng.normal(size=9), np.arange(9) % 3 == 0)]
    for case in asked:
        yield probe(*map(tensor, case), scenario=scenarios.value_and_gradient)
