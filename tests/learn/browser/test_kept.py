"""Several notebooks are open, each with a kernel: none loses what another one kept, whatever lies in the storage."""

import json
import random

import pytest

from mtl_teach.learn import progress as progress_module
from mtl_teach.learn.browser import kept
from mtl_teach.learn.progress import Progress, ProgressError, keep, look, save
from mtl_teach.learn.workspace.places import find_workspace
from tests.learn.browser.conftest import on


def test_what_one_kernel_keeps_another_one_reads(kernel_of):
    one, other = kernel_of("one"), kernel_of("other")
    one.record_hint("masked_mean", 2)
    assert other.exercise("masked_mean")["hints"] == 2
    other.record_quick_test("05", 6, 7)
    assert one.quick_tests()["05"]["best"] == 6


def test_kernels_that_take_turns_in_any_order_lose_nothing(kernel_of, drive):
    rng = random.Random(3)
    kernels = [kernel_of(f"kernel {number}") for number in range(3)]
    for number in range(60):
        rng.choice(kernels).record_milestone("P1", f"milestone {number:02}")
        rng.choice(kernels).places()
    expected = [f"milestone {number:02}" for number in range(60)]
    assert [row["name"] for row in on(drive)["milestone"]] == expected
    assert all(sorted(one.milestones()["P1"]) == expected for one in kernels)
    assert kernel_of("a new one").milestones()["P1"] == expected


def test_attempts_in_two_kernels_are_added_up(kernel_of, monkeypatch):
    one, other = kernel_of("one"), kernel_of("other")
    for progress in (one, other, one):
        with progress._writing() as db:
            db.execute("INSERT INTO mistake VALUES ('a', 'b', 1, '1', '1') ON CONFLICT DO UPDATE SET times = times + 1")
    assert one.mistakes()[0]["times"] == other.mistakes()[0]["times"] == 3


def test_a_later_prediction_and_a_later_answer_are_not_put_back(kernel_of, drive):
    one, other = kernel_of("one"), kernel_of("other")
    one.record_prediction("scale", "Which?", "the first")
    assert other.prediction("scale") == "the first"
    one.record_prediction("scale", "Which?", "the first", answer="the second")
    other.record_hint("masked_mean", 1)
    assert on(drive)["prediction"][0]["answer"] == "the second"
    assert other.predictions()["scale"]["answer"] == "the second"


def test_two_that_write_in_the_same_moment_come_together_at_the_next_write(kernel_of, drive, monkeypatch):
    one, other = kernel_of("one"), kernel_of("other")
    other.places()
    with monkeypatch.context() as blind:
        blind.setattr(kept.Kept, "changed", lambda *_: None)
        one.record_hint("first", 1)
        other.record_hint("second", 1)
    assert [row["id"] for row in on(drive)["exercise"]] == ["second"]
    one.record_hint("third", 1)
    assert [row["id"] for row in on(drive)["exercise"]] == ["first", "second", "third"]


@pytest.mark.parametrize(
    "damaged",
    [b"{", b"\xff\xfe", b"[]", b'{"format": "another"}', b"[" * 100_000, b'"' + b"x" * 100],
    ids=["cut short", "no text", "a list", "of another program", "nested", "a torn string"],
)
def test_a_damaged_file_is_kept_aside_and_said(drive, damaged, capsys):
    (drive / kept.FILE).parent.mkdir()
    (drive / kept.FILE).write_bytes(damaged)
    save(lambda progress: progress.record_hint("masked_mean", 1))
    assert "was damaged" in capsys.readouterr().err
    (aside,) = (drive / kept.FILE).parent.glob("progress-damaged-*.txt")
    assert aside.read_bytes() == damaged
    assert on(drive)["exercise"][0]["hints"] == 1
    assert look(lambda progress: progress.exercise("masked_mean")["hints"], None) == 1


