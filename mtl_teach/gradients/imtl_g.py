r"""The same component along every task's own direction (IMTL-G).

.. math::  d \cdot \frac{g_1}{|g_1|} = \dots = d \cdot \frac{g_T}{|g_T|}, \qquad
           d = \sum_t w_t\, g_t,\ \sum_t w_t = 1

for the gradients :math:`g_t` of :math:`T` tasks.

Source: Liu et al., Towards impartial multi-task learning, ICLR 2021.
"""

import numpy as np

from mtl_teach.gradients._geometry import norms_and_cosines


def imtl_g_weights(gramian: np.ndarray) -> np.ndarray:
    """Give the result the same component along every task's own direction (IMTL-G).

    ``d . g_t / |g_t|`` is equal for all t. The weights sum to 1 and can be *negative*. A task with gradient 0
    gets weight 0; if no such direction exists (opposite gradients), all weights are 0. The paper inverts a
    matrix; the pseudo-inverse gives the same and also takes linearly dependent gradients.

    References
    ----------
    Liu et al., Towards impartial multi-task learning, ICLR 2021: the gradient balance, IMTL-G.
    """
    norms, cosines = norms_and_cosines(gramian)
    weights = np.linalg.pinv(cosines, rcond=1e-12, hermitian=True) @ (norms > 0)
    weights = np.divide(weights, norms, out=np.zeros_like(weights), where=norms > 0)
    total = weights.sum()
    return weights / total if abs(total) > 1e-9 * np.abs(weights).sum() else np.zeros_like(weights)
