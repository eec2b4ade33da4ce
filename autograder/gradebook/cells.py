"""What becomes of a submitted notebook's cells: put right, given their verdicts, judged.

nbgrader's own commands come here through the preprocessors of ``plugin``, and :mod:`~autograder.gradebook.enter`
comes here directly, so that both roads lead to the same cells, marks and comments.
"""

from __future__ import annotations

import hashlib
import html
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader import utils

from autograder import render
from autograder.grading.names import Name
from autograder.grading.record import GRADED, results_of
from autograder.results import ExerciseResult, Verdict

MAX_COMMENT = 2_000
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceCells:
    """What the gradebook knows of an assignment's notebook, as plain data.

    Attributes
    ----------
    metadata : dict of str to dict
        Each cell's grading metadata, by its name and in the notebook's order.
    sources : dict of str to str
        Each cell's text as it was released.
    kernelspec : dict or None
    """

    metadata: Mapping[str, dict[str, Any]]
    sources: Mapping[str, str]
    kernelspec: dict[str, Any] | None = None

    @classmethod
    def of(cls, notebook: Any) -> SourceCells:
        """From nbgrader's ``Notebook``."""
        kernelspec = json.loads(notebook.kernelspec) if notebook.kernelspec else None
        return cls(
            {cell.name: _metadata_of(notebook, cell) for cell in notebook.source_cells},
            {cell.name: cell.source for cell in notebook.source_cells},
            kernelspec,
        )

    @property
    def points(self) -> dict[str, float]:
        """The points of every cell that has some."""
        return {name: float(cell["points"]) for name, cell in self.metadata.items() if "points" in cell}


def _metadata_of(notebook: Any, cell: Any) -> dict[str, Any]:
    graded = {one.name: one for one in notebook.grade_cells}
    solutions = {one.name for one in notebook.solution_cells}
    tasks = {one.name: one for one in notebook.task_cells}
    meta: dict[str, Any] = {
        "grade_id": cell.name,
        "schema_version": 3,
        "cell_type": cell.cell_type,
        "grade": cell.name in graded,
        "solution": cell.name in solutions,
        "locked": bool(cell.locked),
        "task": cell.name in tasks,
        "checksum": cell.checksum,
    }
    if cell.name in graded:
        meta["points"] = graded[cell.name].max_score
    if cell.name in tasks:
        meta["points"] = tasks[cell.name].max_score
    return meta


def checksum_of(ours: SourceCells, name: str) -> str:
    """nbgrader's checksum of a cell as it was released, with the points that it has now."""
    meta = ours.metadata[name]
    make: Any = new_code_cell if meta["cell_type"] == "code" else new_markdown_cell
    return str(utils.compute_checksum(make(source=ours.sources[name], metadata={"nbgrader": dict(meta)})))


# ---- putting cells right ---------------------------------------------------------------------------------------


def repair(nb: Any, ours: SourceCells) -> None:
    """Give every cell back what the gradebook knows of it.

    Flipped flags, changed points and stripped metadata are set right, a locked cell has its own text and every cell
    its own type again, the second of two cells of one name loses its name, and cells that were deleted come back.
    """
    seen: set[str] = set()
    for cell in nb.cells:
        name = _name(cell, ours)
        cell.metadata.pop("nbgrader", None)
        if name and name not in seen:
            seen.add(name)
            _set_right(cell, name, ours)
    _restore_missing(nb, ours, seen)
    if ours.kernelspec:
        nb.metadata["kernelspec"] = dict(ours.kernelspec)


def _name(cell: Any, ours: SourceCells) -> str:
    """Which of our cells this is: by its grade_id, else by its id, else by a locked cell's own text."""
    marks = cell.metadata.get("nbgrader", {})
    for name in (marks.get("grade_id") if isinstance(marks, dict) else None, cell.get("id")):
        if isinstance(name, str) and name in ours.metadata:
            return name
    same = [name for name, meta in ours.metadata.items() if meta["locked"] and ours.sources[name] == cell.source]
    return same[0] if len(same) == 1 else ""


