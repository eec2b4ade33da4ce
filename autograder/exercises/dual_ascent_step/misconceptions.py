"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

from autograder.testing import misconception


@misconception(
    "Where the step leads below 0 the multiplier comes out negative: a negative lambda rewards violation. Cut the result "
    "off at 0, not the step or the old lambda.",
    caught_by="test_never_negative",
    conceptual=True,
)
def no_projection(lam, latency, budget, lr):
    return lam + lr * (latency - budget)


@misconception(
    "From lambda = 0 your multiplier does not move, and a larger lambda moves further: lambda is multiplied by a factor. "
    "Add the step.",
    caught_by="test_violation",
    conceptual=True,
)
def multiplicative(lam, latency, budget, lr):
    return max(0.0, lam * (1 + lr * (latency - budget)))


@misconception(
    "Lambda is multiplied by an exponential: that keeps it positive, but from lambda = 0 it can never leave 0.",
    caught_by="test_violation",
    conceptual=True,
)
def exponential(lam, latency, budget, lr):
    return lam * math.exp(min(lr * (latency - budget), 50.0))


@misconception(
    "Your step is the violation relative to the budget, 12 / 50 instead of 12 milliseconds: then lr has other units "
    "than here.",
    caught_by="test_violation",
    conceptual=True,
)
def relative(lam, latency, budget, lr):
    return max(0.0, lam + lr * (latency - budget) / budget)


@misconception(
    "Your step is the violation relative to the latency, 12 / 62 instead of 12 milliseconds.",
    caught_by="test_violation",
    conceptual=True,
)
def relative_to_the_latency(lam, latency, budget, lr):
    return max(0.0, lam + lr * (latency - budget) / latency)


@misconception(
    "Your step is counted in seconds: it is a thousandth of lr times the violation. Keep the units of the budget.",
    caught_by="test_violation",
)
def in_seconds(lam, latency, budget, lr):
    return max(0.0, lam + lr * (latency - budget) / 1000)


@misconception(
    "Your step grows with the square of the violation; it is lr times the violation itself.",
    caught_by="test_violation",
    conceptual=True,
    family={"half": (1.0, 0.5), "signed": (False, True)},
)
def squared_violation(lam, latency, budget, lr, *, half=1.0, signed=False):
    gap = latency - budget
    return max(0.0, lam + lr * half * gap * (abs(gap) if signed else gap))


@misconception(
    "From lambda = 0 and from lambda = 0.25 the same number comes back: the old lambda is lost. That is a penalty, not a "
    "memory of past violations.",
    caught_by="test_violation",
    conceptual=True,
    family={"floor": (0.0, -math.inf)},
)
def replaces_instead_of_adding(lam, latency, budget, lr, *, floor=0.0):
    return max(floor, lr * (latency - budget))


@misconception(
    "With slack lambda stays where it is, so it can only rise: it must fall again. Often because the violation is cut off "
    "at 0 before the step.",
    caught_by="test_slack",
    conceptual=True,
)
def never_falls(lam, latency, budget, lr):
    return lam + lr * max(0.0, latency - budget)


@misconception(
    "Lambda falls while the budget is exceeded: the sign of the step is reversed. A multiplier ascends with the "
    "violation.",
    caught_by="test_violation",
    conceptual=True,
)
def descends(lam, latency, budget, lr):
    return max(0.0, lam - lr * (latency - budget))


@misconception(
    "Two things at once: lambda falls while the budget is exceeded (the sign), and it falls below 0 (no projection).",
    caught_by="test_violation",
    conceptual=True,
)
def descends_below_zero(lam, latency, budget, lr):
    return lam - lr * (latency - budget)


@misconception(
    "Lambda moves by the whole violation: the step size lr is never used.",
    caught_by="test_violation",
    family={"floor": (0.0, -math.inf)},
)
def step_size_ignored(lam, latency, budget, lr, *, floor=0.0):
    return max(floor, lam + (latency - budget))


@misconception(
    "The violation is divided by lr: a smaller step size makes a larger step. Multiply.", caught_by="test_violation"
)
def divides_by_the_step_size(lam, latency, budget, lr):
    return max(0.0, lam + (latency - budget) / lr)


