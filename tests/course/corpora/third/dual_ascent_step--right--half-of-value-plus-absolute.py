"""The positive part as half of the value plus its absolute value."""


def dual_ascent_step(lam, latency, budget, lr):
    new = lam + lr * (latency - budget)
    return 0.5 * (new + abs(new))