def _set_right(cell: Any, name: str, ours: SourceCells) -> None:
    meta = dict(ours.metadata[name])
    cell.metadata["nbgrader"] = meta
    if cell.cell_type != meta["cell_type"]:
        cell.cell_type = meta["cell_type"]
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
        else:
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    if meta["locked"]:
        cell.source = ours.sources[name]


def _restore_missing(nb: Any, ours: SourceCells, seen: set[str]) -> None:
    """Put deleted cells back behind the cell they used to follow; an answer comes back as its stub."""
    order = list(ours.metadata)
    for index, name in enumerate(order):
        if name in seen:
            continue
        make: Any = new_code_cell if ours.metadata[name]["cell_type"] == "code" else new_markdown_cell
        cell = make(source=ours.sources[name], metadata={"nbgrader": dict(ours.metadata[name])})
        cell["id"] = name
        before = {one: at for at, one in enumerate(c.metadata.get("nbgrader", {}).get("grade_id") for c in nb.cells)}
        at = next((before[one] + 1 for one in reversed(order[:index]) if one in before), 0)
        nb.cells.insert(at, cell)
        seen.add(name)
    ids: set[str] = set()
    for position, cell in enumerate(nb.cells):
        if cell.get("id") in ids or not cell.get("id"):
            cell["id"] = f"cell-{position}"
        ids.add(cell["id"])
    nb.nbformat, nb.nbformat_minor = 4, max(nb.nbformat_minor, 5)


# ---- verdicts become outputs -----------------------------------------------------------------------------------


def inject(nb: Any, record: Mapping[str, Any]) -> None:
    """Write what the sandbox found into the notebook, in place of running it in a kernel."""
    results = _results(record)
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if utils.is_grade(cell) and name.startswith("check-"):
            result = results.get(name.removeprefix("check-"))
            cell.outputs = _verdict(result, cell.metadata["nbgrader"]["points"], record)
        else:
            cell.outputs = _what_it_printed(record["cells"].get(name, {}))
        cell.execution_count = None


def _results(record: Mapping[str, Any]) -> dict[str, ExerciseResult]:
    return results_of(dict(record)) if record["status"] == GRADED else {}


def _verdict(result: ExerciseResult | None, points: float, record: Mapping[str, Any]) -> list[Any]:
    """Cell outputs from which nbgrader reads the score: always present, finite and within the cell's points."""
    if result is None:
        why = f"This could not be graded and was sent to your instructor: {record['reason']}."
        return [_display(f"<p>{html.escape(why)}</p>", why), _score(0.0)]
    return [_display(render.as_html(result), render.as_text(result)), _score(score_of(result, points))]


def score_of(result: ExerciseResult, points: float) -> float:
    """A result's score in a cell of so many points: as it is where the cell has the checks' points, else its share."""
    share = 1.0 if not result.max_score or result.max_score == points else points / result.max_score
    return min(max(result.score * share, 0.0), float(points))


def _display(rich: str, plain: str) -> Any:
    return new_output("display_data", data={"text/html": rich, "text/plain": plain})


def _score(points: float) -> Any:
    return new_output("execute_result", data={"text/plain": repr(float(points))}, execution_count=None)


def _what_it_printed(cell: Mapping[str, str]) -> list[Any]:
    text = "\n".join(part for part in (cell.get("printed", "").rstrip(), cell.get("error", "")) if part)
    return [new_output("stream", name="stdout", text=text + "\n")] if text else []


