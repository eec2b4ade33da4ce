"""The check writer's vocabulary: what passes, what fails, and in which words."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import LocalAnswer
from autograder.testing import (
    Alternative,
    Check,
    CheckFailure,
    Misconception,
    Probe,
    agree,
    alternative,
    assert_all_raise,
    assert_all_unchanged,
    assert_close,
    assert_raises,
    assert_true,
    assert_unchanged,
    close_entries,
    depends,
    fail,
    largest_finite,
    misconception,
    points,
    probe,
    several,
    tensor,
    to_array,
)
from tests.handmade import handmade

NAN, INF = float("nan"), float("inf")
SINGLE, DOUBLE = np.float32, np.float64


def is_asked(student, rng):
    """It is asked."""


EXERCISE = handmade(is_asked)


def answer(function):
    return LocalAnswer(EXERCISE, (function,))


def failure(assertion, *args, **more):
    """How an assertion fails."""
    with pytest.raises(CheckFailure) as caught:
        assertion(*args, **more)
    return caught.value


# ---- arguments that are only lent ------------------------------------------------------------------------------


def rename(losses):
    losses["b"] = losses.pop("a")


@pytest.mark.parametrize(
    "meddle",
    [lambda losses: losses.pop("a"), lambda losses: losses.update(b=2.0), lambda losses: losses.update(a=2.0), rename],
    ids=["takes an entry out", "adds an entry", "changes a value", "renames an entry"],
)
def test_a_dictionary_that_a_call_meddles_with_is_noticed(meddle):
    with pytest.raises(CheckFailure, match=r"changed `losses` in place"):
        assert_unchanged(answer(meddle), {"a": 1.0}, names=("losses",))


def test_an_array_that_is_overwritten_is_noticed_by_its_position_where_it_has_no_name():
    with pytest.raises(CheckFailure, match=r"changed argument 1 in place"):
        assert_unchanged(answer(lambda values: values.fill(0.0)), np.array([1.0, np.nan]))


def test_arguments_that_are_only_read_are_no_failure():
    assert_unchanged(answer(lambda losses, values: values.sum()), {"a": 1.0}, np.array([1.0, np.nan]))


@pytest.mark.parametrize(
    "meddle",
    [
        lambda values: values.append(3.0),
        lambda values: values.pop(),
        lambda values: values.reverse(),
        lambda values: values.__setitem__(0, 9.0),
        lambda values: values.__setitem__(0, [1.0]),
        lambda values: values.clear(),
    ],
    ids=["adds", "takes out", "turns round", "overwrites", "nests", "empties"],
)
def test_a_list_that_a_call_meddles_with_is_noticed(meddle):
    with pytest.raises(CheckFailure, match=r"changed `values` in place"):
        assert_unchanged(answer(meddle), [1.0, 2.0], names=("values",))


@pytest.mark.parametrize(
    ("value", "meddle"),
    [
        ({"a": [1.0, 2.0]}, lambda given: given["a"].append(3.0)),
        ({"a": np.array([1.0])}, lambda given: given["a"].fill(2.0)),
        ([{"a": 1.0}], lambda given: given[0].update(a=2.0)),
        ((np.array([1.0]), np.array([2.0])), lambda given: given[1].fill(0.0)),
        ({"a": 1.0, "b": 1.0}, lambda given: given.update({"a": given.pop("a")})),
        (np.array([True, False]), lambda given: given.fill(True)),
        (np.array([1, 2]), lambda given: given.sort() or given.__setitem__(0, 2)),
        (np.array([[1.0, 2.0]]), lambda given: given.resize((2, 1), refcheck=False)),
        (np.array([1.0, NAN]), lambda given: given.fill(NAN)),
        (np.array([NAN, 1.0]), lambda given: given.fill(1.0)),
        ({"a": {"b": 1.0}}, lambda given: given["a"].update(c=given["a"].pop("b"))),
        (["a", "b"], lambda given: given.reverse()),
        ([1.0, None], lambda given: given.reverse()),
        ({"a": 1.0}, lambda given: given.update(a=[1.0])),
    ],
    ids=["a list within", "an array within", "a dictionary within", "the second of two", "the order of entries",
         "a mask", "whole numbers", "a shape", "NaN put in", "NaN taken out",
         "a name within", "texts", "nothing", "a number put in a list"],
)  # fmt: skip
def test_a_change_is_noticed_wherever_it_is(value, meddle):
    with pytest.raises(CheckFailure, match="The call changed argument 1 in place"):
        assert_unchanged(answer(lambda given: meddle(given) and None), value)


def test_a_tensor_that_is_overwritten_is_noticed():
    student = answer(lambda values: values.fill_(0.0))
    with pytest.raises(CheckFailure, match="changed argument 1 in place"):
        assert_unchanged(student, tensor([1.0, 2.0]))
    assert_unchanged(answer(lambda values: values.sum()), tensor([1.0, NAN]))


def test_what_was_changed_is_shown_before_and_after_under_its_name():
    error = failure(
        assert_unchanged, answer(lambda kept, values: values.append(3.0)), [0.0], [1.0, 2.0], names=("kept", "values")
    )
    assert error.summary == "The call changed `values` in place: work on a copy, the caller still needs it."
    assert (error.inputs, error.expected, error.got) == ({"values": [1.0, 2.0]}, [1.0, 2.0], [1.0, 2.0, 3.0])


def test_an_argument_without_a_name_is_counted_from_one():
    error = failure(assert_unchanged, answer(lambda kept, values: values.pop()), [0.0], [1.0], names=("kept",))
    assert error.summary.startswith("The call changed argument 2 in place")
    assert error.inputs == {"argument 2": [1.0]}


def test_every_one_of_several_calls_is_looked_at():
    student = answer(lambda values: len(values) > 2 and values.pop())
    assert_all_unchanged(student, [([1.0],), ([1.0, 2.0],)])
    error = failure(assert_all_unchanged, student, iter([([1.0],), ([1.0, 2.0, 3.0],)]), ("values",))
    assert error.expected == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("claimed", [3.0, None, [1.0], Opaque("dict"), "a", np.array(["a"]), [[1.0], 2.0]], ids=repr)
@pytest.mark.parametrize("sent", [{"a": 1.0}, (1.0, 2.0), 4.0, "text", np.ones(2), tensor([1.0])], ids=repr)
def test_whatever_comes_back_of_an_argument_it_changed_or_did_not_and_nothing_else_happens(sent, claimed):
    """What was left of an argument is told by the answer's own process."""

    class Claims:
        def each(self, calls, after):
            return [(None, (claimed,))]

    with pytest.raises(CheckFailure, match="changed argument 1 in place"):
        assert_unchanged(Claims(), sent)


