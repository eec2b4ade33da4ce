"""A mistake has a name where exactly one known mistake behaves the same: on every probe, or in a check that fails."""

import numpy as np
import pytest

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.engine.outcome import AnswerError
from autograder.judging.answers import LocalAnswer
from autograder.judging.diagnosis import MOST_NAMES, behaviour, known_behaviours, same_outcome
from autograder.judging.runner import PUBLISHED_SEED, run_checks
from autograder.testing import assert_close, depends, misconception, probe
from tests.handmade import handmade, publish

NAN, INF = float("nan"), float("inf")


def names(exercise, answer, seed=PUBLISHED_SEED):
    """The misconceptions that are named, by the check at which they are."""
    result = run_checks(exercise, LocalAnswer.of(exercise, answer), seed)
    return {check.id: check.misconception for check in result.checks if check.misconception}


def messages(exercise, answer, seed=PUBLISHED_SEED):
    result = run_checks(exercise, LocalAnswer.of(exercise, answer), seed)
    return [check.message for check in result.checks if check.message]


# ---- by the probes -------------------------------------------------------------------------------------------------


def is_doubled(student, rng):
    """It is doubled."""
    for number, got in zip((1.0, 5.0, 7.0), student.each([(1.0,), (5.0,), (7.0,)])):
        assert_close(got, 2 * number)


def double(number):
    return 2 * number


def adds_one(number):
    return number + 1


def refuses(number):
    raise ValueError("no")


@pytest.fixture
def doubling(monkeypatch):
    made = handmade(
        is_doubled,
        wrong={
            "adds_one": adds_one,
            "squares": lambda number: number**2,
            "refuses": refuses,
            "also_refuses": lambda number: [][int(number)],
        },
        right={"double": double},
        probes=[probe(1.0), probe(5.0), probe(-3.0)],
    )
    publish(monkeypatch, made)
    return made


def name_of(exercise, answer):
    return "".join(names(exercise, answer).values())


def test_an_answer_that_behaves_like_one_known_mistake_has_its_name_and_its_message(doubling):
    assert names(doubling, lambda number: 1 + number) == {"is_doubled": "adds_one"}
    assert messages(doubling, lambda number: 1 + number) == ["That is adds_one."]
    assert name_of(doubling, lambda number: number * number) == "squares"


def test_an_error_of_one_kind_is_a_behaviour_whatever_its_text(doubling):
    assert name_of(doubling, lambda number: int("no number")) == "refuses"
    assert name_of(doubling, lambda number: [1][9]) == "also_refuses"
    assert name_of(doubling, lambda number: {}[number]) == ""


@pytest.mark.parametrize("odd", [1.0, 5.0, -3.0])
def test_an_answer_that_behaves_otherwise_on_a_single_probe_is_not_named_by_them(monkeypatch, odd):
    """The check asks of another number, of which no known mistake makes what this answer does."""

    def is_doubled(student, rng):
        """It is doubled."""
        assert_close(student(11.0), 22.0)

    known = {"adds_one": lambda number: number + 1, "squares": lambda number: number**2}
    made = handmade(is_doubled, wrong=known, probes=[probe(1.0), probe(5.0), probe(-3.0)])
    publish(monkeypatch, made)
    assert name_of(made, lambda number: 99.0 if number in (odd, 11.0) else number + 1) == ""


def test_an_answer_that_is_right_on_every_probe_has_no_name(doubling):
    assert name_of(doubling, double) == ""
    assert name_of(doubling, lambda number: 2 * number if number != 7.0 else number + 1) == ""


def test_where_two_known_mistakes_behave_alike_neither_is_named(monkeypatch):
    made = handmade(
        is_doubled,
        wrong={"adds_one": adds_one, "adds_one_too": lambda number: 1 + number, "zero": lambda number: 0},
        probes=[probe(1.0), probe(5.0)],
    )
    publish(monkeypatch, made)
    assert name_of(made, adds_one) == ""
    assert name_of(made, lambda number: 0) == "zero"


