"""Exercises and questions of quick tests are found by one name each."""

import pytest

from autograder import catalogue, exercises
from autograder.exercises import UnknownExercise
from autograder.quizzes.question import QuickExercise


def test_an_exercise_is_the_one_of_its_folder():
    assert catalogue.load("masked_mean") == exercises.load("masked_mean")


def test_a_question_is_found_by_its_number():
    assert isinstance(catalogue.load("quick-05-1"), QuickExercise)
    with pytest.raises(UnknownExercise, match="There is no exercise `quick-05-1`"):
        exercises.load("quick-05-1")


@pytest.mark.parametrize(("name", "near"), [("masked_meen", "masked_mean"), ("quick-05-8", "quick-05-")])
def test_an_unknown_name_is_answered_with_the_nearest(name, near):
    with pytest.raises(UnknownExercise, match=f"There is no exercise `{name}`. Did you mean `{near}"):
        catalogue.load(name)
