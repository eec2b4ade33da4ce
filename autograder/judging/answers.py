"""The two kinds of :class:`~autograder.testing.Answer`: one in this process, and one in a sandboxed worker."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from autograder.engine.callables import Host
from autograder.engine.inside import channel
from autograder.engine.inside.worker import Worker, as_live
from autograder.engine.outcome import AnswerError, outcome_of
from autograder.engine.session import Question, Session
from autograder.exercises import Exercise
from autograder.testing import Alternative, Misconception, Probe

PATIENCE = 2  # calls that may use up their whole time
MAX_TOGETHER = 2**26  # bytes, as a session counts them, of all answers that are held at the same time
IMPATIENCE = 10  # how many times less the calls after them get


class Asks:
    """All that a check may want of an :class:`~autograder.testing.Answer`, in terms of ``outcomes``."""

    def __call__(self, *args: Any) -> Any:
        return _raised(next(self.outcomes([Probe(args)])))

    def run(self, scenario: Callable[..., Any], *args: Any) -> Any:
        return _raised(next(self.outcomes([Probe(args, scenario)])))

    def each(
        self, calls: Iterable[tuple[Any, ...]], scenario: Callable[..., Any] | None = None, after: bool = False
    ) -> Iterator[Any]:
        return map(_raised, self.outcomes(Probe(tuple(args), scenario, after) for args in calls))

    def outcomes(self, probes: Iterable[Probe]) -> Iterator[Any]:
        raise RuntimeError("whoever asks has somebody to ask")

    def renew(self) -> None:
        """Nothing here: only a sandboxed answer is asked about secret inputs."""


class _Asked(Asks):
    """Turns probes into questions."""

    def __init__(self, exercise: Exercise) -> None:
        self._answer = {"entries": list(exercise.entries), "values": exercise.values}
        self._kinds: dict[tuple[Callable[..., Any] | None, bool], dict[str, Any]] = {}

    def outcomes(self, probes: Iterable[Probe]) -> Iterator[Any]:
        asked = list(probes)
        outcomes = self._outcomes([(self._kind(probe), list(probe.args)) for probe in asked])
        return (_with_arguments(one) if probe.after else one for probe, one in zip(asked, outcomes))

    def _kind(self, probe: Probe) -> dict[str, Any]:
        key = probe.scenario, probe.after
        if key not in self._kinds:
            what: dict[str, Any] = {"op": "call", "after": probe.after}
            if probe.scenario:
                what = {"op": "scenario", "source": _source(probe.scenario), "function": probe.scenario.__name__}
            self._kinds[key] = {**what, **self._answer}
        return self._kinds[key]

    def _outcomes(self, questions: list[Question]) -> Iterator[Any]:
        raise RuntimeError("a backend answers requests")


def _raised(outcome: Any) -> Any:
    if isinstance(outcome, AnswerError):
        raise outcome
    return outcome


def _with_arguments(outcome: Any) -> Any:
    """What a call gave back and its arguments as it left them, or the error."""
    if isinstance(outcome, AnswerError):
        return outcome
    if isinstance(outcome, tuple) and len(outcome) == 2 and isinstance(outcome[1], tuple):
        return outcome
    return AnswerError("Other", "the process sent something else than a value and its arguments")


class LocalAnswer(_Asked):
    """An answer in this process: quick, and without any claim of security.

    Parameters
    ----------
    exercise : Exercise
    answers : sequence of objects
        One for each of the exercise's entries.
    """

    def __init__(self, exercise: Exercise, answers: tuple[Any, ...]) -> None:
        super().__init__(exercise)
        self._worker = Worker(dict(zip(exercise.entries, answers)))

    @classmethod
    def of(cls, exercise: Exercise, answer: Any) -> Self:
        """From one object: the function; or, for an exercise of plain variables, a function that returns them.

        A known answer, right or wrong, stands for its function.
        """
        if isinstance(answer, (Misconception, Alternative)):
            answer = answer.function
        if not exercise.values:
            return cls(exercise, (answer,))
        values = answer()
        return cls(exercise, tuple(values) if len(exercise.entries) > 1 else (values,))

    def _outcomes(self, questions: list[Question]) -> Iterator[Any]:
        for kind, args in questions:
            self._worker.reach = functools.partial(_reach, Host(args))
            yield outcome_of(self._worker.handle({**kind, "args": as_live(channel.as_data(args))}))


def _reach(host: Host, message: dict[str, Any]) -> dict[str, Any]:
    """Have a function called that stays on our side, as if there were a border between."""
    answer: dict[str, Any] = as_live(channel.as_data(host.answer(channel.as_data(message))))
    return answer


class RemoteAnswer(_Asked):
    """The answer to one exercise inside a :class:`Session`.

    Attributes
    ----------
    timeouts : int
        How often it did not answer in time. After ``PATIENCE`` times it gets a fraction of the time, so that a loop
        costs its own exercise and not the submission.
    """

    def __init__(self, exercise: Exercise, session: Session) -> None:
        super().__init__(exercise)
        self._session = session
        self.timeouts = 0
        self._seconds_left = session.limits.exercise
        self._together = True  # until the answer ends its worker: then one by one, to see at which question

    def renew(self) -> None:
        """Have a fresh worker answer from here on; what is left of the time and the patience stays."""
        self._session.renew()

    def _outcomes(self, questions: list[Question]) -> Iterator[Any]:
        at, most = 0, self._session.taken + MAX_TOGETHER
        while at < len(questions):
            if self._session.taken > most:
                yield from [AnswerError("Other", "output too large: all answers of a check together")] * (
                    len(questions) - at
                )
                return
            batch = questions[at:] if self._together else questions[at : at + 1]
            outcomes = self._ask(batch)
            if len(batch) > 1 and _ended(outcomes[-1]):
                self._together = False
                outcomes.pop()
            yield from outcomes
            at += len(outcomes)

    def _ask(self, questions: list[Question]) -> list[Any]:
        limits = self._session.limits
        if self._seconds_left <= 0:
            return [AnswerError("Timeout", f"this exercise took more than {limits.exercise:g} s in all")]
        self._session.load()
        started = time.monotonic()
        seconds = min(limits.call / (1 if self.timeouts < PATIENCE else IMPATIENCE), self._seconds_left)
        outcomes = self._session.ask(questions, seconds, self._seconds_left)
        self._seconds_left -= time.monotonic() - started
        self.timeouts += isinstance(outcomes[-1], AnswerError) and outcomes[-1].tag == "Timeout"
        return outcomes


def _ended(outcome: Any) -> bool:
    """True for what ends a worker without our doing; what looped would loop again."""
    return isinstance(outcome, AnswerError) and outcome.tag in ("Exit", "Other")


@functools.cache
def _source(scenario: Callable[..., Any]) -> str:
    module = inspect.getmodule(scenario)
    assert module is not None
    return inspect.getsource(module)
