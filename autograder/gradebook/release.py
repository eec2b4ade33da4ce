"""What nbgrader is told of a course: its configuration, its released assignments, its students.

nbgrader starts a program by name when it makes a gradebook, so all of this room opens gradebooks through here.
"""

from __future__ import annotations

import contextlib
import fnmatch
import functools
import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import api, dbutil
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from sqlalchemy.exc import OperationalError
from traitlets import import_item
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.authoring.release import RELEASE
from autograder.course_files import course_root
from autograder.files import write_atomically
from autograder.gradebook.source_cells import SaveCellsIn, one_transaction
from autograder.grading.course import Course, CourseError


class _Gradebook(Gradebook):
    """nbgrader's gradebook, except that one which cannot be opened leaves no connection behind.

    Of which version a new one is, nbgrader learns from another program's output, which takes two seconds.
    """

    def __init__(self, url: str) -> None:
        try:
            with _replaced(api, "get_alembic_version", _newest_version):
                super().__init__(url)
        except BaseException:
            if hasattr(self, "db"):
                self.close()
            raise


_VERSION = re.compile(r"""^revision\b[^=]*=\s*["'](\w+)["']""", re.MULTILINE)
_OLDER = re.compile(r"""^down_revision\b[^=]*=\s*["'](\w+)["']""", re.MULTILINE)
_asked_of_alembic = api.get_alembic_version


@functools.cache
def _newest_version() -> str:
    texts = [path.read_text(encoding="utf-8") for path in Path(dbutil.ALEMBIC_DIR).glob("versions/*.py")]
    older = {found[1] for text in texts if (found := _OLDER.search(text))}
    newest = {found[1] for text in texts if (found := _VERSION.search(text))} - older
    return newest.pop() if len(newest) == 1 else str(_asked_of_alembic())


