"""total_loss, a plain variable: w_click * click + w_cvr * cvr, of the numbers in the statement."""

from autograder.exercises.by_hand import assert_worked_out
from autograder.testing import points, probe


@points(2)
def test_total_loss(student, rng, click, cvr, percent, w_click, w_cvr):
    """`total_loss` is the weighted sum of the two observed averages."""
    given = {"averages": (click, cvr), "weights": (w_click, w_cvr), "rows with a conversion label": f"{percent:g} %"}
    assert_worked_out(student(), w_click * click + w_cvr * cvr, given, "total_loss")


def probes(rng):
    """There is nothing to vary: the variable is what it is."""
    yield probe()
