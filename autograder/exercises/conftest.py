"""Lets an author run the checks of one exercise with pytest: ``pytest autograder/exercises/masked_mean``.

Every check then runs on every alternative answer, which all must pass.
"""

from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder import exercises
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import PUBLISHED_SEED, rng_for
from autograder.testing import Check


def exercise_of(module: ModuleType) -> str:
    """The exercise's name: that of the folder in which its checks lie."""
    return Path(str(module.__file__)).parent.name


def pytest_pycollect_makeitem(collector: Any, name: str, obj: object) -> list[pytest.Item] | None:
    """A marked check is a record around its function: pytest collects the function."""
    if isinstance(obj, Check):
        return list(collector._genfunctions(name, obj.function))
    return None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "student" in metafunc.fixturenames:
        exercise = exercises.load(exercise_of(metafunc.module))
        metafunc.parametrize("answer", exercise.alternatives, indirect=True)


@pytest.fixture
def answer(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def student(request: pytest.FixtureRequest, answer: str) -> LocalAnswer:
    exercise = exercises.load(exercise_of(request.module))
    return LocalAnswer.of(exercise, exercise.alternatives[answer])


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    return rng_for(PUBLISHED_SEED, exercise_of(request.module), request.node.originalname)
