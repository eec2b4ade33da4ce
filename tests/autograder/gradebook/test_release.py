"""What nbgrader is told of a course: its configuration, what is released, who takes part; and its words to us."""

import logging
import os
import shutil
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException

from autograder.gradebook.release import config_of, gradebook_of, quiet, release
from autograder.grading.course import CourseError
from tests.autograder.conftest import NAME


def test_the_configuration_is_what_nbgrader_reads(course):
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\nc.CourseDirectory.ignore = ["mine"]\n')
    config = config_of(course)
    assert config.CourseDirectory.course_id == "test"
    assert config.CourseDirectory.root == str(course.root)
    assert config.LateSubmissionPlugin.penalty_method == "zero"
    assert config.CourseDirectory.ignore == ["mine"]
    assert config.Autograde.sanitize_preprocessors[0].endswith("RepairCells")
    assert "autograder.gradebook.plugin.InjectResults" in config.Autograde.autograde_preprocessors


@pytest.mark.parametrize("ask", [lambda course: gradebook_of(course).close(), config_of], ids=["gradebook", "config"])
def test_programs_of_the_environment_are_found_once_also_when_it_was_not_activated(course, monkeypatch, ask):
    monkeypatch.setenv("PATH", "/usr/bin")
    ask(course)
    ask(course)
    assert os.environ["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/usr/bin"]


# ---- releasing, and who takes part -----------------------------------------------------------------------------


def test_releasing_makes_the_students_versions_and_tells_the_gradebook(course):
    folder = course.root / "source" / "ps06_more"
    folder.mkdir()
    shutil.copy(course.root / "source" / NAME / f"{NAME}.ipynb", folder / "ps06_more.ipynb")
    shutil.rmtree(course.root / "release")
    assert release(course, ["ps06_more"]) == ["ps06_more"]
    assert [path.name for path in (course.root / "release").iterdir()] == ["ps06_more"]
    assert release(course) == [NAME, "ps06_more"]
    for name in (NAME, "ps06_more"):
        assert "is not written yet" in (course.root / "release" / name / f"{name}.ipynb").read_text()
    with Gradebook(course.database) as gradebook:
        assert sorted(one.name for one in gradebook.assignments) == [NAME, "ps06_more"]
        assert gradebook.find_assignment("ps06_more").max_score == 13.0
        assert gradebook.find_notebook(NAME, NAME).max_score == 13.0


# ---- nbgrader's own words --------------------------------------------------------------------------------------

LOG = logging.getLogger("traitlets")


@pytest.fixture(autouse=True)
def level_of_the_log():
    before = LOG.level
    yield
    LOG.setLevel(before)


def fail_within(error, logged=()):
    """Log, then fail, where nbgrader is kept quiet."""
    LOG.setLevel(logging.DEBUG)
    with quiet():
        for text in logged:
            LOG.error(text)
        LOG.warning("Traceback: of no importance")
        raise error


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        (["bad", "Traceback (most recent call last):\n  File x\nValueError: odd"], "ValueError: odd"),
        (["Traceback:\nKeyError: 1\n", "between", "Traceback:\nKeyError: 2\n"], "KeyError: 1; KeyError: 2"),
        (["no notebooks", "were found"], "no notebooks; were found"),
    ],
    ids=["a traceback", "two of them", "none"],
)
def test_where_nbgrader_fails_its_last_words_are_told(logged, told, capfd):
    with pytest.raises(CourseError) as error:
        fail_within(NbGraderException("see the log"), logged)
    assert str(error.value) == f"nbgrader could not convert a notebook: {told}"
    assert capfd.readouterr() == ("", "")


def test_other_errors_pass_and_the_log_is_as_it_was(monkeypatch):
    handler = logging.NullHandler()
    monkeypatch.setattr(LOG, "handlers", [handler])
    with pytest.raises(ZeroDivisionError):
        fail_within(ZeroDivisionError())
    assert (LOG.handlers, LOG.propagate) == ([handler], True)
