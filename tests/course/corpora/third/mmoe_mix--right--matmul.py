"""A stack of matrix products of shares and experts."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    top = np.max(gate_logits, axis=-1, keepdims=True)
    shares = np.exp(gate_logits - top)
    shares = shares / shares.sum(-1)[..., None]
    return shares @ expert_out
