"""What a report is made of: the records of a class, read once, and texts of answers, read when they are asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder import catalogue
from autograder.desk.reporting.attempts import Row, read_progress
from autograder.exercises import Exercise, UnknownExercise
from autograder.grading.anonymous import People, code_without_words
from autograder.grading.course import Course, Submission
from autograder.grading.names import Names
from autograder.grading.record import GRADED, results_of
from autograder.grading.sources import answer_sources
from autograder.results import ExerciseResult

Key = tuple[str, str]  # an assignment and an exercise of it
Answer = tuple[str, ExerciseResult]  # whose, and what its checks said


@dataclass(frozen=True)
class HandedIn:
    """What one student handed in for one assignment.

    Attributes
    ----------
    student, assignment : str
    results : mapping of str to ExerciseResult
        By exercise.
    own_numbers : frozenset of str
        The exercises that were worked out with numbers of this student's own.
    progress : mapping of str to Row
        By exercise, where the student's progress lies beside the notebook.
    """

    student: str
    assignment: str
    results: Mapping[str, ExerciseResult]
    own_numbers: frozenset[str] = frozenset()
    progress: Mapping[str, Row] = field(default_factory=dict)

    @property
    def score(self) -> float:
        return sum(one.score for one in self.results.values())

    @property
    def max_score(self) -> float:
        return sum(one.max_score for one in self.results.values())


@dataclass(frozen=True)
class Gathered:
    """The records of a class.

    Attributes
    ----------
    course : Course
    handed_in : tuple of HandedIn
        What is graded, by student and assignment.
    for_review : int
        How many submissions wait for a person.
    without_record : int
        How many have no record that can be read.
    names : bool
        Whether ids may be told.
    not_graded : frozenset of (str, str)
        Student and assignment of what has a record that says why it is not graded: it waits, or a person decided.
    """

    course: Course
    handed_in: tuple[HandedIn, ...]
    for_review: int = 0
    without_record: int = 0
    names: bool = True
    not_graded: frozenset[tuple[str, str]] = frozenset()
    _sources: dict[Key, dict[str, str]] = field(default_factory=dict)

    @functools.cached_property
    def people(self) -> People:
        """The words by which its people are known."""
        return People.in_course(self.course, (one.student for one in self.handed_in))

    @functools.cached_property
    def said(self) -> Names:
        """What this course says of answers that behave alike."""
        return Names.read(self.course)

    @functools.cached_property
    def answers(self) -> dict[Key, list[Answer]]:
        """All answers to each exercise of each assignment."""
        found: dict[Key, list[Answer]] = {}
        for one in self.handed_in:
            for name, result in one.results.items():
                found.setdefault((one.assignment, name), []).append((one.student, result))
        return found

    @functools.cached_property
    def progress(self) -> dict[Key, list[Row]]:
        """What the progress files say of each exercise of each assignment."""
        found: dict[Key, list[Row]] = {}
        for one in self.handed_in:
            for name in one.results.keys() & one.progress.keys():
                found.setdefault((one.assignment, name), []).append(one.progress[name])
        return found

    @functools.cached_property
    def own_numbers(self) -> frozenset[tuple[str, str, str]]:
        """Assignment, exercise and student where the numbers are a student's own, from which others can tell whose."""
        return frozenset((one.assignment, name, one.student) for one in self.handed_in for name in one.own_numbers)

    def told(self, students: Iterable[str]) -> tuple[str, ...]:
        """These ids in order, or nothing where no id may be told."""
        return tuple(sorted(students)) if self.names else ()

    def source(self, student: str, key: Key) -> str:
        """The code of an answer as it was handed in; empty where there is none that can be read."""
        assignment, exercise = key
        if (student, assignment) not in self._sources:
            self._sources[student, assignment] = answer_sources(self.course, student, assignment)
        return self._sources[student, assignment].get(exercise, "")

    def code(self, student: str, key: Key) -> str:
        """The same without words and names of people; empty where it cannot be made so."""
        exercise = exercise_of(key[1])
        entries = exercise.entries if exercise else ()
        return code_without_words(self.source(student, key), key[1], entries, self.people)


def gather(course: Course, wanted: Callable[[Submission], bool] | None = None, names: bool = True) -> Gathered:
    """Read the records of a course.

    Parameters
    ----------
    course : Course
    wanted : callable, optional
        Which submissions; by default all.
    names : bool
        Whether ids may be told.
    """
    handed_in, not_graded, for_review, without = [], set(), 0, 0
    for submission in course.submissions():
        if wanted is not None and not wanted(submission):
            continue
        record = course.read_record(submission.student, submission.assignment)
        if record is None:
            without += submission.assignment in course.assignments
        elif record["status"] != GRADED:
            who = submission.student, submission.assignment
            not_graded.add(who)
            for_review += who[1] not in course.assignments or course.decision(*who) is None
        else:
            try:
                handed_in.append(_handed_in(course, submission, record))
            except (AttributeError, KeyError, TypeError, ValueError):  # written by a version with other fields
                without += 1
    return Gathered(course, tuple(handed_in), for_review, without, names, frozenset(not_graded))


def _handed_in(course: Course, submission: Submission, record: dict[str, Any]) -> HandedIn:
    who = submission.student, submission.assignment
    own = frozenset(record.get("numbers", {}))
    return HandedIn(*who, results_of(record), own, read_progress(course.root / "submitted", *who))


def exercise_of(name: str) -> Exercise | None:
    """An exercise of the catalogue, or None for one that this version does not know."""
    try:
        return catalogue.load(name)
    except UnknownExercise:
        return None
