"""masked_mean(values (N,) tensor, mask (N,) bool) -> scalar tensor: the mean over the observed entries."""

import numpy as np

from autograder.exercises.masked_mean import scenarios
from autograder.testing import (
    INPUTS_LEFT,
    assert_all_unchanged,
    assert_close,
    assert_true,
    believes,
    depends,
    points,
    probe,
    several,
    tensor,
)

NAMES = ("values", "mask")


def right(values, mask):
    """The mean of the observed entries and its gradient; 0 and 0 where nothing is observed."""
    count = max(int(mask.sum()), 1)
    mean = values[mask].sum(dtype=values.dtype) / values.dtype.type(count)
    return mean, mask.astype(values.dtype) / count


def cases(rng, missing=False):
    """Small cases first: a failure then shows the smallest input on which the answer is wrong."""
    yield np.array([2.0, 5.0]), np.array([True, False])
    yield np.array([1.0, 2.0, 6.0]), np.array([False, True, True])
    for dtype in (np.float64, np.float32):
        values = rng.normal(3.0, 2.0, 12).astype(dtype)
        mask = rng.random(12) < 0.4
        mask[rng.choice(12, 2, replace=False)] = True, False
        if missing:
            values[~mask] = np.nan
        yield values, mask


def sent(case):
    return [tensor(part) for part in case]


def assert_means(student, pairs, **tolerance):
    for (values, mask), mean in zip(pairs, student.each(map(sent, pairs))):
        assert_close(mean, right(values, mask)[0], {"values": values, "mask": mask}, **tolerance)


def assert_gradients(student, pairs, lost, **tolerance):
    answers = student.each(map(sent, pairs), scenario=scenarios.value_and_gradient)
    for (values, mask), answer in zip(pairs, answers):
        inputs = {"values": values, "mask": mask}
        _, gradient = several(answer, 2, "the mean with its gradient", inputs)
        assert_true(gradient is not None, lost, inputs)
        assert_close(gradient, right(values, mask)[1], inputs, what="the gradient", **tolerance)


@points(2)
def test_value(student, rng):
    """The mean is over the observed entries, divided by how many there are."""
    assert_means(student, list(cases(rng)))


@points(1)
def test_stale_numbers(student, rng):
    """An unobserved entry may hold any number; it never changes the result."""
    stale = [(np.where(mask, values, values.dtype.type(1e4)), mask) for values, mask in cases(rng)]
    assert_means(student, stale)


@points(1)
def test_missing_values(student, rng):
    """Unobserved entries may be NaN; the value stays finite and right."""
    first = np.array([2.0, np.nan]), np.array([True, False])
    assert_means(student, [first, *cases(rng, missing=True)])


@points(1)
def test_empty_mask(student, rng):
    """With nothing observed the mean is exactly 0."""
    several = (np.array([4.0]), np.array([np.nan, 1.0]), rng.normal(size=5).astype(np.float32))
    assert_means(student, [(values, np.zeros(len(values), bool)) for values in several], atol=0)


@points(2)
@depends("test_value")
def test_gradient(student, rng):
    """The gradient is 1/n for observed entries and exactly 0 elsewhere, also beside NaN."""
    first = np.array([2.0, np.nan]), np.array([True, False])
    lost = "The result carries no gradient back to `values`: stay in torch."
    assert_gradients(student, [first, *cases(rng), *cases(rng, missing=True)], lost)


@points(1)
@depends("test_empty_mask")
def test_empty_mask_gradient(student, rng):
    """With nothing observed `.backward()` works and gives zeros."""
    several = (np.array([4.0]), np.array([np.nan, 1.0]), rng.normal(size=5))
    lost = "With nothing observed the result no longer carries a gradient."
    assert_gradients(student, [(values, np.zeros(len(values), bool)) for values in several], lost, atol=0)


@points(1)
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [(tensor(values), tensor(mask)) for values, mask in cases(rng, missing=True)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    values, mask = np.array([1.0, 2.0, 6.0, -3.0]), np.array([True, False, True, False])
    holes = np.where(mask, values, np.nan)
    nothing = np.zeros(4, bool)
    yield probe(tensor(np.array([2.0, 5.0])), tensor(np.array([True, False])), after=True)
    for one, observed in ((values, mask), (holes, mask), (values, nothing), (holes, nothing), (values, ~nothing)):
        yield probe(tensor(one), tensor(observed), scenario=scenarios.value_and_gradient)
    many = rng.normal(size=9)
    yield probe(tensor(many), tensor(np.arange(9) % 3 == 0), scenario=scenarios.value_and_gradient)
