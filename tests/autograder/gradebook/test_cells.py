"""What a cell is worth, whatever its points are, and what needs a person."""

import pytest

from autograder.gradebook.cells import score_of
from autograder.results import Verdict
from tests.autograder.by_hand import checked, result


def of(points, most=9.0):
    return result(checked(Verdict.FAILED, most=most, points=points, summary="It is not."))


@pytest.mark.parametrize(
    ("points", "of_cell", "score"),
    [
        (4.5, 9.0, 4.5),
        (4.5, 18.0, 9.0),  # points were changed in source/: the share stays
        (9.0, 3.0, 3.0),
        (9.5, 9.0, 9.0),  # never more than the cell has
        (-1.0, 9.0, 0.0),  # nor less than nothing
        (4.5, 0.0, 0.0),
    ],
)
def test_a_score_keeps_its_share_of_the_cells_points(points, of_cell, score):
    assert score_of(of(points), of_cell) == score


def test_checks_without_points_are_worth_nothing():
    assert score_of(of(0.0, most=0.0), 9.0) == 0.0
