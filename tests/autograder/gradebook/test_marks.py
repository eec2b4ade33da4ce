"""The marks that leave the gradebook: what counts is the score less the penalty, and an open mark is no zero."""

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook import marks as marks_room
from autograder.gradebook.feedback.entered import entries_of
from autograder.gradebook.given import note_given
from autograder.gradebook.marks import marks
from autograder.grading.course import Course
from tests.autograder.conftest import NAME, hand_in

CHECK = "check-masked_mean"


DUE = "2026-01-10 12:00:00"
POLICY = """
from nbgrader.plugins import BasePlugin

class ByTheHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2.5 * total_seconds_late / 3600

c.AssignLatePenalties.plugin_class = ByTheHour
"""


def enter(course, student, auto, hours=0, written=None, review=False):
    """Enter one submission as grading leaves it: a score of the check, a mark of the written answer, hours late."""
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_assignment(NAME, duedate=DUE)
        (notebook,) = gradebook.add_submission(NAME, student, timestamp=f"2026-01-10 {12 + hours}:00:00 UTC").notebooks
        for one in notebook.grades:
            if one.cell.name == CHECK:
                one.auto_score, one.needs_manual_grade = auto, review
            else:
                one.manual_score, one.needs_manual_grade = written, False
        gradebook.db.commit()


@pytest.fixture
def marked(course):
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(POLICY)
    enter(course, "eve", 3.0, hours=2)
    enter(course, "bob", 9.0, hours=1, written=1.5)
    enter(course, "ada", 9.0, written=4.0)
    enter(course, "dan", None, review=True)
    return course


def by_student(course, column):
    return {row["student"]: row[column] for row in marks(course)}


def test_what_counts_is_the_score_less_the_penalty(marked):
    assert by_student(marked, "raw_score") == {"ada": 13.0, "bob": 10.5, "dan": 0.0, "eve": 3.0}
    assert by_student(marked, "late_penalty") == {"ada": 0.0, "bob": 2.5, "dan": 0.0, "eve": 3.0}
    assert by_student(marked, "score") == {"ada": 13.0, "bob": 8.0, "dan": None, "eve": 0.0}


def test_a_penalty_never_leads_below_zero(marked):
    assert by_student(marked, "score")["eve"] == 0.0  # 3 points and two hours late, at 2.5 an hour


def test_a_row_says_of_how_many_points_and_whether_a_person_must_look(marked):
    assert set(by_student(marked, "max_score").values()) == {13.0}
    assert set(by_student(marked, "assignment").values()) == {NAME}
    graded = marks_room.GRADED
    assert by_student(marked, "status") == {"ada": graded, "bob": graded, "dan": "needs marking", "eve": graded}


def test_rows_are_in_order_of_assignment_then_student(marked):
    with Gradebook(marked.database) as gradebook:
        gradebook.add_assignment("a_first_one")
        gradebook.add_notebook("a_first_one", "a_first_one")
        gradebook.add_grade_cell("it", "a_first_one", "a_first_one", max_score=1, cell_type="code")
        gradebook.add_submission("a_first_one", "eve")
    assert [(row["assignment"], row["student"]) for row in marks(marked)] == [
        *(("a_first_one", student) for student in ("ada", "bob", "dan", "eve")),
        *((NAME, student) for student in ("ada", "bob", "dan", "eve")),
    ]


@pytest.fixture
def with_a_roster(marked):
    marked.roster_path.write_text("id,first_name\nada,Ada\nzoe,Zoe\nyan,Yan\n")
    return Course.open(marked.root)


def test_everybody_on_the_roster_has_a_row_and_who_handed_in_nothing_no_zero(with_a_roster, released):
    hand_in(with_a_roster, "yan", released)
    rows = {row["student"]: (row["score"], row["raw_score"], row["status"]) for row in marks(with_a_roster)}
    assert rows["zoe"] == (None, None, "not handed in")
    assert rows["yan"] == (None, None, "not graded yet")
    assert rows["ada"] == (13.0, 13.0, "graded")
    assert set(rows) == {"ada", "zoe", "yan", "bob", "dan", "eve"}  # what was marked once is not lost


def test_only_some_students_and_assignments(with_a_roster):
    assert [row["student"] for row in marks(with_a_roster, ["zoe", "ada"], [NAME])] == ["ada", "zoe"]
    assert marks(with_a_roster, assignments=["another"]) == []


def test_an_extension_and_another_due_date_count_at_once(marked):
    with Gradebook(marked.database) as gradebook:
        gradebook.grant_extension(NAME, "bob", hours=1)
    assert by_student(marked, "late_penalty")["bob"] == 0.0
    with Gradebook(marked.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-11 12:00:00")
    assert set(by_student(marked, "late_penalty").values()) == {0.0}


def test_a_mark_that_was_told_stays_until_somebody_says_yes(marked):
    with Gradebook(marked.database) as gradebook:
        gradebook.find_submission_notebook(NAME, NAME, "bob").late_submission_penalty = 2.5
        gradebook.db.commit()
    note_given(marked, marks(marked))
    with Gradebook(marked.database) as gradebook:
        gradebook.grant_extension(NAME, "bob", hours=1)
    assert by_student(marked, "score")["bob"] == 8.0
    assert entries_of(marked)["bob", NAME].penalty == 2.5
    note_given(marked, [{"student": "bob", "assignment": NAME, "score": 7.0}])  # another than what is entered
    assert by_student(marked, "score")["bob"] == 10.5
    assert entries_of(marked)["bob", NAME].penalty == 0.0


def test_a_mark_has_no_noise_in_its_last_digits(marked):
    enter(marked, "cleo", 0.1, written=0.2)
    assert by_student(marked, "score")["cleo"] == 0.3


def test_a_due_date_that_is_not_set_makes_nobody_late(marked):
    with Gradebook(marked.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=None)
        gradebook.grant_extension(NAME, "bob", hours=1)
    assert set(by_student(marked, "late_penalty").values()) == {0.0}


def test_an_empty_gradebook_has_no_marks(course):
    assert marks(course) == []
