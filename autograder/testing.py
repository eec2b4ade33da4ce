"""The check writer's vocabulary.

A check is an ordinary function ``test_something(student, rng)`` whose docstring is the sentence that the learner
reads. ``student(*args)`` calls the learner's function and gives back plain data, ``student.run(scenario, *args)``
runs a small function of ours beside it where live objects are needed (gradients, modules, callables), and
``student.each(cases)`` asks for many of either at once. Everything that a check compares is recomputed from the
inputs; nothing is believed.
"""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from autograder.engine.callables import Lent
from autograder.engine.inside.channel import Opaque, Tensor
from autograder.engine.outcome import AnswerError

__all__ = [
    "INPUTS_LEFT",
    "Alternative",
    "Answer",
    "AnswerError",
    "Check",
    "CheckFailure",
    "Lent",
    "Misconception",
    "NotStarted",
    "Opaque",
    "Probe",
    "Tensor",
    "agree",
    "alternative",
    "assert_all_raise",
    "assert_all_unchanged",
    "assert_close",
    "assert_raises",
    "assert_true",
    "assert_unchanged",
    "believes",
    "depends",
    "fail",
    "misconception",
    "points",
    "probe",
    "several",
    "tensor",
    "to_array",
]


class Answer(Protocol):
    """The learner's answer, in this process or in a sandbox."""

    def __call__(self, *args: Any) -> Any:
        """Call the answer with fresh copies of ``args``; give back plain data."""

    def run(self, scenario: Callable[..., Any], *args: Any) -> Any:
        """Run ``scenario(answer, *args)`` beside the answer; give back plain data."""

    def each(
        self, calls: Iterable[tuple[Any, ...]], scenario: Callable[..., Any] | None = None, after: bool = False
    ) -> Iterator[Any]:
        """One value for each tuple of arguments, from a call or a scenario: all are asked at once.

        ``after`` gives pairs: the value, and the arguments as the call left them.
        Half the time of asking one by one, since the two processes take turns once and not a hundred times.
        """

    def outcomes(self, probes: Iterable[Probe]) -> Iterator[Any]:
        """What comes of each probe: a value, or a :class:`AnswerError`."""

    def renew(self) -> None:
        """Begin the answer's code anew where it could remember what it was asked."""


class CheckFailure(AssertionError):
    """The answer is wrong; carries what the learner is shown, and how to ask the same of another input.

    Attributes
    ----------
    kind : str
        In which way a comparison failed: two failures of one kind are told alike. Empty for any other failure.
    wrong : array of bool or None
        Which entries differ, where a comparison of numbers says so.
    again : Again or None
        Set by :func:`agree`.
    """

    kind: str = ""
    wrong: np.ndarray | None = None
    again: Again | None = None

    def __init__(
        self,
        summary: str,
        inputs: dict[str, Any] | None = None,
        expected: Any = None,
        got: Any = None,
        difference: str = "",
    ) -> None:
        super().__init__(summary)
        self.summary = summary
        self.inputs = inputs
        self.expected = expected
        self.got = got
        self.difference = difference


class NotStarted(CheckFailure):
    """There is no answer yet to be right or wrong."""


# ---- inputs ----------------------------------------------------------------------------------------------------


def tensor(values: Any, dtype: Any = None) -> Tensor:
    """A torch tensor to hand to the answer, written down without importing torch."""
    return Tensor(np.asarray(values, dtype=dtype))


# ---- marks on checks, misconceptions and alternatives ----------------------------------------------------------


