"""The two kinds of :class:`~autograder.testing.Student`: an answer in this process, and one in a sandboxed worker."""

from __future__ import annotations

import functools
import inspect
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from autograder import channel, zygote
from autograder.exercises import Exercise
from autograder.sandbox import Limits, Zygote
from autograder.testing import Probe, StudentError

PATIENCE = 2  # calls that may use up their whole time
IMPATIENCE = 10  # how many times less the calls after them get


Question = tuple[dict[str, Any], list[Any]]  # what is asked, and with which arguments


class _Asked:
    """Turns what a check wants of a :class:`~autograder.testing.Student` into questions."""

    def __init__(self, exercise: Exercise) -> None:
        self._answer = {"entries": list(exercise.entries), "values": exercise.values}
        self._kinds: dict[tuple[Callable | None, bool], dict[str, Any]] = {}

    def __call__(self, *args: Any) -> Any:
        return _raised(next(self.outcomes([Probe(args)])))

    def after(self, *args: Any) -> tuple[Any, tuple]:
        return _raised(next(self.outcomes([Probe(args, after=True)])))

    def run(self, scenario: Callable, *args: Any) -> Any:
        return _raised(next(self.outcomes([Probe(args, scenario)])))

    def each(self, calls: Iterable[tuple], scenario: Callable | None = None, after: bool = False) -> Iterator[Any]:
        return map(_raised, self.outcomes(Probe(tuple(args), scenario, after) for args in calls))

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
    if isinstance(outcome, StudentError):
        raise outcome
    return outcome


def _with_arguments(outcome: Any) -> Any:
    """What a call gave back and its arguments as it left them, or the error."""
    if isinstance(outcome, StudentError):
        return outcome
    if isinstance(outcome, tuple) and len(outcome) == 2 and isinstance(outcome[1], tuple):
        return outcome
    return StudentError("Other", "the process sent something else than a value and its arguments")


class LocalStudent(_Asked):
    """An answer in this process: quick, and without any claim of security.

    Parameters
    ----------
    exercise : Exercise
    answers : sequence of objects
        One for each of the exercise's entries.
    """

    def __init__(self, exercise: Exercise, answers: tuple[Any, ...]) -> None:
        super().__init__(exercise)
        self._worker = zygote.Worker(dict(zip(exercise.entries, answers)))

    @classmethod
    def of(cls, exercise: Exercise, answer: Any) -> Self:
        """From one object: the function; or, for an exercise of plain variables, a function that returns them."""
        if not exercise.values:
            return cls(exercise, (answer,))
        values = answer()
        return cls(exercise, tuple(values) if len(exercise.entries) > 1 else (values,))

    def _outcomes(self, questions: list[Question]) -> Iterator[Any]:
        for kind, args in questions:
            yield _outcome(self._worker.handle({**kind, "args": zygote.as_live(channel.as_data(args))}))


