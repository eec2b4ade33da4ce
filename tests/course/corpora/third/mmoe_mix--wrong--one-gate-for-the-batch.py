"""Averages the gate logits over the batch, so that all rows share one gate, and overflows at logits of 1000."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    logits = gate_logits.mean(axis=0)
    e = np.exp(logits)
    shares = e / e.sum(axis=-1, keepdims=True)
    return np.einsum("te,beh->bth", shares, expert_out)
