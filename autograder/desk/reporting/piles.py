"""Wrong answers in piles: those with the same known mistake, and those without a name that behave alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from autograder.desk.reporting.gather import Answer, Gathered, Key
from autograder.grading.anonymous import People, check_without_text
from autograder.grading.names import Names
from autograder.results import CheckResult, ExerciseResult, Verdict

LOOKED_AT = 8  # answers of a pile among which the shortest is looked for
MAX_LINES = 30  # of an example


class Kind(StrEnum):
    """What a pile is called by."""

    KNOWN = "known mistake"
    NAMED = "named in this course"
    UNNAMED = "unnamed"


@dataclass(frozen=True)
class Pile:
    """Wrong answers to one exercise that are wrong in the same way.

    Attributes
    ----------
    key : (str, str)
        The assignment and the exercise.
    kind : Kind
    id : str
        The misconception's name, or the fingerprint of the behaviour.
    title : str
        What it is called in words.
    message : str
        What the tutor says of it; empty where nobody has said anything yet.
    answers : list of (str, ExerciseResult)
    points_lost : float
        Points that these answers lost; where an answer shows several mistakes, each has its equal part.
    """

    key: Key
    kind: Kind
    id: str
    title: str
    message: str
    answers: list[Answer]
    points_lost: float


@dataclass(frozen=True)
class Counterexample:
    """An input on which an answer is wrong.

    Attributes
    ----------
    sentence : str
        What was asked for.
    summary : str
        What happened; empty where it may hold words of a student that are not to be told.
    inputs : dict of str to str
    expected, got : str
    """

    sentence: str
    summary: str
    inputs: dict[str, str]
    expected: str
    got: str


@dataclass(frozen=True)
class Example:
    """One answer of a pile that can be shown: its code without words, and an input on which it is wrong.

    Attributes
    ----------
    code : str
        Empty where none can be shown.
    counterexample : Counterexample or None
    """

    code: str = ""
    counterexample: Counterexample | None = None


def piles_of(key: Key, answers: Iterable[Answer], names: Names) -> tuple[Pile, ...]:
    """The wrong answers to one exercise, the largest pile first.

    Parameters
    ----------
    key : (str, str)
    answers : iterable of (str, ExerciseResult)
        What was begun.
    names : Names
        What the course says of behaviours.
    """
    found: dict[tuple[Kind, str], list[Answer]] = {}
    lost: dict[tuple[Kind, str], float] = {}
    for student, result in answers:
        ways = list(_ways(result, names))
        for way in ways:
            found.setdefault(way, []).append((student, result))
            lost[way] = lost.get(way, 0.0) + (result.max_score - result.score) / len(ways)
    piles = [
        Pile(key, kind, name, *_said(key[1], kind, name, members, names), members, round(lost[kind, name], 6))
        for (kind, name), members in found.items()
    ]
    return tuple(sorted(piles, key=lambda pile: (-len(pile.answers), -pile.points_lost, pile.id)))


def _ways(result: ExerciseResult, names: Names) -> Iterator[tuple[Kind, str]]:
    """In which ways an answer is wrong: by what the course says of its behaviour, else by its known mistakes."""
    if names.go_by_behaviour(result):
        yield Kind.NAMED if names.of(result.exercise, result.fingerprint) else Kind.UNNAMED, result.fingerprint
    else:
        yield from ((Kind.KNOWN, name) for name in result.misconceptions)


def _said(exercise: str, kind: Kind, name: str, answers: list[Answer], names: Names) -> tuple[str, str]:
    """What a pile is called, and what is said of it: of a known mistake the commonest wording."""
    if kind is not Kind.KNOWN:
        known = names.of(exercise, name)
        return (known.title, known.message) if known else ("a mistake without a name", "")
    messages = [
        check.message
        for _, result in answers
        for check in result.checks
        if check.misconception == name and check.message  # which may have an answer's own numbers in it
    ]
    return name.replace("_", " "), max(sorted(set(messages)), key=messages.count, default="")


def first_failing(answers: list[Answer]) -> str:
    """What most of some wrong answers fail first: the sentence of that check."""
    said = [
        next((check.sentence for check in result.checks if check.verdict is not Verdict.PASSED), "")
        for _, result in answers
    ]
    return max(sorted(set(said)), key=said.count)


def without_people(pile: Pile, people: People) -> Pile:
    """The pile with nobody's name in what this course says of it."""
    if pile.kind is not Kind.NAMED:
        return pile
    return replace(pile, title=people.left_out_of(pile.title), message=people.left_out_of(pile.message))


# ---- one to show -------------------------------------------------------------------------------------------------


def example_of(gathered: Gathered, key: Key, answers: list[Answer], check: str = "", mistake: str = "") -> Example:
    """The shortest answer that can be shown, with an input on which it is wrong.

    Without names nothing is shown of an answer that only one student gave, or with numbers of the student's own.

    Parameters
    ----------
    gathered : Gathered
    key : (str, str)
    answers : list of (str, ExerciseResult)
    check, mistake : str
        The check, or the mistake, of which the input is to be.
    """
    shown = sorted((one for one in answers if _may_be_shown(gathered, key, one, answers)), key=lambda one: one[0])
    codes = [(gathered.code(student, key), result) for student, result in shown[:LOOKED_AT]]
    best = min(codes, key=lambda one: (not one[0], one[0].count("\n"), len(one[0])), default=None)
    if best is None:
        return Example()
    code, first = best
    results = [first, *(result for _, result in shown)]
    told = (_counterexample(gathered, one, check, mistake) for one in (results if not code else results[:1]))
    return Example(short(code), next((one for one in told if one), None))


def _may_be_shown(gathered: Gathered, key: Key, answer: Answer, answers: list[Answer]) -> bool:
    return gathered.names or (len(answers) > 1 and (*key, answer[0]) not in gathered.own_numbers)


def short(code: str) -> str:
    """As much of some code as fits on a slide."""
    lines = code.split("\n")
    return "\n".join([*lines[:MAX_LINES], "…"]) if len(lines) > MAX_LINES else code


def _counterexample(gathered: Gathered, result: ExerciseResult, check: str, mistake: str) -> Counterexample | None:
    """The input of the check that is asked for, else of the first that failed and has one."""
    wrong = [one for one in result.checks if one.verdict in (Verdict.FAILED, Verdict.STUDENT_ERROR)]
    found = [one for one in wrong if one.inputs or one.expected or one.got]
    asked = [one for one in found if (check and one.id == check) or (mistake and one.misconception == mistake)]
    one = next(iter([*asked, *found, *wrong]), None)
    return _told(one, gathered) if one else None


def _told(check: CheckResult, gathered: Gathered) -> Counterexample:
    told = check if gathered.names else check_without_text(check, gathered.people)
    inputs = {str(name): str(value) for name, value in (told.inputs or {}).items()}
    return Counterexample(told.sentence, told.summary, inputs, told.expected, told.got)