def test_text_numbers_and_what_is_no_data_come_back_as_they_are():
    values = (1, 2.5, True, None, "text", np.float32(1.5), {"a": (1, [2.0])}, np.array(2), Opaque("set"))
    assert_unchanged(answer(lambda *values: None), *values)


def test_an_error_of_the_call_is_the_answers():
    with pytest.raises(AnswerError, match="ZeroDivisionError"):
        assert_unchanged(answer(lambda value: 1 / 0), 1.0)


def test_a_probe_reports_the_value_and_on_request_the_arguments_as_the_call_left_them():
    values = np.array([1.0, 2.0])
    double = answer(lambda values: values.__imul__(2).sum())
    value, (again, (left,)) = double.outcomes([probe(values), probe(values, after=True)])
    assert value == again == 6.0
    assert left.tolist() == [2.0, 4.0]
    assert values.tolist() == [1.0, 2.0]


def test_an_error_among_many_calls_is_raised_at_its_turn():
    half = answer(lambda value: 1 / value)
    values = half.each([(2.0,), (0.0,), (4.0,)])
    assert next(values) == 0.5
    with pytest.raises(AnswerError, match="ZeroDivisionError"):
        next(values)


# ---- values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "array"),
    [
        (2, 2),
        (2.5, 2.5),
        (True, True),
        (np.float32(2.5), 2.5),
        ([1.0, 2.0], [1.0, 2.0]),
        ((1, [2]), None),
        (([1, 2], (3, 4)), [[1, 2], [3, 4]]),
        (tensor([1.0, 2.0]), [1.0, 2.0]),
        ([tensor([1.0]), np.array([2.0])], [[1.0], [2.0]]),
        ([], []),
    ],
    ids=repr,
)
def test_the_container_does_not_count_but_its_shape_does(value, array):
    if array is None:
        with pytest.raises(CheckFailure, match="The answer is a sequence whose items have different shapes"):
            to_array(value)
    else:
        assert to_array(value).tolist() == array


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "The loss is None; numbers were expected."),
        ([1.0, None], "The loss holds None; numbers were expected."),
        (Opaque("set"), "The loss is of type set; numbers were expected."),
        ("0.5", "The loss is of type str; numbers were expected."),
        ([1.0, "2"], "The loss is of type str; numbers were expected."),
        ({"a": 1.0}, "The loss is of type dict; numbers were expected."),
        (np.array(["a"]), "The loss is of type ndarray; numbers were expected."),
        (1j, "The loss is of type complex; numbers were expected."),
        ([[1.0], 2.0], "The loss is a sequence whose items have different shapes."),
        ([[1.0, 2.0], [3.0]], "The loss is a sequence whose items have different shapes."),
    ],
    ids=repr,
)
def test_what_is_no_number_is_a_failure_that_shows_everything(value, says):
    assert str(failure(to_array, value, "the loss")) == says
    error = failure(assert_close, value, 1.0, {"x": 2.0}, what="the loss")
    assert (error.summary, error.inputs, error.expected, error.got) == (says, {"x": 2.0}, 1.0, value)
    assert error.__cause__ is None


