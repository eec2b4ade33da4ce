"""Multiplies the odds by w once more instead of dividing them."""
def unweight_probability(p_w, w):
    odds = p_w / (1 - p_w)
    odds = odds * w
    return odds / (1 + odds)
