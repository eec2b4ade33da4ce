"""Keeps only points that are the best in at least one objective, so that compromises in between are lost."""
import numpy as np


def pareto_mask(points, maximise):
    mask = np.zeros(points.shape[0], dtype=bool)
    for k, up in enumerate(maximise):
        column = points[:, k]
        best = column.max() if up else column.min()
        mask = mask | (column == best)
    return mask
