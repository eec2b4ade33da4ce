"""What the gradebook says: points, comments and penalties, and one sentence where it cannot be read."""

import contextlib
import sqlite3
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.by_hand import Mark, save, standings
from autograder.gradebook.feedback.entered import Given, entries_of
from autograder.grading.course import CourseError
from tests.autograder.conftest import NAME

CHECK, WHY = "check-masked_mean", "why-masking"
POLICY = """
from nbgrader.plugins import BasePlugin

class Mine(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2.5

c.AssignLatePenalties.plugin_class = Mine
"""


@pytest.fixture
def entered(course):
    """Ada, whose check is graded and whose written answer waits; Bob, whom a person marked."""
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(POLICY)
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-10 10:00:00")
        gradebook.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
        gradebook.update_or_create_student("bob", last_name="Bell")
        for student in ("ada", "bob"):
            submission = gradebook.add_submission(NAME, student)
            submission.timestamp = datetime(2026, 1, 10, 11) if student == "ada" else None
            (notebook,) = submission.notebooks
            for grade in notebook.grades:
                check = grade.cell.name == CHECK
                grade.auto_score, grade.needs_manual_grade = (9.0, False) if check else (None, student == "ada")
                if student == "bob":
                    grade.manual_score, grade.extra_credit = (4.0, None) if check else (3.0, 1.0)
            for comment in notebook.comments:
                comment.auto_comment = "by a machine"
                if student == "bob" and comment.cell.name == WHY:
                    comment.manual_comment = "The limit is missing."
                if student == "ada":
                    comment.manual_comment = " \n"
        gradebook.db.commit()
    return course


def test_what_is_decided_has_a_score_and_what_waits_has_none(entered):
    found = entries_of(entered)["ada", NAME]
    assert found.given == {CHECK: Given(9.0, 9.0), WHY: Given(None, 4.0)}
    assert (found.name, found.handed_in, found.penalty) == ("Ada Lovelace", datetime(2026, 1, 10, 11), 2.5)


def test_what_a_person_gave_counts_and_is_known_as_theirs(entered):
    found = entries_of(entered)["bob", NAME]
    assert found.given == {CHECK: Given(4.0, 9.0, by_hand=True), WHY: Given(4.0, 4.0, extra=1.0, by_hand=True)}
    assert (found.name, found.handed_in, found.penalty) == ("Bell", None, 0.0)


def test_the_lines_of_a_mark_are_told_as_long_as_the_mark_is_theirs(entered):
    assert entries_of(entered)["bob", NAME].given[WHY].lines is None
    save(entered, "bob", NAME, WHY, Mark(2.0, lines=(0, 3)), standings(entered, NAME, WHY)["bob"].version)
    assert entries_of(entered)["bob", NAME].given[WHY] == Given(3.0, 4.0, extra=1.0, by_hand=True, lines=(0, 3))
    with Gradebook(entered.database) as gradebook:
        (notebook,) = gradebook.find_submission(NAME, "bob").notebooks
        next(one for one in notebook.grades if one.cell.name == WHY).manual_score = 1.0
        gradebook.db.commit()
    assert entries_of(entered)["bob", NAME].given[WHY].lines is None


def test_only_what_a_person_wrote_is_a_comment(entered):
    found = entries_of(entered)
    assert found["bob", NAME].comments == {WHY: "The limit is missing."}
    assert found["ada", NAME].comments == {}


def test_nothing_handed_in_is_nothing_entered(course):
    assert entries_of(course) == {}


def test_without_a_gradebook_it_is_said_how_to_get_one_and_none_is_made(course):
    path = course.root / "gradebook.db"
    path.unlink()
    with pytest.raises(CourseError, match=r"There is no .*gradebook\.db: `mtl-grade run .*` writes it from the rec"):
        entries_of(course)
    assert not path.exists()


def test_what_is_no_gradebook_is_called_so(course):
    (course.root / "gradebook.db").write_bytes(b"no database " * 500)
    with pytest.raises(CourseError, match=r"is no gradebook that can be read \(file is not a database\): put a backup"):
        entries_of(course)


def test_a_lock_is_called_one(course, monkeypatch):
    connect = sqlite3.connect
    with contextlib.closing(connect(course.root / "gradebook.db")) as lock:
        impatient = lambda path, **options: connect(path, **{**options, "timeout": 0.01})  # noqa: E731
        monkeypatch.setattr(sqlite3, "connect", impatient)
        monkeypatch.setattr(sqlite3.dbapi2, "connect", impatient)
        lock.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CourseError, match=r"gradebook\.db is locked by another program: close it and try again\.$"):
            entries_of(course)
