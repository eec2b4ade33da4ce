"""A pile of answers to one question: in which order, what is shown of each, and what becomes of a mark."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.exercises import written
from autograder.files import NotANotebook, cells_of, read_notebook
from autograder.gradebook.by_hand import Mark, Piled, Standing, looked_at, piles, save, standings
from autograder.gradebook.feedback.text import prose, visible
from autograder.gradebook.given import given_back
from autograder.gradebook.schemes import Scheme, schemes_of
from autograder.grading.course import Course
from autograder.grading.record import GRADED
from autograder.results import UsageError, typed

MAX_COMMENT = 10_000
MAX_TYPED = 100_000  # characters of an answer as it was typed
MAX_SENTENCES = 9  # that were written before and are offered: one for each digit


class Book(Protocol):
    """Where marks are read and written: the gradebook, or what a second marker keeps beside it."""

    def standings(self, scheme: Scheme) -> dict[str, Standing]:
        """The answers of a pile by student, with their marks."""

    def save(self, scheme: Scheme, student: str, mark: Mark, seen: str) -> Standing:
        """Give a mark; ``Moved`` where it is another one than was seen."""

    def piles(self, schemes: Sequence[Scheme]) -> dict[str, Piled]:
        """How many answers of each question there are and how many are marked, by the question's id."""


@dataclass(frozen=True)
class Gradebook:
    """The course's gradebook."""

    course: Course

    def standings(self, scheme: Scheme) -> dict[str, Standing]:
        return standings(self.course, scheme.assignment, scheme.cell)

    def save(self, scheme: Scheme, student: str, mark: Mark, seen: str) -> Standing:
        return save(self.course, student, scheme.assignment, scheme.cell, mark, seen)

    def piles(self, schemes: Sequence[Scheme]) -> dict[str, Piled]:
        known = piles(self.course)
        return {one.id: known[one.assignment, one.cell] for one in schemes if (one.assignment, one.cell) in known}


def schemes(course: Course, assignments: Collection[str] = (), question: str = "") -> dict[str, Scheme]:
    """The written questions of a course by their ids.

    Parameters
    ----------
    course : Course
    assignments : collection of str
        Only of these; by default of all.
    question : str
        Only the one whose cell has this name, or whose id this is.

    Raises
    ------
    UsageError
        If there is no such assignment, question, or no written question at all.
    """
    there = {path.stem: path for path in _sources(course)}
    unknown = sorted(set(assignments) - set(there))
    if unknown:
        raise UsageError(f"There is no assignment `{unknown[0]}` in {course.root / 'source'}: {', '.join(there)}.")
    found = [one for name, path in there.items() if not assignments or name in assignments for one in schemes_of(path)]
    if not found:
        raise UsageError(f"Nothing in {', '.join(assignments or there) or course.root} is marked by a person.")
    wanted = [one for one in found if question in ("", one.cell, one.id)]
    if not wanted:
        raise UsageError(f"There is no written question `{question}`; there are {', '.join(one.id for one in found)}.")
    return {one.id: one for one in wanted}


def _sources(course: Course) -> list[Path]:
    return [path for path in sorted((course.root / "source").glob("*/*.ipynb")) if path.stem == path.parent.name]


def rank_of(course: Course, scheme: Scheme, student: str, of: str = "pile") -> str:
    """A digest by which answers are put in order: the same each time, another for each question, telling nobody who."""
    words = "\0".join((of, scheme.assignment, scheme.cell, student))
    return hmac.new(course.secret, words.encode(), hashlib.sha256).hexdigest()[:16]


