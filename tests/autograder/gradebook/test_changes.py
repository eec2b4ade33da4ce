"""Marks that move: shown before, explained, and never taken back from a student without a yes."""

import copy
import json

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.given import note_given
from autograder.gradebook.marks import marks
from autograder.grading.course import Course, CourseError
from autograder.grading.record import UNGRADABLE
from autograder.results import Verdict
from tests.autograder.by_hand import FULL, checked, graded, record, result
from tests.autograder.conftest import NAME, hand_in, with_answer

pytestmark = pytest.mark.filterwarnings("error::sqlalchemy.exc.SAWarning")  # the instructor would see it
HALF = result(checked(Verdict.FAILED, most=9.0, points=4.5, summary="It is not."))


def moved(done):
    return [(one.student, one.before, one.after, one.why, one.given_back) for one in done]


def scores(course):
    return {row["student"]: row["raw_score"] for row in marks(course)}


@pytest.fixture
def entered(course, released):
    """Ada has half the points, in the gradebook."""
    graded(course, "ada", released, HALF)
    write_gradebook(course)
    return course


def another_attempt(course, released):
    again = copy.deepcopy(released)
    again["cells"][2]["source"] = "changed = True"
    graded(course, "ada", again, FULL)


def test_a_first_mark_is_no_change(course, released):
    graded(course, "ada", released, HALF)
    assert write_gradebook(course).changes == []


def test_a_new_attempt_is_called_so(entered, released):
    another_attempt(entered, released)
    assert moved(write_gradebook(entered).changes) == [("ada", 4.5, 9.0, "new attempt", False)]


def test_other_checks_are_told_from_another_attempt(entered):
    entered.write_record({**record(entered, "ada", FULL), "key": "another"})
    assert moved(write_gradebook(entered).changes) == [("ada", 4.5, 9.0, "checks, limits or versions", False)]


def test_a_mark_that_stays_the_same_is_no_change(entered):
    entered.write_record({**record(entered, "ada", HALF), "key": "another"})
    done = write_gradebook(entered)
    assert (done.written, done.changes) == (1, [])


def test_what_would_change_is_shown_and_nothing_is_written(entered, released):
    another_attempt(entered, released)
    before = entered.gradebook_path.read_bytes()
    for _ in range(2):
        assert moved(write_gradebook(entered, dry=True).changes) == [("ada", 4.5, 9.0, "new attempt", False)]
    assert entered.gradebook_path.read_bytes() == before
    assert scores(entered) == {"ada": 4.5}


def test_a_mark_that_was_given_back_moves_only_with_a_yes(entered, released):
    note_given(entered, marks(entered))
    another_attempt(entered, released)
    graded(entered, "bob", released, FULL)
    done = write_gradebook(entered)
    assert moved(done.held) == [("ada", 4.5, 9.0, "new attempt", True)]
    assert (done.written, done.changes) == (1, [])  # bob's
    assert scores(entered) == {"ada": 4.5, "bob": 9.0}
    done = write_gradebook(entered, yes=True)
    assert moved(done.changes) == [("ada", 4.5, 9.0, "new attempt", True)]
    assert scores(entered) == {"ada": 9.0, "bob": 9.0}


def test_what_was_held_back_leaves_the_notebook_of_formgrader_as_it_was(entered, released):
    note_given(entered, marks(entered))
    path = entered.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    before = path.read_bytes()
    another_attempt(entered, released)
    write_gradebook(entered)
    assert path.read_bytes() == before


def test_an_open_mark_was_not_given_back(course, released):
    graded(course, "ada", with_answer(copy.deepcopy(released), "right"), HALF)
    write_gradebook(course)
    note_given(course, marks(course))
    another_attempt(course, released)
    done = write_gradebook(course)
    assert moved(done.changes) == [("ada", None, 9.0, "new attempt", False)]
    assert done.held == []


