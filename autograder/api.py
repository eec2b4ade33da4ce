"""What ``from autograder import ...`` offers to notebooks."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder import catalogue, render
from autograder.authoring.solutions import solution_of
from autograder.judging.answers import LocalAnswer
from autograder.judging.examples import judge
from autograder.judging.runner import run_checks
from autograder.kernel import in_kernel, upgrade_said_first
from autograder.results import ExerciseResult
from autograder.sections import at, cell_of, read_cells

__all__ = ["Points", "check", "examples", "hints", "misconception_answers", "run", "solution_of", "variant"]


class Points(float):
    """The points of a check; as a cell's result it is also what plain nbgrader reads."""

    def _repr_html_(self) -> str:
        """What a learner sees below the result: a bare number there would be a riddle."""
        return f"<small>points: {self:g}</small>"


_owners: dict[str, str] = {}  # by exercise, whose numbers this notebook has asked for


def check(exercise: str, *answers: Any, variant: str | None = None) -> Points:
    """Run every check of an exercise with the published seed, show the result, and give back the points.

    Parameters
    ----------
    exercise : str
        Its name, for example ``"masked_mean"``.
    *answers : objects
        The function to check; for an exercise of plain variables, their values in order.
    variant : str, optional
        Whose numbers an exercise has that is worked out by hand; by default those that :func:`variant` was asked for
        last, else the published ones.

    Returns
    -------
    Points
        A float.

    Raises
    ------
    UnknownExercise
        If there is no such exercise; the message suggests the nearest name.
    TypeError
        If the number of answers is not what the exercise asks for.
    """
    with upgrade_said_first():
        result = run(exercise, *answers, variant=variant)
    _show(result)
    _announce(result, answers)
    return Points(result.score)


def examples(exercise: str, cases: Sequence[Any] = ()) -> None:
    """Say whether examples agree with the right answers, and how many common mistakes they would let through.

    Neither the right nor the wrong answers are shown. Nothing is graded.

    Parameters
    ----------
    exercise : str
        Its name, for example ``"masked_mean"``.
    cases : sequence of ((argument, ...), expected)
        Arguments may be lists, arrays or tensors. ``expected`` is a number (three digits are enough), an array, a
        tensor, a sequence or dictionary of these, or an exception class.

    Raises
    ------
    UnknownExercise
        If there is no such exercise; the message suggests the nearest name.
    TypeError
        If `cases` is not a list of examples, or the exercise asks for plain variables.

    Examples
    --------
    >>> examples("latency_objective", [((0.5, 30.0, 20.0, 0.01), 0.6)])
    A loss with a latency penalty: 1 of 1 examples agrees with the right answers
      ✓ example 1 agrees: The right answers say so, too.
      Your example would let ... of ... common mistakes through, ...
    """
    with upgrade_said_first():
        report = judge(exercise, cases)
    if in_kernel():
        from IPython.display import display

        display({"text/html": render.examples_as_html(report), "text/plain": render.examples_as_text(report)}, raw=True)
    else:
        print(render.examples_as_text(report))


def variant(exercise: str, student: str = "") -> None:
    """Show an exercise that is worked out by hand with the numbers of one student; from then on it is checked by them.

    Parameters
    ----------
    exercise : str
        Its name, for example ``"source_exercise_1"``.
    student : str
        The student's id in the course; empty for the published numbers.

    Raises
    ------
    UnknownExercise
        If there is no such exercise; the message suggests the nearest name.
    TypeError
        If the exercise has no numbers that could be personal.

    Examples
    --------
    >>> variant("source_exercise_2")
    A classifier must answer within 50 ms. ...
    """
    one = catalogue.load(exercise)
    if not one.published:
        raise TypeError(f"`{exercise}` has no numbers of its own: it is the same for everybody.")
    _owners[exercise] = student
    text = one.for_student(student).statement
    if in_kernel():
        from IPython.display import display

        display({"text/markdown": text, "text/plain": text}, raw=True)
    else:
        print(text)


def run(exercise: str, *answers: Any, variant: str | None = None) -> ExerciseResult:
    """Like :func:`check`, but give back the result without showing or saving anything."""
    one = catalogue.load(exercise).for_student(_owners.get(exercise, "") if variant is None else variant)
    if len(answers) != len(one.entries):
        wanted = f"check({exercise!r}, {', '.join(one.entries)})"
        raise TypeError(f"`{exercise}` is checked with {wanted}; got {len(answers)} answer(s).")
    return run_checks(one, LocalAnswer(one, answers))


def hints(exercise: str, upto: int = 1) -> tuple[str, ...]:
    """The first ``upto`` hints of an exercise: a nudge, the concept, pseudo-code."""
    return catalogue.load(exercise).hints[: max(1, upto)]


def misconception_answers(exercise: str) -> dict[str, Callable[..., Any]]:
    """The wrong answers that an exercise knows, by id; quick tests compute their distractors with them."""
    return {name: wrong.function for name, wrong in catalogue.load(exercise).misconceptions.items()}


def _show(result: ExerciseResult) -> None:
    words, link = reading(result)
    if in_kernel():
        from IPython.display import display

        bundle = {"text/html": render.as_html(result, words, link), "text/plain": render.as_text(result, words)}
        display(bundle, raw=True)
    else:
        print(render.as_text(result, words))


def reading(result: ExerciseResult) -> tuple[str, str]:
    """The part of the lesson that explains an exercise, in words and as a link from the current folder.

    The link is empty where the lesson's notebook does not lie in this folder or one above it.
    """
    section = catalogue.load(result.exercise).section
    words = f"lesson {result.lesson[:2]}, “{section}”" if section else f"lesson {result.lesson[:2]}"
    here = Path.cwd()
    for folder in (here, *here.parents):
        lesson = folder / "lessons" / f"{result.lesson}.ipynb"
        if lesson.is_file():
            path = Path(os.path.relpath(lesson, here)).as_posix()
            return words, at(path, cell_of(read_cells(lesson), section))
    return words, ""


def _announce(result: ExerciseResult, answers: Sequence[Any]) -> None:
    """Tell every listener; saving progress must never spoil a check, so what fails there is only mentioned."""
    for point in metadata.entry_points(group="mtl_teach.listeners"):
        try:
            point.load()(result, [_source_of(answer) for answer in answers])
        except Exception as error:
            print(f"(Your progress was not saved: {type(error).__name__}: {error})")


def _source_of(answer: Any) -> str:
    try:
        return inspect.getsource(answer)
    except (TypeError, OSError):
        return repr(answer)[:2000]
