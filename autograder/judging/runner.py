"""Runs the checks of an exercise on an answer."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder import words
from autograder.engine.outcome import AnswerError
from autograder.exercises import Exercise
from autograder.judging.diagnosis import behaviour, diagnose
from autograder.judging.fingerprint import fingerprint_of
from autograder.judging.recording import Recorder, Recording
from autograder.judging.smallest import smallest
from autograder.results import STUB_LEFT, Cause, CheckResult, ExerciseResult, Verdict
from autograder.testing import Answer, Check, CheckFailure, NotStarted
from autograder.visible import clean

PUBLISHED_SEED = b"published"
CHECK_FAILED = "The check itself failed{}; this is not your fault and is marked for review."
WRONG = (Verdict.FAILED, Verdict.STUDENT_ERROR)
QUOTES = re.compile(r"[2-9]|\d[\d.]*\d")  # a number that a message may have of the input of which it speaks
# Python's words for a call that does not fit a function; after a line of the answer it is a call in there
_OUR_CALL = re.compile(r"(?!.*\(line \d).*(positional|keyword) argument", re.DOTALL)
MAX_BESIDE_AN_ERROR = 200  # characters of all inputs together, and none left out
SAID_WITHOUT_INPUTS = (Cause.NOT_STARTED, Cause.MISSING, Cause.TIMEOUT)  # in words of ours: nothing is tried again


def rng_for(seed: bytes, exercise: str, check: str) -> np.random.Generator:
    """The random numbers of one check: the same for the same seed, unguessable without it."""
    digest = hmac.digest(seed, f"{exercise}/{check}".encode(), hashlib.sha256)
    return np.random.default_rng(int.from_bytes(digest))


@dataclass(frozen=True)
class Marks:
    """What the checks of an exercise say for one seed.

    Attributes
    ----------
    checks : tuple of CheckResult
        For a secret seed a verdict, a cause and points; no word of an answer's or a check's, and no number.
    final : bool
        True where nothing has to be tried again with the published seed to be put in words.
    timed_out : bool
        True where the answer did not answer in time: whatever else it is asked would take as long.
    recorded : dict of str to Recording
        For each check that failed with the published seed, what it asked. Of a secret seed nothing is kept.
    failures : dict of str to CheckFailure
        For each check that failed with the published seed, how: to look for a smaller input.
    """

    checks: tuple[CheckResult, ...]
    final: bool
    timed_out: bool
    recorded: Mapping[str, Recording] = field(default_factory=dict)
    failures: Mapping[str, CheckFailure] = field(default_factory=dict)


def run_checks(exercise: Exercise, student: Answer, seed: bytes = PUBLISHED_SEED) -> ExerciseResult:
    """Run every check of an exercise on an answer, and say what came of it.

    Parameters
    ----------
    exercise : Exercise
    student : Answer
        The answer, on either backend.
    seed : bytes
        Published for practice, secret for marks. With a secret seed a failed check is run again with the
        published one on the same code begun anew, and what is shown comes from there.

    Returns
    -------
    ExerciseResult
    """
    marks = mark(exercise, student, seed)
    if not marks.final:
        student.renew()
    return explain(exercise, student, marks)


def mark(exercise: Exercise, student: Answer, seed: bytes) -> Marks:
    """Run every check of an exercise on an answer; of a secret seed's run only verdicts are kept."""
    done: dict[str, CheckResult] = {}
    recorder = Recorder(student)  # of which a secret seed makes no use
    for check in _order(exercise.checks, seed):
        done[check.id] = _run_one(exercise, check, recorder if seed == PUBLISHED_SEED else student, seed, done)
    results = tuple(done[check.id] for check in exercise.checks)
    final = seed == PUBLISHED_SEED or not any(map(_has_to_be_shown, results))
    return Marks(results, final, getattr(student, "timeouts", 0) > 0, recorder.recorded, recorder.failures)


def explain(exercise: Exercise, student: Answer, marks: Marks) -> ExerciseResult:
    """Put marks in words: what is shown of a failure comes from the published seed.

    Whoever graded with a secret seed renews the answer first, so that it cannot tell what it saw.
    """
    results, recorded, failures = list(marks.checks), marks.recorded, marks.failures
    if not marks.final:
        recorder = Recorder(student)
        results = [
            _shown(exercise, check, recorder, result) if _has_to_be_shown(result) else result
            for check, result in zip(exercise.checks, results)
        ]
        recorded, failures = recorder.recorded, recorder.failures
    wrong = [result for result in results if result.verdict in WRONG]
    timed_out = marks.timed_out or getattr(student, "timeouts", 0) > 0  # its probes would loop as well
    fingerprint = ""
    if wrong and not timed_out and wrong[0].cause not in (Cause.NOT_STARTED, Cause.MISSING):
        results, fingerprint = _diagnosed(exercise, student, results, recorded)
        results = _with_smallest(exercise, student, results, failures)
    named = any(result.misconception for result in results)
    question = exercise.questions.get(wrong[0].id, "") if wrong and not named else ""
    return ExerciseResult(exercise.id, exercise.title, exercise.lesson, tuple(results), question, fingerprint)


