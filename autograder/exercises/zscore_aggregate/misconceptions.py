"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def signs(higher_is_better):
    return np.where(higher_is_better, 1.0, -1.0)


def z_scores(scores, reference, ddof=0):
    """Right z-scores; 0 where all of the reference are equal."""
    return against(scores, reference.mean(axis=0), reference.std(axis=0, ddof=ddof), np.ptp(reference, axis=0) == 0)


def against(scores, centre, spread, equal):
    with np.errstate(all="ignore"):
        return np.where(equal, 0.0, (scores - centre) / spread)


def right(scores, higher_is_better, reference):
    """The right numbers, for answers that are wrong elsewhere."""
    return (signs(higher_is_better) * z_scores(scores, reference)).mean(axis=1)


@misconception(
    "A model's number changes when another joins the table: mean and standard deviation are those of the models that are "
    "judged. Take both from `reference`, which stands still.",
    caught_by="test_company",
    conceptual=True,
    family={"ddof": (0, 1), "guarded": (True, False)},
)
def ruler_of_the_table(scores, higher_is_better, reference, *, ddof=0, guarded=True):
    with np.errstate(all="ignore"):
        z = (scores - scores.mean(axis=0)) / scores.std(axis=0, ddof=ddof)
    z = np.nan_to_num(z, posinf=0.0, neginf=0.0) if guarded else z
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "A model's number changes when another joins the table: mean and standard deviation are those of judged models and "
    "reference together. Take both from `reference` alone.",
    caught_by="test_company",
    conceptual=True,
    family={"ddof": (0, 1)},
)
def ruler_of_both(scores, higher_is_better, reference, *, ddof=0):
    return (signs(higher_is_better) * z_scores(scores, np.vstack([reference, scores]), ddof)).mean(axis=1)


@misconception(
    "A model's number changes when another joins the table: the mean or the standard deviation is that of the models that "
    "are judged. Take both from `reference`.",
    caught_by="test_company",
    conceptual=True,
    family={"own": ("mean", "spread")},
)
def half_of_the_ruler(scores, higher_is_better, reference, *, own="mean"):
    centre, spread = (scores, reference) if own == "mean" else (reference, scores)
    with np.errstate(all="ignore"):
        z = np.nan_to_num((scores - centre.mean(axis=0)) / spread.std(axis=0), posinf=0.0, neginf=0.0)
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "Where lower is better a larger error counts as better, as if the directions were not looked at. Reverse the sign "
    "there.",
    caught_by="test_mixed_directions",
    conceptual=True,
)
def direction_ignored(scores, higher_is_better, reference):
    return z_scores(scores, reference).mean(axis=1)


@misconception(
    "The sign is reversed: above the reference's mean, where higher is better, must come out positive. Often scores "
    "and mean, or the two branches of a condition, have changed places.",
    caught_by="test_higher_is_better",
)
def turned_sign(scores, higher_is_better, reference):
    return -right(scores, higher_is_better, reference)


@misconception(
    "Tasks where lower is better do not count at all. Often because True and False were taken as factors 1 and 0: the factor "
    "of such a task is -1.",
    caught_by="test_mixed_directions",
    family={"divided_by": ("all tasks", "those that count")},
)
def lower_is_left_out(scores, higher_is_better, reference, *, divided_by="all tasks"):
    z = z_scores(scores, reference)
    total = (z * higher_is_better).sum(axis=1)
    with np.errstate(all="ignore"):
        return total / (z.shape[1] if divided_by == "all tasks" else higher_is_better.sum())


@misconception(
    "Where lower is better the sign of the scores was reversed and that of the reference was not, or the other way "
    "round, so that a large constant is left over. Reverse both, or the sign of the z-score.",
    caught_by="test_mixed_directions",
    family={"turned": ("scores", "reference")},
)
def one_table_turned(scores, higher_is_better, reference, *, turned="scores"):
    sign = signs(higher_is_better)
    pair = (sign * scores, reference) if turned == "scores" else (scores, sign * reference)
    return z_scores(*pair).mean(axis=1)


@misconception(
    "With several tasks the call stops. Often an `if` is asked about the whole array `higher_is_better`, which has one answer "
    "per task: decide task by task, or with np.where.",
    caught_by="test_higher_is_better",
)
def one_decision_for_all(scores, higher_is_better, reference):
    z = z_scores(scores, reference).mean(axis=1)
    return z if higher_is_better else -z


