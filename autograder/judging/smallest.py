"""The smallest counterexample: a failing input made smaller and plainer while the answer fails on it in the same way.

Property-based testing calls this shrinking. Three things keep it honest. An input counts only where every known right
answer is right, so that none is shown of which the exercise says nothing. It keeps its character (a NaN, both values of
a mask, every sign) and gets no edge that it did not have (a tie, a constant column, a single row), so that it shows the
fault that was found and no other. And it ends within a number of questions, whatever the answer does.

References
----------
Zeller & Hildebrandt, Simplifying and isolating failure-inducing input, IEEE Trans. on Software Engineering 28(2), 2002.
"""

from __future__ import annotations

import itertools
import math
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from autograder.engine.inside.channel import Tensor
from autograder.engine.outcome import AnswerError
from autograder.exercises import Exercise
from autograder.judging.answers import LocalAnswer
from autograder.testing import Alternative, Answer, CheckFailure

Case = tuple[Any, ...]

QUESTIONS = 64  # in all
TOGETHER = 16
FIRST = 4  # are asked alone: a slow answer costs no more than these
SECONDS = 0.2  # of this process's work, and an answer's in it
WAIT = 1.0  # seconds by the clock, for an answer that works elsewhere
SMALL = 6  # entries: so few need not become fewer
PLAIN = 3  # digits of a number
LARGE = 5_000  # entries: so many are not searched
LOOKED_AT = 40  # selections of rows of one size: of these, those are asked that keep the input's character
SLOW_TO_IMPORT = ("torch", "sklearn", "scipy")
OF_A_SIZE = ((2, 6), (3, 5), (4, 3))  # how many rows are kept, and how many selections of so many are asked together


def smallest(exercise: Exercise, student: Answer, failure: CheckFailure) -> CheckFailure:
    """The same failure on the smallest input that is found; the failure itself where there is nothing to find.

    Parameters
    ----------
    exercise : Exercise
        Its alternatives say on which inputs the exercise says what is right.
    student : Answer
        The answer that failed.
    failure : CheckFailure
        With ``again``, from the published seed.
    """
    again = failure.again
    if again is None or not _worth_it(again.case):
        return failure
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        search = _Search(exercise, student, failure)
        try:
            search.run()
        except Exception:
            return search.best  # a check whose own code takes no such input: what was found so far stands
        except KeyboardInterrupt:
            if not isinstance(student, LocalAnswer):
                raise
            return search.best  # somebody's answer hangs on a smaller input: the verdict is known, and is shown
    return search.best


class _Search:
    """A search, with the smallest failure so far and what may still be spent."""

    def __init__(self, exercise: Exercise, student: Answer, failure: CheckFailure) -> None:
        assert failure.again is not None
        self.best = failure
        self._again = failure.again
        self._case = failure.again.case
        self._student = student
        self._is_alike = _alike(self._case)
        self._right = [  # without those that would import a large library first, which takes longer than all else
            LocalAnswer.of(exercise, one)
            for one in exercise.alternatives.values()
            if libraries_of(one) <= sys.modules.keys()
        ]
        self._asked = 0
        self._seen = {_key(self._case)}
        self._worked, self._began = time.process_time(), time.monotonic()

    def run(self) -> None:
        """Make it smaller, then plainer, until neither is possible."""
        improved = True
        while improved:
            improved = False
            for length in _lengths(self._case):
                improved |= self._take_first_of(_fewer(self._case, length, self._wrong(length)))
            improved |= self._take_first_of([(_plainer(self._case), TOGETHER)])

    def _take_first_of(self, groups: Iterable[tuple[Iterable[Case], int]]) -> bool:
        """Go on with the smallest of some inputs on which the answer fails in the same way; False where there is none.

        Of each group only so many are asked.
        """
        new = [case for cases, most in groups for case in itertools.islice(filter(self._is_new, cases), most)]
        new.sort(key=_size)
        while new and not self._is_over():
            together = new[: min(TOGETHER if self._asked else FIRST, QUESTIONS - self._asked)]
            new = new[len(together) :]
            self._asked += len(together)
            for case, found in zip(together, self._again.ask(self._student, together)):
                if isinstance(found, AnswerError) and found.is_last:
                    self._asked = QUESTIONS  # it ended or hangs, and would again
                elif isinstance(found, CheckFailure) and self._counts(case, found):
                    self.best, self._case = found, case
                    return True
                if self._is_over():
                    return False
        return False

    def _is_over(self) -> bool:
        spent = time.process_time() - self._worked > SECONDS or time.monotonic() - self._began > WAIT
        return spent or self._asked >= QUESTIONS

    def _is_new(self, case: Case) -> bool:
        """True for a smaller input that was not asked yet and is still the kind of input that it was."""
        if _key(case) in self._seen or _size(case) >= _size(self._case) or not self._is_alike(case):
            return False
        self._seen.add(_key(case))
        return True

    def _counts(self, case: Case, found: CheckFailure) -> bool:
        """True for a failure of the same kind on an input of which the exercise says what is right."""
        if (found.kind or found.summary) != (self.best.kind or self.best.summary):
            return False
        if _is_finite(found.expected) != _is_finite(self.best.expected):
            return False
        return all(next(self._again.ask(answer, [case])) is None for answer in self._right)

    def _wrong(self, length: int) -> list[int]:
        """The places along the sides of a length at which the answer is wrong."""
        wrong = self.best.wrong
        if wrong is None or length not in wrong.shape:
            return []
        side = wrong.shape.index(length)
        return [int(place) for place in np.flatnonzero(wrong.any(axis=tuple(set(range(wrong.ndim)) - {side})))]


