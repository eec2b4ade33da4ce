"""Sentences for figures: what a reader who cannot see the picture needs, computed from the numbers in it.

No drawing here, so that the words can be tested without a picture.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def number(value: float) -> str:
    """Write a number briefly: three significant digits, thousands in full.

    Examples
    --------
    >>> [number(v) for v in (0.12345, -3.0, 12345.6, 0.0)]
    ['0.123', '-3', '12,346', '0']
    """
    if np.isfinite(value) and abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def spread(values: ArrayLike) -> str:
    """Say from where to where the values go.

    Examples
    --------
    >>> spread([3.0, 1.0, np.nan])
    '1 to 3'
    """
    array = np.asarray(values, dtype=float)
    array = array[np.isfinite(array)]
    if len(array) == 0:
        return "no values"
    low, high = number(array.min()), number(array.max())
    return low if low == high else f"{low} to {high}"


def curve(label: str, x: np.ndarray, y: np.ndarray, half_width: np.ndarray | None = None) -> str:
    """Say where a curve starts and ends, its direction, its extremes between, and how wide its interval is.

    Examples
    --------
    >>> curve("shared", np.array([0.0, 0.5, 1.0]), np.array([0.2, 0.5, 0.3]))
    'shared: from 0.2 at 0 to 0.3 at 1, highest 0.5 at 0.5.'
    """
    finite = np.isfinite(y)
    if not finite.any():
        return f"{label}: no values."
    x, y = x[finite], y[finite]
    steps = np.diff(y)
    if len(y) == 1:
        text = f"{label}: {number(y[0])} at {number(x[0])}"
    elif np.all(steps == 0):
        text = f"{label}: constant at {number(y[0])}"
    else:
        text = f"{label}: from {number(y[0])} at {number(x[0])} to {number(y[-1])} at {number(x[-1])}"
        if np.all(steps >= 0):
            text += ", never falling"
        elif np.all(steps <= 0):
            text += ", never rising"
        extremes = (("highest", y.argmax()), ("lowest", y.argmin()))
        inner = [(word, i) for word, i in extremes if 0 < i < len(y) - 1]
        text += "".join(f", {word} {number(y[i])} at {number(x[i])}" for word, i in inner)
    if half_width is not None:
        text += f"; 95 % interval at most ±{number(np.nanmax(half_width))}"
    return text + "."


def ordered(names: Sequence[str], values: np.ndarray, half_width: np.ndarray | None = None) -> str:
    """List names from the highest value to the lowest, with values and intervals.

    Examples
    --------
    >>> ordered(["a", "b"], np.array([1.0, 2.0]), np.array([0.1, 0.2]))
    'b 2 ± 0.2, a 1 ± 0.1'
    """
    values = np.asarray(values, dtype=float)
    order = np.argsort(-np.where(np.isnan(values), -np.inf, values), kind="stable")
    parts = []
    for i in order:
        part = f"{names[i]} {number(values[i])}"
        if half_width is not None:
            part += f" ± {number(half_width[i])}"
        parts.append(part)
    return ", ".join(parts)
