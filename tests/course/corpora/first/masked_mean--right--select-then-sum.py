"""Boolean selection and Python's max for the divisor."""
def masked_mean(values, mask):
    kept = values[mask]
    return kept.sum() / max(len(kept), 1)