class Session:
    """One submission in a sandboxed worker, which is started anew whenever an answer ends it.

    Parameters
    ----------
    zygote : Zygote
    cells : list of (name, source)
        The code cells in order. A cell that loops or ends the worker is left out when the rest is run again.
    forbidden : list of str
        Dotted names of library functions that the answer may not call.
    """

    def __init__(self, zygote: Zygote, cells: list[tuple[str, str]], forbidden: list[str]) -> None:
        self._zygote = zygote
        self._cells = cells
        self._forbidden = forbidden
        self._descriptor: int | None = None
        self._deadline = time.monotonic() + zygote.limits.submission
        self.cell_errors: dict[str, str] = {}
        self.printed: dict[str, str] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()

    def ask(self, questions: list[Question], seconds: float | None = None, total: float = math.inf) -> list[Any]:
        """Ask the worker for several things at once.

        Parameters
        ----------
        questions : list of (dict, list)
        seconds : float, optional
            The time for one answer; the limit for a call where none is given.
        total : float, optional
            The time for all of them.

        Returns
        -------
        list
            A value or a :class:`~autograder.testing.StudentError` for each; where the worker ended before the last
            answer, the error that says so is the last outcome and the rest is missing.
        """
        self.load()
        answers, error = self._ask(questions, self.limits.call if seconds is None else seconds, total)
        return [*map(_outcome, answers), *([error] if error else [])]

    @property
    def limits(self) -> Limits:
        """What this submission may take."""
        return self._zygote.limits

    def load(self) -> None:
        """Start a worker and run the cells, so that their errors are known; nothing if that is done."""
        while self._descriptor is None:
            started = time.monotonic()
            self._descriptor = self._zygote.fork(self._forbidden)
            self._deadline += time.monotonic() - started  # a zygote that has to start costs the submission nothing
            self._load()

    def _load(self) -> None:
        for name, source in self._cells:
            if self.cell_errors.get(name, "").startswith(("Timeout", "Exit", "Other: the process")):
                continue
            answers, error = self._ask([({"op": "cell", "source": source, "name": name}, [])], self.limits.cell)
            outcome = error or _outcome(answers[0])
            if isinstance(outcome, StudentError):
                self.cell_errors[name] = str(outcome)
            if answers and isinstance(answers[0].get("printed"), str):
                self.printed[name] = answers[0]["printed"][: zygote.MAX_PRINTED]
            if self._descriptor is None:  # this cell ended the worker: start again without it
                return

    def _ask(
        self, questions: list[Question], seconds: float, total: float = math.inf
    ) -> tuple[list[dict[str, Any]], StudentError | None]:
        """The answers that came, and why the others did not."""
        assert self._descriptor is not None
        now = time.monotonic()
        if now > self._deadline:
            return [], StudentError("Timeout", f"the submission took more than {self.limits.submission:g} s in all")
        answers: list[dict[str, Any]] = []
        until = min(now + total, self._deadline)
        number = int.from_bytes(os.urandom(7))
        try:
            channel.write_frame(self._descriptor, _frame(number, questions), min(now + seconds, until))
            while len(answers) < len(questions):
                payload = channel.read_frame(self._descriptor, min(time.monotonic() + seconds, until))
                if payload is None:
                    raise ConnectionError
                answers += _answers(channel.decode(payload), number, len(questions) - len(answers))
        except TimeoutError:
            error = StudentError("Timeout", f"no answer within {seconds:g} s: is there a loop without end?")
        except channel.ChannelError as broken:
            error = StudentError("Other", f"the process sent something else than data: {broken}")
        except OSError:
            error = StudentError("Exit", "the code ended its own process")
        except StudentError as wrong:
            error = wrong
        else:
            return answers, None
        self._end()
        return answers, error

    def _end(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._zygote.end_worker()


class RemoteStudent(_Asked):
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

    def _outcomes(self, questions: list[Question]) -> Iterator[Any]:
        at = 0
        while at < len(questions):
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
            return [StudentError("Timeout", f"this exercise took more than {limits.exercise:g} s in all")]
        self._session.load()
        started = time.monotonic()
        seconds = min(limits.call / (1 if self.timeouts < PATIENCE else IMPATIENCE), self._seconds_left)
        outcomes = self._session.ask(questions, seconds, self._seconds_left)
        self._seconds_left -= time.monotonic() - started
        self.timeouts += isinstance(outcomes[-1], StudentError) and outcomes[-1].tag == "Timeout"
        return outcomes


def _ended(outcome: Any) -> bool:
    """True for what ends a worker without our doing; what looped would loop again."""
    return isinstance(outcome, StudentError) and outcome.tag in ("Exit", "Other")


def _frame(number: int, questions: list[Question]) -> bytes:
    """The questions as one payload, in which each kind of question stands once."""
    kinds = {id(kind): kind for kind, _ in questions}
    place = {identity: index for index, identity in enumerate(kinds)}
    requests = [[place[id(kind)], args] for kind, args in questions]
    return channel.encode({"id": number, "kinds": list(kinds.values()), "requests": requests})


def _answers(response: Any, number: int, most: int) -> list[dict[str, Any]]:
    """The answers in a frame that replies to our number."""
    if isinstance(response, dict) and type(response.get("id")) is int and response["id"] == number:
        answers = response.get("answers")
        if isinstance(answers, list) and 0 < len(answers) <= most and all(isinstance(one, dict) for one in answers):
            return answers
    raise StudentError("Other", "the process sent something else than its answer")


def _outcome(response: dict[str, Any]) -> Any:
    """The value in a response, or its error; an error is read with the same caps that an honest worker keeps to."""
    if "error" not in response:
        return response.get("value")
    tag, message = response["error"], response.get("message", "")
    known = isinstance(tag, str) and tag in (*zygote.ERROR_TAGS, "Missing", "Exit")
    text = message[: zygote.MAX_MESSAGE] if isinstance(message, str) else ""
    return StudentError(tag if known else "Other", text)


@functools.cache
def _source(scenario: Callable) -> str:
    module = inspect.getmodule(scenario)
    assert module is not None
    return inspect.getsource(module)
