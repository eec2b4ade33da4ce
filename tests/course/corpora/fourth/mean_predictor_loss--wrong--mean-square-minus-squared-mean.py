"""Takes the mean square minus the squared mean in the dtype of Y, which cancels in float32 when the labels lie far from 0."""
import numpy as np


def mean_predictor_loss(Y):
    Y = np.asarray(Y)
    return (Y ** 2).mean(axis=0) - Y.mean(axis=0) ** 2