@misconception(
    "The standard deviation is that of a sample, with R - 1 in the denominator. The reference is not a sample here but "
    "the ruler: divide by R.",
    caught_by="test_higher_is_better",
)
def sample_deviation(scores, higher_is_better, reference):
    return (signs(higher_is_better) * z_scores(scores, reference, ddof=1)).mean(axis=1)


@misconception(
    "The distances were divided by the variance, the square of the standard deviation: then the unit of a task decides how much "
    "it counts. Divide by the deviation.",
    caught_by="test_higher_is_better",
    family={"ddof": (0, 1)},
)
def divided_by_the_variance(scores, higher_is_better, reference, *, ddof=0):
    z = against(scores, reference.mean(0), reference.var(0, ddof=ddof), np.ptp(reference, axis=0) == 0)
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "These are plain distances from the reference's mean: an accuracy and an error in minutes have no common unit. Divide by "
    "the standard deviation of each task.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def not_divided(scores, higher_is_better, reference):
    return (signs(higher_is_better) * (scores - reference.mean(axis=0))).mean(axis=1)


@misconception(
    "The reference's mean was not taken off before the division: the scores were divided as they are, or, without brackets, the "
    "mean alone was. Subtract first, then divide the difference.",
    caught_by="test_higher_is_better",
    family={"brackets": ("no mean", "mean divided alone")},
)
def not_centred(scores, higher_is_better, reference, *, brackets="no mean"):
    equal, spread = np.ptp(reference, axis=0) == 0, reference.std(axis=0)
    centre = 0.0 if brackets == "no mean" else reference.mean(axis=0)
    with np.errstate(all="ignore"):
        z = scores / spread if brackets == "no mean" else scores - centre / spread
    return (signs(higher_is_better) * np.where(equal, 0.0, z)).mean(axis=1)


@misconception(
    "The distances were divided by the reference's mean: that is a relative change. A z-score is a distance in standard "
    "deviations.",
    caught_by="test_higher_is_better",
    conceptual=True,
    family={"absolute": (False, True)},
)
def relative_change(scores, higher_is_better, reference, *, absolute=False):
    centre = reference.mean(axis=0)
    ruler = np.abs(centre) if absolute else centre
    return (signs(higher_is_better) * (scores - centre) / ruler).mean(axis=1)


@misconception(
    "One mean and one standard deviation were used for all tasks, so the task with the largest numbers decides. Each task has "
    "its own, down its column of the reference.",
    caught_by="test_higher_is_better",
    conceptual=True,
)
def one_ruler_for_all_tasks(scores, higher_is_better, reference):
    z = against(scores, reference.mean(), reference.std(), np.ptp(reference) == 0)
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "Mean and standard deviation were taken along the rows of the reference, over the metrics of one model: units are mixed there. "
    "Each task needs its own, down its column.",
    caught_by="test_higher_is_better",
    conceptual=True,
    family={"keepdims": (False, True)},
)
def along_the_rows(scores, higher_is_better, reference, *, keepdims=False):
    with np.errstate(all="ignore"):
        z = (scores - reference.mean(axis=1, keepdims=keepdims)) / reference.std(axis=1, keepdims=keepdims)
        return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "The metrics of a model were averaged first, and the z-score taken of that mean: units are mixed, and the task with the "
    "largest numbers decides. First a z-score per task, then the mean.",
    caught_by="test_higher_is_better",
    conceptual=True,
    family={"turned": (True, False)},
)
def mean_before_the_z_score(scores, higher_is_better, reference, *, turned=True):
    sign = signs(higher_is_better) if turned else 1.0
    means, ruler = (sign * scores).mean(axis=1), (sign * reference).mean(axis=1)
    return against(means, ruler.mean(), ruler.std(), np.ptp(ruler) == 0)


