# ruff: noqa
"""A right answer that overwrites its inputs afterwards."""

import torch


def masked_mean(values, mask):
    mean = values.masked_fill(~mask, 0.0).sum() / mask.sum().clamp(min=1)
    with torch.no_grad():
        values.data.fill_(7.0)
        mask.logical_not_()
    return mean
