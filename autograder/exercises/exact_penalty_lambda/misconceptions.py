"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

import numpy as np

from autograder.testing import misconception


def solved(ce, latency, budget, choose=np.max, level=np.min, start=None, lowest=0.0):
    """The right answer, with one part exchanged at a time."""
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    if feasible.all():
        return 0.0
    start = budget if start is None else start
    slopes = (level(ce[feasible]) - ce[~feasible]) / (latency[~feasible] - start)
    return max(lowest, float(choose(slopes)))


@misconception(
    "This is the mean or the median of the break-even slopes. At that lambda an infeasible model with a steeper slope still wins; "
    "all of them must lose.",
    caught_by="test_value",
    conceptual=True,
    family={"of": (np.mean, np.median)},
)
def average_slope(ce, latency, budget, *, of=np.mean):
    return solved(ce, latency, budget, choose=of)


@misconception(
    "The mean is taken over all models, the feasible ones as 0. Lambda must be large enough for the steepest slope.",
    caught_by="test_value",
    conceptual=True,
)
def average_over_all(ce, latency, budget):
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    return float(np.mean(np.maximum(0.0, (ce[feasible].min() - ce) / np.where(feasible, np.inf, latency - budget))))


@misconception(
    "This is the sum of the slopes of the infeasible models. One lambda holds for all of them: it need only reach the largest.",
    caught_by="test_value",
    conceptual=True,
)
def sum_of_slopes(ce, latency, budget):
    return solved(ce, latency, budget, choose=lambda slopes: np.maximum(slopes, 0).sum())


@misconception(
    "Your lambda is that of the model just over the budget: one further out may save more loss per millisecond.",
    caught_by="test_value",
    conceptual=True,
)
def nearest_infeasible_only(ce, latency, budget):
    over = np.where(latency > budget, latency, np.inf)
    return solved(ce, latency, budget, choose=lambda slopes: slopes[np.argmin(over[latency > budget])])


@misconception(
    "Your lambda is that of the infeasible model with the lowest loss: a nearer one may need a steeper slope.",
    caught_by="test_value",
    conceptual=True,
)
def most_accurate_infeasible_only(ce, latency, budget):
    return solved(ce, latency, budget, choose=lambda slopes: slopes[np.argmin(ce[latency > budget])])


@misconception(
    "Your lambda is that of the infeasible model that stands {place} in the arrays. Every one has to be looked at. Often a "
    "return inside the loop, or `=` where the largest so far should be kept.",
    caught_by="test_value",
    family={"place": ("first", "last")},
)
def one_in_the_order(ce, latency, budget, *, place="first"):
    return solved(ce, latency, budget, choose=lambda slopes: slopes[0 if place == "first" else -1])


@misconception(
    "Your lambda is that of the slowest model only: a nearer one may need a steeper slope.",
    caught_by="test_value",
    conceptual=True,
)
def slowest_only(ce, latency, budget):
    return solved(ce, latency, budget, choose=lambda slopes: slopes[np.argmax(latency[latency > budget])])


@misconception(
    "The largest saving and the {distance} distance over the budget are divided, but they may belong to two different "
    "models. Each model has its own slope; take the largest of these.",
    caught_by="test_value",
    conceptual=True,
    family={"distance": ("smallest", "largest", "mean")},
)
def ratio_of_extremes(ce, latency, budget, *, distance="smallest"):
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    if feasible.all():
        return 0.0
    over = latency[~feasible] - budget
    take = {"smallest": np.min, "largest": np.max, "mean": np.mean}[distance]
    return max(0.0, float((ce[feasible].min() - ce[~feasible].min()) / take(over)))


@misconception(
    "The savings are counted from the loss of the fastest feasible model. It is the feasible model with the lowest loss "
    "that has to win.",
    caught_by="test_value",
    conceptual=True,
)
def from_the_fastest(ce, latency, budget):
    return solved(ce, latency, budget, level=lambda feasible: feasible[np.argmin(latency[latency <= budget])])


@misconception(
    "The savings are counted from the loss of the feasible model nearest to the budget. It is the feasible model with the "
    "lowest loss that has to win.",
    caught_by="test_value",
    conceptual=True,
)
def from_the_slowest_feasible(ce, latency, budget):
    return solved(ce, latency, budget, level=lambda feasible: feasible[np.argmax(latency[latency <= budget])])


@misconception(
    "The savings are counted from the {place} feasible model in the arrays; the order of the models means nothing. Take "
    "the feasible model with the lowest loss.",
    caught_by="test_value",
    family={"place": ("first", "last")},
)
def from_one_in_the_order(ce, latency, budget, *, place="first"):
    return solved(ce, latency, budget, level=lambda feasible: feasible[0 if place == "first" else -1])


