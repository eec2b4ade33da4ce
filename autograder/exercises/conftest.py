"""Lets an author run the checks of one exercise with pytest: ``pytest autograder/exercises/masked_mean``.

Every check then runs on every alternative answer, which all must pass.
"""

import pytest

from autograder import exercises
from autograder.runner import PUBLISHED_SEED, LocalStudent, rng_for


def pytest_generate_tests(metafunc):
    if "student" in metafunc.fixturenames:
        exercise = exercises.load(metafunc.module.__name__.rpartition("test_")[2])
        metafunc.parametrize("answer", exercise.alternatives, indirect=True)


@pytest.fixture
def answer(request):
    return request.param


@pytest.fixture
def student(request, answer):
    exercise = exercises.load(request.module.__name__.rpartition("test_")[2])
    return LocalStudent.of(exercise, exercise.alternatives[answer])


@pytest.fixture
def rng(request):
    exercise = request.module.__name__.rpartition("test_")[2]
    return rng_for(PUBLISHED_SEED, exercise, request.function.__name__)
