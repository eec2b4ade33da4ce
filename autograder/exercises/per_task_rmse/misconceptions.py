"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def errors(y_true, y_pred, mask):
    """The errors, 0 where there is no label."""
    return np.where(mask, np.where(mask, y_true, 0).astype(float) - y_pred, 0.0)


def over(squares, count):
    """The root of squares, added up per task, over a count: NaN for nothing over nothing."""
    with np.errstate(all="ignore"):
        return np.sqrt(squares.sum(axis=0) / count)


def right(y_true, y_pred, mask):
    """The right numbers, for answers that are wrong elsewhere."""
    return over(errors(y_true, y_pred, mask) ** 2, mask.sum(axis=0))


def with_nan(values, mask):
    """NaN for each task without a label."""
    return np.where(mask.any(axis=0), values, np.nan)


@misconception(
    "The squared errors of each task were divided by the number of observed labels of all tasks: a task with few "
    "labels looks good. Divide by the task's own number.",
    caught_by="test_all_observed",
    conceptual=True,
    family={"nothing": ("zero", "NaN")},
)
def pooled_over_all_labels(y_true, y_pred, mask, *, nothing="zero"):
    found = over(errors(y_true, y_pred, mask) ** 2, mask.sum())
    return found if nothing == "zero" else with_nan(found, mask)


@misconception(
    "The squared errors of each task were divided by the number of all rows, also of those without a label: the fewer "
    "labels, the better it looks. Divide by the number of observed ones. Often because of a mean after the gaps are "
    "filled.",
    caught_by="test_own_rows",
    conceptual=True,
    family={"nothing": ("zero", "NaN")},
)
def divided_by_all_rows(y_true, y_pred, mask, *, nothing="zero"):
    found = over(errors(y_true, y_pred, mask) ** 2, len(mask))
    return found if nothing == "zero" else with_nan(found, mask)


@misconception(
    "Labels that are not observed count as soon as they hold a number: the mask is not looked at, or only whether there is a "
    "NaN. A field may hold an old value or a stand-in; let the mask decide.",
    caught_by="test_own_rows",
    conceptual=True,
    family={"left_out": ("NaN", "nothing", "not finite")},
)
def mask_not_looked_at(y_true, y_pred, mask, *, left_out="NaN"):
    if left_out == "nothing":
        return over((y_true.astype(float) - y_pred) ** 2, len(mask))
    return right(y_true, y_pred, np.isfinite(y_true) if left_out == "not finite" else ~np.isnan(y_true))


@misconception(
    "Labels that are not observed were taken for 0 and kept: the model is charged for not predicting 0 there. Leave these "
    "rows out.",
    caught_by="test_own_rows",
    conceptual=True,
    family={"divided_by": ("rows", "labels")},
)
def missing_means_zero(y_true, y_pred, mask, *, divided_by="rows"):
    squares = (np.where(mask, y_true, 0.0) - y_pred) ** 2
    return over(squares, len(mask) if divided_by == "rows" else mask.sum(axis=0))


@misconception(
    "The mean runs over the labels that are not observed: in the mask True means observed.",
    caught_by="test_own_rows",
)
def inverted_mask(y_true, y_pred, mask):
    return right(y_true, y_pred, ~mask)


@misconception(
    "Only rows in which all tasks are observed count, so that labels of the others are lost. Each task has its own "
    "rows.",
    caught_by="test_own_rows",
    conceptual=True,
)
def complete_rows_only(y_true, y_pred, mask):
    return right(y_true, y_pred, np.broadcast_to(mask.all(axis=1, keepdims=True), mask.shape))


@misconception(
    "Rows count in which any task is observed. Each task has its own rows: those in which its own label is.",
    caught_by="test_own_rows",
)
def rows_with_any_label(y_true, y_pred, mask):
    return right(y_true, y_pred, np.broadcast_to(mask.any(axis=1, keepdims=True), mask.shape))


@misconception(
    "Every task uses the observed rows of one task. Each has its own column in the mask.",
    caught_by="test_own_rows",
    family={"place": (0, -1)},
)
def mask_of_one_task(y_true, y_pred, mask, *, place=0):
    return right(y_true, y_pred, np.broadcast_to(mask[:, [place]], mask.shape))


@misconception(
    "An observed label that is predicted exactly was not counted, so the error comes out too large. Count the True "
    "entries of the mask, not the errors that are not 0.",
    caught_by="test_own_rows",
)
def counts_what_is_not_zero(y_true, y_pred, mask):
    rows = errors(y_true, y_pred, mask)
    return over(rows**2, (rows != 0).sum(axis=0))


@misconception(
    "A hidden NaN or infinity spoils the error of its task: multiplied by 0 it stays what it is, or becomes NaN. Leave hidden "
    "labels out before you compute.",
    caught_by="test_hidden",
    conceptual=True,
    family={"dtype": (None, float)},
)
def times_the_mask(y_true, y_pred, mask, *, dtype=None):
    with np.errstate(all="ignore"):
        return over((y_true.astype(dtype or y_true.dtype) - y_pred) ** 2 * mask, mask.sum(axis=0))


