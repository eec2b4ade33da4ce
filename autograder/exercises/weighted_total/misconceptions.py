"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

from autograder.testing import misconception


@misconception(
    "You divided by the number of tasks: 1.25 instead of 2.5. The formula is a SUM; an average halves the learning rate "
    "and makes totals depend on how many tasks you have.",
    caught_by="test_value",
    conceptual=True,
)
def mean_of_the_terms(losses, weights):
    return sum(weights[task] * loss for task, loss in losses.items()) / len(losses)


@misconception(
    "Your answer changes when the dictionary order changes. Pair weight and loss by task NAME, not by position.",
    caught_by="test_matched_by_name",
    conceptual=True,
)
def zip_by_position(losses, weights):
    if losses.keys() - weights.keys():
        raise KeyError("missing weight")
    return sum(weight * loss for weight, loss in zip(weights.values(), losses.values()))


@misconception(
    "You paired weights and losses by position: the answer changes when the dictionary order changes, and a task whose "
    "weight is missing is dropped in silence. Pair them by task NAME.",
    caught_by="test_matched_by_name",
    conceptual=True,
)
def zip_the_values(losses, weights):
    return sum(weight * loss for weight, loss in zip(weights.values(), losses.values()))


@misconception(
    "A task without a weight silently got 1. A typo in a task name would go unnoticed for weeks; raise instead.",
    caught_by="test_missing_weight",
    conceptual=True,
)
def missing_weight_is_one(losses, weights):
    return sum(weights.get(task, 1.0) * loss for task, loss in losses.items())


@misconception(
    "A task without a weight silently left the total, as if its weight were 0: it would never be trained and nothing "
    "would say so. Raise instead.",
    caught_by="test_missing_weight",
    conceptual=True,
)
def missing_weight_is_zero(losses, weights):
    return sum(weights.get(task, 0.0) * loss for task, loss in losses.items())


@misconception(
    "The weights are never used: try w = 0 for one task, its loss must vanish.", caught_by="test_value", conceptual=True
)
def weights_ignored(losses, weights):
    for task in losses:
        weights[task]
    return sum(losses.values())


@misconception(
    "You made the weights sum to 1 first, so 2.5 became 1. The weights are used as they are given: doubling all of them "
    "must double the total.",
    caught_by="test_value",
    conceptual=True,
)
def weighted_average(losses, weights):
    return sum(weights[task] * loss for task, loss in losses.items()) / sum(weights[task] for task in losses)


@misconception(
    "You went through the names of the weights. A weight without a loss then fails, and a loss without a weight is lost: "
    "the losses say which tasks there are.",
    caught_by="test_extra_weights",
)
def loops_over_the_weights(losses, weights):
    return sum(weight * losses[task] for task, weight in weights.items())


@misconception(
    "You multiplied the sum of the weights by the sum of the losses. Each loss meets its own weight only.",
    caught_by="test_value",
)
def product_of_the_sums(losses, weights):
    return sum(weights[task] for task in losses) * sum(losses.values())


@misconception(
    "You divided each loss by its weight. A larger weight makes a task count more, so it multiplies.",
    caught_by="test_value",
)
def divides_by_the_weight(losses, weights):
    return sum(loss / weights[task] if weights[task] else 0.0 for task, loss in losses.items())


@misconception(
    "Two sets of names that differ are refused, also where only a weight is left over. An extra weight does no harm; "
    "only a missing one is a mistake.",
    caught_by="test_extra_weights",
)
def refuses_extra_weights(losses, weights):
    if losses.keys() != weights.keys():
        raise KeyError("the names differ")
    return sum(weights[task] * loss for task, loss in losses.items())


@misconception(
    "The weights are taken out of the caller's dictionary: the next batch finds none. Read them, do not pop them.",
    caught_by="test_inputs_unchanged",
)
def pops_the_weights(losses, weights):
    return sum(weights.pop(task) * loss for task, loss in losses.items())


@misconception("These are the terms, one a task. The optimiser needs one number: add them up.", caught_by="test_value")
def terms_not_summed(losses, weights):
    return {task: weights[task] * loss for task, loss in losses.items()}


@misconception(
    "The total is rounded. Rounding belongs where a number is printed: small losses disappear in it.",
    caught_by="test_value",
)
def rounded(losses, weights):
    return round(sum(weights[task] * loss for task, loss in losses.items()), 2)


@misconception(
    "Only `price` and `time` are looked at. The names are different in every project: take them from the losses.",
    caught_by="test_value",
)
def knows_two_names_only(losses, weights):
    return weights["price"] * losses["price"] + weights["time"] * losses["time"]


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(losses, weights):
    return 2.5
