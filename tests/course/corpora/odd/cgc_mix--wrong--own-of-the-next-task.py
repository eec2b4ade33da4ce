"""Uses the own experts of the next task."""
import numpy as np


def cgc_mix(shared_out, own_out, gate_logits):
    e = np.exp(gate_logits - gate_logits.max(-1, keepdims=True))
    s = e / e.sum(-1, keepdims=True)
    E = shared_out.shape[1]
    own = np.roll(own_out, -1, axis=1)
    return np.einsum("bte,beh->bth", s[..., :E], shared_out) + np.einsum("btk,btkh->bth", s[..., E:], own)
