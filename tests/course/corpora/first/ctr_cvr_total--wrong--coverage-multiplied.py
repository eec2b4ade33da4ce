"""Scales the conversion loss by the coverage, as if it were a sum over all rows."""
def ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click + w_cvr * coverage * bce_cvr_observed
