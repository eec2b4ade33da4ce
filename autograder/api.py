"""What ``from autograder import ...`` offers to notebooks."""

from __future__ import annotations

import contextlib
import inspect
import itertools
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder import catalogue, exercises, last_tried, render, torch_loads
from autograder.authoring.solutions import solution_of
from autograder.exercises import Exercise, UnknownExercise, written
from autograder.judging.answers import LocalAnswer
from autograder.judging.examples import judge
from autograder.judging.runner import run_checks
from autograder.kernel import in_kernel, upgrade_said_first
from autograder.results import STUB_LEFT, Cause, ExerciseResult, WrongCall
from autograder.sections import at, cell_of, read_cells
from autograder.visible import clean

__all__ = ["Points", "check", "examples", "hints", "misconception_answers", "run", "solution_of", "variant"]


class Points(float):
    """The points of a check; as a cell's result it is also what plain nbgrader reads."""

    def _repr_html_(self) -> str:
        """What a learner sees below the result: a bare number there would be a riddle."""
        return f"<small>points: {self:g}</small>"


_NOTHING: Any = object()  # None may be somebody's answer
last_tried.watch()
_owners: dict[str, str] = {}  # by exercise, whose numbers this notebook has asked for


def check(exercise: Any = _NOTHING, *answers: Any, variant: str | None = None) -> Points:
    """Run every check of an exercise with the published seed, show the result, and give back the points.

    Parameters
    ----------
    exercise : str or function, optional
        Its name, for example ``"masked_mean"``; or the answer itself, where it is a function of that name. With
        nothing at all, every exercise is checked that this notebook has a check for.
    *answers : objects
        The function to check; for an exercise of plain variables, their values in order. In a notebook the answers to
        an exercise that is named alone are those that the notebook defines.
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
    WrongCall
        If the number of answers is not what the exercise asks for, or it cannot be known which exercise is meant.
    DoesNotLoad
        If PyTorch does not load; the message says why and what to do.
    """
    with upgrade_said_first(), torch_loads.told():
        if exercise is _NOTHING:
            return _check_all(variant)
        name, given = _meant(exercise, answers)
        _must_be_callable(catalogue.load(name), given)
        by_name_alone = isinstance(exercise, str) and not answers and in_kernel()
        result = _as_defined(name, given, variant) if by_name_alone else run(name, *given, variant=variant)
        about = render.Told(result, last_tried.said_first(catalogue.load(name).entries))
    words, link = reading(result)
    _display(render.as_html(result, words, link, about.notice), render.as_text(result, words, about.notice))
    if not about.missing:
        _announce(result, given, aside=bool(about.notice))  # of another version than the one on the screen
    return Points(result.score)


