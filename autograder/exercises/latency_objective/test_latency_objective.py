"""latency_objective(ce, latency_ms, budget_ms, lam) -> float: ce + lam * max(0, latency - budget)."""

from autograder.testing import agree, assert_true, points, probe, to_array

NAMES = ("ce", "latency_ms", "budget_ms", "lam")


def right(ce, latency_ms, budget_ms, lam):
    return ce + lam * max(0.0, latency_ms - budget_ms)


def random_case(rng, over):
    """A latency over the budget, or under it."""
    ce, budget, gap, lam = rng.uniform(0.1, 2.0), rng.uniform(10, 90), rng.uniform(0.5, 9.0), rng.uniform(0.01, 3.0)
    return float(ce), float(budget + gap if over else budget - gap), float(budget), float(lam)


@points(0.5)
def test_source_example(student, rng):
    """For 62 ms against 50 ms the objective is right, with lambda 0.02 and with lambda 0.10."""
    cases = [(0.3, 62.0, 50.0, 0.02), (0.3, 62.0, 50.0, 0.10)]  # not exercise 2's loss: its results are not given away
    agree(student, cases, right, NAMES, what="the objective")


@points(1)
def test_over_the_budget(student, rng):
    """Every millisecond over the budget costs lambda."""
    cases = [(0.5, 30.0, 20.0, 0.01), *(random_case(rng, over=True) for _ in range(5))]
    agree(student, cases, right, NAMES, what="the objective")


@points(1)
def test_under_the_budget(student, rng):
    """Within the budget there is no penalty and no reward: both begin above it."""
    cases = [(0.42, 40.0, 50.0, 0.02), (0.42, 50.0, 50.0, 0.10), (0.0, 40.0, 50.0, 1.0)]
    cases += [random_case(rng, over=False) for _ in range(3)]
    above = 0.3, 62.0, 50.0, 0.10
    # Asked first: what happens above the budget tells apart what looks alike within it.
    within, got = student.each([(0.3, 40.0, 50.0, 0.10), above])
    agree(student, cases, right, NAMES, what="the objective")
    summary = "The objective is the same within the budget and above it."
    assert_true(differ(within, got), summary, dict(zip(NAMES, above)), right(*above), got)


@points(0.5)
def test_extremes(student, rng):
    """A lambda of 0 switches the penalty off; violations and losses of any size count as they are."""
    cases = [
        (0.42, 62.0, 50.0, 0.0),
        (0.0, 50.25, 50.0, 1.0),
        (1.5, 4050.0, 50.0, 2.0),
        (0.25, 0.075, 0.05, 4.0),
        (-1.0, 62.0, 50.0, 0.02),
        (0.25, 62e6, 50e6, 2e-8),
        (2500.0, 62.0, 50.0, 200.0),
    ]
    agree(student, cases, right, NAMES, what="the objective")


def differ(one, other):
    return to_array(one).tolist() != to_array(other).tolist()


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(0.42, 62.0, 50.0, 0.02)
    yield probe(0.42, 62.0, 50.0, 0.10)
    yield probe(0.42, 40.0, 50.0, 0.02)
    yield probe(0.42, 50.0, 50.0, 0.02)
    yield probe(0.0, 40.0, 50.0, 1.0)
    yield probe(-1.0, 52.0, 50.0, 0.02)
    yield probe(-1.0, 40.0, 50.0, 0.02)
    yield probe(1.5, 4050.0, 50.0, 2.0)
    yield probe(1.5, 4050.0, 70.0, 2.0)
    yield probe(1.0, 0.075, 0.05, 4.0)
    for over in (True, False):
        yield probe(*random_case(rng, over))
