"""A course's folder: its layout, its secret and its records.

``nbgrader_config.py``, ``source/``, ``release/``, ``submitted/``, ``autograded/``, ``feedback/`` and ``gradebook.db``
are nbgrader's; ``roster.csv`` is the instructor's; ``.mtl-grade/`` holds the secret and the records.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder import catalogue
from autograder.course_files import course_root
from autograder.engine.sandbox import Limits
from autograder.files import PRIVATE, cells_of, read_notebook, write_atomically
from autograder.grading import folder
from autograder.grading.assignment import MAX_BYTES, Assignment
from autograder.grading.intake import Chosen, HandedIn, choose, is_script, sense_of
from autograder.grading.key import RECORD_VERSION, key_of
from autograder.grading.record import GRADER_ERROR, NOBODY, Job, sealed, seed_for, unsealed
from autograder.grading.roster import STUDENT, Roster
from autograder.grading.settings import written
from autograder.grading.submission import grade, sandbox_of_this_process
from autograder.grading.times import time_of
from autograder.lenient_json import text_of
from autograder.quizzes import question
from autograder.quizzes.assignment import printed_otherwise
from autograder.results import UsageError, typed

CONFIG = """\
# nbgrader reads this file. The two lines below make it grade with mtl-teach; the rest is yours.
from autograder.nbplugin import configure

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "{course_id}"
configure(c)
"""
MAX_FILES = 10  # notebooks and Python files of one folder that are looked at
MAX_RECORD = 64 * 2**20
OWN = (".mtl-grade", "autograded", "feedback", "gradebook.db", "release", "roster.csv", "source", "submitted")
GRADE, ZERO = "grade", "zero"  # what a person may decide
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
        """The bytes of the notebook that the assignment asks for; None where there is none that may be read."""
        return self._read(f"{self.assignment}.ipynb").data

    @property
    def files(self) -> list[Chosen]:
        """The notebooks and Python files in it, the one of the assignment's name first; or why they cannot be read."""
        asked = f"{self.assignment}.ipynb"
        try:
            listed = folder.entries(*self._path)
        except folder.NotThere:
            return []
        except folder.NotTaken as why:
            return [Chosen(asked, reason=str(why))]
        others = [
            one.name
            for one in listed
            if one.name != asked and one.name.lower().endswith((".ipynb", ".py")) and not (one.is_folder or one.is_link)
        ]
        read = (self._read(name) for name in (asked, *others[: MAX_FILES - 1]))
        return [one for one in read if one.file]

    @property
    def handed_in_at(self) -> datetime | None:
        """When it was handed in, as ``timestamp.txt`` notes it, in UTC; None where nobody did or it is no date."""
        try:
            data = folder.read(*self._path, "timestamp.txt", most=1_000)
        except folder.NotTaken:
            return None
        return time_of(text_of(data))

    @property
    def timestamp(self) -> str:
        """When it was handed in, as nbgrader's exchange writes it; empty where that is not known."""
        at = self.handed_in_at
        return f"{at:%Y-%m-%d %H:%M:%S.%f} UTC" if at else ""

    @property
    def _path(self) -> tuple[Path, str, str]:
        return self.folder.parent.parent, self.student, self.assignment

    def _read(self, name: str) -> Chosen:
        return file_in(*self._path, name)


def file_in(root: Path, *names: str) -> Chosen:
    """A file below ``root`` that was handed in, or why it is not read; without a name where there is none."""
    shown = folder.shown(names[-1])
    try:
        return Chosen(shown, folder.read(root, *names, most=MAX_BYTES))
    except folder.NotThere as why:
        return Chosen(reason=str(why))
    except folder.NotTaken as why:
        return Chosen(shown, reason=str(why))


def assignments_in(source: Path) -> dict[str, Assignment]:
    """The problem sets and quick tests of a folder by name, each told apart from the others."""
    found = sorted(source.glob("*/*.ipynb"))
    alone = {path.stem: Assignment.read(path) for path in found if path.stem == path.parent.name}
    return {name: one.beside(other for other in alone.values() if other is not one) for name, one in alone.items()}


