"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _sign(higher_is_better):
    return np.where(higher_is_better, 1.0, -1.0)


@misconception(
    "A higher error counted as an improvement: turn the sign where lower is better.",
    caught_by="test_mixed_directions",
    conceptual=True,
)
def direction_ignored(metrics, single_task, higher_is_better):
    return np.mean((metrics - single_task) / single_task)


@misconception(
    "Divide by the baseline, not by the model: only then are different models measured with the same ruler.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def relative_to_the_model(metrics, single_task, higher_is_better):
    with np.errstate(all="ignore"):
        return np.mean(_sign(higher_is_better) * (metrics - single_task) / metrics)


@misconception(
    "z-scores depend on what is in the comparison; a fixed baseline does not. Divide by the baseline, not by a spread.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def z_scores(metrics, single_task, higher_is_better):
    with np.errstate(all="ignore"):
        return np.mean(_sign(higher_is_better) * (metrics - single_task)) / np.std(single_task)


@misconception("You added the tasks up; the MEAN over tasks was asked for.", caught_by="test_higher_is_better")
def sum_over_tasks(metrics, single_task, higher_is_better):
    return np.sum(_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "For a lower-is-better task you took baseline / metric - 1. That is not the relative change of the metric, "
    "and it explodes when the error goes to 0.",
    caught_by="test_mixed_directions",
    conceptual=True,
)
def inverted_ratio(metrics, single_task, higher_is_better):
    with np.errstate(all="ignore"):
        return np.mean(np.where(higher_is_better, metrics / single_task, single_task / metrics) - 1)


@misconception("Percent came back; a fraction was asked for: 0.15, not 15.", caught_by="test_higher_is_better")
def percent(metrics, single_task, higher_is_better):
    return 100 * np.mean(_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "You averaged plain differences: an accuracy and an error in metres have no common unit. Divide by the baseline first.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def plain_differences(metrics, single_task, higher_is_better):
    return np.mean(_sign(higher_is_better) * (metrics - single_task))


@misconception(
    "You took the ratio of the means. The mean of the ratios is wanted: otherwise the task with the largest numbers decides.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def ratio_of_means(metrics, single_task, higher_is_better):
    return np.mean(_sign(higher_is_better) * (metrics - single_task)) / np.mean(single_task)


@misconception("The sign is turned: positive must mean better than the baseline.", caught_by="test_higher_is_better")
def turned_sign(metrics, single_task, higher_is_better):
    return np.mean(-_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "You took absolute changes: a loss on one task looks like a gain.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def absolute_changes(metrics, single_task, higher_is_better):
    return np.mean(np.abs(metrics - single_task) / single_task)


@misconception("Those are ratios: 1 for an unchanged task. Subtract the 1.", caught_by="test_higher_is_better")
def ratios_without_minus_one(metrics, single_task, higher_is_better):
    return np.mean(np.where(higher_is_better, metrics / single_task, 2 - metrics / single_task))


@misconception(
    "You took logarithms of ratios: close for small changes, but another number, and minus infinity for a metric of 0.",
    caught_by="test_higher_is_better",
)
def log_ratios(metrics, single_task, higher_is_better):
    with np.errstate(all="ignore"):
        return np.mean(_sign(higher_is_better) * np.log(metrics / single_task))


@misconception("The median hides the tasks at both ends; the mean was asked for.", caught_by="test_higher_is_better")
def median(metrics, single_task, higher_is_better):
    changes = _sign(higher_is_better) * (metrics - single_task) / single_task
    return np.sort(changes)[(len(changes) - 1) // 2]


@misconception(
    "The worst task alone is worth reporting too, but here the mean was asked for.", caught_by="test_higher_is_better"
)
def worst_task(metrics, single_task, higher_is_better):
    return np.min(_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception("Tasks where lower is better were left out of the mean.", caught_by="test_mixed_directions")
def only_higher_is_better(metrics, single_task, higher_is_better):
    change = np.where(higher_is_better, (metrics - single_task) / single_task, 0.0)
    return change.sum() / max(int(higher_is_better.sum()), 1)


@misconception("One change for each task came back; take their mean.", caught_by="test_higher_is_better")
def one_number_a_task(metrics, single_task, higher_is_better):
    return _sign(higher_is_better) * (metrics - single_task) / single_task


@misconception("You changed `metrics` in place: the caller still needs them.", caught_by="test_inputs_unchanged")
def in_place(metrics, single_task, higher_is_better):
    metrics -= single_task
    return np.mean(_sign(higher_is_better) * metrics / single_task)


@misconception("The same number comes back whatever goes in.", caught_by="test_higher_is_better")
def visible_answer(metrics, single_task, higher_is_better):
    return 0.15
