"""j_at_002 and j_at_010, plain variables: the cross-entropy plus λ for each millisecond over the budget."""

from autograder.exercises.by_hand import assert_worked_out
from autograder.exercises.source_exercise_2.scenarios import first, second
from autograder.testing import points, probe


def assert_objective(got, lam, name, ce, latency, budget):
    given = {"cross-entropy": ce, "latency in ms": latency, "budget in ms": budget, "λ": lam}
    assert_worked_out(got, ce + lam * max(0.0, latency - budget), given, name)


@points(1)
def test_j_at_002(student, rng, ce, latency, budget):
    """`j_at_002` is the objective for a multiplier of 0.02 per millisecond."""
    assert_objective(student.run(first), 0.02, "j_at_002", ce, latency, budget)


@points(1)
def test_j_at_010(student, rng, ce, latency, budget):
    """`j_at_010` is the objective for a multiplier of 0.10 per millisecond."""
    assert_objective(student.run(second), 0.10, "j_at_010", ce, latency, budget)


def probes(rng):
    """There is nothing to vary: the variables are what they are."""
    yield probe()
