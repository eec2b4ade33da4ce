"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

from autograder.testing import misconception


@misconception(
    "Under the budget your objective REWARDS speed (J < ce). That is the Lagrangian term, not the penalty.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def no_max(ce, latency_ms, budget_ms, lam):
    return ce + lam * (latency_ms - budget_ms)


@misconception(
    "Squared hinge: 3.30 instead of 0.66. It is smooth but always leaves some violation.",
    caught_by="test_source_example",
    conceptual=True,
)
def squared(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - budget_ms) ** 2


@misconception(
    "Relative excess (0.24) changes the unit of lambda: it is now loss per 100 % over, not loss per ms.",
    caught_by="test_source_example",
    conceptual=True,
)
def relative(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms / budget_ms - 1)


@misconception(
    "The max must wrap only the violation: here it wraps the whole sum, and speed is still rewarded under the budget.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def max_outside(ce, latency_ms, budget_ms, lam):
    return max(0.0, ce + lam * (latency_ms - budget_ms))


@misconception(
    "A fixed fine for any violation: 0.44 for 62 ms and for 620 ms. There is no reason to shrink the violation.",
    caught_by="test_source_example",
    conceptual=True,
)
def indicator(ce, latency_ms, budget_ms, lam):
    return ce + lam * (latency_ms > budget_ms)


@misconception(
    "0.42024: you counted in seconds. Lambda is meant per millisecond; in seconds it would have to be 1000 times as large.",
    caught_by="test_source_example",
    conceptual=True,
)
def seconds(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - budget_ms) / 1000


@misconception(
    "The distance from the budget is penalised on both sides: being faster than asked costs as much as being slower.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def absolute_distance(ce, latency_ms, budget_ms, lam):
    return ce + lam * abs(latency_ms - budget_ms)


@misconception(
    "The sign of the violation is turned round: you penalise models that are FASTER than the budget.",
    caught_by="test_source_example",
    conceptual=True,
)
def sign_turned_round(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, budget_ms - latency_ms)


@misconception(
    "1.66: you penalised the whole latency of a model over the budget, not the milliseconds over it.",
    caught_by="test_source_example",
    conceptual=True,
)
def whole_latency(ce, latency_ms, budget_ms, lam):
    return ce + lam * (latency_ms if latency_ms > budget_ms else 0.0)


@misconception(
    "The max is taken of the latency and the budget; it belongs to 0 and their difference.",
    caught_by="test_source_example",
)
def max_of_both(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(latency_ms, budget_ms)


@misconception("The penalty is subtracted: a slower model gets a LOWER objective.", caught_by="test_source_example")
def subtracted(ce, latency_ms, budget_ms, lam):
    return ce - lam * max(0.0, latency_ms - budget_ms)


@misconception("Lambda is never used: 12.42 instead of 0.66.", caught_by="test_source_example")
def lambda_ignored(ce, latency_ms, budget_ms, lam):
    return ce + max(0.0, latency_ms - budget_ms)


@misconception("That is the penalty alone; the loss itself is missing.", caught_by="test_source_example")
def penalty_only(ce, latency_ms, budget_ms, lam):
    return lam * max(0.0, latency_ms - budget_ms)


@misconception(
    "The loss is scaled by (1 - lambda): that is a trade-off between two goals. A penalty is added on top.",
    caught_by="test_source_example",
    conceptual=True,
)
def convex_combination(ce, latency_ms, budget_ms, lam):
    return (1 - lam) * ce + lam * max(0.0, latency_ms - budget_ms)


@misconception("The budget of 50 ms stands in your code: use the argument.", caught_by="test_over_the_budget")
def budget_hard_coded(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - 50.0)


@misconception("0.66 comes back whatever goes in.", caught_by="test_source_example")
def constant(ce, latency_ms, budget_ms, lam):
    return 0.66
