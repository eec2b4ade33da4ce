"""Right: numpy in double precision, brings both arrays to a maximum of 1 before it multiplies."""
import numpy as np


def loss_shares(losses, weights):
    l = np.array(losses, dtype=np.float64)
    w = np.array(weights, dtype=np.float64)
    parts = (l / l.max()) * (w / w.max())
    return parts / parts.sum()
