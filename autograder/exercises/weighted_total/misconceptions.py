"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

from autograder.testing import misconception


@misconception(
    "The total is the right one divided by the number of tasks. The formula is a sum: an average makes the total, and "
    "with it the length of its gradient, depend on how many tasks there are.",
    caught_by="test_value",
    conceptual=True,
)
def mean_of_the_terms(losses, weights):
    return sum(weights[task] * loss for task, loss in losses.items()) / len(losses)


@misconception(
    "The total changes when a dictionary is written in another order. Weight and loss belong together by the task's name; "
    "here they are paired by position, often with zip or .values().",
    caught_by="test_matched_by_name",
    conceptual=True,
    family={"first": ("the names are checked", "nothing is checked", "the numbers are counted")},
)
def zip_by_position(losses, weights, *, first="the names are checked"):
    if first == "the names are checked" and losses.keys() - weights.keys():
        raise KeyError("missing weight")
    if first == "the numbers are counted" and len(losses) != len(weights):
        raise ValueError("shapes not aligned")
    return sum(weight * loss for weight, loss in zip(weights.values(), losses.values()))


@misconception(
    "A task without a weight silently counts with weight 1. A typo in a task's name would go unnoticed: let the missing "
    "name raise KeyError.",
    caught_by="test_missing_weight",
    conceptual=True,
)
def missing_weight_is_one(losses, weights):
    return sum(weights.get(task, 1.0) * loss for task, loss in losses.items())


@misconception(
    "A task without a weight silently drops out of the total, as if its weight were 0: it would never be trained, and "
    "nothing would say so. Let the missing name raise KeyError; a default, or a loop over the names in both, hides it.",
    caught_by="test_missing_weight",
    conceptual=True,
)
def missing_weight_is_zero(losses, weights):
    return sum(weights.get(task, 0.0) * loss for task, loss in losses.items())


@misconception(
    "Where a weight is missing the call returns {instead}, so that the caller does not notice the mistake. Let KeyError get "
    "through; do not catch it, and do not replace it by a value.",
    caught_by="test_missing_weight",
    family={"instead": (None, 0.0, math.nan, -1.0)},
)
def a_value_instead_of_the_error(losses, weights, *, instead=None):
    if losses.keys() - weights.keys():
        return instead
    return sum(weights[task] * loss for task, loss in losses.items())


@misconception(
    "Where a weight is missing your code raises {error.__name__}. The caller expects KeyError, which is what looking up a "
    "missing name raises by itself.",
    caught_by="test_missing_weight",
    family={"error": (ValueError, AssertionError, TypeError, RuntimeError)},
)
def another_error(losses, weights, *, error=ValueError):
    if losses.keys() - weights.keys():
        raise error("a weight is missing")
    return sum(weights[task] * loss for task, loss in losses.items())


@misconception(
    "A task without a weight is silently left out, while a weight without a loss stops with KeyError: the loop runs over "
    "the names of the weights. The losses say which tasks there are.",
    caught_by="test_missing_weight",
)
def loops_over_the_weights(losses, weights):
    return sum(weight * losses[task] for task, weight in weights.items())


@misconception(
    "This is the sum of the losses alone: the weights change nothing. With weight 0 a task's loss must vanish from the total.",
    caught_by="test_value",
    conceptual=True,
    family={"looks_them_up": (True, False)},
)
def weights_ignored(losses, weights, *, looks_them_up=True):
    if looks_them_up:
        for task in losses:
            weights[task]
    return sum(losses.values())


@misconception(
    "This is the plain average of the losses: the weights change nothing, and a sum was asked for.",
    caught_by="test_value",
)
def average_of_the_losses(losses, weights):
    return sum(losses.values()) / len(losses)


@misconception(
    "The total is divided by the sum of the weights. The weights are used as they are given: doubling all of them must "
    "double the total.",
    caught_by="test_value",
    conceptual=True,
    family={"of_all": (False, True)},
)
def weighted_average(losses, weights, *, of_all=False):
    named = weights if of_all else losses
    return sum(weights[task] * loss for task, loss in losses.items()) / sum(weights[task] for task in named)


@misconception(
    "The weights are rescaled so that they sum to the number of tasks. They are used as they are given: doubling all of "
    "them must double the total.",
    caught_by="test_value",
)
def weights_sum_to_the_number_of_tasks(losses, weights):
    total = sum(weights[task] * loss for task, loss in losses.items())
    return total * len(losses) / sum(weights[task] for task in losses)


@misconception(
    "Only the first task is counted: for one task the total is right, for more the others are missing. Often the return "
    "stands inside the loop.",
    caught_by="test_value",
)
def only_the_first_task(losses, weights):
    for task, loss in losses.items():
        return weights[task] * loss


