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
    "Points that tie in one objective and are worse in the other are kept: only what is beaten in every objective "
    "goes. At least as good everywhere and better in one is enough to dominate.",
    caught_by="test_ties",
    conceptual=True,
)
def strict_everywhere(points, maximise):
    cost = _cost(points, maximise)
    return ~(cost[:, None] < cost[None]).all(2).any(0)


@misconception(
    "Of equal points on the front only one is kept. Two identical models do not dominate each other: keep all copies.",
    caught_by="test_duplicates",
    conceptual=True,
    family={"copy": ("first", "last")},
)
def first_copy_only(points, maximise, *, copy="first"):
    mask, step = np.zeros(len(points), bool), 1 if copy == "first" else -1
    mask[np.unique(points[::step], axis=0, return_index=True)[1]] = True
    return mask[::step] & _kept(_cost(points, maximise))


@misconception(
    "Equal points throw each other out, and no copy is left. At least one objective must be strictly better to dominate.",
    caught_by="test_duplicates",
    conceptual=True,
)
def equal_points_dominate(points, maximise):
    cost = _cost(points, maximise)
    no_worse = (cost[:, None] <= cost[None]).all(2)
    np.fill_diagonal(no_worse, False)
    return ~no_worse.any(0)


@misconception(
    "Nobody is left, not even the best. Every point is at least as good as itself: only a point that is strictly "
    "better somewhere dominates.",
    caught_by="test_two_objectives",
)
def dominated_by_itself(points, maximise):
    cost = _cost(points, maximise)
    return ~(cost[:, None] <= cost[None]).all(2).any(0)


@misconception(
    "Only the winners of the single objectives are left: the compromises between them are missing.",
    caught_by="test_two_objectives",
    conceptual=True,
    family={"ties": ("all", "first")},
)
def best_per_objective(points, maximise, *, ties="all"):
    cost = _cost(points, maximise)
    if ties == "all":
        return (cost == cost.min(0)).any(1)
    return np.isin(np.arange(len(cost)), cost.argmin(0))


@misconception(
    "With more than two objectives only the first two count. Often the table is sorted by one and swept over the other, which "
    "leaves out the rest.",
    caught_by="test_more_objectives",
    family={"one_objective": ("works", "fails")},
)
def first_two_objectives(points, maximise, *, one_objective="works"):
    cost = _cost(points, maximise)
    return _kept(cost[:, [0, 1]] if one_objective == "fails" else cost[:, :2])


@misconception(
    "Points are compared with a tolerance, or rounded first: a model that is worse by very little is kept. The numbers are "
    "compared as they are.",
    caught_by="test_ties",
    family={"digits": (8, 6, 7, 5)},
)
def rounded_first(points, maximise, *, digits=8):
    return _kept(np.round(_cost(points, maximise), digits))


@misconception(
    "Each point is compared only with those on one side of it in the table. Any other point may dominate it, whether it stands "
    "before or after.",
    caught_by="test_two_objectives",
    family={"side": ("after", "before")},
)
def one_side_of_the_table(points, maximise, *, side="after"):
    cost = _cost(points, maximise)
    dominates = (cost[:, None] <= cost[None]).all(2) & (cost[:, None] < cost[None]).any(2)
    return ~(np.tril(dominates) if side == "after" else np.triu(dominates)).any(0)


@misconception(
    "Objectives to be minimised do not count at all. Often the booleans are multiplied in as 1 and 0; what is needed is a sign, "
    "plus or minus.",
    caught_by="test_two_objectives",
)
def only_what_is_maximised(points, maximise):
    return _kept(-points * np.array(maximise))


@misconception(
    "The mask is right for the sorted table, not for the one that came in: entry i no longer belongs to row i. Put the "
    "decisions back in the order of `points`.",
    caught_by="test_two_objectives",
    family={"sorted_by": ("cost", "value")},
)
def order_of_the_sorted_table(points, maximise, *, sorted_by="cost"):
    cost = _cost(points, maximise)
    order = np.lexsort((cost if sorted_by == "cost" else points).T[::-1])
    return _kept(cost[order])


@misconception(
    "These are the points of the front themselves. One True or False for each point was asked for.",
    caught_by="test_two_objectives",
)
def the_points_themselves(points, maximise):
    return points[_kept(_cost(points, maximise))]


@misconception(
    "One decision came back for the whole table. Every point has its own; often the return stands inside the loop, or an axis "
    "is left out.",
    caught_by="test_two_objectives",
    family={"which": ("the first", "all")},
)
def one_decision(points, maximise, *, which="the first"):
    kept = _kept(_cost(points, maximise))
    return kept[0] if which == "the first" else kept.all()


@misconception(
    "Points are compared only with the winners of single objectives, so one that is beaten by a compromise is kept. Any other "
    "point may dominate, also one that wins nowhere.",
    caught_by="test_two_objectives",
)
def only_winners_dominate(points, maximise):
    cost = _cost(points, maximise)
    winners = cost[(cost == cost.min(0)).any(1)]
    return ~((winners[:, None] <= cost[None]).all(2) & (winners[:, None] < cost[None]).any(2)).any(0)


