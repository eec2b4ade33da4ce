"""What a check asked of an answer and what came back: by these questions one failure of a check is told from another.

Only checks with the published seed are recorded. What is asked with a secret seed is kept nowhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.engine.inside.channel import Tensor
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import Asks
from autograder.testing import Answer, Check, CheckFailure, Probe

Recording = tuple[tuple[Probe, Any], ...]

MOST = 500  # questions asked beyond those that a failing check has looked at
LARGE = 2**20  # bytes of one outcome: of a check that gets more nothing is kept, so that the checker stays small
TOO_LARGE = object()  # stands for such an outcome while its check runs


class Recorder(Asks):
    """An answer that keeps what the checks which it fails have asked of it.

    Parameters
    ----------
    student : Answer

    Attributes
    ----------
    recorded : dict of str to Recording
    failures : dict of str to CheckFailure
        Both by the name of the check.
    """

    def __init__(self, student: Answer) -> None:
        self._student = student
        self._noted: list[tuple[Probe, Any]] | None = None  # while a check runs
        self._begun: list[Iterator[tuple[Probe, Any]]] = []
        self.recorded: dict[str, Recording] = {}
        self.failures: dict[str, CheckFailure] = {}

    def outcomes(self, probes: Iterable[Probe]) -> Iterator[Any]:
        asked = list(probes)
        pairs = zip(asked, self._student.outcomes(asked))
        for at, pair in enumerate(pairs):
            if self._noted is not None:
                if at == 0:
                    self._begun.append(pairs)
                self._noted.append((pair[0], TOO_LARGE) if _is_large(pair[1]) else pair)
            yield pair[1]

    def renew(self) -> None:
        """Have the answer's code begun anew."""
        self._student.renew()

    def forget(self, check: Check) -> None:
        """Drop what was kept of a check."""
        self.recorded.pop(check.id, None)
        self.failures.pop(check.id, None)

    def noting(self, check: Check) -> Check:
        """The same check, of which this answer notes what it asks from its beginning to its end."""

        def function(student: Answer, rng: np.random.Generator) -> None:
            self._noted, self._begun = [], []
            try:
                check.function(student, rng)
            except (AssertionError, AnswerError) as failure:
                self.recorded[check.id] = self._all_noted(self._noted)
                if isinstance(failure, CheckFailure):
                    self.failures[check.id] = failure
                raise
            finally:
                self._noted = None

        return replace(check, function=function)

    def _all_noted(self, noted: list[tuple[Probe, Any]]) -> Recording:
        """What was noted, with the rest of what was asked for many inputs at once.

        In this process answers come one by one, and a check stops at the first that is wrong; in a sandbox all are
        there by then. With the rest, both are the same.
        """
        if any(outcome is TOO_LARGE for _, outcome in noted):
            return ()
        rest = itertools.islice(itertools.chain.from_iterable(self._begun), MOST)
        while not (noted and _is_last(noted[-1][1])) and (pair := next(rest, None)):
            if _is_large(pair[1]):
                return ()
            noted.append(pair)
        return tuple(noted)


def _is_last(outcome: Any) -> bool:
    return isinstance(outcome, AnswerError) and outcome.is_last


def _is_large(outcome: Any) -> bool:
    if isinstance(outcome, Tensor):
        outcome = outcome.array
    if isinstance(outcome, np.ndarray):
        return outcome.nbytes > LARGE
    if isinstance(outcome, (str, bytes)):
        return len(outcome) > LARGE
    if isinstance(outcome, dict):
        outcome = list(outcome.values())
    return isinstance(outcome, (list, tuple)) and (len(outcome) > LARGE // 32 or any(map(_is_large, outcome)))
