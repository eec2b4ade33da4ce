"""A plain loop over the losses."""
def weighted_total(losses, weights):
    total = 0
    for name in losses:
        total = total + weights[name] * losses[name]
    return total
