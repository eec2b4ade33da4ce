"""Multiplies by the mask, so a NaN in an unobserved entry makes the result NaN."""
def masked_mean(values, mask):
    m = mask.to(values.dtype)
    return (values * m).sum() / m.sum().clamp(min=1)
