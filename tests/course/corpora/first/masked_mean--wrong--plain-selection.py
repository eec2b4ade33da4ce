"""The mean of an empty selection is NaN; there is no case for a mask without True."""
def masked_mean(values, mask):
    return values[mask].mean()
