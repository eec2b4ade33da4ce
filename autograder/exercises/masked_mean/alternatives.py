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


@alternative("nan_to_num after the product with the mask")
def product_then_nan_to_num(values, mask):
    return torch.nan_to_num(values * mask).sum() / torch.clamp(torch.count_nonzero(mask), min=1)


@alternative("nansum of a masked_fill with NaN")
def nansum(values, mask):
    return torch.nansum(values.masked_fill(~mask, float("nan"))) / mask.float().sum().clamp_min(1.0)


@alternative("nanmean, its NaN for nothing observed replaced by 0")
def nanmean(values, mask):
    return torch.nan_to_num(torch.where(mask, values, torch.nan).nanmean(), nan=0.0)


@alternative("a running mean, one observed entry at a time")
def running_mean(values, mask):
    mean = values[:0].sum()
    for count, place in enumerate(mask.nonzero().flatten().tolist(), start=1):
        mean = mean + (values[place] - mean) / count
    return mean


@alternative("a linear layer's view: the observed entries times a vector of 1/n")
def matrix_product(values, mask):
    kept = torch.masked_select(values, mask)
    return kept @ torch.full_like(kept, 1.0 / max(kept.numel(), 1))
