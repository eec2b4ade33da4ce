"""What the words after ``mtl-teach check`` mean."""

from pathlib import Path

import pytest

from autograder import exercises
from autograder.results import UsageError
from mtl_teach.learn.terminal.which import Jobs, copies, jobs
from tests.learn.conftest import PROBLEM_SET

MASKING = [one.id for one in exercises.all_exercises() if one.lesson == "05_missing_labels"]


def asking(*names):
    return "\n".join(f'check("{name}", {name})' for name in names)


@pytest.mark.parametrize("word", ["5", "05", "ps5", "ps05", "PS05", "ps05_missing_labels"])
def test_a_problem_set_is_meant_by_its_number_or_its_name(tmp_path, word):
    (tmp_path / "mine.py").write_text("", encoding="utf-8")
    assert jobs([word, str(tmp_path / "mine.py")]).files == {tmp_path / "mine.py": MASKING}


def test_a_problem_set_that_there_is_not_is_said_with_those_there_are():
    with pytest.raises(UsageError, match=r"^There is no problem set 99; there are 1 to 11\.$"):
        jobs(["ps99"])


def test_in_a_workspace_a_set_is_checked_as_far_as_its_notebook_asks(workspace):
    assert jobs(["ps05"]).files == jobs(["masked_mean"]).files == {workspace / PROBLEM_SET: ["masked_mean"]}


def test_what_is_broken_keeps_nothing_else_from_being_checked(workspace):
    broken = workspace / "exercises" / "mine" / "mine.ipynb"
    broken.parent.mkdir()
    broken.write_bytes(b"no notebook")
    found = jobs([])
    assert list(found.files) == [workspace / PROBLEM_SET]
    (said,) = found.unreadable
    assert said.startswith(f"{broken} is not a notebook")
    (workspace / PROBLEM_SET).unlink()
    assert jobs(["masked_mean"]) == Jobs({}, (said,))


def test_files_that_check_the_same_are_told_apart_and_others_need_no_name():
    one, other, third = (Path("ps05", name) for name in ("ps05.ipynb", "ps05-Copy1.ipynb", "extra.ipynb"))
    files = {one: ["masked_mean"], other: ["masked_mean"], third: ["loss_shares"]}
    assert copies(files) == {one: "ps05/ps05.ipynb", other: "ps05/ps05-Copy1.ipynb (a copy)"}


def test_a_file_that_shares_only_some_exercises_with_another_is_told_apart_too():
    one, other = Path("ps05", "ps05.ipynb"), Path("ps05", "mine.ipynb")
    files = {one: ["masked_mean"], other: ["loss_shares", "masked_mean"]}
    assert copies(files) == {one: "ps05/ps05.ipynb", other: "ps05/mine.ipynb (a copy)"}
