"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _cost(points, maximise):
    return np.where(maximise, -points, points)


def _kept(cost):
    no_worse = (cost[:, None] <= cost[None]).all(2)
    better = (cost[:, None] < cost[None]).any(2)
    return ~(no_worse & better).any(0)


@misconception(
    "You only discard points that are beaten in EVERY objective: a tie in one objective and worse in the other is dominated too.",
    caught_by="test_ties",
    conceptual=True,
)
def strict_everywhere(points, maximise):
    cost = _cost(points, maximise)
    return ~(cost[:, None] < cost[None]).all(2).any(0)


@misconception(
    "Two identical models do not dominate each other: keep both copies.",
    caught_by="test_duplicates",
    conceptual=True,
)
def first_copy_only(points, maximise):
    mask = np.zeros(len(points), bool)
    mask[np.unique(points, axis=0, return_index=True)[1]] = True
    return mask & _kept(_cost(points, maximise))


@misconception(
    "Equal points throw each other out in your version: at least one objective must be strictly better.",
    caught_by="test_duplicates",
    conceptual=True,
)
def equal_points_dominate(points, maximise):
    cost = _cost(points, maximise)
    no_worse = (cost[:, None] <= cost[None]).all(2)
    np.fill_diagonal(no_worse, False)
    return ~no_worse.any(0)


@misconception(
    "Every point is at least as good as itself, so nobody is left: a point needs something STRICTLY better to fall.",
    caught_by="test_two_objectives",
)
def dominated_by_itself(points, maximise):
    cost = _cost(points, maximise)
    return ~(cost[:, None] <= cost[None]).all(2).any(0)


@misconception(
    "These are the winners of the single objectives: the compromises between them are missing.",
    caught_by="test_two_objectives",
    conceptual=True,
)
def best_per_objective(points, maximise):
    cost = _cost(points, maximise)
    return (cost == cost.min(0)).any(1)


@misconception(
    "You sorted by the first objective and swept over the second: further objectives are ignored.",
    caught_by="test_more_objectives",
)
def first_two_objectives(points, maximise):
    return _kept(_cost(points, maximise)[:, :2])


@misconception(
    "`maximise` is never used: an accuracy was treated as a cost.", caught_by="test_two_objectives", conceptual=True
)
def minimises_everything(points, maximise):
    return _kept(points)


@misconception("You maximised everything: latency should be small.", caught_by="test_two_objectives")
def maximises_everything(points, maximise):
    return _kept(-points)


@misconception(
    "The directions are turned around: where `maximise` is True, MORE is better.", caught_by="test_two_objectives"
)
def turned_directions(points, maximise):
    return _kept(-_cost(points, maximise))


@misconception(
    "The first entry of `maximise` was used for all objectives; each column has its own.",
    caught_by="test_two_objectives",
)
def first_direction_for_all(points, maximise):
    return _kept(-points if maximise[0] else points)


@misconception(
    "You kept what some weighted sum would choose. A weighted sum cannot reach the points inside a concave front, "
    "and they are not dominated.",
    caught_by="test_concave_front",
    conceptual=True,
)
def supported_by_weights(points, maximise):
    cost = _cost(points, maximise)
    cost = (cost - cost.min(0)) / np.maximum(cost.max(0) - cost.min(0), 1e-12)
    mask = np.zeros(len(cost), bool)
    for weights in np.random.default_rng(0).dirichlet(np.full(cost.shape[1], 0.5), 400):
        total = cost @ weights
        mask |= total <= total.min() + 1e-12
    return mask & _kept(cost)


@misconception(
    "You kept the best sum of all objectives: milliseconds and accuracy cannot be added, and a front is more than one point.",
    caught_by="test_two_objectives",
    conceptual=True,
)
def best_sum(points, maximise):
    total = _cost(points, maximise).sum(1)
    return total == total.min()


@misconception(
    "You kept the points that beat somebody. The question is whether somebody beats THEM.",
    caught_by="test_two_objectives",
)
def beats_somebody(points, maximise):
    cost = _cost(points, maximise)
    return ((cost[:, None] <= cost[None]).all(2) & (cost[:, None] < cost[None]).any(2)).any(1)


@misconception(
    "Only a point that beats all the others is left: most fronts have no such winner. Being worse in ONE objective is no reason to go.",
    caught_by="test_two_objectives",
    conceptual=True,
)
def beats_everybody(points, maximise):
    cost = _cost(points, maximise)
    return (cost[:, None] <= cost[None]).all(2).all(1)


@misconception(
    "Each point was compared with its neighbour in the table only: any other point may dominate it.",
    caught_by="test_two_objectives",
)
def compares_neighbours(points, maximise):
    cost = _cost(points, maximise)
    other = np.roll(cost, 1, axis=0)
    return ~((other <= cost).all(1) & (other < cost).any(1))


@misconception("The mask is turned around: True marks the points to KEEP.", caught_by="test_two_objectives")
def marks_the_dominated(points, maximise):
    return ~_kept(_cost(points, maximise))


@misconception(
    "These are the positions of the points; one True or False for each point was asked for.",
    caught_by="test_two_objectives",
)
def positions(points, maximise):
    return np.flatnonzero(_kept(_cost(points, maximise)))


@misconception(
    "You turned the sign of the columns in place: the caller's accuracies are negative now.",
    caught_by="test_inputs_unchanged",
)
def sign_in_place(points, maximise):
    points[:, np.array(maximise)] *= -1
    return _kept(points)


@misconception("Nothing is ever thrown away.", caught_by="test_two_objectives")
def keeps_everything(points, maximise):
    return np.ones(len(points), bool)