@dataclass(frozen=True)
class Check:
    """One check: a function ``(student, rng)`` whose docstring the learner reads, with what it is worth.

    Attributes
    ----------
    function : callable
    id, sentence : str
        Its name, and its docstring on one line.
    points : float
    depends : tuple of str
        Checks without which this one says nothing.
    believes : str
        What it takes from the answer's side and cannot work out itself: a submission that rewrites its own worker can
        win this check by a lie about it, and no other.
    """

    function: Callable[[Answer, np.random.Generator], None] = field(repr=False)
    id: str
    sentence: str
    points: float = 1.0
    depends: tuple[str, ...] = ()
    believes: str = ""

    @classmethod
    def of(cls, check: Check | Callable[..., Any]) -> Check:
        """A function as a check of one point; a check stays as it is."""
        if isinstance(check, Check):
            return check
        return cls(check, check.__name__, " ".join((check.__doc__ or "").split()))

    def __call__(self, student: Answer, rng: np.random.Generator) -> None:
        self.function(student, rng)


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that is known.

    Attributes
    ----------
    function : callable
        The answer: a function, a class, or for plain variables a function that returns them.
    message : str
        What the tutor says about it.
    caught_by : str
        The check that must catch it.
    conceptual : bool
        True for a misunderstanding of the idea, False for a slip; ``examples`` counts them.
    family : tuple of tuple of (str, value)
        The parameters of each member: one mistake is made with many constants, and is one mistake. The function takes
        them as keywords and has the first member's as defaults; the message may name them, as in ``{eps:g}``.
    """

    function: Callable[..., Any]
    message: str
    caught_by: str
    conceptual: bool = False
    family: tuple[tuple[tuple[str, Any], ...], ...] = ((),)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @functools.cached_property
    def members(self) -> tuple[Misconception, ...]:
        """Every member of the family as a misconception of its own, with its numbers in its message."""
        return tuple(map(self._member, self.family))

    def _member(self, parameters: tuple[tuple[str, Any], ...]) -> Misconception:
        if not parameters:
            return self
        function = functools.partial(self.function, **dict(parameters))
        return replace(self, function=function, message=self.message.format(**dict(parameters)), family=((),))


@dataclass(frozen=True)
class Alternative:
    """A right answer that looks different, and how."""

    function: Callable[..., Any]
    style: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


def points(count: float) -> Callable[[Check | Callable[..., Any]], Check]:
    """Say how many points a check is worth."""
    return lambda check: replace(Check.of(check), points=float(count))


def depends(*checks: str) -> Callable[[Check | Callable[..., Any]], Check]:
    """Name the checks without which this one says nothing: it is skipped when one of them did not pass."""
    return lambda check: replace(Check.of(check), depends=checks)


def believes(what: str) -> Callable[[Check | Callable[..., Any]], Check]:
    """Say what a check takes from the answer's side without being able to work it out."""
    return lambda check: replace(Check.of(check), believes=what)


INPUTS_LEFT = "the arguments as the call left them"
"""What a check believes that compares the arguments after a call."""


def misconception(
    message: str, caught_by: str, conceptual: bool = False, family: Mapping[str, Sequence[Any]] | None = None
) -> Callable[[Callable[..., Any]], Misconception]:
    """Mark a wrong answer: what the tutor says about it, and the check that must catch it.

    Parameters
    ----------
    message : str
        The behaviour that was seen in ``caught_by``, true of every answer that behaves like this one there; then the
        likely cause. With a family it is a format of its parameters.
    caught_by : str
    conceptual : bool
    family : dict of str to sequence, optional
        The values that each keyword parameter of the function may have, such as ``{"eps": (1e-3, 1e-6)}``: the members
        are all combinations. The function's defaults are the first of each.

    Raises
    ------
    TypeError
        If a parameter of the family is no keyword-only parameter of the function, or has another default.
    """

    def mark(answer: Callable[..., Any]) -> Misconception:
        values = dict(family or {})
        members = tuple(tuple(zip(values, chosen)) for chosen in itertools.product(*values.values()))
        for name, default in members[0]:
            parameter = inspect.signature(answer).parameters.get(name)
            if parameter is None or parameter.kind is not parameter.KEYWORD_ONLY or parameter.default != default:
                raise TypeError(f"`{answer.__name__}` must take `{name}` as a keyword only, {default!r} by default.")
        return Misconception(answer, message, caught_by, conceptual, members)

    return mark


def alternative(style: str) -> Callable[[Callable[..., Any]], Alternative]:
    """Mark a right answer that looks different, and say how."""
    return lambda answer: Alternative(answer, style)


@dataclass(frozen=True)
class Probe:
    """One question asked of every answer to tell behaviours apart: a call, or a scenario.

    With ``after`` the outcome of a call includes its arguments as the call left them.
    """

    args: tuple[Any, ...]
    scenario: Callable[..., Any] | None = None
    after: bool = False


def probe(*args: Any, scenario: Callable[..., Any] | None = None, after: bool = False) -> Probe:
    """Write one probe: the arguments of a call, or of a scenario."""
    return Probe(args, scenario, after)


# ---- comparing -------------------------------------------------------------------------------------------------


THE_ANSWER = "the answer"  # what a call gives back, where a check has no better name for it


