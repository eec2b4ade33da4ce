"""Reads the problem sets' sources: Python text whose cells begin with ``# %%``, and the solutions in them."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder import catalogue, exercises
from autograder.course_files import course_root
from autograder.quizzes.question import is_quick
from autograder.testing import Alternative, Misconception

_CELL = re.compile(r"^# %%[ \t]*(.*)$", re.MULTILINE)
_GRADE_ID = re.compile(r'grade_id="([^"]*)"')
_TAGS = re.compile(r"tags=\[([^\]]*)\]")
_MARKER = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)


class NoSolution(LookupError):
    """No problem set solves this exercise."""


@dataclass(frozen=True)
class Cell:
    """One cell of a source, as written.

    Attributes
    ----------
    grade_id : str
        Its name, unique in the file; empty where it has none.
    tags : tuple of str
        "locked", "answer", "examples", "check" or "manual:4".
    markdown : bool
        True for text, False for code.
    source : str
        Without the line that begins the cell.
    """

    grade_id: str
    tags: tuple[str, ...]
    markdown: bool
    source: str


def read_cells(text: str) -> list[Cell]:
    """Split a source into cells; what stands before the first one is left out.

    >>> [cell.grade_id for cell in read_cells('# %% grade_id="setup" tags=["locked"]\\nx = 1\\n')]
    ['setup']
    """
    pieces = _CELL.split(text)[1:]
    return [_cell(head, body) for head, body in zip(pieces[::2], pieces[1::2])]


def _cell(head: str, body: str) -> Cell:
    name, tags = _GRADE_ID.search(head), _TAGS.search(head)
    return Cell(
        name[1] if name else "",
        tuple(re.findall(r'"([^"]*)"', tags[1])) if tags else (),
        head.startswith("[markdown]"),
        body.strip("\n") + "\n",
    )


def problem_set(exercise: str) -> Path:
    """Where the problem set of an exercise is written; it may not exist yet."""
    return course_root() / "solutions" / f"ps{catalogue.load(exercise).lesson}.py"


def solution_of(exercise: str) -> str:
    """The commented solution of an exercise, as its problem set writes it.

    Parameters
    ----------
    exercise : str
        Its name, for example ``"masked_mean"``.

    Returns
    -------
    str
        Python source; the names it uses are imported by the problem set's first cell.

    Raises
    ------
    UnknownExercise
        If there is no such exercise; the message suggests the nearest name.
    NoSolution
        If its problem set has no answer cell of this name, or it is a question of a quick test.
    """
    if is_quick(exercise):
        quiz = catalogue.load(exercise).lesson[:2]
        raise NoSolution(f"`{exercise}` is a question; every option is explained by: mtl-teach quiz {quiz}")
    return _MARKER.sub("", _upto_answer(exercise)[-1].source)


def solution_cells(exercise: str) -> list[tuple[str, str]]:
    """The code that a finished notebook runs up to the answer: (name, source) of set-up and answer cells."""
    return [
        (cell.grade_id, _MARKER.sub("", cell.source))
        for cell in _upto_answer(exercise)
        if not cell.markdown and {"locked", "answer"} & set(cell.tags)
    ]


def _upto_answer(exercise: str) -> list[Cell]:
    path = problem_set(exercise)
    cells = read_cells(path.read_text(encoding="utf-8")) if path.is_file() else []
    for index, cell in enumerate(cells):
        if cell.grade_id == exercise and "answer" in cell.tags:
            return cells[: index + 1]
    raise NoSolution(f"`solutions/{path.name}` must have an answer cell `{exercise}`; there is none.")


def as_submission(exercise: exercises.Exercise, known: Misconception | Alternative) -> str:
    """The source of a misconception or an alternative as a learner would have handed it in.

    Parameters
    ----------
    exercise : Exercise
    known : Misconception or Alternative
        One of the exercise's own.
    """
    left = ", ".join(exercise.entries)
    answer = f"{known.function.__name__}{'()' if exercise.values else ''}"
    return f"{_undecorated(known.function.__module__)}\n{left} = {answer}\n"


@functools.cache
def _undecorated(module: str) -> str:
    """A module's source without the grader's vocabulary, which a submission does not have."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    tree.body = [node for node in tree.body if not _imports_autograder(node)]
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            node.decorator_list = [one for one in node.decorator_list if not _is_mark(one)]
    return ast.unparse(tree)


def _imports_autograder(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder")


def _is_mark(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") in ("misconception", "alternative")
