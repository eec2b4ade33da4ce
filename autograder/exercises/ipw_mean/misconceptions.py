"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _weighted(y, observed, weights, self_normalised):
    kept = observed == 1
    total = np.sum(weights[kept] * y[kept])
    return total / (np.sum(weights[kept]) if self_normalised else len(y))


@misconception(
    "The plain average of the rows that were seen came back, without weights: it is biased towards rows that are "
    "likely to be observed.",
    caught_by="test_ips",
    conceptual=True,
)
def mean_over_observed(y, observed, propensity, self_normalised=False, clip=0.05):
    return y[observed == 1].mean()


@misconception(
    "The observed rows are added up without weights and divided by all rows: unobserved rows count as 0. An observed row "
    "stands in for 1/p rows.",
    caught_by="test_ips",
    conceptual=True,
)
def zeros_for_the_missing(y, observed, propensity, self_normalised=False, clip=0.05):
    return np.where(observed == 1, y, 0.0).mean()


@misconception(
    "The weighted total is divided by the number of observed rows. IPS divides by all rows: each observed row stands "
    "in for 1/p rows.",
    caught_by="test_ips",
    conceptual=True,
)
def divides_by_the_observed(y, observed, propensity, self_normalised=False, clip=0.05):
    kept = observed == 1
    weights = 1 / np.maximum(propensity[kept], clip)
    return np.sum(weights * y[kept]) / (np.sum(weights) if self_normalised else kept.sum())


@misconception(
    "No weight gets larger than {cap:g}, whatever `clip` says. It is the propensity that is clipped, at `clip`: with "
    "0.05 a weight can reach 20, with 0.001 it can reach 1000.",
    caught_by="test_clip",
    family={"cap": (10.0, 5.0, 50.0, 100.0)},
)
def caps_the_weight(y, observed, propensity, self_normalised=False, clip=0.05, *, cap=10.0):
    return _weighted(y, observed, np.minimum(1 / propensity, cap), self_normalised)


@misconception(
    "No weight gets larger than `clip` itself, so that the result is tiny: `clip` is a floor for the propensity, not "
    "an upper limit for the weight.",
    caught_by="test_ips",
)
def clip_caps_the_weight(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, np.minimum(1 / propensity, clip), self_normalised)


@misconception(
    "A propensity of 1 counts as {top}: propensities are clipped on both sides. `clip` is a floor; a row that is seen for "
    "certain counts once.",
    caught_by="test_clip",
    family={"top": ("1 - clip", "0.95", "0.99", "0.999", "0.9999")},
)
def clips_on_both_sides(y, observed, propensity, self_normalised=False, clip=0.05, *, top="1 - clip"):
    upper = 1 - clip if top == "1 - clip" else float(top)
    return _weighted(y, observed, 1 / np.minimum(np.maximum(propensity, clip), upper), self_normalised)


@misconception(
    "`clip` is added to every propensity. Only those below `clip` are raised to it; the others stay as they are.",
    caught_by="test_ips",
)
def adds_clip(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / (propensity + clip), self_normalised)


@misconception(
    "A small number, {eps:g}, is added to the propensities, to rare ones too. They are above 0: nothing has to be added.",
    caught_by="test_clip",
    family={"eps": (1e-8, 1e-9)},
)
def adds_a_little(y, observed, propensity, self_normalised=False, clip=0.05, *, eps=1e-8):
    return _weighted(y, observed, 1 / (np.maximum(propensity, clip) + eps), self_normalised)


@misconception(
    "A number, {eps:g}, is added to the propensities, so that every weight comes out too small. They are above 0 and `clip` "
    "bounds the weights: nothing has to be added.",
    caught_by="test_ips",
    family={"eps": (1e-3, 0.01, 1e-4, 1e-5, 1e-6)},
)
def adds_a_number(y, observed, propensity, self_normalised=False, clip=0.05, *, eps=1e-3):
    return _weighted(y, observed, 1 / (np.maximum(propensity, clip) + eps), self_normalised)


@misconception(
    "IPS came back where SNIPS is needed: with self_normalised=True divide by the sum of the weights.",
    caught_by="test_self_normalised",
    conceptual=True,
)
def ignores_self_normalised(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / np.maximum(propensity, clip), False)


@misconception(
    "By default the total is divided by the sum of the weights. That is SNIPS; IPS divides it by the number of all rows.",
    caught_by="test_ips",
    family={"otherwise": ("SNIPS", "IPS")},
)
def always_self_normalised(y, observed, propensity, self_normalised=False, clip=0.05, *, otherwise="SNIPS"):
    return _weighted(y, observed, 1 / np.maximum(propensity, clip), not self_normalised or otherwise == "SNIPS")


