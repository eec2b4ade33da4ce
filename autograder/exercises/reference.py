"""Small references in NumPy that the checks of several exercises share."""

from typing import Any

import numpy as np

from autograder.testing import CheckFailure, to_array


def bce_with_logits(logits: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The binary cross-entropy of each row from its logit, and its derivative in the logit.

    Worked out in float64 as log(1 + exp(z)) - y z, so it is finite for every finite logit.

    >>> loss, slope = bce_with_logits(np.array([0.0, 200.0]), np.array([1.0, 0.0]))
    >>> loss.round(4).tolist(), slope.round(4).tolist()
    ([0.6931, 200.0], [-0.5, 1.0])
    """
    z, y = np.asarray(logits, float), np.asarray(targets, float)
    small = np.exp(-np.abs(z))
    sigmoid = np.where(z >= 0, 1.0, small) / (1.0 + small)
    return np.maximum(z, 0.0) + np.log1p(small) - y * z, sigmoid - y


def logit_with_loss(loss: float) -> float:
    """The logit at which a row with label 1 costs exactly ``loss``.

    >>> round(float(bce_with_logits(logit_with_loss(0.35), 1.0)[0]), 12)
    0.35
    """
    return float(-np.log(np.expm1(loss)))


def without_a_leak(gradient: Any, hidden: np.ndarray, inputs: dict[str, Any], what: str = "the gradient") -> Any:
    """The gradient as it came, once nothing of it leaks to the entries that are hidden: there it is exactly 0.

    A NaN and another shape are left to the comparison, which has better words for them.

    >>> without_a_leak([0.5, 1e-9], np.array([False, True]), {})
    Traceback (most recent call last):
        ...
    autograder.testing.CheckFailure: The gradient of an entry that is not observed must be exactly 0.
    """
    entries = to_array(gradient, what)
    if entries.shape == hidden.shape and np.isfinite(entries).all() and (entries * hidden).any():
        summary = f"{what.capitalize()} of an entry that is not observed must be exactly 0."
        raise CheckFailure(summary, inputs, np.where(hidden, 0.0, entries), gradient)
    return gradient
