"""Wrong values, what a tutor says about each, and the check that must catch it.

Each is a function of the numbers in the statement, published or a student's own, so no message holds a number of it: it
says in which term the slip lies, and is true of every answer with that value.
"""

from autograder.testing import misconception

LAMBDAS = (0.02, 0.10)


@misconception(
    "`j_at_002` is the value with the whole latency penalised. Only the milliseconds over the budget cost anything.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def budget_forgotten(ce, latency, budget):
    return tuple(ce + lam * latency for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the budget itself penalised. Only the milliseconds over it cost anything.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def whole_budget(ce, latency, budget):
    return tuple(ce + lam * budget for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the violation squared. The penalty of the exercise is linear in it.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def squared(ce, latency, budget):
    return tuple(ce + lam * (latency - budget) ** 2 for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with half the square of the violation. The penalty of the exercise is linear in it.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def half_the_square(ce, latency, budget):
    return tuple(ce + lam * (latency - budget) ** 2 / 2 for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the violation as a share of the budget. That changes the unit of λ: it is loss "
    "per millisecond here, not per 100 %.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def relative(ce, latency, budget):
    return tuple(ce + lam * (latency - budget) / budget for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the violation in percent of the budget. λ is loss per millisecond here, not per"
    " percent.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def relative_in_percent(ce, latency, budget):
    return tuple(ce + lam * 100 * (latency - budget) / budget for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the violation as a share of the latency. λ is loss per millisecond, so the "
    "violation stays in milliseconds.",
    caught_by="test_j_at_002",
    conceptual=True,
    family={"decimals": (15, 4, 3)},
)
def relative_to_the_latency(ce, latency, budget, *, decimals=15):
    return tuple(round(ce + lam * (latency - budget) / latency, decimals) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the violation in seconds. λ is loss per millisecond.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def seconds(ce, latency, budget):
    return tuple(ce + lam * (latency - budget) / 1000 for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the penalty taken off: being over the budget is rewarded. It is latency minus "
    "budget, and it is added.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def sign_turned_round(ce, latency, budget):
    return tuple(ce - lam * (latency - budget) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the cross-entropy alone: the penalty is 0. That is what comes of budget minus latency, which "
    "the max cuts off.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def penalty_is_zero(ce, latency, budget):
    return ce, ce


@misconception(
    "`j_at_002` is the value with λ itself as a fixed fine, however large the violation. λ is the price of each "
    "millisecond.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def indicator(ce, latency, budget):
    return tuple(ce + lam for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the violation added as it is: λ is not in them, and milliseconds are no loss.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def lambda_left_out(ce, latency, budget):
    return ce + (latency - budget), ce + (latency - budget)


@misconception(
    "`j_at_002` is the value with λ read as a percentage. It is a price, loss per millisecond, and is used as it "
    "stands.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def lambda_as_percent(ce, latency, budget):
    return tuple(ce + lam / 100 * (latency - budget) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with λ as a share: (1 - λ) of the cross-entropy and λ of the violation. λ is a "
    "price; the cross-entropy stays whole.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def lambda_as_a_share(ce, latency, budget):
    return tuple((1 - lam) * ce + lam * (latency - budget) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the violation divided by λ. A larger λ has to make the same violation cost more.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def divided_by_lambda(ce, latency, budget):
    return tuple(ce + (latency - budget) / lam for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with λ and the violation added up. λ is the price of a millisecond: it multiplies.",
    caught_by="test_j_at_002",
)
def lambda_added(ce, latency, budget):
    return tuple(ce + lam + (latency - budget) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with λ on the cross-entropy too. λ is the price of a millisecond; the cross-entropy "
    "has none.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def everything_times_lambda(ce, latency, budget):
    return tuple(lam * (ce + (latency - budget)) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the cross-entropy scaled by 1 plus the penalty. The penalty is added to it.",
    caught_by="test_j_at_002",
)
def multiplied(ce, latency, budget):
    return tuple(ce * (1 + lam * (latency - budget)) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the cross-entropy multiplied by the penalty. The penalty is added to it.",
    caught_by="test_j_at_002",
)
def times_the_penalty(ce, latency, budget):
    return tuple(ce * lam * (latency - budget) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the penalty alone; the cross-entropy is missing.",
    caught_by="test_j_at_002",
)
def penalty_only(ce, latency, budget):
    return tuple(lam * (latency - budget) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the penalty less the cross-entropy. The two are added.",
    caught_by="test_j_at_002",
)
def cross_entropy_taken_off(ce, latency, budget):
    return tuple(lam * (latency - budget) - ce for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value for λ = 0.10: are the two swapped? The larger λ gives the larger objective.",
    caught_by="test_j_at_002",
)
def swapped(ce, latency, budget):
    return tuple(ce + lam * (latency - budget) for lam in reversed(LAMBDAS))


@misconception(
    "The digits of `j_at_002` are right and the decimal point is not.",
    caught_by="test_j_at_002",
    family={"factor": (10, 0.1, 100, 0.01)},
)
def point_shifted(ce, latency, budget, *, factor=10):
    return tuple((ce + lam * (latency - budget)) * factor for lam in LAMBDAS)


@misconception(
    "`j_at_002` is the value with the decimal point of λ in another place.",
    caught_by="test_j_at_002",
    family={"factor": (10, 0.1, 100)},
)
def point_shifted_in_lambda(ce, latency, budget, *, factor=10):
    return tuple(ce + lam * factor * (latency - budget) for lam in LAMBDAS)


@misconception(
    "`j_at_002` is right, but rounded: it has too few decimals. Keep all of them.",
    caught_by="test_j_at_002",
    family={"half": (1, 0)},
)
def rounded(ce, latency, budget, *, half=1):
    values = []
    for lam in LAMBDAS:
        thousandths, unit = round(1000 * (ce + lam * (latency - budget))), 10
        while thousandths * 10 % (10 * unit) == 0:
            unit *= 10
        values.append((thousandths + half * unit // 2) // unit * unit / 1000)
    return tuple(values)


@misconception(
    "In `j_at_010` λ is 0.01, not 0.10.",
    caught_by="test_j_at_010",
)
def one_hundredth(ce, latency, budget):
    return ce + 0.02 * (latency - budget), ce + 0.01 * (latency - budget)


@misconception(
    "In `j_at_010` λ is 1, or left out. It is 0.10.",
    caught_by="test_j_at_010",
)
def one(ce, latency, budget):
    return ce + 0.02 * (latency - budget), ce + 1.0 * (latency - budget)


@misconception(
    "`j_at_010` has the λ of `j_at_002`.",
    caught_by="test_j_at_010",
)
def same_twice(ce, latency, budget):
    return ce + 0.02 * (latency - budget), ce + 0.02 * (latency - budget)


@misconception(
    "In `j_at_010` both penalties are added up. Each value has its own λ and nothing of the other.",
    caught_by="test_j_at_010",
)
def penalties_added(ce, latency, budget):
    return ce + 0.02 * (latency - budget), ce + 0.02 * (latency - budget) + 0.10 * (latency - budget)


@misconception(
    "In `j_at_010` the violation is a share of the budget. λ is loss per millisecond.",
    caught_by="test_j_at_010",
    conceptual=True,
)
def relative_in_the_second(ce, latency, budget):
    return ce + 0.02 * (latency - budget), relative(ce, latency, budget)[1]


@misconception(
    "In `j_at_010` the violation is in seconds. λ is loss per millisecond.",
    caught_by="test_j_at_010",
    conceptual=True,
)
def seconds_in_the_second(ce, latency, budget):
    return ce + 0.02 * (latency - budget), seconds(ce, latency, budget)[1]


@misconception(
    "In `j_at_010` the whole latency is penalised. Only the milliseconds over the budget cost anything.",
    caught_by="test_j_at_010",
    conceptual=True,
)
def budget_forgotten_in_the_second(ce, latency, budget):
    return ce + 0.02 * (latency - budget), budget_forgotten(ce, latency, budget)[1]


@misconception(
    "In `j_at_010` the violation is squared. The penalty is linear in it.",
    caught_by="test_j_at_010",
    conceptual=True,
)
def squared_in_the_second(ce, latency, budget):
    return ce + 0.02 * (latency - budget), squared(ce, latency, budget)[1]


@misconception(
    "In `j_at_010` the cross-entropy is missing. The penalty is added to it.",
    caught_by="test_j_at_010",
)
def penalty_only_in_the_second(ce, latency, budget):
    return ce + 0.02 * (latency - budget), penalty_only(ce, latency, budget)[1]


@misconception(
    "In `j_at_010` λ is a fixed fine. It is the price of each millisecond.",
    caught_by="test_j_at_010",
    conceptual=True,
)
def indicator_in_the_second(ce, latency, budget):
    return ce + 0.02 * (latency - budget), indicator(ce, latency, budget)[1]


@misconception(
    "In `j_at_010` the penalty is taken off. It is added.",
    caught_by="test_j_at_010",
    conceptual=True,
)
def sign_turned_round_in_the_second(ce, latency, budget):
    return ce + 0.02 * (latency - budget), sign_turned_round(ce, latency, budget)[1]


@misconception(
    "In `j_at_010` the penalty is 0. The violation is the same for both λ.",
    caught_by="test_j_at_010",
    conceptual=True,
)
def penalty_is_zero_in_the_second(ce, latency, budget):
    return ce + 0.02 * (latency - budget), penalty_is_zero(ce, latency, budget)[1]


@misconception(
    "`j_at_010` is right, but rounded: it has too few decimals. Keep all of them.",
    caught_by="test_j_at_010",
    family={"half": (1, 0)},
)
def rounded_in_the_second(ce, latency, budget, *, half=1):
    return ce + 0.02 * (latency - budget), rounded(ce, latency, budget, half=half)[1]


@misconception(
    "The digits of `j_at_010` are right and the decimal point is not.",
    caught_by="test_j_at_010",
    family={"factor": (10, 0.1, 100, 0.01)},
)
def point_shifted_in_the_second(ce, latency, budget, *, factor=10):
    return ce + 0.02 * (latency - budget), point_shifted(ce, latency, budget, factor=factor)[1]
