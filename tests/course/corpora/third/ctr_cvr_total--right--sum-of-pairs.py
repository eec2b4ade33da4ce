"""A sum over zipped pairs."""


def ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    pairs = zip((w_click, w_cvr), (bce_click, bce_cvr_observed))
    return sum(weight * value for weight, value in pairs)
