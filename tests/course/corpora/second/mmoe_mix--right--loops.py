"""Loops over rows and tasks, a softmax for each."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    B, E, H = expert_out.shape
    T = gate_logits.shape[1]
    out = np.zeros((B, T, H))
    for b in range(B):
        for t in range(T):
            z = gate_logits[b, t]
            p = np.exp(z - z.max())
            p /= p.sum()
            for e in range(E):
                out[b, t] += p[e] * expert_out[b, e]
    return out
