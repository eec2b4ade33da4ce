"""One gate a task, expanded and summed over the experts, the outputs stacked."""
import numpy as np


def mmoe_mix(expert_out, gate_logits):
    mmoe_outs = []
    for i in range(gate_logits.shape[1]):
        gate = gate_logits[:, i, :]
        gate = np.exp(gate - np.max(gate, axis=-1, keepdims=True))
        gate = gate / gate.sum(axis=-1, keepdims=True)
        gate = np.expand_dims(gate, axis=-1)
        gate_mul_expert = np.sum(expert_out * gate, axis=1)
        mmoe_outs.append(gate_mul_expert)
    return np.stack(mmoe_outs, axis=1)
