"""What a milestone answers, the board that keeps the answers, and how a stage's value is read without raising.

A `Finding` says not done yet, not usable, or usable, with a sentence that says why. A `Board` prints the findings as
they come and sums them up at the end.
"""

import functools
import itertools
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ParamSpec

import numpy as np
import torch

from mtl_teach.learn.lesson import place
from mtl_teach.metrics import Interval

Parameters = ParamSpec("Parameters")


class Usability(Enum):
    """How far a stage is."""

    NOT_DONE = "not done yet"
    NOT_USABLE = "not usable"
    USABLE = "usable"


_WIDTH = 90  # a notebook breaks a longer line within a word
_MARKS = {Usability.NOT_DONE: "[  ]", Usability.NOT_USABLE: "[!!]", Usability.USABLE: "[ok]"}


@dataclass(frozen=True)
class Finding:
    """How usable a check found a stage, and a sentence that says why. True in an ``if`` where it is usable."""

    usability: Usability
    message: str

    def __bool__(self) -> bool:
        return self.usability is Usability.USABLE

    def __str__(self) -> str:
        return f"{self.usability.value}. {self.message}"


@dataclass
class Board:
    """The findings of one project, in the order of its stages.

    Examples
    --------
    >>> board = Board()
    >>> board.show("Predictions", not_done())
    [  ] Predictions: not done yet. Nothing is there.
    >>> board.show("Predictions", usable("8 rows."))
    [ok] Predictions: usable. 8 rows.
    >>> board.summary()
    1 of 1 milestones usable.
    """

    findings: dict[str, Finding] = field(default_factory=dict)

    def show(self, title: str, finding: Finding) -> None:
        """Print a finding and keep it; the same title again replaces the old one.

        What an earlier one was refused for in the same words is told there. In a workspace a milestone that is usable
        is kept as progress, too.
        """
        self.findings[title] = finding
        earlier = itertools.takewhile(lambda other: other != title, self.findings)
        refused = finding.usability is Usability.NOT_USABLE
        same = next((other for other in earlier if refused and self.findings[other] == finding), "")
        said = f"{finding.usability.value}, for the same reason as “{same}”." if same else str(finding)
        _print_wrapped(f"{_MARKS[finding.usability]} {title}: {said}")
        if finding:
            place.reached(title)

    def summary(self) -> None:
        """Print how many milestones are usable, and name the others."""
        rest = [f"{title} ({finding.usability.value})" for title, finding in self.findings.items() if not finding]
        done = len(self.findings) - len(rest)
        _print_wrapped(
            f"{done} of {len(self.findings)} milestones usable." + (f" Left: {'; '.join(rest)}." if rest else "")
        )


def _print_wrapped(line: str) -> None:
    print(textwrap.fill(line, _WIDTH, subsequent_indent="     ", break_long_words=False, break_on_hyphens=False))


def usable(message: str) -> Finding:
    """The stage can be built upon."""
    return Finding(Usability.USABLE, message)


def not_usable(message: str) -> Finding:
    """The stage holds something that cannot be built upon."""
    return Finding(Usability.NOT_USABLE, message)


def not_done(message: str = "Nothing is there.") -> Finding:
    """The stage is as the scaffold left it, or only begun."""
    return Finding(Usability.NOT_DONE, message)


def never_raises(check: Callable[Parameters, Finding]) -> Callable[Parameters, Finding]:
    """Let a check answer in words whatever it is given, also where nobody thought of it."""

    @functools.wraps(check)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Finding:
        try:
            with np.errstate(all="ignore"):
                return check(*args, **kwargs)
        except Exception as error:  # a learner's object may raise anything when it is looked at
            return not_usable(f"This cannot be read: {type(error).__name__} while looking at it.")

    return guarded


def unsolved(value: Any) -> bool:
    """None, ``...``, an empty text or an empty collection: what a scaffold leaves for the learner."""
    if value is None or value is ...:
        return True
    if isinstance(value, str):
        return value.strip() in ("", "...")
    return isinstance(value, list | tuple | dict | set) and len(value) == 0


def numbers(value: Any) -> np.ndarray | str:
    """Return the value as floats (tensors, tables and nested lists are numbers), or in words what it is instead."""
    if isinstance(value, torch.Tensor):
        value = value.cpu().double() if not value.is_complex() else value.tolist()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = np.asarray(value)
            if value is not None and found.dtype.kind in "biufO":  # NumPy would make NaN of None, and numbers of texts
                return found.astype(float)
            if found.ndim and found.dtype.kind in "cSU":
                return f"{type(value).__name__} of {'complex numbers' if found.dtype.kind == 'c' else 'texts'}"
    except Exception as error:  # NumPy asks the value what it holds, and the value may raise anything
        if "requires_grad" in str(error).replace(" ", "_"):
            return "numbers that still carry their gradient (predict inside torch.no_grad(), or .detach() them)"
    return type(value).__name__


def floats(value: Any) -> np.ndarray:
    """Return what a milestone found to be numbers as an array, also where it came as a tensor, a table or lists."""
    return np.asarray(numbers(value))


def same(values: np.ndarray | str, others: np.ndarray | str, tolerance: float = 1e-9) -> bool:
    """Whether two readings hold the same numbers, up to rounding and an absolute tolerance."""
    if isinstance(values, str) or isinstance(others, str) or values.shape != others.shape:
        return False
    return bool(np.allclose(values, others, rtol=1e-6, atol=tolerance, equal_nan=True))


def excludes_zero(interval: Interval) -> bool:
    """Whether a difference is beyond noise: its interval lies on one side of 0."""
    return bool(interval.low > 0 or interval.high < 0)
