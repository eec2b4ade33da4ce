"""The odds formula already simplified."""
def unweight_probability(p_w, w):
    return p_w / (p_w + w * (1 - p_w))
