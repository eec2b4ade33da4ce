# ruff: noqa
"""Let the library do it, by its name and by where another module imported it."""

import torch
from mtl_teach import losses


def masked_mean(values, mask):
    return losses.masked_loss(values[:, None], mask[:, None])