def _meant(exercise: Any, answers: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Which exercise a call of :func:`check` is about, and the answers to it."""
    if isinstance(exercise, str):
        return exercise, answers or _defined(catalogue.load(exercise))
    name = getattr(exercise, "__name__", "")
    if not callable(exercise) or not name.isidentifier():
        what = "this function" if callable(exercise) else _briefly(exercise)
        raise WrongCall(
            f"It cannot be known which exercise {what} is the answer to: write the exercise's name first, as in "
            'check("masked_mean", masked_mean).'
        )
    return _answered_by(name), (exercise, *answers)


def _must_be_callable(one: Exercise, given: tuple[Any, ...]) -> None:
    if not one.values and given and not callable(given[0]):
        raise WrongCall(
            f"`{one.entries[0]}` must be a function that is called as `{one.signature}`; got {_briefly(given[0])}."
        )


def _defined(one: Exercise) -> tuple[Any, ...]:
    """The answers to an exercise that this notebook defines, up to the first that it does not."""
    known = last_tried.names()
    return tuple(known[entry] for entry in itertools.takewhile(known.__contains__, one.entries))


def _answered_by(name: str) -> str:
    """The exercise whose answer is one function or class of this name."""
    with contextlib.suppress(UnknownExercise):
        if catalogue.load(name).entries == (name,):
            return name
    found = [one.id for one in exercises.all_exercises() if one.entries == (name,)]
    if not found:
        raise UnknownExercise(name)
    return found[0]


def _briefly(value: Any) -> str:
    text = clean(" ".join(repr(value).split()))
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"


def _check_all(variant: str | None) -> Points:
    """Check whatever this notebook has a check for, with the answers that it defines."""
    asked = last_tried.all_asked()
    if not asked:
        raise WrongCall(
            "check() checks every exercise of a notebook, and none was found here: name the one you mean, as in "
            'check("masked_mean", masked_mean).'
        )
    told: list[render.Told] = []
    unknown: list[str] = []
    answered: dict[str, tuple[Any, ...]] = {}
    for name in asked:
        try:
            one = _named(name)
        except UnknownExercise as error:
            unknown.append(str(error))
            continue
        if one.id in answered:
            continue
        answered[one.id] = _defined(one)
        result = _as_defined(one.id, answered[one.id], variant)
        told.append(render.Told(result, last_tried.said_first(one.entries)))
    several = render.Several(tuple(told), tuple(unknown))
    _display(several.as_html(reading), several.as_text(reading))
    for about in told:
        if not about.missing:
            aside = about is not several.first or bool(about.notice)
            _announce(about.result, answered[about.result.exercise], aside)
    return Points(sum(about.result.score for about in told))


def _named(name: str) -> Exercise:
    """The exercise of this name, or the one whose answer has it."""
    try:
        return catalogue.load(name)
    except UnknownExercise:
        return catalogue.load(_answered_by(name))


def _as_defined(name: str, given: tuple[Any, ...], variant: str | None) -> ExerciseResult:
    """The result of an exercise of which not every name need be defined."""
    one = _of(name, variant)
    result = run_checks(one, LocalAnswer(one, given))
    if len(given) == len(one.entries) or not last_tried.not_begun(one.entries[len(given)]):
        return result
    stubs = (replace(check, summary=STUB_LEFT, cause=Cause.NOT_STARTED) for check in result.checks)
    return replace(result, checks=tuple(stubs), question="")


def _of(name: str, variant: str | None) -> Exercise:
    return catalogue.load(name).for_student(_owners.get(name, "") if variant is None else variant)


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
    with upgrade_said_first(), torch_loads.told():
        report = judge(exercise, cases)
    _display(render.examples_as_html(report), render.examples_as_text(report))


def variant(exercise: str, student: str = "") -> None:
    """Show a question with the numbers of one student: a written one, or an exercise that is worked out by hand.

    Such an exercise is checked by these numbers from then on.

    Parameters
    ----------
    exercise : str
        Its name, for example ``"source_exercise_1"``; of a written question, ``"house_weight_log"``.
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
    text = _given(exercise, student)
    if in_kernel():
        from IPython.display import display

        display({"text/markdown": text, "text/plain": text}, raw=True)
    else:
        print(text)


def _given(exercise: str, student: str) -> str:
    question = written.questions().get(exercise)
    if question is not None:
        return question.statement(student)
    one = catalogue.load(exercise)
    if not one.published:
        raise WrongCall(f"`{exercise}` has no numbers of its own: it is the same for everybody.")
    _owners[exercise] = student
    return one.for_student(student).statement


def run(exercise: str, *answers: Any, variant: str | None = None) -> ExerciseResult:
    """Like :func:`check`, but give back the result without showing or saving anything."""
    one = _of(exercise, variant)
    if len(answers) != len(one.entries):
        wanted = f"check({exercise!r}, {', '.join(one.entries)})"
        raise WrongCall(f"`{exercise}` is checked with {wanted}; got {len(answers)} answer(s).")
    return run_checks(one, LocalAnswer(one, answers))


def hints(exercise: str, upto: int = 1) -> tuple[str, ...]:
    """The first ``upto`` hints of an exercise in words: where to look, the concept, the way if it is told in words."""
    return catalogue.load(exercise).hints[: max(1, upto)]


def misconception_answers(exercise: str) -> dict[str, Callable[..., Any]]:
    """The wrong answers that an exercise knows, by id; quick tests compute their distractors with them."""
    return {name: wrong.function for name, wrong in catalogue.load(exercise).misconceptions.items()}


def _display(page: str, text: str) -> None:
    if in_kernel():
        from IPython.display import display

        display({"text/html": page, "text/plain": text}, raw=True)
    else:
        print(text)


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


def _announce(result: ExerciseResult, answers: Sequence[Any], aside: bool) -> None:
    """Tell every listener; saving progress must never spoil a check, so what fails there is only mentioned.

    What is told aside is to be saved, and nothing is to be offered after it. The answers themselves are for a listener
    that asks for them.
    """
    how = {"quietly": True} if aside else {}
    for point in metadata.entry_points(group="mtl_teach.listeners"):
        try:
            listener = point.load()
            themselves = {"answers": answers} if "answers" in inspect.signature(listener).parameters else {}
            listener(result, [_source_of(answer) for answer in answers], **how, **themselves)
        except Exception as error:
            print(f"(Your progress was not saved: {type(error).__name__}: {error})")


def _source_of(answer: Any) -> str:
    try:
        return inspect.getsource(answer)
    except (TypeError, OSError):
        return repr(answer)[:2000]