def test_an_exercise_that_knows_no_mistake_names_none(monkeypatch):
    made = handmade(is_doubled, probes=[probe(1.0)])
    publish(monkeypatch, made)
    assert name_of(made, adds_one) == ""


def test_a_behaviour_is_one_outcome_a_probe_errors_among_them(doubling):
    seen = behaviour(doubling, LocalAnswer.of(doubling, lambda number: 1 / (number - 5)))
    assert seen[0] == -0.25
    assert seen[1].tag == "ZeroDivisionError"
    assert seen[2] == -0.125


def test_known_behaviours_are_worked_out_once(monkeypatch):
    calls = []
    made = handmade(is_doubled, wrong={"one": lambda number: calls.append(number)}, probes=[probe(1.0), probe(2.0)])
    publish(monkeypatch, made)
    assert known_behaviours(made.id) == known_behaviours(made.id) == {("one", 0): (None, None)}
    assert calls == [1.0, 2.0]


def test_a_known_mistake_is_asked_no_further_than_it_takes_to_see_a_difference(monkeypatch):
    calls = []
    made = handmade(
        is_doubled,
        wrong={"one": lambda number: calls.append(number) or number},
        right={"double": double},
        probes=[probe(number) for number in (1.0, 3.0, 4.0)],
    )
    publish(monkeypatch, made)
    assert name_of(made, lambda number: number if number == 1.0 else 99.0) == ""
    assert calls == [1.0, 3.0, 1.0, 5.0]  # two probes, then two questions of the check
    assert name_of(made, lambda number: 99.0) == ""
    assert calls == [1.0, 3.0, 1.0, 5.0, 1.0]  # what it does on a probe is remembered


