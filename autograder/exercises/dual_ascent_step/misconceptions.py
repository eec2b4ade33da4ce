"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

from autograder.testing import misconception


@misconception(
    "A multiplier of an inequality is never negative: a negative lambda rewards violation.",
    caught_by="test_never_negative",
    conceptual=True,
)
def no_projection(lam, latency, budget, lr):
    return lam + lr * (latency - budget)


@misconception(
    "You multiply lambda by a factor: from lambda = 0 this can never leave 0.",
    caught_by="test_violation",
    conceptual=True,
)
def multiplicative(lam, latency, budget, lr):
    return max(0.0, lam * (1 + lr * (latency - budget)))


@misconception(
    "An exponential step keeps lambda positive, but from lambda = 0 it can never leave 0.",
    caught_by="test_violation",
    conceptual=True,
)
def exponential(lam, latency, budget, lr):
    return lam * math.exp(min(lr * (latency - budget), 50.0))


@misconception(
    "Relative violation: then lr has other units than here, where the violation is in the units of the budget.",
    caught_by="test_violation",
    conceptual=True,
)
def relative(lam, latency, budget, lr):
    return max(0.0, lam + lr * (latency - budget) / budget)


@misconception(
    "The old lambda is lost: that is a penalty, not a memory of past violations.",
    caught_by="test_slack",
    conceptual=True,
)
def replaces_instead_of_adding(lam, latency, budget, lr):
    return max(0.0, lr * (latency - budget))


@misconception(
    "The violation is cut off at 0 before the step, so lambda can only rise: with slack it must fall again.",
    caught_by="test_slack",
    conceptual=True,
)
def never_falls(lam, latency, budget, lr):
    return lam + lr * max(0.0, latency - budget)


@misconception(
    "The sign is turned round: lambda falls while the budget is exceeded. That is a step DOWN; multipliers ascend.",
    caught_by="test_violation",
    conceptual=True,
)
def descends(lam, latency, budget, lr):
    return max(0.0, lam - lr * (latency - budget))


@misconception("The step size is never used.", caught_by="test_violation")
def step_size_ignored(lam, latency, budget, lr):
    return max(0.0, lam + (latency - budget))


@misconception(
    "You add the whole latency: a step depends on the distance from the budget.",
    caught_by="test_violation",
    conceptual=True,
)
def budget_ignored(lam, latency, budget, lr):
    return max(0.0, lam + lr * latency)


@misconception(
    "Only the direction of the violation counts in your step; its size matters too.", caught_by="test_violation"
)
def sign_only(lam, latency, budget, lr):
    return max(0.0, lam + lr * ((latency > budget) - (latency < budget)))


@misconception(
    "The multiplier is kept below 1. There is no upper end: it must grow until the budget holds.",
    caught_by="test_large",
    conceptual=True,
)
def clipped_at_one(lam, latency, budget, lr):
    return min(1.0, max(0.0, lam + lr * (latency - budget)))


@misconception(
    "With any slack your multiplier drops to 0 at once. It falls step by step; it is still needed at the budget.",
    caught_by="test_slack",
    conceptual=True,
)
def reset_with_slack(lam, latency, budget, lr):
    return lam + lr * (latency - budget) if latency >= budget else 0.0


@misconception(
    "The distance from the budget is used without its sign: lambda rises with slack, too.", caught_by="test_slack"
)
def absolute_distance(lam, latency, budget, lr):
    return lam + lr * abs(latency - budget)


@misconception(
    "This is a moving average of lambda and the violation: lambda forgets what it learned.", caught_by="test_violation"
)
def moving_average(lam, latency, budget, lr):
    return max(0.0, (1 - lr) * lam + lr * (latency - budget))


@misconception("Below 0 the projection goes to 0, not to the absolute value.", caught_by="test_never_negative")
def reflected(lam, latency, budget, lr):
    return abs(lam + lr * (latency - budget))


@misconception("The same number comes back whatever goes in.", caught_by="test_violation")
def constant(lam, latency, budget, lr):
    return 0.12
