"""Plain Python numbers in a list, NumPy only for the result."""
import numpy as np


def loss_shares(losses, weights):
    parts = [float(l) * float(w) for l, w in zip(losses, weights)]
    total = sum(parts)
    return np.array([p / total for p in parts])
