"""The last hint: lines of a right answer in disorder, with two wrong ones among them.

Whether an order is right is not looked up but tried: the answer that the lines make must pass the exercise's checks. So
every right order counts.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from types import FrameType
from typing import Any

from autograder import torch_loads
from autograder.authoring.solutions import solution_cells
from autograder.exercises import Exercise, Order
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import PUBLISHED_SEED, mark
from autograder.results import CheckResult, UsageError, Verdict
from mtl_teach.learn.progress import keep, kept

SECONDS = 10.0
NEXT = "Now write it in your own words in your answer cell, and run its check."
_FILE = "<lines put in order>"


class _TooLong(BaseException):
    """The time is up; no exception of the answer's own, so that the checks end with it."""


@dataclass(frozen=True)
class Arrangement:
    """The lines as a learner has them.

    Attributes
    ----------
    pieces : tuple of str
        All lines, in the disorder in which they are given.
    inside, outside : tuple of int
        The places in ``pieces`` of the lines that are used, in order, and of those that are left out.
    tries : int
        How many orders were tried of these pieces.
    solved : int
        How many times the exercise's lines were put right; each time they are given in another disorder.
    around : (str, str)
        The code before and after the lines.
    """

    pieces: tuple[str, ...]
    inside: tuple[int, ...]
    outside: tuple[int, ...] = ()
    tries: int = 0
    solved: int = 0
    around: tuple[str, str] = ("", "")

    @property
    def lines(self) -> list[str]:
        """The lines that are used, in order."""
        return [self.pieces[place] for place in self.inside]

    @property
    def touched(self) -> bool:
        """True once something was moved, left out or tried."""
        return self.tries > 0 or self.inside != tuple(range(len(self.pieces)))

    def rearranged(self, inside: Any, outside: Any, tries: Any) -> Arrangement | None:
        """These pieces in another order; None where it is not one, since it comes from a file or a browser."""
        if not (isinstance(inside, list) and isinstance(outside, list) and isinstance(tries, int)):
            return None
        places: list[Any] = inside + outside
        if not all(type(place) is int for place in places) or sorted(places) != list(range(len(self.pieces))):
            return None
        return replace(self, inside=tuple(inside), outside=tuple(outside), tries=tries)


@dataclass(frozen=True)
class Judged:
    """What came of an order: whether it is right, and what is said about it."""

    right: bool
    sentence: str


def introduction(order: Order) -> str:
    """What there is to do."""
    n_lines = len(order.lines)
    return (
        f"Put {n_lines} of these {n_lines + len(order.wrong)} lines in order, so that they make a right answer, and "
        f"leave out {len(order.wrong)}: they are common mistakes."
    )


# ---- the lines as they are given, and as they were left --------------------------------------------------------


def begin(exercise: str, order: Order, solved: int = 0) -> Arrangement:
    """All lines in disorder: the same one whenever it is asked for, and never the order that is right."""
    rng = random.Random(f"{exercise}/{solved}")
    pieces = [*order.lines, *order.wrong]
    rng.shuffle(pieces)
    while [line for line in pieces if line in order.lines] == list(order.lines):
        rng.shuffle(pieces)
    before, _, after = (part.strip() for part in order.frame.partition("{lines}"))
    return Arrangement(tuple(pieces), tuple(range(len(pieces))), solved=solved, around=(before, after))


def resume(exercise: str, order: Order) -> Arrangement:
    """The lines as the learner left them; begun anew where they were put right, or are other lines today."""
    data = kept(_key(exercise))
    solved = data.get("solved", 0) if isinstance(data, dict) else 0
    fresh = begin(exercise, order, solved if isinstance(solved, int) else 0)
    if not isinstance(data, dict) or data.get("pieces") != list(fresh.pieces):
        return fresh
    return fresh.rearranged(data.get("inside"), data.get("outside"), data.get("tries")) or fresh


def store(exercise: str, arrangement: Arrangement) -> None:
    """Remember how the lines are arranged, in this workspace."""
    data = asdict(arrangement)
    del data["around"]
    keep(_key(exercise), data)


def _key(exercise: str) -> str:
    return f"order/{exercise}"


# ---- judging an order ------------------------------------------------------------------------------------------


def judge(exercise: Exercise, order: Order, lines: Sequence[str], tries: int = 1) -> Judged:
    """Try the answer that these lines make, and say what came of it; from the second try on, where to look.

    Parameters
    ----------
    exercise : Exercise
    order : Order
        The exercise's own.
    lines : sequence of str
    tries : int
        Which try it is.
    """
    fault = fault_of(exercise, order, lines)
    if not fault:
        return Judged(True, f"Right: with these lines in this order every check passes. {NEXT}")
    if tries < 2:
        return Judged(False, fault)
    return Judged(False, " ".join([fault, *_where_to_look(order, lines)]))


