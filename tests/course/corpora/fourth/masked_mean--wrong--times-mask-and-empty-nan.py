"""Multiplies by the mask (0 times NaN is NaN), and divides 0 by 0 when nothing is observed."""
import torch


def masked_mean(values, mask):
    m = mask.to(values.dtype)
    return (values * m).sum() / m.sum()
