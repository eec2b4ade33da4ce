"""What nbgrader is told of a course: its configuration, its released assignments, its students.

nbgrader starts a program by name when it makes a gradebook, so all of this room opens gradebooks through here.
"""

from __future__ import annotations

import contextlib
import csv
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.grading.course import Course, CourseError


class _Gradebook(Gradebook):
    """nbgrader's gradebook, except that one which cannot be opened leaves no connection behind."""

    def __init__(self, url: str) -> None:
        try:
            super().__init__(url)
        except BaseException:
            if hasattr(self, "db"):
                self.close()
            raise


def gradebook_of(course: Course) -> Gradebook:
    """The course's gradebook, made where there is none; use it as a context manager."""
    _programs_on_path()
    return _Gradebook(course.database)


def config_of(course: Course) -> Config:
    """The course's own configuration, as nbgrader loads it."""
    _programs_on_path()
    config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    config.CourseDirectory.root = str(course.root)
    return config


def release(course: Course, names: list[str] | None = None) -> list[str]:
    """Generate the students' versions and tell the gradebook of them; give back their names.

    Parameters
    ----------
    course : Course
    names : list of str, optional
        Which assignments; by default all.
    """
    names = names or sorted(course.assignments)
    for name in names:
        config = config_of(course)
        config.CourseDirectory.assignment_id = name
        config.GenerateAssignment.force = True
        with quiet():
            GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    return names


def import_roster(course: Course) -> int:
    """Put the students of ``roster.csv`` into the gradebook; give back how many."""
    with (course.root / "roster.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    with gradebook_of(course) as gradebook:
        for row in rows:
            student = (row.get("id") or "").strip()
            if not student:
                raise CourseError("roster.csv: every row needs an `id`; one has none.")
            details = {key: row[key] for key in ("first_name", "last_name", "email") if row.get(key)}
            gradebook.update_or_create_student(student, **details)
    return len(rows)


def _programs_on_path() -> None:
    """nbgrader starts `alembic` by name: the environment's programs must be found, also when it was not activated."""
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep nbgrader's log out of the terminal while it converts; where it fails, say the log's last words."""
    heard = _Heard(logging.ERROR)
    logger = logging.getLogger("traitlets")
    before, logger.handlers, logger.propagate = logger.handlers, [heard], False
    try:
        yield
    except NbGraderException:
        reasons = [text.strip().splitlines()[-1] for text in heard.texts if text.startswith("Traceback")]
        raise CourseError(f"nbgrader could not convert a notebook: {'; '.join(reasons or heard.texts)}") from None
    finally:
        logger.handlers, logger.propagate = before, True


class _Heard(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())
