"""A per-task table in text: a row per configuration, a mean and the half-width of its interval per task."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mtl_teach.learn.projects.findings import floats


def print_table(table: Mapping[str, Any], task_names: Sequence[str], quantity: str, decimals: int = 3) -> None:
    """Print a table that `comparisons.intervals_present` finds usable.

    Parameters
    ----------
    table : mapping from configuration to `mtl_teach.metrics.Interval`
    task_names : sequence of n_tasks str
    quantity : str
        What the numbers are, with their rows and unit; it stands above the configurations.
    decimals : int

    Examples
    --------
    >>> from mtl_teach.metrics import Interval
    >>> print_table({"w=0.5": Interval(np.array([0.7, 0.4]), np.array([0.01, 0.02]))}, ["price", "days"], "R²")
    R²             price            days
    w=0.5  0.700 ± 0.010   0.400 ± 0.020
    """
    cells = {
        name: [f"{mean:.{decimals}f} ± {half:.{decimals}f}" for mean, half in zip(*_halves(row), strict=True)]
        for name, row in table.items()
    }
    first = max(map(len, [quantity, *cells])) + 2
    wide = max(map(len, [*task_names, *(cell for row in cells.values() for cell in row)]))
    for name, row in {quantity: list(task_names), **cells}.items():
        print(f"{name:{first}}" + "   ".join(f"{cell:>{wide}}" for cell in row))


def _halves(row: Any) -> tuple[np.ndarray, np.ndarray]:
    return floats(row.mean), floats(row.half_width)
