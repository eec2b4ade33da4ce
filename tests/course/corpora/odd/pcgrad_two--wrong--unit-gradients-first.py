"""Brings both to length 1 first and projects those."""
import numpy as np


def pcgrad_two(g1, g2):
    n1, n2 = np.linalg.norm(g1), np.linalg.norm(g2)
    if n1 == 0 or n2 == 0:
        return g1 + g2
    a, b = g1 / n1, g2 / n2
    d = a @ b
    return a + b if d >= 0 else a - d * b + b - d * a
