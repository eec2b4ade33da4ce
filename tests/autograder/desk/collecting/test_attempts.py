"""Attempts on the disk: kept whole, read again, and none that counts is lost by a stop in the middle."""

import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.collecting import attempts as module
from autograder.desk.collecting.attempts import Attempt, Attempts, which_counts
from tests.autograder.desk.collecting.conftest import SET

FIRST = datetime(2026, 3, 2, 10, tzinfo=UTC)
NB = f"{SET}.ipynb"


def attempt(letter, hours=0, **more):
    return Attempt(NB, letter * 64, FIRST + timedelta(hours=hours), "archive", **more)


def sum_of(data):
    return hashlib.sha256(data).hexdigest()


@given(
    st.builds(
        Attempt,
        file=st.text(),
        sha256=st.text(),
        time=st.none() | st.datetimes(min_value=datetime(1980, 1, 1), timezones=st.just(UTC)),
        late=st.booleans(),
        original=st.text(),
        not_after=st.none() | st.datetimes(min_value=datetime(1980, 1, 1), timezones=st.just(UTC)),
    )
)
def test_what_is_written_is_read_again(made):
    assert Attempt.from_json(made.to_json()) == made


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"file": 1}', b"[" * 100_000, b'{"time": "yesterday"}'])
def test_what_is_no_attempt_is_none(data):
    assert Attempt.from_json(data) is None


def test_an_attempt_whose_file_is_gone_or_whose_note_is_damaged_is_passed_over(course):
    attempts = Attempts(course, "ada", SET)
    for hours, data in enumerate((b"one", b"two", b"three")):
        attempts.add(Attempt(NB, sum_of(data), FIRST + timedelta(hours=hours), "archive"), data, "last")
    one, two, _ = sorted(attempts.kept.glob("*-*"))
    (one / NB).unlink()
    (two / "attempt.json").write_text("{")
    assert [found.sha256 for found in attempts.all()] == [sum_of(b"three")]


def test_the_note_says_everything(course):
    attempts = Attempts(course, "ada", SET)
    mine = Attempt(NB, sum_of(b"x"), FIRST, "platform", True, "a.zip", "ada/x.ipynb", "Canvas")
    attempts.add(mine, b"x", "last")
    note = json.loads((attempts.kept / f"20260302T100000Z-{sum_of(b'x')[:8]}" / "attempt.json").read_text())
    assert note == {**vars(mine), "time": "2026-03-02T10:00:00+00:00"}


@pytest.mark.parametrize("at", range(4))
def test_a_stop_at_any_write_is_made_good_by_the_same_command(course, monkeypatch, at):
    """A full disk, say: the next run finds what is there and ends where an undisturbed one would."""
    attempts = Attempts(course, "ada", SET)
    old, new = (Attempt(NB, sum_of(data), FIRST + timedelta(hours=n), "archive") for n, data in enumerate((b"a", b"b")))
    attempts.add(old, b"a", "last")
    write, left = module.write_atomically, [at]

    def failing(path, data, **more):
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        write(path, data, **more)

    monkeypatch.setattr(module, "write_atomically", failing)
    with pytest.raises(OSError, match="No space left"):
        attempts.add(new, b"b", "last")
    assert (attempts.place / NB).read_bytes() in (b"a", b"b")
    monkeypatch.setattr(module, "write_atomically", write)
    attempts.add(new, b"b", "last")
    assert (attempts.place / NB).read_bytes() == b"b"
    assert (attempts.place / "timestamp.txt").read_text() == "2026-03-02 11:00:00.000000 UTC"
    assert len(attempts.all()) == 2


def test_a_python_file_that_a_notebook_displaces_is_kept(course):
    attempts = Attempts(course, "ada", SET)
    attempts.place.mkdir(parents=True)
    (attempts.place / f"{SET}.py").write_bytes(b"by hand")
    (attempts.place / NB).write_bytes(b"notebook by hand")
    for path in attempts.place.iterdir():
        os.utime(path, (FIRST.timestamp(), FIRST.timestamp()))
    attempts.add(Attempt(NB, sum_of(b"new"), FIRST + timedelta(days=1), "archive"), b"new", "last")
    assert [path.name for path in attempts.place.glob(f"{SET}.*")] == [NB]
    kept = {(attempts.kept / one.folder / one.file).read_bytes() for one in attempts.all()}
    assert kept == {b"by hand", b"notebook by hand", b"new"}


def test_the_best_is_the_one_with_most_points_and_of_two_the_later():
    three = [attempt("a", 0), attempt("b", 1), attempt("c", 2)]
    earned = dict(zip((one.folder for one in three), (4.0, 9.0, 2.0), strict=True))
    assert which_counts(three, "best", earned) == (three[1], three[1].time)
    assert which_counts(three, "best", {**earned, three[2].folder: 9.0})[0] == three[2]
    assert which_counts(three[:1], "best")[0] == three[0]


def test_what_nobody_knows_the_time_of_is_the_oldest():
    unknown = replace(attempt("u"), time=None)
    assert which_counts([attempt("a"), unknown], "last")[0].sha256 == "a" * 64
    assert which_counts([attempt("a"), unknown], "first") == (unknown, None)


def test_the_time_is_the_earliest_of_the_same_file_unless_a_platform_says_otherwise():
    same = [attempt("a", 0), attempt("a", 1), attempt("a", 2)]
    assert which_counts(same, "last") == (same[2], FIRST)
    sure = replace(same[2], time_from="platform")
    assert which_counts([*same[:2], sure], "last") == (sure, sure.time)
    other = [attempt("a", 0), attempt("b", 1), attempt("a", 2)]
    assert which_counts(other, "last") == (other[2], other[2].time)


def test_handed_in_at_the_latest():
    late = attempt("a", 5, not_after=FIRST)
    assert which_counts([late], "last") == (late, FIRST)
    early = attempt("a", -5, not_after=FIRST)
    assert which_counts([early], "last") == (early, early.time)
