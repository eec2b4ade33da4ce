"""What every generator returns: a frozen record of features, labels, mask and ground truth.

The rule that makes `Dataset.take` safe: every array in a record has one row per sample; whatever describes
the whole data set (names, units, a correlation) is a tuple, a string or a number.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._validate import must

Seed = int | np.random.Generator


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Dataset:
    """Features, labels and mask; the subclasses add the ground truth.

    Attributes
    ----------
    X : ndarray of shape (n_samples, n_features)
        Features, in the units of `feature_units`.
    y : ndarray of shape (n_samples, n_tasks)
        Labels, in the units of `task_units`. NaN where the label is missing.
    mask : ndarray of bool, shape (n_samples, n_tasks)
        True where the label is observed.
    feature_names, feature_units, task_names, task_units : tuple of str
        One entry per column; the unit of a pure number is ``"1"``.
    """

    X: np.ndarray
    y: np.ndarray
    mask: np.ndarray
    feature_names: tuple[str, ...]
    feature_units: tuple[str, ...]
    task_names: tuple[str, ...]
    task_units: tuple[str, ...]

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self.X)

    @property
    def n_tasks(self) -> int:
        """Number of label columns."""
        return self.y.shape[1]

    def take(self, rows: ArrayLike) -> Self:
        """Return the same record restricted to `rows` (indices, a slice or a mask), truth included."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self)}
        index: Any = rows if isinstance(rows, slice) else np.asarray(rows)
        if not isinstance(rows, slice) and index.size == 0:
            index = index.astype(int)  # an empty list has no integers to show that it means rows
        return replace(self, **{k: v[index] for k, v in arrays.items() if isinstance(v, np.ndarray)})

    def __repr__(self) -> str:
        tasks = ", ".join(f"{name} [{unit}]" for name, unit in zip(self.task_names, self.task_units))
        labels = 100 * self.mask.mean() if self.mask.size else 0.0
        return (
            f"{type(self).__name__}({self.n_samples} samples, {self.X.shape[1]} features, "
            f"tasks: {tasks}; {labels:.0f} % of the labels observed)"
        )


def check_between(name: str, value: float, low: float, high: float) -> None:
    """Raise ValueError unless low <= value <= high."""
    if not low <= value <= high:
        raise ValueError(must(name, f"lie in [{low:g}, {high:g}]", value))


def hide(y: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return a copy of `y` with NaN where `mask` is False."""
    return np.where(mask, y, np.nan)
