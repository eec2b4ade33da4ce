"""Divides the conversion loss by the coverage, and the click loss gets no weight."""
def ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    cvr = bce_cvr_observed / coverage
    return bce_click + w_cvr * cvr
