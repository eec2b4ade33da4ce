"""A record's seed and key: what decides the marks is in them, and nothing else."""

import hashlib
import hmac
import platform
from importlib import metadata
from pathlib import Path

import pytest

from autograder import (
    bubblewrap,
    channel,
    diagnosis,
    lockdown,
    runner,
    sandbox,
    students,
    submission,
    testing,
    zygote,
)
from autograder.results import CheckResult, ExerciseResult, Verdict
from autograder.sandbox import Limits
from autograder.submission import (
    Assignment,
    Job,
    blank_record,
    checks_digest,
    environment,
    key_of,
    results_of,
    seed_for,
)

SECRET = b"s" * 32
ASSIGNMENT = Assignment("ps01", ("weighted_total",), (("setup", "x = 1"),), ("setup", "check-weighted_total"))
FACTS = {
    "student": "ada",
    "assignment": ASSIGNMENT,
    "notebook": b"{}",
    "secret": SECRET,
    "layers": ("separate process", "seccomp"),
}


# ---- the seed ------------------------------------------------------------------------------------------------------


def test_the_seed_is_a_keyed_hash_of_student_and_exercise():
    expected = hmac.new(SECRET, b"ada\0weighted_total", hashlib.sha256).digest()
    assert seed_for(SECRET, "ada", "weighted_total") == expected
    assert seed_for(SECRET, "åda", "weighted_total") == (
        hmac.new(SECRET, "åda\0weighted_total".encode(), hashlib.sha256).digest()
    )


def test_every_secret_student_and_exercise_has_a_seed_of_its_own():
    seeds = {
        seed_for(secret, student, exercise)
        for secret in (SECRET, b"t" * 32)
        for student in ("ada", "bob", "adaw")
        for exercise in ("weighted_total", "eighted_total", "latency_objective")
    }
    assert len(seeds) == 18


# ---- the key -------------------------------------------------------------------------------------------------------


def key(**changed):
    return key_of(**{**FACTS, **changed})


def other_assignment(**changed):
    return Assignment(**{**vars(ASSIGNMENT), **changed})


def test_the_same_facts_have_the_same_key():
    assert key() == key(assignment=other_assignment())
    assert len(key()) == 64


@pytest.mark.parametrize(
    "changed",
    [
        {"student": "bob"},
        {"notebook": b"{ }"},
        {"notebook": b""},
        {"notebook": None},
        {"secret": b"t" * 32},
        {"layers": ("separate process",)},
        {"layers": ("seccomp", "separate process")},
        {"assignment": other_assignment(name="ps02")},
        {"assignment": other_assignment(locked=(("setup", "x = 2"),))},
        {"assignment": other_assignment(cells=("setup",))},
        {"assignment": other_assignment(exercises=("latency_objective",))},
        {"assignment": other_assignment(exercises=())},
    ],
    ids=str,
)
def test_whatever_decides_the_marks_changes_the_key(changed):
    assert key(**changed) != key()


def test_no_notebook_and_an_empty_one_are_two_things():
    assert key(notebook=None) != key(notebook=b"")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECORD_VERSION", 999),
        ("environment", lambda: "another machine"),
        ("checks_digest", lambda names: "other checks"),
    ],
)
def test_another_form_of_record_environment_or_check_changes_the_key(monkeypatch, name, value):
    before = key()
    monkeypatch.setattr(submission, name, value)
    assert key() != before


def test_the_checks_of_the_key_are_those_of_the_assignment(monkeypatch):
    asked = []
    monkeypatch.setattr(submission, "checks_digest", lambda names: asked.append(names) or "")
    key()
    assert asked == [("weighted_total",)]


def test_the_key_does_not_hold_the_secret(monkeypatch):
    """It travels to other machines and stands in files that may be shown."""
    written = []
    monkeypatch.setattr(submission.json, "dumps", lambda parts: written.append(str(parts)) or "")
    key()
    assert SECRET.hex() not in written[0]
    assert "ssss" not in written[0]
    assert hashlib.sha256(SECRET).hexdigest()[:16] not in written[0]


# ---- what the checks are -------------------------------------------------------------------------------------------


