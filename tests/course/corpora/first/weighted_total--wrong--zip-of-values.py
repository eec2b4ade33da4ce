"""Pairs weights and losses by their position, so dictionaries written in different orders give a wrong total."""
def weighted_total(losses, weights):
    total = 0.0
    for l, w in zip(losses.values(), weights.values()):
        total += w * l
    return total
