r"""Weights that you choose and that stay: what the other methods are compared with.

.. math::  L = \sum_t w_t L_t, \qquad w_t \ge 0 \text{ constant}

for the losses :math:`L_t` of the tasks. Source: no paper; tuned, it is hard to beat (Xin et al., Do current
multi-task optimization methods in deep learning even help?, NeurIPS 2022).
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mtl_teach._tables import as_floats
from mtl_teach._validate import check_all, check_shape, must
from mtl_teach.weighting.base import Weighting


class WeightedSum(Weighting):
    """Weights that you choose and that stay.

    Parameters
    ----------
    weights : Tensor or sequence of floats of shape (n_tasks,)
        Non-negative and finite.

    Raises
    ------
    ValueError
        If `weights` is no vector, is empty, or holds a negative or infinite number.
    TypeError
        If `weights` does not hold numbers.

    Examples
    --------
    >>> WeightedSum([2.0, 0.5])(torch.tensor([0.25, 4.0]))
    tensor(2.5000)
    """

    def __init__(self, weights: Tensor | Sequence[float]):
        values = as_floats("weights", weights)
        check_shape("weights", values, n_tasks=None)
        if len(values) == 0:
            raise ValueError(must("weights", "hold at least one", "none"))
        check_all("weights", values, (values >= 0) & np.isfinite(values), "be non-negative and finite")
        super().__init__(len(values))
        device = weights.device if isinstance(weights, Tensor) else None
        self.weights = torch.tensor(values, dtype=torch.get_default_dtype(), device=device)

    def reset(self) -> None:
        """Do nothing: there is nothing to forget."""
