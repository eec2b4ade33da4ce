"""nbgrader's side: repair a submission's cells, put our verdicts into them, save marks and comments.

nbgrader stays the gradebook. Three preprocessors take the place of running the notebook in a kernel;
:func:`configure` is the one line that a course's ``nbgrader_config.py`` needs.
"""

from __future__ import annotations

import html
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder import render
from autograder.authoring.release import RELEASE
from autograder.grading.course import Course
from autograder.grading.record import GRADED, results_of
from autograder.results import ExerciseResult, Verdict

MAX_COMMENT = 2_000


def configure(config: Any) -> None:
    """Set what nbgrader needs to grade with this package."""
    config.OverwriteCells.add_missing_cells = True
    config.ClearSolutions.enforce_metadata = False
    config.GenerateAssignment.preprocessors = RELEASE
    config.Autograde.sanitize_preprocessors = [
        "autograder.gradebook.plugin.RepairCells",
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.Autograde.autograde_preprocessors = [
        "autograder.gradebook.plugin.InjectResults",
        "nbgrader.preprocessors.LimitOutput",
        "autograder.gradebook.plugin.SaveGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]


class RepairCells(NbGraderPreprocessor):
    """Give every cell back the grading metadata that the gradebook knows for it.

    Flipped flags, changed points and stripped metadata are set right, the second of two cells of one name loses its
    name, and cells that were deleted come back (by nbgrader's own ``OverwriteCells``). Scores of an earlier
    submission are reset, so that what is not handed in again does not keep its marks.
    """

    def preprocess(self, nb: Any, resources: Any) -> Any:
        marks = resources["nbgrader"]
        with Gradebook(marks["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(marks["notebook"], marks["assignment"])
            known = {cell.name: _metadata_of(notebook, cell) for cell in notebook.source_cells}
            sources = {cell.name: cell.source for cell in notebook.source_cells}
            for grade in gradebook.find_submission_notebook(
                marks["notebook"], marks["assignment"], marks["student"]
            ).grades:
                grade.auto_score, grade.needs_manual_grade = None, False
            gradebook.db.commit()
        seen: set[str] = set()
        for cell in nb.cells:
            name = _name(cell, known, sources)
            cell.metadata.pop("nbgrader", None)
            if name and name not in seen:
                seen.add(name)
                cell.metadata["nbgrader"] = dict(known[name])
        _restore_missing(nb, notebook_order=list(known), known=known, sources=sources, seen=seen)
        return nb, resources


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


def _name(cell: Any, known: dict[str, Any], sources: dict[str, str]) -> str:
    """Which of our cells this is: by its grade_id, else by its id, else by a locked cell's own text."""
    marks = cell.metadata.get("nbgrader", {})
    for name in (marks.get("grade_id") if isinstance(marks, dict) else None, cell.get("id")):
        if isinstance(name, str) and name in known:
            return name
    same = [name for name, meta in known.items() if meta["locked"] and sources[name] == cell.source]
    return same[0] if len(same) == 1 else ""


def _restore_missing(
    nb: Any, notebook_order: list[str], known: dict[str, Any], sources: dict[str, str], seen: set[str]
) -> None:
    """Put deleted cells back behind the cell they used to follow; an answer comes back as its stub."""
    for index, name in enumerate(notebook_order):
        if name in seen:
            continue
        make: Any = new_code_cell if known[name]["cell_type"] == "code" else new_markdown_cell
        cell = make(source=sources[name], metadata={"nbgrader": dict(known[name])})
        cell["id"] = name
        before = {one: at for at, one in enumerate(c.metadata.get("nbgrader", {}).get("grade_id") for c in nb.cells)}
        at = next((before[one] + 1 for one in reversed(notebook_order[:index]) if one in before), 0)
        nb.cells.insert(at, cell)
        seen.add(name)
    ids: set[str] = set()
    for position, cell in enumerate(nb.cells):
        if cell.get("id") in ids or not cell.get("id"):
            cell["id"] = f"cell-{position}"
        ids.add(cell["id"])
    nb.nbformat, nb.nbformat_minor = 4, max(nb.nbformat_minor, 5)


class InjectResults(NbGraderPreprocessor):
    """Write what the sandbox found into the notebook, in place of running it in a kernel."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        record = record_for(self, resources)
        results = results_of(record) if record["status"] == GRADED else {}
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
        return nb, resources


def record_for(preprocessor: Any, resources: Any) -> dict[str, Any]:
    """The record of the submission being converted; graded now when there is none, as formgrader's button needs."""
    marks = resources["nbgrader"]
    coursedir = preprocessor.parent.parent.coursedir
    return Course.open(coursedir.root).record(marks["student"], marks["assignment"])


def _verdict(result: ExerciseResult | None, points: float, record: dict[str, Any]) -> list[Any]:
    """Cell outputs from which nbgrader reads the score: always present, finite and within the cell's points."""
    if result is None:
        why = f"This could not be graded and was sent to your instructor: {record['reason']}."
        return [_display(f"<p>{html.escape(why)}</p>", why), _score(0.0)]
    score = min(max(result.score, 0.0), float(points))
    return [_display(render.as_html(result), render.as_text(result)), _score(score)]


def _display(rich: str, plain: str) -> Any:
    return new_output("display_data", data={"text/html": rich, "text/plain": plain})


def _score(points: float) -> Any:
    return new_output("execute_result", data={"text/plain": repr(float(points))}, execution_count=None)


def _what_it_printed(cell: dict[str, str]) -> list[Any]:
    text = "\n".join(part for part in (cell.get("printed", "").rstrip(), cell.get("error", "")) if part)
    return [new_output("stream", name="stdout", text=text + "\n")] if text else []


class SaveGrades(SaveAutoGrades):
    """nbgrader's ``SaveAutoGrades``, except that our failures go to review and answers get a comment."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        self.record = record_for(self, resources)
        self.results = results_of(self.record) if self.record["status"] == GRADED else {}
        return super().preprocess(nb, resources)

    def _add_score(self, cell: Any, resources: Any) -> None:
        super()._add_score(cell, resources)
        name = cell.metadata["nbgrader"]["grade_id"]
        result = self.results.get(name.removeprefix("check-"))
        ours = name.startswith("check-") and cell.cell_type == "code"
        if self.record["status"] != GRADED or (ours and (result is None or result.needs_review)):
            grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()

    def _add_comment(self, cell: Any, resources: Any) -> None:
        super()._add_comment(cell, resources)
        name = cell.metadata["nbgrader"]["grade_id"]
        text = comment_on(self.results[name]) if name in self.results else ""
        if self.record["status"] != GRADED:
            text = f"Not graded automatically: {self.record['reason']}."
        if text:
            comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
            comment.auto_comment = text[:MAX_COMMENT]
            self.gradebook.db.commit()


def comment_on(result: ExerciseResult) -> str:
    """A line a check that did not pass, as nbgrader shows it under the answer."""
    lines = []
    for check in result.checks:
        if check.verdict is Verdict.PASSED:
            continue
        mark, word = render.WORDS[check.verdict]
        lines.append(f"{mark} {word}: {check.sentence} {check.summary} {check.message}".strip())
    return "\n".join(lines)
