"""Divides by the sum of the weights, so that the weights are not used as given and two zero weights give an error."""


def ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    weighted = w_click * bce_click + w_cvr * bce_cvr_observed
    return weighted / (w_click + w_cvr)
