"""Plausible wrong numbers, what a tutor says about each, and the check that must catch it."""

from autograder.testing import misconception


@misconception(
    "1.03: you multiplied by 0.4. The 0.85 was averaged over the observed 40 % only, so it is already masked.",
    caught_by="test_total_loss",
    conceptual=True,
)
def times_coverage():
    return 1.0 * 0.35 + 2.0 * 0.85 * 0.4


@misconception(
    "0.82: the coverage touches neither loss. Click labels exist everywhere, and 0.85 is masked already.",
    caught_by="test_total_loss",
    conceptual=True,
)
def coverage_on_everything():
    return 0.4 * (1.0 * 0.35 + 2.0 * 0.85)


@misconception(
    "0.683: the weights were scaled to sum to 1. They are used as given.", caught_by="test_total_loss", conceptual=True
)
def normalised_weights():
    return (1.0 * 0.35 + 2.0 * 0.85) / 3.0


@misconception("1.025: you averaged over the two tasks. The total is a sum.", caught_by="test_total_loss")
def average_of_tasks():
    return (1.0 * 0.35 + 2.0 * 0.85) / 2


@misconception(
    "0.89: you split the batch between the tasks. Click labels exist for every row.",
    caught_by="test_total_loss",
    conceptual=True,
)
def splits_the_batch():
    return 0.6 * 0.35 + 0.4 * 2.0 * 0.85


@misconception(
    "4.6: dividing by the coverage undoes a mask that was never multiplied in.",
    caught_by="test_total_loss",
    conceptual=True,
)
def divided_by_coverage():
    return 1.0 * 0.35 + 2.0 * 0.85 / 0.4


@misconception("1.55: the weights are swapped; the 2.0 belongs to the conversions.", caught_by="test_total_loss")
def swapped_weights():
    return 2.0 * 0.35 + 1.0 * 0.85


@misconception("1.2: the weights are missing.", caught_by="test_total_loss")
def weights_ignored():
    return 0.35 + 0.85


@misconception("1.7: the click loss is missing; it is observed for every row.", caught_by="test_total_loss")
def conversion_only():
    return 2.0 * 0.85


@misconception("0.69: only one of the two averages was weighted, and by the coverage.", caught_by="test_total_loss")
def coverage_as_the_weight():
    return 0.35 + 0.4 * 0.85
