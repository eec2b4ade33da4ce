"""exact_penalty_lambda(ce (M,), latency (M,), budget) -> float.

The smallest lam >= 0 for which a feasible model (latency <= budget) minimises ce + lam * max(0, latency - budget),
ties included; inf if no model is feasible.
"""

import numpy as np

from autograder.testing import (
    INPUTS_LEFT,
    agree,
    assert_true,
    assert_unchanged,
    believes,
    depends,
    points,
    probe,
    to_array,
)

NAMES = ("ce", "latency", "budget")


def right(ce, latency, budget):
    """Worked out as the crossing point of each infeasible model's line with the best feasible level."""
    models = list(zip(ce.astype(float).tolist(), latency.astype(float).tolist()))
    level = min((loss for loss, ms in models if ms <= budget), default=None)
    if level is None:
        return np.inf
    return max([0.0, *((level - loss) / (ms - budget) for loss, ms in models if ms > budget)])


def models(ce, latency, budget=50.0, dtype=np.float64):
    return np.array(ce, dtype), np.array(latency, dtype), float(budget)


def random_models(rng, n=8, dtype=np.float64):
    """Infeasible models mostly have the lower loss, so that the answer is positive; no two are alike."""
    budget = float(np.round(rng.uniform(40, 60)))
    n_feasible = int(rng.integers(2, n - 3))
    ce = np.concatenate([rng.uniform(0.5, 0.9, n_feasible), rng.uniform(0.1, 0.6, n - n_feasible)])
    latency = np.concatenate(
        [budget - rng.uniform(1, 30, n_feasible), budget + rng.permutation(np.linspace(2, 40, n - n_feasible))]
    )
    order = rng.permutation(n)
    return models(ce[order], latency[order], budget, dtype)


def in_other_units(case, unit):
    """The same choice with the latencies in another unit: lambda has one over that unit."""
    ce, latency, budget = case
    return ce, latency * unit, budget * unit


TWO = models([0.5, 0.4], [40.0, 60.0])  # the second saves 0.1 and is 10 over
# Whoever raises lambda until the winner of the moment just ties meets them one by one, the last one first.
ONE_BY_ONE = models([0.9, 0.8, 0.72, 0.6, 0.45, 0.3], [50.0, 51.0, 52.0, 54.0, 58.0, 66.0])


def verify(student, *cases):
    agree(student, cases, right, NAMES, what="lambda")


def assert_finite_and_positive_on_two(student):
    """What is 0 or infinite for a reason must not be so always."""
    got = student(*TWO)
    value = to_array(got, "lambda")
    inputs = dict(zip(NAMES, TWO))
    assert_true(
        value.all() and np.isfinite(value).all(), "Lambda should be positive and finite here.", inputs, right(*TWO), got
    )


@points(3)
def test_value(student, rng):
    """It is the smallest lambda with which a feasible model has the lowest penalised loss, alone or in a tie."""
    verify(
        student,
        TWO,
        models([0.5, 0.45, 0.1], [48.0, 52.0, 60.0]),
        models([0.5, 0.2, 0.4], [48.0, 52.0, 60.0]),
        models([0.7, 0.5, 0.4, 0.3], [30.0, 45.0, 52.0, 90.0]),
        models([0.5, 0.6, 0.4, 0.1], [45.0, 30.0, 54.0, 66.0]),
        *(random_models(rng, 9, dtype) for dtype in (np.float64, np.float32) for _ in range(3)),
        random_models(rng, 30),
        ONE_BY_ONE,
        *((unit * ONE_BY_ONE[0] - shift, *ONE_BY_ONE[1:]) for unit, shift in ((1.0, 2.0), (1e4, 0.0), (1e-4, 0.0))),
        *(in_other_units(random_models(rng, 9), unit) for unit in (1e-9, 1e9)),
    )


@points(1)
def test_at_the_budget(student, rng):
    """A model exactly at the budget, a number that float32 and float64 both hold, is feasible."""
    verify(
        student,
        models([0.5, 0.2], [50.0, 70.0]),
        models([0.5, 0.4, 0.2], [40.0, 50.0, 70.0]),
        models([0.5, 0.6, 0.2], [40.0, 50.0, 70.0]),
        models([0.5, 0.25], [0.3, 0.5], 0.3),
        *(models([0.5, 0.2], [50.5, 70.25], 50.5, dtype) for dtype in (np.float64, np.float32)),
    )


@points(1)
def test_free(student, rng):
    """It is 0 where a feasible model has the lowest loss anyway, alone or in a tie, and only there."""
    verify(student, models([0.3, 0.5], [40.0, 60.0]), models([0.3, 0.9, 0.3], [40.0, 60.0, 70.0]))
    assert_finite_and_positive_on_two(student)


@points(1)
def test_nothing_infeasible(student, rng):
    """It is 0 where every model keeps the budget, and only there or where the best model keeps it."""
    several = models(rng.uniform(0.1, 1.0, 4), rng.uniform(10, 49, 4))
    verify(student, models([0.3], [40.0]), several)
    assert_finite_and_positive_on_two(student)


@points(2)
def test_nothing_feasible(student, rng):
    """It is infinite where no model keeps the budget, and only there."""
    several = models(rng.uniform(0.1, 1.0, 4), rng.uniform(51, 90, 4))
    verify(student, models([0.3], [60.0]), several)
    assert_finite_and_positive_on_two(student)


@points(1)
@depends("test_nothing_feasible")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_unchanged(student, *random_models(rng), names=NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*models([0.3, 0.6, 0.4, 0.5], [90.0, 30.0, 52.0, 45.0]), after=True)
    yield probe(*models([0.5, 0.45, 0.1], [48.0, 52.0, 60.0]))
    yield probe(*models([0.5, 0.6, 0.4, 0.1], [45.0, 30.0, 54.0, 66.0]))
    yield probe(*models([0.5, 0.4, 0.2], [40.0, 50.0, 70.0]))
    yield probe(*models([0.3, 0.5], [40.0, 60.0]))
    yield probe(*models([0.3, 0.4], [40.0, 45.0]))
    yield probe(*models([0.3, 0.4], [60.0, 75.0]))
    for unit in (1.0, 1e-9, 1e9):
        yield probe(*in_other_units(random_models(rng, 10), unit))
    for _ in range(2):
        yield probe(*random_models(rng, 10))
