"""IPS divides by the number of observed rows instead of all rows."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = observed == 1
    ys = y[seen]
    ws = 1 / np.clip(propensity[seen], clip, 1)
    if self_normalised:
        return (ws * ys).sum() / ws.sum()
    return (ws * ys).mean()
