"""Takes minus the logarithm of the ratio."""
import numpy as np


def lookahead_affinity(loss_before, loss_after):
    return -np.log(loss_after / loss_before)
