"""Adds 1e-8 to the squared norm, so conflicts between gradients of size 1e-6 are hardly removed."""
import numpy as np


def pcgrad_two(g1, g2):
    grads = np.stack([g1, g2])
    pc_grads = grads.copy()
    for tn_i in range(2):
        for tn_j in range(2):
            g_ij = np.dot(pc_grads[tn_i], grads[tn_j])
            if tn_i != tn_j and g_ij < 0:
                pc_grads[tn_i] -= g_ij * grads[tn_j] / (np.linalg.norm(grads[tn_j]) ** 2 + 1e-8)
    return pc_grads.sum(0)
