"""Run inside Pyodide: every exercise that needs no PyTorch, with its right and wrong answers, judged there.

:func:`complaints` says what a learner would be told wrongly. Right answers that need a library are asked where it is
loaded; wrong ones are asked by the first of their family, as in the sandbox. A smaller input is looked for once an
exercise, since it changes no verdict.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator

from autograder import exercises
from autograder.authoring.solutions import solution_of
from autograder.judging import runner
from autograder.judging.answers import LocalAnswer
from autograder.judging.smallest import SLOW_TO_IMPORT, libraries_of, smallest
from autograder.render import as_text


def complaints(names: list[str]) -> list[str]:
    """What is judged otherwise than on a computer, one sentence each; nothing where all is well."""
    warnings.simplefilter("ignore")
    return [said for name in names for said in _about(exercises.load(name))]


def on_plain_numpy() -> list[str]:
    """The exercises whose right and wrong answers can be loaded without PyTorch."""
    assert "torch" not in sys.modules
    return [name for name in exercises.all_ids() if _loads(exercises.load(name))]


def libraries_that_are_there() -> set[str]:
    """The large libraries that were imported."""
    return set(SLOW_TO_IMPORT) & sys.modules.keys()


def rejected_with_libraries() -> list[str]:
    """What is said of right answers that need a library which is there, one sentence each; nothing where all pass."""
    return [
        said
        for exercise in map(exercises.load, on_plain_numpy())
        for name, right in exercise.alternatives.items()
        if libraries_of(right) and libraries_of(right) <= libraries_that_are_there()
        for said in _rejected(exercise, f"the right answer {name}", LocalAnswer.of(exercise, right))
    ]


def _loads(exercise: exercises.Exercise) -> bool:
    try:
        return bool(exercise.misconceptions and exercise.alternatives)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        return False


def _about(exercise: exercises.Exercise) -> Iterator[str]:
    runner.smallest = smallest
    for name, right in exercise.alternatives.items():
        if libraries_of(right) <= libraries_that_are_there():
            yield from _rejected(exercise, f"the right answer {name}", LocalAnswer.of(exercise, right))
    if not exercise.values:
        yield from _rejected(exercise, "the solution", LocalAnswer(exercise, (_solution(exercise),)))
    for name, wrong in exercise.misconceptions.items():
        result = runner.run_checks(exercise, LocalAnswer.of(exercise, wrong.members[0]))
        caught = next(check for check in result.checks if check.id == wrong.members[0].caught_by)
        if (result.misconceptions, caught.misconception) != ((name,), name) or result.needs_review:
            yield f"{exercise.id}: {name} is called {result.misconceptions}\n{as_text(result)}"
        runner.smallest = lambda exercise, student, failure: failure


def _rejected(exercise: exercises.Exercise, what: str, student: LocalAnswer) -> Iterator[str]:
    result = runner.run_checks(exercise, student)
    if not result.passed or result.score != exercise.max_score:
        yield f"{exercise.id}: {what} does not pass\n{as_text(result)}"


def _solution(exercise: exercises.Exercise) -> Callable:
    names: dict = {}
    exec(f"import math\nimport numpy as np\n{solution_of(exercise.id)}", names)
    return names[exercise.entries[0]]
