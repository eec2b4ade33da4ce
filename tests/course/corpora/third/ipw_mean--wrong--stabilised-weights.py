"""Multiplies the weights by the share of observed rows, so that IPS comes out too small by that share."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = observed > 0
    marginal = seen.mean()
    w = marginal / np.maximum(propensity, clip)
    top = 0.0
    bottom = 0.0
    for i in range(len(y)):
        if seen[i]:
            top += w[i] * y[i]
            bottom += w[i]
    return top / bottom if self_normalised else top / len(y)
