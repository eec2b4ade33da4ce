"""Answers that are alike: wrong ones by what they do, right ones by how they are written; the most frequent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.grading.anonymous import People, check_without_text, code_without_words
from autograder.grading.course import Course, Submission
from autograder.grading.names import Name, Names, entries_of, shape_of_answer
from autograder.grading.record import GRADED, results_of
from autograder.grading.sources import answer_sources
from autograder.judging.runner import WRONG
from autograder.judging.shape import essential
from autograder.results import CheckResult, ExerciseResult, typed

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
        The shortest of their answers, as it lies in ``submitted/``, without what has no say in it: a stranger's text.
        Empty where none can be read.
    check : CheckResult
        The first check that fails, on the smallest input that any of their records has.
    name : Name or None
        What this course says of it.
    own_numbers : bool
        True where one of them has numbers of its own, from which others can tell whose it is.
    """

    exercise: str
    fingerprint: str
    students: tuple[str, ...]
    representative: str
    check: CheckResult
    name: Name | None = None
    own_numbers: bool = False


@dataclass(frozen=True)
class Style:
    """Right answers that are written alike.

    Attributes
    ----------
    exercise, fingerprint : str
        ``fingerprint`` is that of their shape, empty for those that cannot be parsed.
    students : tuple of str
    representative : str
    name : Name or None
        What this course says of it.
    own_numbers : bool
        True where one of them has numbers of its own, from which others can tell whose it is.
    """

    exercise: str
    fingerprint: str
    students: tuple[str, ...]
    representative: str
    name: Name | None = None
    own_numbers: bool = False


