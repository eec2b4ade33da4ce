"""The course's own files are found in a checkout and in an installed package."""

from pathlib import Path

from autograder import course_files
from autograder.course_files import course_root


def test_in_a_checkout_the_course_lies_beside_the_package():
    assert course_root() == Path(course_files.__file__).parents[1]


def test_in_an_installed_package_the_course_lies_in_it(tmp_path, monkeypatch):
    monkeypatch.setattr(course_files, "PACKAGES", tmp_path)
    (tmp_path / "mtl_teach").mkdir()
    (tmp_path / "mtl_teach" / "_course").write_text("")  # a file of that name is no course
    assert course_root() == tmp_path
    (tmp_path / "mtl_teach" / "_course").unlink()
    (tmp_path / "mtl_teach" / "_course").mkdir()
    assert course_root() == tmp_path / "mtl_teach" / "_course"