def libraries_of(alternative: Alternative) -> set[str]:
    """The large libraries that a right answer imports when it is asked."""
    names = getattr(getattr(alternative.function, "__code__", None), "co_names", ())
    return {name.partition(".")[0] for name in names} & set(SLOW_TO_IMPORT)


# ---- inputs as trees of numbers --------------------------------------------------------------------------------


def _map(function: Callable[[np.ndarray], np.ndarray], value: Any) -> Any:
    """The same value with every number and array of numbers in it replaced; whatever else there is stays."""
    if isinstance(value, Tensor):
        return Tensor(function(value.array), value.grad)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return function(value)
    if isinstance(value, (float, np.floating)):
        return type(value)(function(np.asarray(value)).item())
    if isinstance(value, (list, tuple)):
        return type(value)(_map(function, item) for item in value)
    if isinstance(value, dict):
        return {key: _map(function, item) for key, item in value.items()}
    return value


def _arrays(value: Any) -> Iterator[np.ndarray]:
    """Every array and number in a value; a list of numbers is one array."""
    if isinstance(value, Tensor):
        yield value.array
    elif isinstance(value, (np.ndarray, np.generic, bool, int, float)):
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            yield array
    elif isinstance(value, (list, tuple)):
        if value and all(isinstance(item, (int, float, np.number)) for item in value):
            yield np.asarray(value)
        else:
            for item in value:
                yield from _arrays(item)
    elif isinstance(value, dict):
        yield from _arrays(list(value.values()))


def _texts(case: Case) -> list[str]:
    return [str(item).removesuffix(".0") for array in _arrays(case) for item in array.reshape(-1)]


def _size(case: Case) -> tuple[int, int]:
    """What is to become smaller: how many entries, and how many characters they take."""
    texts = _texts(case)
    return len(texts), sum(map(len, texts))


def _key(value: Any) -> Any:
    """What tells two inputs of one check apart."""
    return tuple((array.shape, array.tobytes()) for array in _arrays(value))


def _worth_it(case: Case) -> bool:
    """True where an input is too large to be followed by eye, and not too large to be searched."""
    entries = sum(array.size for array in _arrays(case))
    return entries <= LARGE and (entries > SMALL or max(map(_digits, _texts(case)), default=0) > PLAIN)


def _digits(text: str) -> int:
    return len(text.partition("e")[0].replace(".", "").lstrip("-0").rstrip("0")) if text[-1:].isdigit() else 0


def _is_finite(value: Any) -> bool:
    return all(bool(np.isfinite(array).all()) for array in _arrays(value))


# ---- fewer entries ---------------------------------------------------------------------------------------------


def _lengths(case: Case) -> list[int]:
    """The lengths of all sides: the longest, which are mostly the rows, first."""
    return sorted(set(_sides(case)), reverse=True)


def _sides(value: Any) -> Iterator[int]:
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, np.ndarray):
        yield from value.shape
    elif isinstance(value, (list, tuple, dict)):
        yield len(value)
        for item in value.values() if isinstance(value, dict) else value:
            yield from _sides(item)


