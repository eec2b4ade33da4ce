"""Sigmoids and softmaxes in plain NumPy, under SciPy's names, for right and wrong answers.

With SciPy's own, the first check of an exercise on plain NumPy would wait until that library is loaded.
"""

from typing import Any

import numpy as np


def expit(logits: Any) -> Any:
    """The probability of each logit, finite whatever its size.

    >>> expit(np.array([0.0, -1000.0, 1000.0])).tolist()
    [0.5, 0.0, 1.0]
    """
    small = np.exp(-np.abs(logits))
    return np.where(np.asarray(logits) >= 0, np.ones_like(small), small) / (1 + small)


def log_expit(logits: Any) -> Any:
    """The logarithm of each logit's probability.

    >>> log_expit(np.array([0.0, -1000.0])).round(4).tolist()
    [-0.6931, -1000.0]
    """
    return -np.logaddexp(0, -np.asarray(logits))


def softmax(logits: Any, axis: int | None = None) -> Any:
    """Shares along an axis, or over everything.

    >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]), axis=1).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    shares = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


def log_softmax(logits: Any, axis: int | None = None) -> Any:
    """The logarithms of these shares.

    >>> log_softmax(np.array([1000.0, 0.0])).tolist()
    [0.0, -1000.0]
    """
    shifted = logits - np.max(logits, axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