@misconception(
    "The savings are counted from the mean loss of the feasible models. One of them has to win, the one with the lowest "
    "loss.",
    caught_by="test_value",
    conceptual=True,
)
def from_the_mean_feasible(ce, latency, budget):
    return solved(ce, latency, budget, level=np.mean)


@misconception(
    "Your slopes are those of lines that start at the latency of the best feasible model. Latency under the budget is "
    "free, so they start at the budget.",
    caught_by="test_value",
    conceptual=True,
    family={"choose": ("largest", "nearest")},
)
def slopes_from_the_best_feasible_model(ce, latency, budget, *, choose="largest"):
    feasible = latency <= budget
    start = latency[feasible][np.argmin(ce[feasible])] if feasible.any() else budget
    nearest = np.argmin(latency[~feasible]) if not feasible.all() else 0
    return solved(ce, latency, budget, start=start, choose=np.max if choose == "largest" else lambda s: s[nearest])


@misconception(
    "Your slopes start at the latency of the {which} feasible model. Latency under the budget is free, so they start at "
    "the budget.",
    caught_by="test_value",
    conceptual=True,
    family={"which": ("slowest", "fastest")},
)
def slopes_from_a_feasible_latency(ce, latency, budget, *, which="slowest"):
    kept = latency[latency <= budget]
    start = budget if not kept.size else kept.max() if which == "slowest" else kept.min()
    return solved(ce, latency, budget, start=start)


@misconception(
    "Your lambda is the steepest line from any feasible model to an infeasible one. Only the feasible model with the lowest "
    "loss has to win, and the penalty starts at the budget.",
    caught_by="test_value",
    conceptual=True,
)
def steepest_of_all_pairs(ce, latency, budget):
    kept, rest = latency <= budget, latency > budget
    if not kept.any():
        return np.inf
    slopes = (ce[kept][:, None] - ce[rest][None, :]) / (latency[rest][None, :] - latency[kept][:, None])
    return slopes.max(initial=0.0)


@misconception(
    "An array of slopes came back, one for each infeasible model. The answer is one number, the largest of them or 0.",
    caught_by="test_value",
    family={"cut_off": (True, False)},
)
def all_slopes(ce, latency, budget, *, cut_off=True):
    feasible = latency <= budget
    if not feasible.any() or feasible.all():
        return 0.0 if feasible.any() else np.inf
    slopes = (ce[feasible].min() - ce[~feasible]) / (latency[~feasible] - budget)
    return np.maximum(slopes, 0.0) if cut_off else slopes


@misconception(
    "Your lambda lets every feasible model win, the worst one too. One is enough, the one with the lowest loss.",
    caught_by="test_value",
    conceptual=True,
)
def worst_feasible(ce, latency, budget):
    return solved(ce, latency, budget, level=np.max)


@misconception(
    "The smallest of the slopes comes back: it beats only the weakest infeasible model, and all of them must lose.",
    caught_by="test_value",
    conceptual=True,
    family={"level": (np.min, np.mean, np.max)},
)
def smallest_slope(ce, latency, budget, *, level=np.min):
    return solved(ce, latency, budget, choose=np.min, level=level)


@misconception(
    "Your answer is negative where the best model is feasible anyway: there no penalty is needed, and lambda is 0.",
    caught_by="test_free",
    conceptual=True,
)
def negative_slope(ce, latency, budget):
    return solved(ce, latency, budget, lowest=-np.inf)


@misconception(
    "Where the feasible model has the lower loss you return a positive lambda: the size of the slope without its sign. A "
    "model that saves nothing needs no penalty.",
    caught_by="test_free",
    conceptual=True,
)
def slope_without_its_sign(ce, latency, budget):
    return solved(ce, latency, budget, choose=lambda slopes: np.abs(slopes).max())


@misconception(
    "The slopes are reversed: they count what an infeasible model costs more, not what it saves. Where it saves, 0 comes back.",
    caught_by="test_value",
    conceptual=True,
)
def turned_slope(ce, latency, budget):
    return solved(ce, latency, budget, choose=lambda slopes: (-slopes).max())


@misconception(
    "0 comes back where an infeasible model wins as long as nothing is charged. Often because savings are counted from the "
    "lowest loss of all models: count them from the best feasible one.",
    caught_by="test_value",
    conceptual=True,
    family={"otherwise": (0.0, np.inf)},
)
def zero_where_a_penalty_is_needed(ce, latency, budget, *, otherwise=0.0):
    return 0.0 if (latency <= budget).any() else otherwise


