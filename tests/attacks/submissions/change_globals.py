# ruff: noqa
"""A right answer that turns every global knob."""

import random
import warnings

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(4)
warnings.simplefilter("error")


def masked_mean(values, mask):
    np.random.seed(0), torch.manual_seed(0), random.seed(0)
    np.seterr(all="raise")
    torch.set_num_threads(3)
    torch.set_default_dtype(torch.float32 if torch.get_default_dtype() == torch.float64 else torch.float64)
    return values.masked_fill(~mask, 0.0).sum() / mask.sum().clamp(min=1)
