"""Divides by the squared length of the gradient itself instead of that of the other one."""
import numpy as np


def pcgrad_two(g1, g2):
    d = np.dot(g1, g2)
    if d < 0:
        a = g1 - d / np.dot(g1, g1) * g2
        b = g2 - d / np.dot(g2, g2) * g1
        return a + b
    return g1 + g2