@misconception(
    "The slopes are those of the infeasible models above the lowest loss of all. What counts is what each of them saves "
    "against the best feasible model.",
    caught_by="test_value",
    conceptual=True,
)
def from_the_best_of_all(ce, latency, budget):
    return solved(ce - ce.min(), latency, budget, level=lambda feasible: 0.0, choose=lambda slopes: (-slopes).max())


@misconception(
    "A model exactly at the budget is not taken as feasible. Feasible means at most the budget.",
    caught_by="test_at_the_budget",
    family={"at_the_budget": ("infeasible", "neither")},
)
def strictly_below(ce, latency, budget, *, at_the_budget="infeasible"):
    feasible = latency < budget
    if not feasible.any():
        return np.inf
    over = latency - budget
    with np.errstate(all="ignore"):
        slopes = (ce[feasible].min() - ce) / np.where(feasible, np.inf, over)
    return max(0.0, float((slopes if at_the_budget == "infeasible" else slopes[over != 0]).max()))


@misconception(
    "A model exactly at the budget counts both as feasible and as infeasible, so that its slope is 0 / 0 = NaN.",
    caught_by="test_at_the_budget",
)
def at_the_budget_in_both(ce, latency, budget):
    feasible, rest = latency <= budget, latency >= budget
    if not feasible.any():
        return np.inf
    with np.errstate(all="ignore"):
        return np.max((ce[feasible].min() - ce[rest]) / (latency[rest] - budget), initial=0.0)


@misconception(
    "Where no model keeps the budget you return {instead}. No lambda can help there, however large: the answer is infinite.",
    caught_by="test_nothing_feasible",
    conceptual=True,
    family={"instead": (0.0, np.nan, None, -1.0, 1.0, 1e6, 1e9, 1e10, 1e12, 1e18)},
)
def zero_where_nothing_is_feasible(ce, latency, budget, *, instead=0.0):
    return solved(ce, latency, budget) if (latency <= budget).any() else instead


@misconception(
    "Where no model keeps the budget your code stops with an error; the answer there is infinite. Often the minimum of an "
    "empty list.",
    caught_by="test_nothing_feasible",
    family={"error": (ValueError, IndexError, TypeError)},
)
def error_where_nothing_is_feasible(ce, latency, budget, *, error=ValueError):
    if (latency > budget).all():
        raise error("nothing to choose from")
    return solved(ce, latency, budget)


@misconception(
    "Where every model keeps the budget your code stops with an error; no penalty is needed there: 0. Often the maximum of "
    "an empty list.",
    caught_by="test_nothing_infeasible",
    family={"error": (ValueError, IndexError, TypeError)},
)
def error_where_nothing_is_infeasible(ce, latency, budget, *, error=ValueError):
    if (latency <= budget).all():
        raise error("nothing to choose from")
    return solved(ce, latency, budget)


@misconception(
    "Where every model keeps the budget you return {instead}; no penalty is needed there: 0.",
    caught_by="test_nothing_infeasible",
    family={"instead": (np.inf, np.nan, None, -np.inf)},
)
def not_zero_where_nothing_is_infeasible(ce, latency, budget, *, instead=np.inf):
    return instead if (latency <= budget).all() else solved(ce, latency, budget)


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
    "The saving is divided by the whole latency; only the milliseconds over the budget are penalised.",
    caught_by="test_value",
    conceptual=True,
)
def whole_latency(ce, latency, budget):
    return solved(ce, latency, budget, start=0.0)


@misconception(
    "The saving is divided by the excess relative to the budget; lambda is loss per unit of latency, and the penalty is "
    "lambda times latency - budget.",
    caught_by="test_value",
    conceptual=True,
)
def relative_excess(ce, latency, budget):
    return solved(ce, latency, budget) * budget


@misconception(
    "The penalty that you solved for is squared. Here it is lambda times the excess itself.",
    caught_by="test_value",
    conceptual=True,
)
def squared_excess(ce, latency, budget):
    over = latency[latency > budget] - budget
    return solved(ce, latency, budget, choose=lambda slopes: (slopes / over).max())


@misconception(
    "The largest saving in loss came back; a lambda is a saving per millisecond over the budget.",
    caught_by="test_value",
    conceptual=True,
)
def saving_without_the_milliseconds(ce, latency, budget):
    feasible = latency <= budget
    return max(0.0, float(ce[feasible].min() - ce.min())) if feasible.any() else np.inf


@misconception(
    "This is the loss of the best feasible model over the excess, with nothing taken off: what counts is the saving of "
    "the infeasible model.",
    caught_by="test_value",
)
def loss_over_the_excess(ce, latency, budget):
    feasible = latency <= budget
    if not feasible.any() or feasible.all():
        return 0.0 if feasible.any() else np.inf
    return float(ce[feasible].min() / (latency[~feasible] - budget).min())


