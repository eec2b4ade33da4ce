"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("the closed form")
def closed_form(g1, g2):
    difference = g1 - g2
    if not difference.any():
        return 0.5
    return float(np.clip(-(difference @ g2) / (difference @ difference), 0.0, 1.0))


@alternative("by the three inner products and by cases")
def inner_products(g1, g2):
    g11, g12, g22 = np.dot(g1, g1), np.dot(g1, g2), np.dot(g2, g2)
    if np.array_equal(g1, g2):
        return 0.5
    if g12 >= g11:
        return 1.0
    if g12 >= g22:
        return 0.0
    return (g22 - g12) / (g11 + g22 - 2 * g12)


@alternative("a golden-section search")
def golden_section(g1, g2):
    if (g1 == g2).all():
        return 0.5
    low, high = 0.0, 1.0
    golden = (5**0.5 - 1) / 2
    for _ in range(60):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if np.linalg.norm(left * g1 + (1 - left) * g2) < np.linalg.norm(right * g1 + (1 - right) * g2):
            high = right
        else:
            low = left
    return (low + high) / 2


@alternative("scipy's bounded minimiser")
def bounded_minimiser(g1, g2):
    from scipy.optimize import minimize_scalar

    if np.all(g1 == g2):
        return 0.5
    size = np.abs(np.concatenate([g1, g2])).max()
    a, b = g1 / size, g2 / size
    return minimize_scalar(lambda x: np.sum((x * a + (1 - x) * b) ** 2), bounds=(0, 1), method="bounded").x


@alternative("bisection on the sign of the slope, in plain Python")
def bisection(g1, g2):
    pairs = [(float(a), float(b)) for a, b in zip(g1, g2)]
    if all(a == b for a, b in pairs):
        return 0.5
    low, high = 0.0, 1.0
    for _ in range(50):
        alpha = (low + high) / 2
        slope = sum((alpha * a + (1 - alpha) * b) * (a - b) for a, b in pairs)
        low, high = (low, alpha) if slope > 0 else (alpha, high)
    return high if low > 0 else low


@alternative("a projection onto the segment, in torch")
def projection(g1, g2):
    import torch

    start, end = torch.as_tensor(g2, dtype=torch.float64), torch.as_tensor(g1, dtype=torch.float64)
    along = end - start
    if torch.equal(start, end):
        return torch.tensor(0.5)
    along = along / along.norm()
    return torch.clamp(torch.dot(-start, along) / (end - start).norm(), 0, 1)


@alternative("a grid that is refined four times")
def refined_grid(g1, g2):
    if np.array_equal(g1, g2):
        return 0.5
    a, b = (np.asarray(g, float) / max(np.abs(g1).max(), np.abs(g2).max()) for g in (g1, g2))
    low, high = 0.0, 1.0
    for _ in range(4):
        grid = np.linspace(low, high, 41)
        at = int(np.argmin([np.sum((x * a + (1 - x) * b) ** 2) for x in grid]))
        low, high = grid[max(at - 1, 0)], grid[min(at + 1, 40)]
    return grid[at]


@alternative("exact fractions")
def exact(g1, g2):
    from fractions import Fraction

    a, b = ([Fraction(float(x)) for x in g] for g in (g1, g2))
    below = sum((x - y) ** 2 for x, y in zip(a, b))
    if below == 0:
        return 0.5
    return float(min(max(sum((y - x) * y for x, y in zip(a, b)) / below, Fraction(0)), Fraction(1)))
