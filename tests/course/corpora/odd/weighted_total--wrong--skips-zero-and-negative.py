"""Leaves out losses that are not positive."""
def weighted_total(losses, weights):
    return sum(weights[t] * l for t, l in losses.items() if l > 0 or weights[t] != weights[t])
