"""test_masked_mean(candidate) -> None: fails wrong candidates for ``masked_mean``, lets right ones pass.

The candidates are the answers that the exercise ``masked_mean`` knows. They stay in the checker and can only be called;
all are asked about at once, in an order drawn from the seed, so that nothing but their behaviour tells them apart.
"""

import functools
from weakref import WeakKeyDictionary

from autograder.exercises.masked_mean import alternatives, misconceptions
from autograder.exercises.test_masked_mean import scenarios
from autograder.testing import AnswerError, Lent, assert_true, depends, fail, points, probe, several


def far_off(values, mask):
    return values.nan_to_num(0.0).sum() * 0.0 + 1000.0


# The answer that comes back in another dtype is right too, but no test is asked to know that.
RIGHT = (
    alternatives.boolean_index,
    alternatives.fill_first,
    alternatives.masked_select,
    alternatives.dot_product,
)
FAR_OFF = {far_off: "always gives 1000"}
WRONG_MEANS = {
    misconceptions.constant: "gives 2 whatever goes in",
    misconceptions.mean_of_everything: "ignores the mask",
    misconceptions.inverted_mask: "averages the entries that are NOT observed",
    misconceptions.sum_without_a_mean: "adds up and never divides",
    misconceptions.divides_by_batch_size: "divides by the length of the batch",
}
SMALL_BIAS = {misconceptions.epsilon_in_the_denominator: "adds 0.001 to the number of entries"}
STALE = {misconceptions.nanmean_ignores_the_mask: "leaves out what is NaN and never looks at the mask"}
MISSING = {misconceptions.multiplies_by_the_mask: "gives NaN as soon as an unobserved value is NaN"}
EMPTY = {misconceptions.empty_mask_is_nan: "gives NaN when nothing is observed"}
GRADIENTS = {
    misconceptions.detached: "carries no gradient",
    misconceptions.where_after_the_arithmetic: "has a NaN gradient beside a NaN value",
}
IN_PLACE = {misconceptions.fills_in_place: "overwrites the unobserved values of its input"}
WRONG = (*FAR_OFF, *WRONG_MEANS, *SMALL_BIAS, *STALE, *MISSING, *EMPTY, *GRADIENTS, *IN_PLACE)
# The plainest two stand there several times: whoever draws lots is lucky with all of them once in fifty tries.
CANDIDATES = (*RIGHT, *WRONG, RIGHT[0], *[far_off] * 3)

_asked = WeakKeyDictionary()  # by answer: what its test did with each of the candidates, and who has looked at it


def lent(candidate):
    return Lent(
        "candidate", functools.partial(of_tensors, getattr(candidate, "function", candidate)), ("values", "mask")
    )


def of_tensors(candidate, values, mask):
    """What a candidate gives; of a mask of several parts each would be the places along another side of `values`."""
    if not hasattr(values, "masked_fill") or not hasattr(mask, "masked_fill"):
        raise TypeError("two tensors are needed")
    return candidate(values, mask)


def outcomes(student, rng, candidates):
    """Each of some candidates with what the learner's test did, each time that it was given it.

    All candidates are asked about together, once for all checks; whoever looks a second time has begun anew.
    """
    behaved, seen = _asked.get(student, ({}, {candidates}))
    if candidates in seen:
        order = rng.permutation(len(CANDIDATES)).tolist()
        behaved, seen = _asked[student] = dict(zip(order, asked(student, [CANDIDATES[at] for at in order]))), set()
    seen.add(candidates)
    for candidate in candidates:
        for at, known in enumerate(CANDIDATES):
            if known is candidate:
                if isinstance(behaved[at], AnswerError):
                    raise behaved[at]
                yield candidate, several(behaved[at], 2)


def asked(student, candidates):
    return student.outcomes([probe(lent(candidate), scenario=scenarios.behaved) for candidate in candidates])


def assert_spares(student, rng, candidates):
    for candidate, (stopped, _) in outcomes(student, rng, candidates):
        if stopped:
            asked_alone(student, candidates)
            error = why_stopped(student, candidate)
            fail(f"Your test stops a RIGHT candidate ({candidate.style}){error}.", None, "no error", "an error")


def assert_stops(student, rng, wrong):
    """Each wrong candidate stands with what it does."""
    for candidate, (stopped, came_back) in outcomes(student, rng, tuple(wrong)):
        if not stopped:
            asked_alone(student, wrong)
        hint = " Your test gives something back: assert, do not return." if came_back else ""
        summary = f"A candidate that {wrong[candidate]} passes your test.{hint}"
        assert_true(bool(stopped), summary, None, "an AssertionError", "no error")


def asked_alone(student, candidates):
    """Ask about a check's own candidates once more: by what a test does with these, its failure gets a name."""
    list(asked(student, candidates))


def why_stopped(student, candidate):
    """The error with which the learner's test stopped a candidate, and the line of the test that raised it."""
    try:
        student(lent(candidate))
    except AnswerError as error:
        return f" with {error}"
    return ""  # a test that draws lots


@points(2)
def test_tells_right_from_wrong(student, rng):
    """Your test passes a plain right candidate and fails one that is far off."""
    assert_spares(student, rng, RIGHT[:1])
    assert_stops(student, rng, FAR_OFF)


@points(2)
@depends("test_tells_right_from_wrong")
def test_spares_the_right_ones(student, rng):
    """Your test passes every right candidate, whatever its style."""
    assert_spares(student, rng, RIGHT)


@points(2)
@depends("test_spares_the_right_ones")
def test_wrong_means(student, rng):
    """Your test fails candidates that average the wrong entries or divide by the wrong number."""
    assert_stops(student, rng, WRONG_MEANS)


@points(1)
@depends("test_spares_the_right_ones")
def test_small_bias(student, rng):
    """Your test fails a candidate whose result is a little too small, by a thousandth in the divisor."""
    assert_stops(student, rng, SMALL_BIAS)


@points(1)
@depends("test_spares_the_right_ones")
def test_stale_numbers(student, rng):
    """Your test fails a candidate that leaves out NaN instead of what the mask says."""
    assert_stops(student, rng, STALE)


@points(1)
@depends("test_spares_the_right_ones")
def test_missing_values(student, rng):
    """Your test fails a candidate that turns NaN where nothing is observed into a NaN result."""
    assert_stops(student, rng, MISSING)


@points(1)
@depends("test_spares_the_right_ones")
def test_empty_mask(student, rng):
    """Your test fails a candidate that gives NaN when nothing is observed."""
    assert_stops(student, rng, EMPTY)


@points(2)
@depends("test_spares_the_right_ones")
def test_gradients(student, rng):
    """Your test fails candidates whose value is right and whose gradient is NaN or missing."""
    assert_stops(student, rng, GRADIENTS)


@points(1)
@depends("test_spares_the_right_ones")
def test_in_place(student, rng):
    """Your test fails a candidate that overwrites its input."""
    assert_stops(student, rng, IN_PLACE)


def probes(rng):
    """The learner's test, asked about every candidate; only what happened is compared."""
    for candidate in (*RIGHT, *WRONG):
        yield probe(lent(candidate), scenario=scenarios.behaved)
