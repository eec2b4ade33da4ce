"""Right answers that look nothing alike."""

import math

import numpy as np

from autograder.testing import alternative


@alternative("boolean index")
def boolean_index(y, observed, propensity, self_normalised=False, clip=0.05):
    kept = observed == 1
    weights = 1 / np.maximum(propensity[kept], clip)
    return np.sum(weights * y[kept]) / (np.sum(weights) if self_normalised else len(y))


@alternative("a loop over rows and an exact sum")
def loop(y, observed, propensity, self_normalised=False, clip=0.05):
    terms, weights = [], []
    for value, seen, chance in zip(y, observed, propensity):
        if seen:
            weight = 1.0 / max(float(chance), clip)
            weights.append(weight)
            terms.append(float(value) * weight)
    return math.fsum(terms) / (math.fsum(weights) if self_normalised else len(y))


@alternative("fill with zeros, then dot products over all rows")
def dot_products(y, observed, propensity, self_normalised=False, clip=0.05):
    weights = np.where(observed, 1.0, 0.0) / np.clip(propensity, clip, None)
    total = np.dot(weights, np.where(observed, y, 0.0))
    return (total / weights.sum()) if self_normalised else total / weights.size


@alternative("np.average for SNIPS, a mean of rows with zeros for IPS")
def average(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = np.flatnonzero(observed)
    chance = np.fmax(np.take(propensity, seen), clip)
    if self_normalised:
        return float(np.average(np.take(y, seen), weights=chance**-1))
    rows = np.zeros(len(y))
    rows[seen] = y[seen] / chance
    return rows.mean()


@alternative("SNIPS as IPS of y over IPS of ones, nan-aware sum, answer in an array of shape ()")
def ratio_of_two(y, observed, propensity, self_normalised=False, clip=0.05):
    chance = np.where(propensity > clip, propensity, clip)
    ips = np.nansum(np.where(observed, y, np.nan) / chance) / len(y)
    if not self_normalised:
        return np.array(ips)
    return np.array(ips / (np.sum(np.asarray(observed, float) / chance) / len(y)))


@alternative("observed as a boolean mask of a masked array")
def masked_array(y, observed, propensity, self_normalised=False, clip=0.05):
    seen = np.asarray(observed, bool)
    rows = np.ma.masked_array(y, mask=~seen)
    weights = np.reciprocal(propensity.clip(min=clip))
    if self_normalised:
        return float(np.ma.average(rows, weights=weights))
    return float((rows * weights).sum()) / seen.shape[0]


@alternative("a running mean, row by row")
def running_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    rows, mass, mean = 0, 0.0, 0.0
    for i in range(len(y)):
        weight = 1 / max(clip, propensity[i].item()) if observed[i] else 0.0
        rows, mass = rows + 1, mass + weight
        if weight:
            mean += weight / mass * (y[i].item() - mean)
    return mean if self_normalised else mean * mass / rows


@alternative("torch, in float64")
def in_torch(y, observed, propensity, self_normalised=False, clip=0.05):
    import torch

    kept = torch.as_tensor(observed) > 0
    weights = 1 / torch.as_tensor(propensity)[kept].double().clamp(min=clip)
    total = (torch.as_tensor(y)[kept].double() * weights).sum()
    return total / (weights.sum() if self_normalised else kept.numel())
