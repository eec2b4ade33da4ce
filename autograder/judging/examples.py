"""Examples before code: do a learner's examples agree with the right answers, and which mistakes would they catch?

The idea is Examplar's: an example is *right* if every known right answer gives what it expects, and a set of examples
is *telling* if the known wrong answers do not. Only counts are shown, never an answer. It differs from Examplar in two
ways: mistakes that no example of values could show (a lost gradient, an input overwritten) are not counted, and those
that misunderstand the idea are counted apart.

References
----------
Wrenn & Krishnamurthi, Executable examples for programming problem comprehension, ICER 2019.
Prasad, Greenman, Nelson & Krishnamurthi, Conceptual mutation testing for student programming misconceptions,
The Art, Science, and Engineering of Programming 8(2), 2024.
"""

from __future__ import annotations

import builtins
import functools
import importlib.util
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder import catalogue, exercises
from autograder.engine.inside import channel, worker
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import run_checks
from autograder.judging.smallest import libraries_of
from autograder.results import Agreement, ExamplesReport, ExampleVerdict, WrongCall
from autograder.testing import CheckFailure, Misconception, Probe, close_entries, largest_finite, to_array

ROUNDING = 2e-3  # three digits of an expected number are enough
NEARLY = 2e-2  # so close that rounding is the likely reason


def judge(exercise: str, cases: Sequence[Any]) -> ExamplesReport:
    """Compare examples with the right and the wrong answers of an exercise.

    Parameters
    ----------
    exercise : str
        Its name, for example ``"masked_mean"``.
    cases : sequence of ((argument, ...), expected)
        ``expected`` is a number, an array, a tensor, a sequence or dictionary of these, or an exception class.

    Returns
    -------
    ExamplesReport

    Raises
    ------
    UnknownExercise
        If there is no such exercise; the message suggests the nearest name.
    TypeError
        If `cases` is not a list of examples, or the exercise asks for plain variables.
    """
    one = catalogue.load(exercise)
    if one.values:
        raise WrongCall(f"`{exercise}` asks for numbers, not for a function: there is nothing to give examples of.")
    if not isinstance(cases, (list, tuple)):
        raise WrongCall(f"`cases` must be a list of examples; got {type(cases).__name__}.")
    verdicts, agreeing = [], []
    for case in cases:
        verdict, call = _judge_one(one, case)
        verdicts.append(verdict)
        if call is not None:
            agreeing.append(call)
    visible = _visible(exercise)
    missed = [wrong for wrong in visible if not _all_told_apart(one, wrong, agreeing)]
    return ExamplesReport(
        exercise=one.id,
        title=one.title,
        signature=one.signature,
        pair=_pair(one),
        examples=tuple(verdicts),
        mistakes=len(visible),
        conceptual=sum(wrong.conceptual for wrong in visible),
        let_through=len(missed),
        conceptual_let_through=sum(wrong.conceptual for wrong in missed),
    )


def _judge_one(one: exercises.Exercise, case: Any) -> tuple[ExampleVerdict, tuple[tuple[Any, ...], Any] | None]:
    """The verdict on one example; for one that agrees also its (arguments, expected)."""
    shape = _pair(one)
    if not isinstance(case, (tuple, list)) or len(case) != 2:
        return ExampleVerdict(Agreement.MALFORMED, f"An example is a pair: {shape}."), None
    args, expected = case
    right = [known.function for known in one.alternatives.values() if all(map(_is_there, libraries_of(known)))]
    several = isinstance(args, tuple) or (isinstance(args, list) and len(args) > 1)
    args = tuple(args) if several and _takes(right[0], args) else (args,)
    if not _takes(right[0], args):
        text = f"The arguments do not fit `{one.signature}`; an example is a pair: {shape}."
        return ExampleVerdict(Agreement.MALFORMED, text), None
    args = _as_the_checks_send_them(one, args)
    outcomes = [_outcome(one, answer, args) for answer in right]
    if isinstance(outcomes[0], AnswerError) and not _is_error_class(expected):
        text = (
            f"Right answers stop with {outcomes[0].tag} here. If the exercise asks for that, expect the class "
            f"{outcomes[0].tag}; if not, the input lies outside of what it describes."
        )
        return ExampleVerdict(Agreement.UNCLEAR, text), None
    if not all(_same(outcome, outcomes[0]) for outcome in outcomes):
        text = "Right answers disagree here: the exercise does not say what should happen for such an input."
        return ExampleVerdict(Agreement.UNCLEAR, text), None
    if all(agrees(expected, outcome) for outcome in outcomes):
        return ExampleVerdict(Agreement.AGREES, "The right answers say so, too."), (args, expected)
    return ExampleVerdict(Agreement.DISAGREES, _disagreement(expected, outcomes[0])), None


