"""A loop over the observed positions, started from an empty sum that carries the graph."""
import torch


def masked_mean(values, mask):
    total = values[:0].sum()
    idx = torch.nonzero(mask).flatten().tolist()
    for i in idx:
        total = total + values[i]
    if idx:
        total = total / len(idx)
    return total
