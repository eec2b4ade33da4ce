"""Values as the short text that a learner reads, and two of them so that it shows where they differ."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.visible import clean

MAX_SHOWN = 600
MAX_SIDES = 4  # dimensions; beyond them the corners of an array alone are thousands of entries
DIGITS = (6, 8, 10, 12, 15, 17)  # significant ones, as many as it takes; with 17 no two numbers are written alike
WHOLE = 12  # entries; of more than these only those that differ are told
MAX_TOLD = 8  # of them
MAX_COMPARED = 1000  # items of a list, one by one
CLOSE = 1e-7  # relative; where nobody says which entries differ


def text_of(value: Any, digits: int = DIGITS[0]) -> str:
    """A value as the short text that a learner reads.

    >>> text_of(np.array([1.0, np.nan]))
    '[1, nan]'
    >>> text_of({"price": 0.25})
    "{'price': 0.25}"
    """
    return _cut(clean(_text(value, digits)))


def telling(expected: Any, got: Any, wrong: np.ndarray | None = None) -> tuple[str, str]:
    """What was expected and what came back as two texts that are never alike where the values are not.

    Parameters
    ----------
    expected, got : anything
    wrong : array of bool, optional
        Which entries differ, where numbers were compared; by default all that are further apart than rounding goes.

    Returns
    -------
    expected, got : str
        With as many digits as it takes; of many entries and of dictionaries only what differs.

    Examples
    --------
    >>> telling(np.array([0.25, 0.01]), np.array([0.25, 0.010000001]))
    ('[0.25, 0.01]', '[0.25, 0.010000001]')
    >>> telling(np.zeros(3), np.zeros((3, 1)))
    ('[0, 0, 0], of shape (3,)', '[[0],\\n [0],\\n [0]], of shape (3, 1)')
    >>> telling(np.arange(100.0), np.arange(100.0) + np.eye(100)[7])
    ('[7]: 7, and 99 entries that agree', '[7]: 8, and 99 entries that agree')
    >>> telling({"price": 1.0, "time": 2.0}, {"price": 1.0, "time": 3.0})
    ("{'time': 2}, and 1 entry that agrees", "{'time': 3}, and 1 entry that agrees")
    >>> telling(0.5, "0.5")
    ('0.5', "the string '0.5'")
    """
    if isinstance(got, str) and not isinstance(expected, str):
        return text_of(expected), _cut(clean(f"the string {got!r}"))
    if isinstance(expected, dict) and isinstance(got, dict) and list(expected) == list(got):
        return _dictionaries(expected, got)
    want, have = _numbers(expected), _numbers(got)
    if want is None or have is None:
        return _apart(expected, got)
    if want.shape != have.shape:
        return _with_what_it_is(want, f"of shape {want.shape}"), _with_what_it_is(have, f"of shape {have.shape}")
    places = _places(want, have, wrong)
    if not places:
        return _apart(expected, got) if want.dtype == have.dtype else _with_kinds(expected, got)
    if want.size > WHOLE or want.ndim > MAX_SIDES:
        return _entries(want, have, places)
    digits = max(_digits(want[place], have[place]) for place in places)
    return text_of(want, digits), text_of(have, digits)  # what holds the numbers does not count


def _apart(expected: Any, got: Any) -> tuple[str, str]:
    """Both with so many digits that they differ; where it is not the digits, with what they are."""
    digits = _digits(expected, got)
    texts = clean(_text(expected, digits)), clean(_text(got, digits))
    if texts[0] != texts[1]:
        return _where_they_differ(*texts)
    if _kind(expected) != _kind(got):
        return _with_kinds(expected, got)
    if isinstance(expected, (list, tuple)):
        for place, (one, other) in enumerate(itertools.islice(zip(expected, got), MAX_COMPARED)):
            pair = telling(one, other)
            if pair[0] != pair[1]:
                return _cut(f"item {place}: {pair[0]}"), _cut(f"item {place}: {pair[1]}")
    return _cut(texts[0]), _cut(texts[1])


def _digits(one: Any, other: Any) -> int:
    """How many digits it takes for two values to be written differently; all where that is not enough."""
    return next((digits for digits in DIGITS if _text(one, digits) != _text(other, digits)), DIGITS[-1])


def _where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Two different texts in short, the place where they begin to differ included."""
    if _cut(one) != _cut(other):
        return _cut(one), _cut(other)
    alike = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other)))
    before = alike - MAX_SHOWN // 2
    return _cut(f"…{one[before:]}"), _cut(f"…{other[before:]}")


def _with_kinds(expected: Any, got: Any) -> tuple[str, str]:
    return _with_what_it_is(expected, _kind(expected)), _with_what_it_is(got, _kind(got))