def _is_there(library: str) -> bool:
    return importlib.util.find_spec(library) is not None


def _disagreement(expected: Any, outcome: Any) -> str:
    """Say in what way an example is wrong, without giving the value away."""
    if _is_error_class(expected):
        return "The right answers raise no such error here. Which input should they refuse?"
    if agrees(expected, outcome, NEARLY):
        return "Close, but not equal: give an expected number with at least three digits."
    wanted, given = _shape(outcome), _shape(expected)
    if wanted != given:
        return f"Something of shape {given} is expected, where the right answers give {wanted}."
    return "The right answers give something else. Work this input through by hand, with the description beside you."


def _shape(value: Any) -> str:
    try:
        return str(to_array(channel.as_data(value)).shape)
    except CheckFailure:
        return type(value).__name__


# ---- comparing -------------------------------------------------------------------------------------------------


def agrees(expected: Any, outcome: Any, rounding: float = ROUNDING) -> bool:
    """True where an outcome is what was expected, up to rounding.

    >>> agrees(0.667, 2 / 3), agrees([1.0, 2.0], np.array([1.0, 2.0])), agrees(0.5, 0.6)
    (True, True, False)
    >>> agrees(LookupError, AnswerError("KeyError"))
    True
    """
    if _is_error_class(expected):
        raised = getattr(builtins, outcome.tag, None) if isinstance(outcome, AnswerError) else None
        return isinstance(raised, type) and issubclass(raised, expected)
    if isinstance(outcome, AnswerError):
        return False
    expected, outcome = channel.as_data(expected), channel.as_data(outcome)
    if isinstance(expected, dict) or isinstance(outcome, dict):
        return _same_keys(expected, outcome) and all(agrees(expected[key], outcome[key], rounding) for key in expected)
    if expected is None or outcome is None:
        return expected is None and outcome is None
    try:
        a, b = to_array(expected).astype(float), to_array(outcome).astype(float)
    except CheckFailure:  # ragged, such as a scalar beside a vector: compare part by part
        both = isinstance(expected, (list, tuple)) and isinstance(outcome, (list, tuple))
        return (
            both
            and len(expected) == len(outcome)
            and all(agrees(one, other, rounding) for one, other in zip(expected, outcome))
        )
    if a.shape != b.shape:
        return False
    return bool(close_entries(a, b, rounding, 1e-6 * max(largest_finite(b), 1e-3)).all())


def _same(outcome: Any, other: Any) -> bool:
    if isinstance(outcome, AnswerError) or isinstance(other, AnswerError):
        return isinstance(outcome, AnswerError) and isinstance(other, AnswerError) and outcome.tag == other.tag
    return agrees(other, outcome, 1e-4)


def _same_keys(expected: Any, outcome: Any) -> bool:
    return isinstance(expected, dict) and isinstance(outcome, dict) and expected.keys() == outcome.keys()


def _is_error_class(expected: Any) -> bool:
    return isinstance(expected, type) and issubclass(expected, BaseException)


# ---- calling ---------------------------------------------------------------------------------------------------