def _address_of_a_gradebook(root: Path) -> Path:
    """The folder, where its gradebook can have an address; else that would be another file's, and one without marks."""
    if "?" in str(root):
        raise CourseError(f"{root}: a gradebook's address cannot hold a `?`; name the folder without it.")
    return root


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
            If it is not a course's folder, its path cannot be a gradebook's, or its secret is missing or damaged.
        """
        course = cls(_address_of_a_gradebook(Path(root).resolve()))
        if not course.private.is_dir():
            raise CourseError(
                f"{root} is not a course's folder; make one with {typed('init', root, '--course-id', 'ID')}."
            )
        _ = course.secret
        return course

    @classmethod
    def holding(cls, submitted: str | Path) -> Course:
        """The course whose submissions lie in ``submitted``: its parent, or that folder itself."""
        path = Path(submitted).resolve()
        if not path.is_dir():
            raise CourseError(f"{submitted} is not a folder; give the course's folder or its `submitted` folder.")
        root = next((root for root in (path, path.parent) if (root / ".mtl-grade").is_dir()), path.parent)
        return cls.open(root)

    @classmethod
    def create(cls, root: Path, course_id: str, sources: Path | None = None) -> Course:
        """A new folder with configuration, secret, an empty roster and the sources of all problem sets and quick tests.

        As :meth:`in_the_making`, with nothing more to do.
        """
        with cls.in_the_making(root, course_id, sources):
            pass
        return cls(Path(root).resolve())

    @classmethod
    @contextlib.contextmanager
    def in_the_making(cls, root: Path, course_id: str, sources: Path | None = None) -> Iterator[Course]:
        """A new course beside the place where it will be, to be filled; it is there whole afterwards, or not at all.

        Parameters
        ----------
        root : Path
            Where it will be. Nobody but its owner can read what students will hand in.
        course_id : str
        sources : Path, optional
            Built assignments, ``<name>/<name>.ipynb``; by default the course's own.

        Raises
        ------
        CourseError
            If the folder already holds a course, or a part of one.
        """
        root = Path(root).resolve()
        if (root / ".mtl-grade" / "secret").exists() or (root / "nbgrader_config.py").exists():
            raise CourseError(f"{root} already holds a course; nothing was changed.")
        _address_of_a_gradebook(root)
        there = sorted(set(OWN) & _names(root))
        if there:
            raise CourseError(f"{root} already has {', '.join(there)}; give a new folder. Nothing was changed.")
        missing = [one for one in (root, *root.parents) if not one.exists()]
        before = _names(root)
        part = root.parent / f".{root.name}.{secrets.token_hex(4)}.part"
        try:
            root.parent.mkdir(parents=True, exist_ok=True)
            course = cls(part)
            course._fill(course_id, sources or course_root() / "solutions")
            yield course
            root.mkdir(exist_ok=True)
            for path in sorted(part.iterdir()):
                path.rename(root / path.name)
            part.rmdir()
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            take_back(root, _names(root) - before, missing)
            raise

    def _fill(self, course_id: str, sources: Path) -> None:
        """Write everything that a new course has."""
        self.root.mkdir()
        folders = ("source", "submitted", "autograded", "feedback")
        for private in (self.private, *(self.root / name for name in folders)):
            private.mkdir(mode=0o700)
            private.chmod(0o700)  # whatever the umask says
        (self.private / "records").mkdir()
        (self.root / "nbgrader_config.py").write_text(CONFIG.format(course_id=course_id), encoding="utf-8")
        for path in sorted(sources.glob("*/*.ipynb")):
            target = self.root / "source" / path.parent.name
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / path.name)
        secret = f"{secrets.token_hex(32)}\n"
        for name, content in (("roster.csv", ROSTER), ("gradebook.db", ""), (".mtl-grade/secret", secret)):
            write_atomically(self.root / name, content.encode(), mode=PRIVATE)

    # ---- what lies in it ---------------------------------------------------------------------------------------

    @functools.cached_property
    def secret(self) -> bytes:
        """What seeds and seals are drawn from.

        Raises
        ------
        CourseError
            If its file is missing or damaged.
        """
        path = self.private / "secret"
        try:
            text = folder.read(self.private, "secret", most=1_000).strip()
        except folder.NotTaken as why:
            raise _no_secret(path, str(why)) from None
        if not re.fullmatch(rb"[0-9a-fA-F]{64}", text):
            raise _no_secret(path, "it is empty" if not text else "it does not hold 64 hexadecimal digits")
        return bytes.fromhex(text.decode())

    @property
    def gradebook_path(self) -> Path:
        return self.root / "gradebook.db"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.gradebook_path}"

    @property
    def roster_path(self) -> Path:
        return self.root / "roster.csv"

    @functools.cached_property
    def roster(self) -> Roster:
        """Who is in the class, as ``roster.csv`` says it now."""
        return Roster.read(self.roster_path)

    @functools.cached_property
    def personal_numbers(self) -> bool:
        """True where ``c.MtlGrade.personal_numbers`` has everybody work out numbers of their own.

        Raises
        ------
        CourseError
            If it is neither True nor False.
        """
        value = written(self.root / "nbgrader_config.py").get("personal_numbers", False)
        if not isinstance(value, bool):
            raise CourseError(
                f"{self.root / 'nbgrader_config.py'}: c.MtlGrade.personal_numbers is True or False; got {value!r}."
            )
        return value

    def numbers_of(self, student: str, assignment: Assignment) -> str:
        """Whose numbers an assignment has for a student, as a :class:`Job` says it."""
        if not self.personal_numbers or not any(catalogue.load(name).published for name in assignment.exercises):
            return ""
        return student if self.roster.get(student) else NOBODY

    @functools.cached_property
    def assignments(self) -> dict[str, Assignment]:
        """The problem sets and quick tests of this course by name."""
        return assignments_in(self.root / "source")

    def submissions(self) -> Iterator[Submission]:
        """Everything below ``submitted/`` that has the form <student>/<assignment>/ and is of somebody in the class.

        The roster says who is; while it is empty, everybody is whose folder's name can be an id.
        """
        for student, why in self._folders():
            if why:
                continue
            with contextlib.suppress(folder.NotTaken):
                for one in folder.entries(self.root / "submitted", student):
                    if one.is_folder or (one.is_link and one.name in self.assignments):
                        yield self.submission(student, one.name)

    def strangers(self) -> list[tuple[str, str]]:
        """The folders of ``submitted/`` that are of nobody in the class: their names as text, and why."""
        return [(folder.shown(student), why) for student, why in self._folders() if why]

    def _folders(self) -> Iterator[tuple[str, str]]:
        """Every folder of ``submitted/``, and why it is of nobody in the class; empty where it is."""
        known = {person.id for person in self.roster}
        try:
            found = folder.entries(self.root / "submitted", most=folder.EVERYTHING, hidden=True)
        except folder.NotTaken:
            return
        for one in found:
            if one.is_link:
                yield one.name, "it is a link; links are not followed"
            elif one.is_folder and not STUDENT.fullmatch(one.name):
                yield one.name, "this cannot be an id: letters, digits, `.`, `_`, `@`, `-`, at most 64"
            elif one.is_folder and known and one.name not in known:
                yield one.name, "not on roster.csv"
            elif one.is_folder:
                yield one.name, ""

    def submission(self, student: str, assignment: str) -> Submission:
        return Submission(student, assignment, self.root / "submitted" / student / assignment)

    def handed_in(self, submission: Submission) -> HandedIn:
        """What was handed in, made sense of: a clean notebook, and what a person must look at."""
        return sense_of(self._unkeyed(submission))

    # ---- what a person decided ---------------------------------------------------------------------------------

    def decision(self, student: str, assignment: str) -> dict[str, str] | None:
        """What a person decided of a submission: ``decision`` ("grade" or "zero") and ``reason``.

        None where nobody did, or something else was handed in since.
        """
        if not self._decision_path(student, assignment).exists():
            return None
        chosen = choose(self.submission(student, assignment).files, self.assignments[assignment])
        return self._decision(student, assignment, chosen)

    def _decision(self, student: str, assignment: str, chosen: Chosen) -> dict[str, str] | None:
        noted = self._read_sealed(self._decision_path(student, assignment))
        wanted = {"student": student, "assignment": assignment, "notebook": _hash_of(chosen)}
        if noted is None or {key: noted.get(key) for key in wanted} != wanted:
            return None
        return {"decision": str(noted["decision"]), "reason": str(noted["reason"])}

    def decide(self, submission: Submission, decision: str, reason: str = "") -> None:
        """Note what a person decided; it holds until something else is handed in."""
        student, name = submission.student, submission.assignment
        chosen = choose(submission.files, self.assignments[name])
        noted = {"student": student, "assignment": name, "notebook": _hash_of(chosen)}
        self._write_sealed(self._decision_path(student, name), {**noted, "decision": decision, "reason": reason})

    def _decision_path(self, student: str, assignment: str) -> Path:
        return self.private / "decisions" / assignment / f"{student}.json"

    # ---- records -----------------------------------------------------------------------------------------------

    def job(self, submission: Submission, layers: tuple[str, ...]) -> Job:
        """What has to be done for one submission.

        Raises
        ------
        CourseError
            If it is a quick test whose letters stand for other options than those it was released with.
        """
        self._same_letters(submission.assignment)
        job = self._unkeyed(submission)
        student, assignment = job.student, job.assignment
        read_as = (is_script(job.file), job.reason, job.said, job.accepted)
        key = key_of(student, assignment, job.notebook, self.secret, layers, self.limits, read_as, job.numbers_of)
        seeds = {name: seed_for(self.secret, student, name) for name in assignment.exercises}
        return replace(job, seeds=seeds, key=key, layers=layers)

    def _unkeyed(self, submission: Submission) -> Job:
        """What was handed in and how it is read, without the key, for which all code of the checks has to be read."""
        student, assignment = submission.student, self.assignments[submission.assignment]
        chosen = choose(submission.files, assignment)
        decided = self._decision(student, assignment.name, chosen)
        return Job(
            student=student,
            assignment=assignment,
            notebook=chosen.data,
            seeds={},
            key="",
            layers=(),
            limits=self.limits,
            trust=self.trust,
            file=chosen.file,
            reason=chosen.reason,
            said=chosen.said,
            accepted=decided is not None and decided["decision"] == GRADE,
            numbers_of=self.numbers_of(student, assignment),
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
        """The record on disk; None where there is none, or it is not as this course wrote it of this submission."""
        record = self._read_sealed(self.record_path(student, assignment))
        if record is None or (record.get("student"), record.get("assignment")) != (student, assignment):
            return None
        return record if {"status", "exercises"} <= record.keys() else None  # a decision has the same seal

    def was_changed_outside(self, student: str, assignment: str) -> bool:
        """True where there is a record that this course did not write so: it counts as not there."""
        path = self.record_path(student, assignment)
        if not path.exists() or self.read_record(student, assignment) is not None:
            return False
        try:
            version = json.loads(path.read_bytes())["version"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return True
        return bool(version >= RECORD_VERSION) if isinstance(version, int) else True  # older ones had no seal

    def _read_sealed(self, path: Path) -> dict[str, Any] | None:
        try:
            if path.stat().st_size > MAX_RECORD:
                return None
            data = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        return unsealed(data, self.secret)

    def _write_sealed(self, path: Path, data: dict[str, Any]) -> None:
        text = json.dumps(sealed(data, self.secret), indent=1, sort_keys=True)
        write_atomically(path, text.encode(), mode=PRIVATE)

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
        self._write_sealed(self.record_path(record["student"], record["assignment"]), record)

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


def _no_secret(path: Path, why: str) -> CourseError:
    return CourseError(
        f"{path}: {why}. The course's secret decides every seed and seals every record: restore this file from a "
        "backup. If there is none, make a new course with `mtl-grade init` and grade there anew."
    )


def _hash_of(chosen: Chosen) -> str:
    """What a decision is bound to: the bytes that were handed in, or why there are none."""
    return hashlib.sha256(chosen.reason.encode() if chosen.data is None else chosen.data).hexdigest()


def _names(root: Path) -> set[str]:
    return set(os.listdir(root)) if root.is_dir() else set()


def take_back(root: Path, names: set[str], folders: list[Path]) -> None:
    """Remove what a failed beginning made: these names in the folder, and these folders if they are empty."""
    for path in (root / name for name in names):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for path in folders:
        with contextlib.suppress(OSError):
            path.rmdir()
