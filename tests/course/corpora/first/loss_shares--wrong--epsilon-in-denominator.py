"""Adds 1e-8 to the total, so the shares of very small losses do not sum to 1."""
import numpy as np


def loss_shares(losses, weights):
    contrib = np.asarray(losses) * np.asarray(weights)
    return contrib / (contrib.sum() + 1e-8)
