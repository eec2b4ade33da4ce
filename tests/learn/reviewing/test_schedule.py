"""A card comes back after 1, 3, 7 and 21 days, on a day and not at an hour, whatever the clock does."""

import os
import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_teach.learn.reviewing import schedule

DAYS = st.dates(date(1990, 1, 1), date(2200, 1, 1))
ANSWERS = st.lists(st.tuples(st.booleans(), st.integers(0, 400)), max_size=30)


def test_a_card_that_is_always_right_comes_after_1_3_7_and_21_days_and_then_no_more():
    on = date(2026, 2, 20)
    step, due = schedule.begin(on)
    waits = []
    while (day := schedule.due_day(step, due, on)) is not None:
        waits.append((day - on).days)
        on = day
        step, due = schedule.after(step, True, on)
    assert waits == [1, 3, 7, 21]


def test_a_wrong_answer_begins_anew_tomorrow():
    for step in range(schedule.DONE):
        assert schedule.after(step, False, date(2026, 12, 31)) == (0, schedule.written(date(2027, 1, 1)))


@given(DAYS, ANSWERS)
def test_a_card_is_never_further_away_than_its_interval_and_comes_back_until_it_is_done(on, answers):
    step, due = schedule.begin(on)
    for right, late in answers:
        day = schedule.due_day(step, due, on)
        if day is None:
            assert step == schedule.DONE
            break
        assert on < day <= on + timedelta(days=schedule.INTERVALS[step])
        on = day + timedelta(days=late)
        assert schedule.due_day(step, due, on) == day  # a day that is past stays: the oldest comes first
        before = step
        step, due = schedule.after(step, right, on)
        assert step == (before + 1 if right else 0)


@given(DAYS, st.integers(0, schedule.DONE - 1), st.integers(0, 20_000))
def test_after_the_clock_was_set_back_a_card_comes_too_early_rather_than_never(on, step, days_back):
    _, due = schedule.after(step - 1, True, on) if step else schedule.begin(on)
    earlier = on - timedelta(days=days_back)
    day = schedule.due_day(step, due, earlier)
    assert earlier <= day <= earlier + timedelta(days=schedule.INTERVALS[step] + 1)


@pytest.mark.parametrize("due", ["", "soon", "2026-13-01", None, 5, b"2026", "0001-01-01T00:00:00+14:00", "9" * 5000])
def test_a_date_that_cannot_be_read_counts_as_today(due):
    assert schedule.due_day(1, due, date(2026, 5, 1)) == date(2026, 5, 1)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be set here")
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin", "UTC"])
@given(day=DAYS)
def test_a_day_is_read_as_it_was_written_in_every_zone(zone, day):
    before = os.environ.get("TZ")
    try:
        os.environ["TZ"] = zone
        time.tzset()
        assert schedule.day_of(schedule.written(day)) == day
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def test_todays_date_is_that_of_the_clock():
    assert schedule.today() - date.today() <= timedelta(days=1)  # a midnight may lie between the two
