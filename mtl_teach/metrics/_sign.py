"""Which way is better, as a sign: +1 where higher is better, -1 where lower is."""

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach._validate import check_boolean, check_shape


def sign_of(higher_is_better: ArrayLike, n_tasks: int) -> np.ndarray:
    higher_is_better = np.asarray(higher_is_better)
    check_shape("higher_is_better", higher_is_better, n_tasks=n_tasks)
    check_boolean("higher_is_better", higher_is_better)
    return np.where(higher_is_better, 1.0, -1.0)
