"""Does not keep alpha between 0 and 1 when one gradient alone is the shortest mix."""
import numpy as np


def min_norm_alpha(g1, g2):
    d = g1 - g2
    dd = np.dot(d, d)
    if dd == 0:
        return 0.5
    return -np.dot(d, g2) / dd