def _with_what_it_is(value: Any, what: str) -> str:
    said = f", {what}"  # behind the value: its lines stay below each other
    return _cut(clean(_text(value)), MAX_SHOWN - len(said)) + said


def _kind(value: Any) -> str:
    """What a value is, where that is all in which it differs from another."""
    if isinstance(value, Tensor):
        return f"a tensor of {value.array.dtype}"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    if isinstance(value, (list, tuple, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"of type {type(value).__name__}"


def _dictionaries(expected: dict[Any, Any], got: dict[Any, Any]) -> tuple[str, str]:
    """Two dictionaries of the same names: only the entries that differ."""
    told = {name: telling(expected[name], got[name]) for name in expected if _differs(expected[name], got[name])}
    told = told or {name: telling(expected[name], got[name]) for name in expected}
    told = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
    if not told:
        return text_of(expected), text_of(got)
    shown = list(told.items())[:MAX_TOLD]
    rest = _rest(len(told) - len(shown), len(expected) - len(told))
    one, other = (
        "{" + ", ".join(f"{clean(repr(name))}: {pair[side]}" for name, pair in shown) + "}" + rest for side in (0, 1)
    )
    return _where_they_differ(one, other)


def _entries(want: np.ndarray, have: np.ndarray, places: list[tuple[int, ...]]) -> tuple[str, str]:
    """Of many entries those that differ, each with its place."""
    told = [(list(place), _apart(want[place], have[place])) for place in places[:MAX_TOLD]]
    rest = _rest(len(places) - len(told), want.size - len(places))
    one, other = (", ".join(f"{place}: {pair[side]}" for place, pair in told) + rest for side in (0, 1))
    return _cut(one), _cut(other)


def _rest(more: int, agreeing: int) -> str:
    """What is left out, in words."""
    said = f", and {more} more that differ{'s' if more == 1 else ''}" if more else ""
    entries = "entry that agrees" if agreeing == 1 else "entries that agree"
    return said + (f", and {agreeing} {entries}" if agreeing else "")


def _places(want: np.ndarray, have: np.ndarray, wrong: np.ndarray | None) -> list[tuple[int, ...]]:
    """Where two arrays of one shape differ: where it was said, or by more than rounding, or at all."""
    want, have = want.astype(float), have.astype(float)
    if wrong is None or wrong.shape != want.shape:
        wrong = ~np.isclose(have, want, rtol=CLOSE, atol=0.0, equal_nan=True)
    if not wrong.any():
        wrong = (want != have) & ~(np.isnan(want) & np.isnan(have))
    return [tuple(map(int, place)) for place in np.argwhere(wrong)]


def _differs(one: Any, other: Any) -> bool:
    """True where two values differ by more than rounding."""
    want, have = _numbers(one), _numbers(other)
    if want is None or have is None:
        return _text(one, DIGITS[-1]) != _text(other, DIGITS[-1])
    return want.shape != have.shape or not np.allclose(
        have.astype(float), want.astype(float), rtol=CLOSE, atol=0.0, equal_nan=True
    )


def _numbers(value: Any) -> np.ndarray | None:
    """A value as an array of numbers, whatever holds them; None for what is none."""
    if isinstance(value, Tensor):
        return value.array
    if isinstance(value, (list, tuple)):
        parts = [_numbers(item) for item in value]
        if any(part is None for part in parts) or len({part.shape for part in parts if part is not None}) > 1:
            return None
        return np.array(parts)
    if not isinstance(value, (bool, int, float, np.ndarray, np.generic)):
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in "biuf" else None


def _cut(text: str, most: int = MAX_SHOWN) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _text(value: Any, digits: int = DIGITS[0]) -> str:
    if isinstance(value, Tensor):
        return f"tensor({_text(value.array, digits)})" if value.array.ndim else _text(value.array, digits)
    if isinstance(value, Opaque):
        return f"an object of type {value.type_name}"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.{digits}g}"
    if isinstance(value, np.integer):
        return str(int(value))
    if isinstance(value, np.ndarray):
        return _array(value, digits)
    if isinstance(value, dict):
        items = list(value.items())
        return "{" + ", ".join(f"{key!r}: {_text(item, digits)}" for key, item in items[:40]) + "}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(_text(item, digits) for item in value[:40]) + (", …" if len(value) > 40 else "")
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, str):
        return value
    return repr(value)


def _array(array: np.ndarray, digits: int) -> str:
    if array.ndim == 0:
        return _text(array.item(), digits)
    if array.ndim > MAX_SIDES:
        return f"an array of shape {array.shape}"
    show = {"float_kind": lambda number: f"{number:.{digits}g}", "int_kind": str, "bool": str}  # without padding
    return np.array2string(array, separator=", ", threshold=40, edgeitems=4, formatter=show)  # type: ignore[arg-type]