class Marking:
    """What a marker sees and does, question by question.

    Parameters
    ----------
    course : Course
    questions : mapping of str to Scheme
    book : Book
        The gradebook, or a second marker's own.
    blind : bool
        True for a second marker: who is told neither who wrote an answer nor that a mark was given back.
    """

    def __init__(self, course: Course, questions: Mapping[str, Scheme], book: Book, *, blind: bool = False) -> None:
        self._course = course
        self._schemes = questions
        self._book = book
        self._blind = blind
        self.saved = 0

    def something_to_mark(self) -> None:
        """Stop where there is nothing.

        Raises
        ------
        UsageError
            If nobody's answer is in the gradebook; it says what to run.
        """
        if any(pile.total for pile in self._book.piles(list(self._schemes.values())).values()):
            return
        names = dict.fromkeys(one.assignment for one in self._schemes.values())
        root = self._course.root
        if any(one.assignment in names for one in self._course.submissions()):
            raise UsageError(f"Nothing is in the gradebook yet to be marked: {typed('run', root)} enters it.")
        raise UsageError(
            f"Nobody has handed in {', '.join(names)} yet: {typed('collect', 'DOWNLOAD', '--course', root)} takes a "
            f"platform's download, {typed('run', root)} then enters it."
        )

    def questions(self) -> list[dict[str, Any]]:
        """The questions with how far each is marked; those that nobody answered are left out."""
        found = self._book.piles(list(self._schemes.values()))
        return [
            {"id": name, "assignment": scheme.assignment, "title": _plain(scheme.title)}
            | {"marked": found[name].marked, "total": found[name].total}
            for name, scheme in self._schemes.items()
            if name in found
        ]

    def pile(self, question: str) -> dict[str, Any]:
        """A question with its scheme, and its answers in order: unmarked first, those that were left empty last."""
        scheme = self._scheme(question)
        known = self._book.standings(scheme)
        waiting = self._waiting(scheme, known)
        order = self._order(scheme, known)
        answers = [
            {"key": key, "number": number, "state": _state(known[student], student in waiting)}
            for number, (key, student) in enumerate(order.items(), 1)
        ]
        places = ("unmarked", "again", "review", "marked", "empty")
        return {
            "question": _shown(scheme),
            "answers": sorted(answers, key=lambda one: places.index(one["state"])),
            "sentences": _sentences(scheme, known.values()),
        }

    def answer(self, question: str, key: str) -> dict[str, Any]:
        """One answer: its text, its student's numbers, and its mark as it is now."""
        scheme = self._scheme(question)
        known = self._book.standings(scheme)
        student = self._student(scheme, known, key)
        record = self._course.read_record(student, scheme.assignment) or {}
        text = self._text(scheme, student)
        why = _review(record, scheme.cell)
        told = {} if self._blind else given_back(self._course)
        standing = known[student]
        return {
            "key": key,
            "name": "" if self._blind else (f"{standing.name} ({student})" if standing.name else student),
            "review": f"{why} {typed('review', self._course.root)} says what to do." if why else "",
            "html": "" if scheme.code else prose(text),
            "typed": visible(text[:MAX_TYPED]),
            "outside": [prose(one) for one in record.get("outside", ()) if isinstance(one, str)],
            "numbers": self._numbers(scheme, student),
            "told": told.get((student, scheme.assignment)),
            "standing": shown(standing, bool(why)),
        }

    def save(self, question: str, key: str, mark: Mark, seen: str) -> dict[str, Any]:
        """Save a mark at once, and give back how the answer stands now.

        Raises
        ------
        UsageError
            If it is no mark of this question, or the answer waits for review.
        Moved
            If the mark is another one than was seen.
        """
        scheme = self._scheme(question)
        known = self._book.standings(scheme)
        student = self._student(scheme, known, key)
        most = known[student].most
        if mark.score is not None and not (math.isfinite(mark.score) and 0 <= mark.score <= most):
            raise UsageError(f"A mark is a number from 0 to {most:g}; got {mark.score:g}. Nothing was saved.")
        if len(mark.comment) > MAX_COMMENT:
            raise UsageError(f"A comment has at most {MAX_COMMENT} characters. Nothing was saved.")
        if student in self._waiting(scheme, known):
            raise UsageError("This answer waits for review and has no mark until then. Nothing was saved.")
        now = self._book.save(scheme, student, mark, seen)
        self.saved += 1
        return {
            "standing": shown(now),
            "sentences": _sentences(scheme, {**known, student: now}.values()),
        }

    # ---- what stands where

    def _scheme(self, question: str) -> Scheme:
        if question not in self._schemes:
            raise UsageError("There is no such question; load the page anew.")
        return self._schemes[question]

    def _order(self, scheme: Scheme, known: Mapping[str, Standing]) -> dict[str, str]:
        """The students by their keys, in the order of the pile."""
        return dict(sorted((rank_of(self._course, scheme, student), student) for student in known))

    def _student(self, scheme: Scheme, known: Mapping[str, Standing], key: str) -> str:
        student = self._order(scheme, known).get(key)
        if student is None:
            raise UsageError("This answer is no longer in the gradebook; load the page anew.")
        return student

    def _waiting(self, scheme: Scheme, known: Mapping[str, Standing]) -> set[str]:
        return waiting_for_review(self._course, scheme, known)

    def _text(self, scheme: Scheme, student: str) -> str:
        return text_of(self._course, scheme, student)

    def _numbers(self, scheme: Scheme, student: str) -> list[dict[str, Any]]:
        """What the question is about for this student, and what a right answer works out of it."""
        return [
            {
                "statement": prose(one.statement(student)),
                "answers": [[name, f"{value:.6g}"] for name, value in one.answers(student).items()],
            }
            for one in written.of_assignment(scheme.assignment)
            if one.cell == scheme.cell
        ]


