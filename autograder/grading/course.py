"""A course's folder: its layout, its secret and its records.

``nbgrader_config.py``, ``source/``, ``release/``, ``submitted/``, ``autograded/``, ``feedback/`` and ``gradebook.db``
are nbgrader's; ``roster.csv`` is the instructor's; ``.mtl-grade/`` holds the secret and the records.
"""

from __future__ import annotations

import functools
import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course_files import course_root
from autograder.engine.sandbox import Limits
from autograder.files import PRIVATE, cells_of, read_notebook, write_atomically
from autograder.grading.assignment import Assignment
from autograder.grading.key import key_of
from autograder.grading.record import GRADER_ERROR, Job, seed_for
from autograder.grading.roster import Roster
from autograder.grading.submission import grade, sandbox_of_this_process
from autograder.quizzes import question
from autograder.quizzes.assignment import printed_otherwise
from autograder.results import UsageError

CONFIG = """\
# nbgrader reads this file. The two lines below make it grade with mtl-teach; the rest is yours.
from autograder.nbplugin import configure

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "{course_id}"
configure(c)
"""
ROSTER = "id,first_name,last_name,email\n"


class CourseError(UsageError):
    """Something about the folder is not as it should be; the message names the file and the repair."""


@dataclass(frozen=True)
class Submission:
    """One student's folder for one assignment."""

    student: str
    assignment: str
    folder: Path

    @property
    def notebook(self) -> bytes | None:
        """The bytes of the notebook that the assignment asks for; None where there is none."""
        path = self.folder / f"{self.assignment}.ipynb"
        if path.is_symlink() or not path.is_file():
            return None
        return path.read_bytes()

    @property
    def timestamp(self) -> str:
        """When it was handed in, as nbgrader's exchange notes it; empty where nobody did."""
        try:
            return (self.folder / "timestamp.txt").read_text(encoding="utf-8", errors="replace")[:100].strip()
        except OSError:
            return ""