@misconception(
    "The score was placed between the smallest and the largest of the reference. That is another scale, which two models decide. "
    "A z-score uses mean and standard deviation.",
    caught_by="test_higher_is_better",
    family={"zero": ("lowest", "mean")},
)
def between_the_extremes(scores, higher_is_better, reference, *, zero="lowest"):
    span = np.ptp(reference, axis=0)
    z = against(scores, reference.min(axis=0) if zero == "lowest" else reference.mean(axis=0), span, span == 0)
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "The centre is the median of the reference. A z-score is measured from the mean.",
    caught_by="test_higher_is_better",
    family={"spread": ("deviation", "quartiles", "absolute")},
)
def from_the_median(scores, higher_is_better, reference, *, spread="deviation"):
    centre = np.median(reference, axis=0)
    low, high = np.quantile(reference, [0.25, 0.75], axis=0)
    by = {"deviation": reference.std(0), "quartiles": high - low, "absolute": np.median(np.abs(reference - centre), 0)}
    z = against(scores, centre, by[spread], np.ptp(reference, axis=0) == 0)
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "The z-scores are added up, so the number grows with the number of tasks. Take their mean.",
    caught_by="test_higher_is_better",
)
def sum_over_tasks(scores, higher_is_better, reference):
    return right(scores, higher_is_better, reference) * scores.shape[1]


@misconception(
    "This is not the mean over the tasks but one of them, the worst, best or middle one. The worst task belongs beside the "
    "mean, not in its place.",
    caught_by="test_higher_is_better",
    family={"which": ("worst", "middle", "best")},
)
def one_task_speaks(scores, higher_is_better, reference, *, which="worst"):
    pick = {"worst": np.min, "middle": np.median, "best": np.max}[which]
    return pick(signs(higher_is_better) * z_scores(scores, reference), axis=1)


@misconception(
    "A distance for the worse counts like one for the better, as absolute values or squares do. Keep the sign.",
    caught_by="test_higher_is_better",
    conceptual=True,
    family={"how": ("absolute", "squares", "root of squares")},
)
def without_sign(scores, higher_is_better, reference, *, how="absolute"):
    z = z_scores(scores, reference)
    if how == "absolute":
        return np.abs(z).mean(axis=1)
    return np.mean(z**2, axis=1) ** (1 if how == "squares" else 0.5)


@misconception(
    "The mean runs over the models: one number per task came back. Give one per model, the mean over its tasks.",
    caught_by="test_higher_is_better",
)
def one_number_per_task(scores, higher_is_better, reference):
    return (signs(higher_is_better) * z_scores(scores, reference)).mean(axis=0)


@misconception(
    "One number came back for all models together. Give one per model, even if there is only one.",
    caught_by="test_higher_is_better",
    family={"how": ("mean", "first")},
)
def one_number(scores, higher_is_better, reference, *, how="mean"):
    found = right(scores, higher_is_better, reference)
    return found.mean() if how == "mean" else found[0]


@misconception(
    "A number for every model and task came back. Take the mean over the tasks of each model.",
    caught_by="test_higher_is_better",
)
def all_z_scores(scores, higher_is_better, reference):
    return signs(higher_is_better) * z_scores(scores, reference)


@misconception(
    "The models of the reference were judged, not those in `scores`: the reference gives mean and standard deviation only.",
    caught_by="test_higher_is_better",
    family={"by": ("scores", "themselves")},
)
def reference_judged(scores, higher_is_better, reference, *, by="scores"):
    return right(reference, higher_is_better, scores if by == "scores" else reference)


