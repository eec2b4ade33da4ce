"""Progress is never lost, never in the way, and safe with several kernels at once."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import autograder
from autograder import exercises, kernel
from autograder.results import Cause, CheckResult, ExerciseResult, Verdict
from mtl_teach.learn import progress as module
from mtl_teach.learn.lesson.after_check import listen
from mtl_teach.learn.progress import Progress, ProgressError, read_export, save
from mtl_teach.learn.progress_tables import FIRST_TABLES, KEYS, VERSION
from mtl_teach.learn.workspace.places import PROGRESS

PASSED = ExerciseResult(
    "masked_mean", "Mean", "05_missing_labels", (CheckResult("test_value", Verdict.PASSED, 2.0, 2.0, "Right."),)
)
FAILED = replace(PASSED, checks=(replace(PASSED.checks[0], verdict=Verdict.FAILED, points=0.0),))
NAMED = replace(FAILED, checks=(replace(FAILED.checks[0], misconception="all_rows", message="All rows."),))
HALF = replace(FAILED, checks=(replace(FAILED.checks[0], points=1.0),))
STUB = replace(FAILED, checks=(replace(FAILED.checks[0], cause=Cause.NOT_STARTED),))


EARLY, LATE = "2026-01-01T10:00:00+00:00", "2026-02-01T10:00:00+00:00"
GUESS = {"question": "question " * 20, "guess": "guess", "made": "2026-01-01T10:00:00+00:00"}
GUESS |= {"confidence": "sure", "answer": ""}
EMPTY = {"format": module.FORMAT, "version": module.VERSION} | {table: [] for table in KEYS}
MANY = EMPTY | {  # enough to fill several pages of the file
    "prediction": [{"id": f"p{number}"} | GUESS for number in range(200)],
}


@pytest.fixture
def saved(tmp_path):
    return Progress(tmp_path / "progress.sqlite")


@pytest.fixture
def clock(monkeypatch):
    """Set the time of each event from now on, in minutes after ten o'clock."""

    def at(*minutes):
        times = iter([f"2026-01-01T10:{minute:02}:00+00:00" for minute in minutes])
        monkeypatch.setattr(module, "_now", lambda: next(times))

    return at


def test_attempts_are_counted_the_first_pass_and_the_best_score_stay_and_the_answer_is_the_latest(saved, clock):
    clock(1, 2, 3, 4, 5)
    for number, result in enumerate((FAILED, PASSED, PASSED, FAILED, HALF)):
        saved.record_check(result, f"answer {number}")
    row = saved.exercise("masked_mean")
    assert (row["attempts"], row["best"], row["out_of"]) == (5, 2.0, 2.0)
    assert row["first_pass"] == "2026-01-01T10:02:00+00:00"
    assert row["answer"] == "answer 4"


def test_a_better_score_replaces_a_worse_one_without_a_pass(saved):
    for result in (FAILED, HALF, FAILED):
        saved.record_check(result)
    row = saved.exercise("masked_mean")
    assert (row["best"], row["first_pass"]) == (1.0, None)


def test_points_and_content_are_those_of_the_exercise_as_it_was_checked_last(saved, monkeypatch):
    saved.record_check(PASSED)
    monkeypatch.setattr(module, "content_hash", lambda exercise: f"newer {exercise}")
    saved.record_check(replace(PASSED, checks=(replace(PASSED.checks[0], points=1.0, max_points=1.0),)))
    row = saved.exercise("masked_mean")
    assert (row["out_of"], row["best"], row["content"]) == (1.0, 2.0, "newer masked_mean")


def test_each_exercise_has_a_row_of_its_own(saved):
    saved.record_check(PASSED, "mine")
    saved.record_check(replace(FAILED, exercise="weighted_total"), "other")
    rows = saved.exercises()
    assert {name: (row["attempts"], row["best"], row["answer"]) for name, row in rows.items()} == {
        "masked_mean": (1, 2.0, "mine"),
        "weighted_total": (1, 0.0, "other"),
    }
    assert saved.exercise("masked_mean") == rows["masked_mean"]


def test_a_question_of_a_quick_test_is_no_exercise(saved):
    saved.record_check(replace(PASSED, exercise="quick-05-1"))
    assert saved.exercises() == {}