def test_the_answer_is_the_default_name():
    assert str(failure(to_array, None)) == "The answer is None: does every path of the function end in a return?"
    assert failure(assert_close, 1.0, 2.0).summary == "The answer is not what was expected."


# ---- tolerance -------------------------------------------------------------------------------------------------


def is_close(got, expected, inputs=None, **more):
    try:
        assert_close(got, expected, inputs, **more)
    except CheckFailure:
        return False
    return True


@pytest.mark.parametrize("size", [1.0, 1e6, 1e-6, -3.0])
@pytest.mark.parametrize(("kind", "unit"), [(SINGLE, 1e-5), (DOUBLE, 1e-7)])
def test_the_tolerance_is_relative_and_follows_the_inputs_precision(size, kind, unit):
    """Two units: one relative to the entry, one to the largest of them."""
    expected, inputs = np.array([size, size / 2]), {"values": np.ones(2, kind)}
    for sign in (1, -1):
        assert is_close(expected * (1 + 1.5 * sign * unit), expected, inputs)
        assert not is_close(expected * (1 + 2.5 * sign * unit), expected, inputs)


def test_an_answer_is_not_excused_by_its_own_dtype():
    """A bias of 9e-6 stays one when it is rounded; a right value may be rounded to float32."""
    inputs = {"values": np.ones(2)}
    expected = np.random.default_rng(1).normal(size=1000)
    assert is_close(expected.astype(SINGLE), expected, inputs)
    assert not is_close((expected * (1 + 9e-6)).astype(SINGLE), expected, inputs)
    assert not is_close(expected.astype(np.float16), expected, inputs)


@pytest.mark.parametrize(
    "inputs",
    [
        {"values": np.ones(2, SINGLE)},
        {"values": np.ones(2, np.float16)},
        {"values": SINGLE(1)},
        {"values": tensor([1.0], SINGLE)},
        {"values": [np.ones(2), np.ones(2, SINGLE)]},
        {"values": (1.0, tensor([1.0], SINGLE))},
        {"values": {"a": {"b": SINGLE(1)}}},
        {"values": [[SINGLE(1)]]},
        {"first": np.ones(2), "second": np.ones(2, SINGLE)},
        {"first": {"a": 1.0}, "second": [1.0], "third": SINGLE(1)},
    ],
    ids=["an array", "half precision", "a number", "a tensor", "in a list", "in a tuple", "in dictionaries",
         "in lists", "the second", "the third"],
)  # fmt: skip
def test_a_coarse_input_makes_the_tolerance_coarse(inputs):
    assert is_close(1.0 + 1.5e-5, 1.0, inputs)
    assert not is_close(1.0 + 2.5e-5, 1.0, inputs)


@pytest.mark.parametrize(
    "inputs",
    [
        None,
        {},
        {"values": np.ones(2)},
        {"values": tensor([1.0])},
        {"values": np.ones(2, np.int32), "mask": np.ones(2, bool), "more": [1.0, {"a": 2}], "name": "price"},
    ],
    ids=["unknown", "none", "double", "a double tensor", "whole numbers"],
)
def test_other_inputs_leave_it_fine(inputs):
    assert is_close(1.0 + 1.5e-7, 1.0, inputs)
    assert not is_close(1.0 + 2.5e-7, 1.0, inputs)


def test_an_entry_of_zero_is_measured_by_the_largest_finite_one():
    assert is_close([1000.0, 0.9e-4], [1000.0, 0.0])
    assert not is_close([1000.0, 1.1e-4], [1000.0, 0.0])
    assert is_close([1000.0, 0.9e-4, INF], [1000.0, 0.0, INF])
    assert is_close([-1000.0, 0.9e-4], [-1000.0, 0.0])
    assert not is_close([1e-3, 0.9e-7], [1e-3, 0.0])


