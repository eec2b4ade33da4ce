"""What an assignment asks for, and the code to run from what was handed in for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from autograder import catalogue
from autograder.files import NotANotebook, cells_of, read_notebook

MAX_BYTES = 10 * 2**20
MAX_CELLS = 2_000
_DEFINITION = re.compile(r"(?:def|class)\s+(\w+)|(\w+)\s*=")


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
        cells = cells_of(read_notebook(path.read_bytes()))
        code = [cell for cell in cells if cell.kind == "code"]
        checks = [cell.name for cell in code if cell.name.startswith("check-")]
        locked = tuple(
            (cell.name, cell.source)
            for cell in code
            if cell.metadata.get("nbgrader", {}).get("locked") and cell.name not in checks
        )
        names = tuple(name.removeprefix("check-") for name in checks)
        return cls(path.stem, names, locked, tuple(cell.name for cell in cells))

    @property
    def forbidden(self) -> list[str]:
        """The library functions that its exercises teach."""
        return sorted({name for one in self.exercises for name in catalogue.load(one).forbidden})


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
        cells = cells_of(read_notebook(data))
    except NotANotebook as why:
        raise Ungradable(str(why)) from None
    if len(cells) > MAX_CELLS:
        raise Ungradable(f"the notebook has {len(cells)} cells; at most {MAX_CELLS} are read")
    ours = dict(assignment.locked)
    out: list[tuple[str, str]] = []
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        name = cell.name
        known = name in assignment.cells
        if known:
            seen.add(name)
        if cell.kind != "code" or (known and name.startswith("check-")):
            continue
        source = ours.pop(name) if name in ours else cell.source
        out.append((name if known and name not in dict(out) else f"cell {index + 1}", source))
    if not seen and not any(_defines(source, assignment) for _, source in out):
        raise Ungradable(f"this is not problem set {assignment.name}: none of its cells or functions is in it")
    return [*ours.items(), *out]


def _defines(source: str, assignment: Assignment) -> bool:
    """True where a line begins to define an answer: line by line, so that it takes no longer than the text is long."""
    entries = {name for one in assignment.exercises for name in catalogue.load(one).entries}
    found = (_DEFINITION.match(line.lstrip()) for line in source.splitlines())
    return any(match and (match[1] or match[2]) in entries for match in found)