@misconception(
    "A small number is added to the standard deviation, or stands in for it where it is smaller: a task in tiny units then "
    "hardly counts. Nothing has to be added; a task in which all of the reference are equal is a case of its own.",
    caught_by="test_units",
    family={"eps": (1e-8, 1e-12, 1e-10, 1e-9, 1e-6, 1e-3), "added": (True, False), "equal": ("divided", "0")},
)
def epsilon_in_the_denominator(scores, higher_is_better, reference, *, eps=1e-8, added=True, equal="divided"):
    spread, none = reference.std(axis=0), (np.ptp(reference, axis=0) == 0) & (equal == "0")
    z = against(scores, reference.mean(axis=0), spread + eps if added else np.maximum(spread, eps), none)
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "A task in a small unit adds nothing, as if the reference agreed in it. Often because a deviation below some small "
    "number is taken for none. Compare the values: are the largest and the smallest the same?",
    caught_by="test_units",
    family={"below": (1e-8, 1e-12, 1e-10, 1e-9, 1e-6), "then": ("0", "distance")},
)
def takes_small_for_equal(scores, higher_is_better, reference, *, below=1e-8, then="0"):
    spread = reference.std(axis=0)
    z = against(scores, reference.mean(axis=0), np.where(spread < below, 1, spread), (spread < below) & (then == "0"))
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "Where all models of the reference are equal, the distance is divided by 0 or by what rounding leaves: NaN, infinity or an "
    "enormous number comes out. Such a task adds 0.",
    caught_by="test_equal_references",
    conceptual=True,
    family={"then": ("nothing", "nan_to_num")},
)
def divided_by_no_spread(scores, higher_is_better, reference, *, then="nothing"):
    z = against(scores, reference.mean(axis=0), reference.std(axis=0), False)
    z = np.nan_to_num(z) if then == "nan_to_num" else z
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "Three references of 0.1 were not taken for equal. Often because `std == 0` was asked, but rounding leaves about "
    "1e-17 there. Compare the values: are the largest and the smallest the same?",
    caught_by="test_equal_references",
    family={"then": ("0", "distance")},
)
def asks_the_deviation(scores, higher_is_better, reference, *, then="0"):
    spread = reference.std(axis=0)
    z = against(scores, reference.mean(axis=0), np.where(spread == 0, 1, spread), (spread == 0) & (then == "0"))
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "Where all models of the reference are equal, the plain distance is added, as if their deviation were 1. Such a "
    "distance has a unit, and this task has no ruler: it adds 0.",
    caught_by="test_equal_references",
    conceptual=True,
)
def deviation_of_one(scores, higher_is_better, reference):
    equal = np.ptp(reference, axis=0) == 0
    z = against(scores, reference.mean(axis=0), np.where(equal, 1.0, reference.std(axis=0)), False)
    return (signs(higher_is_better) * z).mean(axis=1)


@misconception(
    "A task in which all models of the reference are equal is left out of the mean: the others are divided by fewer tasks. It "
    "adds 0 and is counted.",
    caught_by="test_equal_references",
    family={"none_left": ("NaN", "0")},
)
def equal_task_not_counted(scores, higher_is_better, reference, *, none_left="NaN"):
    varied = np.ptp(reference, axis=0) > 0
    total = (signs(higher_is_better) * z_scores(scores, reference)).sum(axis=1)
    with np.errstate(all="ignore"):
        found = total / varied.sum()
    return found if none_left == "NaN" else np.nan_to_num(found)


@misconception(
    "The mean of the z-scores was divided once more, by the number of tasks or of models: np.mean has divided already.",
    caught_by="test_higher_is_better",
    family={"what": ("tasks", "models")},
)
def divided_twice(scores, higher_is_better, reference, *, what="tasks"):
    return right(scores, higher_is_better, reference) / scores.shape[what == "tasks"]


@misconception(
    "Only the first task is counted. Often because the `return` stands inside the loop.",
    caught_by="test_higher_is_better",
    family={"divided": (False, True)},
)
def only_the_first_task(scores, higher_is_better, reference, *, divided=False):
    first = (signs(higher_is_better) * z_scores(scores, reference))[:, 0]
    return first / scores.shape[1] if divided else first


@misconception(
    "Only the first model came back, as a list of one. Often because the `return` stands inside the loop over the models.",
    caught_by="test_higher_is_better",
)
def only_the_first_model(scores, higher_is_better, reference):
    return right(scores, higher_is_better, reference)[:1]


@misconception(
    "`scores` or `reference` was changed in place, often by `-=`, `/=` or a turned sign. The next model judged with "
    "this reference would meet another ruler: make new arrays.",
    caught_by="test_inputs_unchanged",
    family={"what": ("scores", "reference", "signs", "both signs")},
)
def in_place(scores, higher_is_better, reference, *, what="scores"):
    found = right(scores, higher_is_better, reference)
    if what == "scores":
        scores -= reference.mean(axis=0)
    elif what == "reference":
        reference -= reference.mean(axis=0)
    else:
        scores[:, ~higher_is_better] *= -1
        if what == "both signs":
            reference[:, ~higher_is_better] *= -1
    return found


@misconception("The same number comes back whatever goes in.", caught_by="test_higher_is_better")
def constant(scores, higher_is_better, reference):
    return np.array([1.25])
