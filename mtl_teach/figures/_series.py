"""What the figures accept as data: labelled series, with or without repetitions, and sets of points."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach import _alt_text as words
from mtl_teach._validate import check_shape, must
from mtl_teach.figures._canvas import STYLES
from mtl_teach.metrics import Interval, mean_interval

Data = ArrayLike | Interval


class Summary(NamedTuple):
    """Like `Interval`, but the half width is None where there are no repetitions."""

    mean: np.ndarray
    half_width: np.ndarray | None

    @property
    def low(self) -> np.ndarray:
        """Lower end, or the mean itself."""
        return self.mean - (0.0 if self.half_width is None else self.half_width)

    @property
    def high(self) -> np.ndarray:
        """Upper end, or the mean itself."""
        return self.mean + (0.0 if self.half_width is None else self.half_width)


def check_series(name: str, series: Mapping[str, Any]) -> None:
    """Raise ValueError unless there are as many series as styles to tell them apart."""
    if not 1 <= len(series) <= len(STYLES):
        raise ValueError(must(name, f"hold 1 to {len(STYLES)} entries", len(series)))


def summarise(name: str, series: Mapping[str, Data], n_points: int) -> dict[str, Summary]:
    """Mean and interval of each series: repetitions are summarised, single values pass through."""
    check_series(name, series)
    summaries = {}
    for label, values in series.items():
        if isinstance(values, Interval):
            summary = Summary(np.atleast_1d(values.mean), np.atleast_1d(values.half_width))
        else:
            values = np.asarray(values, dtype=float)
            summary = Summary(*mean_interval(values)) if values.ndim == 2 else Summary(values, None)
        if summary.mean.shape != (n_points,):
            got = np.shape(summary.mean)
            raise ValueError(must(f"{name}[{label!r}]", f"have shape (..., n_points) = (..., {n_points})", got))
        summaries[label] = summary
    return summaries


def point_sets(points: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    """Check sets of points (n_points, 2) and return them as arrays."""
    check_series("points", points)
    sets = {label: np.asarray(xy, dtype=float) for label, xy in points.items()}
    for label, xy in sets.items():
        check_shape(f"points[{label!r}]", xy, n_points=None, n_objectives=2)
        if len(xy) == 0:
            raise ValueError(must(f"points[{label!r}]", "hold at least one point", "none"))
    return sets


def axes_said(xlabel: str, ylabel: str, x: np.ndarray) -> str:
    """Say what the axes are."""
    return f"Across, {xlabel}, {words.spread(x)}; up, {ylabel}."


def ranked(summaries: Mapping[str, Summary], names: Sequence[str]) -> list[str]:
    """Say each series from its highest value to its lowest."""
    return [f"{label}: {words.ordered(names, s.mean, s.half_width)}." for label, s in summaries.items()]


def pair(point: Any) -> str:
    """Write a point."""
    return f"({words.number(point[0])}, {words.number(point[1])})"
