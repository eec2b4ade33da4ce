"""A task without a weight silently counts with weight 1 instead of raising KeyError."""
def weighted_total(losses, weights):
    return sum(weights.get(task, 1.0) * loss for task, loss in losses.items())
