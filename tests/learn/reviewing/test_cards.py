"""What is misjudged becomes a card; a few are asked a day, the oldest first; damage and upgrades lose nothing."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from autograder.quizzes import bank
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing import cards, schedule
from tests.learn.reviewing.conftest import ASKED, learner, result

ALL = {"question/05/total", "prediction/01-total", "mistake/masked_mean/divides_by_batch_size"}


def ids(today):
    return [card.id for card in today.cards]


def damage(progress, **columns):
    """Write something else into the columns of every card."""
    with sqlite3.connect(progress.path) as db:
        for name, value in columns.items():
            db.execute(f"UPDATE card SET {name} = ?", (value,))
    db.close()


def test_what_went_wrong_comes_back_the_next_day_and_not_before(progress, day):
    learner(progress)
    first = cards.of_today(progress, day(0))
    assert (first.cards, first.later, first.next_day, first.gone) == ((), 0, day(1), 0)
    second = cards.of_today(progress, day(1))
    assert set(ids(second)) == ALL
    assert (second.minutes, second.later, second.next_day) == (3, 0, None)


def test_a_right_answer_puts_a_card_off_and_a_wrong_one_brings_it_back_tomorrow(progress, day):
    learner(progress)
    at = 0
    for wait in (1, 3, 7):
        at += wait
        today = cards.of_today(progress, day(at))
        assert set(ids(today)) == ALL
        assert all(cards.answered(progress, card, right=True) for card in today.cards)
        assert cards.of_today(progress, day(at)).cards == ()
    today = cards.of_today(progress, day(at + 21))
    for card in today.cards:
        cards.answered(progress, card, right=card.kind == cards.QUESTION)
    assert ids(cards.of_today(progress, day(at + 22))) == sorted(ALL - {"question/05/total"})
    row = progress.cards()["question/05/total"]
    assert (row["step"], row["seen"], row["wrong"]) == (schedule.DONE, 4, 1)


def test_a_question_missed_again_begins_anew_and_keeps_its_count(progress, day):
    learner(progress)
    day(1)
    (card,) = [card for card in cards.of_today(progress, day(1)).cards if card.kind == cards.QUESTION]
    cards.answered(progress, card, right=True)
    cards.missed(progress, "05", ["total"])
    row = progress.cards()[card.id]
    assert (row["step"], row["due"], row["seen"], row["wrong"]) == (0, schedule.written(day(2)), 1, 2)


def test_a_prediction_that_waits_already_is_left_as_it_is(progress, day):
    learner(progress)
    before = progress.cards()["prediction/01-total"]
    day(5)
    cards.misjudged(progress, "01-total", ASKED | {"guess": "1.25"})
    assert progress.cards()["prediction/01-total"] == before


def test_a_question_about_ones_own_code_that_went_wrong_comes_back_the_next_day(progress, day):
    cards.misjudged(progress, "masked_mean", ASKED | {"why": ["", "", ""]}, cards.OWN_CODE)
    assert cards.of_today(progress, day(0)).cards == ()
    (card,) = cards.of_today(progress, day(1)).cards
    assert (card.id, card.kind, card.names) == ("own_code/masked_mean", cards.OWN_CODE, ("masked_mean",))
    assert cards.answered(progress, card, right=True)
    assert cards.of_today(progress, day(4)).cards[0].step == 1


def test_a_known_mistake_is_asked_only_once_its_exercise_is_passed(progress, day):
    progress.record_check(result("masked_mean", "divides_by_batch_size"))
    assert cards.of_today(progress, day(30)).cards == ()
    progress.record_reveal("masked_mean", gave_up=True)
    assert cards.of_today(progress, day(30)).cards == ()
    progress.record_check(result("masked_mean", ""))
    assert ids(cards.of_today(progress, day(30))) == ["mistake/masked_mean/divides_by_batch_size"]


def test_no_more_than_a_days_cards_are_asked_the_oldest_first(progress, day):
    for number, at in (("07", 2), ("05", 0), ("06", 1)):
        day(at)
        cards.missed(progress, number, bank.question_ids(number))
    today = cards.of_today(progress, day(10))
    assert len(today.cards) == schedule.A_DAY == 8
    assert [card.names[0] for card in today.cards] == ["05"] * 7 + ["06"]
    assert today.later == 13
    assert today.minutes <= 6
    for card in today.cards[:5]:
        cards.answered(progress, card, right=False)
    rest = cards.of_today(progress, day(10))
    assert (len(rest.cards), rest.later) == (3, 13)
    for card in rest.cards:
        cards.answered(progress, card, right=True)
    over = cards.of_today(progress, day(10))
    assert (over.cards, over.later) == ((), 13)
    assert len(cards.of_today(progress, day(11)).cards) == 8


def test_two_kernels_that_answer_the_same_card_count_once(progress, day):
    learner(progress)
    other = Progress(progress.path)
    shown = [cards.of_today(one, day(1)).cards for one in (progress, other)]
    assert ids(cards.of_today(progress, day(1))) == [card.id for card in shown[0]] == [card.id for card in shown[1]]
    with ThreadPoolExecutor() as pool:
        counted = list(
            pool.map(lambda pair: cards.answered(pair[0], pair[1], True), [
                (one, card) for both in zip(*shown) for one, card in zip((progress, other), both)
            ])
        )  # fmt: skip
    assert sum(counted) == len(ALL)
    assert {row["step"] for row in progress.cards().values()} == {1}
    assert {row["seen"] for row in progress.cards().values()} == {1}


@pytest.mark.parametrize(
    "data", ["[1, 2]", "{", "null", '"x"', '{"last": 5}', '{"question": 3, "options": {}}', b"\xff"]
)
def test_damaged_data_costs_a_card_its_history_and_no_more(progress, day, data):
    learner(progress)
    damage(progress, data=data)
    today = cards.of_today(progress, day(1))
    assert set(ids(today)) == ALL - {"prediction/01-total"}  # what that one asks stood in its data
    assert today.gone == 1
    for card in today.cards:
        assert cards.answered(progress, card, right=True)
    cards.misjudged(progress, "01-total", ASKED)
    assert cards.of_today(progress, day(2)).gone == 0
    assert json.loads(json.dumps(progress.cards()["prediction/01-total"]["data"]))["answer"] == "2.5"


@pytest.mark.parametrize("value", [-3, "x", None, 2.5, 10**15, b"1"])
def test_damaged_numbers_and_dates_are_no_obstacle(progress, day, value):
    learner(progress)
    numbers = {"step": value, "seen": value, "wrong": value} if value is not None else {}
    damage(progress, due="soon", **numbers)
    if value == 10**15:
        assert {card.kind for card in cards.of_today(progress, day(0)).cards} == set()  # that many steps are behind it
        return
    today = cards.of_today(progress, day(0))
    assert set(ids(today)) >= ALL - {"mistake/masked_mean/divides_by_batch_size"}
    for card in today.cards:
        cards.answered(progress, card, right=True)
    assert cards.of_today(progress, day(0)).cards == ()


def test_cards_of_an_id_that_no_card_has_are_left_alone(progress, day):
    for name in ("", "question", "question/05", "question/05/a/b", "another/x", "mistake/masked_mean"):
        progress.record_card(name, "question", 0, schedule.written(day(0)), 0, 1, {})
    today = cards.of_today(progress, day(9))
    assert (today.cards, today.gone) == ((), 0)
    assert len(progress.cards()) == 6


def test_what_an_upgrade_removed_is_kept_and_not_asked(progress, day):
    cards.missed(progress, "05", ["gone"])
    cards.missed(progress, "77", ["total"])
    progress.record_card("mistake/gone/x", cards.MISTAKE, 0, schedule.written(day(0)), 0, 0, {})
    progress.record_card("mistake/masked_mean/gone", cards.MISTAKE, 0, schedule.written(day(0)), 0, 0, {})
    progress.record_check(result("masked_mean", "gone"))
    progress.record_check(result("masked_mean", ""))
    today = cards.of_today(progress, day(9))
    assert (today.cards, today.gone, today.next_day) == ((), 4, None)
    assert len(progress.cards()) == 4


def test_a_clock_set_back_brings_cards_early_and_none_is_lost(progress, day):
    day(2000)
    cards.missed(progress, "05", ["total"])
    assert ids(cards.of_today(progress, day(0))) == ["question/05/total"]
    (card,) = cards.of_today(progress, day(0)).cards
    cards.answered(progress, card, right=True)
    assert cards.of_today(progress, day(0)).next_day == day(0) + timedelta(days=3)


def test_nothing_misjudged_is_nothing_to_ask_and_makes_no_file(progress, day):
    assert cards.of_today(progress, day(0)) == cards.Today(())
    assert not progress.path.exists()