def test_where_all_is_zero_the_unit_itself_is_the_tolerance():
    assert is_close([0.0, 0.9e-7], [0.0, 0.0])
    assert not is_close([0.0, 1.1e-7], [0.0, 0.0])
    assert is_close(0.9e-5, 0.0, {"values": SINGLE(1)})
    assert not is_close(1.1e-5, 0.0, {"values": SINGLE(1)})


def test_below_a_floor_only_the_absolute_difference_counts():
    assert is_close(0.0, 1e-11, floor=1.0)
    assert not is_close(0.0, 1e-11)
    assert is_close([0.9e-7, 0.0], [1e-11, 1e-87], floor=1.0)
    assert not is_close([1.1e-7, 0.0], [1e-11, 1e-87], floor=1.0)
    assert is_close(0.9e-5, 1e-11, {"values": SINGLE(1)}, floor=1.0)
    assert not is_close(1000.0 * (1 + 2.5e-7), 1000.0, floor=1.0)  # above it nothing changes


def test_either_part_of_the_tolerance_can_be_set():
    assert is_close(1.09, 1.0, rtol=0.1)
    assert not is_close(1.11, 1.0, rtol=0.1)
    assert is_close(1.09, 1.0, atol=0.1)
    assert not is_close(1.11, 1.0, atol=0.1)
    assert not is_close(1.0 + 1.5e-7, 1.0, rtol=0.0)
    assert not is_close(1.0 + 1.5e-7, 1.0, atol=0.0)
    assert is_close(1.0, 1.0, rtol=0.0, atol=0.0)


@pytest.mark.parametrize(
    ("got", "expected"),
    [(NAN, NAN), (INF, INF), (-INF, -INF), ([NAN, 1.0], [NAN, 1.0]), ([], []), (np.zeros((0, 2)), np.zeros((0, 2)))],
    ids=repr,
)
def test_nan_is_nan_and_infinite_infinite(got, expected):
    assert is_close(got, expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [(NAN, 1.0), (1.0, NAN), (INF, 1.0), (1.0, INF), (INF, -INF), (INF, NAN), (1e308, INF), ([NAN, 1.0], [1.0, NAN])],
    ids=repr,
)
def test_nan_and_infinity_are_close_to_nothing_else(got, expected):
    assert not is_close(got, expected)


def test_an_expected_tensor_is_its_array():
    assert is_close([1.0, 2.0], tensor([1.0, 2.0]))
    assert is_close(tensor([1.0, 2.0]), np.array([1.0, 2.0]))


def test_entries_are_compared_one_by_one():
    have, want = np.array([1.0, 1.2, NAN, NAN, INF, -INF, 0.0]), np.array([1.1, 1.1, NAN, 1.0, INF, INF, 0.05])
    assert close_entries(have, want, 0.0, 0.1 + 1e-9).tolist() == [True, True, True, False, True, False, True]
    assert close_entries(have[:2], want[:2], 0.0, 0.09).tolist() == [False, False]
    assert close_entries(np.array([10.9, 9.1]), np.array([10.0, -10.0]), 0.1, 0.0).tolist() == [True, False]


@pytest.mark.parametrize(
    ("array", "largest"),
    [([1.0, -3.0], 3.0), ([INF, 2.0, NAN], 2.0), ([NAN], 0.0), ([], 0.0), ([True], 1.0), ([-7], 7.0)],
    ids=repr,
)
def test_the_largest_finite_entry_counts_by_its_size(array, largest):
    assert largest_finite(np.array(array)) == largest