@contextlib.contextmanager
def _replaced(module: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


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


# ---- the students' versions ------------------------------------------------------------------------------------


def release(course: Course, names: list[str] | None = None) -> list[str]:
    """Generate the students' versions and tell the gradebook of them; give back their names.

    An assignment as this package built it is released as built; of one that was edited since, nbgrader's steps are
    run in memory; where the configuration changes more than those steps, nbgrader's own converter does everything.
    Either all of the assignments are released or none.

    Parameters
    ----------
    course : Course
    names : list of str, optional
        Which assignments; by default all.
    """
    names = names or sorted(course.assignments)
    config = config_of(course)
    if not _only_steps(config):
        for name in names:
            _generate(course, name)
        return names
    with _room_for(course), quiet(), gradebook_of(course) as gradebook, one_transaction(gradebook):
        course_id = config.CourseDirectory.get("course_id", "default_course")
        gradebook.check_course(course_id)
        folders = [_one(course, config, name, gradebook, str(course_id)) for name in names]
        for folder in folders:
            folder.write()
    return names


@contextlib.contextmanager
def _room_for(course: Course) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if "full" not in str(error.orig):
            raise
        where = course.root.parent
        raise CourseError(f"{where}: the disk is full; make room and run the same command again.") from None


@dataclass(frozen=True)
class _Folder:
    """A released assignment before it is written: its files by their path inside it."""

    path: Path
    files: dict[Path, bytes]

    def write(self) -> None:
        """Take the place of what was released before."""
        if self.path.is_dir():
            shutil.rmtree(self.path)
        for path, data in self.files.items():
            write_atomically(self.path / path, data)


def _one(course: Course, config: Config, name: str, gradebook: Gradebook, course_id: str) -> _Folder:
    """Release one assignment into an open gradebook."""
    source = course.root / "source" / name
    files = _beside(source, config)
    notebooks = sorted(path for path in source.glob("*.ipynb") if not path.name.startswith("."))
    if not notebooks:
        raise CourseError(f"{source} holds no notebook to release.")
    gradebook.update_or_create_assignment(name, course_id=course_id)
    _forget_notebooks(gradebook, name, {path.stem for path in notebooks})
    for path in notebooks:
        built = _as_built(path, config)
        if built is None:
            built = _students_version(path, name, config, gradebook, course.database)
        else:
            nb = nbformat.reads(built.decode(), as_version=nbformat.NO_CONVERT)
            SaveCellsIn(gradebook).preprocess(nb, _resources(path, name, course.database))
        files[Path(path.name)] = built
    return _Folder(course.root / "release" / name, files)


def _resources(path: Path, assignment: str, database: str) -> dict[str, Any]:
    told = {"student": ".", "assignment": assignment, "notebook": path.stem, "db_url": database}
    return {"nbgrader": told, "unique_key": path.stem, "metadata": {"name": path.stem, "path": str(path.parent)}}


def _as_built(path: Path, config: Config) -> bytes | None:
    """The student's version that comes with this package, if the source is its source and no step is configured."""
    ours = course_root() / "solutions" / path.parent.name / path.name
    made = course_root() / "exercises" / path.parent.name / path.name
    if not (ours.is_file() and made.is_file()) or _steps(config) != _AS_MADE:
        return None
    source = path.read_bytes()
    if source != ours.read_bytes() or b"BEGIN HIDDEN TESTS" in source or b"BEGIN MARK SCHEME" in source:
        return None  # of what is hidden the gradebook knows more than the students' version shows
    return made.read_bytes()


def _students_version(path: Path, assignment: str, config: Config, gradebook: Gradebook, database: str) -> bytes:
    """Run nbgrader's steps from source to student's version on a notebook in memory."""
    resources = _resources(path, assignment, database)
    try:
        nb = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        for step in config.GenerateAssignment.preprocessors:
            kind = import_item(step) if isinstance(step, str) else step
            run = SaveCellsIn(gradebook, config=config) if issubclass(kind, SaveCells) else kind(config=config)
            nb, resources = run(nb, resources)
        nbformat.validate(nb, relax_add_props=True)
    except Exception as error:
        raise CourseError(f"nbgrader could not convert a notebook: {path}: {type(error).__name__}: {error}") from error
    text: str = nbformat.writes(nb, version=4)
    return (text.rstrip("\n") + "\n").encode()


def _beside(source: Path, config: Config) -> dict[Path, bytes]:
    """What lies beside the notebooks and goes to students as it is."""
    ignored = [*config.CourseDirectory.get("ignore", CourseDirectory.ignore.default()), "*.ipynb"]
    found: dict[Path, bytes] = {}
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.is_file() and not any(fnmatch.fnmatch(part, one) for part in inside.parts for one in ignored):
            found[inside] = path.read_bytes()
    return found


def _forget_notebooks(gradebook: Gradebook, name: str, kept: set[str]) -> None:
    assignment = gradebook.find_assignment(name)
    gone = {notebook.name for notebook in assignment.notebooks} - kept
    if gone and assignment.submissions:
        raise CourseError(
            f"source/{name}: the notebooks {', '.join(sorted(gone))} were handed in already; put them back."
        )
    for notebook in gone:
        gradebook.remove_notebook(notebook, name)


# Sections of the configuration that change more than what the steps do, and the steps' own.
_MORE = ("BaseConverter", "GenerateAssignment", "Exporter", "NotebookExporter", "FilesWriter", "WriterBase")
_FOLDERS = {"course_id", "root", "ignore"}  # of nbgrader's `CourseDirectory`, what may be set
_AS_MADE = {"ClearSolutions": {"enforce_metadata": False}, "steps": RELEASE}  # a course's, from `plugin.configure`


def _only_steps(config: Config) -> bool:
    """True where the configuration leaves folders, hooks and writers as they are: only steps may be configured."""
    more = {name: dict(config[name]) for name in _MORE if name in config}
    steps = more.get("GenerateAssignment", {}).pop("preprocessors", None)
    return bool(steps) and not any(more.values()) and set(config.CourseDirectory) <= _FOLDERS


def _steps(config: Config) -> dict[str, Any]:
    """What is configured of the steps."""
    names = {step.rpartition(".")[2] for step in RELEASE} | {"ClearSolutions", "NbGraderPreprocessor", "Preprocessor"}
    found = {name: dict(config[name]) for name in names if name in config}
    return found | {"steps": list(config.GenerateAssignment.preprocessors)}


def _generate(course: Course, name: str) -> None:
    """Have nbgrader's own converter release one assignment."""
    config = config_of(course)
    config.CourseDirectory.assignment_id = name
    config.GenerateAssignment.force = True
    with quiet():
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()


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
