"""The sections of a notebook by its headings, and links that open it at a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.files import Cell, NotANotebook, cells_of, read_notebook

HEADING = re.compile(r"(#{1,6})\s+(.+?)(?:\s+#+)?\s*")
FENCE = re.compile(r"\s*(```|~~~)")


@dataclass(frozen=True)
class Section:
    """What stands between two headings of a notebook.

    Attributes
    ----------
    title : str
        The heading as it is written; empty for what stands before the first one.
    level : int
        From 1 to 6; 0 before the first heading.
    cell : str
        The id of the cell with the heading.
    text : str
        The Markdown under the heading.
    cells : tuple of Cell
        The code cells under the heading.
    """

    title: str
    level: int
    cell: str
    text: str
    cells: tuple[Cell, ...]


def sections_of(cells: Sequence[Cell]) -> list[Section]:
    """The sections of a notebook in order; each ends where the next heading of any level stands.

    Examples
    --------
    >>> [(one.title, one.text) for one in sections_of([Cell("markdown", "a", "", "# A\\ntext\\n## B", {})])]
    [('A', 'text'), ('B', '')]
    """
    found: list[Section] = []
    title, level, name = "", 0, cells[0].id if cells else ""
    lines: list[str] = []
    code: list[Cell] = []

    def end() -> None:
        text = "\n".join(lines).strip()
        if level or text or code:
            found.append(Section(title, level, name, text, tuple(code)))

    for cell in cells:
        if cell.kind == "code":
            code.append(cell)
        elif cell.kind == "markdown":
            for line, heading in _lines(cell.source):
                if heading is None:
                    lines.append(line)
                    continue
                end()
                title, level, name, lines, code = heading[2], len(heading[1]), cell.id, [], []
    end()
    return found


def _lines(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """The lines of a Markdown text, each with its match where it is a heading; in a block of code none is."""
    fenced = False
    for line in text.splitlines():
        if FENCE.match(line):
            fenced = not fenced
        yield line, None if fenced else HEADING.fullmatch(line)


def cell_of(cells: Sequence[Cell], title: str) -> str:
    """The id of the cell with a heading; empty where there is no such heading."""
    return next((one.cell for one in sections_of(cells) if title and one.title == title), "")


def read_cells(file: Path) -> list[Cell]:
    """The cells of a notebook file; none where it cannot be read, is damaged or no notebook."""
    try:
        return cells_of(read_notebook(file.read_bytes()))
    except (OSError, NotANotebook):
        return []


def at(path: str, cell: str) -> str:
    """A link to a notebook that opens it at a cell.

    JupyterLab finds a cell by its id before anything is drawn, a heading by its words only once it is drawn.

    >>> at("lessons/05.ipynb", "mean")
    'lessons/05.ipynb#cell-id=mean'
    >>> at("lessons/05.ipynb", "")
    'lessons/05.ipynb'
    """
    return f"{path}#cell-id={cell}" if cell else path
