"""The hints of every exercise: how long they are, and that the lines of the last one make a right answer, and the
two wrong ones among them none.
"""

import pytest

from autograder import exercises
from mtl_teach.learn.lesson.ordering import fault_of

ORDERED = [name for name in exercises.all_ids() if exercises.load(name).order]
each_ordered = pytest.mark.parametrize("exercise_id", ORDERED)
LENGTHS = {"nudge": (30, 60), "concept": (40, 120)}  # words


def test_every_answer_that_is_no_number_has_lines_to_put_in_order():
    without = [exercise.id for exercise in exercises.all_exercises() if not exercise.order]
    assert without == [exercise.id for exercise in exercises.all_exercises() if exercise.values]


@each_ordered
def test_the_lines_in_their_order_make_a_right_answer(exercise_id):
    exercise = exercises.load(exercise_id)
    assert 3 <= len(exercise.order.lines) <= 10
    assert fault_of(exercise, exercise.order, exercise.order.lines) == ""


@each_ordered
def test_two_lines_are_wrong_and_no_right_one_is_among_them(exercise_id):
    order = exercises.load(exercise_id).order
    assert len(set(order.wrong)) == 2
    assert not {line.strip() for line in order.wrong} & {line.strip() for line in order.lines}


@each_ordered
def test_a_wrong_line_makes_no_right_answer_in_place_of_any_right_one(exercise_id):
    exercise = exercises.load(exercise_id)
    order = exercise.order
    passing = [
        (place, line)
        for place in range(len(order.lines))
        for line in order.wrong
        if not fault_of(exercise, order, [*order.lines[:place], line, *order.lines[place + 1 :]])
    ]
    assert passing == []


@pytest.mark.parametrize("exercise_id", exercises.all_ids())
@pytest.mark.parametrize("number", range(2), ids=LENGTHS)
def test_a_hint_in_words_is_neither_too_short_nor_too_long(exercise_id, number):
    shortest, longest = list(LENGTHS.values())[number]
    words = exercises.load(exercise_id).hints[number].split()
    assert shortest <= len(words) <= longest, len(words)
