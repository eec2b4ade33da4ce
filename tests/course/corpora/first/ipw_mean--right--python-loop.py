"""A loop over the rows without NumPy."""
def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    top, weight_sum, n = 0.0, 0.0, 0
    for value, seen, p in zip(y, observed, propensity):
        n += 1
        if not seen:
            continue
        w = 1.0 / max(float(p), clip)
        top += w * float(value)
        weight_sum += w
    return top / (weight_sum if self_normalised else n)
