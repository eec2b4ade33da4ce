r"""The shortest vector of the convex hull of the gradients (MGDA).

.. math::  \min_w \Big|\sum_t w_t\, g_t\Big|^2 \qquad\text{with } w_t \ge 0,\ \sum_t w_t = 1

for the gradients :math:`g_t` of the tasks. Two tasks have a closed form; here any number is solved exactly, as
non-negative least squares.

Source: Désidéri, Multiple-gradient descent algorithm, C. R. Math. 2012; Sener & Koltun, NeurIPS 2018, equation 3.
"""

import numpy as np

from mtl_teach.gradients._geometry import coordinates, min_norm_point, share_among_equals


def mgda_weights(gramian: np.ndarray) -> np.ndarray:
    """Take the shortest vector of the convex hull of the gradients (MGDA).

    It is 0 exactly where no direction improves all tasks (Pareto stationarity), and its inner product with
    every gradient is at least its own squared length. Small gradients get large weights, so the weights
    follow the units of the losses, and a task whose gradient is 0 (no label in the batch, for example) gets
    all the weight and stops every other task.

    References
    ----------
    Désidéri, Multiple-gradient descent algorithm, C. R. Math. 2012; Sener & Koltun, NeurIPS 2018, equation 3.
    They iterate (Frank-Wolfe); here the solution is exact, by non-negative least squares.
    """
    return share_among_equals(min_norm_point(coordinates(gramian)), gramian)
