"""What this course's tutors say of behaviours that no exercise knows by name, in ``names.toml`` of the course's folder.

A name belongs to a fingerprint: for a wrong answer that of what it does, for a right one that of how it is written. So
every equal answer has it at once, next term's as well if the file is copied. Names decide no mark and stand in no
record: whoever shows a result asks for them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from autograder import catalogue
from autograder.exercises import UnknownExercise
from autograder.files import write_atomically
from autograder.grading import folder
from autograder.grading.course import Course, CourseError
from autograder.grading.record import GRADED, results_of
from autograder.grading.sources import answer_sources
from autograder.judging.fingerprint import LENGTH
from autograder.judging.runner import WRONG as INCORRECT
from autograder.judging.shape import shape_of
from autograder.results import ExerciseResult
from autograder.visible import clean

FILE = "names.toml"
MAX_FILE = 2**20  # bytes
MAX_MESSAGE = 1_000  # characters
MAX_TITLE = 80
FINGERPRINT = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
WRONG, RIGHT = "wrong", "right"
HEAD = """\
# What this course says of answers that behave alike (wrong) or are written alike (right), by exercise and fingerprint.
# `mtl-grade clusters` shows what has no name yet, `mtl-grade name` writes here. The file may be edited, and copied to
# the next term's course. Marks do not depend on it.
"""


@dataclass(frozen=True)
class Name:
    """What is said of one behaviour, or of one way to write a right answer.

    Attributes
    ----------
    exercise, fingerprint : str
    title : str
        A few words, for lists.
    message : str
        What students are told.
    date : datetime.date or None
        When it was given; None where somebody wrote it by hand and did not say.
    right : bool
        True where ``fingerprint`` is the shape of right answers, False where it is a wrong behaviour.
    """

    exercise: str
    fingerprint: str
    title: str
    message: str
    date: date | None
    right: bool = False

    @property
    def table(self) -> str:
        """The table of the file in which it stands."""
        return f"{RIGHT if self.right else WRONG}.{self.exercise}.{self.fingerprint}"

    def as_toml(self) -> str:
        """Its table, as it stands in the file."""
        lines = [f"title = {_quoted(self.title)}", f"message = {_quoted(self.message)}"]
        return "\n".join([f"[{self.table}]", *lines, *([f"date = {self.date}"] if self.date else []), ""])


def title_of(message: str) -> str:
    """The beginning of a message, as the title of a name that was given none.

    >>> title_of("It counts every row. Look at the mask.")
    'It counts every row'
    """
    first = re.split(r"[.:;!?](?:\s|$)", " ".join(message.split()), maxsplit=1)[0]
    return first if len(first) <= MAX_TITLE else first[: MAX_TITLE - 1].rpartition(" ")[0] + "…"


class Names:
    """The names of one course, as they stand in its file now.

    Parameters
    ----------
    path : Path
    text : str
        The file's text; empty where there is none.

    Raises
    ------
    CourseError
        If the text cannot be read; the message says what is wrong in it. The file is left as it is.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._text = text
        self._known = {(name.right, name.exercise, name.fingerprint): name for name in _parsed(path, text)}

    @classmethod
    def read(cls, course: Course) -> Names:
        """Those of a course; none where it has given none."""
        return cls.read_file(course.root / FILE)

    @classmethod
    def read_file(cls, path: Path) -> Names:
        """Those of a file; none where there is no such file."""
        try:
            data = folder.read(path.parent, path.name, most=MAX_FILE)
        except folder.NotThere:
            return cls(path, "")
        except folder.NotTaken as why:
            raise _damaged(path, str(why)) from None
        try:
            return cls(path, data.decode("utf-8-sig").replace("\r\n", "\n"))
        except UnicodeDecodeError:
            raise _damaged(path, "it is no text in UTF-8") from None

    def __iter__(self) -> Iterator[Name]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def of(self, exercise: str, fingerprint: str) -> Name | None:
        """The name of a wrong behaviour."""
        return self._known.get((False, exercise, fingerprint))

    def of_right(self, exercise: str, shape: str) -> Name | None:
        """What is said of a way to write a right answer."""
        return self._known.get((True, exercise, shape))

    def go_by_behaviour(self, result: ExerciseResult) -> bool:
        """True for a wrong answer that is no known mistake, or of whose behaviour something is said here."""
        if not result.fingerprint or not any(check.verdict in INCORRECT for check in result.checks):
            return False
        return self.of(result.exercise, result.fingerprint) is not None or not result.misconceptions

    def about(self, course: Course, record: Mapping[str, Any]) -> dict[str, Name]:
        """What is said of the answers in a record, by exercise.

        Parameters
        ----------
        course : Course
            Where what was handed in lies: it is read only where something is said of right answers to its exercises.
        record : mapping
        """
        if not self._known or record["status"] != GRADED:
            return {}
        results = results_of(dict(record))
        right = {one.exercise for one in self if one.right}
        answers: Mapping[str, str] = {}
        if any(result.passed and name in right for name, result in results.items()):
            answers = answer_sources(course, record["student"], record["assignment"])
        found = {name: self._of(result, answers.get(name, "")) for name, result in results.items()}
        return {name: one for name, one in found.items() if one is not None}

    def _of(self, result: ExerciseResult, source: str) -> Name | None:
        if not result.passed:
            return self.of(result.exercise, result.fingerprint)
        return self.of_right(result.exercise, shape_of_answer(result.exercise, source)) if source else None

    def give(self, name: Name) -> Name | None:
        """Write a name into the file; give back the one that it replaces.

        Everything else in the file stays as it is, comments included.

        Raises
        ------
        CourseError
            If the file cannot be changed so; it is left as it is.
        """
        key = (name.right, name.exercise, name.fingerprint)
        old = self._known.get(key)
        text = _with(self._text or HEAD, name)
        try:
            new = Names(self.path, text)._known
        except CourseError:
            new = {}
        if new != self._known | {key: name}:
            raise CourseError(
                f"{self.path}: `[{name.table}]` cannot be written beside what stands there; write it by hand. "
                "Nothing was changed."
            )
        write_atomically(self.path, text.encode())
        self._text, self._known = text, new
        return old


