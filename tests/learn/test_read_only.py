"""A workspace on a disk that cannot be written to: checks go on, progress can be read, each refusal is a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.conftest import missing, read_only
from tests.learn.conftest import RIGHT

pytestmark = pytest.mark.read_only


def on_a_read_only_disk(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder that is a read-only mount, in a mount namespace of its own."""
    return subprocess.run(
        read_only(folder, sys.executable, *words),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
    )


@pytest.fixture
def disk(workspace):
    """A workspace with some progress, and all its files."""
    Progress(workspace / PROGRESS).record_quick_test("05", 6, 7)
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    yield workspace
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


CHECK_TWICE = f"""
import torch, autograder
{RIGHT}
autograder.check("masked_mean", masked_mean)
autograder.check("masked_mean", masked_mean)
open("x", "w")
"""


def test_a_check_gives_its_result_and_says_once_that_it_is_not_saved(disk):
    done = on_a_read_only_disk(disk, "-c", CHECK_TWICE)
    assert done.stderr.splitlines()[-1].startswith("OSError: [Errno 30] Read-only file system")  # it really is
    assert done.stdout.count("9 of 9 points, 7 of 7 checks passed") == 2
    assert done.stderr.count("Progress cannot be read or saved in") == 1
    assert "Check that the folder can be written to" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["status"], 0, "quick test: ✓ passed, best 6 of 7"),
        (["export"], 0, '"score": 6'),
        (["export", "mine.json"], 2, "mine.json cannot be written: Read-only file system."),
        (["hint", "masked_mean"], 0, "Hint 1 of 3"),
        (["start", "."], 2, "cannot be written to (Read-only file system); choose another folder"),
    ],
    ids=["status", "export", "export to a file", "hint", "start"],
)
def test_commands_read_what_is_there_and_refuse_in_one_sentence(disk, words, code, sentence):
    done = on_a_read_only_disk(disk, "-m", "mtl_teach.learn.terminal.cli", *words)
    assert done.returncode == code, done.stderr
    assert sentence in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_where_no_folder_can_be_mounted_these_are_not_run_and_the_repair_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert "allow user namespaces or run as root" in missing.__wrapped__("read_only")
