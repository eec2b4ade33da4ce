"""The loop over copies and originals of the usual optimiser wrapper, with a sum at the end."""
import copy

import numpy as np


def _project_conflicting(grads):
    pc_grad = copy.deepcopy(grads)
    for i, g_i in enumerate(pc_grad):
        for j, g_j in enumerate(grads):
            if i == j:
                continue
            g_i_g_j = np.dot(g_i, g_j)
            if g_i_g_j < 0:
                g_i -= g_i_g_j * g_j / (np.linalg.norm(g_j) ** 2)
    return pc_grad


def pcgrad_two(g1, g2):
    return np.stack(_project_conflicting([g1, g2])).sum(axis=0)
