"""All pairs at once by broadcasting."""
import numpy as np


def pareto_mask(points, maximise):
    cost = np.where(np.asarray(maximise), -points, points)
    no_worse = (cost[:, None, :] <= cost[None, :, :]).all(axis=2)
    better = (cost[:, None, :] < cost[None, :, :]).any(axis=2)
    return ~(no_worse & better).any(axis=0)