def test_running_the_untouched_stub_is_no_attempt(saved):
    saved.record_check(STUB)
    assert saved.exercise("masked_mean") == Progress.blank("masked_mean")


def test_rows_carry_the_hash_of_what_the_exercise_asks(saved):
    saved.record_check(PASSED)
    folder = exercises.HERE / "masked_mean"
    asked = b"".join((folder / name).read_bytes() for name in ("exercise.toml", "test_masked_mean.py"))
    assert saved.exercise("masked_mean")["content"] == hashlib.sha256(asked).hexdigest()[:16]


def test_the_hash_is_another_one_when_what_is_asked_changes_and_only_then(tmp_path, monkeypatch):
    monkeypatch.setattr(exercises, "HERE", tmp_path)

    def with_files(**files):
        folder = tmp_path / "sum_up"
        folder.mkdir(exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        for name, content in ({"exercise": b"minutes = 5\n", "test_sum_up": b"one\ntwo\n"} | files).items():
            if content is not None:
                folder.joinpath(f"{name}.toml" if name == "exercise" else f"{name}.py").write_bytes(content)
        return module.content_hash("sum_up")

    plain = with_files()
    assert with_files(exercise=b"minutes = 5\r\n", test_sum_up=b"one\r\ntwo\r\n") == plain
    assert with_files(misconceptions=b"a new mistake\n") == plain
    others = [with_files(exercise=b"minutes = 6\n"), with_files(test_sum_up=b"one\n"), with_files(test_sum_up=None)]
    assert len({plain, *others}) == 4
    assert len(module.content_hash("nobody")) == 16


def test_hints_and_reveals_are_recorded(saved):
    saved.record_hint("masked_mean", 2)
    saved.record_hint("masked_mean", 1)
    saved.record_reveal("masked_mean", gave_up=True)
    saved.record_reveal("masked_mean", gave_up=False)
    row = saved.exercise("masked_mean")
    assert (row["hints"], row["gave_up"], row["attempts"]) == (2, 1, 0)
    assert row["revealed"]
    saved.record_hint("masked_mean", 3)
    assert saved.exercise("masked_mean")["hints"] == 3


def test_what_was_recorded_of_an_exercise_stays_beside_hints_and_reveals(saved):
    saved.record_check(PASSED, "mine")
    before = saved.exercise("masked_mean")
    saved.record_hint("masked_mean", 1)
    saved.record_reveal("masked_mean", gave_up=False)
    after = saved.exercise("masked_mean")
    assert after | {"hints": 0, "revealed": None} == before
    assert (after["hints"], after["gave_up"]) == (1, 0)


def test_the_time_of_the_first_reveal_stays_and_giving_up_is_remembered_whenever_it_was(saved, clock):
    clock(1, 2)
    saved.record_reveal("masked_mean", gave_up=False)
    saved.record_reveal("masked_mean", gave_up=True)
    row = saved.exercise("masked_mean")
    assert (row["revealed"], row["gave_up"]) == ("2026-01-01T10:01:00+00:00", 1)


def test_the_best_score_of_a_quick_test_counts(saved):
    for score in (3, 6, 5):
        saved.record_quick_test("05", score, 7)
    saved.record_quick_test("06", 0, 8)
    assert saved.quick_tests() == {
        "05": {"attempts": 3, "best": 6, "out_of": 7},
        "06": {"attempts": 1, "best": 0, "out_of": 8},
    }


def test_a_later_prediction_replaces_the_earlier(saved):
    saved.record_prediction("where", "Is the gradient right?", "yes")
    saved.record_prediction("where", "Is the gradient right?", "no")
    assert saved.prediction("where") == "no"
    saved.record_prediction("large", "How large?", "5")
    assert (saved.prediction("where"), saved.prediction("large")) == ("no", "5")
    assert saved.prediction("other") == ""
    rows = [(row["id"], row["question"], row["guess"]) for row in saved.to_json()["prediction"]]
    assert rows == [("large", "How large?", "5"), ("where", "Is the gradient right?", "no")]


@pytest.mark.parametrize(
    ("minutes", "counted"),
    [((0, 5), 5.0), ((0, 15), 15.0), ((0, 16), 0.0), ((0, 5, 12), 12.0), ((0, 5, 30, 33), 8.0), ((9, 5, 6), 1.0)],
    ids=["work", "still work", "the learner was away", "three events", "work, away, work", "a clock set back"],
)
def test_minutes_are_the_time_between_events_without_long_pauses(saved, clock, minutes, counted):
    clock(*minutes)
    for _ in minutes:
        saved.record_check(FAILED)
    assert saved.exercise("masked_mean")["minutes"] == counted


def test_the_time_before_the_first_event_is_nobodys(saved):
    saved.record_check(FAILED)
    assert saved.exercise("masked_mean")["minutes"] == 0.0


def test_the_minutes_of_another_exercise_and_of_a_quick_test_are_not_counted_twice(saved, clock):
    clock(0, 4, 9, 11)
    saved.record_check(FAILED)
    saved.record_check(replace(FAILED, exercise="weighted_total"))
    saved.record_quick_test("05", 5, 7)
    saved.record_check(FAILED)
    assert {name: row["minutes"] for name, row in saved.exercises().items()} == {
        "masked_mean": 2.0,
        "weighted_total": 4.0,
    }


def test_times_are_in_universal_time_and_whole_seconds():
    before = datetime.now(UTC).replace(microsecond=0)
    now = datetime.fromisoformat(module._now())
    assert now.utcoffset() == timedelta(0)
    assert now.microsecond == 0
    assert before <= now <= datetime.now(UTC)


# ---- the file --------------------------------------------------------------------------------------------------


def test_nothing_is_made_by_reading(saved):
    assert saved.exercises() == {}
    assert not saved.path.exists()


@pytest.mark.parametrize(
    "damage",
    [lambda path: path.write_bytes(b"not a database at all" * 100), lambda path: path.write_bytes(cut(path))],
    ids=["overwritten", "cut short"],
)
def test_a_damaged_file_is_kept_aside_and_said(saved, damage):
    saved.merge_json(MANY)
    with closing(sqlite3.connect(saved.path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    damage(saved.path)
    bad = saved.path.read_bytes()
    saved.record_check(PASSED)
    assert saved.exercise("masked_mean")["attempts"] == 1
    (aside,) = saved.path.parent.glob("progress-damaged-*.sqlite")
    assert aside.read_bytes() == bad
    assert saved.notice.startswith("The progress file was damaged (")
    assert saved.notice.endswith(
        f"); it is kept as {aside.name}, and progress starts afresh. Your answers in the notebooks are untouched."
    )


def test_what_another_kernel_had_not_yet_moved_into_a_damaged_file_is_kept_beside_it(saved):
    saved.merge_json(MANY)
    with closing(sqlite3.connect(saved.path)) as other:
        other.execute("UPDATE prediction SET guess = 'of the other kernel'")
        other.commit()
        log = saved.path.with_name("progress.sqlite-wal").read_bytes()
        assert b"of the other kernel" in log
        saved.path.write_bytes(b"not a database at all" * 1000)
        saved.record_hint("masked_mean", 1)
        (aside,) = saved.path.parent.glob("progress-damaged-*.sqlite")
        assert aside.with_name(f"{aside.name}-wal").read_bytes() == log
        assert aside.with_name(f"{aside.name}-shm").exists()
    assert saved.exercise("masked_mean")["hints"] == 1


def test_a_sound_file_needs_no_words_and_is_marked_with_its_version(saved):
    saved.record_check(PASSED)
    assert saved.exercises()
    assert saved.notice == ""
    with closing(sqlite3.connect(saved.path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.fixture
def old(saved):
    """A file as the first version wrote it, with one row in every table."""
    with closing(sqlite3.connect(saved.path)) as db:
        db.executescript(f"{FIRST_TABLES} PRAGMA user_version = 1;")
        db.execute("INSERT INTO exercise (id, attempts) VALUES ('masked_mean', 3)")
        db.execute("INSERT INTO quiz VALUES ('05', ?, 6, 7)", (EARLY,))
        db.execute("INSERT INTO prediction VALUES ('where', '?', 'yes', ?)", (EARLY,))
        db.commit()
    return saved


def test_a_file_of_the_first_version_keeps_everything_and_takes_up_what_is_new(old):
    old.record_place("05_missing_labels", "The mask", 1, 2)
    assert (old.exercise("masked_mean")["attempts"], old.quick_tests()["05"]["best"]) == (3, 6)
    assert old.predictions()["where"]["confidence"] == ""
    assert old.places()["05_missing_labels"]["section"] == "The mask"


def test_a_file_of_the_first_version_on_a_disk_that_cannot_be_written_is_read(old, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert old.predictions()["where"] == {
        "id": "where", "question": "?", "guess": "yes", "made": EARLY, "confidence": "", "answer": ""
    }  # fmt: skip
    assert (old.mistakes(), old.cards(), old.remembered("anything")) == ([], {}, None)


def test_an_upgrade_that_fails_halfway_leaves_the_file_as_it_was(old, monkeypatch):
    monkeypatch.setattr(module, "MIGRATIONS", (FIRST_TABLES, "ALTER TABLE quiz ADD COLUMN x TEXT; SELECT * FROM none"))
    with pytest.raises(ProgressError, match="no such table"):
        old.quick_tests()
    monkeypatch.undo()
    assert old.quick_tests() == {"05": {"attempts": 1, "best": 6, "out_of": 7}}


def test_known_mistakes_are_counted_by_name(saved, clock):
    clock(1, 2, 3)
    for result in (NAMED, NAMED, FAILED):
        saved.record_check(result, "code")
    one = {"exercise": "masked_mean", "name": "all_rows", "times": 2}
    assert saved.mistakes() == [one | {"first": "2026-01-01T10:01:00+00:00", "last": "2026-01-01T10:02:00+00:00"}]


def test_places_milestones_written_answers_and_cards_are_given_back(full):
    assert (full.places()["05_missing_labels"]["cells"], full.milestones()) == (4, {"P1": ["split"]})
    assert full.written() == {"ps05-written": "begun"}
    assert (full.cards()["quiz-05-3"]["due"], full.cards()["quiz-05-3"]["data"]) == (LATE, {"question": "?"})
    assert (full.remembered("explore-lambda"), full.remembered("another")) == ([0.5, "é"], None)


@pytest.mark.parametrize("damage", ["{", "[" * 100_000, ""])
def test_what_is_remembered_but_damaged_is_none(saved, damage):
    (card,), (value,) = SOUND["card"], SOUND["memory"]
    saved.merge_json(SOUND | {"card": [card | {"data": damage}], "memory": [value | {"value": damage}]})
    assert saved.cards() == {card["id"]: card | {"data": None}}
    assert saved.remembered(value["key"]) is None


def test_an_answer_to_a_card_is_saved_once_whoever_gives_it(saved):
    def answer(seen, step):
        return saved.record_seen("question/05/total", "question", step, LATE, seen, 0, {"last": LATE})

    assert [answer(1, 1), answer(1, 0), answer(2, 2), answer(2, 0), answer(5, 0)] == [True, False, True, False, False]
    row = saved.cards()["question/05/total"]
    assert (row["step"], row["seen"], row["data"]) == (2, 2, {"last": LATE})


def test_a_file_that_somebody_else_is_writing_is_waited_for_and_never_taken_for_damaged(saved, monkeypatch):
    saved.record_check(FAILED)
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(saved.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProgressError, match="database is locked"):
            saved.record_check(FAILED)
        assert saved.exercise("masked_mean")["attempts"] == 1
    saved.record_check(FAILED)
    assert saved.exercise("masked_mean")["attempts"] == 2
    assert [path.name for path in saved.path.parent.glob("*damaged*")] == []


def test_a_folder_in_the_place_of_the_file_is_left_there(tmp_path):
    (tmp_path / "progress.sqlite").mkdir()
    with pytest.raises(ProgressError, match="cannot be read or saved"):
        Progress(tmp_path / "progress.sqlite").record_check(PASSED)
    assert [path.name for path in tmp_path.iterdir()] == ["progress.sqlite"]


def test_the_folder_of_the_file_is_made_when_something_is_saved(tmp_path):
    saved = Progress(tmp_path / "not" / "yet" / "progress.sqlite")
    saved.record_hint("masked_mean", 1)
    assert saved.exercise("masked_mean")["hints"] == 1


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are another thing there")
def test_a_disk_that_cannot_be_written_is_read_and_gets_no_file(saved, monkeypatch):
    saved.record_quick_test("05", 6, 7)
    before = {path: path.read_bytes() for path in saved.path.parent.iterdir()}
    monkeypatch.setattr(module.os, "access", lambda path, mode: (path, mode) != (saved.path.parent, os.W_OK))
    monkeypatch.setattr(saved, "_connect", None)
    assert saved.quick_tests()["05"] == {"attempts": 1, "best": 6, "out_of": 7}
    assert {path: path.read_bytes() for path in saved.path.parent.iterdir()} == before


def cut(path: Path) -> bytes:
    content = path.read_bytes()
    return content[:4096] + b"\xff" * 4096 + content[8192:-4096]


def test_a_file_of_a_newer_version_is_left_alone(saved):
    saved.record_check(PASSED)
    with closing(sqlite3.connect(saved.path)) as db:
        db.execute("PRAGMA user_version = 99")
    for use in (lambda: saved.record_check(PASSED), saved.exercises):
        with pytest.raises(ProgressError, match=r"written by a newer mtl-teach \(version 99\); upgrade with"):
            use()
    assert [path.name for path in saved.path.parent.glob("*damaged*")] == []
    with closing(sqlite3.connect(saved.path)) as db:
        assert db.execute("SELECT attempts FROM exercise").fetchall() == [(1,)]


def test_a_place_that_cannot_be_written_says_so_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ProgressError, match=r"Progress cannot be read or saved in .*progress\.sqlite \(.*Check that"):
        Progress(tmp_path / "file" / "progress.sqlite").record_check(PASSED)


def _attempt(path: str, times: int) -> None:
    for _ in range(times):
        Progress(Path(path)).record_check(FAILED)


def test_several_kernels_may_save_at_once(saved):
    context = multiprocessing.get_context("spawn")
    kernels = [context.Process(target=_attempt, args=(str(saved.path), 20)) for _ in range(3)]
    for process in kernels:
        process.start()
    for process in kernels:
        process.join()
    assert [process.exitcode for process in kernels] == [0, 0, 0]
    assert saved.exercise("masked_mean")["attempts"] == 60


def test_an_error_in_the_middle_leaves_nothing_half_written(saved):
    saved.record_check(FAILED)

    def interrupted():
        with saved._writing() as db:
            db.execute("UPDATE exercise SET attempts = 99")
            raise KeyError("interrupted")

    with pytest.raises(KeyError, match="interrupted"):
        interrupted()
    assert saved.exercise("masked_mean")["attempts"] == 1


# ---- JSON ------------------------------------------------------------------------------------------------------


@pytest.fixture
def full(saved, clock):
    """Progress with something in every column."""
    clock(*range(1, 19))
    saved.record_check(FAILED, "code")
    saved.record_check(PASSED, "code")
    saved.record_hint("masked_mean", 1)
    saved.record_reveal("masked_mean", gave_up=True)
    saved.record_quick_test("05", 6, 7)
    saved.record_quick_test("04", 3, 7)
    saved.record_prediction("where", "?", "yes", "sure", "no")
    saved.record_check(replace(NAMED, exercise="loss_shares"), "other")
    saved.record_place("05_missing_labels", "The mask", 4, 9)
    saved.record_milestone("P1", "split")
    saved.record_written("ps05-written", "begun")
    saved.record_card("quiz-05-3", "quiz", 1, LATE, 2, 1, {"question": "?"})
    saved.remember("explore-lambda", [0.5, "é"])
    return saved


def test_an_export_says_what_it_is_and_has_every_row_in_order(full):
    data = full.to_json()
    assert (data["format"], data["version"]) == ("mtl-teach progress", 2)
    assert set(data) == {"format", "version", *KEYS}
    assert [row["id"] for row in data["exercise"]] == ["loss_shares", "masked_mean"]
    assert [(row["id"], row["score"], row["out_of"]) for row in data["quiz"]] == [("04", 3, 7), ("05", 6, 7)]
    assert all(value for row in data["exercise"][1:] for value in row.values())
    assert all(value for table in KEYS if table != "exercise" for row in data[table] for value in row.values())


def test_export_and_import_on_another_computer_gives_the_same(full, tmp_path):
    data = json.loads(json.dumps(full.to_json()))
    other = Progress(tmp_path / "other.sqlite")
    for _ in range(2):
        assert other.merge_json(data) == 11
        assert other.to_json() == data


def exported(**columns):
    """An export of one exercise."""
    row = Progress.blank("masked_mean") | columns
    return EMPTY | {"exercise": [row]}


@pytest.mark.parametrize(
    ("column", "mine", "theirs", "merged"),
    [
        *((column, 2, 5, 5) for column in ("attempts", "hints", "best", "out_of", "minutes")),
        *((column, 5, 2, 5) for column in ("attempts", "hints", "best", "out_of", "minutes")),
        ("gave_up", 0, 1, 1),
        ("gave_up", 1, 0, 1),
        ("first_pass", EARLY, LATE, EARLY),
        ("first_pass", LATE, EARLY, EARLY),
        ("first_pass", None, LATE, LATE),
        ("first_pass", LATE, None, LATE),
        ("first_pass", None, None, None),
        ("revealed", None, LATE, LATE),
        ("revealed", LATE, None, LATE),
        ("revealed", LATE, EARLY, LATE),
        ("answer", "", "theirs", "theirs"),
        ("answer", "mine", "", "mine"),
        ("answer", "mine", "theirs", "mine"),
        ("content", "mine", "theirs", "mine"),
    ],
)
def test_an_import_takes_the_better_of_both_and_keeps_what_is_here(saved, column, mine, theirs, merged):
    saved.merge_json(exported(**{column: mine}))
    for _ in range(2):
        saved.merge_json(exported(**{column: theirs}))
        assert saved.exercise("masked_mean") == Progress.blank("masked_mean") | {column: merged}


def test_quick_tests_and_guesses_of_both_computers_are_kept_and_what_is_here_stays(saved, tmp_path):
    other = Progress(tmp_path / "other.sqlite")
    for progress, score in ((saved, 3), (other, 5)):
        progress.record_quick_test("05", score, 7)
        progress.record_prediction("where", "?", f"guess {score}")
    other.record_prediction("large", "?", "5")
    saved.merge_json(other.to_json())
    assert saved.quick_tests()["05"] == {"attempts": 2, "best": 5, "out_of": 7}
    assert (saved.prediction("where"), saved.prediction("large")) == ("guess 3", "5")


TIMED = [
    ("place", {"section": "The mask"}, {"section": "The mean"}),
    ("written", {"state": "begun"}, {"state": "done"}),
    ("card", {"step": 1, "due": EARLY}, {"step": 2, "due": LATE}),
    ("memory", {"value": "[1]"}, {"value": "[2]"}),
]


@pytest.mark.parametrize(("table", "before", "after"), TIMED, ids=[case[0] for case in TIMED])
@pytest.mark.parametrize("order", [1, -1], ids=["here first", "there first"])
def test_of_what_has_a_time_an_import_keeps_the_later(saved, table, before, after, order):
    (row,) = SOUND[table]
    older, newer = row | before | {"at": EARLY}, row | after | {"at": LATE}
    for one in [older, newer][::order]:
        saved.merge_json(EMPTY | {table: [one]})
    assert saved.to_json()[table] == [newer]
    saved.merge_json(EMPTY | {table: [older | {"at": LATE}]})
    assert saved.to_json()[table] == [newer]  # of the same time: what is here stays


@pytest.mark.parametrize("order", [1, -1])
def test_an_import_adds_no_mistake_twice_and_knows_when_it_was_first_and_last_made(saved, order):
    (row,) = SOUND["mistake"]
    one, other = row | {"times": 3, "last": EARLY}, row | {"times": 2, "first": LATE}
    for each in [one, other][::order]:
        saved.merge_json(EMPTY | {"mistake": [each]})
    assert saved.mistakes() == [row | {"times": 3}]


def test_an_export_of_the_first_version_is_read(saved):
    guess = {"id": "where", "question": "?", "guess": "yes", "made": EARLY}
    old = {"format": module.FORMAT, "version": 1, "exercise": [], "quiz": [], "prediction": [guess]}
    assert saved.merge_json(old) == 1
    assert saved.predictions() == {"where": guess | {"confidence": "", "answer": ""}}
    with pytest.raises(ProgressError, match="`quiz` must be a list"):
        saved.merge_json({name: old[name] for name in old if name != "quiz"})


def test_what_a_row_has_besides_is_left_out(saved):
    assert saved.merge_json(exported(attempts=3, mood="good")) == 1
    assert saved.exercise("masked_mean") == Progress.blank("masked_mean") | {"attempts": 3}


@pytest.mark.parametrize(
    ("data", "match"),
    [
        ([], "not an export of `mtl-teach export`; nothing was imported"),
        ({"format": "something"}, "not an export"),
        ({"format": module.FORMAT, "version": 7}, "has version 7, this mtl-teach reads 2; upgrade it first"),
        ({"format": module.FORMAT, "version": 0}, "has version 0"),
        ({"format": module.FORMAT}, "has version None"),
        ({"format": module.FORMAT, "version": 1}, "`exercise` must be a list; nothing was imported"),
        (exported() | {"quiz": {}}, "`quiz` must be a list"),
        (exported() | {"prediction": None}, "`prediction` must be a list"),
        (exported() | {"exercise": [3]}, "a row of `exercise` is not as written; nothing was imported"),
    ],
)
def test_what_is_no_export_is_refused_and_nothing_is_imported(saved, data, match):
    with pytest.raises(ProgressError, match=match):
        saved.merge_json(data)
    assert not saved.path.exists()


SOUND = exported(best=2.0, first_pass=EARLY, revealed=EARLY, answer="code") | {
    "quiz": [{"id": "05", "taken": EARLY, "score": 6, "out_of": 7}],
    "prediction": [
        {"id": "where", "question": "?", "guess": "yes", "made": EARLY, "confidence": "sure", "answer": "no"}
    ],
    "mistake": [{"exercise": "masked_mean", "name": "all_rows", "times": 2, "first": EARLY, "last": LATE}],
    "place": [{"lesson": "05_missing_labels", "section": "The mask", "cells": 4, "out_of": 9, "at": EARLY}],
    "milestone": [{"project": "P1", "name": "split", "passed": EARLY}],
    "written": [{"id": "ps05-written", "state": "begun", "at": EARLY}],
    "card": [
        {"id": "c", "kind": "quiz", "step": 1, "due": LATE, "seen": 2, "wrong": 1, "data": '{"a": 1}', "at": EARLY}
    ],
    "memory": [{"key": "explore-lambda", "value": "[0.5]", "at": EARLY}],
}
KINDS = {
    "exercise": {
        "text": ("id", "content", "answer"),
        "count": ("attempts", "hints", "gave_up"),
        "number": ("best", "out_of", "minutes"),
        "text or nothing": ("first_pass", "revealed"),
    },
    "quiz": {"text": ("id", "taken"), "count": ("score", "out_of")},
    "prediction": {"text": ("id", "question", "guess", "made", "confidence", "answer")},
    "mistake": {"text": ("exercise", "name", "first", "last"), "count": ("times",)},
    "place": {"text": ("lesson", "section", "at"), "count": ("cells", "out_of")},
    "milestone": {"text": ("project", "name", "passed")},
    "written": {"text": ("id", "state", "at")},
    "card": {"text": ("id", "kind", "due", "data", "at"), "count": ("step", "seen", "wrong")},
    "memory": {"text": ("key", "value", "at")},
}
ODD = {
    "text": (5, None, True),
    "count": (2.5, "2", None, True),
    "number": ("2", None, True),
    "text or nothing": (5, False),
}
ODD_ROWS = [
    pytest.param(table, column, value, id=f"{table}.{column}: {value!r}")
    for table, kinds in KINDS.items()
    for kind, columns in kinds.items()
    for column in columns
    for value in (*ODD[kind], "left out")
]


def test_sound_rows_of_every_table_are_imported(saved):
    assert saved.merge_json(SOUND) == 9
    assert saved.to_json() == SOUND


@pytest.mark.parametrize(("table", "column", "value"), ODD_ROWS)
def test_a_row_with_one_damaged_column_is_refused_and_nothing_is_imported(saved, table, column, value):
    (row,) = SOUND[table]
    bad = {name: row[name] for name in row if name != column} | ({column: value} if value != "left out" else {})
    with pytest.raises(ProgressError, match=f"The export is damaged: a row of `{table}` is not as written"):
        saved.merge_json(SOUND | {table: [row, bad]})
    assert not saved.path.exists()


def test_a_whole_number_is_good_enough_for_points_and_minutes(saved):
    saved.merge_json(exported(best=2, out_of=3, minutes=4))
    row = saved.exercise("masked_mean")
    assert (row["best"], row["out_of"], row["minutes"]) == (2.0, 3.0, 4.0)


def test_an_export_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ProgressError, match=r"none\.json cannot be read: No such file or directory\."):
        read_export(tmp_path / "none.json")
    for content in (b"{", "é".encode("latin-1")):
        (tmp_path / "bad.json").write_bytes(content)
        with pytest.raises(ProgressError, match=r"bad\.json is not JSON \(.*\); nothing was imported"):
            read_export(tmp_path / "bad.json")
    (tmp_path / "good.json").write_text('{"guess": "é"}', encoding="utf-8")
    assert read_export(tmp_path / "good.json") == {"guess": "é"}


# ---- the listener ----------------------------------------------------------------------------------------------


def test_a_check_in_a_workspace_is_saved(workspace, capsys):
    autograder.check("masked_mean", lambda values, mask: values[mask].sum())
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["attempts"] == 1
    assert "not saved" not in capsys.readouterr().out


def test_a_check_in_a_folder_below_is_saved_in_the_workspace(workspace, monkeypatch):
    monkeypatch.chdir(workspace / "exercises" / "ps05_missing_labels")
    listen(PASSED, ["one", "two"])
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["answer"] == "one\n\ntwo"
    assert Progress.here().path == Progress.here(workspace / "lessons").path == workspace / PROGRESS


def test_outside_any_workspace_nothing_is_saved_and_that_is_said_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(kernel, "_said", set())
    monkeypatch.chdir(tmp_path)
    for _ in range(3):
        listen(PASSED, [])
    assert list(tmp_path.iterdir()) == []
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"{module.NOWHERE}\n")
    assert "make a workspace with: mtl-teach start" in module.NOWHERE
    assert Progress.here() is None


def test_a_disk_that_cannot_be_written_is_said_once_and_the_check_goes_on(workspace, capsys):
    (workspace / PROGRESS).mkdir()
    for _ in range(3):
        listen(PASSED, [])
    said = capsys.readouterr().err
    assert said.count("Progress cannot be read or saved in") == 1
    assert len(said.splitlines()) == 1


def test_a_damaged_file_is_said_to_the_learner(workspace, capsys):
    (workspace / PROGRESS).write_bytes(b"x" * 5000)
    listen(PASSED, [])
    assert "kept as progress-damaged-" in capsys.readouterr().err
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["attempts"] == 1


def test_saving_gives_back_what_the_write_gives(workspace):
    assert save(lambda progress: progress.path) == workspace / PROGRESS


def test_an_upgrade_is_said_before_anything_else_is_tried(workspace, monkeypatch, capsys):
    monkeypatch.setattr(module, "upgraded", lambda: "It was upgraded.")
    monkeypatch.setattr(module, "mismatch", lambda root: f"{root.name} is older.")

    def refuse(progress):
        raise ProgressError("It cannot be saved.")

    assert save(refuse) is None
    assert capsys.readouterr().err == "It was upgraded.\nIt cannot be saved.\n"
    monkeypatch.setattr(module, "upgraded", lambda: "")
    save(lambda progress: progress.record_hint("masked_mean", 1))
    assert capsys.readouterr().err == "mtl-course is older.\n"


def test_an_error_of_ours_while_saving_is_not_hidden(workspace):
    with pytest.raises(ZeroDivisionError):
        save(lambda progress: 1 / 0)


WRITER = """
import sys
from mtl_teach.learn.progress import Progress
saved = Progress(__import__("pathlib").Path(sys.argv[1]))
for number in range(1, 4):
    saved.record_hint("masked_mean", number)
print("ready", flush=True)
while True:
    saved.record_quick_test("05", 5, 7)
    print(saved.quick_tests()["05"]["attempts"], flush=True)
"""


def test_a_process_killed_in_the_middle_of_writing_loses_nothing_that_was_written(saved):
    said = 0
    for delay in (0.0, 0.003, 0.01, 0.02, 0.05):
        command = [sys.executable, "-c", WRITER, str(saved.path)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        with writer:
            assert writer.stdout.readline() == "ready\n"
            time.sleep(delay)
            writer.kill()
            lines = [line for line in writer.stdout.read().splitlines() if line]
        said = max([said, *map(int, lines[:-1])])
        assert saved.exercise("masked_mean")["hints"] == 3
        assert saved.quick_tests().get("05", {"attempts": 0})["attempts"] >= said
    assert [path.name for path in saved.path.parent.iterdir() if "damaged" in path.name] == []