def to_array(value: Any, what: str = THE_ANSWER) -> np.ndarray:
    """A number, list, tuple, array or tensor as an array; the container does not count.

    Raises
    ------
    CheckFailure
        If ``value`` is nothing, text, or something that is not data.
    """
    if value is None:
        # Only what a call gives back is missing for want of a return; a cleared gradient is not.
        asks = (
            ": does every path of the function end in a return?" if what == THE_ANSWER else "; numbers were expected."
        )
        raise CheckFailure(f"{_start(what)} is None{asks}")
    if isinstance(value, Opaque):
        raise CheckFailure(f"{_start(what)} is of type {value.type_name}; numbers were expected.")
    if isinstance(value, Tensor):
        return value.array
    if isinstance(value, (list, tuple)):
        if any(item is None for item in value):
            raise CheckFailure(f"{_start(what)} holds None; numbers were expected.")
        parts = [to_array(item, what) for item in value]
        if len({part.shape for part in parts}) > 1:
            raise CheckFailure(f"{_start(what)} is a sequence whose items have different shapes.")
        return np.array(parts)
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise CheckFailure(f"{_start(what)} is of type {type(value).__name__}; numbers were expected.")
    return array


def several(got: Any, count: int, what: str = THE_ANSWER, inputs: dict[str, Any] | None = None) -> list[Any]:
    """What came back as so many parts, if it did: of fewer, a check would compare no more than there are.

    Raises
    ------
    CheckFailure
        If it is no list or tuple of just so many.
    """
    if not isinstance(got, (list, tuple)) or len(got) != count:
        raise CheckFailure(f"{_start(what)} should come back in {count} parts.", inputs, f"{count} parts", got)
    return list(got)


def assert_close(
    got: Any,
    expected: Any,
    inputs: dict[str, Any] | None = None,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    floor: float = 0.0,
    what: str = THE_ANSWER,
    summary: str = "",
) -> None:
    """Fail unless ``got`` has the shape and the values of ``expected``.

    The tolerance follows the coarsest float among the inputs: relative 1e-5 for float32, 1e-7 for float64, and the
    same fractions of the largest expected entry in absolute terms. What dtype an answer comes back in changes nothing:
    a right value may be rounded to float32 at the end, which costs 6e-8, and a wrong one is not excused by it.

    Parameters
    ----------
    got : anything
        What the answer gave back.
    expected : array_like
    inputs : dict of str to anything, optional
        The arguments by name, shown to the learner when the check fails.
    rtol, atol : float, optional
        Override the tolerance.
    floor : float
        Where the largest expected entry is smaller than this, the absolute tolerance is a fraction of this instead.
    what : str
        What is compared, for the message: "the loss", "the gradient of `values`".
    summary : str, optional
        The sentence for a wrong value; the default says how many entries differ.
    """
    want = np.asarray(expected.array if isinstance(expected, Tensor) else expected)
    try:
        have = to_array(got, what)
    except CheckFailure as failure:
        raise _of_kind("no numbers", CheckFailure(failure.summary, inputs, expected, got)) from None
    if have.shape != want.shape:
        said = f"{_start(what)}: shape {have.shape} instead of {want.shape}."
        raise _of_kind("shape", CheckFailure(said, inputs, expected, got))
    if want.size == 0:
        return
    unit = 1e-5 if _is_single(*(inputs or {}).values()) else 1e-7
    scale = max(largest_finite(want), floor)
    rtol = unit if rtol is None else rtol
    atol = unit * (scale if scale > 0 else 1.0) if atol is None else atol
    close = close_entries(have, want, rtol, atol)
    if close.all():
        return
    kind, said = _describe(have, close, what)
    difference = _largest_difference(have, want, close)
    found = _of_kind(kind, CheckFailure(summary or said, inputs, expected, got, difference))
    found.wrong = ~close
    raise found


def _of_kind(kind: str, failure: CheckFailure) -> CheckFailure:
    failure.kind = kind
    return failure


@dataclass(frozen=True)
class Again:
    """How the question that an answer failed can be asked of another input.

    Attributes
    ----------
    case : tuple
        The input on which the answer failed, argument by argument.
    ask : callable
        Takes an answer and other inputs of this kind. Gives for each input the failure, None where the answer is right
        there, or the error that came instead of an answer.
    right : callable
        What a right answer gives for an input.
    """

    case: tuple[Any, ...]
    ask: Callable[[Answer, list[tuple[Any, ...]]], Iterator[CheckFailure | AnswerError | None]]
    right: Callable[..., Any]