@misconception(
    "With self_normalised=True the total is divided by the number of observed rows. SNIPS divides by the sum of their "
    "weights.",
    caught_by="test_self_normalised",
    conceptual=True,
)
def normalises_by_the_count(y, observed, propensity, self_normalised=False, clip=0.05):
    kept = observed == 1
    total = np.sum(y[kept] / np.maximum(propensity[kept], clip))
    return total / (kept.sum() if self_normalised else len(y))


@misconception(
    "With self_normalised=True, and every propensity above `clip`, the plain average of the observed rows came back, "
    "as if all weighed the same. SNIPS keeps their weights, in numerator and denominator. Often because the weights "
    "were left out, or because `clip` was used as an upper limit for the propensity and not as a floor.",
    caught_by="test_self_normalised",
    conceptual=True,
)
def no_weights_when_normalised(y, observed, propensity, self_normalised=False, clip=0.05):
    kept = observed == 1
    return y[kept].mean() if self_normalised else _weighted(y, observed, 1 / np.maximum(propensity, clip), False)


@misconception(
    "With self_normalised=True the total is divided by the sum of the propensities of the {rows} rows. The weights "
    "are one over the propensities.",
    caught_by="test_self_normalised",
    family={"rows": ("observed", "all")},
)
def normalises_by_propensities(y, observed, propensity, self_normalised=False, clip=0.05, *, rows="observed"):
    kept, chance = observed == 1, np.maximum(propensity, clip)
    total = np.sum(y[kept] / chance[kept])
    return total / ((chance[kept].sum() if rows == "observed" else chance.sum()) if self_normalised else len(y))


@misconception(
    "With self_normalised=True the total is divided by the sum of the weights and by the number of rows as well. "
    "Divide only by the sum of the weights.",
    caught_by="test_self_normalised",
)
def divides_by_both(y, observed, propensity, self_normalised=False, clip=0.05):
    ips = _weighted(y, observed, 1 / np.maximum(propensity, clip), False)
    return ips / np.sum(1 / np.maximum(propensity, clip)[observed == 1]) if self_normalised else ips


@misconception(
    "With NaN in an unobserved row the result is NaN: 0 * NaN is NaN. Drop the unobserved rows before any arithmetic; a "
    "factor of 0 does not remove them.",
    caught_by="test_missing_values",
    conceptual=True,
)
def multiplies_missing_by_zero(y, observed, propensity, self_normalised=False, clip=0.05):
    weights = observed / np.maximum(propensity, clip)
    return np.sum(weights * y) / (np.sum(weights) if self_normalised else len(y))


@misconception(
    "NaN in an unobserved row does no harm, infinity does: 0 * infinity is NaN. Drop the unobserved rows before any "
    "arithmetic, whatever they hold.",
    caught_by="test_missing_values",
    conceptual=True,
)
def replaces_nan_only(y, observed, propensity, self_normalised=False, clip=0.05):
    weights = observed / np.maximum(propensity, clip)
    with np.errstate(all="ignore"):
        total = np.sum(weights * np.where(np.isnan(y), 0.0, y))
    return total / (np.sum(weights) if self_normalised else len(y))


@misconception(
    "Every row that holds a number was taken for observed. An unobserved row may hold any stale number: ask `observed`, not "
    "whether `y` is NaN.",
    caught_by="test_ips",
)
def nan_as_the_mask(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, (~np.isnan(y)).astype(int), 1 / np.maximum(propensity, clip), self_normalised)


@misconception(
    "The unobserved rows were used and the observed ones were dropped: `observed` is 1 where `y` is known.",
    caught_by="test_ips",
)
def turned_mask(y, observed, propensity, self_normalised=False, clip=0.05):
    with np.errstate(all="ignore"):
        return _weighted(y, 1 - observed, 1 / np.maximum(propensity, clip), self_normalised)


@misconception(
    "Only rows 0 and 1 go into your result, again and again: `observed` holds 0 and 1, and as an index those are row "
    "numbers. Compare it with 1 first.",
    caught_by="test_ips",
)
def rows_by_number(y, observed, propensity, self_normalised=False, clip=0.05):
    weights = 1 / np.maximum(propensity[observed], clip)
    return np.sum(weights * y[observed]) / (np.sum(weights) if self_normalised else len(y))


