"""nbgrader is told of assignments and students, and its own words reach the instructor."""

import logging
import os
import sys
from pathlib import Path

import pytest
from nbgrader.converters.base import NbGraderException

from autograder.gradebook.release import config_of, gradebook_of, import_roster, quiet, release
from autograder.grading.course import CourseError
from tests.autograder.conftest import NAME


def test_a_released_assignment_stands_in_the_gradebook(course):
    assert release(course) == [NAME]
    with gradebook_of(course) as gradebook:
        assert [assignment.name for assignment in gradebook.assignments] == [NAME]
        assert gradebook.find_notebook(NAME, NAME).max_score == 13.0


def test_the_configuration_is_the_courses_own(course):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.CourseDirectory.ignore = ['mine']\n")
    config = config_of(course)
    assert config.CourseDirectory.root == str(course.root)
    assert config.CourseDirectory.ignore == ["mine"]
    assert "autograder.gradebook.plugin.InjectResults" in config.Autograde.autograde_preprocessors


def test_nbgrader_finds_the_programs_of_this_environment(course, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with gradebook_of(course):
        assert os.environ["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/nowhere"]


def test_the_roster_is_put_into_the_gradebook(course):
    (course.root / "roster.csv").write_text("\ufeffid,first_name,last_name,email\n007,Ada,Lovelace,\n8,,,b@x.org\n")
    assert import_roster(course) == 2
    with gradebook_of(course) as gradebook:
        ada, bob = (gradebook.find_student(name) for name in ("007", "8"))
        assert (ada.first_name, ada.last_name, ada.email) == ("Ada", "Lovelace", None)
        assert (bob.first_name, bob.email) == (None, "b@x.org")


def test_a_row_of_the_roster_without_an_id_is_refused(course):
    (course.root / "roster.csv").write_text("id,first_name,last_name,email\n ,Ada,Lovelace,\n")
    with pytest.raises(CourseError, match=r"roster.csv: every row needs an `id`; one has none."):
        import_roster(course)


def test_nbgraders_last_words_are_said_and_its_log_is_heard_again():
    logger = logging.getLogger("traitlets")
    before = list(logger.handlers)

    def fail():
        with quiet():
            logger.error("Traceback (most recent call last):\n  ...\nValueError: no such cell")
            raise NbGraderException

    with pytest.raises(CourseError, match="nbgrader could not convert a notebook: ValueError: no such cell"):
        fail()
    assert logger.handlers == before
    assert logger.propagate
