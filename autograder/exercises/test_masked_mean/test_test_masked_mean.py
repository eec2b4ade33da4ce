"""test_masked_mean(candidate) -> None: fails wrong candidates for ``masked_mean``, lets right ones pass.

The candidates are the answers that the exercise ``masked_mean`` knows. Each is sent as source under a neutral name,
in an order drawn from the seed.
"""

import inspect

from autograder.exercises.masked_mean import alternatives, misconceptions
from autograder.exercises.test_masked_mean import scenarios
from autograder.testing import assert_true, depends, points, probe

# The answer that comes back in another dtype is right too, but no test is asked to know that.
RIGHT = (
    alternatives.boolean_index,
    alternatives.fill_first,
    alternatives.masked_select,
    alternatives.dot_product,
)
FAR_OFF = "def candidate(values, mask):\n    return values.nan_to_num(0.0).sum() * 0.0 + 1000.0\n"


def source(candidate):
    return candidate if isinstance(candidate, str) else inspect.getsource(candidate.function)


def assert_spares(student, candidates):
    calls = ((source(candidate),) for candidate in candidates)
    for happened, error, message in student.each(calls, scenario=scenarios.judge):
        summary = f"Your test fails a RIGHT candidate, with {error}{': ' if message else ''}{message}"
        assert_true(happened == "passed", summary, None, "no error", error)


def assert_stops(student, wrong):
    """Each wrong candidate stands with what it does."""
    calls = ((source(candidate),) for candidate in wrong)
    for what, (stopped, came_back) in zip(wrong.values(), student.each(calls, scenario=scenarios.happened)):
        hint = " Your test gives something back: assert, do not return." if came_back else ""
        summary = f"Your test lets a candidate pass that {what}.{hint}"
        assert_true(bool(stopped), summary, None, "an AssertionError", "no error")


def shuffled(rng, items):
    items = list(items)
    return [items[index] for index in rng.permutation(len(items))]


@points(2)
def test_tells_right_from_wrong(student, rng):
    """Your test passes a plain right candidate and fails one that is far off."""
    for is_right in shuffled(rng, [True, False]):
        if is_right:
            assert_spares(student, [RIGHT[0]])
        else:
            assert_stops(student, {FAR_OFF: "always gives 1000"})


@points(2)
@depends("test_tells_right_from_wrong")
def test_spares_the_right_ones(student, rng):
    """Your test passes every right candidate, whatever its style."""
    assert_spares(student, shuffled(rng, RIGHT))


@points(2)
@depends("test_spares_the_right_ones")
def test_wrong_means(student, rng):
    """Your test fails candidates that average the wrong entries or divide by the wrong number."""
    wrong = {
        misconceptions.constant: "gives 2 whatever goes in",
        misconceptions.mean_of_everything: "ignores the mask",
        misconceptions.inverted_mask: "averages the entries that are NOT observed",
        misconceptions.sum_without_a_mean: "adds up and never divides",
        misconceptions.divides_by_batch_size: "divides by the length of the batch",
    }
    assert_stops(student, dict(shuffled(rng, wrong.items())))


@points(1)
@depends("test_spares_the_right_ones")
def test_small_bias(student, rng):
    """Your test fails a candidate whose result is a little too small, by a thousandth in the divisor."""
    assert_stops(student, {misconceptions.epsilon_in_the_denominator: "adds 0.001 to the number of entries"})


@points(1)
@depends("test_spares_the_right_ones")
def test_stale_numbers(student, rng):
    """Your test fails a candidate that leaves out NaN instead of what the mask says."""
    assert_stops(student, {misconceptions.nanmean_ignores_the_mask: "looks for NaN and never at the mask"})


@points(1)
@depends("test_spares_the_right_ones")
def test_missing_values(student, rng):
    """Your test fails a candidate that turns NaN where nothing is observed into a NaN result."""
    assert_stops(student, {misconceptions.multiplies_by_the_mask: "gives NaN as soon as an unobserved value is NaN"})


@points(1)
@depends("test_spares_the_right_ones")
def test_empty_mask(student, rng):
    """Your test fails a candidate that gives NaN when nothing is observed."""
    assert_stops(student, {misconceptions.empty_mask_is_nan: "gives NaN when nothing is observed"})


@points(2)
@depends("test_spares_the_right_ones")
def test_gradients(student, rng):
    """Your test fails candidates whose value is right and whose gradient is NaN or missing."""
    wrong = {
        misconceptions.detached: "carries no gradient",
        misconceptions.where_after_the_arithmetic: "has a NaN gradient beside a NaN value",
    }
    assert_stops(student, dict(shuffled(rng, wrong.items())))


@points(1)
@depends("test_spares_the_right_ones")
def test_in_place(student, rng):
    """Your test fails a candidate that overwrites its input."""
    assert_stops(student, {misconceptions.fills_in_place: "overwrites the unobserved values of its input"})


def probes(rng):
    """The learner's test, asked about every candidate; only what happened is compared."""
    wrong = [item for item in vars(misconceptions).values() if hasattr(item, "caught_by")]
    for candidate in (*RIGHT, FAR_OFF, *wrong):
        yield probe(source(candidate), scenario=scenarios.happened)
