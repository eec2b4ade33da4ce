"""Throws rows with a propensity below clip away instead of counting them with the propensity clip."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    total, wsum = 0.0, 0.0
    for yi, o, p in zip(y, observed, propensity):
        if not o or p < clip:
            continue
        total += yi / p
        wsum += 1 / p
    return total / wsum if self_normalised else total / len(y)
