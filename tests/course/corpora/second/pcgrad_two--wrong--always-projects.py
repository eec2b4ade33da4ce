"""Takes the common part away also when the gradients agree."""
import numpy as np


def pcgrad_two(g1, g2):
    d = np.dot(g1, g2)
    if d == 0:
        return g1 + g2
    return (g1 - d / np.dot(g2, g2) * g2) + (g2 - d / np.dot(g1, g1) * g1)
