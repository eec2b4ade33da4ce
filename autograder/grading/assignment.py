"""What an assignment asks for, and the code to run from what was handed in for it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import catalogue

MAX_BYTES = 10 * 2**20
MAX_CELLS = 2_000


class Ungradable(Exception):
    """Why a submission cannot be graded; it is marked for review, never given a zero."""


# ---- what an assignment asks for -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assignment:
    """What grading needs to know of a problem set, read from its source notebook.

    Attributes
    ----------
    name : str
    exercises : tuple of str
        In the order of their check cells.
    locked : tuple of (str, str)
        The ids and sources of locked code cells: ours are run, whatever stands in the submission.
    cells : tuple of str
        The ids of all its cells.
    """

    name: str
    exercises: tuple[str, ...]
    locked: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Assignment:
        """From nbgrader's source notebook ``<name>/<name>.ipynb``."""
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        checks = [_grade_id(cell) for cell in code if _grade_id(cell).startswith("check-")]
        locked = tuple(
            (_grade_id(cell), _source(cell))
            for cell in code
            if cell["metadata"].get("nbgrader", {}).get("locked") and _grade_id(cell) not in checks
        )
        names = tuple(name.removeprefix("check-") for name in checks)
        return cls(path.stem, names, locked, tuple(_grade_id(cell) for cell in cells))

    @property
    def forbidden(self) -> list[str]:
        """The library functions that its exercises teach."""
        return sorted({name for one in self.exercises for name in catalogue.load(one).forbidden})


def _grade_id(cell: dict[str, Any]) -> str:
    marks = cell.get("metadata", {})
    marks = marks.get("nbgrader", {}) if isinstance(marks, dict) else {}
    found = marks.get("grade_id") if isinstance(marks, dict) else None
    return str(found or cell.get("id") or "")


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


# ---- reading what was handed in --------------------------------------------------------------------------------


def read_cells(data: bytes | None, assignment: Assignment) -> list[tuple[str, str]]:
    """The code to run, as (name, source), from the bytes of a submitted notebook.

    Locked cells are taken from our source, check cells are left out (they are asked from outside), and locked cells
    that were deleted come first.

    Raises
    ------
    Ungradable
        If this is not a notebook, or not one of this assignment; the message says why.
    """
    if data is None:
        raise Ungradable(f"no notebook named {assignment.name}.ipynb was handed in")
    if len(data) > MAX_BYTES:
        raise Ungradable(f"the notebook has {len(data) / 2**20:.0f} MiB; at most {MAX_BYTES // 2**20} are read")
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        raise Ungradable("the file is not a notebook: it is not valid JSON") from None
    cells = _cells(notebook)
    ours = dict(assignment.locked)
    out: list[tuple[str, str]] = []
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        name = _grade_id(cell)
        known = name in assignment.cells
        if known:
            seen.add(name)
        if cell.get("cell_type") != "code" or (known and name.startswith("check-")):
            continue
        source = ours.pop(name) if name in ours else _source(cell)
        out.append((name if known and name not in dict(out) else f"cell {index + 1}", source))
    if not seen and not any(_defines(source, assignment) for _, source in out):
        raise Ungradable(f"this is not problem set {assignment.name}: none of its cells or functions is in it")
    return [*ours.items(), *out]


def _cells(notebook: Any) -> list[dict[str, Any]]:
    if not isinstance(notebook, dict) or notebook.get("nbformat") not in (3, 4):
        form = notebook.get("nbformat") if isinstance(notebook, dict) else None
        raise Ungradable(f"the file is not a notebook of format 3 or 4 (it says {str(form)[:20]!r})")
    if notebook["nbformat"] == 3:
        sheets = notebook.get("worksheets")
        sheet = sheets[0] if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else {}
        cells = sheet.get("cells")
        if isinstance(cells, list):
            cells = [
                {**cell, "source": cell.get("input", cell.get("source", ""))}
                for cell in cells
                if isinstance(cell, dict)
            ]
    else:
        cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Ungradable("the file is not a notebook: it holds no list of cells")
    if len(cells) > MAX_CELLS:
        raise Ungradable(f"the notebook has {len(cells)} cells; at most {MAX_CELLS} are read")
    return cells


def _defines(source: str, assignment: Assignment) -> bool:
    entries = [name for one in assignment.exercises for name in catalogue.load(one).entries]
    return any(re.search(rf"^\s*(def|class)\s+{name}\b|^\s*{name}\s*=", source, re.M) for name in entries)
