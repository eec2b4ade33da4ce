"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("all pairs by broadcasting")
def broadcasting(points, maximise):
    cost = np.where(maximise, -points, points)
    no_worse = (cost[:, None, :] <= cost[None, :, :]).all(axis=2)
    better = (cost[:, None, :] < cost[None, :, :]).any(axis=2)
    return ~(no_worse & better).any(axis=0)


@alternative("unique rows first: then any other row that is no worse dominates")
def unique_rows(points, maximise):
    gain = points * [1 if flag else -1 for flag in maximise]
    rows, back = np.unique(gain, axis=0, return_inverse=True)
    kept = [sum((other >= row).all() for other in rows) == 1 for row in rows]
    return np.array(kept)[back.ravel()]


@alternative("a loop in plain Python that returns a list")
def loop(points, maximise):
    signs = [-1.0 if flag else 1.0 for flag in maximise]
    rows = [tuple(sign * value for sign, value in zip(signs, row)) for row in points.tolist()]
    mask = []
    for row in rows:
        beaten = False
        for other in rows:
            if other != row and all(a <= b for a, b in zip(other, row)):
                beaten = True
        mask.append(not beaten)
    return mask


@alternative("sorted by the sum of costs, each point compared with those kept so far, 0 and 1 as integers")
def sorted_archive(points, maximise):
    cost = points.astype(float)
    cost[:, np.asarray(maximise)] *= -1
    front, mask = [], np.zeros(len(cost), dtype=int)
    for index in np.lexsort(cost.T):
        row = cost[index]
        if not any((kept <= row).all() and (kept < row).any() for kept in front):
            front.append(row)
            mask[index] = 1
    return mask


@alternative("differences of each point to all others")
def differences(points, maximise):
    mask = np.ones(len(points), dtype=bool)
    for index in range(len(points)):
        gap = points - points[index]
        gap = np.where(np.array(maximise), gap, -gap)
        mask[index] = not ((gap.min(axis=1) >= 0) & (gap.max(axis=1) > 0)).any()
    return mask