def waiting_for_review(course: Course, scheme: Scheme, students: Iterable[str]) -> set[str]:
    """Whose answer is none that can be marked: its cell or the whole file waits for review."""
    looked = looked_at(course, scheme.assignment)
    return {
        student
        for student in students
        if student in looked and _review(course.read_record(student, scheme.assignment) or {}, scheme.cell)
    }


def text_of(course: Course, scheme: Scheme, student: str) -> str:
    """An answer as it was entered: from the notebook that formgrader shows; empty where there is none."""
    name = scheme.assignment
    path = course.root / "autograded" / student / name / f"{name}.ipynb"
    try:
        cells = cells_of(read_notebook(path.read_bytes()))
    except (OSError, NotANotebook):
        return ""
    return next((cell.source for cell in cells if cell.name == scheme.cell), "")


def _review(record: Mapping[str, Any], cell: str) -> str:
    """Why an answer waits for review; empty where it does not."""
    if not record:
        return ""
    if record["status"] != GRADED:
        return f"This could not be graded: {record['reason']}."
    return next((str(one["reason"]) for one in record.get("review", ()) if one["cell"] == cell), "")


def _state(standing: Standing, review: bool) -> str:
    if review:
        return "review"
    if standing.mark.waits:
        return "unmarked" if standing.mark.score is None else "again"
    return "empty" if standing.mark.score is None else "marked"


def shown(standing: Standing, review: bool = False) -> dict[str, Any]:
    """How an answer stands, for the page."""
    return {
        "state": _state(standing, review),
        "score": standing.mark.score,
        "waits": standing.mark.waits,
        "comment": standing.mark.comment,
        "lines": list(standing.mark.lines),
        "extra": standing.extra,
        "version": standing.version,
    }


def _shown(scheme: Scheme) -> dict[str, Any]:
    """A question for the page: every text as harmless HTML."""
    return {
        "id": scheme.id,
        "title": _plain(scheme.title),
        "assignment": scheme.assignment,
        "most": scheme.most,
        "code": scheme.code,
        "asked": prose(scheme.asked),
        "marked_for": prose(scheme.marked_for),
        "given": prose(scheme.given),
        "lines": [{"points": one.points, "html": _inline(one.text), "missing": one.missing} for one in scheme.lines],
        "note": prose(scheme.note),
        "whole": "" if scheme.lines else prose(scheme.whole),
        "model": prose(scheme.model),
        "exemplars": [
            {"title": f"Exemplar: {one.kind.lower()} ({one.points:g})", "html": prose(one.text)}
            for one in scheme.exemplars
        ],
    }


def _plain(text: str) -> str:
    """A heading without the marks of Markdown."""
    return visible(text.replace("`", "").replace("*", ""))


def _inline(text: str) -> str:
    """A line as HTML without the paragraph around it."""
    return str(prose(text)).strip().removeprefix("<p>").removesuffix("</p>")


def _sentences(scheme: Scheme, known: Iterable[Standing]) -> list[str]:
    """What comments on this question said before, the commonest first; the scheme's own lines are left out."""
    own = {one.missing for one in scheme.lines}
    counted = Counter(
        line.strip()
        for one in known
        for line in one.mark.comment.splitlines()
        if line.strip() and line.strip() not in own
    )
    return [sentence for sentence, _ in counted.most_common(MAX_SENTENCES)]
