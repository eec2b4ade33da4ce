"""Giving a behaviour its name: what is said of it reaches every equal answer, and no mark moves."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from autograder import catalogue
from autograder.authoring.new_mistake import Mistake, append, file_for
from autograder.desk.clusters import clusters
from autograder.gradebook.enter import renew_comments
from autograder.gradebook.feedback.write import Pages, write_pages
from autograder.grading.course import Course, Submission
from autograder.grading.lock import only_one
from autograder.grading.names import FINGERPRINT, MAX_MESSAGE, MAX_TITLE, Name, Names, shape_of_answer, title_of
from autograder.grading.record import GRADED, results_of
from autograder.grading.sources import answer_sources
from autograder.results import UsageError
from autograder.visible import clean


@dataclass
class Named:
    """What came of giving a name.

    Attributes
    ----------
    name : Name
    replaced : Name or None
        The name that it had before.
    students : list of (student, assignment)
        Whose answers it is about.
    comments : int
        How many comments in the gradebook say it now.
    pages : Pages
        Their feedback pages: made anew, or why not.
    said : list of str
        What else has to be told.
    """

    name: Name
    replaced: Name | None = None
    students: list[tuple[str, str]] = field(default_factory=list)
    comments: int = 0
    pages: Pages = field(default_factory=Pages)
    said: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """What is told of it, line by line."""
        name, pages = self.name, self.pages
        yield f"{name.exercise} {name.fingerprint}: {name.message}"
        if self.replaced is not None and self.replaced.message != name.message:
            yield f"Before it was: {self.replaced.message}"
        yield from self.said
        if not self.students:
            return
        yield f"{_count(len(self.students), 'answer')}: {', '.join(student for student, _ in self.students)}."
        comments, made = _count(self.comments, "comment"), _count(len(pages.made), "feedback page")
        yield f"{comments} in the gradebook and {made} written anew; no mark was touched."
        if pages.without:
            yield f"{_count(len(pages.without), 'answer')} without a feedback page yet: `mtl-grade feedback` makes it."
        for who, assignment in pages.edited:
            yield f"kept: {who} {assignment} was edited by hand; `mtl-grade feedback --again` makes it anew"
        if pages.not_entered:
            yield f"{len(pages.not_entered)} not in the gradebook yet: `mtl-grade run` enters them."

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data for JSON."""
        name, old = self.name, self.replaced
        return {
            "exercise": name.exercise,
            "fingerprint": name.fingerprint,
            "right": name.right,
            "title": name.title,
            "message": name.message,
            "replaced": old.message if old else None,
            "students": [{"student": student, "assignment": assignment} for student, assignment in self.students],
            "comments": self.comments,
            "pages": asdict(self.pages),
            "said": self.said,
        }


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def give_name(
    course: Course, exercise: str, fingerprint: str, message: str = "", title: str = "", *, right: bool = False
) -> Named:
    """Give a behaviour, or a way to write a right answer, its name in this course.

    Whoever has such an answer is told at once: in the gradebook's comments and on the feedback pages that are there.

    Parameters
    ----------
    course : Course
    exercise, fingerprint : str
    message : str
        What students are told; by default what they were told before.
    title : str
        A few words for lists; by default the message's beginning.
    right : bool
        True where ``fingerprint`` is the shape of right answers.

    Raises
    ------
    UsageError
        If there is no such exercise, this can be no fingerprint, or nothing is said; the message names what there is.
    """
    catalogue.load(exercise)
    with only_one(course, "name"):
        names = Names.read(course)
        holders = _holders(course, exercise, right)
        said = list(_doubts(course, exercise, fingerprint, right, holders))
        before = names.of_right(exercise, fingerprint) if right else names.of(exercise, fingerprint)
        name = Name(exercise, fingerprint, *_words(message, title, before), date.today(), right)
        done = Named(name, names.give(name), said=said)
        theirs = holders.get(fingerprint, [])
        done.students = [(one.student, one.assignment) for one in theirs]
        entered = renew_comments(course, theirs)
        done.comments = entered.written
        done.said += entered.said
        done.pages = _renew_pages(course, theirs)
    return done