class Course:
    """A course's folder.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.private = root / ".mtl-grade"
        self.trust = False
        self.limits = Limits()
        self._agreed: set[str] = set()

    @classmethod
    def open(cls, root: str | Path) -> Course:
        """An existing folder.

        Raises
        ------
        CourseError
            If it is not a course's folder.
        """
        course = cls(Path(root).resolve())
        if not (course.private / "secret").is_file():
            raise CourseError(f"{root} is not a course's folder; make one with `mtl-grade init {root} --course-id ID`.")
        return course

    @classmethod
    def holding(cls, submitted: str | Path) -> Course:
        """The course whose submissions lie in ``submitted``: its parent, or that folder itself."""
        path = Path(submitted).resolve()
        if not path.is_dir():
            raise CourseError(f"{submitted} is not a folder; give the course's folder or its `submitted` folder.")
        for root in (path, path.parent):
            if (root / ".mtl-grade" / "secret").is_file():
                return cls(root)
        return cls.open(path.parent)

    @classmethod
    def create(cls, root: Path, course_id: str, sources: Path | None = None) -> Course:
        """A new folder with configuration, secret, an empty roster and the sources of all problem sets and quick tests.

        ``sources`` holds built assignments, ``<name>/<name>.ipynb``; by default the course's own.

        Raises
        ------
        CourseError
            If the folder already holds a course.
        """
        course = cls(root.resolve())
        if (course.private / "secret").exists() or (root / "nbgrader_config.py").exists():
            raise CourseError(f"{root} already holds a course; nothing was changed.")
        for folder in (root, root / "submitted", course.private / "records"):
            folder.mkdir(parents=True, exist_ok=True)
        course.private.chmod(0o700)
        (root / "nbgrader_config.py").write_text(CONFIG.format(course_id=course_id), encoding="utf-8")
        (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
        sources = sources or course_root() / "solutions"
        for path in sorted(sources.glob("*/*.ipynb")):
            target = root / "source" / path.parent.name
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / path.name)
        secret = course.private / "secret"
        secret.touch(0o600)
        secret.write_text(secrets.token_hex(32) + "\n")
        return course

    # ---- what lies in it ---------------------------------------------------------------------------------------

    @functools.cached_property
    def secret(self) -> bytes:
        return bytes.fromhex((self.private / "secret").read_text().strip())

    @property
    def database(self) -> str:
        return f"sqlite:///{self.root / 'gradebook.db'}"

    @property
    def roster_path(self) -> Path:
        return self.root / "roster.csv"

    @functools.cached_property
    def roster(self) -> Roster:
        """Who is in the class, as ``roster.csv`` says it now."""
        return Roster.read(self.roster_path)

    @functools.cached_property
    def assignments(self) -> dict[str, Assignment]:
        """The problem sets and quick tests of this course by name."""
        found = sorted((self.root / "source").glob("*/*.ipynb"))
        return {path.stem: Assignment.read(path) for path in found if path.stem == path.parent.name}

    def submissions(self) -> Iterator[Submission]:
        """Everything below ``submitted/`` that has the form <student>/<assignment>/."""
        for student in sorted((self.root / "submitted").glob("*")):
            if student.is_symlink() or not student.is_dir():
                continue
            for folder in sorted(student.iterdir()):
                if folder.is_dir() and not folder.is_symlink() and not folder.name.startswith("."):
                    yield Submission(student.name, folder.name, folder)

    def submission(self, student: str, assignment: str) -> Submission:
        return Submission(student, assignment, self.root / "submitted" / student / assignment)

    # ---- records -----------------------------------------------------------------------------------------------

    def job(self, submission: Submission, layers: tuple[str, ...]) -> Job:
        """What has to be done for one submission."""
        assignment = self.assignments[submission.assignment]
        self._same_letters(assignment.name)
        notebook = submission.notebook
        return Job(
            student=submission.student,
            assignment=assignment,
            notebook=notebook,
            seeds={name: seed_for(self.secret, submission.student, name) for name in assignment.exercises},
            key=key_of(submission.student, assignment, notebook, self.secret, layers, self.limits),
            layers=layers,
            limits=self.limits,
            trust=self.trust,
        )

    def _same_letters(self, name: str) -> None:
        """Stop before a quick test is graded whose letters stand for other options than those it was released with."""
        if name in self._agreed:
            return
        data = (self.root / "source" / name / f"{name}.ipynb").read_bytes()
        if data == _ours(name):  # as this mtl-teach built it, so nothing of the bank has to be worked out
            self._agreed.add(name)
            return
        printed = {cell.id: cell.source for cell in cells_of(read_notebook(data))}
        for one in filter(question.is_quick, self.assignments[name].exercises):
            if printed_otherwise(question.load(one), printed.get(f"about-{one}", "")):
                raise CourseError(
                    f"source/{name}: `{one}` has its options under other letters than in this mtl-teach, so answers "
                    "would be misread; grade it with the version that released it, or build and release it anew."
                )
        self._agreed.add(name)

    def record_path(self, student: str, assignment: str) -> Path:
        return self.private / "records" / assignment / f"{student}.json"

    def read_record(self, student: str, assignment: str) -> dict[str, Any] | None:
        """The record on disk, or None where there is none that can be read."""
        try:
            record = json.loads(self.record_path(student, assignment).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record if isinstance(record, dict) else None

    def current_record(self, submission: Submission, layers: tuple[str, ...] | None = None) -> dict[str, Any] | None:
        """The record on disk if it is of exactly this submission, so that grading again would change nothing.

        ``layers`` are those that grading would have now; left out, the ones it had then will do.
        """
        record = self.read_record(submission.student, submission.assignment)
        if record is None or record.get("status") == GRADER_ERROR:
            return None
        had = tuple(record.get("layers", ())) if layers is None else layers
        return record if record.get("key") == self.job(submission, had).key else None

    def write_record(self, record: dict[str, Any]) -> None:
        """Write one record so that it is there whole or not at all."""
        path = self.record_path(record["student"], record["assignment"])
        write_atomically(path, json.dumps(record, indent=1, sort_keys=True).encode(), mode=PRIVATE)

    def record(self, student: str, assignment: str) -> dict[str, Any]:
        """The current record of a submission; it is graded now where there is none."""
        submission = self.submission(student, assignment)
        found = self.current_record(submission)
        if found is not None:
            return found
        made = grade(self.job(submission, self.layers()))
        self.write_record(made)
        return made

    def layers(self) -> tuple[str, ...]:
        """The sandbox's layers on this machine, proven by starting it."""
        return sandbox_of_this_process(self.limits, self.trust).layers


def _ours(name: str) -> bytes | None:
    """The source notebook of this name that comes with the course; None where there is none."""
    path = course_root() / "solutions" / name / f"{name}.ipynb"
    return path.read_bytes() if path.is_file() else None
