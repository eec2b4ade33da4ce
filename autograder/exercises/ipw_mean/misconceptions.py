"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _weighted(y, observed, weights, self_normalised):
    kept = observed == 1
    total = np.sum(weights[kept] * y[kept])
    return total / (np.sum(weights[kept]) if self_normalised else len(y))


@misconception(
    "No weights: this is the raw average of the rows that were seen, biased toward rows that are likely to be observed.",
    caught_by="test_ips",
    conceptual=True,
)
def mean_over_observed(y, observed, propensity, self_normalised=False, clip=0.05):
    return y[observed == 1].mean()


@misconception(
    "You divided by the number of observed rows. IPS divides by ALL rows: each observed row stands in for 1/p rows.",
    caught_by="test_ips",
    conceptual=True,
)
def divides_by_the_observed(y, observed, propensity, self_normalised=False, clip=0.05):
    kept = observed == 1
    weights = 1 / np.maximum(propensity[kept], clip)
    return np.sum(weights * y[kept]) / (np.sum(weights) if self_normalised else kept.sum())


@misconception(
    "Your weights are capped at 10, whatever `clip` says. Clip the PROPENSITY at `clip`: with 0.05 a weight can reach 20.",
    caught_by="test_clip",
)
def caps_the_weight_at_ten(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, np.minimum(1 / propensity, 10.0), self_normalised)


@misconception(
    "SNIPS was asked for and IPS came back: `self_normalised` is never read.",
    caught_by="test_self_normalised",
    conceptual=True,
)
def ignores_self_normalised(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / np.maximum(propensity, clip), False)


@misconception(
    "You always normalise by the weights. That is SNIPS; by default the total is divided by the number of rows.",
    caught_by="test_ips",
)
def always_self_normalised(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / np.maximum(propensity, clip), True)


@misconception(
    "0 * NaN is NaN: drop the unobserved rows before multiplying, a factor of 0 does not remove them.",
    caught_by="test_missing_values",
    conceptual=True,
)
def multiplies_missing_by_zero(y, observed, propensity, self_normalised=False, clip=0.05):
    weights = observed / np.maximum(propensity, clip)
    return np.sum(weights * y) / (np.sum(weights) if self_normalised else len(y))


@misconception(
    "You used NaN as the sign of a missing row, but an unobserved row may hold any stale number. Ask `observed`.",
    caught_by="test_ips",
)
def nan_as_the_mask(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, (~np.isnan(y)).astype(int), 1 / np.maximum(propensity, clip), self_normalised)


@misconception(
    "You clipped from above: propensities larger than `clip` became `clip`. It is a FLOOR for small propensities.",
    caught_by="test_ips",
)
def clips_from_above(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / np.minimum(propensity, clip), self_normalised)


@misconception(
    "`clip` is never used: one row with propensity 0.01 counts a hundred times and the estimate jumps with it.",
    caught_by="test_clip",
)
def never_clips(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / propensity, self_normalised)


@misconception(
    "You dropped the rows with a propensity below `clip`. They stay, with their propensity raised to `clip`.",
    caught_by="test_clip",
    conceptual=True,
)
def drops_rare_rows(y, observed, propensity, self_normalised=False, clip=0.05):
    weights = np.where(propensity >= clip, 1 / propensity, 0.0)
    return _weighted(y, observed, weights, self_normalised)


@misconception(
    "The number 0.05 stands fixed in your code: use the `clip` of the call.",
    caught_by="test_clip",
)
def default_clip_only(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / np.maximum(propensity, 0.05), self_normalised)


@misconception(
    "The self-normalised mean must divide by the SAME clipped weights that it multiplies with.",
    caught_by="test_clip_self_normalised",
)
def normalises_by_unclipped_weights(y, observed, propensity, self_normalised=False, clip=0.05):
    kept = observed == 1
    total = np.sum(y[kept] / np.maximum(propensity[kept], clip))
    return total / (np.sum(1 / propensity[kept]) if self_normalised else len(y))


@misconception(
    "The sum of the weights runs over all rows, also those that were not observed; only the observed rows carry weight.",
    caught_by="test_self_normalised",
)
def normalises_over_all_rows(y, observed, propensity, self_normalised=False, clip=0.05):
    weights, kept = 1 / np.maximum(propensity, clip), observed == 1
    return np.sum(weights[kept] * y[kept]) / (np.sum(weights) if self_normalised else len(y))


@misconception(
    "You multiplied by the propensity. A row that is rarely seen must count MORE, not less: divide.",
    caught_by="test_ips",
    conceptual=True,
)
def multiplies_by_the_propensity(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, np.maximum(propensity, clip), self_normalised)


@misconception(
    "You divided by 1 - p, the chance of NOT being seen. An observed row is divided by its chance of being observed.",
    caught_by="test_ips",
)
def weights_by_the_chance_of_missing(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / np.maximum(1 - propensity, clip), self_normalised)


@misconception("You returned one number a row; one number for all rows was asked for.", caught_by="test_ips")
def one_number_a_row(y, observed, propensity, self_normalised=False, clip=0.05):
    return np.where(observed == 1, y, 0.0) / np.maximum(propensity, clip)


@misconception(
    "You filled the gaps of `y` in place: the caller still needs to know what was missing. Work on a copy.",
    caught_by="test_inputs_unchanged",
)
def fills_in_place(y, observed, propensity, self_normalised=False, clip=0.05):
    y[observed == 0] = 0.0
    return _weighted(y, observed, 1 / np.maximum(propensity, clip), self_normalised)


@misconception("The same number comes back whatever goes in.", caught_by="test_ips")
def visible_answer(y, observed, propensity, self_normalised=False, clip=0.05):
    return 6.0