def _words(message: str, title: str, before: Name | None) -> tuple[str, str]:
    """Title and message."""
    message, title = clean(message).strip(), clean(title).strip()
    if not message and before is None:
        raise UsageError('Say what students are to be told: mtl-grade name EXERCISE FINGERPRINT "message".')
    if before is not None and not message:
        message, title = before.message, title or before.title
    for what, text, most in (("message", message, MAX_MESSAGE), ("title", title, MAX_TITLE)):
        if len(text) > most:
            raise UsageError(f"The {what} has {len(text):,} characters; at most {most:,} are taken.")
    return title or title_of(message), message


def _holders(course: Course, exercise: str, right: bool) -> dict[str, list[Submission]]:
    """Whose answers to an exercise are alike, by fingerprint: the wrong ones, or the right ones."""
    found: dict[str, list[Submission]] = {}
    for submission in course.submissions():
        if submission.assignment not in course.assignments:
            continue
        record = course.read_record(submission.student, submission.assignment)
        results = results_of(record) if record is not None and record["status"] == GRADED else {}
        result = results.get(exercise)
        if result is None or result.passed is not right:
            continue
        key = result.fingerprint
        if right:
            source = answer_sources(course, submission.student, submission.assignment).get(exercise, "")
            key = shape_of_answer(exercise, source)
        if key:
            found.setdefault(key, []).append(submission)
    return found


def _doubts(course: Course, exercise: str, fingerprint: str, right: bool, holders: Collection[str]) -> Iterator[str]:
    """What is to be said of a fingerprint that nobody's answer has now."""
    if fingerprint in holders:
        return
    near = difflib.get_close_matches(fingerprint, sorted(holders), n=1, cutoff=0.6)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    kind = "right answers" if right else "wrong answers"
    if not FINGERPRINT.fullmatch(fingerprint):
        there = f"Its {kind} have: {', '.join(sorted(holders))}." if holders else f"It has no {kind} with one."
        raise UsageError(f"`{fingerprint}` is no fingerprint of `{exercise}`.{hint or f' {there}'}")
    if fingerprint in _holders(course, exercise, not right):
        which = "wrong answers: leave --right out" if right else "right answers: add --right"
        raise UsageError(f"`{fingerprint}` is the fingerprint of {which}.")
    yield f"Nobody's answer has this fingerprint now; it is kept for whoever hands one in.{hint}"


def _renew_pages(course: Course, submissions: list[Submission]) -> Pages:
    """Make the feedback pages anew that these have already; nobody gets a first one by this."""
    done = Pages()
    for assignment in sorted({one.assignment for one in submissions}):
        students = [one.student for one in submissions if one.assignment == assignment]
        pages = write_pages(course, students, [assignment], renew_only=True)
        for kind in ("made", "unchanged", "edited", "not_entered", "without"):
            getattr(done, kind).extend(getattr(pages, kind))
    return done


# ---- as a misconception of the exercise ------------------------------------------------------------------------


def as_misconception(course: Course, exercise: str, fingerprint: str, id: str, root: Path) -> Path:
    """Append what this course calls a wrong answer to the exercise's misconceptions, as a template; give back the file.

    Raises
    ------
    UsageError
        If ``root`` is no checkout, the id is not fit, or nobody's answer has this fingerprint.
    """
    file_for(exercise, id, root)
    group = next((one for one in clusters(course) if (one.exercise, one.fingerprint) == (exercise, fingerprint)), None)
    if group is None or group.name is None:
        raise UsageError(
            f"Nobody's answer to `{exercise}` has the fingerprint `{fingerprint}`: there is no code to show."
        )
    count = len(group.students)
    origin = f"Seen in a class: {count} answer{'s' * (count != 1)} behaved like this (fingerprint {fingerprint})."
    return append(exercise, Mistake(id, group.name.message, group.check.id, group.representative, origin), root)
