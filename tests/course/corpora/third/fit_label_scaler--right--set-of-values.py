"""Column by column in Python, with a set of the values to see whether a column is constant."""
import math

import numpy as np


def fit_label_scaler(Y_train):
    means, scales = [], []
    for column in np.asarray(Y_train, dtype=np.float64).T:
        values = column.tolist()
        m = math.fsum(values) / len(values)
        means.append(m)
        if len(set(values)) == 1:
            scales.append(1.0)
        else:
            scales.append(math.sqrt(math.fsum((v - m) ** 2 for v in values) / len(values)))
    return np.array(means), np.array(scales)
