"""Adds 1e-8 to b . b against a zero gradient, so that gradients of size 1e-6 are hardly projected at all."""
import numpy as np


def pcgrad_two(g1, g2):
    """Sum of the two gradients, each without its part against the other."""
    dot = np.dot(g1, g2)
    if dot >= 0:
        return g1 + g2
    p1 = g1 - dot / (np.dot(g2, g2) + 1e-8) * g2
    p2 = g2 - dot / (np.dot(g1, g1) + 1e-8) * g1
    return p1 + p2
