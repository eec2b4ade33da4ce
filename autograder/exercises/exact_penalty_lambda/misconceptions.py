"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def solved(ce, latency, budget, choose=np.max, level=np.min, start=None):
    """The right answer, with one part exchanged at a time."""
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    if feasible.all():
        return 0.0
    start = budget if start is None else start
    slopes = (level(ce[feasible]) - ce[~feasible]) / (latency[~feasible] - start)
    return max(0.0, float(choose(slopes)))


@misconception(
    "Average: some infeasible model still wins at that lambda. Take the largest slope.",
    caught_by="test_value",
    conceptual=True,
)
def average_slope(ce, latency, budget):
    return solved(ce, latency, budget, choose=np.mean)


@misconception(
    "Only the model just over the budget was compared: one further out may save more loss a millisecond.",
    caught_by="test_value",
    conceptual=True,
)
def nearest_infeasible_only(ce, latency, budget):
    over = np.where(latency > budget, latency, np.inf)
    return solved(ce, latency, budget, choose=lambda slopes: slopes[np.argmin(over[latency > budget])])


@misconception(
    "Only the infeasible model with the lowest loss was compared: a nearer one may need a steeper slope.",
    caught_by="test_value",
    conceptual=True,
)
def most_accurate_infeasible_only(ce, latency, budget):
    return solved(ce, latency, budget, choose=lambda slopes: slopes[np.argmin(ce[latency > budget])])


@misconception(
    "Compare with the BEST feasible model, not the fastest one.",
    caught_by="test_value",
    conceptual=True,
)
def from_the_fastest(ce, latency, budget):
    return solved(ce, latency, budget, level=lambda feasible: feasible[np.argmin(latency[latency <= budget])])


@misconception(
    "Latency under the budget is free: slopes are measured from the budget, not from a faster model.",
    caught_by="test_value",
    conceptual=True,
)
def slopes_from_the_best_feasible_model(ce, latency, budget):
    feasible = latency <= budget
    start = latency[feasible][np.argmin(ce[feasible])] if feasible.any() else budget
    return solved(ce, latency, budget, start=start)


@misconception(
    "Every feasible model need not win: one is enough, and that is the one with the lowest loss.",
    caught_by="test_value",
    conceptual=True,
)
def worst_feasible(ce, latency, budget):
    return solved(ce, latency, budget, level=np.max)


@misconception(
    "The smallest slope beats only the weakest infeasible model; all of them must lose.",
    caught_by="test_value",
    conceptual=True,
)
def smallest_slope(ce, latency, budget):
    return solved(ce, latency, budget, choose=np.min)


@misconception(
    "Your answer can be negative: where the best model is feasible anyway, no penalty is needed and lambda is 0.",
    caught_by="test_free",
    conceptual=True,
)
def negative_slope(ce, latency, budget):
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    if feasible.all():
        return 0.0
    return ((ce[feasible].min() - ce[~feasible]) / (latency[~feasible] - budget)).max()


@misconception(
    "A model exactly at the budget keeps it: feasible means at most the budget.", caught_by="test_at_the_budget"
)
def strictly_below(ce, latency, budget):
    feasible = latency < budget
    if not feasible.any():
        return np.inf
    over = np.maximum(latency - budget, 1e-9)
    slopes = np.where(feasible, 0.0, (ce[feasible].min() - ce) / over)
    return max(0.0, float(slopes.max()))


@misconception(
    "Where no model keeps the budget no lambda can help, however large: the answer is infinite, not 0.",
    caught_by="test_nothing_feasible",
    conceptual=True,
)
def zero_where_nothing_is_feasible(ce, latency, budget):
    return solved(ce, latency, budget) if (latency <= budget).any() else 0.0


@misconception(
    "Where no model keeps the budget your code stops with an error; the answer there is infinite.",
    caught_by="test_nothing_feasible",
)
def error_where_nothing_is_feasible(ce, latency, budget):
    best = ce[latency <= budget].min()
    return solved(ce, latency, budget) + 0 * best


@misconception(
    "Where every model keeps the budget your code stops with an error; no penalty is needed there: 0.",
    caught_by="test_nothing_infeasible",
)
def error_where_nothing_is_infeasible(ce, latency, budget):
    lowest = ce[latency > budget].min()
    return solved(ce, latency, budget) + 0 * lowest


@misconception(
    "Your slope is upside down: milliseconds per loss. Lambda is loss per millisecond.",
    caught_by="test_value",
    conceptual=True,
)
def upside_down(ce, latency, budget):
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    gain = np.where(feasible, 0.0, ce[feasible].min() - ce)
    return float(np.max(np.where(gain > 0, (latency - budget) / np.where(gain > 0, gain, 1.0), 0.0)))


@misconception(
    "You divided by the whole latency; only the milliseconds over the budget are penalised.",
    caught_by="test_value",
    conceptual=True,
)
def whole_latency(ce, latency, budget):
    return solved(ce, latency, budget, start=0.0)


@misconception(
    "That is the largest saving in loss; a lambda is a saving per millisecond over the budget.",
    caught_by="test_value",
    conceptual=True,
)
def saving_without_the_milliseconds(ce, latency, budget):
    feasible = latency <= budget
    return max(0.0, float(ce[feasible].min() - ce.min())) if feasible.any() else np.inf


@misconception("You sorted the models in place: the caller still needs their order.", caught_by="test_inputs_unchanged")
def sorts_in_place(ce, latency, budget):
    order = np.argsort(latency)
    ce[:], latency[:] = ce[order], latency[order]
    return solved(ce, latency, budget)


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(ce, latency, budget):
    return 0.01
