"""dual_ascent_step(lam, latency, budget, lr) -> float: max(0, lam + lr * (latency - budget))."""

from autograder.testing import assert_close, points, probe

NAMES = ("lam", "latency", "budget", "lr")


def right(lam, latency, budget, lr):
    return max(0.0, lam + lr * (latency - budget))


def assert_steps(student, *cases):
    for case, multiplier in zip(cases, student.each(cases)):
        assert_close(multiplier, right(*case), dict(zip(NAMES, case)), what="the new multiplier")


def random_case(rng, gap):
    """A multiplier that stays positive, at a latency ``gap`` away from a random budget."""
    budget, lr = rng.uniform(20, 80), rng.uniform(0.001, 0.02)
    return tuple(float(one) for one in (rng.uniform(0.3, 0.9), budget + gap, budget, lr))


@points(2)
def test_violation(student, rng):
    """Over the budget the multiplier rises, by the step size times the violation."""
    others = (random_case(rng, gap) for gap in (3.0, 11.0, 0.4))
    assert_steps(student, (0.0, 62.0, 50.0, 0.01), (0.25, 62.0, 50.0, 0.01), *others)


@points(2)
def test_slack(student, rng):
    """Under the budget the multiplier falls."""
    others = (random_case(rng, gap) for gap in (-3.0, -11.0, -0.4))
    assert_steps(student, (0.25, 40.0, 50.0, 0.01), *others)


@points(2)
def test_never_negative(student, rng):
    """The multiplier never falls below 0."""
    cases = [(0.0, 40.0, 50.0, 0.01)]
    for gap in (-15.0, -19.0):
        _, latency, budget, lr = random_case(rng, gap)
        cases.append((0.5 * lr, latency, budget, lr))
    assert_steps(student, *cases)


@points(1)
def test_at_rest(student, rng):
    """Exactly at the budget, or with a step size of 0, the multiplier stays where it is."""
    lam, _, budget, lr = random_case(rng, 0.0)
    assert_steps(student, (0.05, 50.0, 50.0, 0.01), (0.05, 62.0, 50.0, 0.0), (lam, budget, budget, lr))


@points(1)
def test_large(student, rng):
    """There is no upper end: a multiplier may grow as large as it must."""
    assert_steps(student, (0.5, 250.0, 50.0, 0.1), (40.0, 62.0, 50.0, 0.5))


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(0.25, 62.0, 50.0, 0.01)
    yield probe(0.0, 62.0, 50.0, 0.01)
    yield probe(0.25, 40.0, 50.0, 0.01)
    yield probe(0.0, 40.0, 50.0, 0.01)
    yield probe(0.5, 250.0, 50.0, 0.1)
    yield probe(0.01, 30.0, 50.0, 0.01)
    yield probe(*random_case(rng, 4.0))
    yield probe(*random_case(rng, -4.0))
