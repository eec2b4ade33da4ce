"""Marks of written answers: counted by question, what waits counted apart."""

from dataclasses import replace

from autograder.desk.reporting.written import LineMet, of_assignment, written_in
from autograder.gradebook.feedback.entered import Entry, Given
from autograder.gradebook.schemes import Line, Scheme
from autograder.grading.course import Course
from tests.autograder.gradebook.feedback.samples import ASKED, entry_of


def test_marks_are_counted_and_what_waits_is_none():
    (found,) = written_in(ASKED, [entry_of(written=mark) for mark in (0.0, 3.0, 3.0, 2.5, 2.4, None)])
    assert (found.cell, found.title, found.rubric) == ("why-masking", "In words", "The claim (2), the limit (2).")
    assert found.marks == ((0.0, 1), (1.0, 0), (2.0, 0), (2.5, 2), (3.0, 2), (4.0, 0))
    assert (found.max_score, found.waiting, found.mean) == (4.0, 1, 2.18)


LINES = (Line(1.0, "a claim"), Line(2.0, "a reason"), Line(1.0, "a limit"))
SCHEME = Scheme("ps05", "why-masking", "In words", "", "", "", 4.0, False, lines=LINES)


def by_line(score, *met):
    """An entry whose written answer was marked line by line."""
    given = Given(score, 4.0, by_hand=score is not None, lines=met)
    return replace(entry_of(), given={"why-masking": given})


def test_lines_are_counted_over_those_marked_by_them_the_least_met_first():
    entries = [by_line(3.0, 0, 1), by_line(1.0, 0), by_line(3.0, 0, 1), by_line(2.0, 0, 2), by_line(0.0)]
    (found,) = written_in(ASKED, [*entries, entry_of(written=3.0), entry_of(written=None)], [SCHEME])
    assert found.lines == (
        LineMet("a limit", 1.0, 1, 0.2, True),
        LineMet("a reason", 2.0, 2, 0.4, False),
        LineMet("a claim", 1.0, 4, 0.8, False),
    )
    assert (found.by_line, found.without_lines, found.waiting) == (5, 1, 1)


def test_lines_that_are_met_alike_have_the_order_of_the_scheme_and_none_is_least():
    (found,) = written_in(ASKED, [by_line(4.0, 0, 1, 2)], [SCHEME])
    assert [(line.text, line.share, line.least) for line in found.lines] == [
        ("a claim", 1.0, False),
        ("a reason", 1.0, False),
        ("a limit", 1.0, False),
    ]


def test_two_that_fewest_met_are_both_least():
    (found,) = written_in(ASKED, [by_line(2.0, 1)], [SCHEME])
    assert [(line.text, line.least) for line in found.lines] == [
        ("a claim", True),
        ("a limit", True),
        ("a reason", False),
    ]


def test_a_mark_by_another_scheme_or_one_that_waits_again_says_nothing_of_a_line():
    (found,) = written_in(ASKED, [by_line(1.0, 3), by_line(None, 0), entry_of(written=2.0)], [SCHEME])
    assert (found.lines, found.by_line, found.without_lines, found.waiting) == ((), 0, 2, 1)


def test_where_the_scheme_has_no_lines_none_are_missing():
    for schemes in ((), [replace(SCHEME, lines=())]):
        (found,) = written_in(ASKED, [by_line(0.0), entry_of(written=2.0)], schemes)
        assert (found.lines, found.by_line, found.without_lines) == ((), 0, 0)


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