@misconception(
    "The step is lr times the whole latency: a step depends on the distance from the budget.",
    caught_by="test_violation",
    conceptual=True,
)
def budget_ignored(lam, latency, budget, lr):
    return max(0.0, lam + lr * latency)


@misconception(
    "Every violation gives the same step, lr: only its direction counts. Its size matters too.",
    caught_by="test_violation",
    family={"floor": (0.0, -math.inf)},
)
def sign_only(lam, latency, budget, lr, *, floor=0.0):
    return max(floor, lam + lr * ((latency > budget) - (latency < budget)))


@misconception(
    "Under the budget lambda falls by lr, however large the slack is. The step is lr times the distance on both sides.",
    caught_by="test_slack",
)
def constant_fall(lam, latency, budget, lr):
    return lam + lr * (latency - budget) if latency >= budget else max(0.0, lam - lr)


@misconception(
    "Under the budget lambda shrinks by a fixed factor, {factor:g}. It falls by lr times the slack.",
    caught_by="test_slack",
    family={"factor": (0.5, 0.9, 0.99, 0.95)},
)
def shrinks_with_slack(lam, latency, budget, lr, *, factor=0.5):
    return lam + lr * (latency - budget) if latency >= budget else factor * lam


@misconception(
    "The multiplier does not grow beyond {top:g}. There is no upper end: it must grow until the budget holds.",
    caught_by="test_large",
    conceptual=True,
    family={"top": (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0, 1e4, 1e5, 1e6)},
)
def kept_below_an_upper_end(lam, latency, budget, lr, *, top=1.0):
    return min(top, max(0.0, lam + lr * (latency - budget)))


@misconception(
    "A violation of 200 counts no more than one of {most:g}: it is cut off before the step. The step grows with all of it.",
    caught_by="test_large",
    family={"most": (100.0, 5.0, 10.0, 20.0, 50.0)},
)
def violation_cut_off(lam, latency, budget, lr, *, most=100.0):
    return max(0.0, lam + lr * max(-most, min(most, latency - budget)))


@misconception(
    "No step is larger than {most:g}: it is cut off. The step is lr times the violation, however large.",
    caught_by="test_large",
    family={"most": (1.0, 5.0, 10.0, 100.0)},
)
def step_cut_off(lam, latency, budget, lr, *, most=1.0):
    return max(0.0, lam + max(-most, min(most, lr * (latency - budget))))


@misconception(
    "Exactly at the budget you return {instead}. There is no violation there, so the multiplier stays where it is. Often two "
    "strict comparisons that leave the third case out.",
    caught_by="test_at_rest",
    family={"instead": (0.0, None)},
)
def third_case_left_out(lam, latency, budget, lr, *, instead=0.0):
    return instead if latency == budget else max(0.0, lam + lr * (latency - budget))


@misconception(
    "The larger of the old lambda and lr times the violation comes back, not their sum.", caught_by="test_violation"
)
def larger_of_both(lam, latency, budget, lr):
    return max(lam, lr * (latency - budget))


@misconception(
    "Your step grows with the square root of the violation; it is lr times the violation itself.",
    caught_by="test_violation",
)
def root_of_the_violation(lam, latency, budget, lr):
    gap = latency - budget
    return max(0.0, lam + lr * math.copysign(math.sqrt(abs(gap)), gap))


@misconception(
    "The violation itself is gone after a hyperbolic tangent or a cut at 1: a step is hardly ever larger than lr.",
    caught_by="test_violation",
)
def tangent_of_the_violation(lam, latency, budget, lr):
    return max(0.0, lam + lr * math.tanh(latency - budget))


@misconception(
    "The lowest value is not 0 but {floor:g}. Where there is enough slack, the constraint needs no multiplier: exactly 0.",
    caught_by="test_never_negative",
    family={"floor": (1e-6, 1e-3, 1e-2, 1e-4, 1e-8, 1e-10, 1e-12)},
)
def floor_above_zero(lam, latency, budget, lr, *, floor=1e-6):
    return max(floor, lam + lr * (latency - budget))


