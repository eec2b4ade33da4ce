"""The gradebook's copies: what was deleted, damaged or is older comes back, with the marks that people gave."""

import copy
import errno
import os
import shutil
import sqlite3

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook import backup
from autograder.gradebook.backup import KEPT, keep_copy, secure
from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.marks import marks
from autograder.grading.course import CourseError
from tests.autograder.by_hand import FULL, graded
from tests.autograder.conftest import NAME, with_answer

WRITTEN = "why-masking"


def copies(course):
    return sorted((course.private / "gradebooks").glob("*.db"))


def mark_by_hand(course, student, score, comment="Well argued."):
    with Gradebook(course.database) as gradebook:
        (notebook,) = gradebook.find_submission(NAME, student).notebooks
        for grade in notebook.grades:
            if grade.cell.name == WRITTEN:
                grade.manual_score, grade.needs_manual_grade = score, False
        for one in notebook.comments:
            if one.cell.name == WRITTEN:
                one.manual_comment = comment
        gradebook.db.commit()


def by_hand(course, student):
    with Gradebook(course.database) as gradebook:
        (notebook,) = gradebook.find_submission(NAME, student).notebooks
        grade = next(one for one in notebook.grades if one.cell.name == WRITTEN)
        comment = next(one for one in notebook.comments if one.cell.name == WRITTEN)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def scores(course):
    return {row["student"]: row["score"] for row in marks(course)}


@pytest.fixture
def marked(course, released):
    """Ada was marked by hand after a run, and a second run kept a copy of that."""
    graded(course, "ada", with_answer(copy.deepcopy(released), "right"), FULL)
    write_gradebook(course)
    mark_by_hand(course, "ada", 3.5)
    write_gradebook(course)
    return course


def test_every_run_keeps_a_copy_that_only_the_instructor_can_read(marked):
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in copies(marked))
    assert (marked.private / "gradebooks").stat().st_mode & 0o777 == 0o700
    with sqlite3.connect(copies(marked)[-1]) as newest:
        assert newest.execute("SELECT manual_score FROM grade WHERE manual_score IS NOT NULL").fetchall() == [(3.5,)]


def test_a_run_without_news_keeps_no_further_copy(marked):
    before = copies(marked)
    write_gradebook(marked)
    assert copies(marked) == before


def test_no_more_than_ten_are_kept_and_the_newest_stay(marked):
    for number in range(KEPT + 3):
        mark_by_hand(marked, "ada", number / 10)
        keep_copy(marked)
    assert len(copies(marked)) == KEPT
    with sqlite3.connect(copies(marked)[-1]) as newest:
        assert newest.execute("SELECT MAX(manual_score) FROM grade").fetchone() == ((KEPT + 2) / 10,)


def test_a_clock_that_was_set_back_does_not_make_the_newest_copy_the_oldest(marked, monkeypatch):
    monkeypatch.setattr(backup.time, "strftime", lambda *form: "20010101-000000")
    mark_by_hand(marked, "ada", 1.25)
    keep_copy(marked)
    with sqlite3.connect(copies(marked)[-1]) as newest:
        assert newest.execute("SELECT MAX(manual_score) FROM grade").fetchone() == (1.25,)


def gone(path):
    path.unlink()


def cut(path):
    os.truncate(path, path.stat().st_size // 3)


def emptied(path):
    path.write_bytes(b"")


def rubbish(path):
    path.write_bytes(b"no database at all" * 100)


@pytest.mark.parametrize("spoil", [gone, cut, emptied, rubbish])
def test_a_gradebook_that_is_gone_or_damaged_comes_back_with_what_people_marked(marked, released, spoil):
    graded(marked, "bob", released, FULL)  # entered by nobody yet
    spoil(marked.gradebook_path)
    done = write_gradebook(marked)
    assert len(done.said) == 2  # one of them is of the empty roster
    assert "brought back from the copy of 20" in done.said[0]
    assert by_hand(marked, "ada") == (3.5, False, "Well argued.")
    assert scores(marked) == {"ada": 12.5, "bob": 9.0}
    assert len(list(marked.root.glob("gradebook.db.damaged-*"))) == (0 if spoil is gone else 1)


def test_without_a_copy_a_new_one_is_made_from_the_records(marked):
    shutil.rmtree(marked.private / "gradebooks")
    rubbish(marked.gradebook_path)
    done = write_gradebook(marked)
    assert "marks given by hand are not in them, and no copy was found" in done.said[0]
    assert by_hand(marked, "ada") == (None, True, None)
    assert done.written == 1


def test_an_older_gradebook_gets_back_what_people_marked_since(course, released):
    graded(course, "ada", with_answer(copy.deepcopy(released), "right"), FULL)
    write_gradebook(course)
    old = course.gradebook_path.read_bytes()
    mark_by_hand(course, "ada", 3.5)
    graded(course, "bob", released, FULL)
    write_gradebook(course)
    course.gradebook_path.write_bytes(old)
    done = write_gradebook(course)
    assert "is older than the last run: marks given by hand since come from the copy of 20" in done.said[0]
    assert by_hand(course, "ada") == (3.5, False, "Well argued.")
    assert scores(course) == {"ada": 12.5, "bob": 9.0}
    assert "is older than" not in " ".join(write_gradebook(course).said)


def test_a_mark_in_the_older_gradebook_wins_over_the_copys(course, released):
    graded(course, "ada", with_answer(copy.deepcopy(released), "right"), FULL)
    write_gradebook(course)
    old = course.gradebook_path.read_bytes()
    mark_by_hand(course, "ada", 3.5)
    graded(course, "bob", released, FULL)
    write_gradebook(course)
    course.gradebook_path.write_bytes(old)
    mark_by_hand(course, "ada", 1.0, "Not quite.")
    write_gradebook(course)
    assert by_hand(course, "ada") == (1.0, False, "Not quite.")


def test_nothing_is_said_of_a_gradebook_as_it_should_be(marked):
    assert secure(marked).said == ""
    assert secure(marked).by_hand == {}


def test_a_copy_that_cannot_be_written_leaves_the_old_ones_and_no_part(marked, monkeypatch):
    before = copies(marked)
    mark_by_hand(marked, "ada", 1.0)

    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(backup.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_gradebook(marked)
    assert copies(marked) == before
    assert not list((marked.private / "gradebooks").glob(".*"))


def test_a_locked_gradebook_is_called_so(marked, monkeypatch):
    def locked(*args):
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(backup, "_sound", locked)
    with pytest.raises(CourseError, match="is locked by another program"):
        secure(marked)
