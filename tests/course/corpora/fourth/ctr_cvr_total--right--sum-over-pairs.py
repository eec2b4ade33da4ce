"""Right: a sum over pairs of weight and loss; the coverage is not needed, both are averages already."""


def ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    pairs = [(w_click, bce_click), (w_cvr, bce_cvr_observed)]
    return sum(w * l for w, l in pairs)
