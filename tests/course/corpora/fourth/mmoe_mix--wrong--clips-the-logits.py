"""Clips the logits to -50..50 against an overflow, so that two large logits that differ get equal shares."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    """Mix the experts for each row and task by a softmax over the experts."""
    z = np.clip(gate_logits, -50, 50)
    shares = np.exp(z) / np.exp(z).sum(axis=2, keepdims=True)
    out = np.zeros((z.shape[0], z.shape[1], expert_out.shape[2]))
    for e in range(expert_out.shape[1]):
        out += shares[:, :, e:e + 1] * expert_out[:, None, e, :]
    return out
