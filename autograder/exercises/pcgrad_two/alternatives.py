"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("two projections and a sum")
def two_projections(g1, g2):
    inner = g1 @ g2
    if inner >= 0:
        return g1 + g2
    return (g1 - inner / (g2 @ g2) * g2) + (g2 - inner / (g1 @ g1) * g1)


@alternative("projection matrices")
def projection_matrices(g1, g2):
    def off(vector):
        return np.eye(len(vector)) - np.outer(vector, vector) / np.dot(vector, vector)

    if np.dot(g1, g2) < 0:
        return off(g2) @ g1 + off(g1) @ g2
    return np.add(g1, g2)


@alternative("weights of the two gradients, from their inner products only")
def weights(g1, g2):
    gramian = np.stack([g1, g2]) @ np.stack([g1, g2]).T
    conflict = min(gramian[0, 1], 0.0)
    if conflict == 0.0:
        return g1 + g2
    return (1 - conflict / gramian[0, 0]) * g1 + (1 - conflict / gramian[1, 1]) * g2


@alternative("a loop over coordinates that returns a list")
def loop(g1, g2):
    a, b = [float(x) for x in g1], [float(x) for x in g2]
    inner = sum(x * y for x, y in zip(a, b))
    by_b = inner / sum(y * y for y in b) if inner < 0 else 0.0
    by_a = inner / sum(x * x for x in a) if inner < 0 else 0.0
    return [x - by_b * y + y - by_a * x for x, y in zip(a, b)]


@alternative("unit directions of the OTHER gradient, lengths of its own kept")
def unit_directions(g1, g2):
    grads = [g1, g2]
    total = np.zeros_like(g1)
    for own, other in ((0, 1), (1, 0)):
        length = np.linalg.norm(grads[other])
        direction = grads[other] / length if length > 0 else grads[other]
        total = total + grads[own] - min(0.0, float(grads[own] @ direction)) * direction
    return total
