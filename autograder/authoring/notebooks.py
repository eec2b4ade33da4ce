"""From text sources to notebooks.

``lessons/*.py`` and ``solutions/ps*.py`` (py:percent) and the quick tests' banks are the only edited files. A lesson
becomes a notebook without outputs, a problem set or a quick test nbgrader's source notebook.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from autograder import catalogue
from autograder.authoring import reveals
from autograder.authoring.writing import as_bytes as as_bytes
from autograder.quizzes import assignment, bank
from autograder.results import UsageError

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
SCHEMA = 3
FOLDED = {"fold", "claim"}


class BuildError(UsageError):
    """A source that cannot be built, or a generated file that is not what its source says."""


def read_source(path: Path) -> nbformat.NotebookNode:
    """A py:percent file as a notebook with stable cell ids and no outputs."""
    return _notebook(path.read_text(encoding="utf-8"), path.stem)


def _notebook(text: str, stem: str) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = jupytext.reads(text, ".py")
    if notebook.cells and notebook.cells[0].cell_type == "raw":
        notebook.cells.pop(0)  # the header's own keys
    slug = stem.replace("_", "-")
    for index, cell in enumerate(notebook.cells):
        cell["id"] = cell.metadata.get("grade_id") or f"{slug[:50]}-{index}"
        cell.metadata.pop("lines_to_next_cell", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = nbformat.NotebookNode(kernelspec=dict(KERNEL), language_info={"name": "python"})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def lesson(path: Path) -> nbformat.NotebookNode:
    """A lesson's or a project's source as a notebook; cells tagged ``fold`` or ``claim`` open without their code.

    Their output stays: a prediction without its answer, and one line for what a claim checked. What tells the answer of
    a prediction before it can be made is folded too.
    """
    notebook = read_source(path)
    early = reveals.tells_too_early(notebook.cells)
    for cell in notebook.cells:
        if FOLDED & set(cell.metadata.get("tags", ())) or cell in early:
            cell.metadata["jupyter"] = {"source_hidden": True}
            cell.metadata["tags"] = [*cell.metadata.get("tags", ()), "hide-input"]  # the same for the web book
            cell.source = reveals.with_a_quiet_first_line(cell.source)
    reveals.fold_prose(notebook.cells)
    return notebook


def problem_set(path: Path) -> nbformat.NotebookNode:
    """A problem set's source as an nbgrader source notebook: short tags become nbgrader's metadata.

    Raises
    ------
    BuildError
        If a tag or an exercise is unknown, or a ``grade_id`` is missing or stands twice.
    """
    return _gradable(read_source(path), path.name)


def quick_test(path: Path) -> nbformat.NotebookNode:
    """A quick test's bank as an nbgrader source notebook, written like a problem set."""
    quiz = bank.read(path)
    return _gradable(_notebook(assignment.source(quiz), assignment.assignment_name(quiz)), path.name)


def _gradable(notebook: nbformat.NotebookNode, file: str) -> nbformat.NotebookNode:
    seen: set[str] = set()
    for cell in notebook.cells:
        tags, grade_id = cell.metadata.pop("tags", []), cell.metadata.pop("grade_id", None)
        if not tags:
            continue
        if len(tags) > 1 or not grade_id or not re.fullmatch(r"[a-zA-Z0-9_\-]+", grade_id) or grade_id in seen:
            raise BuildError(
                f"{file}: the cell {grade_id!r} needs one tag of ours and a grade_id of its own; got {tags}."
            )
        seen.add(grade_id)
        kind = _nbgrader_metadata(tags[0], grade_id, cell.cell_type, file)
        if kind:
            cell.metadata["nbgrader"] = {"grade_id": grade_id, "schema_version": SCHEMA, **kind}
        if tags[0] == "locked":
            cell.metadata.update(deletable=False, editable=False)
    return notebook


def _nbgrader_metadata(tag: str, grade_id: str, cell_type: str, file: str) -> dict[str, Any]:
    base = {"grade": False, "solution": False, "locked": False, "task": False, "cell_type": cell_type}
    if tag in ("examples", "numbers"):
        return {}
    if tag == "locked":
        return {**base, "locked": True}
    if tag == "answer":
        return {**base, "solution": True}
    if tag == "check":
        points = catalogue.load(grade_id.removeprefix("check-")).max_score
        return {**base, "grade": True, "locked": True, "points": points}
    if tag.startswith("manual:"):
        return {**base, "grade": True, "solution": True, "points": float(tag.removeprefix("manual:"))}
    raise BuildError(
        f"{file}: unknown tag {tag!r}; expected locked, answer, examples, numbers, check or manual:POINTS."
    )


def sources(root: Path) -> list[Path]:
    """The text sources of lessons and projects."""
    return sorted([*root.glob("lessons/[0-9]*.py"), *root.glob("lessons/projects/[pP][0-9]*.py")])


def problem_sets(root: Path) -> list[Path]:
    """The text sources of the problem sets."""
    return sorted(root.glob("solutions/ps[0-9]*.py"))


def quick_tests(root: Path) -> list[Path]:
    """The banks of the quick tests."""
    return sorted(root.glob("autograder/quizzes/[0-9]*.toml"))


def assignments(root: Path) -> dict[str, nbformat.NotebookNode]:
    """Every source notebook by its assignment's name: problem sets, then quick tests."""
    made = {path.stem: problem_set(path) for path in problem_sets(root)}
    return made | {assignment.assignment_name(bank.read(path)): quick_test(path) for path in quick_tests(root)}
