"""The key of a record changes with everything that decides a mark, and with nothing else."""

import dataclasses
import hashlib
import json
import platform
from importlib import metadata

import pytest

from autograder import catalogue, course_files, exercises
from autograder.engine.sandbox import Limits
from autograder.grading import key
from autograder.grading.assignment import Assignment

NOTEBOOK = json.dumps({"cells": [{"source": "from mtl_teach.losses import masked_loss"}]}).encode()
ASSIGNMENT = Assignment(
    "ps05", ("masked_mean", "multitask_masked_mse"), (("setup", "import torch"),), ("setup", "masked_mean")
)
PARTS = {
    "student": "ada",
    "assignment": ASSIGNMENT,
    "notebook": NOTEBOOK,
    "secret": b"secret",
    "layers": ("seccomp", "Landlock"),
    "limits": Limits(),
}


def forget():
    for cache in (key.checks_digest, key.library_digest, key.versions, key._code, catalogue.load, exercises.load):
        cache.cache_clear()


@pytest.fixture
def edited(monkeypatch):
    """Edit a file as the key reads it, by its path from the checkout."""

    def edit(file, old, new):
        path = course_files.PACKAGES / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer says {old!r}"
        read = type(path).read_text
        monkeypatch.setattr(
            type(path),
            "read_text",
            lambda self, *args, **kwargs: text.replace(old, new) if self == path else read(self, *args, **kwargs),
        )
        forget()

    yield edit
    monkeypatch.undo()
    forget()


def made(**changed):
    return key.key_of(**{**PARTS, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"student": "bob"},
        {"notebook": NOTEBOOK + b" "},
        {"notebook": None},
        {"notebook": b""},
        {"secret": b"another"},
        {"layers": ("seccomp",)},
        {"layers": ("Landlock", "seccomp")},
        {"limits": dataclasses.replace(Limits(), call=4.0)},
        {"assignment": dataclasses.replace(ASSIGNMENT, name="ps06")},
        {"assignment": dataclasses.replace(ASSIGNMENT, exercises=("masked_mean",))},
        {"assignment": dataclasses.replace(ASSIGNMENT, exercises=())},
        {"assignment": dataclasses.replace(ASSIGNMENT, locked=(("setup", "import torch, os"),))},
        {"assignment": dataclasses.replace(ASSIGNMENT, cells=("setup",))},
    ],
    ids=str,
)
def test_what_is_graded_is_in_the_key(changed):
    assert made() == made()
    assert made(**changed) != made()


def test_a_missing_notebook_is_not_an_empty_one():
    assert made(notebook=None) != made(notebook=b"")


def test_a_key_is_a_hash():
    assert len(bytes.fromhex(made())) == 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECORD_VERSION", 999),
        ("versions", lambda: "another machine"),
        ("checks_digest", lambda names: "other checks"),
        ("library_digest", lambda: "another library"),
    ],
)
def test_another_form_of_record_machine_check_or_library_changes_the_key(monkeypatch, name, value):
    before = made()
    monkeypatch.setattr(key, name, value)
    assert made() != before


def test_the_checks_of_the_key_are_those_of_the_assignment(monkeypatch):
    asked = []
    monkeypatch.setattr(key, "checks_digest", lambda names: asked.append(names) or "")
    made()
    assert asked == [ASSIGNMENT.exercises]


def test_the_key_does_not_hold_the_secret(monkeypatch):
    """It travels to other machines and stands in files that may be shown."""
    made()
    written, dumps = [], json.dumps
    monkeypatch.setattr(json, "dumps", lambda parts, **more: written.append(str(parts)) or dumps(parts, **more))
    made(secret=b"a very secret secret")
    assert ASSIGNMENT.name not in written[-1]
    for shape in ("very secret", b"a very secret secret".hex(), hashlib.sha256(b"a very secret secret").hexdigest()):
        assert shape[:16] not in written[-1]


@pytest.mark.parametrize("package", ["numpy", "torch", "scikit-learn", "mtl-teach"])
def test_another_version_of_what_marks_depend_on_is_another_machine(monkeypatch, package):
    more = ("mtl-teach",) if package == "mtl-teach" else ()
    before, version = key.versions.__wrapped__(*more), metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "0.0.0" if name == package else version(name))
    now = key.versions.__wrapped__(*more)
    assert now == before.replace(f"{package} {version(package)}", f"{package} 0.0.0") != before


def test_another_python_or_processor_is_another_machine(monkeypatch):
    before = key.versions.__wrapped__()
    monkeypatch.setattr(platform, "python_version", lambda: "2.7.18")
    python = key.versions.__wrapped__()
    monkeypatch.setattr(platform, "machine", lambda: "abacus")
    both = key.versions.__wrapped__()
    assert len({before, python, both}) == 3
    assert python.partition(", ")[0] == "Python 2.7.18"
    assert both.rpartition(", ")[2] == "abacus"


