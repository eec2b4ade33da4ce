"""One over the sum of the ratios to every other task, in a comprehension."""
import numpy as np


def sampling_probs(n, alpha):
    size = [float(v) for v in n]
    return np.array([1.0 / np.sum((np.array(size) / s) ** alpha) for s in size])
