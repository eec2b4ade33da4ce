"""What an assignment asks for, read from its source notebook."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import catalogue
from autograder.files import Cell, cells_of, read_notebook
from autograder.quizzes.question import is_quick

MAX_BYTES = 10 * 2**20  # of a file that is handed in
MAX_CELLS = 2_000
MAX_CHARACTERS = 5_000_000  # of its cells together: outputs and pictures are what makes honest files large
_SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION.*?^[ \t]*### END SOLUTION[^\n]*\n?", re.DOTALL | re.MULTILINE)
WORDS_STUB = "YOUR ANSWER HERE"  # nbgrader's own


@dataclass(frozen=True)
class Written:
    """A part that is answered in words and marked by a person.

    Attributes
    ----------
    name : str
        The name of the answer's cell.
    prompt, prompt_text : str
        The name and the text of the cell above it, which asks the question.
    after : str
        The first line of the cell below it; empty at the end of the notebook.
    """

    name: str
    prompt: str
    prompt_text: str
    after: str


@dataclass(frozen=True)
class Assignment:
    """What grading needs to know of a problem set.

    Attributes
    ----------
    name : str
    exercises : tuple of str
        In the order of their check cells.
    locked : tuple of (str, str)
        The ids and sources of locked code cells: ours are run, whatever stands in the submission.
    cells : tuple of str
        The ids of all its cells.
    written : tuple of Written
    stubs : tuple of (str, str)
        The ids of the answers' code cells and what was handed out in them.
    texts : tuple of str
        A short hash of each text that was handed out, so that nobody takes it for an answer.
    shared : tuple of str
        Those of its cells' ids that another problem set of the course has too, such as ``setup``.
    others : tuple of (str, str)
        The ids of the answers and checks of the course's other problem sets, and the set in which each stands.
    """

    name: str
    exercises: tuple[str, ...]
    locked: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]
    written: tuple[Written, ...] = ()
    stubs: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, path: Path) -> Assignment:
        """From nbgrader's source notebook ``<name>/<name>.ipynb``."""
        cells = cells_of(read_notebook(path.read_bytes()))
        code = [cell for cell in cells if cell.kind == "code"]
        checks = [cell.name for cell in code if cell.name.startswith("check-")]
        answers = [cell for cell in code if _is(cell, "solution") and not _is(cell, "grade")]
        return cls(
            name=path.stem,
            exercises=tuple(name.removeprefix("check-") for name in checks),
            locked=tuple((cell.name, cell.source) for cell in code if _is(cell, "locked") and cell.name not in checks),
            cells=tuple(cell.name for cell in cells),
            written=tuple(_written(cells)),
            stubs=tuple((cell.name, _as_handed_out(cell)) for cell in answers),
            texts=tuple(digest(cell.source) for cell in cells if cell.kind != "code" and not _is(cell, "solution")),
        )

    def beside(self, others: Iterable[Assignment]) -> Assignment:
        """This one among the other problem sets of its course, so that they are told apart."""
        others = list(others)
        theirs = {name for other in others for name in other.cells}
        return replace(
            self,
            shared=tuple(name for name in self.cells if name in theirs),
            others=tuple((name, other.name) for other in others for name in other._asked if name not in self.cells),
        )

    @property
    def _asked(self) -> tuple[str, ...]:
        """The ids of the cells in which something is answered or checked."""
        checks = tuple(f"check-{name}" for name in self.exercises)
        return (*self.exercises, *checks, *(part.name for part in self.written))

    @property
    def forbidden(self) -> list[str]:
        """The library functions that its exercises teach."""
        return sorted({name for one in self.exercises for name in catalogue.load(one).forbidden})

    @property
    def decides(self) -> tuple[object, ...]:
        """What of it decides marks: a reworded question grades nobody again."""
        return self.name, self.exercises, self.locked, self.cells, tuple(part.name for part in self.written)


def digest(text: str) -> str:
    """A short hash of a text that does not change with its white space."""
    return hashlib.sha256("".join(text.split()).encode("utf-8", "replace")).hexdigest()[:12]


def _is(cell: Cell, mark: str) -> bool:
    marks = cell.metadata.get("nbgrader")
    return isinstance(marks, dict) and bool(marks.get(mark))


def _written(cells: list[Cell]) -> list[Written]:
    """The cells that are answered in words, with what stands around each."""
    found = []
    for index, cell in enumerate(cells):
        if cell.kind != "code" and _is(cell, "solution") and _is(cell, "grade"):
            above = cells[index - 1] if index else None
            below = cells[index + 1].source if index + 1 < len(cells) else ""
            found.append(
                Written(cell.name, above.name if above else "", above.source if above else "", below.partition("\n")[0])
            )
    return found


def _as_handed_out(cell: Cell) -> str:
    """An answer's cell without the solution, as the problem set was handed out."""
    stub = "" if is_quick(cell.name) else rf'\1raise NotImplementedError("{cell.name} is not written yet")\n'
    return _SOLUTION.sub(stub, cell.source)
