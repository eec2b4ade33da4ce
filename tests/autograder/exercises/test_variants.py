"""Personal numbers: the same for the same id everywhere, and so chosen that every slip can be told from every other."""

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.exercises import all_exercises, load, variants
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import run_checks
from tests.answers import source_cells, text_of_set

BY_HAND = [exercise.id for exercise in all_exercises() if exercise.published]
each = pytest.mark.parametrize("name", BY_HAND)
ADA_1 = {"click": 0.45, "cvr": 1.07, "percent": 40.0, "w_click": 1.0, "w_cvr": 4.0}
ADA_2 = {"ce": 0.76, "latency": 130.0, "budget": 115.0}
APART = 4e-5  # several times what a diagnosis takes for the same
ids = st.text(min_size=1).filter(str.strip)


def owners(name):
    """One id for each set of numbers, found by trying ids."""
    wanted, found = len(variants.rows(name)), {}
    for number in itertools.count():
        exercise = load(name).for_student(f"student{number}")
        found.setdefault(tuple(exercise.numbers.values()), exercise)
        if len(found) == wanted:
            return list(found.values())
    raise AssertionError("unreachable")


def values_of(exercise, known):
    return np.atleast_1d(np.array(known(), float))


def test_the_two_exercises_of_the_source_are_worked_out_by_hand():
    assert BY_HAND == ["source_exercise_1", "source_exercise_2"]
    assert dict(load(BY_HAND[0]).numbers) == {"click": 0.35, "cvr": 0.85, "percent": 40, "w_click": 1, "w_cvr": 2}
    assert dict(load(BY_HAND[1]).numbers) == {"ce": 0.42, "latency": 62, "budget": 50}


@each
@given(student=ids)
def test_numbers_belong_to_an_id_whatever_its_capitals_and_blanks(name, student):
    exercise = load(name)
    own = exercise.for_student(student)
    assert own.numbers == exercise.for_student(f" {student}\t").numbers
    assert own.numbers in [{**exercise.published, **row} for row in variants.rows(name)]
    assert own.numbers != exercise.published
    assert exercise.for_student("") is exercise
    assert exercise.for_student("  ") is exercise


def test_capitals_do_not_count():
    assert load(BY_HAND[0]).for_student("Ada").numbers == load(BY_HAND[0]).for_student("ADA").numbers


def test_an_exercise_without_numbers_is_the_same_for_everybody():
    exercise = load("masked_mean")
    assert exercise.for_student("ada") is exercise
    assert (dict(exercise.numbers), exercise.statement) == ({}, "")


def test_another_process_draws_the_same_numbers():
    ask = (
        "from autograder.exercises import load\n"
        f"print([dict(load(name).for_student('ada').numbers) for name in {BY_HAND}])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", ask],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert seen == {str([dict(load(name).for_student("ada").numbers) for name in BY_HAND])}


def test_numbers_once_given_stay():
    """Whoever was given numbers keeps them through an upgrade in the middle of a term."""
    assert dict(load(BY_HAND[0]).for_student("ada").numbers) == ADA_1
    assert dict(load(BY_HAND[1]).for_student("ada").numbers) == ADA_2


@each
def test_a_class_has_many_different_numbers(name):
    drawn = {tuple(load(name).for_student(f"s{number}").numbers.values()) for number in range(200)}
    assert len(drawn) > 80


@each
def test_every_set_of_numbers_has_right_values_of_at_most_three_decimals_that_are_not_round(name):
    for exercise in owners(name):
        for value in values_of(exercise, next(iter(exercise.alternatives.values()))):
            thousandths = 1000 * value
            assert abs(thousandths - round(thousandths)) < 1e-6, (exercise.numbers, value)
            assert round(thousandths) % 100, (exercise.numbers, value)


@each
def test_with_every_set_of_numbers_every_right_answer_is_right(name):
    for exercise in owners(name):
        for right in exercise.alternatives.values():
            assert run_checks(exercise, LocalAnswer.of(exercise, right)).passed, (exercise.numbers, right.style)


@each
def test_with_every_set_of_numbers_each_slip_can_be_told_from_right_and_from_every_other(name):
    for exercise in (load(name), *owners(name)):
        right = values_of(exercise, next(iter(exercise.alternatives.values())))
        for place, check in enumerate(exercise.checks):  # each sees a value of its own
            caught = [
                (key, values_of(exercise, member)[place])
                for key, wrong in exercise.misconceptions.items()
                for member in wrong.members
                if wrong.caught_by == check.id
            ]
            keys, values = np.array([key for key, _ in caught]), np.array([value for _, value in caught])
            assert (abs(values - right[place]) > APART).all(), exercise.numbers
            apart = np.abs(values[:, None] - values[None]) > APART
            assert (apart | (keys[:, None] == keys[None])).all(), exercise.numbers


@each
def test_a_slip_with_personal_numbers_is_called_by_its_name(name):
    exercise = load(name).for_student("ada")
    for key, wrong in exercise.misconceptions.items():
        result = run_checks(exercise, LocalAnswer.of(exercise, wrong))
        assert result.misconception == key


@each
def test_whoever_used_the_numbers_of_the_notebook_is_told_so(name):
    exercise = load(name).for_student("ada")
    published = next(iter(load(name).alternatives.values()))
    assert run_checks(exercise, LocalAnswer.of(exercise, published)).misconception == "published_numbers"
    assert "published_numbers" not in load(name).misconceptions


@each
def test_no_word_about_a_wrong_answer_holds_the_right_one(name):
    for exercise in (load(name), load(name).for_student("ada")):
        right = [
            f"{value:.6f}".rstrip("0") for value in values_of(exercise, next(iter(exercise.alternatives.values())))
        ]
        words = [exercise.title, exercise.section, exercise.statement, *exercise.hints, *exercise.questions.values()]
        words += [check.sentence for check in exercise.checks]
        for wrong in exercise.misconceptions.values():
            for check in run_checks(exercise, LocalAnswer.of(exercise, wrong)).checks:
                assert (check.expected, check.difference) == ("", "")
                words += [check.summary, check.message, *(check.inputs or {}).values()]
        said = " ".join(words)
        assert [value for value in right if value in said] == []


@each
def test_the_problem_set_asks_with_the_published_numbers(name):
    asked = next(cell.source for cell in source_cells(text_of_set(name)) if cell.grade_id == f"about-{name}")
    assert " ".join(load(name).statement.split()) in " ".join(asked.split())
