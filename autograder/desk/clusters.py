"""Answers that are alike: wrong ones by what they do, right ones by how they are written; the most frequent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from autograder.grading.course import Course, Submission
from autograder.grading.names import Name, Names, shape_of_answer
from autograder.grading.record import GRADED, results_of
from autograder.grading.sources import answer_sources
from autograder.judging.runner import WRONG
from autograder.results import CheckResult, ExerciseResult

Wanted = Callable[[Submission], bool]
MAX_LINES = 30  # of a representative, on a terminal


@dataclass(frozen=True)
class Cluster:
    """Wrong answers that behave alike and are no known mistake.

    Attributes
    ----------
    exercise, fingerprint : str
    students : tuple of str
        Their ids, in order.
    representative : str
        The shortest of their answers, as it lies in ``submitted/``: a stranger's text. Empty where none can be read.
    check : CheckResult
        The first check that fails, on the smallest input that any of their records has.
    name : Name or None
        What this course says of it.
    """

    exercise: str
    fingerprint: str
    students: tuple[str, ...]
    representative: str
    check: CheckResult
    name: Name | None = None


@dataclass(frozen=True)
class Style:
    """Right answers that are written alike.

    Attributes
    ----------
    exercise, shape : str
        ``shape`` is empty for those that cannot be parsed.
    students : tuple of str
    representative : str
    name : Name or None
        What this course says of it.
    """

    exercise: str
    shape: str
    students: tuple[str, ...]
    representative: str
    name: Name | None = None


@dataclass(frozen=True)
class _Answer:
    student: str
    assignment: str
    result: ExerciseResult


def clusters(course: Course, wanted: Wanted | None = None) -> list[Cluster]:
    """The wrong answers that are no known mistake, by what they do; the largest group first.

    Parameters
    ----------
    course : Course
    wanted : callable, optional
        Which submissions; by default all.

    Raises
    ------
    CourseError
        If the course's names cannot be read.
    """
    names = Names.read(course)
    groups: dict[tuple[str, str], list[_Answer]] = defaultdict(list)
    for one in _begun(course, wanted):
        name = names.of(one.result.exercise, one.result.fingerprint)
        if one.result.fingerprint and _is_wrong(one.result) and (name or not one.result.misconceptions):
            groups[one.result.exercise, one.result.fingerprint].append(one)
    sources = _Sources(course)
    found = [
        Cluster(
            *key,
            students=_students(group),
            representative=sources.shortest(group),
            check=_smallest(one.result for one in group),
            name=names.of(*key),
        )
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda one: (-len(one.students), one.exercise, one.fingerprint))


def styles(course: Course, wanted: Wanted | None = None) -> list[Style]:
    """The right answers by how they are written: exercise by exercise, the most frequent way first."""
    names = Names.read(course)
    sources = _Sources(course)
    groups: dict[tuple[str, str], list[_Answer]] = defaultdict(list)
    for one in _begun(course, wanted):
        if one.result.passed and (source := sources.of(one)):
            groups[one.result.exercise, shape_of_answer(one.result.exercise, source)].append(one)
    found = [
        Style(*key, students=_students(group), representative=sources.shortest(group), name=names.of_right(*key))
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda one: (one.exercise, -len(one.students), one.shape))


def not_comparable(course: Course, wanted: Wanted | None = None) -> dict[str, int]:
    """How many wrong answers have neither a fingerprint nor a known mistake, by exercise: they never answered."""
    found: dict[str, int] = defaultdict(int)
    for one in _begun(course, wanted):
        if _is_wrong(one.result) and not one.result.fingerprint and not one.result.misconceptions:
            found[one.result.exercise] += 1
    return dict(sorted(found.items()))


def _begun(course: Course, wanted: Wanted | None) -> Iterator[_Answer]:
    """Every answer that is begun and graded."""
    for submission in course.submissions():
        if wanted is not None and not wanted(submission):
            continue
        record = course.read_record(submission.student, submission.assignment)
        if record is not None and record["status"] == GRADED:
            for result in results_of(record).values():
                if not result.not_started:
                    yield _Answer(submission.student, submission.assignment, result)


def _is_wrong(result: ExerciseResult) -> bool:
    return any(check.verdict in WRONG for check in result.checks)


def _smallest(results: Iterable[ExerciseResult]) -> CheckResult:
    """Of the first failing check of each result the one with the smallest input; one without any comes last."""
    failing = [next(check for check in result.checks if check.verdict in WRONG) for result in results]
    return min(failing, key=lambda check: (not check.inputs, sum(map(len, (check.inputs or {}).values()))))


def _students(group: Iterable[_Answer]) -> tuple[str, ...]:
    return tuple(sorted({one.student for one in group}))


class _Sources:
    """What was handed in; each file is read once."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._read: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, answer: _Answer) -> str:
        key = (answer.student, answer.assignment)
        if key not in self._read:
            self._read[key] = answer_sources(self._course, *key)
        return self._read[key].get(answer.result.exercise, "")

    def shortest(self, group: Iterable[_Answer]) -> str:
        found = (source for one in group if (source := self.of(one).strip()))
        return min(found, key=lambda source: (len(source), source), default="")