@misconception(
    "The unobserved rows are filled with the mean of the observed ones and weighted as well. Only observed rows take part; "
    "their weights stand for the others.",
    caught_by="test_ips",
    conceptual=True,
)
def fills_with_the_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    filled = np.where(observed == 1, y, y[observed == 1].mean())
    return _weighted(filled, np.ones_like(observed), 1 / np.maximum(propensity, clip), self_normalised)


@misconception(
    "By default the result is the right one times {factor}. Often because weights were made smaller by that number, as in "
    "stabilised weights: SNIPS does not notice, IPS does. A weight is 1/p.",
    caught_by="test_ips",
    conceptual=True,
    family={"factor": ("the share of observed rows", "the mean propensity")},
)
def stabilised_weights(
    y, observed, propensity, self_normalised=False, clip=0.05, *, factor="the share of observed rows"
):
    chance = np.maximum(propensity, clip)
    marginal = np.mean(observed == 1) if factor == "the share of observed rows" else np.mean(propensity)
    return _weighted(y, observed, marginal / chance, self_normalised)


@misconception(
    "Propensities larger than `clip` became `clip`, so that all weights are large. It is a floor for small "
    "propensities.",
    caught_by="test_ips",
    family={"divided_by": ("all rows", "the observed rows", "nothing")},
)
def clips_from_above(y, observed, propensity, self_normalised=False, clip=0.05, *, divided_by="all rows"):
    mean = _weighted(y, observed, 1 / np.minimum(propensity, clip), self_normalised)
    count = {"all rows": len(y), "the observed rows": np.sum(observed == 1), "nothing": 1}[divided_by]
    return mean if self_normalised else mean * len(y) / count


@misconception(
    "A propensity below `clip` keeps its full weight: `clip` changes nothing, and one row with propensity 0.01 counts a "
    "hundred times.",
    caught_by="test_clip",
)
def never_clips(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / propensity, self_normalised)


@misconception(
    "Rows with a propensity below `clip` are dropped{too}. They stay, with their propensity raised to `clip`.",
    caught_by="test_clip",
    conceptual=True,
    family={"too": ("", ", and no longer counted among all rows"), "strict": (False, True)},
)
def drops_rare_rows(y, observed, propensity, self_normalised=False, clip=0.05, *, too="", strict=False):
    kept = propensity > clip if strict else propensity >= clip
    if too:
        with np.errstate(all="ignore"):
            return _weighted(y[kept], observed[kept], 1 / propensity[kept], self_normalised)
    return _weighted(y, observed, np.where(kept, 1 / propensity, 0.0), self_normalised)


@misconception(
    "A row with a propensity below `clip` gets a weight of {weight}. Its weight is one over `clip`.",
    caught_by="test_clip",
    family={"weight": ("1", "clip")},
)
def another_weight_for_rare_rows(y, observed, propensity, self_normalised=False, clip=0.05, *, weight="1"):
    weights = np.where(propensity >= clip, 1 / propensity, 1.0 if weight == "1" else clip)
    return _weighted(y, observed, weights, self_normalised)


@misconception(
    "Right for a `clip` of 0.05, wrong for another: the number is fixed in your code, perhaps as a largest weight of "
    "20. Use the `clip` of the call.",
    caught_by="test_clip",
)
def default_clip_only(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, 1 / np.maximum(propensity, 0.05), self_normalised)


@misconception(
    "In the self-normalised mean clipped weights are divided by unclipped ones. Divide by the same weights that you "
    "multiply with.",
    caught_by="test_clip_self_normalised",
)
def normalises_by_unclipped_weights(y, observed, propensity, self_normalised=False, clip=0.05):
    kept = observed == 1
    total = np.sum(y[kept] / np.maximum(propensity[kept], clip))
    return total / (np.sum(1 / propensity[kept]) if self_normalised else len(y))


