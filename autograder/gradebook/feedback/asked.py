"""What an assignment asks, in the order in which it asks: the titles and questions that students have before them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.files import Cell, cells_of, read_notebook

CHECK = "check-"  # begins the name of a cell that checks; what is left is the exercise and the name of its answer
_HEADING = re.compile(r"\A#{1,6} +(.*)")
_POINTS = re.compile(r" *\([\d.]+ points?\) *$")
_RUBRIC = re.compile(r"(?:What is marked:|\*Marked for:\*)")


@dataclass(frozen=True)
class Question:
    """One thing that is asked and gets points.

    Attributes
    ----------
    cell : str
        The cell that carries the points: ``check-masked_mean``, or the written answer itself.
    answer : str
        The cell with the answer.
    title : str
        The heading of the question; empty where it has none.
    text : str
        The question without its heading, as Markdown; never the model answer or the mark scheme.
    rubric : str
        What the points of a written answer are for, as far as the question itself says it.
    code : bool
        True where the answer is code.
    """

    cell: str
    answer: str
    title: str
    text: str
    rubric: str
    code: bool

    @property
    def exercise(self) -> str:
        """The exercise whose checks decide, or an empty string where a person does."""
        return self.answer if self.cell != self.answer else ""


@dataclass(frozen=True)
class Asked:
    """Everything that an assignment asks.

    Attributes
    ----------
    title : str
    questions : tuple of Question
    """

    title: str
    questions: tuple[Question, ...]


def asked(source: Path) -> Asked:
    """What an assignment asks, from its source notebook, of which only the locked text is read."""
    return _asked(source, source.stat().st_mtime_ns)


@functools.lru_cache(256)
def _asked(source: Path, changed: int) -> Asked:
    cells = cells_of(read_notebook(source.read_bytes()))
    texts = {cell.name: cell.source for cell in cells if cell.kind == "markdown" and _marks(cell).get("locked")}
    title, before = source.stem, ""
    questions = []
    for cell in cells:
        marks = _marks(cell)
        if cell.name in texts:
            heading, _ = split_heading(cell.source)
            if title == source.stem and cell.source.startswith("# "):
                title = heading
            else:
                before = cell.source
        if marks.get("grade") or marks.get("task"):
            answer = cell.name.removeprefix(CHECK) if cell.kind == "code" else cell.name
            text = cell.source if marks.get("task") else texts.get(f"about-{answer}", before)
            heading, text = split_heading(text)
            text, rubric = _without_rubric(text)
            questions.append(Question(cell.name, answer, heading, text, rubric, cell.kind == "code"))
            before = ""
    return Asked(title, tuple(questions))


def _marks(cell: Cell) -> dict[str, object]:
    marks = cell.metadata.get("nbgrader")
    return marks if isinstance(marks, dict) else {}


def split_heading(text: str) -> tuple[str, str]:
    """The heading of a text, without its points, and the rest.

    >>> split_heading("## Mini challenge (5 points)\\nOne model")
    ('Mini challenge', 'One model')
    """
    found = _HEADING.match(text)
    return (_POINTS.sub("", found[1]).strip(), text[found.end() :].strip()) if found else ("", text.strip())


def _without_rubric(text: str) -> tuple[str, str]:
    """A question without the paragraph that says what is marked, and what that says."""
    paragraphs = text.split("\n\n")
    said = [one for one in paragraphs if _RUBRIC.match(one)]
    left = [one for one in paragraphs if not _RUBRIC.match(one)]
    return "\n\n".join(left), "\n\n".join(_capital(_RUBRIC.sub("", one, count=1).strip()) for one in said)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
