"""What a feedback page says, as data: from a record, the notebook, what was asked and what the gradebook has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from autograder import catalogue, render
from autograder.exercises import Exercise, UnknownExercise
from autograder.files import Cell, Notebook, cells_of
from autograder.gradebook.feedback.asked import Asked, Question
from autograder.gradebook.feedback.entered import Entry, Given
from autograder.gradebook.feedback.text import MAX_VALUE, cut
from autograder.grading.record import GRADED, GRADER_ERROR, results_of
from autograder.quizzes.bank import PASS_MARK
from autograder.quizzes.question import is_quick
from autograder.results import Cause, CheckResult, ExerciseResult, Verdict

MAX_OTHER_CELLS = 20
MAX_CHECKS = 60
_STUBS = ("", "YOUR ANSWER HERE")
_LINE = re.compile(r"\(line (\d{1,4}): `([^`]*)`?")


class State(StrEnum):
    """How one part of a submission stands."""

    RIGHT = "right"
    WRONG = "wrong"
    OPEN = "open"  # not begun, or not handed in
    WAITING = "waiting"  # a person has to decide
    MARKED = "marked"  # a person has decided


@dataclass(frozen=True)
class Reading:
    """Where to read; ``address`` is empty where the course has not said where its book lies."""

    words: str
    address: str


@dataclass(frozen=True)
class Problem:
    """What went wrong, once, however many checks it stopped.

    Attributes
    ----------
    sentences : tuple of str
        What was asked for: a sentence of each check.
    summary : str
    mistake, message : str
        The name of the known mistake, if it is one, and what is said about it.
    tutor : str
        What the course's tutor says of this behaviour.
    rows : tuple of (str, tuple of (str, bool))
        Inputs, expected, got: each with its pieces and whether that piece differs.
    inputs : int
        How many of the rows are inputs.
    """

    sentences: tuple[str, ...]
    summary: str
    mistake: str = ""
    message: str = ""
    tutor: str = ""
    rows: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...] = ()
    inputs: int = 0


@dataclass(frozen=True)
class Part:
    """One exercise or written answer, as the page shows it.

    Attributes
    ----------
    title : str
    state : State
    given : Given
    quick : bool
        True for a question of a quick test.
    text, rubric : str
        What was asked, and what the points are for, as Markdown.
    looking : tuple of str
        Why a person is looking at it.
    comment : str
        What a person wrote about it.
    remark : str
        What the course's tutor says of the way in which a right answer is written.
    handed_in : str or None
        The code or the text of the answer; None where the notebook has no such cell, or cannot be read.
    code : bool
        True where the answer is code.
    wrong_line : int
        The line of the code that stopped with an error; 0 where none did.
    printed, error : str
        What its cell printed, and the error with which it stopped.
    problems : tuple of Problem
    to_check : tuple of str
        What will be checked once the answer is begun.
    later, passed : tuple of str
        Checks that could not run before others pass, and those that passed.
    question : str
        One hint phrased as a question.
    hints : tuple of str
    reading : Reading or None
    """

    title: str
    state: State
    given: Given
    quick: bool = False
    text: str = ""
    rubric: str = ""
    looking: tuple[str, ...] = ()
    comment: str = ""
    remark: str = ""
    handed_in: str | None = None
    code: bool = True
    wrong_line: int = 0
    printed: str = ""
    error: str = ""
    problems: tuple[Problem, ...] = ()
    to_check: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    question: str = ""
    hints: tuple[str, ...] = ()
    reading: Reading | None = None

    @property
    def has_details(self) -> bool:
        """True where there is more to say than its title and points."""
        return bool(self.problems or self.to_check or self.passed or self.later or self.comment) or (
            self.handed_in is not None or bool(self.looking)
        )

    @property
    def checks(self) -> int:
        """How many checks had a say."""
        return len(self.passed) + len(self.later) + sum(len(one.sentences) for one in self.problems)


@dataclass(frozen=True)
class Next:
    """What to do next: a sentence, the part that it is about (from 0; None for no one of them), where to read."""

    sentence: str
    part: int | None = None
    detail: str = ""
    reading: Reading | None = None


@dataclass(frozen=True)
class OtherCell:
    """A cell that answers nothing, and printed something or stopped."""

    name: str
    printed: str
    error: str


@dataclass(frozen=True)
class Page:
    """A whole page.

    Attributes
    ----------
    course, title, student : str
    handed_in : datetime or None
    score : float or None
        What counts of what is decided; None while nothing is.
    max_score, raw_score, penalty : float
    waiting_points : float
        Points that a person has still to decide on.
    verdict : str
        A sentence under the mark; may be empty.
    decided : str
        What a person decided about all that waited; empty where nobody did.
    looking : tuple of str
        Why a person is looking at the whole.
    then : Next
    parts : tuple of Part
    others : tuple of OtherCell
    repaired : tuple of str
        What was noticed or repaired in the file.
    outside : tuple of str
        Text in cells of the student's own, where a written answer is missing.
    """

    course: str
    title: str
    student: str
    handed_in: datetime | None
    score: float | None
    max_score: float
    raw_score: float
    penalty: float
    waiting_points: float
    verdict: str
    decided: str
    looking: tuple[str, ...]
    then: Next
    parts: tuple[Part, ...]
    others: tuple[OtherCell, ...]
    repaired: tuple[str, ...]
    outside: tuple[str, ...]


def page_of(
    record: Mapping[str, Any],
    asked: Asked,
    entry: Entry,
    notebook: Notebook | None,
    *,
    zero: str = "",
    told: Mapping[str, str] | None = None,
    course: str = "",
    book: str = "",
) -> Page:
    """What the page of one submission says.

    Parameters
    ----------
    record : mapping
        As :mod:`autograder.grading.record` describes it.
    asked : Asked
    entry : Entry
        Its entry in the gradebook.
    notebook : Notebook or None
        What was handed in, where it can be read.
    zero : str
        Why a person gave nothing for what waited; empty where nobody did.
    told : mapping of str to str, optional
        What the course says of these answers, by exercise.
    course : str
        The course's name.
    book : str
        The address of the web book, with a slash at its end; empty where there is none.
    """
    cells: dict[str, Cell] = {}
    for cell in cells_of(notebook) if notebook is not None else ():
        cells.setdefault(cell.name, cell)
    results = results_of(dict(record)) if record["status"] == GRADED else {}
    review = [
        (
            _text(one.get("cell")),
            f"A person looks at this: {one['reason'].partition(': look ')[0]}.",
        )  # how to look, they know
        for one in _dicts(record.get("review"))
        if _text(one.get("reason"))
    ]
    parts = tuple(
        _part(question, results.get(question.exercise), entry, cells, record, review, book, told or {})
        for question in asked.questions
        if question.cell in entry.given
    )
    known = {name for question in asked.questions for name in (question.cell, question.answer)}
    decided = [part.given.score for part in parts if part.given.score is not None]
    raw = sum(decided)
    return Page(
        course=course,
        title=asked.title,
        student=entry.name or _text(record.get("student")),
        handed_in=entry.handed_in,
        score=max(0.0, raw - entry.penalty) if decided or not parts else None,
        max_score=sum(part.given.max_score for part in parts),
        raw_score=raw,
        penalty=entry.penalty,
        waiting_points=sum(part.given.max_score for part in parts if part.given.score is None),
        verdict=_verdict(parts),
        decided=f"A person looked at it and gave no points for what was waiting: {zero}" if zero else "",
        looking=(*_looking(record, notebook, parts), *(why for cell, why in review if cell not in known)),
        then=_next(record, notebook, parts),
        parts=parts,
        others=tuple(_others(record, known)),
        repaired=tuple(_texts(record.get("said"))),
        outside=tuple(_texts(record.get("outside"))),
    )


# ---- the first screen ------------------------------------------------------------------------------------------


def _verdict(parts: tuple[Part, ...]) -> str:
    """Whether a quick test is passed; nothing where this is none, or is not decided."""
    if not parts or not all(part.quick for part in parts) or any(part.given.score is None for part in parts):
        return ""
    if sum(part.state is State.RIGHT for part in parts) >= PASS_MARK:
        return f"Passed: {PASS_MARK} right answers are enough."
    return f"Not passed yet: it takes {PASS_MARK} right answers."


def _looking(record: Mapping[str, Any], notebook: Notebook | None, parts: tuple[Part, ...]) -> Iterator[str]:
    """Why a person looks at the whole, unless that person has already decided."""
    if record["status"] == GRADED or not any(part.state is State.WAITING for part in parts):
        return
    if record["status"] == GRADER_ERROR:
        yield (
            "The grader failed on this one, for a reason of its own and not of yours. A person looks into it; until "
            "then there is no mark, and none is lost."
        )
        return
    reason = _text(record.get("reason")) or "the file could not be read"
    yield (
        f"It could not be graded automatically: {reason.rstrip('.')}. A person looks at what you handed in and "
        "decides; until then there is no mark, and none is lost."
    )


def _next(record: Mapping[str, Any], notebook: Notebook | None, parts: tuple[Part, ...]) -> Next:
    """The one thing to do first."""
    waiting = [at for at, part in enumerate(parts) if part.state is State.WAITING]
    if record["status"] == GRADER_ERROR and waiting:
        return Next("Nothing: you need not do anything. This page is made again when there is a mark.")
    if record["status"] != GRADED and waiting:
        name = f"{_text(record.get('assignment'))}.ipynb"
        return Next(
            f"Open your own copy of the notebook. If it opens and has your answers, save it as {name} and hand it in "
            "once more, if your course allows; else write to your instructor."
        )
    wrong = [at for at, part in enumerate(parts) if part.state is State.WRONG]
    begun = [at for at in wrong if parts[at].problems]
    to_do = [at for at, part in enumerate(parts) if part.state is State.OPEN]
    if begun:
        part = parts[begun[0]]
        first = next((one for one in part.problems if one.tutor or one.message), part.problems[0])
        words = "Look at this one first:" if part.quick else "Fix this first:"
        return Next(words, begun[0], first.tutor or first.message or first.summary or first.sentences[0], part.reading)
    if to_do:
        part = parts[to_do[0]]
        words = "Begin with this one:" if len(to_do) == len(parts) else "This is still open:"
        return Next(words, to_do[0], "" if part.code else "Nothing is written there yet.", part.reading)
    lost = [at for at, part in enumerate(parts) if part.given.score is not None and part.state is not State.RIGHT]
    lost = [at for at in lost if (parts[at].given.score or 0) < parts[at].given.max_score]
    if lost and not any(parts[at].has_details for at in lost):
        return Next("Write to your instructor if you do not see why you have this mark.")
    if lost:
        lost = [at for at in lost if parts[at].has_details]
        return Next("Read what was said about this one:", lost[0])
    if waiting:
        return Next("Nothing: all checks passed. This page is made again when a person has marked the rest.")
    if remarked := [at for at, part in enumerate(parts) if part.remark]:
        return Next("Everything is right. Read what your tutor says about this one:", remarked[0])
    return Next("Nothing: everything is right.")


# ---- one part --------------------------------------------------------------------------------------------------


def _part(
    question: Question,
    result: ExerciseResult | None,
    entry: Entry,
    cells: Mapping[str, Cell],
    record: Mapping[str, Any],
    review: list[tuple[str, str]],
    book: str,
    told: Mapping[str, str],
) -> Part:
    cell = cells.get(question.answer)
    base = Part(
        title=question.title or "Written answer",
        state=State.WAITING,
        given=entry.given[question.cell],
        text=question.text,
        rubric=question.rubric,
        looking=tuple(why for name, why in review if name in (question.cell, question.answer)),
        comment=entry.comments.get(question.answer, "") or entry.comments.get(question.cell, ""),
        handed_in=cell.source if cell is not None and record["status"] == GRADED else None,
        code=question.code,
    )
    if not question.exercise:
        return _written(base, record)
    exercise = _exercise(question.exercise)
    title = question.title or (result.title if result else exercise.title if exercise else question.exercise)
    base = replace(base, title=title, quick=is_quick(question.exercise))
    numbers = record.get("numbers", {}).get(question.exercise)
    if exercise and numbers:  # this student's own
        base = replace(base, text=exercise.text.format(**numbers))
    if result is None:
        return replace(base, state=State.WAITING if base.given.score is None else State.MARKED)
    ran = record.get("cells", {}).get(question.answer, {})
    tutor = told.get(question.exercise, "")
    return _checked(base, result, exercise, _text(ran.get("printed")).rstrip(), _text(ran.get("error")), book, tutor)


def _written(base: Part, record: Mapping[str, Any]) -> Part:
    """An answer that a person marks."""
    if base.given.score is None:
        waits = record["status"] == GRADED and not base.looking
        return replace(base, looking=("A person reads this and gives the points.",) if waits else base.looking)
    left = record["status"] == GRADED and (base.handed_in or "").strip() in _STUBS
    state = State.OPEN if left and not base.given.by_hand else State.MARKED
    return replace(base, state=state, handed_in="" if left and base.handed_in is not None else base.handed_in)


def _checked(
    base: Part, result: ExerciseResult, exercise: Exercise | None, printed: str, error: str, book: str, tutor: str
) -> Part:
    """An exercise with what its checks say."""
    looking = base.looking
    if result.needs_review and base.given.score is None:
        looking += ("A check failed for a reason of ours. A person looks into it; no point is lost by it.",)
    begun = not result.not_started
    problems = tuple(_problems(result, base.quick, tutor)) if begun else ()
    # a hint at the idea misleads where the cell did not even run
    thinks = any(check.cause in (Cause.WRONG, Cause.RAISED) for check in result.checks)
    hints = exercise.hints[:2] if exercise and not base.quick and (thinks or not begun) else ()
    return replace(
        base,
        state=_state(base.given, result, begun),
        looking=looking,
        remark=tutor if result.passed else "",
        wrong_line=_wrong_line(base.handed_in or "", [error, *(one.summary for one in problems)]),
        printed=printed,
        error=error if begun else "",
        problems=problems,
        to_check=tuple(check.sentence for check in result.checks[:MAX_CHECKS]) if not begun else (),
        later=tuple(_sentences(result, Verdict.SKIPPED)) if begun else (),
        passed=tuple(_sentences(result, Verdict.PASSED)),
        question=result.question if thinks else "",
        hints=hints,
        reading=reading(exercise or result, book) if thinks or not begun else None,
    )


def _exercise(name: str) -> Exercise | None:
    """An exercise of the catalogue, or None for one that is no longer in it."""
    try:
        return catalogue.load(name)
    except UnknownExercise:
        return None


def _state(given: Given, result: ExerciseResult, begun: bool) -> State:
    if given.score is None:
        return State.WAITING
    if given.by_hand:
        return State.MARKED
    if result.passed:
        return State.RIGHT
    return State.WRONG if begun else State.OPEN


def _sentences(result: ExerciseResult, verdict: Verdict) -> Iterator[str]:
    return (check.sentence for check in result.checks[:MAX_CHECKS] if check.verdict is verdict)


def _problems(result: ExerciseResult, quick: bool, tutor: str) -> Iterator[Problem]:
    """What went wrong; what stops several checks is said once, and what the tutor says is said of the first."""
    for at, checks in enumerate(render.troubles(result.checks[:MAX_CHECKS])):
        first = checks[0]
        yield Problem(
            sentences=tuple(check.sentence for check in checks),
            summary=first.summary,
            mistake="" if quick else first.misconception.replace("_", " "),
            message=first.message,
            tutor="" if at else tutor,
            rows=tuple(_rows(first)),
            inputs=len(first.inputs or {}),
        )


def _rows(check: CheckResult) -> Iterator[tuple[str, tuple[tuple[str, bool], ...]]]:
    for name, value in (check.inputs or {}).items():
        yield str(name), ((str(value), False),)
    if check.expected:
        yield "expected", ((check.expected, False),)
    if check.got:
        yield "your answer", tuple(render.compare(check.expected[:MAX_VALUE], cut(check.got, MAX_VALUE)))
    if check.difference:
        yield "largest difference", ((check.difference, False),)


def _wrong_line(source: str, said: Iterable[str]) -> int:
    """The line that an error names, if that line of this cell reads as the error says."""
    lines = source.split("\n")
    for text in said:
        found = _LINE.search(text)
        if found and int(found[1]) <= len(lines) and found[2] and found[2] in lines[int(found[1]) - 1]:
            return int(found[1])
    return 0


# ---- where to read ---------------------------------------------------------------------------------------------


def reading(of: Exercise | ExerciseResult, book: str) -> Reading:
    """The lesson and its section that explain an exercise; ``book`` is the book's address, or empty."""
    lesson, section = of.lesson, of.section if isinstance(of, Exercise) else ""
    words = f"lesson {lesson[:2].lstrip('0')}" + (f", “{section}”" if section else "")
    if not book:
        return Reading(words, "")
    anchor = f"#{anchor_of(section)}" if section else ""
    return Reading(words, f"{book}{quote(lesson, safe='', errors='replace')}.html{anchor}")


def anchor_of(heading: str) -> str:
    """The anchor that Sphinx gives to a heading.

    >>> anchor_of("The mean over what was observed: λ = 0.5?")
    'the-mean-over-what-was-observed-0-5'
    """
    plain = unicodedata.normalize("NFKD", heading.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"^[-0-9]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))


# ---- the rest of the notebook ----------------------------------------------------------------------------------


def _others(record: Mapping[str, Any], known: set[str]) -> Iterator[OtherCell]:
    cells = record.get("cells", {})
    names = [name for name in cells if name not in known]
    for name in names[:MAX_OTHER_CELLS]:
        yield OtherCell(name, _text(cells[name].get("printed")).rstrip(), _text(cells[name].get("error")))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, (list, tuple)) else []


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, (list, tuple)) else []
