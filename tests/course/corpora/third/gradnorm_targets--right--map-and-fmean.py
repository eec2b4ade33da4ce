"""Python floats, map and statistics.fmean."""
import operator
from statistics import fmean

import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    kept = list(map(operator.truediv, losses.tolist(), initial_losses.tolist()))
    middle = fmean(kept)
    target = fmean(weighted_norms.tolist())
    return np.array([target * (k / middle) ** alpha for k in kept])
