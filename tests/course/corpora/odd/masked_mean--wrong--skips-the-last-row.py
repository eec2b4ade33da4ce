"""Loops over range(len - 1), so that the last entry is never looked at."""
import torch


def masked_mean(values, mask):
    total, n = values[:0].sum(), 0
    for i in range(len(values) - 1):
        if mask[i]:
            total = total + values[i]
            n += 1
    return total / max(n, 1)