def _outcome(one: exercises.Exercise, answer: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """What an answer gives for fresh copies of the arguments: data, or the error it raises."""
    asked = worker.Worker({one.entries[0]: answer})
    response = asked.handle({"op": "call", "entries": list(one.entries), "args": [_fresh(arg) for arg in args]})
    return AnswerError(response["error"], response["message"]) if "error" in response else response["value"]


def _all_told_apart(one: exercises.Exercise, wrong: Misconception, cases: list[tuple[tuple[Any, ...], Any]]) -> bool:
    """True where some example tells from the right answers; of a family, each member."""
    return all(any(_tells(one, member, *case) for case in cases) for member in wrong.members)


def _tells(one: exercises.Exercise, member: Misconception, args: tuple[Any, ...], expected: Any) -> bool:
    return not agrees(expected, _outcome(one, member.function, args))


def _fresh(value: Any) -> Any:
    if hasattr(value, "detach") and hasattr(value, "clone"):  # a torch tensor, without importing torch
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(_fresh(item) for item in value)
    if isinstance(value, dict):
        return {key: _fresh(item) for key, item in value.items()}
    return value


def _takes(answer: Callable[..., Any], args: Sequence[Any]) -> bool:
    try:
        inspect.signature(answer).bind(*args)
    except TypeError:
        return False
    return True


def _pair(one: exercises.Exercise) -> str:
    """How an example of an exercise is written."""
    names = [name for name, _ in one.arguments]
    return f"(({', '.join(names)}{',' if len(names) == 1 else ''}), expected)"


@functools.cache
def calls_of_the_checks(exercise: str) -> tuple[tuple[Any, ...], ...]:
    """The arguments of every plain call that the checks make with the published seed."""
    calls: list[tuple[Any, ...]] = []

    class Recorder(LocalAnswer):
        def outcomes(self, probes: Iterable[Probe]) -> Iterator[Any]:
            asked = list(probes)
            calls.extend(probe.args for probe in asked if not probe.scenario)
            return super().outcomes(asked)

    one = catalogue.load(exercise)
    run_checks(one, Recorder.of(one, next(iter(one.alternatives.values()))))
    return tuple(calls)


def _as_the_checks_send_them(one: exercises.Exercise, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Lists, arrays and tensors become what the exercise is called with; everything else stays."""
    kinds = [kind for _, kind in one.arguments]
    return (*map(_made, args, kinds), *args[len(kinds) :])


def _made(value: Any, kind: str) -> Any:
    container, _, dtype = kind.partition(" of ")
    if container not in ("tensor", "array") or isinstance(value, (str, dict)):
        return value
    is_tensor = hasattr(value, "detach")
    if is_tensor and container == "tensor":
        return value
    try:
        array = np.asarray(value.detach().numpy() if is_tensor else value)
    except ValueError:  # ragged: let the answers say what they make of it
        return value
    if array.dtype.kind in "biu" and np.dtype(dtype).kind in "bf":
        array = array.astype(dtype)
    return worker.make_tensor(array, grad=False) if container == "tensor" else array


@functools.cache
def _visible(exercise: str) -> tuple[Misconception, ...]:
    """The wrong answers that differ in a value on some input of the checks; all, where these make no plain call.

    A family is one mistake, made up of those of its members that differ.
    """
    one = catalogue.load(exercise)
    wrong, right = one.misconceptions.values(), next(iter(one.alternatives.values()))
    calls = [worker.as_live(call) for call in calls_of_the_checks(exercise)]
    if not calls:
        return tuple(wrong)
    outcomes = [_outcome(one, right.function, call) for call in calls]

    def differs(member: Misconception) -> bool:
        given = (_outcome(one, member.function, call) for call in calls)
        return not all(map(_same_rounded, given, outcomes))

    visible = (
        replace(
            answer, family=tuple(values for values, member in zip(answer.family, answer.members) if differs(member))
        )
        for answer in wrong
    )
    return tuple(answer for answer in visible if answer.family)


def _same_rounded(outcome: Any, known: Any) -> bool:
    return _same(outcome, known) or (not isinstance(known, AnswerError) and agrees(known, outcome))
