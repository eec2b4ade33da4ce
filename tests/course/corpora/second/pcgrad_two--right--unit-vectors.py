"""Removes the part along the unit vector of the other gradient."""
import numpy as np


def without_part(a, b):
    u = b / np.linalg.norm(b)
    return a - (a @ u) * u


def pcgrad_two(g1, g2):
    if g1 @ g2 < 0:
        return without_part(g1, g2) + without_part(g2, g1)
    return g1 + g2
