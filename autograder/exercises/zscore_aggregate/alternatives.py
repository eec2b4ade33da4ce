"""Right answers that look nothing alike."""

import statistics
from fractions import Fraction

import numpy as np

from autograder.testing import alternative


@alternative("arrays, with the spread of an equal task replaced")
def arrays(scores, higher_is_better, reference):
    equal = np.ptp(reference, axis=0) == 0
    z = (scores - reference.mean(axis=0)) / np.where(equal, 1, reference.std(axis=0))
    return (np.where(higher_is_better, 1, -1) * np.where(equal, 0, z)).mean(axis=1)


@alternative("a loop over models and tasks, with the statistics module")
def loop(scores, higher_is_better, reference):
    totals = []
    for model in scores.tolist():
        total = 0.0
        for value, higher, column in zip(model, higher_is_better, reference.T.tolist()):
            if len(set(column)) > 1:
                z = (value - statistics.fmean(column)) / statistics.pstdev(column)
                total += z if higher else -z
        totals.append(total / len(model))
    return totals


@alternative("scikit-learn's scaler, fitted on the reference, without its equal columns")
def standard_scaler(scores, higher_is_better, reference):
    from sklearn.preprocessing import StandardScaler

    varied = reference.max(axis=0) > reference.min(axis=0)
    if not varied.any():
        return np.zeros(len(scores))
    scaler = StandardScaler().fit(reference[:, varied])
    return scaler.transform(scores[:, varied]) @ np.where(higher_is_better[varied], 1.0, -1.0) / varied.size


@alternative("lower is better turned round in both tables first")
def turned_first(scores, higher_is_better, reference):
    sign = np.where(higher_is_better, 1.0, -1.0)
    scores, reference = sign * scores, sign * reference
    varied = (reference != reference[0]).any(axis=0)
    z = np.zeros(scores.shape)
    np.divide(scores - reference.mean(0), reference.std(0), out=z, where=varied)
    return z.mean(axis=1)


@alternative("as weights: one over the deviation, and a constant")
def weights(scores, higher_is_better, reference):
    mean, deviation = reference.astype(float).mean(0), reference.astype(float).std(0)
    varied = np.array([len(np.unique(column)) > 1 for column in reference.T])
    weight = np.zeros(len(mean))
    weight[varied] = np.where(higher_is_better, 1, -1)[varied] / deviation[varied]
    return ((scores - mean) @ weight) / len(weight)


@alternative("exact fractions up to the root of the variance")
def fractions(scores, higher_is_better, reference):
    def rulers():
        for column in reference.T.tolist():
            values = [Fraction(value) for value in column]
            mean = sum(values) / len(values)
            yield mean, float(sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5

    found = []
    for model in scores.tolist():
        parts = []
        for value, higher, (mean, deviation) in zip(model, higher_is_better, rulers()):
            distance = float(Fraction(value) - mean) * (1 if higher else -1)
            parts.append(distance / deviation if deviation else 0.0)
        found.append(sum(parts) / len(parts))
    return found


@alternative("a torch tensor")
def in_torch(scores, higher_is_better, reference):
    import torch

    scores, reference = torch.from_numpy(scores).double(), torch.from_numpy(reference).double()
    centred = scores - reference.mean(dim=0)
    z = centred / reference.std(dim=0, unbiased=False)
    z = torch.where(reference.amax(0) == reference.amin(0), torch.zeros_like(z), z)
    return torch.where(torch.from_numpy(higher_is_better), z, -z).mean(dim=1)


@alternative("scipy's zmap, task by task")
def zmap(scores, higher_is_better, reference):
    from scipy import stats

    columns = []
    for values, higher, column in zip(scores.T, higher_is_better, reference.T):
        z = np.zeros(len(values)) if np.all(column == column[0]) else stats.zmap(values, column)
        columns.append(z if higher else -z)
    return np.mean(columns, axis=0)
