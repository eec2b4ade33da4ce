"""What grading says: frozen records, apart from how they are scored, shown or stored."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


def typed(command: str, *words: object) -> str:
    """A command as it is typed, whatever blanks and brackets stand in its paths.

    >>> typed("run", "my course")
    "`mtl-grade run 'my course'`"
    """
    return f"`{shlex.join(['mtl-grade', command, *map(str, words)])}`"


class UsageError(Exception):
    """Wrong use or a broken folder: its text is one clear sentence that names the thing and the repair."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the way through our files helps nobody."""
        return [str(self)]


class WrongCall(UsageError, TypeError):
    """A function of ours was called with something else than it takes."""


class Verdict(StrEnum):
    """The closed set of things a check can say."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"  # a check it depends on did not pass
    STUDENT_ERROR = "student_error"  # the answer raised, looped, was missing or returned no data
    GRADER_ERROR = "grader_error"  # our fault: never costs a mark, always goes to review


class Cause(StrEnum):
    """Why a check did not pass; whoever has to decide by it reads this and no sentence."""

    NONE = ""  # it passed
    NOT_STARTED = "not_started"  # the answer is still the released stub
    MISSING = "missing"  # the answer is not defined
    RAISED = "raised"  # the answer raised an exception of its own
    TIMEOUT = "timeout"
    ENDED = "ended"  # the answer ended its process, or sent something that is no data
    WRONG = "wrong"
    DEPENDS = "depends"  # a check without which this one says nothing did not pass
    GRADER = "grader"  # our fault


@dataclass(frozen=True)
class CheckResult:
    """The verdict of one check.

    Attributes
    ----------
    id : str
        Name of the check function.
    verdict : Verdict
    points, max_points : float
        Points won, points to be won.
    sentence : str
        What the check asks for: its docstring.
    summary : str
        What happened, in one sentence.
    cause : Cause
        Why it did not pass.
    inputs : dict of str to str
        The smallest failing input, each argument as text; from the published seed.
    expected, got : str
        What should have come back and what did, as text.
    difference : str
        The largest difference between the two, as text.
    misconception : str
        Id of the one misconception that behaves the same, on every probe or on all that this check asked; else empty.
    message : str
        What the tutor says about that misconception.
    """

    id: str
    verdict: Verdict
    points: float
    max_points: float
    sentence: str
    summary: str = ""
    inputs: dict[str, str] | None = None
    expected: str = ""
    got: str = ""
    difference: str = ""
    misconception: str = ""
    message: str = ""
    cause: Cause = Cause.NONE


@dataclass(frozen=True)
class ExerciseResult:
    """The verdicts of all checks of one exercise, in the order in which they are written."""

    exercise: str
    title: str
    lesson: str
    checks: tuple[CheckResult, ...]
    question: str = ""  # one hint phrased as a question, when something failed
    fingerprint: str = ""  # the same for all wrong answers that behave alike; empty where nothing could be asked

    @property
    def score(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def max_score(self) -> float:
        return sum(check.max_points for check in self.checks)

    @property
    def passed(self) -> bool:
        return all(check.verdict is Verdict.PASSED for check in self.checks)

    @property
    def needs_review(self) -> bool:
        """True where the grader itself failed: a person must look, and no mark is lost meanwhile."""
        return any(check.verdict is Verdict.GRADER_ERROR for check in self.checks)

    @property
    def not_started(self) -> bool:
        """True where the answer is still the released stub."""
        return bool(self.checks) and self.checks[0].cause is Cause.NOT_STARTED

    @property
    def misconception(self) -> str:
        """Id of the misconception to mend first, or an empty string."""
        return next(iter(self.misconceptions), "")

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """Ids of the diagnosed misconceptions, in the order in which to mend them."""
        return tuple(dict.fromkeys(check.misconception for check in self.checks if check.misconception))

    def to_dict(self) -> dict[str, Any]:
        """The record as plain JSON data.

        >>> one = CheckResult("test_value", Verdict.PASSED, 2.0, 2.0, "The value is right.")
        >>> ExerciseResult("masked_mean", "Masked mean", "05_missing_labels", (one,)).to_dict()["score"]
        2.0
        """
        return {
            "exercise": self.exercise,
            "title": self.title,
            "lesson": self.lesson,
            "score": self.score,
            "max_score": self.max_score,
            "misconception": self.misconception,
            "misconceptions": list(self.misconceptions),
            "needs_review": self.needs_review,
            "question": self.question,
            "fingerprint": self.fingerprint,
            "checks": [dict(vars(check)) for check in self.checks],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ExerciseResult:
        """Read what :meth:`to_dict` wrote."""
        checks = tuple(
            CheckResult(**{**check, "verdict": Verdict(check["verdict"]), "cause": Cause(check.get("cause", ""))})
            for check in data["checks"]
        )
        more = data.get("question", ""), data.get("fingerprint", "")
        return cls(data["exercise"], data["title"], data["lesson"], checks, *more)


STUB_LEFT = "Not started yet: replace the line that raises NotImplementedError."


# ---- what examples are worth -----------------------------------------------------------------------------------


class Agreement(StrEnum):
    """What can be said about one example."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    UNCLEAR = "unclear"  # the right answers disagree among themselves, or stop with an error
    MALFORMED = "malformed"


@dataclass(frozen=True)
class ExampleVerdict:
    """The verdict on one example and a sentence that explains it."""

    verdict: Agreement
    text: str


@dataclass(frozen=True)
class ExamplesReport:
    """What a set of examples is worth.

    Attributes
    ----------
    exercise, title, signature : str
    pair : str
        How an example of this exercise is written: ``((values, mask), expected)``.
    examples : tuple of ExampleVerdict
        In the order in which they were written.
    mistakes, conceptual : int
        How many known mistakes can show in a value at all, and how many of those misunderstand the idea.
    let_through, conceptual_let_through : int
        How many of either no agreeing example tells apart from the right answers.
    """

    exercise: str
    title: str
    signature: str
    pair: str
    examples: tuple[ExampleVerdict, ...]
    mistakes: int
    conceptual: int
    let_through: int
    conceptual_let_through: int

    @property
    def agreeing(self) -> int:
        return sum(one.verdict is Agreement.AGREES for one in self.examples)