def entries_of(exercise: str) -> tuple[str, ...]:
    """The names that an answer defines; none where the exercise is no longer in the catalogue."""
    try:
        return catalogue.load(exercise).entries
    except UnknownExercise:
        return ()


def shape_of_answer(exercise: str, source: str) -> str:
    """The shape of an answer to an exercise; empty where that is no longer in the catalogue."""
    entries = entries_of(exercise)
    return shape_of(source, entries) if entries else ""


# ---- the file --------------------------------------------------------------------------------------------------


def _with(text: str, name: Name) -> str:
    """The file's text with the table of a name: in the place of the old one, else at the end."""
    lines = text.rstrip().split("\n")
    at = next((place for place, line in enumerate(lines) if line.strip() == f"[{name.table}]"), len(lines))
    rest = (place for place in range(at + 1, len(lines)) if lines[place].lstrip().startswith(("[", "#")))
    end = next(rest, len(lines))
    parts = ("\n".join(lines[:at]).rstrip(), name.as_toml().rstrip(), "\n".join(lines[end:]))
    return "\n\n".join(filter(None, parts)) + "\n"


def _parsed(path: Path, text: str) -> Iterator[Name]:
    """The names in a file's text, each in order."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _damaged(path, str(error) or "it is too deep") from None
    for kind in (WRONG, RIGHT):
        for exercise, tables in _table(path, kind, data.get(kind, {})).items():
            for fingerprint, told in _table(path, f"{kind}.{exercise}", tables).items():
                yield _name(path, exercise, fingerprint, _table(path, f"{kind}.{exercise}.{fingerprint}", told), kind)


def _table(path: Path, where: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _damaged(path, f"`{where}` is no table")
    return value


def _name(path: Path, exercise: str, fingerprint: str, told: dict[str, Any], kind: str) -> Name:
    where = f"[{kind}.{exercise}.{fingerprint}]"
    message, day = told.get("message"), told.get("date")
    title = told.get("title", title_of(message) if isinstance(message, str) else "")
    if not FINGERPRINT.fullmatch(fingerprint):
        raise _damaged(path, f"`{where}` does not end in {LENGTH} hexadecimal digits")
    if not isinstance(message, str) or not message.strip() or len(message) > MAX_MESSAGE:
        raise _damaged(path, f"`{where}` has no message of 1 to {MAX_MESSAGE:,} characters")
    if not isinstance(title, str) or not (day is None or isinstance(day, date)):
        raise _damaged(path, f"`{where}` has a title that is no text, or a date that is none")
    return Name(exercise, fingerprint, clean(title), clean(message), day, kind == RIGHT)


def _damaged(path: Path, why: str) -> CourseError:
    return CourseError(f"{path} cannot be read: {why}. Mend it, or move it away; nothing was changed.")


def _quoted(text: str) -> str:
    """A text as TOML writes it in one line: JSON's way, but for one character that TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
