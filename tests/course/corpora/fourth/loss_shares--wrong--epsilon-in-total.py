"""Adds 1e-8 to the total "for stability", so that small losses no longer have shares that sum to 1."""
import numpy as np


def loss_shares(losses, weights):
    weighted = np.asarray(losses) * np.asarray(weights)
    return weighted / (weighted.sum() + 1e-8)
