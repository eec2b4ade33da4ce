"""For an empty mask it returns the values times 0, which is NaN where an unobserved value is NaN."""
def masked_mean(values, mask):
    if mask.sum() == 0:
        return (values * 0).sum()
    return values[mask].mean()
