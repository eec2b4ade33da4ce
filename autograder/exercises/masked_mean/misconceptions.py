"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch

from autograder.testing import misconception


def filled(values, mask):
    return torch.where(mask, values, torch.zeros_like(values))


def right(values, mask):
    """The right mean, for answers that are wrong elsewhere."""
    return values[mask].sum() / mask.sum().clamp(min=1)


@misconception(
    "Where every value is a number, the sum of the observed ones comes out divided by *all* entries. Divide by the number of "
    "entries that the mask lets through. Often because of a mean after the gaps are filled, or because what is not NaN was "
    "counted.",
    caught_by="test_value",
    conceptual=True,
    family={"counted": ("entries", "not NaN", "finite")},
)
def divides_by_batch_size(values, mask, *, counted="entries"):
    known = {"entries": torch.ones_like(mask), "not NaN": ~values.isnan(), "finite": values.isfinite()}[counted]
    return filled(values, mask).sum() / known.sum().clamp(min=1)


@misconception(
    "NaN * 0 is NaN. Replace the missing values before doing arithmetic.",
    caught_by="test_missing_values",
    conceptual=True,
)
def multiplies_by_the_mask(values, mask):
    return (values * mask).sum() / mask.sum().clamp(min=1)


@misconception(
    "A hidden NaN does no harm here, a hidden infinity does: infinity * 0 is NaN too. Leave out, or replace, whatever the "
    "mask hides, not only what is NaN.",
    caught_by="test_missing_values",
    conceptual=True,
)
def replaces_nan_only(values, mask):
    known = torch.where(values.isnan(), torch.zeros_like(values), values)
    return (known * mask).sum() / mask.sum().clamp(min=1)


@misconception(
    "An empty mask gives 0/0 = NaN; one batch without labels poisons the logged loss and every total it is added to.",
    caught_by="test_empty_mask",
    conceptual=True,
)
def empty_mask_is_nan(values, mask):
    return values[mask].mean()


@misconception(
    "With nothing observed the result is NaN where a hidden entry is NaN or infinite: NaN * 0 is NaN, so a sum times 0 "
    "is no safe zero. Sum what is left after the hidden entries are gone.",
    caught_by="test_empty_mask",
)
def empty_mask_times_zero(values, mask):
    return values[mask].mean() if mask.any() else values.sum() * 0.0


@misconception(
    "With nothing observed the value is 0, but a new tensor or a plain number stands there: it has no link to "
    "`values`, so `.backward()` fails. A sum over no entries is 0 and keeps the link.",
    caught_by="test_empty_mask_gradient",
    conceptual=True,
)
def empty_mask_cuts_the_graph(values, mask):
    return values[mask].mean() if mask.any() else torch.tensor(0.0)


@misconception(
    "An entry that is not observed counts as soon as it holds a number. It may hold a stale one: let the mask decide, not "
    "whether there is a NaN.",
    caught_by="test_stale_numbers",
    conceptual=True,
)
def nanmean_ignores_the_mask(values, mask):
    return values[~values.isnan()].sum() / (~values.isnan()).sum().clamp(min=1)


@misconception(
    "Your mean is too small, as if about {eps:g} had been added to the count. An epsilon in the denominator biases "
    "every batch, the more so the fewer labels it has. A count of at least 1 acts only when the mask is empty.",
    caught_by="test_value",
    family={"eps": (1e-3, 1.0, 0.1, 1e-2, 1e-4, 1e-5, 1e-6)},
)
def epsilon_in_the_denominator(values, mask, *, eps=1e-3):
    return values[mask].sum() / (mask.sum() + eps)


@misconception("This is the mean of the *unobserved* entries: True means observed.", caught_by="test_value")
def inverted_mask(values, mask):
    return values[~mask].sum() / (~mask).sum().clamp(min=1)


@misconception(
    "The *unobserved* entries are added up and divided by the number of observed ones: the fill went to the wrong side. "
    "Often two branches of torch.where are swapped, or masked_fill got `mask` instead of `~mask`.",
    caught_by="test_value",
)
def fills_the_observed(values, mask):
    return values.masked_fill(mask, 0.0).sum() / mask.sum().clamp(min=1)


@misconception(
    "An observed entry that is 0 was not counted, so the mean is too large: [0, 4] has the mean 2, not 4. Count the "
    "True entries of the mask, not the numbers that are not 0.",
    caught_by="test_value",
    conceptual=True,
)
def counts_what_is_not_zero(values, mask):
    known = filled(values, mask)
    return known.sum() / (known != 0).sum().clamp(min=1)


@misconception(
    "The sum of the observed entries was divided by the number of *unobserved* ones. True means observed, so the count "
    "is `mask.sum()`.",
    caught_by="test_value",
)
def divides_by_the_hidden_count(values, mask):
    return values[mask].sum() / (~mask).sum().clamp(min=1)


@misconception(
    "The mean of the observed entries was divided by their share of the batch once more: it is a mean already.",
    caught_by="test_value",
    conceptual=True,
)
def divides_by_the_share(values, mask):
    return right(values, mask) / mask.double().mean().clamp(min=1e-12)


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


@misconception(
    "Only the first entry counts: its value comes back if it is observed, else 0. Often the return stands "
    "inside the loop.",
    caught_by="test_value",
)
def returns_in_the_loop(values, mask):
    return filled(values, mask)[0]


@misconception("This is the sum of the observed entries, never divided by their number.", caught_by="test_value")
def sum_without_a_mean(values, mask):
    return values[mask].sum()


@misconception(
    "This is the middle of the observed entries, their median; the mean is their sum divided by their number.",
    caught_by="test_value",
)
def median(values, mask):
    return values[mask].median() if mask.any() else filled(values, mask).sum()


@misconception("The mask is never used: this is the mean of all entries.", caught_by="test_value", conceptual=True)
def mean_of_everything(values, mask):
    return values.nan_to_num(0.0).mean()


@misconception(
    "The value is right but no gradient reaches `values`: .item(), .detach(), float() or NumPy ends the graph, and "
    "nothing learns. A new tensor made of the number does not restore it.",
    caught_by="test_gradient",
    conceptual=True,
    family={"new_leaf": (False, True)},
)
def detached(values, mask, *, new_leaf=False):
    return right(values, mask).detach().requires_grad_(new_leaf)


@misconception(
    "The number is right but comes in a tensor of shape (1,), not (): something kept or added a dimension. A sum or a "
    "mean of a vector without `keepdim` or `unsqueeze` has none.",
    caught_by="test_value",
)
def keeps_a_dimension(values, mask):
    return right(values, mask).reshape(1)


@misconception(
    "`values` were changed in place: the caller still needs them.",
    caught_by="test_inputs_unchanged",
    family={"guarded": (True, False)},
)
def fills_in_place(values, mask, *, guarded=True):
    with torch.set_grad_enabled(not guarded):
        values[~mask] = 0.0
    return right(values, mask)


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(values, mask):
    return values.nan_to_num(0.0).sum() * 0.0 + 2.0
