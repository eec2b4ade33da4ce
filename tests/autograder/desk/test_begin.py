"""A course begins whole or not at all."""

import shutil

import pytest

from autograder.desk import begin as module
from autograder.desk.begin import begin
from autograder.grading import course as courses
from autograder.grading.course import CourseError
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
