# ruff: noqa
"""A right answer that warns and writes to the error stream."""

import sys
import warnings

import torch

warnings.warn("loud")
print("also loud", file=sys.stderr)


def masked_mean(values, mask):
    warnings.warn("careful", RuntimeWarning)
    print("working", file=sys.stderr)
    return values.masked_fill(~mask, 0.0).sum() / mask.sum().clamp(min=1)