def test_an_exercise_decides_what_of_an_outcome_counts(monkeypatch):
    class Rounded(type(handmade(is_doubled))):
        def behaviour(self, outcome):
            return round(outcome)

    plain = handmade(is_doubled, wrong={"adds_one": adds_one}, probes=[probe(1.0), probe(5.0)])
    made = Rounded(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    publish(monkeypatch, made)
    assert name_of(made, lambda number: number + 1.25) == "adds_one"


def test_a_family_speaks_with_the_numbers_of_the_member_that_behaves_the_same(monkeypatch):
    @misconception("You added {what:g}.", caught_by="is_doubled", family={"what": (1.0, 3.0, 10.0)})
    def adds(number, *, what=1.0):
        return number + what

    made = handmade(is_doubled, wrong={"adds": adds}, probes=[probe(2.0)])
    publish(monkeypatch, made)
    assert messages(made, lambda number: number + 3.0) == ["You added 3."]
    assert messages(made, lambda number: number + 10.0) == ["You added 10."]
    assert messages(made, lambda number: number + 4.0) == []


def test_members_of_one_family_that_behave_alike_are_one_name(monkeypatch):
    @misconception("You added one.", caught_by="is_doubled", family={"guard": (True, False)})
    def adds(number, *, guard=True):
        return 99.0 if guard and number < 0 else number + 1

    made = handmade(is_doubled, wrong={"adds": adds}, probes=[probe(1.0)])
    publish(monkeypatch, made)
    assert name_of(made, adds_one) == "adds"


# ---- by what a failing check asked ---------------------------------------------------------------------------------


def on_small(student, rng):
    """Small numbers are doubled."""
    for number in (1.0, 2.0, 3.0):
        assert_close(student(number), 2 * number)


def on_large(student, rng):
    """Large numbers are doubled."""
    numbers = [100.0, 200.0, 300.0]
    for number, got in zip(numbers, student.each([(number,) for number in numbers])):
        assert_close(got, 2 * number)


def on_negative(student, rng):
    """Negative numbers are doubled."""
    assert_close(student(-1.0), -2.0)
    assert_close(student(-2.0), -4.0)


def small_less(number):
    return 2 * number - (0 < number < 10)


def large_less(number):
    return 2 * number - (number > 50)


def negative_less(number):
    return 2 * number - (number < 0)


def wrong_where(check, message="Less."):
    known = {"on_small": small_less, "on_large": large_less, "on_negative": negative_less}
    return misconception(message, caught_by=check)(known[check])


PROBES = [probe(1.0), probe(100.0), probe(-1.0)]


@pytest.fixture
def three(monkeypatch):
    """Three checks, each with a mistake of its own."""

    def made(*more_checks, **more):
        exercise = handmade(
            *(on_small, on_large, on_negative, *more_checks),
            wrong={
                "small_less": wrong_where("on_small"),
                "large_less": wrong_where("on_large"),
                "negative_less": wrong_where("on_negative"),
                **more,
            },
            right={"double": double},
            probes=PROBES,
        )
        publish(monkeypatch, exercise)
        return exercise

    return made


def two_faults(number):
    return 2 * number - (number > 50) - (number < 0)


def three_faults(number):
    return 2 * number - 1


@pytest.mark.parametrize("seed", [PUBLISHED_SEED, b"a secret"])
def test_two_faults_have_each_their_name_where_they_show(three, seed):
    assert names(three(), two_faults, seed) == {"on_large": "large_less", "on_negative": "negative_less"}


def test_of_three_faults_the_first_two_are_named(three):
    assert names(three(), three_faults) == {"on_small": "small_less", "on_large": "large_less"}
    assert MOST_NAMES == 2


def test_a_known_fault_beside_an_unknown_one_has_its_name(three):
    assert names(three(), lambda number: 2 * number - (number > 50) - 7 * (number < 0)) == {"on_large": "large_less"}


def test_a_difference_after_the_first_failing_question_counts_too(three):
    """In this process the check stops at the first number; the others are asked all the same."""
    assert names(three(), lambda number: 2 * number - (number > 50) * (1 + (number == 300)) - 7 * (number < 0)) == {}


def test_only_what_is_caught_by_a_check_is_named_there(three):
    made = three(all_less=misconception("All.", caught_by="on_large")(lambda number: 2 * number - 1 - (number < -1)))
    assert names(made, lambda number: 2 * number - 9 * (number > 50) - (0 < number < 10)) == {"on_small": "small_less"}


def test_where_two_mistakes_agree_on_all_that_a_check_asked_neither_is_named(three):
    again = misconception("Again.", caught_by="on_large")(lambda number: 2 * number - (number > 50) - 3 * (number < 0))
    assert names(three(again=again), two_faults) == {"on_negative": "negative_less"}


def test_a_check_that_fails_by_a_fault_that_is_named_has_no_other_name(three):
    """On small numbers this is like another known mistake; but the fault that shows on large ones explains both."""
    both = misconception("Both.", caught_by="on_large")(lambda number: 2 * number - (number > 0) - (number > 50))
    made = three(both=both)
    answer = lambda number: 2 * number - (number > 0) - (number > 50) - 7 * (number < 0)  # noqa: E731
    assert names(made, answer) == {"on_large": "both"}


def test_where_each_of_two_names_explains_both_checks_neither_is_certain(three):
    first = misconception("First.", caught_by="on_small")(lambda number: 2 * number - 3 * (number > 0))
    second = misconception("Second.", caught_by="on_large")(lambda number: 2 * number - 3 * (number > -1.5))
    made = three(first=first, second=second)
    assert names(made, lambda number: 2 * number - 3 * (number > 0) - 7 * (number < 0)) == {}


def test_a_family_speaks_in_a_check_with_the_numbers_of_its_member(three):
    @misconception("You lost {what:g}.", caught_by="on_large", family={"what": (2.0, 5.0)})
    def loses(number, *, what=2.0):
        return 2 * number - what * (number > 50)

    made = three(loses=loses)
    assert messages(made, lambda number: 2 * number - 5 * (number > 50) - 7 * (number < 0)) == ["You lost 5."]


def test_a_family_whose_members_cannot_be_told_apart_in_a_check_names_no_number(three):
    @misconception("Nothing is above {top:g}.", caught_by="on_large", family={"top": (60.0, 80.0, 500.0)})
    def cut_off(number, *, top=60.0):
        return 2 * number if number < top else 0.0

    made = three(cut_off=cut_off)  # it is asked of 100 at most, so 60 and 80 look the same
    assert messages(made, lambda number: 2 * number * (number < 70) - 7 * (number < 0)) == []


def test_a_check_that_asked_nothing_names_nothing(three):
    def asks_nothing(student, rng):
        """It is never asked."""
        assert student is None

    made = three(asks_nothing, silent=misconception("Silent.", caught_by="asks_nothing")(negative_less))
    assert names(made, lambda number: 2 * number - 7 * (number < 0)) == {}


def test_what_differs_from_right_by_rounding_alone_has_no_name(monkeypatch):
    """A check may be stricter than a comparison of behaviours: an answer it refuses is not yet like a known mistake."""

    def on_large(student, rng):
        """Large numbers are doubled."""
        assert_close(student(100.0), 200.0)

    @misconception("Nearly.", caught_by="on_large")
    def nearly(number):
        return 2 * number * (1 + 2e-6) + (number == 7)

    made = handmade(on_large, on_negative, wrong={"nearly": nearly}, right={"double": double}, probes=[probe(7.0)])
    publish(monkeypatch, made)
    assert names(made, lambda number: 2 * number * (1 + 3e-6)) == {}


def raises_on_large(number):
    return 2 * number if number < 50 else [][0]


def test_an_error_is_a_fault_of_its_own_where_the_answer_can_do_something(three):
    made = three(raises=misconception("It stops.", caught_by="on_large")(raises_on_large))
    answer = lambda number: raises_on_large(number) - 7 * (number < 0)  # noqa: E731
    assert names(made, answer) == {"on_large": "raises"}


def test_an_answer_that_stops_everywhere_is_not_named_after_one_that_stops_here(three):
    made = three(raises=misconception("It stops.", caught_by="on_large")(raises_on_large))
    assert names(made, lambda number: [][0]) == {}


def test_a_name_by_all_probes_is_told_only_where_its_check_fails(monkeypatch):
    known = {"small_less": misconception("Less.", caught_by="on_large")(small_less)}
    made = handmade(on_small, on_large, wrong=known, right={"double": double}, probes=[probe(1.0)])
    publish(monkeypatch, made)
    assert names(made, small_less) == {}


def test_a_name_by_all_probes_must_be_true_of_what_its_check_asked(monkeypatch):
    """What is shown of a failure stands beside the message."""
    known = {"large_less": wrong_where("on_large")}
    made = handmade(on_small, on_large, wrong=known, right={"double": double}, probes=[probe(100.0)])
    publish(monkeypatch, made)
    assert names(made, large_less) == {"on_large": "large_less"}
    assert names(made, lambda number: 2 * number - (number > 50) - 3 * (number > 250)) == {}


def test_a_check_that_is_skipped_names_nothing(monkeypatch):
    after = depends("on_small")(on_large)
    made = handmade(
        on_small, after, wrong={"large_less": wrong_where("on_large")}, right={"double": double}, probes=PROBES
    )
    publish(monkeypatch, made)
    assert names(made, lambda number: 2 * number - (number > 50) - 5 * (number == 2.0)) == {}


def test_an_answer_wrong_on_secret_inputs_alone_has_a_name_only_by_the_probes(monkeypatch):
    published = set()

    def drawn(student, rng):
        """A drawn number is doubled."""
        number = float(rng.integers(10**12))
        assert_close(student(number), 2 * number)

    known = {"large_less": misconception("Less.", caught_by="drawn")(lambda number: 2 * number - 0.5 * number)}
    made = handmade(drawn, wrong=known, right={"double": double}, probes=[probe(100.0)])
    publish(monkeypatch, made)
    names(made, lambda number: published.add(number) or 2 * number)

    def wrong_on_others(number):
        return 2 * number if number in published else 1.5 * number

    assert names(made, wrong_on_others) == {}
    assert names(made, wrong_on_others, b"a secret") == {"drawn": "large_less"}
    assert names(made, lambda number: 5.0 if number == 100.0 else wrong_on_others(number), b"a secret") == {}


def test_no_known_mistake_is_asked_what_a_secret_seed_drew(monkeypatch):
    asked = []

    def drawn(student, rng):
        """A drawn number is doubled."""
        number = float(rng.integers(10**12))
        assert_close(student(number), 2 * number)

    known = {"less": misconception("Less.", caught_by="drawn")(lambda number: asked.append(number) or 1.5 * number)}
    made = handmade(drawn, wrong=known, right={"double": double}, probes=[probe(100.0)])
    publish(monkeypatch, made)
    of_seed = {}
    for seed in (PUBLISHED_SEED, b"a secret"):
        of_seed[seed] = run_checks(made, LocalAnswer.of(made, lambda number: 1.5 * number + 3 * (number == 100)), seed)
    assert [check.misconception for check in of_seed[b"a secret"].checks] == ["less"]
    assert of_seed[b"a secret"] == of_seed[PUBLISHED_SEED]
    assert len(set(asked)) == 2  # the probe, and the published number


# ---- comparing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AnswerError("KeyError", "a"), AnswerError("KeyError", "b")),
        (1.0, 1.0 + 0.9e-5),
        (np.float32(1.0), 1),
        (True, np.True_),
        (Tensor(np.array([1.0, 2.0])), [1, 2]),
        ([1.0, 2.0], (1.0, 2.0)),
        (NAN, np.array(NAN)),
        ([INF, -INF], np.array([INF, -INF])),
        ([1000.0, 0.0], [1000.0, 0.9e-3]),
        (0.0, 0.0),
        ([], ()),
        (None, None),
        ("A", "A"),
        (Opaque("set"), Opaque("set")),
        ({"a": 1.0, "b": [1, 2]}, {"b": np.array([1.0, 2.0]), "a": 1}),
        ((1.0, [2.0, 3.0]), [1.0, (2.0, 3.0)]),
        ([1.0, None], [1.0, None]),
        ((1.0, {"a": 2.0}), (1.0, {"a": 2.0})),
    ],
    ids=repr,
)
def test_outcomes_are_the_same_up_to_rounding_and_their_container(one, other):
    assert same_outcome(one, other)
    assert same_outcome(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AnswerError("KeyError"), AnswerError("ValueError")),
        (AnswerError("KeyError"), 1.0),
        (AnswerError("KeyError"), None),
        (1.0, 1.0 + 2.2e-5),
        (1.0, [1.0]),
        ([1.0, 2.0], [[1.0, 2.0]]),
        ([1.0, 2.0], [1.0, 2.0, 3.0]),
        (NAN, 0.0),
        (NAN, INF),
        (INF, -INF),
        (INF, 1e300),
        ([1000.0, 0.0], [1000.0, 1.1e-3]),
        (0.0, 1e-9),
        (None, 0.0),
        (None, []),
        ("A", "B"),
        ("1", 1),
        (Opaque("set"), Opaque("dict")),
        (Opaque("set"), "set"),
        ({"a": 1.0}, {"b": 1.0}),
        ({"a": 1.0}, {"a": 2.0}),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}),
        ({"a": 1.0}, 1.0),
        ({}, None),
        ((1.0, [2.0, 3.0]), (1.0, [2.0, 4.0])),
        ((1.0, [2.0, 3.0]), (1.0, [2.0, 3.0], 4.0)),
        ((1.0, [2.0, 3.0]), 1.0),
        ([1.0, None], [1.0, "x"]),
    ],
    ids=repr,
)
def test_outcomes_that_differ_in_value_shape_kind_or_error_are_not_the_same(one, other):
    assert not same_outcome(one, other)
    assert not same_outcome(other, one)