@misconception(
    "A hidden NaN does no harm, a hidden infinity does. Leave out whatever the mask hides, not only what is NaN.",
    caught_by="test_hidden",
    conceptual=True,
    family={"dtype": (None, float)},
)
def replaces_nan_only(y_true, y_pred, mask, *, dtype=None):
    known = np.where(np.isnan(y_true), 0, y_true.astype(dtype or y_true.dtype))
    with np.errstate(all="ignore"):
        return over((known - y_pred) ** 2 * mask, mask.sum(axis=0))


@misconception(
    "A task without an observed label got the number {value:g}. Nothing is known about it: give NaN, which nobody can mistake "
    "for a result.",
    caught_by="test_nothing_observed",
    conceptual=True,
    family={"value": (0.0, float("inf"), -1.0, 1.0)},
)
def a_number_for_nothing(y_true, y_pred, mask, *, value=0.0):
    return np.where(mask.any(axis=0), right(y_true, y_pred, mask), value)


@misconception(
    "A task without an observed label got None or a text, with which nothing can be computed. Give NaN, the number "
    "that stands for an unknown one.",
    caught_by="test_nothing_observed",
    family={"value": (None, "n/a", "nan")},
)
def no_number_for_nothing(y_true, y_pred, mask, *, value=None):
    return [error if seen.any() else value for error, seen in zip(right(y_true, y_pred, mask).tolist(), mask.T)]


@misconception(
    "A task without an observed label is left out, so that the tasks after it move to its place. There is one entry per task: "
    "NaN for this one.",
    caught_by="test_nothing_observed",
)
def task_left_out(y_true, y_pred, mask):
    return right(y_true, y_pred, mask)[mask.any(axis=0)]


@misconception(
    "A task without an observed label ends the call with an error. Ask first whether there are labels, and give NaN where "
    "there are none.",
    caught_by="test_nothing_observed",
    family={"error": (ZeroDivisionError, ValueError)},
)
def stops_at_nothing(y_true, y_pred, mask, *, error=ZeroDivisionError):
    if not mask.any(axis=0).all():
        raise error("no labels")
    return right(y_true, y_pred, mask)


@misconception(
    "If one task has no observed label, all tasks come out as NaN. Only that one is unknown.",
    caught_by="test_nothing_observed",
)
def nan_for_all(y_true, y_pred, mask):
    return right(y_true, y_pred, mask) if mask.any(axis=0).all() else np.full(mask.shape[1], np.nan)


@misconception("The root is missing: this is the mean squared error, in squared units.", caught_by="test_all_observed")
def no_root(y_true, y_pred, mask):
    return right(y_true, y_pred, mask) ** 2


@misconception(
    "This is the mean of the absolute errors: the root of a single square is an absolute value. Square, take the mean, "
    "then one root.",
    caught_by="test_all_observed",
)
def mean_absolute_error(y_true, y_pred, mask):
    with np.errstate(all="ignore"):
        return np.abs(errors(y_true, y_pred, mask)).sum(axis=0) / mask.sum(axis=0)


@misconception(
    "The errors of a task were averaged before they were squared, or never squared, so that errors up and down cancel. Square "
    "first.",
    caught_by="test_all_observed",
    conceptual=True,
    family={"sign": ("none", "label - prediction", "prediction - label")},
)
def errors_cancel(y_true, y_pred, mask, *, sign="none"):
    with np.errstate(all="ignore"):
        mean = errors(y_true, y_pred, mask).sum(axis=0) / mask.sum(axis=0)
    return {"none": np.abs(mean), "label - prediction": mean, "prediction - label": -mean}[sign]


@misconception(
    "This is the standard deviation of the errors: a model that is always 10 too high gets 0. Take the squares of the "
    "errors as they are, without subtracting their mean.",
    caught_by="test_all_observed",
    conceptual=True,
    family={"ddof": (0, 1)},
)
def spread_of_the_errors(y_true, y_pred, mask, *, ddof=0):
    found = errors(y_true, y_pred, mask)
    with np.errstate(all="ignore"):
        centred = np.where(mask, found - found.sum(axis=0) / mask.sum(axis=0), 0.0)
    return over(centred**2, mask.sum(axis=0) - ddof)


@misconception(
    "The median was taken, of the squared errors or of their sizes: it does not see the largest ones. The mean was asked for.",
    caught_by="test_all_observed",
    family={"of": ("squares", "sizes")},
)
def median_of_the_errors(y_true, y_pred, mask, *, of="squares"):
    sizes = [np.abs(column[seen]) for column, seen in zip(errors(y_true, y_pred, mask).T, mask.T)]
    power = 2 if of == "squares" else 1
    return np.array([np.median(one**power) ** (1 / power) if one.size else np.nan for one in sizes])


@misconception(
    "The squared errors are added up and never divided by their number: a task looks worse the more labels it has.",
    caught_by="test_all_observed",
)
def root_of_the_sum(y_true, y_pred, mask):
    return with_nan(over(errors(y_true, y_pred, mask) ** 2, 1), mask)


