"""What a course's configuration says is read as text and never run."""

import pytest

from autograder.grading.settings import written


@pytest.fixture
def config(tmp_path):
    def write(text):
        path = tmp_path / "nbgrader_config.py"
        path.write_text(text)
        return path

    return write


def test_values_that_stand_there_as_they_are_are_read_and_nothing_is_run(config, tmp_path):
    path = config(
        f'import pathlib\npathlib.Path("{tmp_path}/ran").touch()\n'
        'c.MtlGrade.keep = "first"\nc.MtlGrade.personal_numbers = True\nc.MtlGrade.weights = {"ps": 70}\n'
        'c.MtlGrade.book = where()\nc.Other.keep = "last"\nkeep = "best"\n'
    )
    assert written(path) == {"keep": "first", "personal_numbers": True, "weights": {"ps": 70}}
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("text", ["c.MtlGrade.keep = (", "\0", "(" * 100_000])
def test_a_configuration_that_is_no_python_says_nothing(config, text):
    assert written(config(text)) == {}


def test_where_there_is_no_configuration_nothing_is_said(tmp_path):
    assert written(tmp_path / "nothing") == {}
