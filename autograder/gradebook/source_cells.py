"""Enters the cells of a released notebook into the gradebook, as nbgrader's ``SaveCells`` does, without its price.

``SaveCells`` looks for every cell before it adds it, and commits after each: a thousand questions and seven hundred
commits for this course. Here a notebook that is new to the gradebook is added row by row in one transaction; for one
that is known, ``SaveCells`` itself decides what may change.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from nbgrader import utils
from nbgrader.api import Gradebook, GradeCell, MissingEntry, SolutionCell, SourceCell, TaskCell
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells


class SaveCellsIn(SaveCells):
    """``SaveCells`` for a gradebook that is open already.

    Parameters
    ----------
    gradebook : Gradebook
    **more
        As every preprocessor takes them.
    """

    def __init__(self, gradebook: Gradebook, **more: Any) -> None:
        super().__init__(**more)
        self.gradebook = gradebook

    def preprocess(self, nb: Any, resources: Any) -> Any:
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        try:
            self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            enter_new(self.gradebook, nb, self.notebook_id, self.assignment_id)
            return nb, resources
        self.new_grade_cells: dict[str, Any] = {}
        self.new_solution_cells: dict[str, Any] = {}
        self.new_task_cells: dict[str, Any] = {}
        self.new_source_cells: dict[str, Any] = {}
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        self._create_notebook(nb)
        return nb, resources


def enter_new(gradebook: Gradebook, nb: Any, name: str, assignment: str) -> None:
    """Add a notebook that the gradebook does not know, with all its cells.

    Parameters
    ----------
    gradebook : Gradebook
    nb : NotebookNode
        As it is after nbgrader's ``ComputeChecksums``.
    name, assignment : str
        The notebook's, and that of an assignment in the gradebook.
    """
    kernelspec = json.dumps(nb.metadata.get("kernelspec", {}))
    notebook = gradebook.add_notebook(name, assignment, kernelspec=kernelspec)
    rows: list[Any] = []
    for cell in nb.cells:
        grade, solution, task = utils.is_grade(cell), utils.is_solution(cell), utils.is_task(cell)
        if not (grade or solution or task or utils.is_locked(cell)):
            continue
        marks = cell.metadata.nbgrader
        known = {"name": marks["grade_id"], "notebook": notebook}
        if grade:
            rows.append(GradeCell(**known, max_score=float(marks["points"]), cell_type=cell.cell_type))
        if solution:
            rows.append(SolutionCell(**known))
        if task:
            rows.append(TaskCell(**known, max_score=float(marks["points"]), cell_type=cell.cell_type))
        rows.append(
            SourceCell(
                **known,
                cell_type=cell.cell_type,
                locked=utils.is_locked(cell),
                source=cell.source,
                checksum=marks.get("checksum"),
            )
        )
    gradebook.db.add_all(rows)


@contextlib.contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Let what is changed meanwhile, through nbgrader's methods too, be there as a whole or not at all."""
    session = gradebook.db
    session.commit = session.flush
    try:
        yield
        del session.commit
        session.commit()
    except BaseException:
        session.__dict__.pop("commit", None)
        session.rollback()
        raise