# ---- messages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "expected", "summary", "difference"),
    [
        (2.0, 1.5, "The mean is not what was expected.", "0.5"),
        ([2.0], [1.5], "The mean is not what was expected.", "0.5"),
        ([1.0, 2.0, 3.0], [1.0, 5.0, 2.0], "2 of 3 entries of the mean differ from what was expected.", "3"),
        (NAN, 1.0, "The mean is NaN.", ""),
        ([NAN, 1.0], [1.0, 1.0], "There is NaN in the mean.", "NaN"),
        ([NAN, INF], [1.0, 1.0], "There is NaN in the mean.", "NaN"),
        (INF, 1.0, "The mean is infinite.", ""),
        ([1.0, -INF], [1.0, 1.0], "There are infinite values in the mean.", "infinite"),
        ([NAN, 2.0], [NAN, 1.0], "1 of 2 entries of the mean differs from what was expected.", "1"),
        ([INF, 2.0], [INF, 1.0], "1 of 2 entries of the mean differs from what was expected.", "1"),
        ([True, False], [True, True], "1 of 2 entries of the mean differs from what was expected.", ""),
        (True, 0.0, "The mean is not what was expected.", "1"),
        (1, 0, "The mean is not what was expected.", "1"),
        (1.0, [1.0], "The mean: shape () instead of (1,).", ""),
        ([[1.0, 2.0]], [1.0, 2.0], "The mean: shape (1, 2) instead of (2,).", ""),
        ([], 1.0, "The mean: shape (0,) instead of ().", ""),
        (1 / 3, 0.0, "The mean is not what was expected.", "0.3333"),
    ],
    ids=repr,
)
def test_a_wrong_value_is_told_by_how_it_differs(got, expected, summary, difference):
    error = failure(assert_close, got, expected, {"x": 1.0}, what="the mean")
    assert (error.summary, error.difference) == (summary, difference)
    assert (error.inputs, error.expected, error.got) == ({"x": 1.0}, expected, got)
    assert str(error) == summary


def test_a_sentence_of_the_checks_own_takes_the_place_of_the_default():
    error = failure(assert_close, 2.0, 1.0, what="the mean", summary="It is doubled.")
    assert (error.summary, error.difference) == ("It is doubled.", "1")


def test_a_condition_fails_with_its_sentence_and_what_it_is_given():
    assert_true(True, "unseen")
    for error in (
        failure(assert_true, False, "No.", {"x": 1}, 2, 3),
        failure(fail, "No.", {"x": 1}, 2, 3),
    ):
        assert (error.summary, error.inputs, error.expected, error.got) == ("No.", {"x": 1}, 2, 3)
    assert failure(fail, "No.").inputs is None


def raises(error):
    def function(*args):
        raise error

    return answer(function)


def test_an_error_that_is_asked_for_is_no_failure():
    assert_raises("KeyError", raises(KeyError("price")), 1.0)
    assert_raises("ValueError", raises(UnicodeError("odd")), 1.0)


def test_another_error_is_told_beside_the_one_that_is_asked_for():
    error = failure(assert_raises, "KeyError", raises(ValueError("odd")), 1.0, inputs={"x": 1.0})
    assert error.summary == "A KeyError was expected here; got ValueError: odd."
    assert (error.inputs, error.expected, error.got) == ({"x": 1.0}, "KeyError is raised", "ValueError: odd")
    assert error.__cause__ is None


def test_a_value_where_an_error_is_asked_for_is_shown():
    error = failure(assert_raises, "KeyError", answer(lambda number: 2 * number), 4.0, inputs={"x": 4.0})
    assert error.summary == "A KeyError was expected here; the call gave a value."
    assert (error.inputs, error.expected, error.got) == ({"x": 4.0}, "KeyError is raised", 8.0)


def test_of_several_calls_each_has_to_raise():
    calls = [("price",), ("time",)]
    assert_all_raise("KeyError", raises(KeyError("odd")), calls, ("task",))
    error = failure(assert_all_raise, "KeyError", answer(lambda task: {"time": 2.0}[task]), calls, ("task",))
    assert error.summary == "A KeyError was expected here; the call gave a value."
    assert (error.inputs, error.got) == ({"task": "time"}, 2.0)


def test_an_error_is_its_name_and_its_message():
    assert str(AnswerError("KeyError", "'price'")) == "KeyError: 'price'"
    assert str(AnswerError("Timeout")) == "Timeout"
    assert (AnswerError("Timeout").tag, AnswerError("Timeout").message) == ("Timeout", "")


# ---- marks and words -------------------------------------------------------------------------------------------


def test_a_check_is_its_function_with_its_name_its_sentence_and_one_point():
    def test_it(student, rng):
        """It is
        asked."""
        return student, rng

    check = Check.of(test_it)
    assert check == Check(test_it, "test_it", "It is asked.", 1.0, ())
    assert Check.of(check) is check
    assert Check.of(lambda student, rng: None).sentence == ""


def test_marks_on_a_check_add_up_in_either_order():
    marked = points(3)(depends("test_a", "test_b")(is_asked))
    assert marked == depends("test_a", "test_b")(points(3)(is_asked))
    assert marked == Check(is_asked, "is_asked", "It is asked.", 3.0, ("test_a", "test_b"))
    assert type(marked.points) is float


