"""Sigmoids and softmaxes in NumPy give what SciPy gives, and an exercise on plain NumPy loads no large library."""

import ast

import numpy as np
import pytest
from scipy import special

from autograder import exercises
from autograder.exercises import logits
from autograder.judging.smallest import SLOW_TO_IMPORT, libraries_of

LOGITS = np.array([[0.0, -1.5, 3.25], [1000.0, -1000.0, 30.0]])


def on_plain_numpy():
    """The exercises whose wrong answers are written without torch."""
    return [one for one in exercises.all_ids() if "torch" not in imported_at_the_top(one, "misconceptions")]


def imported_at_the_top(exercise, name):
    tree = ast.parse((exercises.HERE / exercise / f"{name}.py").read_text(encoding="utf-8"))
    imports = (node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
    names = (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["expit", "log_expit"])
def test_a_sigmoid_is_scipys(name, dtype):
    given = getattr(logits, name)(LOGITS.astype(dtype))
    assert given.dtype == dtype
    np.testing.assert_allclose(given, getattr(special, name)(LOGITS), rtol=10 * np.finfo(dtype).eps)
    assert float(getattr(logits, name)(0.5)) == pytest.approx(getattr(special, name)(0.5))


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_a_softmax_is_scipys(name, axis):
    np.testing.assert_allclose(getattr(logits, name)(LOGITS, axis=axis), getattr(special, name)(LOGITS, axis=axis))


def test_most_exercises_are_on_plain_numpy():
    assert len(on_plain_numpy()) >= 30


@pytest.mark.parametrize("exercise", on_plain_numpy())
def test_what_an_exercise_on_plain_numpy_loads_is_small(exercise):
    for name in ("misconceptions", "alternatives", f"test_{exercise}"):
        assert not imported_at_the_top(exercise, name) & set(SLOW_TO_IMPORT), name


@pytest.mark.parametrize("exercise", on_plain_numpy())
def test_the_right_answer_that_is_asked_first_needs_no_library(exercise):
    assert libraries_of(next(iter(exercises.load(exercise).alternatives.values()))) == set()
