"""Right: a search, bisecting the sign of the slope of the squared length, in plain Python floats."""
import math


def min_norm_alpha(g1, g2):
    """Weight of g1 in the shortest mix alpha * g1 + (1 - alpha) * g2."""
    first = [float(x) for x in g1]
    second = [float(x) for x in g2]
    if first == second:
        return 0.5
    difference = [x - y for x, y in zip(first, second)]

    def slope(alpha):
        return math.fsum((y + alpha * d) * d for y, d in zip(second, difference))

    if slope(0.0) >= 0:
        return 0.0
    if slope(1.0) <= 0:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if slope(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
