"""Calm sentences: how much is due, when to come back, and how well confidence fits what was right."""

from datetime import date

import pytest

from mtl_teach.learn.reviewing import cards, schedule, summary
from mtl_teach.learn.reviewing.cards import Card, Today
from tests.learn.reviewing.conftest import learner

ON = date(2026, 5, 1)
ONE = Card("question/05/total", cards.QUESTION, ("05", "total"), 0, "")


def test_the_home_page_has_one_line_and_only_when_something_is_due(progress, day):
    assert summary.due_line(progress) == ""
    learner(progress)
    assert summary.due_line(progress) == ""
    day(1)
    assert summary.due_line(progress) == "3 things to look at again, about 3 minutes."


def test_one_thing_takes_one_minute():
    assert summary.opening(Today((ONE,))) == "1 thing to look at again, about 1 minute"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (Today(()), ["Nothing to look at again today."]),
        (Today((), next_day=date(2026, 5, 2)), ["Nothing to look at again today.", "Come back tomorrow."]),
        (Today((), next_day=date(2026, 5, 8)), ["Nothing to look at again today.", "Come back on Friday 8 May."]),
        (Today((), 1), ["1 thing more can wait for another day: a few a day are enough.", "Come back tomorrow."]),
        (Today((ONE,), 4), ["4 things more can wait for another day: a few a day are enough."]),
        (Today((ONE,), next_day=date(2026, 5, 2)), []),
        (
            Today((ONE,), gone=1),
            [
                "1 card cannot be asked: this version of the course no longer has the question, or what was saved is "
                "damaged. Nothing is deleted."
            ],
        ),
    ],
)
def test_what_else_there_is_to_say_of_a_day(today, said):
    assert summary.remarks(today, ON) == said


def test_the_end_says_what_comes_back():
    assert summary.ending(3, 3) == "Done for today: 3 of 3 right."
    assert summary.ending(1, 3) == "Done for today: 1 of 3 right. What was not right comes back tomorrow."


def test_of_each_step_of_confidence_it_is_said_how_many_were_right(progress):
    assert summary.calibration(progress) == []
    judged = [
        ("sure", True),
        ("sure", True),
        ("sure", False),
        ("just a guess", False),
        ("", True),
        ("fairly sure", None),
    ]
    for number, (confidence, right) in enumerate(judged):
        answer = "" if right is None else "yes" if right else "no"
        progress.record_prediction(f"p{number}", "Is it?", "yes", confidence, answer)
    assert summary.calibration(progress) == [
        "Of 3 predictions that you were sure of, 2 were right.",
        "Of 1 prediction that you called just a guess, none was right.",
    ]
    progress.record_prediction("p5", "Is it?", "yes", "fairly sure", "yes")
    assert summary.calibration(progress)[1] == "Of 1 prediction that you were fairly sure of, 1 was right."


def test_a_day_is_said_as_people_say_it():
    assert summary.when(date(2027, 1, 1), date(2026, 12, 31)) == "tomorrow"
    assert summary.when(date(2027, 1, 2), date(2026, 12, 31)) == "on Saturday 2 January"
    assert schedule.A_DAY == 8
