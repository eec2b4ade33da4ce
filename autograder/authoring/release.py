"""The student's version of an assignment, made by nbgrader's own ``generate_assignment``."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from autograder.authoring.writing import as_bytes
from autograder.quizzes.question import is_quick


class NameTheStub(ClearSolutions):
    """nbgrader's ``ClearSolutions``, except that a stub says which function is still to be written.

    A question of a quick test needs none: above its solution stand the empty quotes for the letter.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> Any:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "this cell")
        if is_quick(name):
            self.code_stub = {"python": ""}
            cell, resources = super().preprocess_cell(cell, resources, cell_index)
            cell.source = cell.source.rstrip()
            return cell, resources
        self.code_stub = {"python": f'raise NotImplementedError("{name} is not written yet")'}
        return super().preprocess_cell(cell, resources, cell_index)


RELEASE = [  # nbgrader's own steps from source to student's version, but for the stub that names itself
    "nbgrader.preprocessors.LockCells",
    "autograder.authoring.release.NameTheStub",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]


def release(sources: Path, target: Path, names: list[str]) -> None:
    """Run nbgrader's ``generate_assignment`` on source notebooks, without a gradebook.

    Parameters
    ----------
    sources, target : Path
        Folders that hold and receive ``<name>/<name>.ipynb``.
    names : list of str
        Problem sets and quick tests.
    """
    config = Config()
    config.CourseDirectory.root = str(target.parent)
    config.CourseDirectory.source_directory = str(sources)
    config.CourseDirectory.release_directory = str(target)
    config.GenerateAssignment.no_database = True
    config.GenerateAssignment.force = True
    config.GenerateAssignment.preprocessors = [step for step in RELEASE if not step.endswith("SaveCells")]
    for name in names:
        config.CourseDirectory.assignment_id = name
        converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
        converter.log.setLevel(logging.ERROR)
        converter.start()
        path = target / name / f"{name}.ipynb"
        path.write_bytes(as_bytes(nbformat.read(path, 4)))
