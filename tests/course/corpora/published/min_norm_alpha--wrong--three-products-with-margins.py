"""Works with the three inner products, keeps alpha between 0.001 and 0.999, and equal gradients give 0.999."""
import numpy as np


def _min_norm_element_from2(v1v1, v1v2, v2v2):
    if v1v2 >= v1v1:
        # Case: Fig 1, third column
        gamma = 0.999
        return gamma
    if v1v2 >= v2v2:
        # Case: Fig 1, first column
        gamma = 0.001
        return gamma
    # Case: Fig 1, second column
    gamma = -1.0 * ((v1v2 - v2v2) / (v1v1 + v2v2 - 2 * v1v2))
    return gamma


def min_norm_alpha(g1, g2):
    return _min_norm_element_from2(np.dot(g1, g1), np.dot(g1, g2), np.dot(g2, g2))