# ---- marks and comments ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """What the gradebook is told of one cell.

    Attributes
    ----------
    score : float or None
        None where a person has to give it.
    comment : str or None
    basis : str
        A digest of what the mark is about: while it stays the same, a mark that a person gave stands.
    """

    score: float | None = None
    comment: str | None = None
    basis: str = ""


@dataclass(frozen=True)
class Judgement:
    """What the gradebook is told of a whole notebook: its graded cells, and the comments on its answers."""

    grades: dict[str, Judged] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)


def judge(
    nb: Any, record: Mapping[str, Any], zero: str | None = None, told: Mapping[str, Name] | None = None
) -> Judgement:
    """What a repaired notebook and its record are worth.

    Parameters
    ----------
    nb : NotebookNode
        After :func:`repair`.
    record : mapping
    zero : str, optional
        Why an instructor gives nothing for all that would have to wait for a person.
    told : mapping of str to Name, optional
        What the course says of its answers, by exercise; it stands in comments and moves no mark.
    """
    told = told or {}
    results = _results(record)
    waiting = {one["cell"]: one["reason"] for one in record.get("review", ())} if record["status"] == GRADED else {}
    sources = {name: cell.source for cell in nb.cells if (name := _known(cell))}
    grades: dict[str, Judged] = {}
    comments: dict[str, str | None] = {}
    for cell in nb.cells:
        name = _known(cell)
        if not name:
            continue
        if utils.is_grade(cell) or utils.is_task(cell):
            score = _score_of_cell(cell, name, record, results, waiting)
            about = [sources.get(name.removeprefix("check-"), ""), sources[name]]
            if zero is not None and score is None and (record["status"] != GRADED or name in waiting):
                score = 0.0
            if name.startswith("check-"):
                about.append(repr(score))
            grades[name] = Judged(score, None, hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16])
        if utils.is_solution(cell) or utils.is_task(cell):
            comments[name] = _comment(cell, name, record, results, waiting, zero, told.get(name))
    return Judgement(grades, comments)


def _known(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _score_of_cell(
    cell: Any, name: str, record: Mapping[str, Any], results: Mapping[str, ExerciseResult], waiting: Mapping[str, str]
) -> float | None:
    if record["status"] != GRADED or name in waiting or name.removeprefix("check-") in waiting or utils.is_task(cell):
        return None
    if utils.is_solution(cell):  # a written answer: nothing where it is as it was released
        score, _ = utils.determine_grade(cell, _LOG)
        return None if score is None else float(score)
    result = results.get(name.removeprefix("check-")) if name.startswith("check-") else None
    if result is None or result.needs_review:
        return None  # also a test cell that is not one of our checks: nothing was run for it
    return score_of(result, float(cell.metadata["nbgrader"]["points"]))


def _comment(
    cell: Any,
    name: str,
    record: Mapping[str, Any],
    results: Mapping[str, ExerciseResult],
    waiting: Mapping[str, str],
    zero: str | None,
    told: Name | None,
) -> str | None:
    if record["status"] != GRADED:
        why = f"Not graded automatically: {record['reason']}."
        return (why if zero is None else f"{why} Decided: no points. {zero}")[:MAX_COMMENT]
    reason = waiting.get(name, waiting.get(f"check-{name}", ""))
    if reason:
        return (reason if zero is None else f"{reason} Decided: no points. {zero}")[:MAX_COMMENT]
    if name in results and (text := comment_on(results[name], told)):
        return text[:MAX_COMMENT]
    unchanged = cell.metadata["nbgrader"].get("checksum") == utils.compute_checksum(cell)
    return "No response." if unchanged and not utils.is_task(cell) else None


def comment_on(result: ExerciseResult, told: Name | None = None) -> str:
    """What the course says of the answer, then a line for each thing that went wrong, as nbgrader shows it under it.

    What waits for these is told in one line.
    """
    outline = render.Outline.of(result)
    lines = [f"Your tutor says: {told.message}"] if told else []
    for check, *more in outline.troubles:
        mark, word = render.WORDS[check.verdict]
        said = (f"{mark} {word}:", check.sentence, check.summary, check.message, render.and_more(len(more)))
        lines.append(" ".join(filter(None, said)))
    return "\n".join([*lines, *([f"{render.WORDS[Verdict.SKIPPED][0]} {outline.waits}."] if outline.waiting else [])])
