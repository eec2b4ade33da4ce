"""Where the learner is: after each cell of a lesson or a project that is run, its section is kept as progress.

What cannot be found out or saved is passed over in silence: this must never be in the way of a cell.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.files import Cell
from autograder.kernel import in_kernel
from autograder.sections import read_cells, sections_of
from mtl_teach.learn.progress import Progress, ProgressError
from mtl_teach.learn.workspace.places import find_workspace

_KEPT = re.compile(r"(lessons/\d\d\w*|projects/[pP]\d\w*)\.ipynb")  # notebooks whose places are kept
_QUIZ = re.compile(r"^\s*quiz\(", re.MULTILINE)
_follower: Follower | None = None


@dataclass(frozen=True)
class Spot:
    """One code cell of a notebook: its section, its place among the code cells from 1 on, and how many there are."""

    section: str
    number: int
    out_of: int


def spots_of(cells: list[Cell]) -> list[tuple[Cell, Spot]]:
    """The code cells of a notebook with where each stands; a lesson is read without its quick test."""
    sections = sections_of(cells)
    found = [(cell, one.title if one.level > 1 else "") for one in sections for cell in one.cells]
    out_of = sum(not _QUIZ.search(cell.source) for cell, _ in found)
    return [(cell, Spot(title, min(number, out_of), out_of)) for number, (cell, title) in enumerate(found, 1)]


class Follower:
    """What a kernel knows of the notebook that runs in it.

    Parameters
    ----------
    workspace : Path
    folder : Path
        Where the kernel was started: that of its notebook.

    Attributes
    ----------
    progress : Progress
    """

    def __init__(self, workspace: Path, folder: Path) -> None:
        self.progress = Progress.of(workspace)
        self._workspace, self._folder = workspace, folder
        self._file: Path | None = None
        self._stamp: tuple[int, int] | None = None
        self._spots: list[tuple[Cell, Spot]] = []
        self._last: Spot | None = None

    def after(self, result: Any) -> None:
        """A cell was run: keep where it stands. IPython calls this with its ``ExecutionResult``."""
        with contextlib.suppress(Exception):
            info = result.info
            self.ran(str(getattr(info, "cell_id", "") or ""), str(info.raw_cell or ""))

    def ran(self, cell_id: str, source: str) -> None:
        """Keep the place of a cell, known by its id or else by its source."""
        spot = self._spot(cell_id, source)
        if spot is None or spot == self._last or self._file is None:
            return
        self._last = spot
        slug = self._file.stem
        with contextlib.suppress(ProgressError):
            before = self.progress.places().get(slug)
            came = before["cells"] if before and before["out_of"] == spot.out_of else 0
            self.progress.record_place(slug, spot.section, max(came, spot.number), spot.out_of)

    @property
    def notebook(self) -> str:
        """The name of the notebook that runs here, without its ending; empty where it is not known."""
        file = self._file or next(iter(self._candidates()), None)
        return file.stem if file else ""

    def _spot(self, cell_id: str, source: str) -> Spot | None:
        if (spot := self._known(cell_id, source)) is not None:
            return spot
        for file in self._candidates():
            self._read(file)
            if (spot := self._known(cell_id, source)) is not None:
                return spot
        return None

    def _known(self, cell_id: str, source: str) -> Spot | None:
        by_id = next((spot for cell, spot in self._spots if cell_id and cell.id == cell_id), None)
        same = (spot for cell, spot in self._spots if cell.source.strip() == source.strip() and source.strip())
        return by_id or next(same, None)

    def _read(self, file: Path) -> None:
        """Read a notebook, unless it is the one that was read last and has not changed since."""
        stat = file.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        if (file, stamp) != (self._file, self._stamp):
            self._file, self._stamp, self._spots = file, stamp, spots_of(read_cells(file))

    def _candidates(self) -> list[Path]:
        """The notebooks that may be running here: the one that the server names, else all of this folder."""
        named = os.environ.get("JPY_SESSION_NAME", "")
        file = self._folder / Path(named).name
        files = [file] if named.endswith(".ipynb") and file.is_file() else sorted(self._folder.glob("*.ipynb"))
        return [one for one in files if _KEPT.fullmatch(one.relative_to(self._workspace).as_posix())]


def follow() -> None:
    """In a kernel inside a workspace, keep from now on where the learner is."""
    global _follower
    workspace = find_workspace()
    if _follower is not None or not in_kernel() or workspace is None:
        return
    _follower = Follower(workspace, Path.cwd().resolve())
    sys.modules["IPython"].get_ipython().events.register("post_run_cell", _follower.after)


def reached(milestone: str) -> None:
    """Keep that a milestone of the project in this notebook was reached; elsewhere nothing happens.

    Parameters
    ----------
    milestone : str
        Its title.
    """
    if _follower is not None and _follower.notebook[:1] in ("p", "P"):
        with contextlib.suppress(ProgressError):
            _follower.progress.record_milestone(_follower.notebook, milestone)
