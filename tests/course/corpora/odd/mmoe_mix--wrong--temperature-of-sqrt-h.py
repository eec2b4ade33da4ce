"""Divides the logits by the root of H, as attention does."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    z = gate_logits / np.sqrt(expert_out.shape[2])
    e = np.exp(z - z.max(axis=2, keepdims=True))
    return np.einsum("bte,beh->bth", e / e.sum(axis=2, keepdims=True), expert_out)
