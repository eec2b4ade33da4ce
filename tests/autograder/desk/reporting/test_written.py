"""Marks of written answers: counted by question, what waits counted apart."""

from dataclasses import replace

from autograder.desk.reporting.written import of_assignment, written_in
from autograder.gradebook.feedback.entered import Entry, Given
from autograder.grading.course import Course
from tests.autograder.gradebook.feedback.samples import ASKED, entry_of


def test_marks_are_counted_and_what_waits_is_none():
    (found,) = written_in(ASKED, [entry_of(written=mark) for mark in (0.0, 3.0, 3.0, 2.5, 2.4, None)])
    assert (found.cell, found.title, found.rubric) == ("why-masking", "In words", "The claim (2), the limit (2).")
    assert found.marks == ((0.0, 1), (1.0, 0), (2.0, 0), (2.5, 2), (3.0, 2), (4.0, 0))
    assert (found.max_score, found.waiting, found.mean) == (4.0, 1, 2.18)


def test_where_nothing_is_marked_there_is_no_mean():
    (found,) = written_in(ASKED, [entry_of(written=None)])
    assert (found.waiting, found.mean, found.empty, sum(count for _, count in found.marks)) == (1, None, 0, 0)


def test_what_was_left_empty_has_no_mark():
    left = replace(entry_of(), given={"why-masking": Given(0.0, 4.0)})
    (found,) = written_in(ASKED, [left, entry_of(written=3.0)])
    assert (found.empty, found.waiting, found.mean, dict(found.marks)[0.0]) == (1, 0, 3.0, 0)


def test_a_question_that_nobody_handed_in_is_left_out():
    assert written_in(ASKED, []) == ()
    assert written_in(ASKED, [Entry("", None, 0.0)]) == ()


def test_entries_are_those_of_the_assignment_and_of_whom_is_asked_for(tmp_path):
    course = Course(tmp_path)
    ada, bob = entry_of(written=1.0), entry_of(written=2.0)
    entries = {("ada", "ps05"): ada, ("bob", "ps05"): bob, ("ada", "ps06"): entry_of()}
    assert of_assignment(course, entries, "ps05", None) == [ada, bob]
    assert of_assignment(course, entries, "ps05", lambda one: one.student == "bob") == [bob]
