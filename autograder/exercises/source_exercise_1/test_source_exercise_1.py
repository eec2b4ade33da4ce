"""total_loss, a plain variable: 1.0 * 0.35 + 2.0 * 0.85 = 2.05."""

from autograder.testing import assert_close, points, probe

TOTAL = 1.0 * 0.35 + 2.0 * 0.85


@points(2)
def test_total_loss(student, rng):
    """`total_loss` is the weighted sum of the two observed averages."""
    given = {"averages": (0.35, 0.85), "weights": (1.0, 2.0), "coverage": 0.4}
    assert_close(student(), TOTAL, given, rtol=0, atol=1e-6, what="`total_loss`")


def probes(rng):
    """There is nothing to vary: the variable is what it is."""
    yield probe()
