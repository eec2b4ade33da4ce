"""Each task uses the gate of the next one (an index off by one)."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    z = np.roll(gate_logits, -1, axis=1)
    e = np.exp(z - z.max(axis=2, keepdims=True))
    return np.einsum("bte,beh->bth", e / e.sum(axis=2, keepdims=True), expert_out)
