"""Writes zeros into the caller's values at the unobserved places."""
def masked_mean(values, mask):
    values[~mask] = 0.0
    n = mask.sum().clamp(min=1)
    return values.sum() / n
