"""Both projections from the originals."""
import numpy as np


def pcgrad_two(g1, g2):
    dot = np.dot(g1, g2)
    if dot >= 0:
        return g1 + g2
    p1 = g1 - dot / np.dot(g2, g2) * g2
    p2 = g2 - dot / np.dot(g1, g1) * g1
    return p1 + p2
