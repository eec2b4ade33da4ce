"""Multiplies the conversion loss by the coverage, as if it had been averaged over all rows."""


def ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    bce_cvr = bce_cvr_observed * coverage
    return w_click * bce_click + w_cvr * bce_cvr
