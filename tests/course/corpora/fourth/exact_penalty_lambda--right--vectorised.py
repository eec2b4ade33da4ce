"""Right: NumPy masks in float64, the steepest saving per unit of violation."""
import numpy as np


def exact_penalty_lambda(ce, latency, budget):
    """Smallest lambda for which the penalised choice keeps the budget."""
    loss = np.asarray(ce, dtype=np.float64)
    over = np.asarray(latency, dtype=np.float64) - float(budget)
    feasible = over <= 0
    if feasible.all():
        return 0.0
    if not feasible.any():
        return np.inf
    slopes = (loss[feasible].min() - loss[~feasible]) / over[~feasible]
    return float(max(0.0, slopes.max()))
