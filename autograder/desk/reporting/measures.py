"""Small formulas: how an exercise goes with the rest, and how many fell into which tenth."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 8  # students, below whom a correlation says nothing
BINS = 10


@dataclass(frozen=True)
class Discrimination:
    """The correlation of an exercise's share of the points with the rest of a student's points.

    Attributes
    ----------
    students : int
        How many it is worked out from.
    r, low, high : float or None
        The correlation and its 95 % interval; None where there is none.
    why : str
        Why there is none; else empty.
    """

    students: int
    r: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""


def discrimination(shares: Sequence[float], rests: Sequence[float]) -> Discrimination:
    """How the shares of one exercise go with those of the rest, student by student.

    For an exercise that is either right or wrong this is the point-biserial correlation. The interval is Fisher's:
    atanh(r) is about normal, with a standard deviation of 1/sqrt(n - 3).

    Examples
    --------
    >>> discrimination([1.0, 0.0], [0.5, 0.5]).why
    'too few students: 2, and it takes 8'
    """
    count = len(shares)
    if count < FEWEST:
        return Discrimination(count, why=f"too few students: {count}, and it takes {FEWEST}")
    if len(set(shares)) == 1:
        return Discrimination(count, why="everybody has the same points here")
    if len(set(rests)) == 1:
        return Discrimination(count, why="everybody has the same points elsewhere")
    r = max(-1.0, min(1.0, statistics.correlation(shares, rests)))
    if abs(r) > 1 - 1e-12:
        return Discrimination(count, round(r, 4), round(r, 4), round(r, 4))
    away = statistics.NormalDist().inv_cdf(0.975) / math.sqrt(count - 3)
    low, high = (math.tanh(math.atanh(r) + side * away) for side in (-1, 1))
    return Discrimination(count, round(r, 4), round(low, 4), round(high, 4))


def tenths(shares: Iterable[float]) -> tuple[int, ...]:
    """How many shares lie in each tenth from 0 to 1; 1 itself is in the last.

    >>> tenths([0.0, 0.05, 0.1, 1.0])
    (2, 1, 0, 0, 0, 0, 0, 0, 0, 1)
    """
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, max(0, math.floor(share * BINS + 1e-9)))] += 1
    return tuple(counts)


def share(part: float, whole: float) -> float | None:
    """A share to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None
