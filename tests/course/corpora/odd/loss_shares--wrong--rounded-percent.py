"""Rounds the shares to whole per cent."""
import numpy as np


def loss_shares(losses, weights):
    z = losses * weights
    return np.round(z / z.sum(), 2)
