"""Takes only half of the conflicting part away from each gradient."""
import numpy as np


def pcgrad_two(g1, g2):
    d = float(g1 @ g2)
    if d >= 0:
        return g1 + g2
    return g1 + g2 - 0.5 * d / (g2 @ g2) * g2 - 0.5 * d / (g1 @ g1) * g1
