"""Right answers that look nothing alike."""

import numpy as np
from sklearn.metrics import precision_recall_curve

from autograder.testing import alternative


@alternative("try every observed score")
def try_every_score(y_val, score, min_precision):
    best_t, best_recall = float("inf"), 0.0
    for t in np.unique(score):
        taken = score >= t
        precision = y_val[taken].mean()
        recall = y_val[taken].sum() / y_val.sum()
        if precision >= min_precision and recall >= best_recall:
            best_t, best_recall = float(t), recall
    return best_t


@alternative("sorted cumulative sums, read where a group of ties ends")
def cumulative_sums(y_val, score, min_precision):
    order = np.argsort(-score, kind="stable")
    ranked, hits = score[order], np.cumsum(y_val[order])
    precision = hits / np.arange(1, len(ranked) + 1)
    group_ends = np.append(ranked[1:] != ranked[:-1], True)
    good = np.flatnonzero(group_ends & (precision >= min_precision))
    if good.size == 0:
        return np.inf
    return ranked[good[np.argmax(hits[good])]]


@alternative("scikit-learn's precision-recall curve")
def from_the_curve(y_val, score, min_precision):
    precision, recall, thresholds = precision_recall_curve(y_val, score)
    precision, recall = precision[:-1], recall[:-1]
    allowed = precision >= min_precision
    if not allowed.any():
        return float("inf")
    return float(thresholds[allowed & (recall == recall[allowed].max())].max())


@alternative("a table of all comparisons, and a lexicographic choice")
def comparison_table(y_val, score, min_precision):
    taken = score[None, :] >= score[:, None]
    hits = (taken * y_val).sum(axis=1)
    reached = hits >= min_precision * taken.sum(axis=1)
    choices = [(h, t) for h, t, ok in zip(hits, score, reached) if ok and h > 0]
    return max(choices)[1] if choices else np.inf


@alternative("groups from high to low in plain Python")
def groups(y_val, score, min_precision):
    by_score = {}
    for label, value in zip(y_val.tolist(), score.tolist()):
        by_score.setdefault(value, []).append(label)
    taken = hits = 0
    answer, most = float("inf"), 0
    for value in sorted(by_score, reverse=True):
        taken += len(by_score[value])
        hits += sum(by_score[value])
        if hits > most and hits / taken >= min_precision:
            answer, most = value, hits
    return answer