@misconception(
    "Every objective is minimised, as if `maximise` were not used: an accuracy is no cost.",
    caught_by="test_two_objectives",
    conceptual=True,
)
def minimises_everything(points, maximise):
    return _kept(points)


@misconception(
    "Every objective is maximised, as if `maximise` were not used: latency should be small.",
    caught_by="test_two_objectives",
)
def maximises_everything(points, maximise):
    return _kept(-points)


@misconception(
    "The points that beat nobody are kept, as if more were better where less is, and the other way round. Often the signs, the "
    "branches of a condition or the two sides of a comparison have changed places.",
    caught_by="test_two_objectives",
)
def turned_directions(points, maximise):
    return _kept(-_cost(points, maximise))


@misconception(
    "One entry of `maximise` decides for all objectives; each column has its own.",
    caught_by="test_two_objectives",
    family={"entry": ("first", "last", "all", "any")},
)
def first_direction_for_all(points, maximise, *, entry="first"):
    chosen = {"first": maximise[0], "last": maximise[-1], "all": all(maximise), "any": any(maximise)}
    return _kept(-points if chosen[entry] else points)


@misconception(
    "Points where the front curves inward are missing: no weighted sum of the objectives would choose them, and still nothing "
    "dominates them. Compare points with each other, not their sums.",
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
    "Only the best sum of all objectives is kept: milliseconds and accuracy cannot be added, and a front is more than one "
    "point.",
    caught_by="test_two_objectives",
    conceptual=True,
)
def best_sum(points, maximise):
    total = _cost(points, maximise).sum(1)
    return total == total.min()


@misconception(
    "The points that beat somebody are kept, also where they are beaten themselves. The question is whether somebody "
    "beats them.",
    caught_by="test_two_objectives",
)
def beats_somebody(points, maximise):
    cost = _cost(points, maximise)
    return ((cost[:, None] <= cost[None]).all(2) & (cost[:, None] < cost[None]).any(2)).any(1)


@misconception(
    "Only a point that is at least as good as all the others in everything is left: most fronts have no such winner. "
    "Being worse in one objective is no reason to go.",
    caught_by="test_two_objectives",
    conceptual=True,
)
def beats_everybody(points, maximise):
    cost = _cost(points, maximise)
    return (cost[:, None] <= cost[None]).all(2).all(1)


@misconception(
    "Each point is compared with its neighbour in the table only: any other point may dominate it.",
    caught_by="test_two_objectives",
    family={"step": (1, -1)},
)
def compares_neighbours(points, maximise, *, step=1):
    cost = _cost(points, maximise)
    other = np.roll(cost, step, axis=0)
    return ~((other <= cost).all(1) & (other < cost).any(1))


@misconception("The mask is turned around: True marks the points to keep.", caught_by="test_two_objectives")
def marks_the_dominated(points, maximise):
    return ~_kept(_cost(points, maximise))


@misconception(
    "These are positions in the table; one True or False for each point was asked for.",
    caught_by="test_two_objectives",
    family={"of": ("the front", "the winner of each objective")},
)
def positions(points, maximise, *, of="the front"):
    cost = _cost(points, maximise)
    return np.flatnonzero(_kept(cost)) if of == "the front" else cost.argmin(0)


@misconception(
    "A single comparison decides about a point: the {which} one. A point is kept only if no other dominates it. Often "
    "a flag is overwritten in each pass of the loop, or the loop ends too early.",
    caught_by="test_two_objectives",
    family={"which": ("last", "first")},
)
def one_comparison_decides(points, maximise, *, which="last"):
    cost = _cost(points, maximise)
    other = cost[-1 if which == "last" else 0]
    return ~((other <= cost).all(1) & (other < cost).any(1))


@misconception(
    "A point that is equal in one objective and worse in another is sometimes kept, and copies are not all kept. Often "
    "the table is sorted by the first objective only and swept once: equal ones then come in any order.",
    caught_by="test_ties",
    family={"copies": ("one is kept", "all are kept"), "swept": ("second", "last")},
)
def sweep_of_a_half_sorted_table(points, maximise, *, copies="one is kept", swept="second"):
    cost = _cost(points, maximise)
    column = cost[:, min(1, cost.shape[1] - 1)] if swept == "second" else cost[:, -1]
    mask, best = np.zeros(len(cost), bool), np.inf
    for i in np.argsort(cost[:, 0], kind="stable"):
        mask[i] = column[i] < best or (copies == "all are kept" and column[i] == best)
        best = min(best, column[i])
    return mask


@misconception(
    "After the call the signs in the caller's table have changed, often because columns are multiplied in place. Work "
    "on a copy.",
    caught_by="test_inputs_unchanged",
)
def sign_in_place(points, maximise):
    points[:, np.array(maximise)] *= -1
    return _kept(points)


@misconception(
    "Nothing is ever thrown away: the mask is True throughout. A point goes where another one is at least as good everywhere "
    "and better somewhere.",
    caught_by="test_two_objectives",
)
def keeps_everything(points, maximise):
    return np.ones(len(points), bool)
