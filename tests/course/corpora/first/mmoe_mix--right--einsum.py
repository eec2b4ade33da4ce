"""Shifted softmax and an einsum."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    shifted = gate_logits - gate_logits.max(axis=-1, keepdims=True)
    w = np.exp(shifted)
    w = w / w.sum(axis=-1, keepdims=True)
    return np.einsum("bte,beh->bth", w, expert_out)