def test_rows_that_are_not_as_written_are_damage_too(kernel_of, drive):
    kernel_of("one").record_hint("masked_mean", 1)
    data = on(drive)
    data["exercise"][0]["hints"] = "many"
    (drive / kept.FILE).write_text(json.dumps(data))
    progress = kernel_of("other")
    progress.record_hint("weighted_total", 2)
    assert [row["id"] for row in on(drive)["exercise"]] == ["weighted_total"]
    assert "it is not as written" in progress.notice


def test_an_empty_file_is_one_that_somebody_is_writing(kernel_of, drive):
    (drive / kept.FILE).parent.mkdir()
    (drive / kept.FILE).write_bytes(b"")
    progress = kernel_of("one")
    progress.record_hint("masked_mean", 1)
    assert (progress.notice, on(drive)["exercise"][0]["hints"]) == ("", 1)


def test_what_a_newer_version_kept_is_never_written_over(kernel_of, drive):
    kernel_of("one").record_hint("masked_mean", 1)
    newer = json.dumps({**on(drive), "version": 99})
    (drive / kept.FILE).write_text(newer)
    progress = kernel_of("other")
    for _ in range(2):
        with pytest.raises(ProgressError, match=r"version 99.* reload the page first"):
            progress.record_hint("weighted_total", 2)
    assert (drive / kept.FILE).read_text() == newer


def test_what_an_older_version_kept_is_taken_over(kernel_of, drive):
    kernel_of("one").record_prediction("scale", "Which?", "the first")
    data = on(drive)
    old = {name: data[name] for name in ("format", "exercise", "quiz")}
    old["prediction"] = [{name: data["prediction"][0][name] for name in ("id", "question", "guess", "made")}]
    (drive / kept.FILE).write_text(json.dumps({**old, "version": 1}))
    other = kernel_of("other")
    other.record_hint("masked_mean", 1)
    assert on(drive)["version"] == 2
    assert on(drive)["prediction"][0]["guess"] == "the first"


def test_a_shorter_text_in_the_place_of_a_longer_one_is_still_json(drive):
    file = drive / "some.txt"
    for text in (b'"a long text, longer than the next"', b'"short"', b'"again a longer one, up to its end"'):
        kept.replace(file, text)
        assert file.read_bytes().strip() == text
        assert json.loads(file.read_bytes())


def test_a_storage_that_fails_is_said_and_the_copy_of_this_kernel_has_it(kernel_of, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    progress = kernel_of("one")
    with monkeypatch.context() as failing:
        failing.setattr(kept, "replace", full)
        with pytest.raises(ProgressError, match=r"in your browser's storage .*No space left"):
            progress.record_hint("masked_mean", 1)
    assert progress.exercise("masked_mean")["hints"] == 1
    progress.record_hint("weighted_total", 1)
    assert kernel_of("other").exercise("masked_mean")["hints"] == 1


def test_reading_many_tables_looks_once(kernel_of, monkeypatch):
    one, other = kernel_of("one"), kernel_of("other")
    monkeypatch.setattr(kept, "AGE", 60.0)
    other.places()
    one.record_hint("masked_mean", 2)
    assert other.exercise("masked_mean")["hints"] == 0
    other.record_hint("weighted_total", 1)  # who writes looks
    assert other.exercise("masked_mean")["hints"] == 2


def test_the_whole_storage_is_the_workspace(drive, tmp_path):
    assert find_workspace() == find_workspace(tmp_path) == drive
    assert Progress.here().path == progress_module.MEMORY / "progress.sqlite"
    keep("a", [1])
    assert on(drive)["memory"][0]["key"] == "a"


def test_without_storage_one_sentence_says_so(drive, capsys):
    drive.rmdir()
    assert save(lambda progress: progress.record_hint("masked_mean", 1)) is None
    save(lambda progress: progress.record_hint("masked_mean", 1))
    said = capsys.readouterr().err
    assert said.count("gives this page no storage") == 1
    assert "mtl-teach" not in said