def agree(
    student: Answer,
    cases: Iterable[tuple[Any, ...]],
    right: Callable[..., Any],
    names: Sequence[str],
    *,
    send: Callable[[Any], Any] | None = None,
    scenario: Callable[..., Any] | None = None,
    read: Callable[[Any, dict[str, Any]], Any] | None = None,
    what: str = THE_ANSWER,
    summary: str = "",
    rtol: float | None = None,
    atol: float | None = None,
    floor: float | Callable[..., float] = 0.0,
) -> None:
    """Fail with the first case on which an answer does not give what is right there.

    Parameters
    ----------
    student : Answer
    cases : iterable of tuple
        The arguments of each call; all are asked at once.
    right : callable
        What is right for the arguments of a case.
    names : sequence of str
        What the learner calls the arguments.
    send : callable, optional
        Makes what is sent of an argument, such as :func:`tensor`; by default the argument itself.
    scenario : callable, optional
        Is run beside the answer instead of a call.
    read : callable, optional
        Takes what is compared out of what came back, given the named inputs too: ``several(got, 2)[1]``.
    what, summary, rtol, atol, floor
        As in :func:`assert_close`; ``floor`` may also be worked out from the arguments of a case.
    """

    def sent(case: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(send or _itself, case))

    def failure(case: tuple[Any, ...], got: Any) -> CheckFailure | None:
        inputs = dict(zip(names, case))
        try:
            part = read(got, inputs) if read else got
            least = floor(*case) if callable(floor) else floor
            assert_close(part, right(*case), inputs, what=what, summary=summary, rtol=rtol, atol=atol, floor=least)
        except CheckFailure as found:
            return found
        return None

    def again(answer: Answer, cases: list[tuple[Any, ...]]) -> Iterator[CheckFailure | AnswerError | None]:
        for case, got in zip(cases, answer.outcomes(Probe(sent(case), scenario) for case in cases)):
            yield got if isinstance(got, AnswerError) else failure(case, got)

    cases = list(cases)
    answers = student.each(map(sent, cases), scenario)
    for case in cases:
        try:
            got = next(answers)
        except AnswerError as error:
            error.inputs = dict(zip(names, case))
            raise
        found = failure(case, got)
        if found is not None:
            found.again = Again(case, again, right)
            raise found


def _itself(argument: Any) -> Any:
    return argument


def largest_finite(array: np.ndarray) -> float:
    """The largest size of a finite entry; 0 where there is none."""
    sizes = np.abs(array.astype(float))
    sizes = sizes[np.isfinite(sizes)]
    return float(sizes.max()) if sizes.size else 0.0


