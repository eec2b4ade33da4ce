"""The sum as a combination of both gradients with a coefficient each, in float64."""
import numpy as np


def pcgrad_two(g1, g2):
    G = np.stack([g1, g2]).astype(np.float64)
    gram = G @ G.T
    c = min(gram[0, 1], 0.0)
    k = np.ones(2)
    for i in range(2):
        if c != 0.0:
            k[i] -= c / gram[i, i]
    return (k @ G).astype(g1.dtype)
