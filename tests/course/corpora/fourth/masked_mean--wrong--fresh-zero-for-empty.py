"""Returns a fresh zero for an empty mask, which is not tied to values, so that backward() fails."""
import torch


def masked_mean(values, mask):
    if not mask.any():
        return torch.tensor(0.0, dtype=values.dtype)
    return values[mask].mean()