def close_entries(have: np.ndarray, want: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Where two arrays of one shape agree, NaN with NaN included: ``numpy.isclose`` without its price, a third of it.

    >>> close_entries(np.array([1.0, np.nan, np.inf, 1.0]), np.array([1.1, np.nan, np.inf, np.inf]), 0.2, 0.0)
    array([ True,  True,  True, False])
    """
    have, want = have.astype(float), want.astype(float)
    with np.errstate(all="ignore"):
        near: np.ndarray = (np.abs(have - want) <= atol + rtol * np.abs(want)) & (np.abs(want) < np.inf)
    if not near.all():
        near |= (have == want) | (np.isnan(have) & np.isnan(want))
    return near


def _describe(have: np.ndarray, close: np.ndarray, what: str) -> tuple[str, str]:
    """The kind of a failure, and the sentence for it."""
    wrong = have[~close]
    if have.dtype.kind == "f" and np.isnan(wrong).any():
        return "NaN", f"{_start(what)} is NaN." if have.size == 1 else f"There is NaN in {what}."
    if have.dtype.kind == "f" and np.isinf(wrong).any():
        return "infinite", f"{_start(what)} is infinite." if have.size == 1 else f"There are infinite values in {what}."
    if have.size == 1:
        return "value", f"{_start(what)} is not what was expected."
    count = (~close).sum()
    return (
        "value",
        f"{count} of {close.size} entries of {what} {'differs' if count == 1 else 'differ'} from what was expected.",
    )


def _start(what: str) -> str:
    """A name at the start of a sentence; what stands in code keeps its letters."""
    return what[:1].upper() + what[1:]


def _largest_difference(have: np.ndarray, want: np.ndarray, close: np.ndarray) -> str:
    """The largest difference among the entries that fail; nothing where the one entry says it all."""
    if have.dtype.kind == want.dtype.kind == "b":
        return ""
    with np.errstate(all="ignore"):
        gaps = np.abs(have.astype(float) - want.astype(float))[~close]
    if have.size == 1 and not np.isfinite(gaps).all():
        return ""
    return "NaN" if np.isnan(gaps).any() else "infinite" if np.isinf(gaps).any() else f"{gaps.max():.4g}"


def _is_single(*values: Any) -> bool:
    """True where any float among the values is float32 or coarser."""
    for value in values:
        if isinstance(value, Tensor):
            value = value.array
        if isinstance(value, dict):
            if _is_single(*value.values()):
                return True
        elif isinstance(value, (list, tuple)):
            if _is_single(*value):
                return True
        elif isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind == "f" and value.dtype.itemsize < 8:
            return True
    return False


def assert_true(
    condition: bool, summary: str, inputs: dict[str, Any] | None = None, expected: Any = None, got: Any = None
) -> None:
    """Fail with ``summary`` unless ``condition`` holds."""
    if not condition:
        raise CheckFailure(summary, inputs, expected, got)


def fail(summary: str, inputs: dict[str, Any] | None = None, expected: Any = None, got: Any = None) -> None:
    """Fail with ``summary``."""
    raise CheckFailure(summary, inputs, expected, got)


def assert_raises(tag: str, student: Answer, *args: Any, inputs: dict[str, Any] | None = None) -> None:
    """Fail unless the call raises an exception whose class is, or derives from, the one named by ``tag``."""
    try:
        got = student(*args)
    except AnswerError as error:
        got = error
    _assert_error(tag, got, inputs)


def assert_all_raise(tag: str, student: Answer, calls: Iterable[tuple[Any, ...]], names: Sequence[str]) -> None:
    """Fail unless each of several calls raises such an exception; all are asked at once."""
    calls = list(calls)
    for args, got in zip(calls, student.outcomes(Probe(args) for args in calls)):
        _assert_error(tag, got, dict(zip(names, args)))


def _assert_error(tag: str, got: Any, inputs: dict[str, Any] | None) -> None:
    if not isinstance(got, AnswerError):
        raise CheckFailure(f"A {tag} was expected here; the call gave a value.", inputs, f"{tag} is raised", got)
    if got.tag != tag:
        raise CheckFailure(f"A {tag} was expected here; got {got}.", inputs, f"{tag} is raised", str(got))


def assert_unchanged(student: Answer, *args: Any, names: tuple[str, ...] = ()) -> None:
    """Fail if the call changes one of its arguments in place."""
    assert_all_unchanged(student, [args], names)


def assert_all_unchanged(student: Answer, calls: Iterable[tuple[Any, ...]], names: tuple[str, ...] = ()) -> None:
    """Fail if one of several calls changes one of its arguments in place."""
    calls = list(calls)
    for args, (_, left) in zip(calls, student.each(calls, after=True)):
        for index, (before, now) in enumerate(zip(args, left)):
            if not _same_data(before, now):
                name = f"`{names[index]}`" if index < len(names) else f"argument {index + 1}"
                raise CheckFailure(
                    f"The call changed {name} in place: work on a copy, the caller still needs it.",
                    {name.strip("`"): before},
                    before,
                    now,
                )


def _same_data(before: Any, now: Any) -> bool:
    """True where what came back of an argument, from the answer's side, is what was sent: in structure and values."""
    if isinstance(before, dict):
        same_keys = isinstance(now, dict) and list(before) == list(now)
        return same_keys and all(_same_data(before[key], now[key]) for key in before)
    if isinstance(before, (list, tuple)):
        return type(now) is type(before) and len(now) == len(before) and all(map(_same_data, before, now))
    if isinstance(before, str):
        return type(now) is str and now == before
    old, new = _array(before), _array(now)
    if old is None or new is None:
        return old is new
    return old.shape == new.shape and np.array_equal(old, new, equal_nan=old.dtype.kind == new.dtype.kind == "f")


def _array(value: Any) -> np.ndarray | None:
    if isinstance(value, Tensor):
        return value.array
    return np.asarray(value) if isinstance(value, (np.ndarray, np.generic, int, float)) else None
