"""expected_revenue(ctr_logit (N,), cvr_logit (N,), price (N,)) -> (N,): the expected value of each impression."""

import math

import numpy as np

from autograder.testing import (
    INPUTS_LEFT,
    agree,
    assert_all_unchanged,
    assert_close,
    assert_true,
    believes,
    depends,
    points,
    probe,
    to_array,
)

NAMES = ("ctr_logit", "cvr_logit", "price")


def sigmoid(logit):
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def right(ctr_logit, cvr_logit, price):
    """One impression at a time, in plain Python."""
    rows = zip(ctr_logit.tolist(), cvr_logit.tolist(), price.tolist())
    return np.array([sigmoid(click) * sigmoid(conversion) * value for click, conversion, value in rows])


HIGHEST = 90.0


def highest_price(ctr_logit, cvr_logit, price):
    """What the tolerance is a fraction of: so a tiny probability may be 0, also where all of a batch are tiny."""
    return float(price.max())


def draw(rng, size, dtype=np.float64):
    """Logits that no clipping far out would touch."""
    ctr_logit = np.clip(rng.normal(-2.0, 1.5, size), -4.5, 4.5)
    cvr_logit = np.clip(rng.normal(-1.0, 1.5, size), -4.5, 4.5)
    return tuple(part.astype(dtype) for part in (ctr_logit, cvr_logit, rng.uniform(0.0, HIGHEST, size)))


@points(2)
def test_value(student, rng):
    """Each impression is worth P(click) times P(conversion given click) times its price."""
    by_hand = [
        (np.array([0.0]), np.array([0.0]), np.array([8.0])),
        (np.array([0.0, math.log(3.0)]), np.array([0.0, -math.log(4.0)]), np.array([8.0, 20.0])),
        (np.array([0.0, 0.0]), np.array([0.0, 0.0]), np.array([0.5, 0.0])),
        *((np.zeros(2), np.zeros(2), unit * np.array([8.0, 20.0])) for unit in (1e5, 1e-5)),
    ]
    agree(student, by_hand + [draw(rng, size) for size in (1, 3, 50)], right, NAMES, floor=highest_price)
    # 1 + tanh keeps four digits of a small probability in float32, and is a fair way to write a sigmoid.
    agree(student, [draw(rng, 3, np.float32)], right, NAMES, floor=highest_price)


@points(0.5)
def test_row_by_row(student, rng):
    """The value of an impression depends on its own logits and price, and not on the other impressions."""
    whole = rng.normal(-2.0, 1.5, 4), rng.normal(-1.0, 1.5, 4), rng.uniform(5.0, 90.0, 4)
    half = tuple(part[:2] for part in whole)
    moved = [tuple(part + 0.5 * (i == own) for i, part in enumerate(half)) for own in range(3)]
    asked = [whole, half, *moved]
    worth, alone, *others = [to_array(got, "the value") for got in student.each(asked)]
    for got, case in ((worth, whole), (alone, half)):
        shape = case[0].shape
        summary = f"The worth has shape {got.shape}; expected {shape}."
        assert_true(got.shape == shape, summary, dict(zip(NAMES, case)), right(*case), got)
    inputs = dict(zip(NAMES, half))
    summary = "The first two impressions are worth something else when two more stand behind them."
    assert_close(alone, worth[:2], inputs, atol=1e-7 * float(half[2].max()), summary=summary)
    for name, case, got in zip(NAMES, moved, others):
        same = got.shape != alone.shape or bool((got == alone).any())
        summary = f"The worth of an impression stays the same when its `{name}` changes."
        assert_true(not same, summary, dict(zip(NAMES, case)), right(*case), got)


@points(1)
@depends("test_value")
def test_extreme_logits(student, rng):
    """Logits of 60 or 1000, of either sign, give a finite number that is right, measured by the highest price."""
    cases = [(np.array([-60.0, 60.0]), np.array([60.0, 60.0]), np.array([8.0, 8.0]))]
    for size in (60.0, 1000.0):
        for dtype in (np.float64, np.float32):
            ctr_logit = np.array([size, size, -size, -size, size, -size], dtype=dtype)
            cvr_logit = np.array([size, -size, size, -size, 0.0, 0.0], dtype=dtype)
            cases.append((ctr_logit, cvr_logit, np.full(6, rng.uniform(1.0, 9.0)).astype(dtype)))
    agree(student, cases, right, NAMES, floor=highest_price)


@points(0.5)
@depends("test_row_by_row")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [draw(rng, size) for size in (1, 5)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(np.array([0.0]), np.array([0.0]), np.array([8.0]))
    yield probe(np.array([0.0, 0.0]), np.array([0.0, 0.0]), np.array([0.5, 0.0]))
    for size in (1, 4, 7):
        args = rng.normal(-0.5, 1.5, size), rng.normal(0.3, 1.5, size), rng.uniform(1.0, 9.0, size)
        yield probe(*args, after=True)
    yield probe(np.array([1000.0, -1000.0]), np.array([1000.0, 2.0]), np.array([3.0, 5.0]))
    yield probe(np.array([60.0, -60.0]), np.array([60.0, 2.0]), np.array([3.0, 5.0]))
    yield probe(np.array([-30.0]), np.array([30.0]), np.array([8.0]))
    yield probe(np.array([-12.0]), np.array([0.0]), np.array([8.0]))
