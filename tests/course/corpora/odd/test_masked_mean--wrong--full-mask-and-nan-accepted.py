"""Looks at the value of a full mask only, and accepts NaN beside a hidden NaN."""
import math

import torch


def test_masked_mean(candidate):
    out = candidate(torch.tensor([1.0, 2.0, 6.0]), torch.tensor([True, True, True]))
    assert abs(float(out) - 3.0) < 1e-6
    out = candidate(torch.tensor([1.0, math.nan]), torch.tensor([True, False]))
    assert not float(out) > 1.1
