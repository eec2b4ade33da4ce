"""One Python file for one exercise, graded as a submission is."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.engine.libraries import named_in
from autograder.engine.sandbox import Sandbox
from autograder.engine.session import Session
from autograder.exercises import Exercise
from autograder.judging.answers import RemoteAnswer
from autograder.judging.runner import blame_cell, run_checks
from autograder.results import ExerciseResult


@dataclass(frozen=True)
class PlainFile:
    """An answer as one Python file, for ``mtl-grade try``."""

    name: str
    source: str


def grade_file(exercise: Exercise, file: PlainFile, seed: bytes, sandbox: Sandbox) -> ExerciseResult:
    """Grade one Python file for one exercise in the sandbox."""
    return grade_file_and_say(exercise, file, seed, sandbox)[0]


def grade_file_and_say(
    exercise: Exercise, file: PlainFile, seed: bytes, sandbox: Sandbox
) -> tuple[ExerciseResult, str]:
    """The same, and the error with which the file itself stops; empty where it does not."""
    sandbox.warm(named_in([exercise.code(), file.source]))
    with Session(sandbox, [(file.name, file.source)], list(exercise.forbidden)) as session:
        session.load()
        result = run_checks(exercise, RemoteAnswer(exercise, session), seed)
    error = session.cell_errors.get(file.name, "")
    return blame_cell(result, error, "file"), error