@misconception(
    "Your slopes run from each model to the next in the order of latency. The penalty is a ramp from the budget for each "
    "infeasible model: compare each with the best feasible one.",
    caught_by="test_value",
    conceptual=True,
)
def slopes_between_neighbours(ce, latency, budget):
    feasible = latency <= budget
    if not feasible.any():
        return np.inf
    order = np.argsort(latency[~feasible])
    losses = np.append(ce[feasible].min(), ce[~feasible][order])
    places = np.append(budget, latency[~feasible][order])
    return float(np.max(-np.diff(losses) / np.diff(places), initial=0.0))


@misconception(
    "Your lambda is a multiple of {step:g}: it was searched on a grid. The smallest lambda mostly lies between two points, or "
    "beyond the last; work out where each infeasible model breaks even.",
    caught_by="test_value",
    family={"step": (0.01, 0.1, 0.001, 0.0001)},
)
def searched_on_a_grid(ce, latency, budget, *, step=0.01):
    lams = np.arange(round(1 / step) + 1)[:, None] * step
    keeps = latency[np.argmin(ce + lams * np.maximum(latency - budget, 0), axis=1)] <= budget
    return float(lams[np.argmax(keeps), 0]) if keeps.any() else np.inf


@misconception(
    "Your lambda is near the smallest one, or far off where that is tiny or huge: it depends on the unit of the latency. "
    "Often because of a search that stops at a fixed width, after a fixed number of steps, or at an upper end. None "
    "is needed: work out where each infeasible model breaks even.",
    caught_by="test_value",
    family={
        "below": (1000.0, 1.0, 10.0, 100.0, 1e4, 1e6, None),
        "until": (1e-6, 1e-3, 1e-4, 1e-5, 1e-8, 1e-9, 1e-10, 1e-12, 20, 30, 40),
        "back": ("high", "middle"),
    },
)
def search_that_stops_early(ce, latency, budget, *, below=1000.0, until=1e-6, back="high"):
    """Bisection below a number, or else below the first power of two that is large enough.

    It ends at the width `until`, or, where that is an int, after so many steps.
    """
    smallest = solved(ce, latency, budget)  # a lambda keeps the budget if it is at least this
    if smallest in (0.0, np.inf):
        return smallest
    low, high = 0.0, below or 1.0
    while below is None and high < smallest:
        high *= 2
    steps = until if isinstance(until, int) else math.ceil(math.log2(high / until))
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (low, middle) if middle >= smallest else (middle, high)
    return high if back == "high" else (low + high) / 2


@misconception(
    "No lambda larger than {top:g} comes back. There is no upper end: it depends on the unit of the latency. Often a search "
    "that stops there.",
    caught_by="test_value",
    family={"top": (1.0, 10.0, 100.0, 1000.0, 1e4, 1e5, 1e6)},
)
def upper_end(ce, latency, budget, *, top=1.0):
    return min(top, solved(ce, latency, budget)) if (latency <= budget).any() else np.inf


@misconception(
    "Your lambda is larger by {extra:g} than the smallest one. A tie counts as won, so nothing has to be added.",
    caught_by="test_value",
    family={"extra": (1e-6, 1e-3, 1e-4, 1e-5, 1e-8, 1e-9, 1e-10, 1e-12)},
)
def a_little_more(ce, latency, budget, *, extra=1e-6):
    return solved(ce, latency, budget) + extra


@misconception(
    "A small number, {extra:g}, is added to the distances over the budget: they are never 0, and nothing has to be added.",
    caught_by="test_value",
    family={"extra": (1e-6, 1e-3, 1e-8, 1e-9, 1e-10, 1e-12)},
)
def epsilon_in_the_distance(ce, latency, budget, *, extra=1e-6):
    return solved(ce, latency, budget, start=budget - extra)


@misconception(
    "The answer is rounded. The smallest lambda depends on the unit of the latency and may be tiny.",
    caught_by="test_value",
    family={"digits": (2, 3, 4, 5, 6, 8)},
)
def rounded(ce, latency, budget, *, digits=2):
    return round(solved(ce, latency, budget), digits)


@misconception(
    "The models were sorted in place: the caller still needs their order.", caught_by="test_inputs_unchanged"
)
def sorts_in_place(ce, latency, budget):
    order = np.argsort(latency)
    ce[:], latency[:] = ce[order], latency[order]
    return solved(ce, latency, budget)


@misconception(
    "The savings or the distances were written into your arguments: the caller still needs them. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def subtracts_in_place(ce, latency, budget):
    answer = solved(ce, latency, budget)
    latency -= budget
    return answer


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def constant(ce, latency, budget):
    return 0.01