DECIDES = {
    "a check": ("autograder/exercises/masked_mean/test_masked_mean.py", "rng.random(12) < 0.4", "rng.random(12) < 0.5"),
    "points": ("autograder/exercises/masked_mean/test_masked_mean.py", "@points(2)", "@points(3)"),
    "what depends": ("autograder/exercises/masked_mean/test_masked_mean.py", '@depends("test_value")\n', ""),
    "a scenario": ("autograder/exercises/masked_mean/scenarios.py", "mean.requires_grad", "True"),
    "the entry": ("autograder/exercises/masked_mean/exercise.toml", '["masked_mean"]', '["masked_average"]'),
    "what is blocked": (
        "autograder/exercises/masked_mean/exercise.toml",
        "forbidden = [",
        'forbidden = ["mtl_teach.x", ',
    ),
    "the tolerance": ("autograder/testing.py", "1e-5 if _is_single", "1e-4 if _is_single"),
    "the order of checks": ("autograder/judging/runner.py", "rng.integers(len(ready))", "0"),
    "a call's patience": ("autograder/judging/answers.py", "PATIENCE = 2", "PATIENCE = 3"),
    "a time limit": ("autograder/engine/sandbox.py", "call: float = 5.0", "call: float = 6.0"),
    "the session": ("autograder/engine/session.py", '("Timeout", "Exit")', '("Timeout",)'),
    "an error's tag": ("autograder/engine/outcome.py", '"Missing", "Exit"', '"Missing"'),
    "the frames": ("autograder/engine/inside/channel.py", "MAX_DEPTH = 32", "MAX_DEPTH = 31"),
    "what a sandbox sees": ("autograder/engine/bubblewrap.py", '"--unshare-all", ', '"--unshare-pid", '),
    "the filter": ("autograder/engine/inside/system_calls.py", "getpid 39 172", "getpid 40 172"),
    "the worker": ("autograder/engine/inside/worker.py", 'return "Missing"', 'return "Other"'),
    "the zygote": ("autograder/engine/inside/zygote.py", "MAX_THREADS = 64", "MAX_THREADS = 65"),
    "which cells run": ("autograder/grading/assignment.py", 'name.startswith("check-")', 'name.startswith("checks-")'),
    "the seed of a student": ("autograder/grading/record.py", "{student}\\0{exercise}", "{exercise}\\0{student}"),
    "the submission": ("autograder/grading/submission.py", "job.seeds[name]", 'job.seeds.get(name, b"")'),
    "the library": ("mtl_teach/losses.py", "def masked_loss(", "def masked_losses("),
}
SHOWS_ONLY = {
    "a hint": ("autograder/exercises/masked_mean/exercise.toml", 'nudge = """', 'nudge = """Well. '),
    "a title": ("autograder/exercises/masked_mean/exercise.toml", 'title = "', 'title = "The '),
    "a question": ("autograder/exercises/masked_mean/exercise.toml", 'test_value = "', 'test_value = "So: '),
    "a mistake's message": (
        "autograder/exercises/masked_mean/misconceptions.py",
        '@misconception(\n    "',
        '@misconception(\n    "So: ',
    ),
    "a check's sentence": (
        "autograder/exercises/masked_mean/test_masked_mean.py",
        '"""The mean is over',
        '"""The average is over',
    ),
    "a comment": ("autograder/testing.py", "# ---- comparing", "# ---- how it compares"),
    "a failure's words": ("autograder/testing.py", "in place: work on a copy", "in place; work on a copy"),
    "an error's words": ("autograder/engine/session.py", "is there a loop without end?", "does a loop never end?"),
    "why it is for review": ("autograder/files.py", 'it is not valid JSON")', 'this is not JSON")'),
    "how results look": ("autograder/render.py", '"passed")', '"right")'),
    "how mistakes are named": ("autograder/judging/diagnosis.py", "len(matches) != 1", "len(matches) < 1"),
    "how behaviours are counted": ("autograder/judging/fingerprint.py", "LENGTH = 12", "LENGTH = 13"),
    "what a failing check asked": ("autograder/judging/recording.py", "MOST = 500", "MOST = 501"),
    "the desk": ("autograder/desk/reporting/measures.py", "round(part / whole, 4)", "round(part / whole, 3)"),
    "the gradebook": ("autograder/gradebook/cells.py", "MAX_COMMENT = 2_000", "MAX_COMMENT = 3_000"),
    "the companion": ("mtl_teach/learn/progress.py", "LONGEST_PAUSE = ", "LONGEST_PAUSE = 1 + "),
}


@pytest.mark.parametrize("kind", DECIDES)
def test_one_changed_byte_of_what_decides_makes_another_key(edited, kind):
    before = made()
    edited(*DECIDES[kind])
    assert made() != before


@pytest.mark.parametrize("kind", SHOWS_ONLY)
def test_a_reworded_sentence_grades_nobody_again(edited, kind):
    before = made()
    edited(*SHOWS_ONLY[kind])
    assert made() == before


def test_another_exercises_checks_do_not_count(edited):
    only = {"assignment": dataclasses.replace(ASSIGNMENT, exercises=("multitask_masked_mse",))}
    before = made(**only)
    edited(*DECIDES["a check"])
    assert made(**only) == before


def test_the_library_counts_only_where_an_answer_can_call_it(edited):
    plain = {"notebook": b"{}"}
    before = made(**plain)
    edited(*DECIDES["the library"])
    assert made(**plain) == before
    assert made(assignment=dataclasses.replace(ASSIGNMENT, locked=(("setup", "import mtl_teach"),)), **plain) != before


def test_imports_are_walked_not_listed():
    found = key.reached(("autograder.exercises.multitask_masked_mse.test_multitask_masked_mse",))
    assert "autograder.exercises.multitask_masked_mse.scenarios" in found
    assert "autograder.engine.inside.channel" in found  # through autograder.testing