def test_marks_on_an_answer_leave_it_an_answer():
    def function(number, more=0):
        return 7 + number + more

    slip = misconception("You slipped.", "test_a")(function)
    assert slip == Misconception(function, "You slipped.", "test_a", False)
    assert misconception("You slipped.", caught_by="test_a", conceptual=True)(function).conceptual is True
    loop = alternative("a loop")(function)
    assert loop == Alternative(function, "a loop")
    assert slip(1, more=2) == loop(1, more=2) == 10
    with pytest.raises(FrozenInstanceError):
        slip.message = "You did not."


def test_a_check_is_called_as_its_function_is():
    seen = []
    points(2)(lambda student, rng: seen.append((student, rng)))("an answer", "numbers")
    assert seen == [("an answer", "numbers")]


def test_tensors_are_written_down_with_their_dtype_and_record_no_gradients():
    plain = tensor([1, 2], SINGLE)
    assert isinstance(plain, Tensor)
    assert plain.grad is False
    assert plain.array.dtype == SINGLE
    assert tensor([1, 2]).array.dtype.kind == "i"
    assert tensor([1.0]).array.dtype == DOUBLE


def test_a_probe_is_a_call_or_a_scenario():
    assert probe(1, 2) == Probe((1, 2), None, False)
    assert probe(1, scenario=is_asked) == Probe((1,), is_asked, False)
    assert probe(1, after=True) == Probe((1,), None, True)


def test_a_family_is_one_mistake_with_a_member_for_each_combination_of_its_numbers():
    @misconception("Adds {eps:g}.", caught_by="test_value", family={"eps": (0.1, 0.5), "twice": (False, True)})
    def adds(values, *, eps=0.1, twice=False):
        return values + eps * (1 + twice)

    assert adds(1.0) == 1.1
    assert [member(1.0) for member in adds.members] == [1.1, 1.2, 1.5, 2.0]
    assert [member.message for member in adds.members] == ["Adds 0.1.", "Adds 0.1.", "Adds 0.5.", "Adds 0.5."]
    assert all(member.members == (member,) for member in adds.members)


def test_without_a_family_the_mistake_is_its_only_member():
    one = misconception("Says {nothing}.", caught_by="test_value")(lambda values: 0)
    assert one.members == (one,)


@pytest.mark.parametrize("wrong", [lambda values: 0, lambda values, eps=0.1: 0, lambda values, *, eps=0.2: 0])
def test_a_family_must_be_the_functions_own_keywords_and_defaults(wrong):
    with pytest.raises(TypeError, match="must take `eps` as a keyword only"):
        misconception("Adds.", caught_by="test_value", family={"eps": (0.1, 0.5)})(wrong)


def test_agree_fails_with_the_first_case_that_differs_and_can_ask_again():
    student = answer(lambda one, other: one + other if one < 5 else 0)
    agree(student, [(1.0, 2.0)], lambda one, other: one + other, ("one", "other"))
    with pytest.raises(CheckFailure) as failed:
        agree(
            student,
            [(1.0, 2.0), (6.0, 1.0), (7.0, 1.0)],
            lambda one, other: one + other,
            ("one", "other"),
            what="the sum",
        )
    failure = failed.value
    assert (failure.summary, failure.inputs) == ("The sum is not what was expected.", {"one": 6.0, "other": 1.0})
    assert failure.again.case == (6.0, 1.0)
    smaller, right = failure.again.ask(student, [(5.0, 0.0), (4.0, 0.0)])
    assert (smaller.inputs, smaller.expected, smaller.got, right) == ({"one": 5.0, "other": 0.0}, 5.0, 0, None)
    assert failure.again.right(2.0, 3.0) == 5.0


def test_agree_sends_what_it_is_told_and_reads_the_part_that_counts():
    student = answer(lambda values: (float(values.sum()), "left out"))
    agree(student, [(np.ones(3),)], np.sum, ("values",), send=tensor, read=lambda got, inputs: several(got, 2)[0])


def test_agree_can_work_out_the_floor_from_a_case():
    student = answer(lambda values: values * 0.0)
    tiny = (np.array([1e-11]),)
    agree(student, [tiny], np.copy, ("values",), floor=lambda values: 1.0)
    with pytest.raises(CheckFailure):
        agree(student, [tiny], np.copy, ("values",), floor=lambda values: float(values.max()))
