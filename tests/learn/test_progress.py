"""Progress is never lost, never in the way, and safe with several kernels at once."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import autograder
from autograder import kernel
from autograder.results import Cause, CheckResult, ExerciseResult, Verdict
from mtl_teach.learn import progress as module
from mtl_teach.learn.lesson.after_check import listen
from mtl_teach.learn.progress import Progress, ProgressError, read_export, save
from mtl_teach.learn.workspace.places import PROGRESS

PASSED = ExerciseResult(
    "masked_mean", "Mean", "05_missing_labels", (CheckResult("test_value", Verdict.PASSED, 2.0, 2.0, "Right."),)
)
FAILED = replace(PASSED, checks=(replace(PASSED.checks[0], verdict=Verdict.FAILED, points=0.0),))
STUB = replace(FAILED, checks=(replace(FAILED.checks[0], cause=Cause.NOT_STARTED),))


@pytest.fixture
def saved(tmp_path):
    return Progress(tmp_path / "progress.sqlite")


def test_attempts_are_counted_and_the_first_pass_stays(saved):
    for result in (FAILED, PASSED, FAILED, PASSED):
        saved.record_check(result, "def masked_mean(): ...")
    row = saved.exercise("masked_mean")
    assert (row["attempts"], row["best"], row["out_of"]) == (4, 2.0, 2.0)
    assert row["first_pass"]
    assert row["answer"] == "def masked_mean(): ..."


def test_running_the_untouched_stub_is_no_attempt(saved):
    saved.record_check(STUB)
    assert saved.exercise("masked_mean") == Progress.blank("masked_mean")


def test_rows_carry_the_hash_of_what_the_exercise_asks(saved):
    saved.record_check(PASSED)
    assert saved.exercise("masked_mean")["content"] == module.content_hash("masked_mean")
    assert len(module.content_hash("masked_mean")) == 16


def test_hints_and_reveals_are_recorded(saved):
    saved.record_hint("masked_mean", 2)
    saved.record_hint("masked_mean", 1)
    saved.record_reveal("masked_mean", gave_up=True)
    saved.record_reveal("masked_mean", gave_up=False)
    row = saved.exercise("masked_mean")
    assert (row["hints"], row["gave_up"]) == (2, 1)
    assert row["revealed"]


def test_the_best_score_of_a_quick_test_counts(saved):
    for score in (3, 6, 5):
        saved.record_quick_test("05", score, 7)
    assert saved.quick_tests() == {"05": {"attempts": 3, "best": 6, "out_of": 7}}


def test_a_later_prediction_replaces_the_earlier(saved):
    saved.record_prediction("where", "Is the gradient right?", "yes")
    saved.record_prediction("where", "Is the gradient right?", "no")
    assert saved.prediction("where") == "no"
    assert saved.prediction("other") == ""


@pytest.mark.parametrize(
    ("pause", "counted"), [(5, 5.0), (15, 15.0), (16, 0.0)], ids=["work", "still work", "the learner was away"]
)
def test_minutes_are_the_time_between_events_without_long_pauses(saved, monkeypatch, pause, counted):
    times = iter(["2026-01-01T10:00:00+00:00", f"2026-01-01T10:{pause:02}:00+00:00"])
    monkeypatch.setattr(module, "_now", lambda: next(times))
    saved.record_check(FAILED)
    saved.record_check(FAILED)
    assert saved.exercise("masked_mean")["minutes"] == counted


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
    for number in range(200):
        saved.record_prediction(f"p{number}", "question " * 20, "guess")
    with closing(sqlite3.connect(saved.path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    damage(saved.path)
    bad = saved.path.read_bytes()
    saved.record_check(PASSED)
    assert saved.exercise("masked_mean")["attempts"] == 1
    (aside,) = saved.path.parent.glob("progress-damaged-*.sqlite")
    assert aside.read_bytes() == bad
    assert saved.notice.startswith("The progress file was damaged")
    assert aside.name in saved.notice


def cut(path: Path) -> bytes:
    content = path.read_bytes()
    return content[:4096] + b"\xff" * 4096 + content[8192:-4096]


def test_a_file_of_a_newer_version_is_left_alone(saved):
    saved.record_check(PASSED)
    with closing(sqlite3.connect(saved.path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ProgressError, match=r"written by a newer mtl-teach \(version 99\); upgrade with"):
        saved.record_check(PASSED)


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


def test_export_and_import_on_another_computer_gives_the_same(saved, tmp_path):
    saved.record_check(FAILED, "code")
    saved.record_check(PASSED, "code")
    saved.record_hint("masked_mean", 1)
    saved.record_quick_test("05", 6, 7)
    saved.record_prediction("where", "?", "yes")
    data = json.loads(json.dumps(saved.to_json()))
    other = Progress(tmp_path / "other.sqlite")
    assert other.merge_json(data) == 3
    assert other.to_json() == data
    other.merge_json(data)
    assert other.to_json() == data


def test_importing_never_takes_away(saved, tmp_path):
    other = Progress(tmp_path / "other.sqlite")
    other.record_check(FAILED)
    saved.record_check(FAILED)
    saved.record_check(PASSED, "mine")
    saved.merge_json(other.to_json())
    row = saved.exercise("masked_mean")
    assert (row["attempts"], row["best"], row["answer"]) == (2, 2.0, "mine")
    assert row["first_pass"]
    other.merge_json(saved.to_json())
    assert other.exercise("masked_mean")["first_pass"] == row["first_pass"]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        ([], "not an export"),
        ({"format": "something"}, "not an export"),
        ({"format": module.FORMAT, "version": 7}, "has version 7"),
        ({"format": module.FORMAT, "version": 1}, "`exercise` must be a list"),
        ({"format": module.FORMAT, "version": 1, "exercise": [3], "quiz": [], "prediction": []}, "a row of `exercise`"),
        (
            {"format": module.FORMAT, "version": 1, "exercise": [], "quiz": [{"id": 5}], "prediction": []},
            "a row of `quiz`",
        ),
    ],
)
def test_what_is_no_export_is_refused_and_nothing_is_imported(saved, data, match):
    with pytest.raises(ProgressError, match=match):
        saved.merge_json(data)
    assert saved.exercises() == {}


def test_an_export_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ProgressError, match=r"none\.json cannot be read"):
        read_export(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(ProgressError, match=r"bad\.json is not JSON"):
        read_export(tmp_path / "bad.json")


# ---- the listener ----------------------------------------------------------------------------------------------


def test_a_check_in_a_workspace_is_saved(workspace, capsys):
    autograder.check("masked_mean", lambda values, mask: values[mask].sum())
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["attempts"] == 1
    assert "not saved" not in capsys.readouterr().out


def test_a_check_in_a_folder_below_is_saved_in_the_workspace(workspace, monkeypatch):
    monkeypatch.chdir(workspace / "exercises" / "ps05_missing_labels")
    listen(PASSED, ["source"])
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["answer"] == "source"


def test_outside_any_workspace_nothing_is_saved_and_that_is_said_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(kernel, "_said", set())
    monkeypatch.chdir(tmp_path)
    for _ in range(3):
        listen(PASSED, [])
    assert list(tmp_path.iterdir()) == []
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", f"{module.NOWHERE}\n")


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
    assert save(lambda progress: progress.path.name) == "progress.sqlite"


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