@dataclass(frozen=True)
class _Answer:
    student: str
    assignment: str
    result: ExerciseResult
    own_numbers: bool


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
        if names.go_by_behaviour(one.result):
            groups[one.result.exercise, one.result.fingerprint].append(one)
    sources = _Sources(course)
    found = [
        Cluster(
            *key,
            students=_students(group),
            representative=sources.shortest(group),
            check=_smallest(one.result for one in group),
            name=names.of(*key),
            own_numbers=any(one.own_numbers for one in group),
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
        Style(
            *key,
            students=_students(group),
            representative=sources.shortest(group),
            name=names.of_right(*key),
            own_numbers=any(one.own_numbers for one in group),
        )
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda one: (one.exercise, -len(one.students), one.fingerprint))


def not_comparable(course: Course, wanted: Wanted | None = None) -> dict[str, int]:
    """How many wrong answers have neither a fingerprint nor a known mistake, by exercise: they never answered."""
    found: dict[str, int] = defaultdict(int)
    for one in _begun(course, wanted):
        if _is_wrong(one.result) and not one.result.fingerprint and not one.result.misconceptions:
            found[one.result.exercise] += 1
    return dict(sorted(found.items()))


def anything_graded(course: Course, wanted: Wanted | None = None) -> bool:
    """True where one of these submissions is graded: only then it says something that nothing is found."""
    for submission in course.submissions():
        if wanted is None or wanted(submission):
            record = course.read_record(submission.student, submission.assignment)
            if record is not None and record["status"] == GRADED:
                return True
    return False


def _begun(course: Course, wanted: Wanted | None) -> Iterator[_Answer]:
    """Every answer that is begun and graded."""
    for submission in course.submissions():
        if wanted is not None and not wanted(submission):
            continue
        record = course.read_record(submission.student, submission.assignment)
        if record is not None and record["status"] == GRADED:
            own = record.get("numbers", {})
            for name, result in results_of(record).items():
                if not result.not_started:
                    yield _Answer(submission.student, submission.assignment, result, name in own)


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
        found = (
            essential(source, entries_of(one.result.exercise)) for one in group if (source := self.of(one).strip())
        )
        return min(found, key=lambda source: (len(source), source), default="")


# ---- without names -------------------------------------------------------------------------------------------------


def without_names(one: Cluster | Style, people: People) -> Cluster | Style:
    """A group as it may be shown to others: nothing that a student wrote in words, and no code that only one wrote.

    Parameters
    ----------
    one : Cluster or Style
        Its students stay, since they are counted: :func:`as_text` and :func:`as_data` tell ids only where they are to.
    people : People
        Of the course.
    """
    name = one.name
    if name is not None:
        name = replace(name, title=people.left_out_of(name.title), message=people.left_out_of(name.message))
    shared = len(one.students) > 1 and not one.own_numbers
    code = code_without_words(one.representative, one.exercise, entries_of(one.exercise), people) if shared else ""
    if isinstance(one, Style):
        return replace(one, representative=code, name=name)
    check = check_without_text(one.check, people)
    if not shared:
        check = replace(check, inputs=None, expected="", got="", difference="")
    return replace(one, representative=code, name=name, check=check)


# ---- as text and as data -------------------------------------------------------------------------------------------


def as_text(
    found: Sequence[Cluster | Style], silent: Mapping[str, int], folder: Path, *, names: bool = True
) -> list[str]:
    """Lines for a terminal: what has no name yet, then what has one, then how many answers say nothing of themselves.

    Parameters
    ----------
    found : sequence of Cluster or Style
    silent : mapping of str to int
        As :func:`not_comparable` counts them.
    folder : Path
        The course's, as it was typed.
    names : bool
        Whether it is told who they are.
    """
    lines = [line for one in found if one.name is None for line in _lines(one, folder, names)]
    named = [one for one in found if one.name is not None]
    if named:
        lines += ["Named in this course:", ""]
        lines += [line for one in named for line in _lines(one, folder, names)]
    if silent:
        each = ", ".join(f"{exercise} ({count})" for exercise, count in silent.items())
        count = sum(silent.values())
        lines.append(f"{count} more wrong answer{'s' * (count != 1)} did nothing that can be compared: {each}.")
    return lines


def _lines(one: Cluster | Style, folder: Path, names: bool) -> Iterator[str]:
    count = len(one.students)
    who = f": {', '.join(one.students)}" if names else ""
    yield f"{one.exercise} {one.fingerprint or '(cannot be parsed)'}  {count} student{'s' * (count != 1)}{who}"
    if one.name is not None:
        yield f"    {one.name.title}: {one.name.message}"
    if isinstance(one, Cluster):
        yield from (f"    {line}" for line in _counterexample(one.check))
    code = one.representative.split("\n") if one.representative else []
    yield from (f"    | {line}" for line in code[:MAX_LINES])
    if len(code) > MAX_LINES:
        yield f"    | … {len(code) - MAX_LINES} more lines"
    if one.name is None and one.fingerprint:
        more = ["--course", folder] if isinstance(one, Cluster) else ["--right", "--course", folder]
        yield f"    name it: {typed('name', one.exercise, one.fingerprint, 'what to tell them', *more)}"
    yield ""


def _counterexample(check: CheckResult) -> Iterator[str]:
    yield f"fails: {check.sentence}"
    if check.summary and check.summary != check.sentence:
        yield check.summary
    rows = [*(check.inputs or {}).items(), ("expected", check.expected), ("got", check.got)]
    yield from (f"{name} = {' '.join(text.split())}" for name, text in rows if text)


def as_data(one: Cluster | Style, *, names: bool = True) -> dict[str, Any]:
    """One group as plain data for JSON."""
    data = {
        "exercise": one.exercise,
        "fingerprint": one.fingerprint,
        "right": isinstance(one, Style),
        "count": len(one.students),
        "representative": one.representative,
        "name": {"title": one.name.title, "message": one.name.message} if one.name else None,
    }
    if names:
        data["students"] = list(one.students)
    if isinstance(one, Cluster):
        kept = ("id", "sentence", "summary", "inputs", "expected", "got", "difference")
        data["check"] = {key: getattr(one.check, key) for key in kept}
    return data
