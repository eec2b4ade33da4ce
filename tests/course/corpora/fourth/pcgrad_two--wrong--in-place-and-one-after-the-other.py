"""Two mistakes: projects g1 in place, which changes the caller's array, and then projects g2 against the changed g1 instead of the original."""
import numpy as np


def pcgrad_two(g1, g2):
    """Sum of the two gradients, each without its part against the other."""
    if np.dot(g1, g2) < 0:
        g1 -= np.dot(g1, g2) / np.dot(g2, g2) * g2
    if np.dot(g1, g2) < 0:
        g2 -= np.dot(g2, g1) / np.dot(g1, g1) * g1
    return g1 + g2
