r"""Take from each gradient what opposes another one, then add (PCGrad).

.. math::  g_i \leftarrow g_i - \frac{g_i \cdot g_j}{|g_j|^2}\, g_j \qquad\text{where } g_i \cdot g_j < 0

for every other task :math:`j` in random order; on the left the running projection, with index :math:`j` always the
original gradient. Written with the Gramian, such a step adds to the weight of :math:`g_j`.

Source: Yu et al., Gradient surgery for multi-task learning, NeurIPS 2020, algorithm 1.
"""

import numpy as np
import torch


def pcgrad_weights(gramian: np.ndarray, generator: torch.Generator | None = None) -> np.ndarray:
    """Project conflicting gradients (PCGrad).

    Each gradient in turn visits the others in random order. Where what is left of it opposes another task's
    *original* gradient, it loses its component along that one. The results are summed (not averaged).

    References
    ----------
    Yu et al., Gradient surgery for multi-task learning, NeurIPS 2020, algorithm 1.
    """
    n_tasks = len(gramian)
    total = np.zeros(n_tasks)
    for i in range(n_tasks):
        weights = np.zeros(n_tasks)
        weights[i] = 1.0
        inner = gramian[i].copy()  # of the running projection with every original gradient
        for j in torch.randperm(n_tasks, generator=generator).tolist():
            if j != i and inner[j] < 0:
                step = -inner[j] / gramian[j, j]
                weights[j] += step
                inner += step * gramian[j]
        total += weights
    return total
