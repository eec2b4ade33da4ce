"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

from autograder.testing import misconception


@misconception(
    "1.03: you multiplied by 0.4. The 0.85 was averaged over the observed 40 % only, so it is already masked. "
    "(Averaging over the whole batch is a different convention, and equals using w_cvr = 0.8.)",
    caught_by="test_source_example",
    conceptual=True,
)
def times_coverage(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click + w_cvr * bce_cvr_observed * coverage


@misconception(
    "0.82: the click loss is observed everywhere; coverage must not touch it. The conversion loss is masked already.",
    caught_by="test_source_example",
    conceptual=True,
)
def coverage_on_everything(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return coverage * (w_click * bce_click + w_cvr * bce_cvr_observed)


@misconception(
    "0.683: the weights were scaled to sum to 1. They are used as given.",
    caught_by="test_source_example",
    conceptual=True,
)
def normalised_weights(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return (w_click * bce_click + w_cvr * bce_cvr_observed) / (w_click + w_cvr)


@misconception("1.025: you averaged over the two tasks. The total is a sum.", caught_by="test_source_example")
def average_of_tasks(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return (w_click * bce_click + w_cvr * bce_cvr_observed) / 2


@misconception(
    "0.89: you split the batch between the tasks. Click labels exist for every row, those with a conversion label too.",
    caught_by="test_source_example",
    conceptual=True,
)
def splits_the_batch(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click * (1 - coverage) + w_cvr * bce_cvr_observed * coverage


@misconception(
    "4.6: dividing by the coverage would undo a mask that was never multiplied in. The 0.85 is a mean already.",
    caught_by="test_source_example",
    conceptual=True,
)
def divided_by_coverage(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click + w_cvr * bce_cvr_observed / coverage


@misconception(
    "1.37: 0.85 was multiplied by 0.6, the share *without* a label. It needs neither share: it is a mean over the labels "
    "that exist.",
    caught_by="test_source_example",
    conceptual=True,
)
def times_what_is_missing(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click + w_cvr * bce_cvr_observed * (1 - coverage)


@misconception(
    "1.84: the click loss was multiplied by 0.4. The coverage is that of the conversion labels, and not even their "
    "loss needs it.",
    caught_by="test_source_example",
    conceptual=True,
)
def coverage_on_the_clicks(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click * coverage + w_cvr * bce_cvr_observed


@misconception(
    "0.736: the two means were pooled, each counted by its number of labels. Each task keeps a mean of its own, and "
    "its weight alone says how much it counts.",
    caught_by="test_source_example",
    conceptual=True,
)
def pooled_over_all_labels(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return (w_click * bce_click + w_cvr * bce_cvr_observed * coverage) / (1 + coverage)


@misconception(
    "0.572: the coverage went into the weights, which were then scaled to sum to 1. They are used as given, and the "
    "mask has done its work.",
    caught_by="test_source_example",
    conceptual=True,
)
def normalised_with_coverage(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    share = w_cvr * coverage
    return (w_click * bce_click + share * bce_cvr_observed) / (w_click + share)


@misconception("0.35: only the click task is in your total.", caught_by="test_source_example")
def click_only(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click


@misconception(
    "3.6: the sum of both losses was multiplied by the sum of both weights. Each loss has a weight of its own.",
    caught_by="test_source_example",
)
def sums_multiplied(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return (w_click + w_cvr) * (bce_click + bce_cvr_observed)


@misconception(
    "4.2: weights and losses were all added up. A weight multiplies its loss.", caught_by="test_source_example"
)
def weights_added(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click + bce_click + w_cvr + bce_cvr_observed


@misconception(
    "0.945: the conversion loss was multiplied by the click loss. Probabilities of a cascade multiply; losses add up.",
    caught_by="test_source_example",
    conceptual=True,
)
def losses_multiplied(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_click * bce_click + w_cvr * bce_click * bce_cvr_observed


@misconception(
    "0.69: the weights are never used, and 0.85 was multiplied by 0.4, though it is masked already.",
    caught_by="test_source_example",
    conceptual=True,
)
def coverage_for_weights(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return bce_click + coverage * bce_cvr_observed


@misconception(
    "0.6: this is the plain average of both losses. The total is a sum, and each loss has its weight.",
    caught_by="test_source_example",
)
def plain_average(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return (bce_click + bce_cvr_observed) / 2


@misconception(
    "0.515: 0.85 was multiplied by 0.4, though it is masked already, and the two terms were averaged; they are added.",
    caught_by="test_source_example",
    conceptual=True,
)
def average_with_coverage(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return (w_click * bce_click + w_cvr * bce_cvr_observed * coverage) / 2


@misconception("1.55: the weights are swapped.", caught_by="test_source_example")
def swapped_weights(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_cvr * bce_click + w_click * bce_cvr_observed


@misconception("1.2: the weights are never used.", caught_by="test_source_example")
def weights_ignored(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return bce_click + bce_cvr_observed


@misconception("1.7: only the conversion task is in your total.", caught_by="test_source_example")
def conversion_only(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return w_cvr * bce_cvr_observed


@misconception("2.05 comes back whatever goes in.", caught_by="test_other_numbers")
def hard_coded(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return 2.05


@misconception(
    "The weights 1 and 2 of the example come back for every weight: use `w_click` and `w_cvr`.",
    caught_by="test_other_numbers",
)
def weights_of_the_example(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return 1.0 * bce_click + 2.0 * bce_cvr_observed


@misconception(
    "Your total is rounded to {places} places; leave rounding to whoever prints it.",
    caught_by="test_other_numbers",
    family={"places": (2, 3, 4)},
)
def rounded(bce_click, bce_cvr_observed, coverage, w_click, w_cvr, *, places=2):
    return round(w_click * bce_click + w_cvr * bce_cvr_observed, places)


@misconception(
    "A weight of 0 counts as 1 here. `w or 1` does that, since 0 is false: the weights are used as given.",
    caught_by="test_weight_of_zero",
)
def zero_weight_becomes_one(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    return (w_click or 1.0) * bce_click + (w_cvr or 1.0) * bce_cvr_observed
