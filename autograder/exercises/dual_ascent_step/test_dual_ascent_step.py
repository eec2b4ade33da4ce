"""dual_ascent_step(lam, latency, budget, lr) -> float: max(0, lam + lr * (latency - budget))."""

from autograder.testing import agree, assert_true, points, probe, to_array

NAMES = ("lam", "latency", "budget", "lr")
WHAT = "the new multiplier"


def right(lam, latency, budget, lr):
    return max(0.0, lam + lr * (latency - budget))


def random_case(rng, gap):
    """A multiplier that stays positive, at a latency ``gap`` away from a random budget."""
    budget, lr = rng.uniform(20, 80), rng.uniform(0.001, 0.02)
    return tuple(float(one) for one in (rng.uniform(0.3, 0.9), budget + gap, budget, lr))


@points(1)
def test_violation(student, rng):
    """Over the budget the multiplier rises, by the step size times the violation."""
    others = (random_case(rng, gap) for gap in (3.0, 11.0, 0.4))
    agree(student, [(0.0, 62.0, 50.0, 0.01), (0.25, 62.0, 50.0, 0.01), *others], right, NAMES, what=WHAT)


@points(1)
def test_slack(student, rng):
    """Under the budget the multiplier falls, by the step size times the slack."""
    others = (random_case(rng, gap) for gap in (-3.0, -11.0, -0.4))
    agree(student, [(0.25, 40.0, 50.0, 0.01), *others], right, NAMES, what=WHAT)


@points(1)
def test_never_negative(student, rng):
    """The multiplier never falls below 0: where the step leads further down it is exactly 0, and only there."""
    cases = [(0.0, 40.0, 50.0, 0.01), (0.05, 30.0, 50.0, 0.01)]
    for gap in (-15.0, -19.0):
        _, latency, budget, lr = random_case(rng, gap)
        cases.append((0.5 * lr, latency, budget, lr))
    agree(student, cases, right, NAMES, what=WHAT, atol=1e-14)
    above = 0.25, 62.0, 50.0, 0.01
    got = student(*above)
    inputs, summary = dict(zip(NAMES, above)), "The new multiplier is 0 where the step leads up."
    assert_true(to_array(got).any(), summary, inputs, right(*above), got)


@points(0.5)
def test_at_rest(student, rng):
    """Exactly at the budget, or with a step size of 0, the multiplier stays where it is, and only there."""
    lam, _, budget, lr = random_case(rng, 0.0)
    cases = [(0.05, 50.0, 50.0, 0.01), (0.05, 62.0, 50.0, 0.0), (lam, budget, budget, lr)]
    agree(student, cases, right, NAMES, what=WHAT)
    moving = 0.05, 62.0, 50.0, 0.01
    got = student(*moving)
    inputs, summary = dict(zip(NAMES, moving)), "The multiplier stays where it is, though the budget is exceeded."
    assert_true(to_array(got).tolist() != 0.05, summary, inputs, right(*moving), got)


@points(0.5)
def test_large(student, rng):
    """There is no upper end: a multiplier may grow as large as it must, in whatever unit the latency is."""
    cases = [(0.5, 250.0, 50.0, 0.1), (40.0, 62.0, 50.0, 0.5), (900.0, 1250.0, 50.0, 5.0), (2e6, 62.0, 50.0, 0.5)]
    cases += [(0.5, 62e6, 50e6, 1e-8), (0.5, 62e-6, 50e-6, 1e4)]
    agree(student, cases, right, NAMES, what=WHAT)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(0.25, 62.0, 50.0, 0.01)
    yield probe(0.0, 62.0, 50.0, 0.01)
    yield probe(0.25, 40.0, 50.0, 0.01)
    yield probe(0.0, 40.0, 50.0, 0.01)
    yield probe(0.5, 250.0, 50.0, 0.1)
    yield probe(0.01, 30.0, 50.0, 0.01)
    yield probe(2e6, 62.0, 50.0, 0.5)
    yield probe(40.0, 62.0, 50.0, 0.5)
    yield probe(900.0, 1250.0, 50.0, 5.0)
    yield probe(0.05, 50.0, 50.0, 0.01)
    yield probe(*random_case(rng, 4.0))
    yield probe(*random_case(rng, -4.0))
