"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import math

from autograder.testing import misconception


@misconception(
    "Under the budget the objective falls below the cross-entropy, by lambda for each millisecond: speed is rewarded. "
    "That is the Lagrangian term, not the penalty. Often because the violation has no max around it, or because the "
    "max wraps the whole sum.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def no_max(ce, latency_ms, budget_ms, lam):
    return ce + lam * (latency_ms - budget_ms)


@misconception(
    "The violation is squared: 12 ms over the budget count 144 times lambda instead of 12 times. That is smooth, but "
    "always leaves some violation.",
    caught_by="test_source_example",
    conceptual=True,
)
def squared(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - budget_ms) ** 2


@misconception(
    "Half of the squared violation is charged: 12 ms over the budget count 72 times lambda instead of 12 times. The "
    "penalty here is linear in the milliseconds.",
    caught_by="test_source_example",
    conceptual=True,
)
def half_the_square(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - budget_ms) ** 2 / 2


@misconception(
    "Under the budget the squared distance from it is charged: a square loses the sign, so speed costs as much as delay.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def squared_distance(ce, latency_ms, budget_ms, lam):
    return ce + lam * (latency_ms - budget_ms) ** 2


@misconception(
    "Lambda meets the violation relative to the budget, 12 / 50 = 0.24 instead of 12: that makes it a loss per 100 % "
    "over the budget, not a loss per millisecond.",
    caught_by="test_source_example",
    conceptual=True,
)
def relative(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms / budget_ms - 1)


@misconception(
    "Lambda meets the violation relative to the latency, 12 / 62 instead of 12: lambda is a loss per millisecond.",
    caught_by="test_source_example",
    conceptual=True,
)
def relative_to_the_latency(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, 1 - budget_ms / latency_ms)


@misconception(
    "Lambda meets latency / budget, 62 / 50 = 1.24, instead of the 12 ms between them: take the difference.",
    caught_by="test_source_example",
    conceptual=True,
)
def ratio(ce, latency_ms, budget_ms, lam):
    return ce + lam * (latency_ms / budget_ms if latency_ms > budget_ms else 0.0)


@misconception(
    "Under the budget the objective falls with the latency, but never below 0: the max wraps the whole sum, so speed is "
    "still rewarded. It must wrap only the violation.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def max_outside(ce, latency_ms, budget_ms, lam):
    return max(0.0, ce + lam * (latency_ms - budget_ms))


@misconception(
    "The objective never comes out below 0, though the loss may be negative: the max belongs to the violation, not to "
    "the cross-entropy or the sum.",
    caught_by="test_extremes",
)
def loss_kept_positive(ce, latency_ms, budget_ms, lam):
    return max(0.0, ce + lam * max(0.0, latency_ms - budget_ms))


@misconception(
    "62 ms cost lambda once, not 12 times. Often because every violation pays the same fine: then there is no reason to "
    "make it smaller.",
    caught_by="test_source_example",
    conceptual=True,
    family={"how": ("a fine", "cut off at 1", "a tangent")},
)
def indicator(ce, latency_ms, budget_ms, lam, *, how="a fine"):
    over = max(0.0, latency_ms - budget_ms)
    return ce + lam * {"a fine": over > 0, "cut off at 1": min(over, 1.0), "a tangent": math.tanh(over)}[how]


@misconception(
    "12 ms over the budget cost 0.012 times lambda: the violation is counted in seconds. Lambda is meant per millisecond.",
    caught_by="test_source_example",
    conceptual=True,
)
def seconds(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - budget_ms) / 1000


@misconception(
    "Twelve milliseconds over the budget cost 12 / {parts:g} of lambda: the violation is divided by something. Lambda is loss "
    "per millisecond.",
    caught_by="test_source_example",
    family={"parts": (10.0, 2.0, 100.0, 60.0)},
)
def divided_violation(ce, latency_ms, budget_ms, lam, *, parts=10.0):
    return ce + lam * max(0.0, latency_ms - budget_ms) / parts


@misconception(
    "The penalty grows more and more slowly with the violation: it goes through a {bend}. Every millisecond costs the same, "
    "lambda.",
    caught_by="test_source_example",
    conceptual=True,
    family={"bend": ("square root", "logarithm")},
)
def bent_violation(ce, latency_ms, budget_ms, lam, *, bend="square root"):
    bent = math.sqrt if bend == "square root" else math.log1p
    return ce + lam * bent(max(0.0, latency_ms - budget_ms))


@misconception(
    "It is not lambda but {power} that multiplies the violation.",
    caught_by="test_source_example",
    family={"power": ("its square", "its root", "1 - lambda", "1 + lambda")},
)
def another_price(ce, latency_ms, budget_ms, lam, *, power="its square"):
    price = {
        "its square": lam**2,
        "its root": math.sqrt(lam),
        "1 - lambda": 1 - lam,
        "1 + lambda": 1 + lam,
    }[power]
    return ce + price * max(0.0, latency_ms - budget_ms)


@misconception(
    "12 ms over the budget cost 24 times lambda, twice too many. Often because the violation is taken in percent of the "
    "budget: lambda is loss per millisecond.",
    caught_by="test_source_example",
    family={"how": ("percent", "twice")},
)
def doubled(ce, latency_ms, budget_ms, lam, *, how="percent"):
    factor = 100 / budget_ms if how == "percent" else 2.0
    return ce + lam * max(0.0, latency_ms - budget_ms) * factor


@misconception(
    "Lambda multiplies the loss as well as the violation: a bracket too many. The loss counts as it is.",
    caught_by="test_source_example",
)
def lambda_times_everything(ce, latency_ms, budget_ms, lam):
    return lam * (ce + max(0.0, latency_ms - budget_ms))


@misconception(
    "Lambda multiplies the loss, and the violation counts in full. It is the other way round.",
    caught_by="test_source_example",
)
def lambda_at_the_loss(ce, latency_ms, budget_ms, lam):
    return lam * ce + max(0.0, latency_ms - budget_ms)


@misconception(
    "The objective came back in an array of shape (1,); a plain number was asked for.", caught_by="test_source_example"
)
def in_an_array(ce, latency_ms, budget_ms, lam):
    return [ce + lam * max(0.0, latency_ms - budget_ms)]


@misconception(
    "Lambda is charged once more than there are milliseconds over the budget: 13 times for 12 of them.",
    caught_by="test_source_example",
    family={"within": (True, False)},
)
def one_lambda_more(ce, latency_ms, budget_ms, lam, *, within=True):
    extra = lam if within or latency_ms > budget_ms else 0.0
    return ce + lam * max(0.0, latency_ms - budget_ms) + extra


@misconception(
    "The larger of loss and penalty came back, not their sum.", caught_by="test_source_example", conceptual=True
)
def larger_of_both(ce, latency_ms, budget_ms, lam):
    return max(ce, lam * (latency_ms - budget_ms))


@misconception(
    "Within the budget {least:g} times lambda is charged: the violation is at least 0 there, not at least {least:g}.",
    caught_by="test_under_the_budget",
    family={"least": (1.0, 0.1, 0.01, 0.001, 1e-6)},
)
def at_least_something(ce, latency_ms, budget_ms, lam, *, least=1.0):
    return ce + lam * max(least, latency_ms - budget_ms)


@misconception(
    "A lambda above 1 counts as 1: it was cut off. Lambda is a price and has no upper end.",
    caught_by="test_over_the_budget",
)
def lambda_cut_off(ce, latency_ms, budget_ms, lam):
    return ce + min(1.0, lam) * max(0.0, latency_ms - budget_ms)


@misconception(
    "The distance from the budget is penalised on both sides: being faster than asked costs as much as being slower.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def absolute_distance(ce, latency_ms, budget_ms, lam):
    return ce + lam * abs(latency_ms - budget_ms)


@misconception(
    "Under the budget you charge lambda for every millisecond of slack, above it nothing: the sign of the violation is "
    "reversed.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def sign_turned_round(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, budget_ms - latency_ms)


@misconception(
    "Above the budget there is no penalty, and under it every millisecond of slack is paid for: that is a min in "
    "place of the max.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def min_for_max(ce, latency_ms, budget_ms, lam):
    return ce + lam * min(0.0, latency_ms - budget_ms)


@misconception(
    "At 62 ms lambda is charged 62 times, not 12 times: only the milliseconds over the budget count.",
    caught_by="test_source_example",
    conceptual=True,
)
def whole_latency(ce, latency_ms, budget_ms, lam):
    return ce + lam * (latency_ms if latency_ms > budget_ms else 0.0)


@misconception(
    "Within the budget lambda is charged for the whole budget. Often because the max is taken of the latency and the "
    "budget; it belongs to 0 and their difference.",
    caught_by="test_under_the_budget",
)
def max_of_both(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(latency_ms, budget_ms)


@misconception(
    "Within the budget every millisecond of the latency is charged: there the penalty is 0, whatever the latency.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def budget_ignored(ce, latency_ms, budget_ms, lam):
    return ce + lam * latency_ms


@misconception(
    "The penalty is subtracted from the loss: a slower model gets a lower objective.", caught_by="test_source_example"
)
def subtracted(ce, latency_ms, budget_ms, lam):
    return ce - lam * max(0.0, latency_ms - budget_ms)


@misconception(
    "Two things at once: above the budget the objective falls by lambda for each millisecond (the sign), and under it "
    "the objective rises with the slack (no max).",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def sign_and_max(ce, latency_ms, budget_ms, lam):
    return ce + lam * (budget_ms - latency_ms)


@misconception(
    "Both values of lambda give the same objective, the loss plus 12: lambda is never used.",
    caught_by="test_source_example",
)
def lambda_ignored(ce, latency_ms, budget_ms, lam):
    return ce + max(0.0, latency_ms - budget_ms)


@misconception(
    "The larger lambda gives the smaller penalty: the violation is divided by lambda. Multiply.",
    caught_by="test_source_example",
)
def divided_by_lambda(ce, latency_ms, budget_ms, lam):
    return ce + max(0.0, latency_ms - budget_ms) / lam


@misconception(
    "The penalty came back without the loss: 0.24 and 1.20. The objective is the loss plus the penalty.",
    caught_by="test_source_example",
)
def penalty_only(ce, latency_ms, budget_ms, lam):
    return lam * max(0.0, latency_ms - budget_ms)


@misconception(
    "The loss counts (1 - lambda) times: that is a trade-off between two goals. A penalty is added on top of the loss.",
    caught_by="test_source_example",
    conceptual=True,
)
def convex_combination(ce, latency_ms, budget_ms, lam):
    return (1 - lam) * ce + lam * max(0.0, latency_ms - budget_ms)


@misconception(
    "The penalty is lambda times the violation times the loss: a model with a small loss may then be late almost for free. "
    "The penalty is added; it does not scale the loss.",
    caught_by="test_source_example",
    conceptual=True,
)
def scales_the_loss(ce, latency_ms, budget_ms, lam):
    return ce * (1 + lam * max(0.0, latency_ms - budget_ms))


@misconception(
    "Loss and lambda are added first, and the sum is multiplied by the violation: a bracket too many.",
    caught_by="test_source_example",
)
def sum_times_the_violation(ce, latency_ms, budget_ms, lam):
    return (ce + lam) * max(0.0, latency_ms - budget_ms)


@misconception(
    "Lambda and the violation are added; the violation has to be multiplied by lambda.", caught_by="test_source_example"
)
def adds_lambda(ce, latency_ms, budget_ms, lam):
    return ce + lam + max(0.0, latency_ms - budget_ms)


@misconception(
    "What is charged is lambda times the latency, less the budget, if anything is left: lambda has met the latency alone. "
    "Set brackets around the difference.",
    caught_by="test_over_the_budget",
)
def lambda_times_the_latency_alone(ce, latency_ms, budget_ms, lam):
    return ce + max(0.0, lam * latency_ms - budget_ms)


@misconception(
    "The budget is taken off the objective itself: 50 is subtracted after lambda has met the whole latency. Subtract it "
    "from the latency.",
    caught_by="test_source_example",
)
def budget_off_the_objective(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms) - budget_ms


@misconception(
    "Your penalty grows exponentially with the violation; every millisecond costs the same, lambda.",
    caught_by="test_source_example",
    conceptual=True,
    family={"less": (1.0, 0.0)},
)
def exponential(ce, latency_ms, budget_ms, lam, *, less=1.0):
    return ce + lam * (math.exp(min(max(0.0, latency_ms - budget_ms), 500.0)) - less)


@misconception(
    "Exactly at the budget you charge 0.69 times lambda, and a little of it below: a softplus in place of the max. "
    "Within the budget the penalty is exactly 0.",
    caught_by="test_under_the_budget",
    conceptual=True,
)
def softplus(ce, latency_ms, budget_ms, lam):
    gap = latency_ms - budget_ms
    return ce + lam * (max(gap, 0.0) + math.log1p(math.exp(-abs(gap))))


@misconception(
    "Fractions of a millisecond are dropped or filled up: the violation is rounded to whole milliseconds. It counts as it is.",
    caught_by="test_over_the_budget",
    family={"whole": (math.floor, round, math.ceil)},
)
def whole_milliseconds(ce, latency_ms, budget_ms, lam, *, whole=math.floor):
    return ce + lam * whole(max(0.0, latency_ms - budget_ms))


@misconception(
    "The objective is rounded. It must stay as it is: two models may differ in the digits that were dropped.",
    caught_by="test_over_the_budget",
    family={"digits": (2, 1, 3, 4)},
)
def rounded(ce, latency_ms, budget_ms, lam, *, digits=2):
    return round(ce + lam * max(0.0, latency_ms - budget_ms), digits)


@misconception(
    "A violation of 4000 ms costs no more than one of {most:g} ms: the penalty is cut off above. Later than late must "
    "still cost more.",
    caught_by="test_extremes",
    conceptual=True,
    family={"most": (100.0, 20.0, 50.0, 200.0, 500.0, 1000.0)},
)
def violation_capped(ce, latency_ms, budget_ms, lam, *, most=100.0):
    return ce + lam * min(most, max(0.0, latency_ms - budget_ms))


@misconception(
    "However late a model is, it pays for no more milliseconds than the budget has: the violation is cut off there. Later "
    "than late must still cost more.",
    caught_by="test_extremes",
    conceptual=True,
)
def violation_capped_at_the_budget(ce, latency_ms, budget_ms, lam):
    return ce + lam * min(budget_ms, max(0.0, latency_ms - budget_ms))


@misconception(
    "Every model over the budget gets an infinite objective: a barrier. Here a late model may still win, at a price of "
    "lambda per millisecond.",
    caught_by="test_source_example",
    conceptual=True,
)
def barrier(ce, latency_ms, budget_ms, lam):
    return ce if latency_ms <= budget_ms else math.inf


@misconception(
    "Right for a budget of 50 ms, wrong for others: that number stands in your code. Use the argument.",
    caught_by="test_over_the_budget",
)
def budget_hard_coded(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - 50.0)


@misconception(
    "Loss and penalty came back as two numbers; the objective is their sum.", caught_by="test_source_example"
)
def two_parts(ce, latency_ms, budget_ms, lam):
    return ce, lam * max(0.0, latency_ms - budget_ms)


@misconception(
    "The cross-entropy alone came back, also above the budget: the penalty is missing.",
    caught_by="test_source_example",
)
def loss_only(ce, latency_ms, budget_ms, lam):
    return ce


@misconception("0.66 came back for both values of lambda.", caught_by="test_source_example")
def constant(ce, latency_ms, budget_ms, lam):
    return 0.66