def _where_to_look(order: Order, lines: Sequence[str]) -> Iterator[str]:
    """What is true of these lines whatever other right orders there are."""
    n_wrong = sum(line in order.wrong for line in lines)
    if n_wrong:
        yield "One of the mistakes is among your lines." if n_wrong == 1 else "Both mistakes are among your lines."
    elif len(lines) == len(order.lines):
        yield "No mistake is among your lines: it is their order."
    else:
        yield f"No mistake is among your lines, but there are {len(order.lines)} that belong together."
    n_same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(lines, order.lines)))
    if n_same:
        yield "Your first line can stay." if n_same == 1 else f"Your first {n_same} lines can stay."


def attempt(exercise: Exercise, order: Order, arrangement: Arrangement) -> tuple[Arrangement, Judged]:
    """Judge the lines as they are arranged, and remember it: once they are right, the next ones are in new disorder."""
    arrangement = replace(arrangement, tries=arrangement.tries + 1)
    judged = judge(exercise, order, arrangement.lines, arrangement.tries)
    store(exercise.id, begin(exercise.id, order, arrangement.solved + 1) if judged.right else arrangement)
    return arrangement, judged


def by_numbers(arrangement: Arrangement, numbers: str) -> Arrangement:
    """The lines that somebody names by their numbers, from 1, with commas or spaces between; the others are left out.

    Raises
    ------
    UsageError
        If they are no such numbers.
    """
    n_pieces = len(arrangement.pieces)
    words = re.findall(r"[^\s,;]+", numbers)
    inside = [int(word) - 1 for word in words if re.fullmatch(r"[0-9]{1,3}", word)]
    outside = [place for place in range(n_pieces) if place not in inside]
    arranged = arrangement.rearranged(inside, outside, arrangement.tries)
    if not inside or len(inside) < len(words) or arranged is None:
        raise UsageError(
            f"--order takes numbers of lines, from 1 to {n_pieces}, each at most once, as in 3,1,4; got {numbers!r}."
        )
    return arranged


def fault_of(exercise: Exercise, order: Order, lines: Sequence[str], seconds: float = SECONDS) -> str:
    """What is wrong with the answer that these lines make, as a sentence; empty if it passes every check."""
    source = order.source(lines)
    try:
        code = compile(source, _FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"These lines are not Python in this order: {_as_numbered(error.msg, order)}."
    try:
        names = _names_before(exercise.id)
        with _at_most(seconds):
            exec(code, names)
            answer = LocalAnswer(exercise, tuple(names[entry] for entry in exercise.entries))
            checks = mark(exercise, answer, PUBLISHED_SEED).checks
    except _TooLong:
        return f"With these lines the checks do not come to an end: they were stopped after {seconds:g} seconds."
    except Exception as error:
        if words := torch_loads.explained(error):
            return words
        return f"With these lines your code stops with {type(error).__name__}: {error}."
    return next((_told(check) for check in checks if check.verdict is not Verdict.PASSED), "")


def _as_numbered(message: str, order: Order) -> str:
    """Python's message with the numbers that the lines have in the list, where the code before them has none."""
    before = order.frame.partition("{lines}")[0].count("\n")
    return re.sub(r" on line (\d+)", lambda m: f" on line {int(m[1]) - before}" if int(m[1]) > before else "", message)


def _told(check: CheckResult) -> str:
    if check.verdict is Verdict.GRADER_ERROR:
        return check.summary
    why = f": {check.summary.rstrip('.')}" if check.verdict is Verdict.STUDENT_ERROR else ""
    return f"With these lines the check “{check.sentence.rstrip('.')}” fails{why}."


def _names_before(exercise: str) -> dict[str, Any]:
    """What a finished notebook has defined before this exercise's answer."""
    names: dict[str, Any] = {"__name__": "answer"}
    with contextlib.redirect_stdout(io.StringIO()):
        for name, source in solution_cells(exercise)[:-1]:
            exec(compile(source, f"<cell {name}>", "exec", dont_inherit=True), names)
    return names


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop the lines put in order when the time is up, in whichever thread a notebook runs them."""
    end = time.monotonic() + seconds

    def watch(frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename != _FILE:
            return None
        if time.monotonic() > end:
            raise _TooLong
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)
