"""The weighted sum in one line; the coverage is not used."""
def ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click + w_cvr * bce_cvr_observed
