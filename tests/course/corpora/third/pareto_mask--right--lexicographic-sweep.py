"""Sorts by all objectives and compares each point with the front found so far."""
import numpy as np


def pareto_mask(points, maximise):
    rows = [tuple(v if up else -v for v, up in zip(r, maximise)) for r in np.asarray(points).tolist()]
    order = sorted(range(len(rows)), key=rows.__getitem__, reverse=True)
    front = []
    for i in order:
        a = rows[i]
        if not any(rows[j] != a and all(y >= x for x, y in zip(a, rows[j])) for j in front):
            front.append(i)
    mask = np.zeros(len(rows), dtype=bool)
    mask[front] = True
    return mask
