"""Plausible wrong numbers, what a tutor says about each, and the check that must catch it."""

from autograder.testing import misconception

CE, LATENCY, BUDGET, LAMBDAS = 0.42, 62.0, 50.0, (0.02, 0.10)
OVER = LATENCY - BUDGET


@misconception(
    "1.66 and 6.62: you penalised the whole latency; only the 12 ms over the budget cost anything.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def budget_forgotten():
    return tuple(CE + lam * LATENCY for lam in LAMBDAS)


@misconception(
    "3.30 and 14.82: the violation is squared. The penalty of the exercise is linear in it.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def squared():
    return tuple(CE + lam * OVER**2 for lam in LAMBDAS)


@misconception(
    "You used the relative excess (0.24), which changes the unit of lambda: it is loss per ms here, not per 100 %.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def relative():
    return tuple(CE + lam * OVER / BUDGET for lam in LAMBDAS)


@misconception(
    "0.42024: you counted in seconds. The multiplier is meant per millisecond.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def seconds():
    return tuple(CE + lam * OVER / 1000 for lam in LAMBDAS)


@misconception(
    "0.18: the sign of the violation is turned round, so being over the budget is rewarded. "
    "It is latency minus budget.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def sign_turned_round():
    return tuple(CE - lam * OVER for lam in LAMBDAS)


@misconception(
    "0.42 twice: your violation is budget minus latency, which the max cuts to 0. It is latency minus budget.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def penalty_is_zero():
    return tuple(CE + lam * max(0.0, BUDGET - LATENCY) for lam in LAMBDAS)


@misconception(
    "0.44 and 0.52: a fixed fine for any violation gives no reason to make it smaller.",
    caught_by="test_j_at_002",
    conceptual=True,
)
def indicator():
    return tuple(CE + lam for lam in LAMBDAS)


@misconception("0.24 and 1.2: that is the penalty alone; the cross-entropy is missing.", caught_by="test_j_at_002")
def penalty_only():
    return tuple(lam * OVER for lam in LAMBDAS)


@misconception(
    "The two values are swapped: the larger multiplier gives the larger objective.", caught_by="test_j_at_002"
)
def swapped():
    return tuple(CE + lam * OVER for lam in reversed(LAMBDAS))


@misconception("0.5208: you scaled the loss by the penalty; the penalty is added to it.", caught_by="test_j_at_002")
def multiplied():
    return tuple(CE * (1 + lam * OVER) for lam in LAMBDAS)


@misconception("The first is right; in the second the multiplier is 0.01, not 0.10.", caught_by="test_j_at_010")
def one_hundredth():
    return CE + 0.02 * OVER, CE + 0.01 * OVER


@misconception("The first is right; the second uses the multiplier of the first.", caught_by="test_j_at_010")
def same_twice():
    return CE + 0.02 * OVER, CE + 0.02 * OVER
