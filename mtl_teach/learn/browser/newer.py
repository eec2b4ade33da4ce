"""A newer text of a notebook that the browser keeps: noticed by its stamp, taken without touching what was written.

A browser shows the copy that it keeps in preference to the one that the course ships, so that a new version would never
be seen. Each notebook carries what was delivered as a stamp; the course's own lie in the package.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.files import NotANotebook, Notebook, notebook_as_written
from autograder.kernel import in_browser, in_kernel, in_lines
from mtl_teach import __version__
from mtl_teach.learn.browser.here import drive, texts
from mtl_teach.learn.browser.kept import replace
from mtl_teach.learn.workspace import merge

STAMP = "mtl_teach"  # its name among a notebook's metadata
HERE = "A newer text of this notebook is available; your answers stay. Take it on the home page."
LOOKED = Path(".mtl-teach") / "texts.txt"  # the texts with which everything that is kept was found to agree


def stamp(notebook: Notebook) -> Notebook:
    """The notebook with the stamp of this version: which cells are delivered, and with what text.

    Parameters
    ----------
    notebook : dict
        As it is delivered; it stays as it is.
    """
    cells = [list(pair) for pair in merge.delivered(notebook)]
    return {**notebook, "metadata": {**notebook["metadata"], STAMP: {"version": __version__, "cells": cells}}}


def available(workspace: Path) -> list[str]:
    """The notebooks of a workspace that the course has in a newer text, by their paths in it.

    Parameters
    ----------
    workspace : Path
        The browser's storage. Reading all of it takes a second, so that this is done once for each edition.
    """
    edition = _edition()
    if not edition or _read(workspace / LOOKED) == edition:
        return []
    older = [path for path in _shipped() if is_newer(workspace, path)]
    if not older:
        replace(workspace / LOOKED, edition)
    return older


def is_newer(workspace: Path, path: str) -> bool:
    """True where the course has a newer text of a notebook than the workspace."""
    mine = _notebook(workspace / path)
    new = _notebook(texts(workspace) / path)
    return mine is not None and new is not None and _delivered(mine) not in (None, _delivered(new))


def take(workspace: Path, path: str) -> merge.Merged:
    """Bring the newer text into a notebook of the workspace; what the learner wrote stays.

    Parameters
    ----------
    workspace : Path
    path : str
        One of those that are :func:`available`.
    """
    mine, new = _notebook(workspace / path), _notebook(texts(workspace) / path)
    assert mine is not None
    assert new is not None
    merged = merge.merge(mine, _delivered(mine) or [], new)
    merged.notebook["metadata"] = {**mine["metadata"], STAMP: new["metadata"][STAMP]}
    replace(workspace / path, json.dumps(merged.notebook, ensure_ascii=False, indent=1).encode())
    return merged


def watch() -> None:
    """In a browser's kernel, say once that there is a newer text of the notebook that runs in it."""
    workspace = drive()
    if workspace is None or not (in_browser() and in_kernel()):
        return
    events = sys.modules["IPython"].get_ipython().events

    def ran(result: Any) -> None:
        events.unregister("post_run_cell", ran)
        with contextlib.suppress(Exception):  # it must never be in the way of a cell
            path = _running(workspace, Path.cwd(), str(result.info.raw_cell))
            if path and is_newer(workspace, path):
                print(in_lines(HERE))

    events.register("post_run_cell", ran)


def _running(workspace: Path, folder: Path, source: str) -> str:
    """The notebook of a folder that holds what was run; empty where it is none of ours."""
    here = [path for path in _shipped() if workspace / path == folder / Path(path).name]
    if len(here) == 1:
        return here[0]
    return next((path for path in here if _holds(_notebook(workspace / path), source)), "")


def _holds(notebook: Notebook | None, source: str) -> bool:
    return any(merge.source(cell) == source.rstrip() for cell in (notebook or {"cells": []})["cells"])


def _delivered(notebook: Notebook) -> merge.Delivered | None:
    """What a stamp says; None where there is none that can be read."""
    try:
        return [(str(name), str(digest)) for name, digest in notebook["metadata"][STAMP]["cells"]]
    except (KeyError, TypeError, ValueError):
        return None


def _shipped() -> Iterator[str]:
    root = texts(Path())
    return (file.relative_to(root).as_posix() for file in sorted(root.rglob("*.ipynb")))


def _edition() -> bytes:
    """What all texts that the course ships are known by; empty where it ships none."""
    root, digest = texts(Path()), hashlib.sha256()
    files = [root / path for path in _shipped()] if root != Path() else []
    for file in files:
        digest.update(repr(_delivered(_notebook(file) or {})).encode())
    return digest.hexdigest().encode() if files else b""


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes().strip()
    except FileNotFoundError:
        return b""


def _notebook(file: Path) -> dict[str, Any] | None:
    try:
        return notebook_as_written(file.read_bytes())
    except (OSError, NotANotebook):
        return None
