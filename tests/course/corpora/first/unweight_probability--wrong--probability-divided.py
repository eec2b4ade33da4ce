"""Divides the probability by w instead of the odds."""
def unweight_probability(p_w, w):
    return p_w / w
