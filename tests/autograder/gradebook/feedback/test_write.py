"""Which pages are due: each once, again when it says something else, never over what somebody wrote by hand."""

import json
import os
import shutil
import stat
from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.feedback import write
from autograder.gradebook.feedback.write import feedback, page_path, write_pages
from autograder.gradebook.release import config_of, quiet
from autograder.grading.course import ZERO, Course, CourseError
from autograder.grading.record import UNGRADABLE
from autograder.results import Cause, Verdict
from tests.autograder.by_hand import FULL, checked, graded, result
from tests.autograder.conftest import NAME, hand_in, with_answer

HALF = result(checked(Verdict.FAILED, most=9.0, points=4.5, summary="It is not.", cause=Cause.WRONG))
ADA, BOB, CLEO, DAN = ((student, NAME) for student in ("ada", "bob", "cleo", "dan"))


@pytest.fixture(scope="module")
def entered_course(tmp_path_factory, released_course, sources):
    """Ada and Bob are graded, Cleo's file cannot be read, Dan's is not graded yet; tests work on copies."""
    course = Course.open(shutil.copytree(released_course, tmp_path_factory.mktemp("entered") / "course"))
    released = json.loads((sources / "exercises" / NAME / f"{NAME}.ipynb").read_text())
    graded(course, "bob", released, HALF)
    graded(course, "cleo", b"{", status=UNGRADABLE, reason="the file is not a notebook")
    graded(course, "ada", with_answer(released, "right"), FULL)
    write_gradebook(course)
    hand_in(course, "dan", released)
    return course.root


@pytest.fixture
def entered(tmp_path, entered_course):
    return Course.open(shutil.copytree(entered_course, tmp_path / "course"))


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def text(course, key):
    return page_path(course, *key).read_text(encoding="utf-8")


def test_a_page_says_why_somebody_decided_for_no_points(entered):
    entered.decide(entered.submission(*CLEO), "zero", "It was asked for twice.")
    write_pages(entered)
    assert "It was asked for twice." not in text(entered, CLEO)  # it is not entered yet
    write_gradebook(entered)
    write_pages(entered)
    assert "gave no points for what was waiting: It was asked for twice." in text(entered, CLEO)


def test_everybody_in_the_gradebook_gets_a_page_also_who_handed_in_what_cannot_be_read(entered):
    done = write_pages(entered)
    assert (done.made, done.unchanged, done.edited, done.not_entered) == ([ADA, BOB, CLEO], [], [], [DAN])
    assert "4.5</strong> of 13 points" in text(entered, BOB)
    assert "Waiting for a person" in text(entered, CLEO)
    assert "the file is not a notebook" in text(entered, CLEO)
    assert "return values[mask]" not in text(entered, BOB)
    assert feedback(entered) == 3


@pytest.mark.parametrize("umask", [0, 0o077])
def test_a_page_lies_where_nbgrader_puts_its_own_in_a_folder_that_only_its_owner_enters(entered, umask):
    old = os.umask(umask)
    try:
        write_pages(entered)
    finally:
        os.umask(old)
    path = entered.root / "feedback" / "ada" / NAME / f"{NAME}.html"
    assert path == page_path(entered, *ADA)
    assert mode(path) == 0o644  # release_feedback copies it with its mode, for the student to read
    assert {mode(folder) for folder in (path.parent, path.parent.parent, entered.root / "feedback")} == {0o700}


def test_what_others_could_read_before_they_cannot_read_afterwards(entered):
    path = page_path(entered, *ADA)
    path.parent.mkdir(parents=True)
    path.write_text("nbgrader's")
    (entered.root / "feedback").chmod(0o755)
    write_pages(entered)
    assert {mode(folder) for folder in (path.parent, path.parent.parent, entered.root / "feedback")} == {0o700}


def test_a_page_that_says_the_same_is_not_made_again(entered):
    write_pages(entered)
    before = page_path(entered, *ADA).stat()
    done = write_pages(entered)
    assert (done.made, done.unchanged, done.there) == ([], [ADA, BOB, CLEO], 3)
    assert page_path(entered, *ADA).stat().st_mtime_ns == before.st_mtime_ns
    assert page_path(entered, *ADA).stat().st_ino == before.st_ino


