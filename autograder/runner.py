"""Runs the checks of an exercise on an answer, in this process or in a sandboxed worker."""

from __future__ import annotations

import functools
import hashlib
import hmac
import inspect
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from autograder import channel, render, zygote
from autograder.diagnosis import diagnose
from autograder.exercises import Check, Exercise
from autograder.results import NOT_STARTED, CheckResult, ExerciseResult, Verdict
from autograder.sandbox import Limits, Zygote
from autograder.testing import CheckFailure, Probe, Student, StudentError

PUBLISHED_SEED = b"published"
PATIENCE = 2  # calls that may use up their whole time
IMPATIENCE = 10  # how many times less the calls after them get


def rng_for(seed: bytes, exercise: str, check: str) -> np.random.Generator:
    """The random numbers of one check: the same for the same seed, unguessable without it."""
    digest = hmac.digest(seed, f"{exercise}/{check}".encode(), hashlib.sha256)
    return np.random.default_rng(int.from_bytes(digest))


# ---- the two backends ------------------------------------------------------------------------------------------


class _Asked:
    """Turns the questions of a :class:`~autograder.testing.Student` into requests."""

    def __init__(self, exercise: Exercise) -> None:
        self._answer = {"entries": list(exercise.entries), "values": exercise.values}

    def __call__(self, *args: Any) -> Any:
        return _raised(next(self.outcomes([Probe(args)])))

    def after(self, *args: Any) -> tuple[Any, tuple]:
        return _raised(next(self.outcomes([Probe(args, after=True)])))

    def run(self, scenario: Callable, *args: Any) -> Any:
        return _raised(next(self.outcomes([Probe(args, scenario)])))

    def each(self, calls: Iterable[tuple], scenario: Callable | None = None) -> Iterator[Any]:
        return map(_raised, self.outcomes(Probe(tuple(args), scenario) for args in calls))

    def outcomes(self, probes: Iterable[Probe]) -> Iterator[Any]:
        asked = list(probes)
        outcomes = self._outcomes([self._request(probe) for probe in asked])
        return (_with_arguments(one) if probe.after else one for probe, one in zip(asked, outcomes))

    def _request(self, probe: Probe) -> dict[str, Any]:
        what: dict[str, Any]
        if probe.scenario:
            what = {"op": "scenario", "source": _source(probe.scenario), "function": probe.scenario.__name__}
        else:
            what = {"op": "call", "after": probe.after}
        return {**what, "args": list(probe.args), **self._answer}

    def _outcomes(self, requests: list[dict[str, Any]]) -> Iterator[Any]:
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

    def _outcomes(self, requests: list[dict[str, Any]]) -> Iterator[Any]:
        for request in requests:
            args = zygote.as_live(channel.as_data(request["args"]))
            yield _outcome(self._worker.handle({**request, "args": args}))


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

    def ask(self, requests: list[dict[str, Any]], seconds: float | None = None, total: float = math.inf) -> list[Any]:
        """Ask the worker for several things at once.

        Parameters
        ----------
        requests : list of dict
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
        answers, error = self._ask(requests, self.limits.call if seconds is None else seconds, total)
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
            answers, error = self._ask([{"op": "cell", "source": source, "name": name}], self.limits.cell)
            outcome = error or _outcome(answers[0])
            if isinstance(outcome, StudentError):
                self.cell_errors[name] = str(outcome)
            if answers and isinstance(answers[0].get("printed"), str):
                self.printed[name] = answers[0]["printed"][: zygote.MAX_PRINTED]
            if self._descriptor is None:  # this cell ended the worker: start again without it
                return

    def _ask(
        self, requests: list[dict[str, Any]], seconds: float, total: float = math.inf
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
            frame = channel.encode({"id": number, "requests": requests})
            channel.write_frame(self._descriptor, frame, min(now + seconds, until))
            while len(answers) < len(requests):
                payload = channel.read_frame(self._descriptor, min(time.monotonic() + seconds, until))
                if payload is None:
                    raise ConnectionError
                answers += _answers(channel.decode(payload), number, len(requests) - len(answers))
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

    def _outcomes(self, requests: list[dict[str, Any]]) -> Iterator[Any]:
        at = 0
        while at < len(requests):
            batch = requests[at:] if self._together else requests[at : at + 1]
            outcomes = self._ask(batch)
            if len(batch) > 1 and _ended(outcomes[-1]):
                self._together = False
                outcomes.pop()
            yield from outcomes
            at += len(outcomes)

    def _ask(self, requests: list[dict[str, Any]]) -> list[Any]:
        limits = self._session.limits
        if self._seconds_left <= 0:
            return [StudentError("Timeout", f"this exercise took more than {limits.exercise:g} s in all")]
        self._session.load()
        started = time.monotonic()
        seconds = min(limits.call / (1 if self.timeouts < PATIENCE else IMPATIENCE), self._seconds_left)
        outcomes = self._session.ask(requests, seconds, self._seconds_left)
        self._seconds_left -= time.monotonic() - started
        self.timeouts += isinstance(outcomes[-1], StudentError) and outcomes[-1].tag == "Timeout"
        return outcomes


def _ended(outcome: Any) -> bool:
    """True for what ends a worker without our doing; what looped would loop again."""
    return isinstance(outcome, StudentError) and outcome.tag in ("Exit", "Other")


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


# ---- running checks --------------------------------------------------------------------------------------------


def run_checks(exercise: Exercise, student: Student, seed: bytes = PUBLISHED_SEED) -> ExerciseResult:
    """Run every check of an exercise on an answer.

    Parameters
    ----------
    exercise : Exercise
    student : Student
        The answer, on either backend.
    seed : bytes
        Published for practice, secret for marks. With a secret seed a failed check is run again with the
        published one, and what is shown comes from there.

    Returns
    -------
    ExerciseResult
    """
    done: dict[str, CheckResult] = {}
    for check in _order(exercise.checks, seed):
        done[check.id] = _run_one(exercise, check, student, seed, done)
    results = [done[check.id] for check in exercise.checks]
    wrong = [result for result in results if result.verdict in (Verdict.FAILED, Verdict.STUDENT_ERROR)]
    timed_out = getattr(student, "timeouts", 0) > 0  # its probes would loop as well
    if wrong and not timed_out and not wrong[0].summary.startswith(NOT_STARTED):
        results = _name_misconception(exercise, student, results)
    question = exercise.question if wrong and not any(result.misconception for result in results) else ""
    return ExerciseResult(exercise.id, exercise.title, exercise.lesson, tuple(results), question)


def _order(checks: tuple[Check, ...], seed: bytes) -> list[Check]:
    """As written for practice; for marks a shuffled order in which dependencies still come first."""
    if seed == PUBLISHED_SEED:
        return list(checks)
    rng = rng_for(seed, "order", checks[0].id if checks else "")
    waiting, order = list(checks), list[Check]()
    while waiting:
        placed = {check.id for check in order}
        ready = [check for check in waiting if set(check.depends) <= placed]
        check = ready[rng.integers(len(ready))]
        order.append(check)
        waiting.remove(check)
    return order


def _run_one(
    exercise: Exercise, check: Check, student: Student, seed: bytes, done: dict[str, CheckResult]
) -> CheckResult:
    blank = CheckResult(check.id, Verdict.SKIPPED, 0.0, check.points, check.sentence)
    for needed in check.depends:
        if done[needed].verdict is not Verdict.PASSED:
            first = done[needed].sentence.rstrip(".")
            return replace(blank, summary=f"Fix this first: {first}.")
    result = _attempt(exercise, check, student, seed, blank)
    if seed == PUBLISHED_SEED or result.verdict is not Verdict.FAILED:
        return result
    shown = _attempt(exercise, check, student, PUBLISHED_SEED, blank)
    if shown.verdict is Verdict.FAILED:
        return shown
    summary = (
        "Right on the practice inputs, wrong on others: does it rely on particular numbers, shapes or orders?"
    )
    return replace(blank, verdict=Verdict.FAILED, summary=summary)


def _attempt(
    exercise: Exercise, check: Check, student: Student, seed: bytes, blank: CheckResult
) -> CheckResult:
    try:
        check.function(student, rng_for(seed, exercise.id, check.id))
    except CheckFailure as failure:
        return replace(
            blank,
            verdict=Verdict.FAILED,
            summary=failure.summary,
            inputs={name: render.text_of(value) for name, value in (failure.inputs or {}).items()} or None,
            expected=render.text_of(failure.expected) if failure.expected is not None else "",
            got=render.text_of(failure.got)
            if failure.got is not None or failure.expected is not None
            else "",
            difference=failure.difference,
        )
    except AssertionError as failure:
        return replace(blank, verdict=Verdict.FAILED, summary=str(failure) or check.sentence)
    except StudentError as error:
        return replace(blank, verdict=Verdict.STUDENT_ERROR, summary=_explain(exercise, error))
    except Exception as error:
        return replace(
            blank,
            verdict=Verdict.GRADER_ERROR,
            summary=f"The check itself failed ({type(error).__name__}: {error}); this is not your fault and is "
            "marked for review.",
        )
    return replace(blank, verdict=Verdict.PASSED, points=check.points)


def _explain(exercise: Exercise, error: StudentError) -> str:
    if error.tag == "NotImplementedError":
        return f"{NOT_STARTED}: replace the line that raises NotImplementedError."
    if error.tag == "Missing":
        return f"{error.message.capitalize()}: the answer must define `{exercise.signature}`."
    if error.tag == "Timeout":
        return f"Stopped: {error.message}"
    return (
        f"Your code raised {error}"
        if error.tag not in ("Exit", "Other")
        else f"Your code failed: {error.message}"
    )


def _name_misconception(
    exercise: Exercise, student: Student, results: list[CheckResult]
) -> list[CheckResult]:
    try:
        found = diagnose(exercise, student)
    except Exception:  # a diagnosis is a courtesy: where it fails, the plain message stands
        return results
    if found is None:
        return results
    name, wrong = found
    failing = [
        i for i, result in enumerate(results) if result.verdict in (Verdict.FAILED, Verdict.STUDENT_ERROR)
    ]
    at = next((i for i in failing if results[i].id == wrong.caught_by), failing[0])  # type: ignore[attr-defined]
    results[at] = replace(results[at], misconception=name, message=wrong.message)  # type: ignore[attr-defined]
    return results


@dataclass(frozen=True)
class PlainFile:
    """An answer as one Python file, for ``mtl-grade try``."""

    name: str
    source: str


def grade_file(exercise: Exercise, file: PlainFile, seed: bytes, warm: Zygote) -> ExerciseResult:
    """Grade one Python file for one exercise in the sandbox."""
    with Session(warm, [(file.name, file.source)], list(exercise.forbidden)) as session:
        session.load()
        result = run_checks(exercise, RemoteStudent(exercise, session), seed)
    return blame_cell(result, session.cell_errors.get(file.name, ""), "file")


def blame_cell(result: ExerciseResult, error: str, where: str = "cell") -> ExerciseResult:
    """Where the answer is missing because its cell stopped with an error, say that error."""
    if not error:
        return result
    checks = tuple(
        replace(check, summary=f"The {where} stops with {error}") if "is not defined" in check.summary else check
        for check in result.checks
    )
    return replace(result, checks=checks)
