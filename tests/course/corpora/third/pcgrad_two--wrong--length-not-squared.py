"""Divides by the length instead of the squared length, and guards it with 1e-3, which swamps small gradients."""
import numpy as np


def pcgrad_two(g1, g2):
    dot = (g1 * g2).sum()
    if dot >= 0:
        return g1 + g2
    n1 = np.linalg.norm(g1) + 1e-3
    n2 = np.linalg.norm(g2) + 1e-3
    return (g1 - dot / n2 * g2) + (g2 - dot / n1 * g1)
