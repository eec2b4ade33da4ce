"""Everybody on the roster is in the gradebook with name and e-mail; nobody else is made up."""

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.people import class_of, enter_people
from autograder.grading.course import ROSTER as ROSTER_HEAD
from autograder.grading.course import Course
from autograder.grading.roster import RosterError
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


def entered(course, text, encoding="utf-8"):
    """Write the roster and enter it; give back how many rows were made or changed."""
    course.roster_path.write_text(ROSTER_HEAD + text, encoding=encoding)
    with Gradebook(course.database) as gradebook:
        return enter_people(gradebook, Course.open(course.root).roster)


def test_the_roster_names_the_students(course):
    assert entered(course, "ada,Ada,Lovelace,ada@example.org\n bob ,Bob,,\n") == 2
    assert students(course) == {"ada": ("Ada", "Lovelace", "ada@example.org"), "bob": ("Bob", None, None)}


def test_a_roster_read_again_changes_what_it_says_and_leaves_the_rest(course):
    entered(course, "ada,Ada,Byron,ada@example.org\nbob,Bob,,\n")
    assert entered(course, "ada,,Lovelace,\n") == 1
    assert students(course) == {"ada": ("Ada", "Lovelace", "ada@example.org"), "bob": ("Bob", None, None)}


def test_a_roster_that_a_spreadsheet_saved_is_read(course):
    assert entered(course, "007,Ädà,Lovelace,\n8,,,b@x.org\n", "utf-8-sig") == 2
    assert students(course) == {"007": ("Ädà", "Lovelace", None), "8": (None, None, "b@x.org")}


@pytest.mark.parametrize("row", [",Ada,Lovelace,\n", "  ,Ada,Lovelace,\n"])
def test_a_row_of_the_roster_without_an_id_is_refused_and_nobody_is_entered(course, row):
    with pytest.raises(RosterError, match=r"roster\.csv, line 2: an id is .* got nothing"):
        entered(course, row)
    assert students(course) == {}


def test_an_empty_roster_names_nobody(course):
    assert entered(course, "") == 0
    assert students(course) == {}
