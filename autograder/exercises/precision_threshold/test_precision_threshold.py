"""precision_threshold(y_val (n,), score (n,), min_precision) -> float: most recall at the precision asked for."""

import math

import numpy as np

from autograder.testing import (
    INPUTS_LEFT,
    agree,
    assert_all_unchanged,
    assert_true,
    believes,
    depends,
    points,
    probe,
    to_array,
)

NAMES = ("y_val", "score", "min_precision")
# By falling score the labels are 1, 1, 0, 1, 0: the precision is 1, 1, 2/3, 3/4, 3/5.
FIVE = np.array([1, 1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.5])


def right(y_val, score, min_precision):
    """Look at every observed score; a higher one wins a tie in recall."""
    best, found = math.inf, 0
    for t in sorted(set(score.tolist()), reverse=True):
        taken = score >= t
        hits = int(y_val[taken].sum())
        if hits / int(taken.sum()) >= min_precision and hits > found:
            best, found = t, hits
    return best


def draw(rng, size, levels, dtype=np.float64, tied=True):
    """Labels that go with the score, on a grid of ``levels`` scores: ties, and gaps that no rounding closes."""
    score = 1 + rng.choice(levels - 1, size, replace=tied)
    score = score / levels
    y_val = (rng.random(size) < 0.15 + 0.7 * score).astype(int)
    y_val[rng.integers(size)] = 1
    return y_val, score.astype(dtype)


def is_plain(y_val, score, min_precision):
    """True where the precision can be reached and no two thresholds share the highest recall: other checks ask that."""
    allowed = [t for t in score if y_val[score >= t].mean() >= min_precision]
    return bool(allowed) and min(allowed) == right(y_val, score, min_precision)


def verify(student, *cases):
    agree(student, cases, right, NAMES, what="the threshold")


def plain(labels, score):
    """The cases that these scores make with several targets, as far as they are plain."""
    cases = [(labels, score, target) for target in (0.513, 0.687, 0.871)]
    return [case for case in cases if is_plain(*case)]


# The first four rows reach 1 with a recall of 4/5 and the higher F1, all eight reach 5/8 with a recall of 1.
EIGHT = np.array([1, 1, 1, 1, 0, 0, 0, 1]), np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])
FOUR = np.array([0, 1, 0, 1]), np.array([0.3, 0.8, 0.5, 0.6])


@points(3)
def test_value(student, rng):
    """Among the thresholds that reach the precision, the one with the highest recall comes back."""
    cases = [(*FIVE, target) for target in (0.9, 0.7, 0.62)]
    cases += [(*FOUR, 0.9), (*EIGHT, 0.6), (*EIGHT, 0.85)]
    for size in (6, 12, 30):
        for _ in range(4):
            cases += plain(*draw(rng, size, 1009, tied=False))
    verify(student, *cases)


@points(2)
def test_tied_scores(student, rng):
    """Rows with the same score are taken together: the rule is score >= t."""
    one, two = np.array([0.8, 0.8, 0.4]), np.array([0.8, 0.6, 0.6, 0.6])
    cases = [(np.array([1, 0, 1]), one, 0.6), (np.array([0, 1, 1]), one, 0.6)]
    cases += [(np.array([1, 1, 0, 1]), two, 0.9), (np.array([1, 0, 1, 1]), two, 0.7)]
    for size in (8, 25):
        for _ in range(5):
            cases += plain(*draw(rng, size, 6))
    verify(student, *cases)


@points(1)
def test_precision_exactly_reached(student, rng):
    """A precision equal to the target is enough."""
    order = rng.permutation(4)
    labels, score = np.array([1, 1, 0, 1])[order], np.array([0.9, 0.8, 0.7, 0.6])[order]
    cases = [(np.array([1, 0]), np.array([0.8, 0.3]), 1.0), (*FIVE, 0.75), (*FIVE, 1.0), (labels, score, 0.75)]
    verify(student, *cases)


@points(1)
def test_same_recall(student, rng):
    """Of two thresholds with the same recall the higher one comes back, in whichever order the rows stand."""
    score = np.sort(rng.choice(99, 6, replace=False) / 100)[::-1]
    labels, order = np.array([1, 1, 1, 0, 0, 0]), rng.permutation(6)
    verify(
        student,
        (np.array([1, 0]), np.array([0.8, 0.3]), 0.4),
        (np.array([0, 1]), np.array([0.3, 0.8]), 0.4),
        (np.array([0, 1, 0]), np.array([0.5, 0.8, 0.3]), 0.3),
        (labels, score, 0.2),
        (labels[order], score[order], 0.2),
    )


@points(1)
def test_out_of_reach(student, rng):
    """Where no threshold reaches the precision, and only there, the answer is infinity: nothing is predicted."""
    score = np.sort(rng.choice(99, 5, replace=False) / 100)[::-1]
    labels = np.array([0, 0, 1, 1, 0])
    others = np.array([0, 1, 0, 0, 1])
    verify(student, (np.array([0, 1]), np.array([0.8, 0.3]), 0.9), (labels, score, 0.6), (others, score, 0.6))
    reached = *FIVE, 0.7
    got = student(*reached)
    summary = "A threshold reaches the precision here."
    assert_true(
        np.isfinite(to_array(got, "the threshold")).all(), summary, dict(zip(NAMES, reached)), right(*reached), got
    )


@points(1)
def test_any_scale(student, rng):
    """Scores may be logits, below zero too, of any size, and come as float32."""
    cases = [(np.array([1, 1, 0]), np.array([-1.5, -2.0, -4.0]), 0.9)]
    cases += [(np.array([1, 1, 0, 1]), np.array([700.0, 20.0, -1.0, -300.0]), target) for target in (0.9, 0.7)]
    for dtype in (np.float32, np.float64):
        labels, score = draw(rng, 20, 101, dtype)
        cases += plain(labels, (8 * score - 7).astype(dtype))
    verify(student, *cases, *((FIVE[0], unit * FIVE[1], 0.7) for unit in (1e6, 1e-6)))


@points(1)
@depends("test_out_of_reach")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, [(*draw(rng, size, 101), 0.687) for size in (5, 20)], NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    for target in (1.0, 0.75, 0.55):
        yield probe(*FIVE, target)
    yield probe(*EIGHT, 0.6)
    yield probe(np.array([0, 1]), np.array([0.8, 0.3]), 0.9)
    yield probe(np.array([0, 1, 0]), np.array([0.8, 0.5, 0.3]), 0.9)
    yield probe(np.array([0, 1, 0, 0, 1]), np.array([0.8, 0.5, 0.3, 0.2, 0.1]), 0.6)
    yield probe(np.array([1, 0]), np.array([0.8, 0.3]), 0.4)
    yield probe(np.array([0, 1]), np.array([0.3, 0.8]), 0.4)
    yield probe(np.array([1, 0, 1]), np.array([0.8, 0.8, 0.4]), 0.6)
    yield probe(np.array([1, 1, 0]), np.array([-1.5, -2.0, -4.0]), 0.9)
    for levels in (6, 101, 1009):
        for target in (0.513, 0.687, 0.871):
            yield probe(*draw(rng, 16, levels), target, after=True)