def _has_to_be_shown(result: CheckResult) -> bool:
    return result.verdict in WRONG and result.cause not in SAID_WITHOUT_INPUTS


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
    exercise: Exercise,
    check: Check,
    student: Answer,
    seed: bytes,
    done: dict[str, CheckResult],
) -> CheckResult:
    blank = CheckResult(check.id, Verdict.SKIPPED, 0.0, check.points, check.sentence)
    for needed in check.depends:
        if done[needed].verdict is not Verdict.PASSED:
            first = done[needed].sentence.rstrip(".")
            return replace(blank, summary=f"Fix this first: {first}.", cause=Cause.DEPENDS)
    if isinstance(student, Recorder):
        return _attempt(exercise, check, student, blank)
    return _verdict(exercise, check, student, seed, blank)


def _shown(exercise: Exercise, check: Check, student: Recorder, result: CheckResult) -> CheckResult:
    """A failure on secret inputs as the published ones show it."""
    blank = CheckResult(check.id, Verdict.SKIPPED, 0.0, check.points, check.sentence)
    shown = _attempt(exercise, check, student, blank)
    if shown.verdict is result.verdict:
        return shown
    student.forget(check)  # another failure than the one that cost the points
    return _only_on_others(blank, result)


def _only_on_others(blank: CheckResult, result: CheckResult) -> CheckResult:
    """What went wrong with secret inputs alone: how, and nothing that the answer or a check says about them."""
    how = "Right on the practice inputs, wrong on others"
    if result.verdict is Verdict.STUDENT_ERROR:
        how = "On others than the practice inputs your code stops with an error"
    summary = f"{how}: does it rely on particular numbers, shapes or orders?"
    return replace(blank, verdict=result.verdict, summary=summary, cause=result.cause)


def _verdict(exercise: Exercise, check: Check, student: Answer, seed: bytes, blank: CheckResult) -> CheckResult:
    """What a check says with a secret seed: how it ended, in words of ours where it needs any."""
    try:
        check.function(student, rng_for(seed, exercise.id, check.id))
    except NotStarted as failure:
        return replace(blank, verdict=Verdict.FAILED, summary=failure.summary, cause=Cause.NOT_STARTED)
    except AssertionError:
        return replace(blank, verdict=Verdict.FAILED, cause=Cause.WRONG)
    except AnswerError as error:
        summary = _explain(exercise, error) if _cause(error) in SAID_WITHOUT_INPUTS else ""
        return replace(blank, verdict=Verdict.STUDENT_ERROR, summary=summary, cause=_cause(error))
    except Exception:
        return replace(blank, verdict=Verdict.GRADER_ERROR, summary=CHECK_FAILED.format(""), cause=Cause.GRADER)
    return replace(blank, verdict=Verdict.PASSED, points=check.points)


def _attempt(exercise: Exercise, check: Check, student: Recorder, blank: CheckResult) -> CheckResult:
    """What a check says with the published seed: all of it, since all of it may be shown."""
    try:
        student.noting(check).function(student, rng_for(PUBLISHED_SEED, exercise.id, check.id))
    except CheckFailure as failure:
        return _told(blank, failure)
    except AssertionError as failure:
        return replace(blank, verdict=Verdict.FAILED, summary=clean(str(failure)) or check.sentence, cause=Cause.WRONG)
    except AnswerError as error:
        return _told_error(exercise, blank, error)
    except Exception as error:
        return replace(
            blank,
            verdict=Verdict.GRADER_ERROR,
            summary=clean(CHECK_FAILED.format(f" ({type(error).__name__}: {error})")),
            cause=Cause.GRADER,
        )
    return replace(blank, verdict=Verdict.PASSED, points=check.points)


