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


@alternative("a torch tensor, two comparisons counted")
def in_torch(points, maximise):
    import torch

    cost = torch.tensor(points) * torch.tensor([-1.0 if flag else 1.0 for flag in maximise], dtype=torch.float64)
    other, own = cost.unsqueeze(0), cost.unsqueeze(1)
    no_worse, equal = (other <= own).sum(dim=2), (other == own).sum(dim=2)
    return torch.logical_not(((no_worse == cost.shape[1]) & (equal < cost.shape[1])).any(dim=1))


@alternative("a comprehension over rows with sets of their rivals")
def comprehension(points, maximise):
    def better_or_equal(k, row, other):
        return other[k] >= row[k] if maximise[k] else other[k] <= row[k]

    table = [tuple(row) for row in points.tolist()]
    rivals = set(table)
    return [
        not any(all(better_or_equal(k, row, other) for k in range(len(row))) for other in rivals - {row})
        for row in table
    ]


@alternative("a recursion that halves the table and merges two fronts")
def divide_and_merge(points, maximise):
    cost = points * np.where(maximise, -1.0, 1.0)

    def front(rows):
        if len(rows) == 1:
            return rows
        left, right = front(rows[: len(rows) // 2]), front(rows[len(rows) // 2 :])
        return survivors(left, right) + survivors(right, left)

    def survivors(rows, rivals):
        return [i for i in rows if not any((cost[j] <= cost[i]).all() and (cost[j] != cost[i]).any() for j in rivals)]

    kept = set(front(list(range(len(cost)))))
    return tuple(index in kept for index in range(len(cost)))


@alternative("ranks in place of values, einsum in place of any and all")
def ranks(points, maximise):
    columns = [
        np.unique(-column if more else column, return_inverse=True)[1] for column, more in zip(points.T, maximise)
    ]
    rank = np.stack(columns, axis=1)
    worse = np.einsum("jik->ji", (rank[:, None] > rank[None]).astype(int))
    better = np.einsum("jik->ji", (rank[:, None] < rank[None]).astype(int))
    return 1.0 - np.any((worse == 0) * better, axis=0)
