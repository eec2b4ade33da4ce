r"""The methods by name: from a Gramian to weights, from a Jacobian to one gradient.

.. math::  G = J J^\top \;\longmapsto\; w \;\longmapsto\; d = J^\top w

with one row of the Jacobian :math:`J` and one weight :math:`w_t` a task. A method decides only the first arrow, in
float64 on the CPU; here its argument is checked, and the rows are combined, in one place for all methods. The source
of each method stands in its file.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mtl_teach._validate import check_all, check_choice, check_tensor, must
from mtl_teach.gradients.cagrad import cagrad_weights
from mtl_teach.gradients.constant import mean_weights, sum_weights
from mtl_teach.gradients.imtl_g import imtl_g_weights
from mtl_teach.gradients.mgda import mgda_weights
from mtl_teach.gradients.pcgrad import pcgrad_weights
from mtl_teach.gradients.upgrad import upgrad_weights

METHODS: dict[str, Callable[..., np.ndarray]] = {
    "sum": sum_weights,
    "mean": mean_weights,
    "pcgrad": pcgrad_weights,
    "mgda": mgda_weights,
    "upgrad": upgrad_weights,
    "cagrad": cagrad_weights,
    "imtl_g": imtl_g_weights,
}
"""Every method by name: a function from a Gramian (n_tasks, n_tasks) to weights (n_tasks,)."""


def gramian_weights(gramian: Tensor, method: str, **kw: Any) -> Tensor:
    """Return the weight that a method gives to each task's gradient.

    Parameters
    ----------
    gramian : Tensor of shape (n_tasks, n_tasks)
        Inner products of the gradients, ``jacobian @ jacobian.T``.
    method : {"sum", "mean", "pcgrad", "mgda", "upgrad", "cagrad", "imtl_g"}
    **kw
        ``generator`` (torch.Generator, optional) for "pcgrad"; ``c`` (float, default 0.5) for "cagrad".

    Returns
    -------
    Tensor of shape (n_tasks,)
        In the dtype and on the device of `gramian`; computed in float64 on the CPU. Multiplying all
        gradients by one positive number does not change it; multiplying one of them does.

    Raises
    ------
    TypeError
        If `gramian` is not a floating-point tensor, or the method does not know an option.
    ValueError
        If `gramian` is not square, has no row, is not finite, has a negative diagonal, or holds no inner products
        (they are symmetric, and none is larger than the product of the two lengths), or the method is unknown.

    Examples
    --------
    >>> gramian_weights(torch.tensor([[1.0, 0.0], [0.0, 4.0]]), "mgda")
    tensor([0.8000, 0.2000])
    """
    check_choice("method", method, METHODS)
    check_tensor("gramian", gramian, n_rows=None, n_columns=None)
    if gramian.shape[0] != gramian.shape[1] or len(gramian) == 0:
        need = "have shape (n_tasks, n_tasks) with at least one task"
        raise ValueError(must("gramian", need, tuple(gramian.shape)))
    products = gramian.detach().cpu().double().numpy()
    check_all("gramian", products, np.isfinite(products), "be finite")
    check_all("gramian", products.diagonal(), products.diagonal() >= 0, "have a non-negative diagonal")
    weights = METHODS[method](_inner_products(products), **kw)
    return torch.from_numpy(weights).to(gramian)


def aggregate(jacobian: Tensor, method: str, **kw: Any) -> tuple[Tensor, Tensor]:
    """Combine the gradients of all tasks into one.

    Parameters
    ----------
    jacobian : Tensor of shape (n_tasks, n_params)
    method, **kw
        As in `gramian_weights`.

    Returns
    -------
    gradient : Tensor of shape (n_params,)
        ``weights @ jacobian``; step *against* it.
    weights : Tensor of shape (n_tasks,)

    Raises
    ------
    TypeError, ValueError
        If `jacobian` is not a floating-point matrix, has no row or is not finite, or as `gramian_weights`.

    Examples
    --------
    >>> gradient, weights = aggregate(torch.tensor([[1.0, 0.0], [-1.0, 1.0]]), "pcgrad")
    >>> gradient, weights
    (tensor([0.5000, 1.5000]), tensor([2.0000, 1.5000]))
    """
    check_tensor("jacobian", jacobian, n_tasks=None, n_params=None)
    if len(jacobian) == 0:
        raise ValueError(must("jacobian", "have at least one task", "none"))
    weights = gramian_weights(_gramian(jacobian.detach()), method, **kw).to(jacobian.dtype)
    return weights @ jacobian, weights


def _inner_products(products: np.ndarray) -> np.ndarray:
    """Check that these can be inner products, and cut off what rounding left: none exceeds the two lengths' product."""
    lengths = np.sqrt(products.diagonal())
    bound = np.outer(lengths, lengths)
    slack = 1e-15 * bound.max()  # beside a long gradient, the square of a short one can vanish
    # Entries of a product in half precision are off by up to 1 in 100.
    possible = np.abs(products) <= 1.01 * bound + slack
    check_all("gramian", products, possible, "hold inner products, none above the product of the two lengths")
    symmetric = np.abs(products - products.T) <= 0.02 * bound + slack
    check_all("gramian", products, symmetric, "be symmetric")
    return np.clip(products, -bound, bound)


def _gramian(jacobian: Tensor) -> Tensor:
    gramian = jacobian @ jacobian.T
    smallest, largest = gramian.diagonal().aminmax()
    # Squares of gradients beyond 1e-15 or 1e19 leave the range of float32. No weight depends on a common scale.
    if not (smallest > 1e-30 and largest < torch.inf):
        check_all("jacobian", jacobian, jacobian.isfinite(), "be finite")
        rows = jacobian.double()
        size = rows.abs().amax() if rows.numel() else rows.new_zeros(())
        rows = rows / torch.where(size > 0, size, 1.0)
        gramian = rows @ rows.T
    return gramian
