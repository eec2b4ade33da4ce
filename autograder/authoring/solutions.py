"""The solutions in the problem sets, in code and in words, and known answers as a learner hands one in."""

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
from autograder.files import Cell, cells_of, read_notebook
from autograder.quizzes.question import is_quick
from autograder.testing import Alternative, Misconception

_MARKER = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)
# Of a written answer: the model, the scheme, where what is marked begins, and the answers that others gave.
_MODEL, _SCHEME = "**Model answer.**", "**Mark scheme.**"
_MARKS = re.compile(r"(?:^|; )[\d.]+ (?:points? )?for ")
_EXEMPLARS = re.compile(r"^- \*Full ", re.MULTILINE)


class NoSolution(LookupError):
    """No problem set solves this exercise."""


@dataclass(frozen=True)
class WrittenSolution:
    """What a written answer is marked by.

    Attributes
    ----------
    model : str
        The model answer, in Markdown.
    marks : tuple of str
        What each point is given for, one after the other.
    remark : str
        What the mark scheme says beside its points; it may be empty.
    """

    model: str
    marks: tuple[str, ...]
    remark: str


def problem_set(exercise: str) -> Path:
    """The source of the problem set of an exercise, as nbgrader reads it; it may not exist yet."""
    name = f"ps{exercises.load(exercise).lesson}"
    return course_root() / "solutions" / name / f"{name}.ipynb"


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
    return _without_marks(_upto_answer(exercise)[-1])


def solution_cells(exercise: str) -> list[tuple[str, str]]:
    """The code that a finished notebook runs up to the answer: (name, source) of set-up and answer cells."""
    return [
        (cell.grade_id, _without_marks(cell))
        for cell in _upto_answer(exercise)
        if cell.kind == "code" and not _mark(cell, "grade") and (_mark(cell, "locked") or _mark(cell, "solution"))
    ]


def written_solution_of(assignment: str, cell: str) -> WrittenSolution:
    """The model answer and the mark scheme of a written answer; nothing of it is in a released assignment.

    Parameters
    ----------
    assignment, cell : str
        Its problem set, and its name there, for example ``"ps05_missing_labels"`` and ``"why-masking"``.

    Raises
    ------
    NoSolution
        If the problem set has no written answer of this name.
    """
    path = course_root() / "solutions" / assignment / f"{assignment}.ipynb"
    cells = cells_of(read_notebook(path.read_bytes())) if path.is_file() else []
    source = next((one.source for one in cells if one.grade_id == cell and one.kind == "markdown"), "")
    model, found, rest = source.partition(_SCHEME)
    if not found:
        raise NoSolution(f"`solutions/{path.stem}.py` must have a written answer `{cell}`; there is none.")
    first, *others = _MARKS.split(" ".join(_EXEMPLARS.split(rest)[0].split()))
    last, _, remark = others[-1].partition(". ")
    return WrittenSolution(
        model.strip().removeprefix(_MODEL).strip(), (*others[:-1], last.rstrip(".")), (first + remark).strip()
    )


def _upto_answer(exercise: str) -> list[Cell]:
    path = problem_set(exercise)
    cells = cells_of(read_notebook(path.read_bytes())) if path.is_file() else []
    for index, cell in enumerate(cells):
        if cell.grade_id == exercise and _mark(cell, "solution") and not _mark(cell, "grade"):
            return cells[: index + 1]
    raise NoSolution(f"`solutions/{path.stem}.py` must have an answer cell `{exercise}`; there is none.")


def _mark(cell: Cell, name: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get(name))


def _without_marks(cell: Cell) -> str:
    return _MARKER.sub("", cell.source).rstrip("\n") + "\n"


def as_submission(exercise: exercises.Exercise, known: Misconception | Alternative) -> str:
    """The source of a misconception or an alternative as a learner would have handed it in.

    Parameters
    ----------
    exercise : Exercise
    known : Misconception or Alternative
        One of the exercise's own.
    """
    left = ", ".join(exercise.entries)
    function, given = known.function, ""
    if isinstance(function, functools.partial):
        given = ", ".join(f"{name}={value!r}" for name, value in function.keywords.items())
        function = function.func
    source = _undecorated(function.__module__)
    if exercise.values:
        return f"{source}\n{left} = {function.__name__}({given})\n"
    if given:
        return f"{source}\nimport functools\n{left} = functools.partial({function.__name__}, {given})\n"
    return f"{source}\n{left} = {function.__name__}\n"


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