def _fewer(case: Case, length: int, wrong: list[int]) -> Iterator[tuple[Iterator[Case], int]]:
    """The case with fewer rows, or tasks, those that are wrong among them: all sides of one length shrink together."""
    first = [*wrong, *(place for place in range(length) if place not in wrong)]
    for size, most in (*OF_A_SIZE, (length // 2, 2), (length - 1, 4)):
        if not 2 <= size < length:
            continue
        selections = itertools.islice(itertools.combinations(first, size), LOOKED_AT)
        yield (tuple(_kept(part, length, sorted(keep)) for part in case) for keep in selections), most


def _kept(value: Any, length: int, keep: list[int]) -> Any:
    """A value with a part of every side of a length."""
    if isinstance(value, Tensor):
        return Tensor(_kept(value.array, length, keep), value.grad)
    if isinstance(value, np.ndarray):
        for side in range(value.ndim):
            if value.shape[side] == length:
                value = value.take(keep, axis=side)
        return value
    if isinstance(value, dict):
        items = [(key, _kept(item, length, keep)) for key, item in value.items()]
        return dict([items[place] for place in keep] if len(items) == length else items)
    if isinstance(value, (list, tuple)):
        parts = [_kept(item, length, keep) for item in value]
        return type(value)([parts[place] for place in keep] if len(parts) == length else parts)
    return value


# ---- plainer numbers -------------------------------------------------------------------------------------------


def _plainer(case: Case) -> Iterator[Case]:
    """The case with plainer numbers: in all arguments, then in one at a time."""
    for function in (_ranks, np.round, _one_digit, _two_digits):
        yield tuple(_map(_of_numbers(function), part) for part in case)
    for place, part in enumerate(case):
        for function in (_ranks, np.round, _one_digit, _two_digits):
            yield (*case[:place], _map(_of_numbers(function), part), *case[place + 1 :])


def _of_numbers(function: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """The same of everything but truth values, in the dtype that it had."""
    return lambda array: array if array.dtype.kind == "b" else np.asarray(function(array)).astype(array.dtype)


def _ranks(array: np.ndarray) -> np.ndarray:
    """Small whole numbers in the same order on either side of 0."""
    if not array.ndim:
        return array
    finite = np.isfinite(array)
    sizes, place = np.unique(np.abs(array[finite]), return_inverse=True)
    ranks = array.copy()
    ranks[finite] = np.sign(array[finite]) * (place.reshape(-1) + (1 if not sizes.size or sizes[0] else 0))
    return ranks


def _one_digit(array: np.ndarray) -> np.ndarray:
    return _rounded(array, 1)


def _two_digits(array: np.ndarray) -> np.ndarray:
    return _rounded(array, 2)


def _rounded(array: np.ndarray, digits: int) -> np.ndarray:
    flat = [float(f"{item:.{digits}g}") if math.isfinite(item) else item for item in array.reshape(-1).tolist()]
    return np.array(flat, dtype=float).reshape(array.shape)


# ---- what an input keeps ---------------------------------------------------------------------------------------


def _alike(first: Case) -> Callable[[Case], bool]:
    """Whether another input has the character of a first one in each argument: the fault shown then stays the same."""
    before = [_traits(list(_arrays(part))) for part in first]

    def is_alike(case: Case) -> bool:
        return all(
            now[0] == then[0] and now[1] | now[2] >= then[1] and now[2] <= then[2]
            for now, then in zip([_traits(list(_arrays(part))) for part in case], before)
        )

    return is_alike


def _traits(arrays: list[np.ndarray]) -> tuple[tuple[Any, ...], set[str], set[str]]:
    """What an argument must keep, what it must not lose, and edges that it must not get.

    A trait that is kept is neither lost nor got: a check about NaN shows a NaN, and one about labels shows none.
    """
    flat = np.concatenate([np.zeros(0), *(array.reshape(-1).astype(float) for array in arrays)])
    finite = flat[np.isfinite(flat)]
    kept = (
        arrays[0].dtype if arrays else None,
        *(bool(one.any()) for one in (np.isnan(flat), flat == np.inf, flat == -np.inf)),
        *(bool(one.any()) for one in (finite < 0, finite == 0, finite > 0)),
    )
    promises = {"shares"} if ((finite > 0) & (finite < 1)).all() else set()
    floats = [array for array in arrays if array.dtype.kind == "f" and array.ndim]
    if floats and all(np.allclose(array.sum(axis=-1), 1.0, atol=1e-6) for array in floats):
        promises.add("sums of 1")
    edges = {edge for array in arrays for edge in _edges(array)}
    few = all(np.unique(array).size < 3 for array in arrays)  # labels: of them any two rows may be equal
    return kept, promises | (edges - {"a tie"} if few else edges), edges


def _edges(array: np.ndarray) -> Iterator[str]:
    if not array.ndim:
        if array.item() == 1:
            yield "one"
    elif 0 in array.shape:
        yield "nothing"
    elif array.shape[0] == 1:
        yield "one row"
    elif array.dtype.kind == "f":
        steps = np.diff(np.sort(array, axis=0), axis=0)
        if (steps == 0).any():
            yield "a tie"
        if (steps == 0).all(axis=0).any():
            yield "a constant column"
