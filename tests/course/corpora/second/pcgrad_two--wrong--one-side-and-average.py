"""Changes only g1, and returns the average instead of the sum."""
import numpy as np


def pcgrad_two(g1, g2):
    inner = (g1 * g2).sum()
    new_g1 = g1.copy()
    if inner < 0:
        new_g1 = g1 - inner / (g2 ** 2).sum() * g2
    return (new_g1 + g2) / 2
