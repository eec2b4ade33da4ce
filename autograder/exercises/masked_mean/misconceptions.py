"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch

from autograder.testing import misconception


@misconception(
    "You divided by the batch size; divide by the number of observed entries.",
    caught_by="test_value",
    conceptual=True,
)
def divides_by_batch_size(values, mask):
    return torch.where(mask, values, torch.zeros_like(values)).sum() / len(values)


@misconception(
    "NaN * 0 is NaN. Replace the missing values before doing arithmetic.",
    caught_by="test_missing_values",
    conceptual=True,
)
def multiplies_by_the_mask(values, mask):
    return (values * mask).sum() / mask.sum().clamp(min=1)


@misconception(
    "An empty mask gives 0/0 = NaN; one batch without labels poisons the logged loss and every total it is added to.",
    caught_by="test_empty_mask",
    conceptual=True,
)
def empty_mask_is_nan(values, mask):
    return values[mask].mean()


@misconception(
    "You used NaN as the mask, but an unobserved entry may hold a stale number. Use the mask.",
    caught_by="test_stale_numbers",
    conceptual=True,
)
def nanmean_ignores_the_mask(values, mask):
    return values[~values.isnan()].sum() / (~values.isnan()).sum().clamp(min=1)


@misconception(
    "An epsilon in the denominator biases every batch, the more so the fewer labels it has. "
    "A count of at least 1 acts only when the mask is empty.",
    caught_by="test_value",
)
def epsilon_in_the_denominator(values, mask):
    return values[mask].sum() / (mask.sum() + 1e-3)


@misconception("You averaged the UNobserved entries: True means observed.", caught_by="test_value")
def inverted_mask(values, mask):
    return values[~mask].sum() / (~mask).sum().clamp(min=1)


@misconception(
    "Forward finite, gradient NaN: torch.where does not protect what is computed in the branch it does not select. "
    "Replace the missing values first, then compute.",
    caught_by="test_gradient",
    conceptual=True,
)
def where_after_the_arithmetic(values, mask):
    count = mask.sum().clamp(min=1)
    share = values / count
    squared_root = torch.sqrt(share * share)
    return torch.where(mask, torch.sign(share) * squared_root, torch.zeros_like(values)).sum()


@misconception("You added up the observed entries and never divided.", caught_by="test_value")
def sum_without_a_mean(values, mask):
    return values[mask].sum()


@misconception("The mask is never used: this is the mean of all entries.", caught_by="test_value", conceptual=True)
def mean_of_everything(values, mask):
    return values.nan_to_num(0.0).mean()


@misconception(
    "The value is right but its gradient is cut: .item(), .detach() or NumPy ends the graph, and nothing learns.",
    caught_by="test_gradient",
    conceptual=True,
)
def detached(values, mask):
    return (values[mask].sum() / mask.sum().clamp(min=1)).detach()


@misconception("You changed `values` in place: the caller still needs them.", caught_by="test_inputs_unchanged")
def fills_in_place(values, mask):
    with torch.no_grad():
        values[~mask] = 0.0
    return values[mask].sum() / mask.sum().clamp(min=1)


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(values, mask):
    return values.nan_to_num(0.0).sum() * 0.0 + 2.0
