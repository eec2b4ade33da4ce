"""nbgrader's side: three preprocessors take the place of running the notebook in a kernel.

nbgrader stays the gradebook. :func:`configure` is the one line that a course's ``nbgrader_config.py`` needs; with it
``nbgrader autograde`` and formgrader's button give what ``mtl-grade run`` gives.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.authoring.release import RELEASE
from autograder.files import NotANotebook, read_notebook
from autograder.gradebook.cells import SourceCells, inject, judge, repair
from autograder.gradebook.entered import apply, bases_of, zero_in
from autograder.grading.course import Course
from autograder.grading.names import Names


def configure(config: Any) -> None:
    """Set what nbgrader needs to grade with this package."""
    config.ExchangeFactory.collect = "autograder.gradebook.exchange.CollectOwn"
    config.OverwriteCells.add_missing_cells = True
    config.ClearSolutions.enforce_metadata = False
    config.GenerateAssignment.preprocessors = RELEASE
    config.Autograde.exporter_class = "autograder.gradebook.plugin.CleanNotebookExporter"
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


class CleanNotebookExporter(NotebookExporter):
    """nbconvert's, except that nbgrader's steps see what grading saw: the clean notebook of what was handed in."""

    def from_filename(self, filename: str, resources: Any = None, **more: Any) -> Any:
        """As the base class does, from the clean notebook."""
        path = Path(filename).absolute()
        resources = {**(resources or {}), "metadata": {"name": path.stem, "path": str(path.parent)}}
        return self.from_notebook_node(self._clean(path), resources, **more)  # type: ignore[no-untyped-call]

    def _clean(self, path: Path) -> Any:
        parent: Any = self.parent
        course = Course.open(parent.coursedir.root)
        submission = course.submission(path.parent.parent.name, path.parent.name)
        if path.parent != submission.folder or submission.assignment not in course.assignments:
            return from_dict(read_notebook(path.read_bytes()))
        handed_in = course.handed_in(submission)
        if handed_in.notebook is None:
            raise NotANotebook(handed_in.reason)
        return from_dict(handed_in.notebook)


class RepairCells(NbGraderPreprocessor):
    """Give every cell of a submission back what the gradebook knows of it."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        marks = resources["nbgrader"]
        with Gradebook(marks["db_url"]) as gradebook:
            repair(nb, SourceCells.of(gradebook.find_notebook(marks["notebook"], marks["assignment"])))
        return nb, resources


class InjectResults(NbGraderPreprocessor):
    """Write what the sandbox found into the notebook, in place of running it in a kernel."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        inject(nb, record_for(self, resources))
        return nb, resources


class SaveGrades(NbGraderPreprocessor):
    """Enter marks and comments; our failures, and what only a person can mark, wait for one."""

    def preprocess(self, nb: Any, resources: Any) -> Any:
        marks = resources["nbgrader"]
        record = record_for(self, resources)
        course = _course_of(self)
        zero = zero_in(course.decision(marks["student"], marks["assignment"]))
        told = Names.read(course).about(course, record)
        with Gradebook(marks["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(marks["notebook"], marks["assignment"], marks["student"])
            before = bases_of(gradebook, marks["student"], marks["assignment"])
            apply(notebook, judge(nb, record, zero, told), before)
            gradebook.db.commit()
        return nb, resources


def record_for(preprocessor: Any, resources: Any) -> dict[str, Any]:
    """The record of the submission being converted; graded now when there is none, as formgrader's button needs."""
    marks = resources["nbgrader"]
    return _course_of(preprocessor).record(marks["student"], marks["assignment"])


def _course_of(preprocessor: Any) -> Course:
    return Course.open(preprocessor.parent.parent.coursedir.root)
