"""The time of handing in, whoever wrote it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.times import time_of

NOON = datetime(2026, 7, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-10 12:00:00.000000 UTC", "2026-07-10 12:00 UTC", "2026-07-10 12:00:00", "2026-07-10T12:00:00Z",
        "2026-07-10 14:00:00 CET", "2026-07-10 14:00:00 Europe/Berlin", "2026-07-10 14:00:00+02:00",
        "20260710T120000Z", " 2026-07-10 12:00:00 Nowhere/Town\n", "10.07.2026 12:00", "2026/07/10 12:00",
    ],
)  # fmt: skip
def test_a_time_is_read_in_utc(text):
    assert time_of(text) == NOON


@pytest.mark.parametrize(
    "text",
    ["", "UTC", "now", "2026-13-01", "0001-01-01 00:00:00+14:00", "9999-12-31 23:59:59-14:00", "1" * 200, "a" * 10**6,
     "2026-07-10 12:00:00 ../../etc/passwd", "1.5", "２０２６"],
)  # fmt: skip
def test_what_is_no_date_is_none(text):
    assert time_of(text) is None


@given(st.text(max_size=120))
def test_any_text_is_a_time_or_none(text):
    at = time_of(text)
    assert at is None or at.tzinfo is not None


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_we_write_is_read_back(at):
    assert time_of(f"{at:%Y-%m-%d %H:%M:%S.%f} UTC".zfill(30)) == at
