# ruff: noqa
"""Print without end."""

import sys

import torch

for _ in range(2000):
    print("x" * 10_000)
    sys.stderr.write("y" * 10_000)


def masked_mean(values, mask):
    return values.masked_fill(~mask, 0.0).sum() / mask.sum().clamp(min=1)