def _told(blank: CheckResult, failure: CheckFailure) -> CheckResult:
    """A failure in words: what was expected and what came back as texts that differ where they do."""
    expected, got = "", words.text_of(failure.got) if failure.got is not None else ""
    if failure.expected is not None:
        expected, got = words.telling(failure.expected, failure.got, failure.wrong)
    return replace(
        blank,
        verdict=Verdict.FAILED,
        summary=clean(failure.summary),
        inputs=_inputs(failure.inputs),
        expected=expected,
        got=got,
        difference=failure.difference,
        cause=Cause.NOT_STARTED if isinstance(failure, NotStarted) else Cause.WRONG,
    )


def _told_error(exercise: Exercise, blank: CheckResult, error: AnswerError) -> CheckResult:
    """An error in words, and the input on which it came where that is small enough to help."""
    cause = _cause(error)
    inputs = _inputs(error.inputs) if cause is Cause.RAISED else None
    text = "".join((inputs or {}).values())
    if len(text) > MAX_BESIDE_AN_ERROR or "..." in text or "…" in text:
        inputs = None
    return replace(blank, verdict=Verdict.STUDENT_ERROR, summary=_explain(exercise, error), inputs=inputs, cause=cause)


def _inputs(inputs: dict[str, Any] | None) -> dict[str, str] | None:
    return {name: words.text_of(value) for name, value in (inputs or {}).items()} or None


def _with_smallest(
    exercise: Exercise, student: Answer, results: list[CheckResult], failures: Mapping[str, CheckFailure]
) -> list[CheckResult]:
    """The first failure on the smallest input on which it shows.

    It is looked for when all else is known of the answer: what it does with our questions then changes nothing.
    """
    at = next(place for place, result in enumerate(results) if result.verdict in WRONG)
    failure = failures.get(results[at].id)
    if (
        failure is None
        or QUOTES.search(results[at].message)
        or (found := smallest(exercise, student, failure)) is failure
    ):
        return results
    return [*results[:at], _told(results[at], found), *results[at + 1 :]]


CAUSES = {
    "NotImplementedError": Cause.NOT_STARTED,
    "Missing": Cause.MISSING,
    "Timeout": Cause.TIMEOUT,
    "Exit": Cause.ENDED,
    "Other": Cause.ENDED,
}


def _cause(error: AnswerError) -> Cause:
    return CAUSES.get(error.tag, Cause.RAISED)


def _explain(exercise: Exercise, error: AnswerError) -> str:
    if error.tag == "NotImplementedError":
        return STUB_LEFT
    said = clean(error.message)
    if error.tag == "Missing":
        missing = next((name for name in exercise.entries if f"`{name}`" in said), exercise.entries[0])
        return f"`{missing}` is not defined: the answer must define `{exercise.signature}`."
    if error.tag == "Timeout":
        return f"Stopped: {said}"
    if error.tag in ("Exit", "Other"):
        return f"Your code failed: {said}"
    if error.tag == "TypeError" and _OUR_CALL.match(said):
        return f"Your code raised TypeError: {said}. It is called as `{exercise.signature}`."
    return f"Your code raised {error.tag}: {said}" if said else f"Your code raised {error.tag}"


def _diagnosed(
    exercise: Exercise, student: Answer, results: list[CheckResult], recorded: Mapping[str, Recording]
) -> tuple[list[CheckResult], str]:
    """Results with the names of known misconceptions, and the fingerprint of what an answer does."""
    failing = {result.id: recorded.get(result.id, ()) for result in results if result.verdict in WRONG}
    passed_some = any(result.verdict is Verdict.PASSED for result in results)
    try:
        seen = behaviour(exercise, student)
        found = {one.check: one for one in diagnose(exercise, seen, failing, passed_some)}
        says_something = any(result.cause in (Cause.WRONG, Cause.RAISED) for result in results)
        fingerprint = fingerprint_of(seen) if says_something else ""
    except Exception:  # a diagnosis is a courtesy: where it fails, the plain message stands
        return results, ""
    named = [
        replace(result, misconception=found[result.id].misconception, message=found[result.id].message)
        if result.id in found
        else result
        for result in results
    ]
    return named, fingerprint


def blame_cell(result: ExerciseResult, error: str, where: str = "cell") -> ExerciseResult:
    """Where the answer is missing because its cell stopped with an error, say that error.

    A cell of plain variables that is as it was released stops so too: its answer is not begun.
    """
    if not error:
        return result
    error = clean(error)
    why: dict[str, Any] = {"summary": f"The {where} stops with {error}"}
    if error.startswith(f"NotImplementedError: {result.exercise} is not written yet"):
        why = {"summary": STUB_LEFT, "cause": Cause.NOT_STARTED}
    checks = tuple(replace(check, **why) if check.cause is Cause.MISSING else check for check in result.checks)
    return replace(result, checks=checks)