def change_the_name(course):
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_student("ada", first_name="Augusta")


def change_the_mark(course):
    with Gradebook(course.database) as gradebook:
        gradebook.find_grade("why-masking", NAME, NAME, "ada").manual_score = 3.0
        gradebook.db.commit()


def write_a_comment(course):
    with Gradebook(course.database) as gradebook:
        gradebook.find_comment("why-masking", NAME, NAME, "ada").manual_comment = "Well said."
        gradebook.db.commit()


def say_it_is_late(course):
    given_back = course.private / "given_back.json"
    given_back.unlink(missing_ok=True)  # else the mark that was told would stay
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-10 12:00:00")
        gradebook.find_submission(NAME, "ada").timestamp = datetime(2026, 1, 10, 13)
        gradebook.db.commit()


def change_the_record(course):
    record = course.read_record(*ADA)
    record["exercises"]["masked_mean"]["checks"][0]["sentence"] = "Another sentence."
    course.write_record(record)


def change_what_was_handed_in(course):
    path = course.root / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace("A claim", "Another claim"))


@pytest.mark.parametrize(
    "change",
    [
        change_the_name,
        change_the_mark,
        write_a_comment,
        say_it_is_late,
        change_the_record,
        change_what_was_handed_in,
    ],
)
def test_whatever_a_page_would_say_otherwise_makes_it_again(entered, change):
    write_pages(entered)
    change(entered)
    assert write_pages(entered).made == [ADA]


def test_another_look_or_book_makes_all_again(entered, monkeypatch):
    write_pages(entered)
    with (entered.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.MtlGrade.book = "https://example.org/book"\n')
    assert write_pages(entered).made == [BOB]  # the only one with something to read again
    assert 'href="https://example.org/book/05_missing_labels.html#' in text(entered, BOB)
    monkeypatch.setattr(write, "look", lambda: "another")
    assert write_pages(entered).made == [ADA, BOB, CLEO]


def test_a_deleted_page_is_made_again(entered):
    write_pages(entered)
    page_path(entered, *BOB).unlink()
    assert write_pages(entered).made == [BOB]


def test_a_page_that_somebody_edited_is_kept_until_it_is_asked_for(entered):
    write_pages(entered)
    path = page_path(entered, *BOB)
    path.write_text(text(entered, BOB).replace("<main", "<p>Come and see me.</p><main"))
    change_the_name(entered)
    done = write_pages(entered)
    assert (done.made, done.edited, done.there) == ([ADA], [BOB], 3)
    assert "Come and see me." in text(entered, BOB)
    assert write_pages(entered, again=True).made == [ADA, BOB, CLEO]
    assert "Come and see me." not in text(entered, BOB)


def test_some_students_and_some_assignments_can_be_asked_for(entered):
    assert write_pages(entered, ["bob"]).made == [BOB]
    assert write_pages(entered, [], [NAME]).made == [ADA, CLEO]
    (entered.root / "roster.csv").write_text("id,first_name,last_name,email\neve,Eve,,\n")
    del entered.__dict__["roster"]
    assert write_pages(entered, ["eve"]).there == 0


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (((["bbo"], [])), r"^There is no student `bbo` in this course\. Did you mean `bob`\?$"),
        ((([], ["ps06"])), r"^There is no assignment `ps06` in this course\.$"),
        ((([], [NAME + "s"])), rf"^There is no assignment `{NAME}s` in this course\. Did you mean `{NAME}`\?$"),
    ],
)
def test_a_name_that_nobody_has_is_one_sentence(entered, asked, sentence):
    with pytest.raises(CourseError, match=sentence):
        write_pages(entered, *asked)


@pytest.mark.parametrize(
    "book", ["javascript:alert(1)", "data:text/html,x", "https://e.org/ book", "a\\nb", "mailto:x"]
)
def test_a_book_must_have_an_address(entered, book):
    with (entered.root / "nbgrader_config.py").open("a") as config:
        config.write(f'\nc.MtlGrade.book = "{book}"\n')
    with pytest.raises(CourseError, match=r"c\.MtlGrade\.book must be the address of the web book"):
        write_pages(entered)


