"""A failing input becomes smaller and plainer, stays the kind of input it was, and right answers stay right on it."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.engine.outcome import AnswerError
from autograder.judging import smallest as module
from autograder.judging.answers import LocalAnswer
from autograder.judging.smallest import QUESTIONS, smallest
from autograder.testing import CheckFailure, agree, several, tensor
from tests.handmade import handmade

RNG = np.random.default_rng(1)
VALUES, MASK = RNG.normal(3.0, 2.0, 12), np.arange(12) % 3 == 0


@pytest.fixture(autouse=True)
def no_clock(monkeypatch):
    """The questions alone end a search: how fast this machine is has no say."""
    monkeypatch.setattr(module, "SECONDS", float("inf"))
    monkeypatch.setattr(module, "WAIT", float("inf"))


def is_asked(student, rng):
    """It is asked."""


def mean_of_observed(values, mask):
    return values[mask].sum() / max(mask.sum(), 1)


def plain_mean(values, mask):
    kept = [value for value, observed in zip(values, mask) if observed]
    return sum(kept) / max(len(kept), 1)


MEAN = handmade(is_asked, right={"boolean_index": mean_of_observed, "plain_python": plain_mean})


class Counted:
    """An answer that counts what it is asked."""

    def __init__(self, exercise, function):
        self.asked = 0
        self._answer = LocalAnswer(exercise, (function,))

    def each(self, calls, scenario=None):
        return self._answer.each(calls, scenario)

    def outcomes(self, probes):
        for outcome in self._answer.outcomes(probes):
            self.asked += 1
            yield outcome


def search(function, case, right=mean_of_observed, exercise=MEAN, names=("values", "mask"), **more):
    """The failure that a check would show, the smaller one, and how many questions it took."""
    student = Counted(exercise, function)
    with pytest.raises(CheckFailure) as caught:
        agree(student, [case], right, names, **more)
    found = smallest(exercise, student, caught.value)
    return caught.value, found, student.asked


def divides_by_all(values, mask):
    return values[mask].sum() / len(values)


def test_fewer_rows_in_all_arguments_and_numbers_of_one_digit():
    shown, found, asked = search(divides_by_all, (VALUES, MASK))
    values, mask = found.inputs.values()
    assert len(values) == len(mask) == 2
    assert sorted(mask) == [False, True]
    assert all(value == int(value) and abs(value) < 10 for value in values)
    assert found.expected == mean_of_observed(values, mask)
    assert found.got == divides_by_all(values, mask)
    assert shown.summary == found.summary
    assert 0 < asked <= QUESTIONS


def test_the_same_failure_becomes_the_same_smaller_one():
    first, second = (search(divides_by_all, (VALUES, MASK))[1] for _ in range(2))
    assert [np.asarray(one).tolist() for one in first.inputs.values()] == [
        np.asarray(one).tolist() for one in second.inputs.values()
    ]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_smaller_input_is_of_the_dtype_that_it_was(dtype):
    _, found, _ = search(divides_by_all, (VALUES.astype(dtype), MASK))
    assert (found.inputs["values"].dtype, found.inputs["mask"].dtype) == (dtype, bool)


def test_what_is_small_and_plain_stays_as_it_is():
    case = np.array([2.0, 5.0]), np.array([True, False])
    shown, found, asked = search(divides_by_all, case)
    assert found is shown
    assert asked == 0


def test_a_failure_that_cannot_be_asked_again_stays_as_it_is():
    failure = CheckFailure("No.", {"values": VALUES}, 1.0, 2.0)
    assert smallest(MEAN, LocalAnswer(MEAN, (divides_by_all,)), failure) is failure


def test_a_fault_that_needs_many_rows_keeps_them():
    def wrong_from_five_on(values, mask):
        return mean_of_observed(values, mask) + (len(values) >= 5)

    _, found, _ = search(wrong_from_five_on, (VALUES, MASK))
    assert 5 <= len(found.inputs["values"]) <= 6


def test_a_nan_that_was_shown_is_still_shown():
    holes = np.where(MASK, VALUES, np.nan)
    shown, found, _ = search(lambda values, mask: (values * mask).sum() / mask.sum(), (holes, MASK))
    assert (shown.kind, found.kind) == ("NaN", "NaN")
    assert len(found.inputs["values"]) == 2
    assert np.isnan(found.inputs["values"]).any()


def test_a_fault_of_another_kind_does_not_take_the_place_of_the_one_that_was_found():
    """With two rows it gives NaN, which is another fault."""

    def two_faults(values, mask):
        return np.nan if len(values) == 2 else divides_by_all(values, mask)

    shown, found, _ = search(two_faults, (VALUES, MASK))
    assert shown.kind == found.kind == "value"
    assert len(found.inputs["values"]) == 3


def test_an_input_on_which_a_right_answer_is_wrong_is_none_to_show():
    """The exercise asks for three rows or more: of fewer one of its right answers makes something else."""

    def needs_three(values, mask):
        return mean_of_observed(values, mask) if len(values) > 2 else 0.0

    exercise = handmade(is_asked, right={"boolean_index": mean_of_observed, "needs_three": needs_three})
    _, found, _ = search(divides_by_all, (VALUES, MASK), exercise=exercise)
    assert len(found.inputs["values"]) == 3


def test_an_input_on_which_a_right_answer_stops_is_none_to_show():
    def refuses_pairs(values, mask):
        if len(values) == 2:
            raise ValueError
        return mean_of_observed(values, mask)

    exercise = handmade(is_asked, right={"refuses_pairs": refuses_pairs})
    _, found, _ = search(divides_by_all, (VALUES, MASK), exercise=exercise)
    assert len(found.inputs["values"]) == 3


def test_without_other_right_answers_what_is_right_must_stay_finite():
    def right(values):
        return values.sum() if len(values) > 3 else np.nan

    _, found, _ = search(
        lambda values: values.sum() + 1, (VALUES,), right, handmade(is_asked), ("values",), summary="It is off by one."
    )
    assert len(found.inputs["values"]) == 4


def test_where_what_is_right_cannot_be_worked_out_the_search_goes_no_further():
    def right(values):
        if len(values) < 12:
            raise ValueError("twelve months make a year")
        return values.sum()

    shown, found, _ = search(lambda values: values.sum() + 1, (VALUES,), right, handmade(is_asked), ("values",))
    assert found is shown or len(found.inputs["values"]) == 12


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_an_answer_that_stops_on_smaller_inputs_keeps_what_was_found(error):
    def stops(values, mask):
        if len(values) < 4:
            raise error
        return divides_by_all(values, mask)

    _, found, asked = search(stops, (VALUES, MASK))
    assert len(found.inputs["values"]) >= 4
    assert asked <= QUESTIONS


def hangs_on_small_ones(values, mask):
    """Whoever waits for it interrupts it."""
    if len(values) < 4:
        raise KeyboardInterrupt
    return divides_by_all(values, mask)


def test_a_verdict_is_shown_where_somebody_interrupts_the_search_in_a_notebook():
    student = LocalAnswer(MEAN, (hangs_on_small_ones,))
    shown = failure_of(student, (VALUES, MASK))
    assert shown is not None
    assert len(smallest(MEAN, student, shown).inputs["values"]) >= 4


def test_an_interruption_of_a_run_over_a_class_ends_the_run():
    with pytest.raises(KeyboardInterrupt):
        search(hangs_on_small_ones, (VALUES, MASK))


def test_a_slow_answer_is_asked_a_few_questions_and_no_more(monkeypatch):
    monkeypatch.setattr(module, "WAIT", -1.0)
    shown, found, asked = search(divides_by_all, (VALUES, MASK))
    assert found is shown
    assert asked == 0
    monkeypatch.setattr(module, "WAIT", float("inf"))
    monkeypatch.setattr(module, "SECONDS", -1.0)
    assert search(divides_by_all, (VALUES, MASK))[2] == 0


def test_all_sides_of_one_length_shrink_together_tasks_as_well_as_rows():
    """Rows, tasks in a matrix, weights of the tasks and their names."""
    names = {name: float(place + 1) / 7 for place, name in enumerate("abcde")}
    case = RNG.normal(size=(9, 5)), RNG.uniform(1, 2, 5), names

    def right(losses, weights, scales):
        return (losses * weights / np.array(list(scales.values()))).sum()

    def sums_without_weights(losses, weights, scales):
        return (losses / np.array(list(scales.values()))).sum()

    exercise = handmade(is_asked, right={"one": right})
    _, found, _ = search(sums_without_weights, case, right, exercise, ("losses", "weights", "scales"))
    losses, weights, scales = found.inputs.values()
    assert (losses.shape, weights.shape, len(scales)) == ((2, 2), (2,), 2)
    assert set(scales) < set(names)


def test_rows_on_which_it_is_wrong_are_looked_at_first():
    def doubles_the_last(values):
        return np.where(values == VALUES[-1], 2 * values, values)

    exercise = handmade(is_asked, right={"the same": lambda values: values})
    _, found, _ = search(doubles_the_last, (VALUES,), lambda values: values, exercise, ("values",))
    assert len(found.inputs["values"]) == 2
    assert VALUES[-1] in found.inputs["values"]


def test_tensors_lists_and_tuples_shrink_too_and_stay_what_they_are():
    case = tensor(VALUES), VALUES.tolist(), (tensor(VALUES, np.float32), MASK)

    def right(values, more, both):
        return float(sum(more))

    exercise = handmade(is_asked, right={"sum": lambda values, more, both: float(sum(more))})
    _, found, _ = search(lambda values, more, both: 1e3, case, right, exercise, ("values", "more", "both"))
    values, more, (second, mask) = found.inputs.values()
    assert type(more) is list
    assert values.array.shape == (len(more),) == second.array.shape == mask.shape
    assert second.array.dtype == np.float32
    assert len(more) == 2


def test_what_is_sent_and_read_is_as_the_check_says():
    exercise = handmade(is_asked, right={"pair": lambda values: (values.sum(), 0)})
    _, found, _ = search(
        lambda values: (values.sum() + 1, 0),
        (VALUES,),
        np.sum,
        exercise,
        ("values",),
        send=tensor,
        read=lambda got, inputs: several(got, 2)[0],
    )
    assert len(found.inputs["values"]) == 2


def test_a_tie_a_constant_column_and_a_single_row_are_not_brought_in():
    """They are special cases elsewhere: an answer may fail on them for another reason."""
    column = np.array([3.14159, 2.71828, 1.41421, 1.73205, 2.23606, 2.64575, 3.31662])
    _, found, _ = search(
        lambda values: values.sum() + 1, (column,), np.sum, handmade(is_asked, right={"sum": np.sum}), ("values",)
    )
    values = found.inputs["values"]
    assert len(set(values.tolist())) == len(values) == 2


def test_a_tie_of_which_a_check_speaks_is_still_shown():
    scores = np.array([0.9, 0.7, 0.7, 0.4, 0.3, 0.2, 0.1])
    exercise = handmade(is_asked, right={"sum": np.sum})
    _, found, _ = search(lambda scores: scores.sum() + 1, (scores,), np.sum, exercise, ("scores",))
    assert len(set(found.inputs["scores"].tolist())) < len(found.inputs["scores"]) < 5


def test_shares_stay_shares_and_what_sums_to_one_still_does():
    shares = np.array([0.123, 0.456, 0.421])
    exercise = handmade(is_asked, right={"product": lambda values, shares: (values * shares).sum()})

    def right(values, shares):
        return (values * shares).sum()

    _, found, _ = search(
        lambda values, shares: values.sum(), (RNG.normal(size=3), shares), right, exercise, ("values", "shares")
    )
    assert found.inputs["shares"].sum() == pytest.approx(1.0)
    _, found, _ = search(
        lambda values, p: values.sum(), (RNG.normal(size=8), RNG.uniform(0.1, 0.9, 8)), right, exercise, ("values", "p")
    )
    assert ((found.inputs["p"] > 0) & (found.inputs["p"] < 1)).all()


WRONG = (
    divides_by_all,
    lambda values, mask: values.sum(),
    lambda values, mask: np.abs(values[mask]).sum() / max(mask.sum(), 1),
    lambda values, mask: values[mask].sum() / (mask.sum() + 1e-3),
    lambda values, mask: values[:3][mask[:3]].mean(),
    lambda values, mask: float(f"{mean_of_observed(values, mask):.3g}"),
    lambda values, mask: mean_of_observed(values, mask) if values[0] > 0 else 0.0,
    lambda values, mask: np.sort(values)[mask].mean(),
    lambda values, mask: None if mask[0] else values[mask].mean(),
    lambda values, mask: values[mask],
)


def failure_of(student, case):
    """How an answer fails on an input; None where it is right, or stops."""
    try:
        agree(student, [case], mean_of_observed, ("values", "mask"))
    except CheckFailure as failure:
        return failure
    except AnswerError:
        return None
    return None


numbers = st.floats(-1e4, 1e4) | st.sampled_from([0.0, 1.0, 1e-9, -1.0, 1e300, np.inf, np.nan])


@settings(max_examples=60)
@given(data=st.data(), wrong=st.sampled_from(WRONG), size=st.integers(1, 15))
def test_what_is_found_is_a_counterexample_within_the_exercise_and_within_the_bound(data, wrong, size):
    values = data.draw(arrays(float, size, elements=numbers))
    mask = data.draw(arrays(bool, size))
    with np.errstate(all="ignore"):
        student = Counted(MEAN, wrong)
        shown = failure_of(student, (values, mask))
        assume(shown is not None)
        found = smallest(MEAN, student, shown)
        assert student.asked <= QUESTIONS
        case = tuple(found.inputs.values())
        assert failure_of(LocalAnswer(MEAN, (wrong,)), case).kind == found.kind == shown.kind
        if found is not shown:
            assert len(case[0]) <= size
            for right in MEAN.alternatives.values():
                assert failure_of(LocalAnswer.of(MEAN, right), case) is None
        for before, now in zip((values, mask), case):
            assert now.dtype == before.dtype
            assert bool(np.isnan(now).any()) == bool(np.isnan(before).any())
            assert bool((now == 0).any()) == bool((before == 0).any())
