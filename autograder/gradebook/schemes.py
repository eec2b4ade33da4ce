"""What a written question asks and what its points are for: read from the course's own notebook, in ``source/``.

The manual cell there holds a model answer, a mark scheme in one paragraph ("1 point for …; 1 for …") and exemplars. An
instructor may have put it in other words: then the scheme is text to read, and the mark is a number to type.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.files import Cell, cells_of, read_notebook
from autograder.gradebook.feedback.asked import asked

_MODEL = re.compile(r"^\*\*Model answer[.:]?\*\*[.:]?\s*", re.MULTILINE)
_SCHEME = re.compile(r"^\*\*Mark scheme[.:]?\*\*[.:]?\s*", re.MULTILINE)
_EXEMPLAR = re.compile(r"^\s*[-*] \*(\w+) \(([\d.]+)\):\*\s*", re.MULTILINE)
# A mark stands at the beginning of a clause or of an item, so that "the penalty is 0 for both" is none.
_MARK = re.compile(r"(?:\A(?:[-*]\s+)?|[.;]\s+|\n\s*[-*]\s+)(\d+(?:\.\d+)?)\s+(?:points?\s+)?for\s+")
_NEXT_SENTENCE = re.compile(r"(?<=\.)\s+(?=[A-Z\"“*])")
_MARKER = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One line of a mark scheme: so many points, and for what."""

    points: float
    text: str

    @property
    def missing(self) -> str:
        """What a comment says where the answer does not have it."""
        return f"Missing: {self.text}."


@dataclass(frozen=True)
class Exemplar:
    """An answer with the points that it gets and why: "Full", "Partial" or "Missing"."""

    kind: str
    points: float
    text: str


@dataclass(frozen=True)
class Scheme:
    """One written question with all that whoever marks it has to see.

    Attributes
    ----------
    assignment, cell : str
        The problem set, and the cell of the answer.
    title, asked, marked_for : str
        The question's heading, its text, and what it says itself of its points; Markdown.
    given : str
        What stands before a question with numbers of one's own, as Markdown.
    most : float
        Its points.
    code : bool
        True where the answer is code.
    model : str
        The model answer, as Markdown.
    lines : tuple of Line
        What the points are for; empty where the scheme has no lines that add up to them.
    whole, note : str
        The mark scheme as it stands, and what it says beside its lines; Markdown.
    exemplars : tuple of Exemplar
    """

    assignment: str
    cell: str
    title: str
    asked: str
    marked_for: str
    given: str
    most: float
    code: bool
    model: str = ""
    lines: tuple[Line, ...] = ()
    whole: str = ""
    note: str = ""
    exemplars: tuple[Exemplar, ...] = ()

    @property
    def id(self) -> str:
        """What it is called among all questions of the course."""
        return f"{self.assignment}/{self.cell}"


def schemes_of(source: Path) -> tuple[Scheme, ...]:
    """The questions of an assignment that a person marks, in the order in which they are asked.

    nbgrader's task cells are not among them: what answers those stands in no cell of its own.

    Parameters
    ----------
    source : Path
        The assignment's notebook in ``source/``.
    """
    cells = {cell.name: cell for cell in cells_of(read_notebook(source.read_bytes()))}
    return tuple(
        _read(source.stem, question.title or question.cell, question.text, question.rubric, cells, question.cell)
        for question in asked(source).questions
        if _is_answer(cells[question.cell])
    )


def _is_answer(cell: Cell) -> bool:
    marks = cell.metadata["nbgrader"]
    return bool(marks.get("grade") and marks.get("solution"))


def _read(assignment: str, title: str, text: str, marked_for: str, cells: Mapping[str, Cell], name: str) -> Scheme:
    cell, given = cells[name], cells.get(f"given-{name}")
    most = float(cell.metadata["nbgrader"].get("points", 0))
    model, scheme, exemplars = _parts(_MARKER.sub("", cell.source).strip())
    lines, note = lines_of(scheme, most)
    return Scheme(
        assignment=assignment,
        cell=name,
        title=title,
        asked=text,
        marked_for=marked_for,
        given=given.source if given is not None else "",
        most=most,
        code=cell.kind == "code",
        model=model,
        lines=lines,
        whole=scheme,
        note=note,
        exemplars=exemplars,
    )


def _parts(text: str) -> tuple[str, str, tuple[Exemplar, ...]]:
    """Model answer, mark scheme and exemplars; all of it is the scheme where it has another form."""
    found = _SCHEME.search(text)
    if found is None:
        return "", text, ()
    model = _MODEL.sub("", text[: found.start()]).strip()
    scheme, *rest = _EXEMPLAR.split(text[found.end() :])
    exemplars = tuple(
        Exemplar(kind, float(points), said.strip()) for kind, points, said in zip(rest[::3], rest[1::3], rest[2::3])
    )
    return model, scheme.strip(), exemplars


def lines_of(scheme: str, most: float) -> tuple[tuple[Line, ...], str]:
    """The lines of a mark scheme and what stands behind them; no lines where they do not add up to the points.

    >>> lines_of("1 point for a claim; 2 for its reason. A number alone gets nothing.", 3)
    ((Line(points=1.0, text='a claim'), Line(points=2.0, text='its reason')), 'A number alone gets nothing.')
    >>> lines_of("Full marks for a good answer.", 3)
    ((), '')
    """
    before, *rest = _MARK.split(scheme)
    if before.strip() or not rest:
        return (), ""
    points, texts = [float(one) for one in rest[::2]], [" ".join(one.split()) for one in rest[1::2]]
    if not math.isclose(sum(points), most):
        return (), ""
    texts[-1], *note = _NEXT_SENTENCE.split(texts[-1], maxsplit=1)
    return tuple(Line(point, text.rstrip(".;")) for point, text in zip(points, texts)), "".join(note)