@misconception(
    "In the self-normalised mean nothing is clipped. A propensity below `clip` counts as `clip` in both modes.",
    caught_by="test_clip_self_normalised",
)
def clips_only_ips(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(
        y, observed, 1 / (propensity if self_normalised else np.maximum(propensity, clip)), self_normalised
    )


@misconception(
    "The sum of the weights runs over all rows, including those that were not observed; only observed rows carry "
    "weight.",
    caught_by="test_self_normalised",
)
def normalises_over_all_rows(y, observed, propensity, self_normalised=False, clip=0.05):
    weights, kept = 1 / np.maximum(propensity, clip), observed == 1
    return np.sum(weights[kept] * y[kept]) / (np.sum(weights) if self_normalised else len(y))


@misconception(
    "Rows with a small propensity count less in your result: y is multiplied by the propensity. A row that is rarely "
    "seen must count more: divide.",
    caught_by="test_ips",
    conceptual=True,
)
def multiplies_by_the_propensity(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(y, observed, np.maximum(propensity, clip), self_normalised)


@misconception(
    "Each row is divided by its propensity {times}. Once is enough: it then stands in for 1/p rows.",
    caught_by="test_ips",
    family={"times": ("twice", "under a root")},
)
def another_power(y, observed, propensity, self_normalised=False, clip=0.05, *, times="twice"):
    weights = (1 / np.maximum(propensity, clip)) ** (2.0 if times == "twice" else 0.5)
    return _weighted(y, observed, weights, self_normalised)


@misconception(
    "The weights are {what}. An observed row is divided by its chance of being observed, p.",
    caught_by="test_ips",
    family={"what": ("1 / (1 - p)", "1 - p", "p / (1 - p)", "(1 - p) / p", "exp(-p)", "-log(p)")},
)
def weights_by_the_chance_of_missing(y, observed, propensity, self_normalised=False, clip=0.05, *, what="1 / (1 - p)"):
    p = np.maximum(propensity, clip)
    with np.errstate(all="ignore"):
        weights = {
            "1 / (1 - p)": 1 / np.maximum(1 - propensity, clip),
            "1 - p": 1 - p,
            "p / (1 - p)": p / (1 - p),
            "(1 - p) / p": (1 - p) / p,
            "exp(-p)": np.exp(-p),
            "-log(p)": -np.log(p),
        }[what]
        return _weighted(y, observed, weights, self_normalised)


@misconception(
    "The weighted total itself came back. It has to be divided by the number of all rows, or by the sum of the weights.",
    caught_by="test_ips",
)
def total(y, observed, propensity, self_normalised=False, clip=0.05):
    weighted = _weighted(y, observed, 1 / np.maximum(propensity, clip), self_normalised)
    return weighted if self_normalised else weighted * len(y)


@misconception(
    "Only the {place} observed row is in the total. Often because of a return inside the loop, or `=` instead of `+=`.",
    caught_by="test_ips",
    family={"place": ("first", "last")},
)
def one_row_only(y, observed, propensity, self_normalised=False, clip=0.05, *, place="first"):
    at = np.flatnonzero(observed == 1)[0 if place == "first" else -1]
    weights = 1 / np.maximum(propensity, clip)
    below = len(y) if not self_normalised else weights[at] if place == "first" else weights[observed == 1].sum()
    return weights[at] * y[at] / below


@misconception("The mean of |y| came back, without signs. A value below 0 pulls the mean down.", caught_by="test_ips")
def without_signs(y, observed, propensity, self_normalised=False, clip=0.05):
    return _weighted(np.abs(y), observed, 1 / np.maximum(propensity, clip), self_normalised)


@misconception(
    "The total over all rows is divided by the sum of the propensities, the number of rows that one expects to see. "
    "IPS divides each row by its own propensity.",
    caught_by="test_ips",
    conceptual=True,
)
def one_division_for_all(y, observed, propensity, self_normalised=False, clip=0.05):
    return np.where(observed == 1, y, 0.0).sum() / np.maximum(propensity, clip).sum()


@misconception(
    "One number per row came back. The exercise asks for one number for all rows.",
    caught_by="test_ips",
    family={"rows": ("all", "observed")},
)
def one_number_a_row(y, observed, propensity, self_normalised=False, clip=0.05, *, rows="all"):
    worth = np.where(observed == 1, y, 0.0) / np.maximum(propensity, clip)
    return worth if rows == "all" else worth[observed == 1]


@misconception(
    "The gaps of `y` were filled in place: the caller still needs to know what was missing. Work on a copy.",
    caught_by="test_inputs_unchanged",
)
def fills_in_place(y, observed, propensity, self_normalised=False, clip=0.05):
    y[observed == 0] = 0.0
    return _weighted(y, observed, 1 / np.maximum(propensity, clip), self_normalised)


@misconception(
    "The propensities were clipped in place: the caller still needs them as they were. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def clips_in_place(y, observed, propensity, self_normalised=False, clip=0.05):
    np.maximum(propensity, clip, out=propensity)
    return _weighted(y, observed, 1 / propensity, self_normalised)


@misconception("The same number, 6, comes back whatever goes in.", caught_by="test_ips")
def visible_answer(y, observed, propensity, self_normalised=False, clip=0.05):
    return 6.0