@pytest.mark.parametrize("book", ["", "../../../book", "https://example.org/b/", "book"])
def test_a_book_may_lie_on_the_web_or_beside_the_pages(entered, book):
    with (entered.root / "nbgrader_config.py").open("a") as config:
        config.write(f'\nc.MtlGrade.book = "{book}"\n')
    assert write_pages(entered).there == 3


def test_without_anything_handed_in_no_gradebook_is_needed(course):
    (course.root / "gradebook.db").unlink()
    assert write_pages(course).there == 0
    assert list(course.root.glob("feedback/**/*.html")) == []


def test_without_a_gradebook_nothing_is_written(entered):
    (entered.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match="There is no"):
        write_pages(entered)
    assert list(entered.root.glob("feedback/**/*.html")) == []


def test_a_folder_that_is_no_problem_set_has_no_page(entered):
    (entered.root / "submitted" / "ada" / "holiday").mkdir()
    assert write_pages(entered).there == 3


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[" * 100_000, b'{"nbformat": 4, "cells": [{"cell_type": 7, "source": [1, null]}]}']
)
def test_a_notebook_that_cannot_be_read_any_more_still_has_its_page(entered, data):
    (entered.root / "submitted" / "ada" / NAME / f"{NAME}.ipynb").write_bytes(data)
    assert ADA in write_pages(entered).made


def test_a_notebook_of_many_gigabytes_is_not_read(entered, monkeypatch):
    path = entered.root / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    with path.open("wb") as file:
        file.truncate(40 * 2**30)  # takes no room on the disk, and would in memory
    assert ADA in write_pages(entered).made


@pytest.mark.parametrize("record", [{}, {"status": "graded"}, {"status": "graded", "exercises": {"masked_mean": {}}}])
def test_a_damaged_record_leaves_out_one_page_and_no_other(entered, record):
    entered.record_path(*ADA).write_text(json.dumps(record))
    done = write_pages(entered)
    assert (done.made, done.not_entered) == ([BOB, CLEO], [ADA, DAN])


def test_marks_of_an_earlier_record_are_not_told_beside_the_checks_of_a_later_one(entered):
    write_pages(entered)
    entered.write_record({**entered.read_record(*ADA), "key": "another"})
    done = write_pages(entered)
    assert (done.unchanged, done.not_entered) == ([BOB, CLEO], [ADA, DAN])
    assert page_path(entered, *ADA).exists()


def test_what_a_person_decided_of_an_unreadable_file_is_said_with_its_reason(entered):
    entered.decide(entered.submission(*CLEO), ZERO, "This is a photo of a cat.")
    write_gradebook(entered)
    write_pages(entered)
    page = text(entered, CLEO)
    assert "A person looked at it and gave no points for what was waiting: This is a photo of a cat." in page
    assert "<strong>0</strong> of 13 points" in page
    assert "Write to your instructor if you do not see why you have this mark." in page


def test_half_a_character_in_a_record_is_written_as_what_it_is(entered):
    record = entered.read_record(*ADA)
    record["cells"] = {"masked_mean": {"printed": "\ud83d", "error": ""}}
    entered.write_record(record)
    write_pages(entered)
    assert r"\ud83d" in text(entered, ADA)


def test_nbgraders_own_command_goes_on_working_beside_ours(entered):
    write_pages(entered)
    config = config_of(entered)
    config.CourseDirectory.assignment_id = NAME
    config.CourseDirectory.student_id = "ada"
    config.GenerateFeedback.force = True
    with quiet():
        GenerateFeedback(coursedir=CourseDirectory(config=config), config=config).start()
    assert "MathJax" in text(entered, ADA) or "jupyter" in text(entered, ADA).lower()
    done = write_pages(entered)
    assert (done.made, done.unchanged) == ([ADA], [BOB, CLEO])
    assert 'content="mtl-grade feedback"' in text(entered, ADA)
