"""Progress that was handed in beside a notebook: three numbers of each exercise, and nothing of a damaged file."""

import json

import pytest

from autograder.desk.reporting.attempts import MAX_BYTES, Attempts, Row, attempts_of, read_progress

GOOD = {"id": "masked_mean", "attempts": 3, "minutes": 12.5, "first_pass": "2026-01-01T10:00:00+00:00"}


def progress(tmp_path, data, name="progress.json"):
    folder = tmp_path / "ada" / "ps05"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return read_progress(tmp_path, "ada", "ps05")


def exported(*rows):
    return {"format": "mtl-teach progress", "version": 2, "exercise": list(rows), "quiz": []}


def test_an_export_says_attempts_minutes_and_whether_it_was_passed(tmp_path):
    other = {**GOOD, "id": "delta_m", "first_pass": None}
    assert progress(tmp_path, exported(GOOD, other)) == {
        "masked_mean": Row(3, 12.5, True),
        "delta_m": Row(3, 12.5, False),
    }


@pytest.mark.parametrize(
    "row",
    [
        {},
        [],
        None,
        {**GOOD, "id": 3},
        {**GOOD, "attempts": 0},
        {**GOOD, "attempts": -1},
        {**GOOD, "attempts": True},
        {**GOOD, "attempts": "3"},
        {**GOOD, "minutes": None},
        {**GOOD, "minutes": float("nan")},
        {**GOOD, "minutes": 10**9},
        {**GOOD, "attempts": 10**30},
    ],
)
def test_a_row_that_is_not_as_exported_is_left_out(tmp_path, row):
    assert progress(tmp_path, exported(row, {**GOOD, "id": "delta_m"})) == {"delta_m": Row(3, 12.5, True)}


@pytest.mark.parametrize(
    "data", [b"", b"no json", b"[" * 100_000, [], {"format": "other"}, {"format": "mtl-teach progress", "exercise": 3}]
)
def test_a_file_that_is_no_export_says_nothing(tmp_path, data):
    assert progress(tmp_path, data) == {}


def test_a_file_that_is_too_large_or_a_link_is_not_read(tmp_path):
    assert progress(tmp_path, b" " * (MAX_BYTES + 1)) == {}
    (tmp_path / "secret.json").write_text(json.dumps(exported(GOOD)))
    (tmp_path / "bob" / "ps05").mkdir(parents=True)
    (tmp_path / "bob" / "ps05" / "progress.json").symlink_to(tmp_path / "secret.json")
    assert read_progress(tmp_path, "bob", "ps05") == {}


def test_where_there_is_no_file_nothing_is_said(tmp_path):
    assert progress(tmp_path, exported(GOOD), "other.json") == {}
    assert attempts_of([]) is None


def test_medians_are_of_those_who_passed():
    rows = [Row(1, 5.0, True), Row(3, 10.0, True), Row(8, 60.0, True), Row(20, 90.0, False)]
    assert attempts_of(rows) == Attempts(students=4, passed=3, attempts=3, minutes=10.0, most_attempts=20)
    assert attempts_of(rows[3:]) == Attempts(students=1, passed=0, attempts=None, minutes=None, most_attempts=20)
