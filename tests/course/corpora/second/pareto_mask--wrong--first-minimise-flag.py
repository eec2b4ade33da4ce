"""Turns every column around as soon as the first flag is False, instead of each by its own flag."""
import numpy as np


def pareto_mask(points, maximise):
    p = -points if not maximise[0] else points
    mask = []
    for a in p:
        beaten = False
        for b in p:
            if (b >= a).all() and (b > a).any():
                beaten = True
        mask.append(not beaten)
    return np.array(mask)
