"""Which way is better, as a sign: +1 where higher is better, -1 where lower is."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._tables import as_mask, check_names
from mtl_teach._validate import check_shape


def sign_of(higher_is_better: ArrayLike, n_tasks: int, names: list[Any] | None = None) -> np.ndarray:
    """Return the sign of each task; `names` are the columns that a Series of answers must have."""
    higher = np.asarray(higher_is_better)
    check_shape("higher_is_better", higher, n_tasks=n_tasks)
    check_names("higher_is_better", higher_is_better, "`scores`", names)
    return np.where(as_mask("higher_is_better", higher_is_better), 1.0, -1.0)
