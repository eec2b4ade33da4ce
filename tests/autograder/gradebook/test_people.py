"""Everybody on the roster is in the gradebook with name and e-mail; nobody else is made up."""

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.people import class_of, enter_people
from autograder.grading.course import Course
from tests.autograder.by_hand import FULL, graded

ROSTER = "id,first_name,last_name,email\n007,Ada,Lovelace,ada@u.edu\nbob,Bob,,\n"


@pytest.fixture
def with_roster(course):
    course.roster_path.write_text(ROSTER)
    return Course.open(course.root)


def students(course):
    with Gradebook(course.database) as gradebook:
        return {one.id: (one.first_name, one.last_name, one.email) for one in gradebook.students}


def test_everybody_on_the_roster_has_a_row_also_who_handed_in_nothing(with_roster):
    write_gradebook(with_roster)
    assert students(with_roster) == {"007": ("Ada", "Lovelace", "ada@u.edu"), "bob": ("Bob", None, None)}


def test_a_hand_edit_of_the_roster_arrives_and_nobody_is_removed(with_roster):
    write_gradebook(with_roster)
    with_roster.roster_path.write_text("id,first_name,email\n007,Augusta,ada@u.edu\nzoe,Zoe,zoe@u.edu\n")
    write_gradebook(Course.open(with_roster.root))
    assert students(with_roster) == {
        "007": ("Augusta", "Lovelace", "ada@u.edu"),
        "bob": ("Bob", None, None),
        "zoe": ("Zoe", None, "zoe@u.edu"),
    }


def test_only_rows_that_are_new_or_changed_are_written(with_roster):
    with Gradebook(with_roster.database) as gradebook:
        assert [enter_people(gradebook, with_roster.roster) for _ in range(2)] == [2, 0]


def test_a_stranger_is_neither_made_nor_entered(with_roster, released):
    graded(with_roster, "mallory", released, FULL)
    graded(with_roster, "bob", released, FULL)
    assert write_gradebook(with_roster).written == 1
    assert "mallory" not in students(with_roster)
    assert with_roster.strangers() == [("mallory", "not on roster.csv")]


def test_without_a_roster_the_folders_are_the_class_and_that_is_said(course, released):
    graded(course, "ada", released, FULL)
    done = write_gradebook(course)
    assert [person.id for person in class_of(course)] == ["ada"]
    assert "has no rows: the 1 folders of submitted/ are taken as the class" in done.said[0]
    assert students(course) == {"ada": (None, None, None)}