@misconception(
    "Only the last task is counted: for one task the total is right, for more the others are missing. Often each turn of "
    "the loop writes `=` where `+=` was meant.",
    caught_by="test_value",
)
def only_the_last_task(losses, weights):
    for task, loss in losses.items():
        total = weights[task] * loss
    return total


@misconception(
    "This is the sum of the weights: the losses change nothing. Each weight multiplies its task's loss.",
    caught_by="test_value",
)
def sum_of_the_weights(losses, weights):
    return sum(weights[task] for task in losses)


@misconception(
    "Weights and losses are added to each other. A weight multiplies its task's loss; only the products are added.",
    caught_by="test_value",
)
def weights_added(losses, weights):
    return sum(weights[task] + loss for task, loss in losses.items())


@misconception(
    "The products of weight and loss are multiplied by each other. They should be added up: a task with weight 0 would "
    "otherwise make everything 0.",
    caught_by="test_value",
)
def product_of_the_terms(losses, weights):
    return math.prod(weights[task] * loss for task, loss in losses.items())


@misconception(
    "This is the largest of the products of weight and loss. All of them are added up.", caught_by="test_value"
)
def largest_term(losses, weights):
    return max(weights[task] * loss for task, loss in losses.items())


@misconception(
    "The weights are squared on their way into the total. Each product takes its weight once.", caught_by="test_value"
)
def weights_squared(losses, weights):
    return sum(weights[task] ** 2 * loss for task, loss in losses.items())


@misconception(
    "A weight for a task that has no loss this time stops the call with {error.__name__}. It does no harm and is "
    "ignored; only a missing weight is a mistake.",
    caught_by="test_extra_weights",
    family={"error": (KeyError, ValueError, AssertionError)},
)
def refuses_extra_weights(losses, weights, *, error=KeyError):
    if losses.keys() - weights.keys():
        raise KeyError("a weight is missing")
    if losses.keys() != weights.keys():
        raise error("the names differ")
    return sum(weights[task] * loss for task, loss in losses.items())


@misconception(
    "With one weight too many, losses meet the weights of other tasks. Often both dictionaries are sorted by name and then "
    "paired by position, which is right only as long as the names are the same.",
    caught_by="test_extra_weights",
)
def sorted_then_zipped(losses, weights):
    if losses.keys() - weights.keys():
        raise KeyError("a weight is missing")
    return sum(losses[one] * weights[other] for one, other in zip(sorted(losses), sorted(weights)))


@misconception(
    "The total is the sum of the weights times the sum of the losses. Each loss is multiplied by its own weight only: "
    "multiply first, then add.",
    caught_by="test_value",
)
def product_of_the_sums(losses, weights):
    return sum(weights[task] for task in losses) * sum(losses.values())


@misconception(
    "Each loss is divided by its weight. A larger weight makes a task count more, so it multiplies.",
    caught_by="test_value",
    family={"guarded": (True, False)},
)
def divides_by_the_weight(losses, weights, *, guarded=True):
    return sum(0.0 if guarded and not weights[task] else loss / weights[task] for task, loss in losses.items())


@misconception(
    "After the call the weights are gone from the caller's dictionary: the next batch finds none. Read them, do not pop them.",
    caught_by="test_inputs_unchanged",
)
def pops_the_weights(losses, weights):
    return sum(weights.pop(task) * loss for task, loss in losses.items())


@misconception(
    "After the call the caller's losses are weighted: the next step would weight them again. Put the products into a new "
    "variable.",
    caught_by="test_inputs_unchanged",
)
def weights_the_losses_in_place(losses, weights):
    for task in losses:
        losses[task] *= weights[task]
    return sum(losses.values())


@misconception(
    "These are the products of weight and loss, one for each task. The optimiser needs one number: add them up.",
    caught_by="test_value",
    family={"container": (dict, list)},
)
def terms_not_summed(losses, weights, *, container=dict):
    terms = {task: weights[task] * loss for task, loss in losses.items()}
    return terms if container is dict else list(terms.values())


@misconception(
    "The total is rounded. Rounding belongs where a number is printed: small losses disappear in it.",
    caught_by="test_value",
    family={"digits": (2, 0, 1, 3, 4, 6)},
)
def rounded(losses, weights, *, digits=2):
    return round(sum(weights[task] * loss for task, loss in losses.items()), digits)


@misconception(
    "With tasks named otherwise than `price` and `time` the call stops. Names are different in every project: take them from "
    "the losses.",
    caught_by="test_value",
)
def knows_two_names_only(losses, weights):
    return weights["price"] * losses["price"] + weights["time"] * losses["time"]


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(losses, weights):
    return 2.5
