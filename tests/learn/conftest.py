"""A small course to make workspaces from, and answers to type into it."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import comm
import pytest

from autograder import kernel

RIGHT = "def masked_mean(values, mask):\n    return values[mask].sum() / mask.sum().clamp(min=1)"
WRONG = (
    "def masked_mean(values, mask):\n    return torch.where(mask, values, torch.zeros_like(values)).sum() / len(values)"
)
STUB = 'def masked_mean(values, mask):\n    raise NotImplementedError("masked_mean: write it")'


def cell(name: str, source: str, kind: str = "code", graded: bool = False) -> dict[str, Any]:
    """A notebook cell as the build writes it."""
    made: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source.splitlines(keepends=True)}
    if graded:
        made["metadata"]["nbgrader"] = {"grade_id": name, "schema_version": 3}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def problem_set(answer: str = STUB) -> dict[str, Any]:
    return notebook(
        cell("title", "# Problem set 5", "markdown"),
        cell("setup", "import torch\nfrom autograder import check", graded=True),
        cell("masked_mean", answer, graded=True),
        cell("check-masked_mean", 'check("masked_mean", masked_mean)', graded=True),
    )


def write(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


PROBLEM_SET = Path("exercises/ps05_missing_labels/ps05_missing_labels.ipynb")
LESSON = Path("lessons/05_missing_labels.ipynb")


def make_course(root: Path) -> None:
    """A course of one lesson and one problem set."""
    lesson = notebook(cell("m-0", "# Missing labels\n\nText.", "markdown"), cell("m-1", "1 + 1"), cell("m-2", "2 + 2"))
    write(root / LESSON, lesson)
    write(root / "lessons/projects/P1_house_prices.ipynb", notebook(cell("p-0", "# P1", "markdown")))
    write(root / PROBLEM_SET, problem_set())


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course and a workspace of it, to be copied: that is much faster than to make one for every test."""
    from mtl_teach.learn.workspace.deliver import update

    folder = tmp_path_factory.mktemp("made")
    make_course(folder / "course")
    update(folder / "mtl-course", folder / "course")
    return folder


@pytest.fixture
def course(originals: Path, tmp_path: Path) -> Path:
    """A course of one lesson and one problem set."""
    return Path(shutil.copytree(originals / "course", tmp_path / "course"))


@pytest.fixture
def workspace(originals: Path, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, which is also the current folder."""
    monkeypatch.setattr(kernel, "_said", set())
    root = Path(shutil.copytree(originals / "mtl-course", tmp_path / "mtl-course"))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; give back its exit code, what it printed and its errors."""

    from mtl_teach.learn.terminal import cli

    def run(*words: object, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mtl-teach", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as done:
            cli.main()
        printed = capsys.readouterr()
        return int(done.value.code or 0), printed.out, printed.err

    return run


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """What gives the states with which a page heard of the course's own widgets, in order."""
    states, create = [], comm.create_comm

    def note(**told: Any) -> Any:
        states.append(told["data"]["state"])
        return create(**told)

    monkeypatch.setattr(comm, "create_comm", note)
    return lambda: [state for state in states if "focus_wanted" in state]
