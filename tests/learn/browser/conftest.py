"""Kernels in a browser: each with a memory of its own, on one storage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder import kernel
from mtl_teach.learn import progress
from mtl_teach.learn.browser import here, kept
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace import places


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The storage of a browser, in which this Python runs."""
    folder = tmp_path / "drive"
    folder.mkdir()
    monkeypatch.setattr(here, "DRIVE", folder)
    monkeypatch.setattr(progress, "MEMORY", tmp_path / "memory")
    for module in (progress, places):
        monkeypatch.setattr(module, "in_browser", lambda: True)
    monkeypatch.setattr(kept, "AGE", 0.0)
    monkeypatch.setattr(kernel, "_said", set())
    progress._kept_in.cache_clear()
    return folder


@pytest.fixture
def kernel_of(drive: Path, tmp_path: Path) -> Callable[[str], Progress]:
    """The progress as the kernel of this name sees it."""
    return lambda name: Progress(tmp_path / name / "progress.sqlite", kept.Kept(drive / kept.FILE))


def on(drive: Path) -> Any:
    """What stands in the browser's storage."""
    return json.loads((drive / kept.FILE).read_bytes())