@misconception(
    "With any slack your multiplier drops to 0 at once. It falls step by step; it is still needed at the budget.",
    caught_by="test_slack",
    conceptual=True,
    family={"at_the_budget": (False, True)},
)
def reset_with_slack(lam, latency, budget, lr, *, at_the_budget=False):
    over = latency > budget if at_the_budget else latency >= budget
    return lam + lr * (latency - budget) if over else 0.0


@misconception(
    "With slack lambda rises as it does above the budget: the distance from the budget is used without its sign.",
    caught_by="test_slack",
)
def absolute_distance(lam, latency, budget, lr):
    return lam + lr * abs(latency - budget)


@misconception(
    "The old lambda counts only (1 - lr) times: a moving average, which forgets what lambda has learned. Keep it whole.",
    caught_by="test_violation",
    family={"floor": (0.0, -math.inf)},
)
def moving_average(lam, latency, budget, lr, *, floor=0.0):
    return max(floor, (1 - lr) * lam + lr * (latency - budget))


@misconception(
    "The old lambda is multiplied by lr together with the violation: a bracket too many. Only the violation is.",
    caught_by="test_violation",
)
def step_size_times_both(lam, latency, budget, lr):
    return max(0.0, lr * (lam + latency - budget))


@misconception(
    "Lambda and lr are added first, and the sum is multiplied by the violation: a bracket too many.",
    caught_by="test_violation",
)
def sum_times_the_violation(lam, latency, budget, lr):
    return max(0.0, (lam + lr) * (latency - budget))


@misconception(
    "Above the budget, where lambda has to rise, 0 comes back. Often a min in place of the max, or brackets that are "
    "missing around the difference: then the whole budget is taken off.",
    caught_by="test_violation",
    family={"missing": ("brackets", "max", "everything")},
)
def zero_above_the_budget(lam, latency, budget, lr, *, missing="brackets"):
    if missing == "everything":
        return 0.0
    return max(0.0, lam + lr * latency - budget) if missing == "brackets" else min(0.0, lam + lr * (latency - budget))


@misconception(
    "Above the budget the multiplier comes out far below 0: lr meets the latency alone, and then the whole budget is taken "
    "off. Set brackets around the difference, and cut the result off at 0.",
    caught_by="test_violation",
)
def whole_budget_taken_off(lam, latency, budget, lr):
    return lam + lr * latency - budget


@misconception(
    "The multiplier came back in an array of shape (1,); a plain number was asked for.", caught_by="test_violation"
)
def in_an_array(lam, latency, budget, lr):
    return [max(0.0, lam + lr * (latency - budget))]


@misconception(
    "What comes back is lr times the violation less the old lambda; the old one has to be added.",
    caught_by="test_violation",
)
def subtracts_the_old(lam, latency, budget, lr):
    return max(0.0, lr * (latency - budget) - lam)


@misconception(
    "Where the step leads below 0 its absolute value comes back, so lambda rises again. The projection goes to 0.",
    caught_by="test_never_negative",
)
def reflected(lam, latency, budget, lr):
    return abs(lam + lr * (latency - budget))


@misconception(
    "Where the step leads below 0 you keep the old lambda. Go as far as you may: to 0.", caught_by="test_never_negative"
)
def refuses_the_step(lam, latency, budget, lr):
    new = lam + lr * (latency - budget)
    return new if new >= 0 else lam


@misconception(
    "The multiplier is rounded: a small step is lost, and lambda stops moving.",
    caught_by="test_violation",
    family={"digits": (2, 1, 3, 4)},
)
def rounded(lam, latency, budget, lr, *, digits=2):
    return round(max(0.0, lam + lr * (latency - budget)), digits)


@misconception("The old multiplier comes back as it was: no step was made.", caught_by="test_violation")
def the_old_one(lam, latency, budget, lr):
    return lam


@misconception("The same number comes back, 0.12, from lambda = 0 and from 0.25.", caught_by="test_violation")
def constant(lam, latency, budget, lr):
    return 0.12
