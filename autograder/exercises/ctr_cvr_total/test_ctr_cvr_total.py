"""ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr) -> float; Python floats in."""

from autograder.exercises.by_hand import assert_worked_out
from autograder.testing import agree, points, probe

NAMES = ("bce_click", "bce_cvr_observed", "coverage", "w_click", "w_cvr")
SOURCE = (0.35, 0.85, 0.4, 1.0, 2.0)


def right(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click + w_cvr * bce_cvr_observed


def random_case(rng):
    return tuple(float(one) for one in (*rng.uniform(0.1, 3.0, 2), rng.uniform(0.05, 0.95), *rng.uniform(0.1, 5.0, 2)))


def assert_totals(student, *cases):
    agree(student, cases, right, NAMES, what="the total")


@points(1)
def test_source_example(student, rng):
    """For the numbers of exercise 1 the total is the one that is worked out there."""
    assert_worked_out(student(*SOURCE), right(*SOURCE), dict(zip(NAMES, SOURCE)), "ctr_cvr_total")


@points(1)
def test_other_numbers(student, rng):
    """The total is the sum of weight times average loss, whatever the numbers."""
    units = ((unit * 0.5, unit * 0.75, 0.4, 1.0 / weight, 2.0 / weight) for unit, weight in ((1e4, 1e6), (1e-4, 1e-6)))
    assert_totals(student, *(random_case(rng) for _ in range(5)), *units)


@points(0.5)
def test_coverage(student, rng):
    """The coverage does not change the total: the average was taken over the observed labels."""
    assert_totals(student, *((0.5, 0.75, coverage, 1.0, 2.0) for coverage in (1.0, 0.5, 0.05, 0.001)))


@points(0.5)
def test_weight_of_zero(student, rng):
    """A weight of 0 takes its task out of the total."""
    click, cvr, coverage, *_ = random_case(rng)
    assert_totals(student, (click, cvr, coverage, 0.0, 1.0), (click, cvr, coverage, 1.0, 0.0))


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*SOURCE)
    yield probe(0.35, 0.85, 1.0, 1.0, 2.0)
    yield probe(0.5, 0.25, 0.5, 0.0, 3.0)
    yield probe(0.5, 0.25, 0.5, 3.0, 0.0)
    for _ in range(3):
        yield probe(*random_case(rng))
