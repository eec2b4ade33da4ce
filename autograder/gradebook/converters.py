"""nbgrader's converters, one for a whole class.

``nbgrader autograde`` builds its exporter, compiles its templates and opens its database afresh for every student. One
converter that is told of one student after another does the same work in a fraction of the time.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator
from typing import Any

from nbconvert.writers.files import FilesWriter
from nbgrader import api
from nbgrader.coursedir import CourseDirectory

from autograder.gradebook.release import config_of, quiet
from autograder.grading.course import Course


class ClassConverter:
    """A converter of nbgrader's for the students of one assignment.

    Parameters
    ----------
    kind : type
        ``nbgrader.converters.Autograde`` or another subclass of its ``BaseConverter``.
    course : Course
    assignment : str
    """

    def __init__(self, kind: type, course: Course, assignment: str) -> None:
        config = config_of(course)
        config.CourseDirectory.assignment_id = assignment
        config[kind.__name__].force = True
        self._root = course.root
        self._converter: Any = kind(coursedir=CourseDirectory(config=config), config=config)
        # what the converter's own start() sets up before it converts
        self._converter.writer = FilesWriter(parent=self._converter, config=self._converter.config)
        self._converter.exporter = self._converter.exporter_class(parent=self._converter, config=self._converter.config)
        for preprocessor in self._converter.preprocessors:
            self._converter.exporter.register_preprocessor(preprocessor)

    def convert(self, student: str) -> None:
        """Convert what one student handed in.

        Raises
        ------
        CourseError
            If nbgrader cannot; the message carries its reason.
        """
        self._converter.coursedir.student_id = student
        with quiet(), _inside(self._root):
            self._converter.init_notebooks()
            self._converter.convert_notebooks()


@contextlib.contextmanager
def _inside(folder: os.PathLike[str]) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def one_engine() -> Iterator[None]:
    """Let all gradebooks that are opened meanwhile share one engine: SQLAlchemy then compiles each statement once.

    A gradebook that is closed still gives its connection back, so that nobody finds the file locked for longer.
    """
    create_engine = api.create_engine
    api.create_engine = functools.cache(create_engine)
    try:
        yield
    finally:
        api.create_engine = create_engine
