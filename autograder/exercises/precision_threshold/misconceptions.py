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
    "You maximised F1. The label needs its precision first, and then as much recall as possible.",
    caught_by="test_value",
    conceptual=True,
)
def best_f1(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    return float(t[np.argmax(f1)])


@misconception(
    "Your rule is score > t; the contract, like precision_recall_curve, uses >=. With tied scores this moves whole groups.",
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
    "The highest precision usually means predicting one row. Meet the target, then take as much recall as you can.",
    caught_by="test_value",
    conceptual=True,
)
def highest_precision(y_val, score, min_precision):
    t, precision, _ = _table(y_val, score)
    best = np.argmax(precision)
    return float(t[best]) if precision[best] >= min_precision else math.inf


@misconception(
    "Your index is shifted by one: the curve has one more precision than thresholds, and its last entry has no threshold.",
    caught_by="test_value",
)
def shifted_by_one(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    following = np.append(1.0, precision[:-1])  # the curve's entry for the next higher threshold
    return _most_recall(t, following, recall, min_precision)


@misconception(
    "You stopped at the first threshold that misses the target. Precision is not monotone: it can recover further down.",
    caught_by="test_value",
    conceptual=True,
)
def stops_at_the_first_miss(y_val, score, min_precision):
    best, most = math.inf, 0.0
    for t, precision, recall in zip(*_table(y_val, score)):
        if precision < min_precision:
            break
        if recall > most:
            best, most = float(t), recall
    return best


@misconception(
    "You returned the highest threshold that reaches the target: it finds the fewest positives. Look for the most recall.",
    caught_by="test_value",
)
def first_that_reaches(y_val, score, min_precision):
    t, precision, _ = _table(y_val, score)
    good = precision >= min_precision
    return float(t[good][0]) if good.any() else math.inf


@misconception(
    "Where two thresholds have the same recall you took the lower one, which only adds false alarms. Take the higher one.",
    caught_by="test_same_recall",
)
def lower_of_equal_recall(y_val, score, min_precision):
    t, precision, _ = _table(y_val, score)
    good = precision >= min_precision
    return float(t[good].min()) if good.any() else math.inf


@misconception(
    "A precision EQUAL to the target reaches it; you asked for more.", caught_by="test_precision_exactly_reached"
)
def more_than_the_target(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    good = precision > min_precision
    return float(t[good][np.argmax(recall[good])]) if good.any() else math.inf


@misconception(
    "Where the target cannot be reached you predict for everybody. Infinity predicts nothing, which breaks no promise.",
    caught_by="test_out_of_reach",
    conceptual=True,
)
def everybody_when_out_of_reach(y_val, score, min_precision):
    return _most_recall(*_table(y_val, score), min_precision, nothing=0.0)


@misconception(
    "Where the target cannot be reached you return the highest score, and still predict the rows that have it.",
    caught_by="test_out_of_reach",
)
def highest_score_when_out_of_reach(y_val, score, min_precision):
    return _most_recall(*_table(y_val, score), min_precision, nothing=float(score.max()))


@misconception(
    "You counted row by row and cut through a group of tied scores. `score >= t` takes all of them or none.",
    caught_by="test_tied_scores",
    conceptual=True,
)
def cuts_through_ties(y_val, score, min_precision):
    order = np.lexsort((-y_val, -score))
    hits = np.cumsum(y_val[order])
    return _most_recall(score[order], hits / np.arange(1, len(order) + 1), hits / hits[-1], min_precision)


@misconception(
    "Precision and recall are exchanged: you held the RECALL at the target and maximised the precision.",
    caught_by="test_value",
    conceptual=True,
)
def recall_at_the_target(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    return _most_recall(t, recall, precision, min_precision)


@misconception(
    "You maximised accuracy. With rare positives it is highest when nothing is predicted; the target is a precision.",
    caught_by="test_value",
)
def best_accuracy(y_val, score, min_precision):
    t = np.unique(score)[::-1]
    right = ((score[None, :] >= t[:, None]) == (y_val == 1)).sum(1)
    return float(t[np.argmax(right)])


@misconception(
    "The target itself came back as the threshold. A score of 0.75 means a precision of 75 % nowhere but by luck: "
    "count on the validation rows.",
    caught_by="test_value",
    conceptual=True,
)
def target_as_threshold(y_val, score, min_precision):
    return min_precision


@misconception("You returned the position of the row; its SCORE is the threshold.", caught_by="test_value")
def position_of_the_row(y_val, score, min_precision):
    t = _most_recall(*_table(y_val, score), min_precision)
    return t if math.isinf(t) else int(np.flatnonzero(score == t)[0])


@misconception(
    "Your search starts from a best threshold of 0, so a threshold below zero is never kept: scores may be logits.",
    caught_by="test_any_scale",
)
def only_positive_scores(y_val, score, min_precision):
    t, precision, recall = _table(y_val, score)
    return _most_recall(t[t > 0], precision[t > 0], recall[t > 0], min_precision)


@misconception(
    "You returned a point between two scores. It takes the same rows today, but the contract names the observed score.",
    caught_by="test_value",
)
def between_two_scores(y_val, score, min_precision):
    t = _most_recall(*_table(y_val, score), min_precision)
    below = score[score < t]
    return (t + below.max()) / 2 if math.isfinite(t) and below.size else t


@misconception(
    "You sorted `score` in place: the caller's scores no longer belong to their rows.",
    caught_by="test_inputs_unchanged",
)
def sorts_in_place(y_val, score, min_precision):
    t = _most_recall(*_table(y_val, score), min_precision)
    score.sort()
    return t


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def visible_answer(y_val, score, min_precision):
    return 0.8
