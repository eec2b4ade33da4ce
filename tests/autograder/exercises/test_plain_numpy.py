"""An exercise on plain NumPy loads no large library: its first check waits for none, and a browser may have none."""

import ast

import pytest

from autograder import exercises
from autograder.judging.smallest import SLOW_TO_IMPORT, libraries_of


def on_plain_numpy():
    """The exercises whose wrong answers are written without torch."""
    return [one for one in exercises.all_ids() if "torch" not in imported_at_the_top(one, "misconceptions")]


def imported_at_the_top(exercise, name):
    tree = ast.parse((exercises.HERE / exercise / f"{name}.py").read_text(encoding="utf-8"))
    imports = (node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
    names = (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports)
    return {name.partition(".")[0] for name in names}


def test_most_exercises_are_on_plain_numpy():
    assert len(on_plain_numpy()) >= 30


@pytest.mark.parametrize("exercise", on_plain_numpy())
def test_what_an_exercise_on_plain_numpy_loads_is_small(exercise):
    for name in ("misconceptions", "alternatives", f"test_{exercise}"):
        assert not imported_at_the_top(exercise, name) & set(SLOW_TO_IMPORT), name


@pytest.mark.parametrize("exercise", on_plain_numpy())
def test_the_right_answer_that_is_asked_first_needs_no_library(exercise):
    assert libraries_of(next(iter(exercises.load(exercise).alternatives.values()))) == set()
