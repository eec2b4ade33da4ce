"""A course begins whole or not at all."""

import shutil

import pytest

from autograder.desk import begin as module
from autograder.desk.begin import begin
from autograder.grading import course as courses
from autograder.grading.course import CourseError
from autograder.grading.names import FILE, Names
from tests.autograder.conftest import NAME


@pytest.fixture
def small(monkeypatch, sources):
    """A course of one problem set."""
    monkeypatch.setattr(courses, "course_root", lambda: sources)


def test_a_course_begins_with_everything_released(small, tmp_path):
    course, names = begin(tmp_path / "new" / "a [b] é", "a-course")
    assert names == [NAME]
    assert (course.root / "release" / NAME / f"{NAME}.ipynb").is_file()
    assert (course.root / "gradebook.db").stat().st_size > 0


@pytest.mark.parametrize("error", [CourseError("no"), KeyboardInterrupt()], ids=["refused", "stopped"])
def test_where_releasing_fails_nothing_is_left(small, tmp_path, monkeypatch, error):
    def fail(course):
        shutil.copytree(course.root / "source", course.root / "release")
        raise error

    monkeypatch.setattr(module, "release", fail)
    with pytest.raises(type(error)):
        begin(tmp_path / "new" / "course", "a-course")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(type(error)):
        begin(tmp_path, "a-course")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_an_earlier_course_said_of_answers_is_taken_over(small, tmp_path):
    earlier = tmp_path / "names.toml"
    earlier.write_text('# by hand\n[wrong.masked_mean.0123456789ab]\nmessage = "Why?"\n')
    course, _ = begin(tmp_path / "course", "a-course", earlier)
    assert (course.root / FILE).read_text() == earlier.read_text()
    assert Names.read(course).of("masked_mean", "0123456789ab").message == "Why?"


@pytest.mark.parametrize(
    ("text", "there", "why"),
    [
        (None, False, "There is no file .*earlier.toml; give the names.toml of an earlier course"),
        ("[", False, "earlier.toml cannot be read"),
        ("", True, "names.toml is there already: leave --names out, or move it away"),
    ],
)
def test_names_that_cannot_be_taken_over_are_said_and_nothing_is_made(small, tmp_path, text, there, why):
    earlier, folder = tmp_path / "earlier.toml", tmp_path / "course"
    if text is not None:
        earlier.write_text(text)
    if there:
        folder.mkdir()
        (folder / FILE).write_text("")
    with pytest.raises(CourseError, match=why):
        begin(folder, "a-course", earlier)
    assert not (folder / "nbgrader_config.py").exists()
