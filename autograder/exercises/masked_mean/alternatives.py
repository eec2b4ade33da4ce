"""Right answers that look nothing alike."""

import torch

from autograder.testing import alternative


@alternative("boolean index, sum over a clamped count")
def boolean_index(values, mask):
    return values[mask].sum() / mask.sum().clamp(min=1)


@alternative("fill before any arithmetic")
def fill_first(values, mask):
    filled = torch.where(mask, values, torch.zeros_like(values))
    return (filled * mask).sum() / max(int(mask.sum()), 1)


@alternative("masked_select, and a special case for nothing observed")
def masked_select(values, mask):
    if not mask.any():
        return values.masked_fill(~mask, 0).sum()
    return torch.masked_select(values, mask).mean()


@alternative("a loop in float64")
def loop(values, mask):
    total, count = values.new_zeros((), dtype=torch.float64), 0
    for index in range(len(values)):
        if mask[index]:
            total = total + values[index].double()
            count += 1
    if count == 0:
        return values.masked_fill(~mask, 0.0).sum()
    return total / count


@alternative("dot product with weights that sum to one")
def dot_product(values, mask):
    weights = mask.to(values.dtype) / mask.sum().clamp(min=1)
    return torch.dot(values.nan_to_num(0.0).masked_fill(~mask, 0.0), weights)