@misconception(
    "The root was taken of the sum, and then divided by the number of labels. Divide first: the root of the mean.",
    caught_by="test_all_observed",
)
def divided_after_the_root(y_true, y_pred, mask):
    with np.errstate(all="ignore"):
        return over(errors(y_true, y_pred, mask) ** 2, 1) / mask.sum(axis=0)


@misconception(
    "The sum of squared errors was divided by one less than their number, as a sample variance is. Errors are averaged over "
    "all labels that are there; with a single one nothing would be left.",
    caught_by="test_all_observed",
)
def divided_by_one_less(y_true, y_pred, mask):
    return over(errors(y_true, y_pred, mask) ** 2, mask.sum(axis=0) - 1)


@misconception("The mean of the squares was halved. An RMSE has no factor 1/2.", caught_by="test_all_observed")
def halved(y_true, y_pred, mask):
    return right(y_true, y_pred, mask) / np.sqrt(2)


@misconception(
    "The errors are too large, as if about {eps:g} had been added under the root: in a task with small units that is much. "
    "Nothing has to be added, the root of 0 is 0.",
    caught_by="test_units",
    family={"eps": (1e-8, 1e-12, 1e-10, 1e-9, 1e-6)},
)
def epsilon_under_the_root(y_true, y_pred, mask, *, eps=1e-8):
    return np.sqrt(right(y_true, y_pred, mask) ** 2 + eps)


@misconception(
    "The errors are too small, as if about {eps:g} had been added to the number of labels. A task with labels needs no such "
    "thing, and one without gets NaN.",
    caught_by="test_all_observed",
    family={"eps": (1e-3, 1.0, 0.1, 1e-2, 1e-4), "nothing": ("zero", "NaN")},
)
def epsilon_in_the_count(y_true, y_pred, mask, *, eps=1e-3, nothing="zero"):
    found = over(errors(y_true, y_pred, mask) ** 2, mask.sum(axis=0) + eps)
    return found if nothing == "zero" else with_nan(found, mask)


@misconception(
    "One number came back for all tasks. It mixes their units, and a task that got worse hides behind the others: give one "
    "error per task.",
    caught_by="test_all_observed",
    conceptual=True,
    family={"how": ("all errors", "mean", "sum")},
)
def one_number_for_all(y_true, y_pred, mask, *, how="all errors"):
    if how == "all errors":
        return np.sqrt((errors(y_true, y_pred, mask) ** 2).sum() / mask.sum())
    found = right(y_true, y_pred, mask)
    return np.nanmean(found) if how == "mean" else np.nansum(found)


@misconception(
    "Each row was averaged over its tasks, which mixes their units. The mean runs down the columns: one number per "
    "task.",
    caught_by="test_all_observed",
    conceptual=True,
)
def one_number_per_row(y_true, y_pred, mask):
    return right(y_true.T, y_pred.T, mask.T)


@misconception(
    "The error of each task was divided by the spread or the mean of its labels, so that it has no unit. Give it in the unit "
    "of the label.",
    caught_by="test_all_observed",
    family={"by": ("deviation", "mean", "range")},
)
def relative(y_true, y_pred, mask, *, by="deviation"):
    labels = [column[seen].astype(float) for column, seen in zip(y_true.T, mask.T)]
    measure = {"deviation": np.std, "mean": np.mean, "range": np.ptp}[by]
    with np.errstate(all="ignore"):
        return right(y_true, y_pred, mask) / [measure(column) if column.size else np.nan for column in labels]


@misconception(
    "Each error was taken as a fraction of its label before it was squared. Give the error in the unit of the label.",
    caught_by="test_all_observed",
)
def relative_errors(y_true, y_pred, mask):
    labels = np.where(mask, y_true, 1.0)
    with np.errstate(all="ignore"):
        return over((errors(y_true, y_pred, mask) / labels) ** 2, mask.sum(axis=0))


@misconception(
    "Only the first task came back. Often because the `return` stands inside the loop.", caught_by="test_all_observed"
)
def first_task_only(y_true, y_pred, mask):
    return right(y_true, y_pred, mask)[:1]


@misconception(
    "The errors were rounded. Give them as they are; rounding is for the table in which they are shown.",
    caught_by="test_all_observed",
    family={"digits": (2, 1, 3, 4)},
)
def rounded(y_true, y_pred, mask, *, digits=2):
    return np.round(right(y_true, y_pred, mask), digits)


@misconception(
    "`y_true` or `y_pred` was changed in place, where labels are hidden or by `-=`: the caller computes the next metric from "
    "it. Work on a copy.",
    caught_by="test_inputs_unchanged",
    family={"how": ("zero", "NaN", "prediction", "y_pred -=", "y_true -=")},
)
def in_place(y_true, y_pred, mask, *, how="zero"):
    found = right(y_true, y_pred, mask)
    if how == "y_pred -=":
        y_pred -= np.where(mask, y_true, 0)
    elif how == "y_true -=":
        y_true -= y_pred
    else:
        y_true[~mask] = {"zero": 0.0, "NaN": np.nan, "prediction": y_pred[~mask]}[how]
    return found


@misconception("The same numbers come back whatever goes in.", caught_by="test_all_observed")
def constant(y_true, y_pred, mask):
    return np.array([3.0, 4.0])
