"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _sign(higher_is_better):
    return np.where(higher_is_better, 1.0, -1.0)


@misconception(
    "Where lower is better a higher error counts as an improvement, as if the directions were not looked at. Reverse "
    "the sign there.",
    caught_by="test_mixed_directions",
    conceptual=True,
)
def direction_ignored(metrics, single_task, higher_is_better):
    return np.mean((metrics - single_task) / single_task)


@misconception(
    "Each change is a fraction of the model's own metric. Divide by the baseline: only then are different models measured "
    "with the same ruler.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def relative_to_the_model(metrics, single_task, higher_is_better):
    with np.errstate(all="ignore"):
        return np.mean(_sign(higher_is_better) * (metrics - single_task) / metrics)


@misconception(
    "The changes are divided by a spread over tasks, as z-scores are: a single task gives no number at all. Divide each by its "
    "own baseline, which depends on nothing else in the comparison.",
    caught_by="test_higher_is_better",
    conceptual=True,
    family={"spread_of": ("baselines", "metrics", "differences"), "ddof": (0, 1)},
)
def z_scores(metrics, single_task, higher_is_better, *, spread_of="baselines", ddof=0):
    spread = {"baselines": single_task, "metrics": metrics, "differences": metrics - single_task}[spread_of]
    with np.errstate(all="ignore"):
        return np.mean(_sign(higher_is_better) * (metrics - single_task)) / np.std(spread, ddof=ddof)


@misconception(
    "The denominator is larger than the baseline by a small number: where a metric is small, in a small unit, most of its "
    "change is lost. Baselines are above 0, so nothing has to be added.",
    caught_by="test_units",
    family={"eps": (1e-8, 1e-12, 1e-10, 1e-9, 1e-7, 1e-6, 1e-3)},
)
def epsilon_in_the_denominator(metrics, single_task, higher_is_better, *, eps=1e-8):
    return np.mean(_sign(higher_is_better) * (metrics - single_task) / (single_task + eps))


@misconception(
    "Each change is divided by the middle between model and baseline. The baseline alone is the ruler: it is the same for every "
    "model.",
    caught_by="test_higher_is_better",
)
def divided_by_the_middle(metrics, single_task, higher_is_better):
    return np.mean(_sign(higher_is_better) * (metrics - single_task) / ((metrics + single_task) / 2))


@misconception(
    "Each change is divided by the larger of model and baseline. The baseline alone is the ruler, also where the model is "
    "larger.",
    caught_by="test_higher_is_better",
)
def divided_by_the_larger(metrics, single_task, higher_is_better):
    return np.mean(_sign(higher_is_better) * (metrics - single_task) / np.maximum(metrics, single_task))


@misconception(
    "Each change is divided by the baseline twice, so that the unit of a task matters. Once is enough.",
    caught_by="test_higher_is_better",
)
def divided_twice(metrics, single_task, higher_is_better):
    return np.mean(_sign(higher_is_better) * (metrics - single_task) / single_task**2)


@misconception(
    "The division comes before the subtraction, as it does without brackets. Subtract, then divide the difference.",
    caught_by="test_higher_is_better",
    family={"divided": ("baseline", "metric")},
)
def brackets_forgotten(metrics, single_task, higher_is_better, *, divided="baseline"):
    change = metrics - single_task / single_task if divided == "baseline" else metrics / single_task - single_task
    return np.mean(_sign(higher_is_better) * change)


@misconception(
    "This is the geometric mean of the ratios, minus 1. The plain mean of the changes is asked for.",
    caught_by="test_higher_is_better",
)
def geometric_mean(metrics, single_task, higher_is_better):
    with np.errstate(all="ignore"):
        return np.exp(np.mean(_sign(higher_is_better) * np.log(metrics / single_task))) - 1


@misconception(
    "Only the direction of each change is counted, not its size: a gain of one per cent then counts as much as one of "
    "fifty.",
    caught_by="test_higher_is_better",
    conceptual=True,
    family={"losses_count": (True, False)},
)
def wins_counted(metrics, single_task, higher_is_better, *, losses_count=True):
    direction = np.sign(_sign(higher_is_better) * (metrics - single_task))
    return np.mean(direction if losses_count else direction > 0)


@misconception(
    "With several tasks the call stops. Often an `if` is asked about the whole array `higher_is_better`, which has one answer "
    "for each task: decide task by task, or with np.where.",
    caught_by="test_higher_is_better",
)
def one_decision_for_all(metrics, single_task, higher_is_better):
    change = (metrics - single_task) / single_task
    return np.mean(change if higher_is_better else -change)


@misconception(
    "Only the first task is counted: for one task the number is right. Often the return stands inside the loop.",
    caught_by="test_higher_is_better",
)
def only_the_first_task(metrics, single_task, higher_is_better):
    return (_sign(higher_is_better) * (metrics - single_task) / single_task)[0]


@misconception(
    "Only the last task is counted: for one task the number is right. Often each turn of the loop writes `=` where `+=` was "
    "meant.",
    caught_by="test_higher_is_better",
    family={"divided": (True, False)},
)
def only_the_last_task(metrics, single_task, higher_is_better, *, divided=True):
    change = (_sign(higher_is_better) * (metrics - single_task) / single_task)[-1]
    return change / len(metrics) if divided else change


@misconception(
    "The mean is divided by the number of tasks once more: np.mean has done so already.",
    caught_by="test_higher_is_better",
)
def divided_by_the_tasks_twice(metrics, single_task, higher_is_better):
    return np.mean(_sign(higher_is_better) * (metrics - single_task) / single_task) / len(metrics)


@misconception(
    "The changes are added up and given in percent. Take their mean, so that the number of tasks does not matter, and "
    "leave it a fraction.",
    caught_by="test_higher_is_better",
)
def percent_of_the_sum(metrics, single_task, higher_is_better):
    return 100 * np.sum(_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "The changes are added up, so the number grows with the number of tasks. The mean over tasks was asked for.",
    caught_by="test_higher_is_better",
)
def sum_over_tasks(metrics, single_task, higher_is_better):
    return np.sum(_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "Where lower is better the result is baseline / metric - 1, a change relative to the model. Divide by the baseline there "
    "as well; this ratio explodes when the error goes to 0.",
    caught_by="test_mixed_directions",
    conceptual=True,
)
def inverted_ratio(metrics, single_task, higher_is_better):
    with np.errstate(all="ignore"):
        return np.mean(np.where(higher_is_better, metrics / single_task, single_task / metrics) - 1)


@misconception("Percent came back, 100 times the fraction that was asked for.", caught_by="test_higher_is_better")
def percent(metrics, single_task, higher_is_better):
    return 100 * np.mean(_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "This is the mean of plain differences: an accuracy and an error in metres have no common unit. Divide each difference "
    "by its baseline first.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def plain_differences(metrics, single_task, higher_is_better):
    return np.mean(_sign(higher_is_better) * (metrics - single_task))


@misconception(
    "The mean of the differences is divided by the mean of the baselines, so the task with the largest numbers decides. Divide "
    "each task's change by its own baseline, then take the mean.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def ratio_of_means(metrics, single_task, higher_is_better):
    return np.mean(_sign(higher_is_better) * (metrics - single_task)) / np.mean(single_task)


@misconception(
    "The sign is reversed: positive must mean better than the baseline. Often baseline and metric, or the two branches "
    "of a condition, have changed places.",
    caught_by="test_higher_is_better",
)
def turned_sign(metrics, single_task, higher_is_better):
    return np.mean(-_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "A change for the worse counts like one for the better, as absolute values do. Keep the sign: a loss is no gain.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def absolute_changes(metrics, single_task, higher_is_better):
    return np.mean(np.abs(metrics - single_task) / single_task)


@misconception(
    "The result is larger by 1 than the mean change: it is a mean of ratios, in which an unchanged task counts 1. Subtract "
    "the 1.",
    caught_by="test_higher_is_better",
    family={"where_lower_is_better": ("2 - ratio", "inverted", "as it is", "negative")},
)
def ratios_without_minus_one(metrics, single_task, higher_is_better, *, where_lower_is_better="2 - ratio"):
    with np.errstate(all="ignore"):
        ratio = metrics / single_task
        other = {"2 - ratio": 2 - ratio, "inverted": 1 / ratio, "as it is": ratio, "negative": -ratio}
        return np.mean(np.where(higher_is_better, ratio, other[where_lower_is_better]))


@misconception(
    "These are logarithms of ratios: close for small changes, but other numbers, which have no lower end where a metric nears "
    "0. Take the change as a fraction of the baseline.",
    caught_by="test_higher_is_better",
)
def log_ratios(metrics, single_task, higher_is_better):
    with np.errstate(all="ignore"):
        return np.mean(_sign(higher_is_better) * np.log(metrics / single_task))


@misconception(
    "This is a median of the changes: it hides the tasks at both ends. The mean was asked for.",
    caught_by="test_higher_is_better",
    family={"of_two": ("lower", "between"), "times": (1, 100)},
)
def median(metrics, single_task, higher_is_better, *, of_two="lower", times=1):
    changes = times * _sign(higher_is_better) * (metrics - single_task) / single_task
    return np.median(changes) if of_two == "between" else np.sort(changes)[(len(changes) - 1) // 2]


@misconception(
    "This is the change of the worst task alone. It is worth reporting as well, but here the mean was asked for.",
    caught_by="test_higher_is_better",
)
def worst_task(metrics, single_task, higher_is_better):
    return np.min(_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "This is the change of the best task alone. The mean was asked for, in which the others count as well.",
    caught_by="test_higher_is_better",
)
def best_task(metrics, single_task, higher_is_better):
    return np.max(_sign(higher_is_better) * (metrics - single_task) / single_task)


@misconception(
    "Tasks where lower is better leave no trace in the result. Often True and False are multiplied in as 1 and 0; what is "
    "needed is a sign, plus or minus.",
    caught_by="test_mixed_directions",
    family={"in_the_count": (False, True)},
)
def only_higher_is_better(metrics, single_task, higher_is_better, *, in_the_count=False):
    change = np.where(higher_is_better, (metrics - single_task) / single_task, 0.0)
    return change.sum() / (len(change) if in_the_count else max(int(higher_is_better.sum()), 1))


@misconception(
    "One direction is used for all tasks of a comparison. Each has its own: where higher is better a rise counts as positive, and "
    "where lower is better a fall.",
    caught_by="test_mixed_directions",
    family={"higher_where": ("all", "any", "first", "last")},
)
def one_direction_for_all(metrics, single_task, higher_is_better, *, higher_where="all"):
    higher = {"all": higher_is_better.all(), "any": higher_is_better.any()}
    higher |= {"first": higher_is_better[0], "last": higher_is_better[-1]}
    change = np.mean((metrics - single_task) / single_task)
    return change if higher[higher_where] else -change


@misconception(
    "Each direction is averaged on its own, and the two numbers are put together without regard to how many tasks each has. "
    "Every task counts alike in the mean.",
    caught_by="test_mixed_directions",
    family={"halved": (True, False)},
)
def two_means(metrics, single_task, higher_is_better, *, halved=True):
    change = _sign(higher_is_better) * (metrics - single_task) / single_task
    groups = [change[mask].mean() for mask in (higher_is_better, ~higher_is_better) if mask.any()]
    return np.mean(groups) if halved else np.sum(groups)


@misconception(
    "One change for each task came back, in an array. One number was asked for: their mean.",
    caught_by="test_higher_is_better",
)
def one_number_a_task(metrics, single_task, higher_is_better):
    return _sign(higher_is_better) * (metrics - single_task) / single_task


@misconception(
    "After the call the caller's `metrics` have changed, often because `-=` or an assignment to some entries writes "
    "into the array that came in. Make a new array.",
    caught_by="test_inputs_unchanged",
    family={"how": ("-=", "divided too", "signs")},
)
def in_place(metrics, single_task, higher_is_better, *, how="-="):
    if how == "signs":
        metrics[~higher_is_better] *= -1
        return np.mean((metrics - _sign(higher_is_better) * single_task) / single_task)
    metrics -= single_task
    if how == "divided too":
        metrics /= single_task
        return np.mean(_sign(higher_is_better) * metrics)
    return np.mean(_sign(higher_is_better) * metrics / single_task)


@misconception("The same number comes back whatever goes in.", caught_by="test_higher_is_better")
def visible_answer(metrics, single_task, higher_is_better):
    return 0.15
