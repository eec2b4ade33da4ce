"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

import numpy as np

from autograder.testing import misconception


def _table(y_val, score):
    """Thresholds from high to low with the precision and the recall of score >= t."""
    t = np.unique(score)[::-1]
    taken = score[None, :] >= t[:, None]
    hits = (taken * y_val).sum(1)
    return t, hits / taken.sum(1), hits / y_val.sum()


def _most_recall(t, precision, recall, min_precision, nothing=math.inf):
    good = precision >= min_precision
    return float(t[good][np.argmax(recall[good])]) if good.any() else nothing


@misconception(
    "Your threshold is the one with the best F1, whatever the target. The label needs its precision first, and then as "
    "much recall as possible.",
    caught_by="test_value",
    conceptual=True,
)
def best_f1(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    return float(t[np.argmax(f1)])


@misconception(
    "Among the thresholds that reach the target you take the one with the best F1. Once the precision is reached, only "
    "recall counts.",
    caught_by="test_value",
    conceptual=True,
)
def best_f1_among_the_good(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    return _most_recall(t, precision, f1, min_precision)


@misconception(
    "In most cases your threshold is the next lower score: your rule is score > t, where the contract, like "
    "precision_recall_curve, uses >=.",
    caught_by="test_value",
)
def strictly_greater(y_val, score, min_precision):
    best, most = math.inf, 0
    for t in np.unique(score)[::-1]:
        taken = score > t
        if taken.any() and y_val[taken].mean() >= min_precision and y_val[taken].sum() > most:
            best, most = float(t), y_val[taken].sum()
    return best


@misconception(
    "Your threshold is the one with the highest precision. That usually means predicting one row. Meet the target, then "
    "take as much recall as you can.",
    caught_by="test_value",
    conceptual=True,
    family={"low_end": (False, True)},
)
def highest_precision(y_val, score, min_precision, *, low_end=False):
    t, precision, _ = _table(y_val, score)
    best = np.flatnonzero(precision == precision.max())[-1 if low_end else 0]
    return float(t[best]) if precision[best] >= min_precision else math.inf


@misconception(
    "Your threshold is the lowest score, so that every row is taken: the target on the precision is not kept.",
    caught_by="test_value",
    conceptual=True,
)
def lowest_score(y_val, score, min_precision):
    return float(score.min())


@misconception(
    "Your threshold is the one whose precision lies {where} the target. It has to be at least the target; among those the "
    "recall decides, not the distance.",
    caught_by="test_value",
    conceptual=True,
    family={"where": ("nearest to", "nearest above")},
)
def nearest_precision(y_val, score, min_precision, *, where="nearest to"):
    t, precision, _ = _table(y_val, score)
    distance = np.abs(precision - min_precision)
    if where == "nearest above":
        distance = np.where(precision >= min_precision, distance, math.inf)
    best = np.argmin(distance)
    return float(t[best]) if math.isfinite(distance[best]) else math.inf


@misconception(
    "Each threshold is judged by the precision of the next {higher}: an index is shifted by one. The curve has one more "
    "precision than thresholds, and its last entry has no threshold.",
    caught_by="test_value",
    family={"higher": ("higher one", "lower one"), "ties": ("the higher", "the lower")},
)
def shifted_by_one(y_val, score, min_precision, *, higher="higher one", ties="the higher"):
    t, precision, recall = _table(y_val, score)
    shifted = np.append(1.0, precision[:-1]) if higher == "higher one" else np.append(precision[1:], 0.0)
    return _most_recall(t, shifted, recall if ties == "the higher" else -t, min_precision)


@misconception(
    "Nothing is looked at below the first threshold that misses the target. Precision is not monotone: it can recover further down.",
    caught_by="test_value",
    conceptual=True,
    family={"ties": ("the higher", "the lower")},
)
def stops_at_the_first_miss(y_val, score, min_precision, *, ties="the higher"):
    best, most = math.inf, 0.0
    for t, precision, recall in zip(*_table(y_val, score)):
        if precision < min_precision:
            break
        if recall > most or ties == "the lower":
            best, most = float(t), recall
    return best


@misconception(
    "Your threshold is the lowest score of a positive, so that every positive is found. The target comes first: take as many "
    "as it allows.",
    caught_by="test_value",
    conceptual=True,
)
def lowest_positive(y_val, score, min_precision):
    return float(score[y_val == 1].min())


@misconception(
    "This is the first threshold, from high to low, that misses the target. Stopping there is too early as well: "
    "precision can recover further down.",
    caught_by="test_value",
)
def first_that_misses(y_val, score, min_precision):
    t, precision, _ = _table(y_val, score)
    missing = precision < min_precision
    return float(t[missing][0]) if missing.any() else math.inf


@misconception(
    "Your threshold is the {of} quantile of the scores. How many rows are taken says nothing about how many of them are "
    "positive: count on the validation rows.",
    caught_by="test_value",
    family={"of": ("min_precision", "1 - min_precision")},
)
def quantile_of_the_scores(y_val, score, min_precision, *, of="min_precision"):
    return float(np.quantile(score, min_precision if of == "min_precision" else 1 - min_precision))


@misconception(
    "This is the highest threshold that reaches the target: it finds the fewest positives. Look for the most recall.",
    caught_by="test_value",
)
def first_that_reaches(y_val, score, min_precision):
    t, precision, _ = _table(y_val, score)
    good = precision >= min_precision
    return float(t[good][0]) if good.any() else math.inf


@misconception(
    "Your threshold is that of the {place} row, in the order of the rows, that reaches the target. Often a loop that keeps "
    "or returns it without comparing the recall.",
    caught_by="test_value",
    family={"place": ("first", "last")},
)
def one_in_the_order(y_val, score, min_precision, *, place="first"):
    reach = [t for t in score.tolist() if y_val[score >= t].mean() >= min_precision]
    return reach[0 if place == "first" else -1] if reach else math.inf


@misconception(
    "Where two thresholds have the same recall you took the lower one, which only adds false alarms. Take the higher one.",
    caught_by="test_same_recall",
)
def lower_of_equal_recall(y_val, score, min_precision):
    t, precision, _ = _table(y_val, score)
    good = precision >= min_precision
    return float(t[good].min()) if good.any() else math.inf


@misconception(
    "Of two thresholds with the same recall you took the one that stands {place} among the rows. Their order means "
    "nothing: take the higher one.",
    caught_by="test_same_recall",
    family={"place": ("first", "last")},
)
def row_order_decides(y_val, score, min_precision, *, place="first"):
    best, most = math.inf, 0
    for t in score.tolist():
        taken = score >= t
        found = y_val[taken].sum()
        better = found > most if place == "first" else found >= max(most, 1)
        if y_val[taken].mean() >= min_precision and better:
            best, most = t, found
    return best


@misconception(
    "A precision equal to the target reaches it; you asked for more.", caught_by="test_precision_exactly_reached"
)
def more_than_the_target(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    good = precision > min_precision
    return float(t[good][np.argmax(recall[good])]) if good.any() else math.inf


@misconception(
    "Where the target cannot be reached you return {instead}. It must be infinity, which predicts nothing and so breaks no "
    "promise, whatever the scale of the scores.",
    caught_by="test_out_of_reach",
    conceptual=True,
    family={"instead": (0.0, None, -1.0, 1.0, math.nan, -math.inf, 0.5, 1.1, 2.0, 1.01, 1e9)},
)
def something_else_when_out_of_reach(y_val, score, min_precision, *, instead=0.0):
    return _most_recall(*_table(y_val, score), min_precision, nothing=instead)


@misconception(
    "Where the target cannot be reached you return the highest score, or a number right beside it. The rows that have it "
    "are still predicted, or will be tomorrow; infinity predicts nothing.",
    caught_by="test_out_of_reach",
    family={"above": (0.0, 1e-6, 1e-9)},
)
def highest_score_when_out_of_reach(y_val, score, min_precision, *, above=0.0):
    return _most_recall(*_table(y_val, score), min_precision, nothing=float(score.max()) + above)


@misconception(
    "Where the target cannot be reached you return the lowest score and predict for everybody. Infinity predicts nothing.",
    caught_by="test_out_of_reach",
    conceptual=True,
)
def lowest_score_when_out_of_reach(y_val, score, min_precision):
    return _most_recall(*_table(y_val, score), min_precision, nothing=float(score.min()))


@misconception(
    "Where the target cannot be reached you return the threshold with the highest precision all the same. It breaks the "
    "promise; infinity predicts nothing.",
    caught_by="test_out_of_reach",
    conceptual=True,
)
def best_precision_when_out_of_reach(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    return _most_recall(t, precision, recall, min_precision, nothing=float(t[np.argmax(precision)]))


@misconception(
    "Where the target cannot be reached you return a number just above the highest score. It predicts nothing today, but a "
    "later row may score higher: the contract asks for infinity.",
    caught_by="test_out_of_reach",
    family={"above": (1.0, 0.1, 0.01, 1e-3)},
)
def just_above_when_out_of_reach(y_val, score, min_precision, *, above=1.0):
    return _most_recall(*_table(y_val, score), min_precision, nothing=float(score.max()) + above)


@misconception(
    "Where the target cannot be reached your code stops with an error; the answer there is infinity. Often the largest of "
    "an empty list, or the extra last entry of precision_recall_curve, which has no threshold.",
    caught_by="test_out_of_reach",
    family={"error": (IndexError, ValueError, UnboundLocalError, TypeError)},
)
def error_when_out_of_reach(y_val, score, min_precision, *, error=IndexError):
    t = _most_recall(*_table(y_val, score), min_precision)
    if math.isinf(t):
        raise error("nothing to choose from")
    return t


@misconception(
    "Your threshold is chosen row by row, so that a group of tied scores is cut in two. `score >= t` takes all of them or "
    "none.",
    caught_by="test_tied_scores",
    conceptual=True,
    family={"first": ("positives", "as they stand", "from the end"), "last": (False, True)},
)
def cuts_through_ties(y_val, score, min_precision, *, first="positives", last=False):
    rows = np.arange(len(score))
    second = {"positives": -y_val, "as they stand": rows, "from the end": -rows}[first]
    order = np.lexsort((second, -score))
    hits, taken = np.cumsum(y_val[order]), np.arange(1, len(order) + 1)
    return _most_recall(score[order], hits / taken, taken if last else hits, min_precision)


@misconception(
    "Precision and recall are swapped: you held the recall at the target and maximised the precision.",
    caught_by="test_value",
    conceptual=True,
)
def recall_at_the_target(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    return _most_recall(t, recall, precision, min_precision)


@misconception(
    "Your threshold is the highest one whose recall reaches the target. The target is a precision: the share of positives "
    "among the rows that are taken.",
    caught_by="test_value",
    conceptual=True,
)
def recall_for_precision(y_val, score, min_precision):
    t, _, recall = _table(y_val, score)
    return float(t[recall >= min_precision][0])


@misconception(
    "The positives that were found are divided by the number of all rows. Precision is their share among the rows that are "
    "taken.",
    caught_by="test_value",
    conceptual=True,
)
def precision_over_all_rows(y_val, score, min_precision):
    t, _, recall = _table(y_val, score)
    return _most_recall(t, recall * y_val.mean(), recall, min_precision)


@misconception(
    "You held the accuracy at the target and took the most recall. The target is a precision: the share of positives among "
    "the rows that are taken.",
    caught_by="test_value",
    conceptual=True,
)
def accuracy_at_the_target(y_val, score, min_precision):
    t, _, recall = _table(y_val, score)
    accuracy = ((score[None, :] >= t[:, None]) == (y_val == 1)).mean(1)
    return _most_recall(t, accuracy, recall, min_precision)


@misconception(
    "This is the threshold with the best accuracy. With rare positives it is highest when nothing is predicted; the target is a precision.",
    caught_by="test_value",
)
def best_accuracy(y_val, score, min_precision):
    t = np.unique(score)[::-1]
    right = ((score[None, :] >= t[:, None]) == (y_val == 1)).sum(1)
    return float(t[np.argmax(right)])


@misconception(
    "The rule is reversed: you take the rows with score <= t, those that the model likes least.",
    caught_by="test_value",
)
def takes_the_low_scores(y_val, score, min_precision):
    t, precision, recall = _table(y_val, -score)
    return -_most_recall(t, precision, recall, min_precision, nothing=-math.inf)


@misconception(
    "The target itself came back as the threshold. A score of 0.75 means a precision of 75 % only by luck: "
    "count on the validation rows.",
    caught_by="test_value",
    conceptual=True,
)
def target_as_threshold(y_val, score, min_precision):
    return min_precision


@misconception(
    "A position came back, not a threshold: {which}. The score at that place is the threshold.",
    caught_by="test_value",
    family={"which": ("that of the row", "that among the scores from low to high", "that from high to low")},
)
def position_of_the_row(y_val, score, min_precision, *, which="that of the row"):
    t = _most_recall(*_table(y_val, score), min_precision)
    if math.isinf(t):
        return t
    levels = {"that of the row": score, "that from high to low": np.unique(score)[::-1]}.get(which, np.unique(score))
    return int(np.flatnonzero(levels == t)[0])


@misconception(
    "The {what} that is reached came back; the threshold that reaches it was asked for.",
    caught_by="test_value",
    family={"what": ("recall", "precision")},
)
def what_is_reached(y_val, score, min_precision, *, what="recall"):
    t, precision, recall = _table(y_val, score)
    best = np.flatnonzero(t == _most_recall(t, precision, recall, min_precision))
    return float((recall if what == "recall" else precision)[best[0]]) if best.size else math.inf


@misconception(
    "The threshold came back together with other numbers; one number was asked for.",
    caught_by="test_value",
    family={"count": (2, 3)},
)
def several_numbers(y_val, score, min_precision, *, count=2):
    t = _most_recall(*_table(y_val, score), min_precision)
    return (t, 1.0, 1.0)[:count]


@misconception(
    "Your search leaves out thresholds below zero: scores may be logits. Often because the best threshold starts at 0.",
    caught_by="test_any_scale",
)
def only_positive_scores(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    return _most_recall(t[t > 0], precision[t > 0], recall[t > 0], min_precision)


@misconception(
    "Your threshold is a multiple of {step:g}: it was searched on a grid. The contract names the observed scores, and "
    "those are the only places where anything changes.",
    caught_by="test_value",
    family={"step": (0.01, 0.05, 0.1, 0.001)},
)
def searched_on_a_grid(y_val, score, min_precision, *, step=0.01):
    best, most = math.inf, 0
    for t in np.round(np.arange(round(1 / step), -1, -1) * step, 6):
        taken = score >= t
        if taken.any() and y_val[taken].mean() >= min_precision and y_val[taken].sum() > most:
            best, most = float(t), y_val[taken].sum()
    return best


@misconception(
    "Your threshold is no observed score: it was searched on an even grid between the lowest and the highest. Only at the "
    "observed scores does anything change, so try those.",
    caught_by="test_value",
    family={"count": (100, 50, 101, 200, 1000), "ties": ("the higher", "the lower")},
)
def searched_between_the_ends(y_val, score, min_precision, *, count=100, ties="the higher"):
    t = np.linspace(score.min(), score.max(), count)[::-1]
    taken = score[None, :] >= t[:, None]
    hits = (taken * y_val).sum(1)
    return _most_recall(t, hits / taken.sum(1), hits if ties == "the higher" else -t, min_precision)


@misconception(
    "The threshold is rounded. It must be the observed score itself, or the row that it belongs to may be lost.",
    caught_by="test_value",
    family={"digits": (2, 1, 3, 4)},
)
def rounded(y_val, score, min_precision, *, digits=2):
    return round(_most_recall(*_table(y_val, score), min_precision), digits)


@misconception(
    "This is a point between two scores. It takes the same rows today, but the contract names the observed score.",
    caught_by="test_value",
)
def between_two_scores(y_val, score, min_precision):
    t = _most_recall(*_table(y_val, score), min_precision)
    below = score[score < t]
    return (t + below.max()) / 2 if math.isfinite(t) and below.size else t


@misconception(
    "`score` was sorted in place: the caller's scores no longer belong to their rows.",
    caught_by="test_inputs_unchanged",
    family={"turned": (False, True)},
)
def sorts_in_place(y_val, score, min_precision, *, turned=False):
    t = _most_recall(*_table(y_val, score), min_precision)
    score[:] = np.sort(score)[::-1] if turned else np.sort(score)
    return t


@misconception("The same number, 0.8, comes back whatever goes in.", caught_by="test_value")
def visible_answer(y_val, score, min_precision):
    return 0.8