def digest_with(monkeypatch, changed, change=lambda data: data + b"\n"):
    """The digest where one file has other bytes."""
    read = Path.read_bytes
    with monkeypatch.context() as patch:
        patch.setattr(
            Path, "read_bytes", lambda self: change(read(self)) if self.resolve() == changed.resolve() else read(self)
        )
        return checks_digest.__wrapped__(("weighted_total", "latency_objective"))


def folder_of(exercise):
    return Path(submission.__file__).parent / "exercises" / exercise


@pytest.mark.parametrize(
    "module",
    [testing, channel, zygote, lockdown, bubblewrap, sandbox, students, runner, diagnosis, submission],
    ids=lambda module: module.__name__,
)
def test_every_file_that_grades_is_in_the_digest(monkeypatch, module):
    plain = checks_digest.__wrapped__(("weighted_total", "latency_objective"))
    assert digest_with(monkeypatch, Path(module.__file__)) != plain


@pytest.mark.parametrize("exercise", ["weighted_total", "latency_objective"])
def test_every_file_of_each_exercise_is_in_the_digest(monkeypatch, exercise):
    plain = checks_digest(("weighted_total", "latency_objective"))
    files = [path for path in folder_of(exercise).iterdir() if path.is_file()]
    assert len(files) >= 4
    for path in files:
        assert digest_with(monkeypatch, path) != plain, path.name


def test_another_exercises_files_are_not_in_the_digest(monkeypatch):
    plain = checks_digest(("weighted_total", "latency_objective"))
    assert digest_with(monkeypatch, folder_of("masked_mean") / "test_masked_mean.py") == plain


def test_a_file_that_is_renamed_or_bytes_that_move_to_the_next_one_change_the_digest(monkeypatch, tmp_path):
    def digest(**files):
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        paths = [tmp_path / name for name in files]
        monkeypatch.setattr(submission.exercises, "files_of", lambda name: paths)
        return checks_digest.__wrapped__(("one",))

    assert digest(a="one", b="two") != digest(a="one", c="two")
    assert digest(a="one", b="two") != digest(a="on", b="etwo")
    assert digest(a="one", b="two") == digest(a="one", b="two")


@pytest.mark.parametrize("package", ["numpy", "torch", "scikit-learn", "mtl-teach"])
def test_another_version_of_what_marks_depend_on_is_another_environment(monkeypatch, package):
    before, version = environment(), metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "0.0.0" if name == package else version(name))
    now = environment.__wrapped__()
    assert now == before.replace(f"{package} {version(package)}", f"{package} 0.0.0") != before


def test_another_python_or_machine_is_another_environment(monkeypatch):
    before = environment()
    monkeypatch.setattr(platform, "python_version", lambda: "2.7.18")
    python = environment.__wrapped__()
    monkeypatch.setattr(platform, "machine", lambda: "abacus")
    both = environment.__wrapped__()
    assert len({before, python, both}) == 3
    assert python.partition(", ")[0] == "Python 2.7.18"
    assert both.rpartition(", ")[2] == "abacus"


# ---- the record ----------------------------------------------------------------------------------------------------


def test_a_record_begins_with_what_was_asked_and_how():
    job = Job("ada", ASSIGNMENT, b"{}", {"weighted_total": b"seed"}, "the key", ("seccomp",), trust=True)
    assert blank_record(job) == {
        "version": 1,
        "key": "the key",
        "student": "ada",
        "assignment": "ps01",
        "status": "graded",
        "reason": "",
        "exercises": {},
        "cells": {},
        "trusted": True,
        "layers": ["seccomp"],
        "environment": environment(),
    }
    assert blank_record(Job("ada", ASSIGNMENT, b"{}", {}, "", ()))["trusted"] is False


def test_a_job_has_the_usual_limits():
    assert Job("ada", ASSIGNMENT, b"{}", {}, "", ()).limits == Limits()


def test_the_results_in_a_record_are_read_by_exercise():
    check = CheckResult("test_value", Verdict.FAILED, 0.0, 2.0, "It is right.", "It is not.")
    results = {name: ExerciseResult(name, "A title", "05_missing_labels", (check,), "Why?") for name in ("one", "two")}
    record = {"exercises": {name: result.to_dict() for name, result in results.items()}}
    assert results_of(record) == results
