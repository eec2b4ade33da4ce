"""j_at_002 and j_at_010, plain variables: 0.42 + lam * 12 = 0.66 and 1.62."""

from autograder.testing import assert_close, points, probe, several

RIGHT = {0.02: 0.66, 0.10: 1.62}


def assert_objective(student, index, lam, name):
    given = {"cross-entropy": 0.42, "latency in ms": 62, "budget in ms": 50, "lambda": lam}
    assert_close(several(student(), 2)[index], RIGHT[lam], given, rtol=0, atol=1e-6, what=f"`{name}`")


@points(1)
def test_j_at_002(student, rng):
    """`j_at_002` is the objective for a multiplier of 0.02 a millisecond."""
    assert_objective(student, 0, 0.02, "j_at_002")


@points(1)
def test_j_at_010(student, rng):
    """`j_at_010` is the objective for a multiplier of 0.10 a millisecond."""
    assert_objective(student, 1, 0.10, "j_at_010")


def probes(rng):
    """There is nothing to vary: the variables are what they are."""
    yield probe()
