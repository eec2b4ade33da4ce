"""The marks of single cells: what a person gave wins, and what waits is nothing yet."""

from nbgrader.api import Gradebook

from autograder.gradebook.by_exercise import cell_marks
from tests.autograder.conftest import NAME


def enter(course, student, **scores):
    """A submission whose cells have an automatic score, a person's, extra credit, and whether it waits."""
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_student(student)
        (notebook,) = gradebook.add_submission(NAME, student).notebooks
        for grade in notebook.grades:
            cell = grade.cell.name.removeprefix("check-").replace("-", "_")
            grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade = scores[cell]
        gradebook.db.commit()


def test_a_persons_score_wins_extra_credit_counts_and_what_waits_is_nothing(course):
    enter(course, "ada", masked_mean=(9.0, None, 0.5, False), why_masking=(None, None, None, True))
    enter(course, "bo", masked_mean=(9.0, 3.0, None, False), why_masking=(None, 4.0, None, False))
    assert cell_marks(course) == {
        ("ada", NAME): {"masked_mean": 9.5, "why-masking": None},
        ("bo", NAME): {"masked_mean": 3.0, "why-masking": 4.0},
    }
    assert cell_marks(course, [NAME]) == cell_marks(course)
    assert cell_marks(course, ["ps99"]) == {}