def test_a_policy_that_is_set_later_moves_marks_and_says_so(entered):
    (entered.root / "submitted" / "ada" / NAME / "timestamp.txt").write_text("2026-01-10 13:00:00 UTC")
    assert write_gradebook(entered).changes == []
    with (entered.root / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(entered.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-10 12:00:00")
    assert moved(write_gradebook(entered, dry=True).changes) == [
        ("ada", 4.5, 0.0, "due date, extension or policy", False)
    ]
    assert moved(write_gradebook(entered).changes) == [("ada", 4.5, 0.0, "due date, extension or policy", False)]
    assert write_gradebook(entered).changes == []
    with Gradebook(entered.database) as gradebook:
        gradebook.grant_extension(NAME, "ada", hours=2)
    assert moved(write_gradebook(entered).changes) == [("ada", 0.0, 4.5, "due date, extension or policy", False)]


def set_points(course, cell_name, points):
    path = course.root / "source" / NAME / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == cell_name:
            cell["metadata"]["nbgrader"]["points"] = points
    path.write_text(json.dumps(notebook))


def test_points_changed_in_source_keep_every_marks_share(entered):
    set_points(entered, "check-masked_mean", 18)
    course = Course.open(entered.root)
    preview = write_gradebook(course, dry=True)
    done = write_gradebook(course)
    said = f"{NAME}: points changed in source/ (check-masked_mean 9 -> 18); marks keep their share."
    assert said in preview.said
    assert said in done.said
    assert moved(preview.changes) == moved(done.changes) == [("ada", 4.5, 9.0, "points of cells", False)]
    assert {row["max_score"] for row in marks(course)} == {22.0}
    assert write_gradebook(course).said == done.said[:1]  # only that of the empty roster


def test_a_written_answer_that_nobody_gave_is_still_none_when_its_points_change(entered):
    set_points(entered, "why-masking", 8)
    write_gradebook(Course.open(entered.root))
    with Gradebook(entered.database) as gradebook:
        grade = gradebook.find_grade("why-masking", NAME, NAME, "ada")
        assert (grade.auto_score, grade.needs_manual_grade, grade.max_score) == (0.0, False, 8.0)


def test_other_cells_than_were_released_are_refused_with_the_repair(entered):
    path = entered.root / "source" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace("why-masking", "why-not"))
    with pytest.raises(CourseError, match=r"other graded cells than what was released \(why-masking, why-not\)"):
        write_gradebook(Course.open(entered.root))
    assert scores(entered) == {"ada": 4.5}


def test_a_decision_for_nothing_settles_what_waited_and_its_reason_is_told(course):
    hand_in(course, "ada", b"{")
    course.write_record(record(course, "ada", status=UNGRADABLE, reason="the file is not a notebook"))
    write_gradebook(course)
    assert [row["status"] for row in marks(course)] == ["for review"]
    course.decide(course.submission("ada", NAME), "zero", "It was asked for twice.")
    assert moved(write_gradebook(course).changes) == [("ada", None, 0.0, "decision", False)]
    assert [(row["status"], row["score"]) for row in marks(course)] == [("graded", 0.0)]
    with Gradebook(course.database) as gradebook:
        comment = gradebook.find_comment("masked_mean", NAME, NAME, "ada").auto_comment
    assert comment == (
        "Not graded automatically: the file is not a notebook. Decided: no points. It was asked for twice."
    )


def test_only_the_submissions_asked_for_are_entered(course, released):
    for student in ("ada", "bob"):
        graded(course, student, released, FULL)
    assert write_gradebook(course, lambda submission: submission.student == "bob").written == 1
    assert scores(course) == {"ada": None, "bob": 9.0}


def test_a_policy_takes_effect_only_on_the_submissions_asked_for(course, released):
    for student in ("ada", "bob"):
        graded(course, student, released, FULL)
        (course.root / "submitted" / student / NAME / "timestamp.txt").write_text("2026-01-10 13:00:00 UTC")
    write_gradebook(course)
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-10 12:00:00")
    done = write_gradebook(course, lambda submission: submission.student == "bob")
    assert [one.student for one in done.changes] == ["bob"]
    with Gradebook(course.database) as gradebook:
        penalties = {one.student.id: one.late_submission_penalty for one in gradebook.assignment_submissions(NAME)}
    assert penalties == {"ada": 0.0, "bob": 9.0}


def test_a_check_that_failed_by_itself_waits_for_review_and_not_only_for_marking(course, released):
    one = result(checked(Verdict.PASSED), checked(Verdict.GRADER_ERROR, "test_gradient", 7.0))
    graded(course, "ada", released, one)
    write_gradebook(course)
    assert [(row["score"], row["status"]) for row in marks(course)] == [(None, "for review")]
