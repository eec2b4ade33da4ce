"""Quick tests: every option with its text, and who chose what."""

import pytest

from autograder.desk.reporting.gather import gather
from autograder.desk.reporting.quick import GONE, question_of
from tests.autograder.desk.reporting.small_class import FIRST, QUICK, cells_of, chose, hand_in

CHOICES = {"ada": "B", "bob": "C", "cleo": "C", "dan": "", "eve": "-"}


@pytest.fixture
def quick(small):
    for student, letter in CHOICES.items():
        hand_in(small, student, chose(FIRST, letter, letter == "B"), assignment=QUICK)
    return small


def question(course, names=True, cells=None):
    return question_of(gather(course, names=names), (QUICK, FIRST), cells_of(QUICK) if cells is None else cells)


def test_every_option_has_its_text_its_count_and_who_chose_it(quick):
    found = question(quick)
    assert (found.title, found.text, found.handed_in, found.right) == ("Question 1", "Which is it?", 5, 1)
    assert [(one.letter, one.text, one.right, one.count, one.students) for one in found.options] == [
        ("A", "`one`", False, 0, ()),
        ("B", r"two \* two", True, 1, ("ada",)),
        ("C", "three", False, 2, ("bob", "cleo")),
    ]
    assert [one.why for one in found.options] == ["", "", "Why C is wrong."]
    assert (found.unanswered, found.unreadable, found.right_share) == (1, 1, 0.2)


def test_without_names_nobody_is_told(quick):
    assert {one.students for one in question(quick, names=False).options} == {()}
    assert [one.count for one in question(quick, names=False).options] == [0, 1, 2]


def test_a_question_that_the_course_has_no_more_says_so_of_every_option(quick):
    found = question(quick, cells={})
    assert [(one.letter, one.text, one.right, one.count) for one in found.options] == [
        ("?", GONE, True, 1),
        ("C", GONE, False, 2),
    ]
    assert found.title == "Mean of the observed entries"
