"""What the checks of exercises share that are worked out by hand: the answer is a number, and is never shown."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.testing import CheckFailure, Opaque, Tensor

TOLERANCE = 1e-6  # what single precision costs; the statement asks for all decimals
LONGEST = 40  # characters of a text that may be a number


def assert_worked_out(got: Any, right: float, given: Mapping[str, Any], name: str) -> None:
    """Fail unless a variable holds the right number; say nothing from which the number could be read.

    Parameters
    ----------
    got : anything
        What the variable holds.
    right : float
    given : dict of str to anything
        The numbers of the statement, shown when the check fails.
    name : str
        The variable.
    """
    value = number_in(got, name)
    if not abs(value - right) <= TOLERANCE * max(1.0, abs(right)):
        raise CheckFailure(f"`{name}` is not what comes of these numbers.", dict(given), got=value)


def as_read(outcome: Any) -> Any:
    """What came back with every part that can be read as a number read so, whatever its type."""
    if isinstance(outcome, tuple):
        return tuple(map(as_read, outcome))
    try:
        return number_in(outcome, "the answer")
    except CheckFailure:
        return outcome


def number_in(got: Any, name: str) -> float:
    """The number that a variable holds, of whatever type it is.

    Raises
    ------
    CheckFailure
        If it holds none, or several.

    Examples
    --------
    >>> number_in(Fraction(1, 4), "x"), number_in("0.25", "x"), number_in(np.array([0.25]), "x")
    (0.25, 0.25, 0.25)
    """
    value = got.array if isinstance(got, Tensor) else got
    if value is None:
        raise CheckFailure(f"`{name}` is None: put the number into it.")
    if isinstance(value, str):
        return _written(value, name)
    if isinstance(value, (list, tuple)) and len(value) == 2:
        raise CheckFailure(
            f"`{name}` holds two values; one number was expected. Python writes decimals with a point, not a comma."
        )
    if isinstance(value, (bool, np.bool_, Opaque)):
        kind = value.type_name if isinstance(value, Opaque) else "bool"
        raise CheckFailure(f"`{name}` is of type {kind}; a number was expected.")
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        if isinstance(value, (int, float, Fraction, Decimal)):
            return float(value)
        array = np.asarray(value)
        if array.size == 1 and array.dtype.kind in "iuf":
            return float(array.reshape(-1)[0])
    raise CheckFailure(f"`{name}` is of type {type(got).__name__}; one number was expected.")


def _written(text: str, name: str) -> float:
    """A number in quotes, with a point or a decimal comma."""
    with contextlib.suppress(ValueError):
        value = float(text.strip().replace(",", ".")) if len(text) <= LONGEST else math.nan
        if math.isfinite(value):
            return value
    raise CheckFailure(f"`{name}` is a text that is no number; write the number without quotes.")
