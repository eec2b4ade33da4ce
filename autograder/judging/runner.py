"""Runs the checks of an exercise on an answer."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import numpy as np

from autograder import words
from autograder.engine.outcome import AnswerError
from autograder.exercises import Exercise
from autograder.judging.diagnosis import diagnose
from autograder.results import STUB_LEFT, Cause, CheckResult, ExerciseResult, Verdict
from autograder.testing import Answer, Check, CheckFailure, NotStarted

PUBLISHED_SEED = b"published"
CHECK_FAILED = "The check itself failed{}; this is not your fault and is marked for review."
SAID_WITHOUT_INPUTS = (Cause.NOT_STARTED, Cause.TIMEOUT)  # in words of ours, so that nothing has to be tried again


def rng_for(seed: bytes, exercise: str, check: str) -> np.random.Generator:
    """The random numbers of one check: the same for the same seed, unguessable without it."""
    digest = hmac.digest(seed, f"{exercise}/{check}".encode(), hashlib.sha256)
    return np.random.default_rng(int.from_bytes(digest))


def run_checks(exercise: Exercise, student: Answer, seed: bytes = PUBLISHED_SEED) -> ExerciseResult:
    """Run every check of an exercise on an answer.

    Parameters
    ----------
    exercise : Exercise
    student : Answer
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
    if wrong and not timed_out and wrong[0].cause is not Cause.NOT_STARTED:
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
    exercise: Exercise, check: Check, student: Answer, seed: bytes, done: dict[str, CheckResult]
) -> CheckResult:
    blank = CheckResult(check.id, Verdict.SKIPPED, 0.0, check.points, check.sentence)
    for needed in check.depends:
        if done[needed].verdict is not Verdict.PASSED:
            first = done[needed].sentence.rstrip(".")
            return replace(blank, summary=f"Fix this first: {first}.", cause=Cause.DEPENDS)
    result = _attempt(exercise, check, student, seed, blank)
    if seed == PUBLISHED_SEED or result.verdict is Verdict.PASSED or result.cause in SAID_WITHOUT_INPUTS:
        return result
    if result.verdict is Verdict.GRADER_ERROR:
        return replace(blank, verdict=result.verdict, summary=CHECK_FAILED.format(""), cause=result.cause)
    shown = _attempt(exercise, check, student, PUBLISHED_SEED, blank)
    return shown if shown.verdict is result.verdict else _only_on_others(blank, result)


def _only_on_others(blank: CheckResult, result: CheckResult) -> CheckResult:
    """What went wrong with secret inputs alone: how, and nothing that the answer or a check says about them."""
    how = "Right on the practice inputs, wrong on others"
    if result.verdict is Verdict.STUDENT_ERROR:
        how = "On others than the practice inputs your code stops with an error"
    summary = f"{how}: does it rely on particular numbers, shapes or orders?"
    return replace(blank, verdict=result.verdict, summary=summary, cause=result.cause)


def _attempt(exercise: Exercise, check: Check, student: Answer, seed: bytes, blank: CheckResult) -> CheckResult:
    try:
        check.function(student, rng_for(seed, exercise.id, check.id))
    except CheckFailure as failure:
        return replace(
            blank,
            verdict=Verdict.FAILED,
            summary=failure.summary,
            inputs={name: words.text_of(value) for name, value in (failure.inputs or {}).items()} or None,
            expected=words.text_of(failure.expected) if failure.expected is not None else "",
            got=words.text_of(failure.got) if failure.got is not None or failure.expected is not None else "",
            difference=failure.difference,
            cause=Cause.NOT_STARTED if isinstance(failure, NotStarted) else Cause.WRONG,
        )
    except AssertionError as failure:
        return replace(blank, verdict=Verdict.FAILED, summary=str(failure) or check.sentence, cause=Cause.WRONG)
    except AnswerError as error:
        return replace(blank, verdict=Verdict.STUDENT_ERROR, summary=_explain(exercise, error), cause=_cause(error))
    except Exception as error:
        return replace(
            blank,
            verdict=Verdict.GRADER_ERROR,
            summary=CHECK_FAILED.format(f" ({type(error).__name__}: {error})"),
            cause=Cause.GRADER,
        )
    return replace(blank, verdict=Verdict.PASSED, points=check.points)


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
    if error.tag == "Missing":
        return f"{error.message.capitalize()}: the answer must define `{exercise.signature}`."
    if error.tag == "Timeout":
        return f"Stopped: {error.message}"
    return f"Your code raised {error}" if error.tag not in ("Exit", "Other") else f"Your code failed: {error.message}"


def _name_misconception(exercise: Exercise, student: Answer, results: list[CheckResult]) -> list[CheckResult]:
    try:
        found = diagnose(exercise, student)
    except Exception:  # a diagnosis is a courtesy: where it fails, the plain message stands
        return results
    if found is None:
        return results
    name, wrong = found
    failing = [i for i, result in enumerate(results) if result.verdict in (Verdict.FAILED, Verdict.STUDENT_ERROR)]
    at = next((i for i in failing if results[i].id == wrong.caught_by), failing[0])
    results[at] = replace(results[at], misconception=name, message=wrong.message)
    return results


def blame_cell(result: ExerciseResult, error: str, where: str = "cell") -> ExerciseResult:
    """Where the answer is missing because its cell stopped with an error, say that error."""
    if not error:
        return result
    checks = tuple(
        replace(check, summary=f"The {where} stops with {error}") if check.cause is Cause.MISSING else check
        for check in result.checks
    )
    return replace(result, checks=checks)
