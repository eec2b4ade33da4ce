r"""Which tasks pull against each other.

.. math::  \cos_{ij} = \frac{g_i \cdot g_j}{|g_i|\,|g_j|}

for the gradients :math:`g_t` of the tasks, the rows of the Jacobian. Below 0 two tasks conflict: a small step for one
raises the loss of the other.

Source: Yu et al., Gradient surgery for multi-task learning, NeurIPS 2020, definition 1.
"""

import torch
from torch import Tensor

from mtl_teach._validate import check_tensor


def cosine_conflict(jacobian: Tensor) -> Tensor:
    """Return the cosine between the gradients of every two tasks; below 0 they conflict.

    Parameters
    ----------
    jacobian : Tensor of shape (n_tasks, n_params)

    Returns
    -------
    Tensor of shape (n_tasks, n_tasks)
        Symmetric, in [-1, 1], without unit. A gradient of 0 has no direction: its cosines are all 0.

    Raises
    ------
    TypeError, ValueError
        If `jacobian` is not a floating-point matrix.

    Examples
    --------
    >>> cosine_conflict(torch.tensor([[1.0, 0.0], [-2.0, 0.0], [0.0, 3.0]]))
    tensor([[ 1., -1.,  0.],
            [-1.,  1.,  0.],
            [ 0.,  0.,  1.]])
    """
    check_tensor("jacobian", jacobian, n_tasks=None, n_params=None)
    largest = jacobian.abs().amax(dim=1, keepdim=True)
    # Squaring entries of 1e-30 or 1e30 would leave the range of float32, so each row is brought near 1 first.
    rows = jacobian / torch.where(largest > 0, largest, 1.0)
    rows = rows / rows.norm(dim=1, keepdim=True).clamp(min=1.0)
    return (rows @ rows.T).clamp(-1.0, 1.0)
