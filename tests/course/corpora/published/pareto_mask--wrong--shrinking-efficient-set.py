"""The fast loop that shrinks the efficient set: of equal points it keeps only one."""
import numpy as np


def is_pareto_efficient(costs):
    is_efficient = np.ones(costs.shape[0], dtype=bool)
    for i, c in enumerate(costs):
        if is_efficient[i]:
            is_efficient[is_efficient] = np.any(costs[is_efficient] < c, axis=1)
            is_efficient[i] = True
    return is_efficient


def pareto_mask(points, maximise):
    costs = points * np.where(maximise, -1, 1)
    return is_pareto_efficient(costs)
