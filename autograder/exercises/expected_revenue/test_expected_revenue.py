"""expected_revenue(ctr_logit (N,), cvr_logit (N,), price (N,)) -> (N,): the expected value of each impression."""

import math

import numpy as np

from autograder.testing import INPUTS_LEFT, assert_all_unchanged, assert_close, believes, depends, points, probe

NAMES = ("ctr_logit", "cvr_logit", "price")


def sigmoid(logit):
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def right(ctr_logit, cvr_logit, price):
    """One impression at a time, in plain Python."""
    rows = zip(ctr_logit.tolist(), cvr_logit.tolist(), price.tolist())
    return np.array([sigmoid(click) * sigmoid(conversion) * value for click, conversion, value in rows])


def cases(rng):
    """Small cases first: both logits 0 and a price of 8 make 0.5 * 0.5 * 8 = 2."""
    yield np.array([0.0]), np.array([0.0]), np.array([8.0])
    yield np.array([0.0, math.log(3.0)]), np.array([0.0, -math.log(4.0)]), np.array([8.0, 20.0])
    for size, dtype in ((1, np.float64), (3, np.float64), (3, np.float32), (50, np.float64)):
        ctr_logit = rng.normal(-2.0, 1.5, size).astype(dtype)
        cvr_logit = rng.normal(-1.0, 1.5, size).astype(dtype)
        yield ctr_logit, cvr_logit, rng.uniform(0.0, 90.0, size).astype(dtype)


def verify(student, *asked):
    verify_against(student, [right(*case) for case in asked], asked)


def verify_against(student, expected, asked):
    for case, want, got in zip(asked, expected, student.each(asked)):
        # 1 + tanh keeps four digits of a small probability in float32, and is a fair way to write a sigmoid.
        rough = {"rtol": 1e-4, "atol": 1e-4 * float(case[2].max())} if case[0].dtype == np.float32 else {}
        assert_close(got, want, dict(zip(NAMES, case)), **rough)


@points(4)
def test_value(student, rng):
    """Each impression is worth P(click) times P(conversion given click) times its price."""
    verify(student, *cases(rng))


@points(1)
@depends("test_value")
def test_row_by_row(student, rng):
    """The worth of an impression does not depend on the other impressions."""
    expected, asked = [], []
    for case in cases(rng):
        half = (len(case[0]) + 1) // 2
        expected.append(right(*case)[:half])
        asked.append([part[:half] for part in case])
    verify_against(student, expected, asked)


@points(2)
@depends("test_value")
def test_extreme_logits(student, rng):
    """Logits of 60 or 1000, of either sign, give a finite and right number."""
    asked = []
    for size in (60.0, 1000.0):
        for dtype in (np.float64, np.float32):
            ctr_logit = np.array([size, size, -size, -size, size], dtype=dtype)
            cvr_logit = np.array([size, -size, size, -size, 0.0], dtype=dtype)
            asked.append((ctr_logit, cvr_logit, rng.uniform(1.0, 9.0, 5).astype(dtype)))
    verify(student, *asked)


@points(1)
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, cases(rng), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(np.array([0.0]), np.array([0.0]), np.array([8.0]))
    for size in (1, 4, 7):
        args = rng.normal(-0.5, 1.5, size), rng.normal(0.3, 1.5, size), rng.uniform(1.0, 9.0, size)
        yield probe(*args, after=True)
    yield probe(np.array([1000.0, -1000.0]), np.array([1000.0, 2.0]), np.array([3.0, 5.0]))
    yield probe(np.array([60.0, -60.0]), np.array([60.0, 2.0]), np.array([3.0, 5.0]))
