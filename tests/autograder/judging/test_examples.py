"""What a learner's examples are worth: counted over mistakes that a value can show, and never giving one away."""

import numpy as np
import pytest

from autograder.channel import Opaque
from autograder.examples import (
    NEARLY,
    ROUNDING,
    ExamplesReport,
    ExampleVerdict,
    Verdict,
    agrees,
    as_html,
    as_text,
    calls_of_the_checks,
    headline,
    how_to,
    judge,
    summary,
)
from autograder.testing import StudentError, assert_close, misconception, tensor
from tests import scenarios
from tests.handmade import handmade, publish

NAN, INF = float("nan"), float("inf")


def total(values):
    return float(np.sum(values))


def overwrites(values):
    value = total(values)
    values.fill(0.0)
    return value


def is_added_up(student, rng):
    """The values are added up."""
    values = rng.uniform(1.0, 2.0, 3)
    assert_close(student(values), values.sum())


def a_list_is_added_up(student, rng):
    """A second call."""
    assert_close(student(np.array([2.0, 4.0])), 6.0)


IDEA = {"caught_by": "is_added_up", "conceptual": True}
WRONG = {
    "mean": misconception("A mean.", **IDEA)(lambda values: float(np.mean(values))),
    "product": misconception("A product.", **IDEA)(lambda values: float(np.prod(values))),
    "one_more": misconception("One too many.", "is_added_up")(lambda values: total(values) + 1),
    "overwrites": misconception("Not yours.", **IDEA)(overwrites),
    "none": misconception("Nothing.", "is_added_up")(lambda values: total(values)),
    "raises": misconception("Refused.", "is_added_up")(lambda values: [][0]),
}


@pytest.fixture
def adding(monkeypatch):
    made = handmade(
        *(is_added_up, a_list_is_added_up),
        wrong=WRONG,
        right={"numpy": total, "loop": lambda values: sum(map(float, values))},
        signature="answer(values)",
    )
    publish(monkeypatch, made)
    return made


def one(exercise, args, expected):
    (verdict,) = judge(exercise.id, [(args, expected)]).examples
    return verdict


# ---- counting ------------------------------------------------------------------------------------------------------


def counts(report):
    return report.mistakes, report.conceptual, report.let_through, report.conceptual_let_through


def test_only_mistakes_that_a_value_can_show_are_counted_conceptual_ones_too(adding):
    """Of six mistakes two give the right value; one of those misunderstands the idea."""
    assert counts(judge(adding.id, [])) == (4, 2, 4, 2)


@pytest.mark.parametrize(
    ("cases", "left"),
    [
        ([([2.0, 2.0], 4.0)], (4, 2, 1, 1)),
        ([([1.0], 1.0)], (4, 2, 2, 2)),
        ([([1.0], 1.0), ([2.0, 2.0], 4.0)], (4, 2, 1, 1)),
        ([([1.0], 1.0), ([2.0, 3.0], 5.0)], (4, 2, 0, 0)),
        ([([2.0, 3.0], 99.0)], (4, 2, 4, 2)),
        ([([1.0], 99.0), ([2.0, 2.0], 4.0)], (4, 2, 1, 1)),
    ],
    ids=["two equal", "a single", "both", "all stopped", "a wrong one", "a wrong and a right one"],
)
def test_what_examples_let_through_is_what_no_right_one_of_them_tells_apart(adding, cases, left):
    assert counts(judge(adding.id, cases)) == left


def test_a_report_names_its_exercise_and_keeps_the_order_of_the_examples(adding):
    report = judge(adding.id, [([1.0], 1.0), 3, ([1.0], 2.0)])
    assert (report.exercise, report.title, report.signature) == (adding.id, "Made by hand", "answer(values)")
    assert [verdict.verdict for verdict in report.examples] == ["agrees", "malformed", "disagrees"]
    assert report.agreeing == 1


def test_a_mistake_that_overwrites_its_input_spoils_neither_the_example_nor_the_others(adding):
    values = np.array([2.0, 3.0])
    assert counts(judge(adding.id, [(values, 5.0), (values, 5.0)])) == (4, 2, 0, 0)
    assert values.tolist() == [2.0, 3.0]


def test_where_the_checks_make_no_plain_call_every_mistake_counts(monkeypatch):
    def runs_a_scenario(student, rng):
        """Beside it."""
        assert student.run(scenarios.twice, 3) == 12

    made = handmade(
        runs_a_scenario, wrong={"same": lambda number: 2 * number}, right={"double": lambda number: 2 * number}
    )
    publish(monkeypatch, made)
    assert calls_of_the_checks(made.id) == ()
    assert counts(judge(made.id, [])) == (1, 0, 1, 0)


def test_the_calls_of_the_checks_are_all_their_plain_ones_with_the_published_seed(adding):
    calls = calls_of_the_checks(adding.id)
    assert [len(values) for (values,) in calls] == [3, 2]
    assert calls[1][0].tolist() == [2.0, 4.0]


def test_a_mistake_that_differs_by_less_than_rounding_cannot_be_seen(monkeypatch):
    made = handmade(
        is_added_up,
        wrong={
            "nearly": lambda values: total(values) * (1 + 0.9 * ROUNDING),
            "off": lambda values: total(values) * (1 + 1.1 * ROUNDING),
        },
        right={"numpy": total},
    )
    publish(monkeypatch, made)
    assert counts(judge(made.id, [])) == (1, 0, 1, 0)


# ---- one example ---------------------------------------------------------------------------------------------------


def test_the_tolerances_are_three_digits_and_a_tenth_of_that():
    assert (ROUNDING, NEARLY) == (2e-3, 2e-2)


@pytest.mark.parametrize(
    ("expected", "outcome", "same"),
    [
        (1.0019, 1.0, True),
        (0.9981, 1.0, True),
        (1.0021, 1.0, False),
        (0.9979, 1.0, False),
        (1001.9, 1000.0, True),
        (1e-9, 0.0, True),
        (1.1e-9, 0.0, False),
        ([1.0, 1e-6], [1.0, 0.0], True),
        ([1.0, 1.1e-6], [1.0, 0.0], False),
        ([1.0, 2.0], np.array([1.0, 2.0]), True),
        ([1.0], 1.0, False),
        ([[1.0, 2.0]], [1.0, 2.0], False),
        (1, True, True),
        (NAN, NAN, True),
        (NAN, 1.0, False),
        (INF, INF, True),
        (INF, -INF, False),
        ({"a": [1.0, 2.0]}, {"a": (1.0, 2.0)}, True),
        ({"a": 1.0}, {"a": 1.1}, False),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}, False),
        ({"a": 1.0, "b": 1.0}, {"a": 1.0}, False),
        (1.0, {"a": 1.0}, False),
        (None, None, True),
        (None, 0.0, False),
        (0.0, None, False),
        ((1.0, [2.0, 3.0]), [1.0, (2.0, 3.0)], True),
        ((1.0, [2.0, 3.0]), (1.0, [2.0, 4.0]), False),
        ((1.0, [2.0, 3.0]), (1.0, [2.0, 3.0], 4.0), False),
        ((1.0, [2.0, 3.0]), 1.0, False),
        ("a", "a", False),
        (1.0, Opaque("set"), False),
        (1.0, StudentError("KeyError"), False),
        (KeyError, StudentError("KeyError"), True),
        (LookupError, StudentError("KeyError"), True),
        (Exception, StudentError("KeyError"), True),
        (KeyError, StudentError("IndexError"), False),
        (KeyError, StudentError("LookupError"), False),
        (Exception, StudentError("Timeout"), False),
        (Exception, StudentError("print"), False),
        (KeyError, 1.0, False),
        (int, 1, False),
    ],
    ids=repr,
)
def test_an_expectation_agrees_up_to_three_digits(expected, outcome, same):
    assert agrees(expected, outcome) is same


def test_another_rounding_holds_for_every_part():
    assert agrees({"a": 1.05}, {"a": 1.0}, 0.1)
    assert agrees((1.05, [1.0, 1.05]), (1.0, [1.0, 1.0]), 0.1)
    assert not agrees((1.05, [1.0, 1.2]), (1.0, [1.0, 1.0]), 0.1)


@pytest.mark.parametrize(
    ("expected", "verdict", "text"),
    [
        (5.0, "agrees", "The right answers say so, too."),
        (5.0 * 1.019, "disagrees", "Close, but not equal: give an expected number with at least three digits."),
        (5.0 * 1.021, "disagrees", "The right answers give something else. Work this input through by hand"),
        ([5.0], "disagrees", "Something of shape (1,) is expected, where the right answers give ()."),
        ({"a": 5.0}, "disagrees", "Something of shape dict is expected, where the right answers give ()."),
        (ValueError, "disagrees", "The right answers raise no such error here. Which input should they refuse?"),
    ],
    ids=["right", "close", "else", "another shape", "another kind", "an error"],
)
def test_an_example_is_told_in_what_way_it_is_wrong_and_never_the_value(adding, expected, verdict, text):
    example = one(adding, [2.0, 3.0], expected)
    assert example.verdict == verdict
    assert example.text.startswith(text)


def test_an_input_on_which_the_right_answers_stop_is_unclear_unless_the_error_is_expected(adding):
    error = one(adding, "text", 1.0)
    assert error.verdict is Verdict.UNCLEAR
    assert error.text == (
        "Right answers stop with TypeError here. If the exercise asks for that, expect the class TypeError; if not, "
        "the input lies outside of what it describes."
    )


@pytest.fixture
def refusing(monkeypatch):
    """An exercise whose right answers refuse, and differ where nothing is asked of them."""

    def half(number):
        if number < 0:
            raise ValueError("negative")
        return number / 2

    def other(number):
        if number < 0:
            raise ValueError("below 0")
        if number == 13:
            raise KeyError(13)
        factors = {7: 1 + 5e-5, 8: 1 + 5e-4}
        return number / 2 * factors.get(number, 1)

    def is_halved(student, rng):
        """It is halved."""
        assert_close(student(4.0), 2.0)

    made = handmade(
        is_halved,
        wrong={"no_limit": lambda number: number / 2, "double": lambda number: 2 * number},
        right={"half": half, "other": other},
    )
    publish(monkeypatch, made)
    return made


def test_right_answers_that_stop_agree_with_the_class_of_their_error(refusing):
    assert one(refusing, -1.0, ValueError).verdict is Verdict.AGREES
    assert one(refusing, -1.0, KeyError).verdict is Verdict.DISAGREES
    assert one(refusing, -1.0, -0.5).verdict is Verdict.UNCLEAR


@pytest.mark.parametrize(("number", "verdict"), [(6, "agrees"), (7, "agrees"), (8, "unclear"), (13, "unclear")])
def test_where_right_answers_disagree_by_more_than_rounding_nothing_can_be_said(refusing, number, verdict):
    example = one(refusing, number, number / 2)
    assert example.verdict == verdict
    assert (verdict == "agrees") or example.text == (
        "Right answers disagree here: the exercise does not say what should happen for such an input."
    )


def test_a_mistake_that_shows_in_no_call_of_the_checks_is_not_counted(refusing):
    assert counts(judge(refusing.id, [(-1.0, ValueError)])) == (1, 0, 0, 0)


@pytest.mark.parametrize("case", [3, "ab", {"a": 1.0}, (1.0,), [1.0, 2.0, 3.0], None], ids=repr)
def test_what_is_no_pair_is_told_how_one_is_written(adding, case):
    (example,) = judge(adding.id, [case]).examples
    assert example == ExampleVerdict(Verdict.MALFORMED, "An example is a pair: ((values,), expected).")


def adds_two(student, rng):
    """Two numbers are added."""
    assert_close(student(1.0, 2.0), 3.0)


@pytest.fixture
def adding_two(monkeypatch):
    made = handmade(
        adds_two, right={"plus": lambda a, b: a + b}, signature="answer(a, b=1)", wrong={"first": lambda a, b: a}
    )
    publish(monkeypatch, made)
    return made


@pytest.mark.parametrize("args", [(1, 2, 3), (1,), 1, [1, 2, 3], [1], ()], ids=repr)
def test_arguments_that_do_not_fit_are_told_the_signature(adding_two, args):
    example = one(adding_two, args, 4)
    assert example.verdict is Verdict.MALFORMED
    assert example.text == "The arguments do not fit `answer(a, b=1)`; an example is a pair: ((a, b), expected)."


def test_a_pair_and_its_arguments_may_be_lists(adding_two):
    fitting = [((1, 2), 3), ([1, 2], 3), [(1, 2), 3], [[1, 2], 3]]
    assert [verdict.verdict for verdict in judge(adding_two.id, fitting).examples] == ["agrees"] * 4


def test_an_argument_that_is_itself_a_list_is_one_argument(adding):
    for args in ([2.0, 3.0], ([2.0, 3.0],), np.array([2.0, 3.0]), ((2.0, 3.0),), [2, 3], [5.0]):
        assert one(adding, args, 5.0).verdict is Verdict.AGREES


def test_cases_are_a_list_and_the_answer_a_function(adding, monkeypatch):
    assert judge(adding.id, (([1.0], 1.0),)).agreeing == 1
    with pytest.raises(TypeError, match="`cases` must be a list of examples; got str"):
        judge(adding.id, "text")
    values = handmade(is_added_up, values=True, name="plain_values")
    publish(monkeypatch, values)
    with pytest.raises(TypeError, match="`plain_values` asks for numbers, not for a function"):
        judge("plain_values", [])


# ---- what the answers are given ------------------------------------------------------------------------------------


def given(monkeypatch, model, value):
    """What an answer gets for an argument, where the checks call it with ``model``."""
    seen = []

    def calls_it(student, rng):
        """It is called."""
        student(model)

    made = handmade(calls_it, right={"one": lambda value: seen.append(value) or 1.0}, wrong={})
    publish(monkeypatch, made)
    judge(made.id, [])  # the calls of the checks are made once
    seen.clear()
    judge(made.id, [((value,), 1.0)])
    (got,) = seen
    return got


@pytest.mark.parametrize(
    ("model", "value", "dtype"),
    [
        (np.ones(2), [1, 2], float),
        (np.ones(2), (1.0, 2.0), float),
        (np.ones(2, np.float32), [1, 2], np.float32),
        (np.ones(2, np.float32), [1.5, 2.5], float),
        (np.ones(2, bool), [1, 0], bool),
        (np.ones(2, int), [1, 0], int),
        (np.ones(2, int), [True, False], bool),
        (np.ones(2), np.array([1, 2]), float),
    ],
    ids=repr,
)
def test_lists_and_arrays_become_what_the_checks_send(monkeypatch, model, value, dtype):
    got = given(monkeypatch, model, value)
    assert isinstance(got, np.ndarray)
    assert got.dtype == dtype
    assert got.tolist() == list(np.asarray(value))


def test_tensors_become_what_the_checks_send(monkeypatch):
    import torch

    got = given(monkeypatch, tensor([1.0, 2.0], np.float32), [1, 2])
    assert (got.dtype, got.tolist(), got.requires_grad) == (torch.float32, [1.0, 2.0], False)
    leaf = torch.tensor([1.0], requires_grad=True)
    got = given(monkeypatch, tensor([1.0]), leaf)
    assert got is not leaf
    assert (got.dtype, got.requires_grad, got.is_leaf) == (torch.float32, True, True)
    got = given(monkeypatch, np.ones(1), leaf)
    assert isinstance(got, np.ndarray)
    assert got.tolist() == [1.0]


@pytest.mark.parametrize(
    ("model", "value"),
    [
        (2.0, 3),
        (2.0, [1, 2]),
        ([1.0], [1, 2]),
        ({"a": 1.0}, {"a": 1}),
        (np.ones(2), {"a": 1}),
        (np.ones(2), "text"),
        (np.ones(2), [[1.0], [1.0, 2.0]]),
    ],
    ids=repr,
)
def test_everything_else_stays_as_it_is(monkeypatch, model, value):
    got = given(monkeypatch, model, value)
    assert (type(got), got) == (type(value), value)


def test_what_is_given_is_a_copy_all_the_way_down(monkeypatch):
    value = {"a": [np.ones(2), (np.ones(1),)]}
    got = given(monkeypatch, {}, value)
    got["a"][0][0] = 5.0
    got["a"][1][0][0] = 5.0
    got["a"].append(1)
    assert value["a"][0].tolist() == [1.0, 1.0]
    assert value["a"][1][0].tolist() == [1.0]
    assert len(value["a"]) == 2


# ---- words ---------------------------------------------------------------------------------------------------------


def report(*verdicts, mistakes=6, conceptual=4, let_through=2, conceptual_let_through=1, exercise="weighted_total"):
    examples = tuple(ExampleVerdict(Verdict(verdict), f"<b> about `{verdict}`") for verdict in verdicts)
    return ExamplesReport(
        exercise, "A title", "f(x)", examples, mistakes, conceptual, let_through, conceptual_let_through
    )


@pytest.mark.parametrize(
    ("verdicts", "line"),
    [
        ((), "A title: examples"),
        (("agrees",), "A title: 1 of 1 examples agrees with the right answers"),
        (("disagrees",), "A title: 0 of 1 examples agrees with the right answers"),
        (("agrees", "malformed"), "A title: 1 of 2 examples agree with the right answers"),
    ],
)
def test_the_headline_counts_the_examples(verdicts, line):
    assert headline(report(*verdicts)) == line


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (report("disagrees"), "No example agrees with the right answers yet, so none can tell a mistake from them."),
        (report("agrees", mistakes=0, let_through=0), "Your example agrees with the right answers."),
        (report("agrees", "agrees", mistakes=0), "Your 2 right examples agree with the right answers."),
        (
            report("agrees", "unclear", let_through=0),
            "Your example would stop every one of the 6 common mistakes that a value can show.",
        ),
        (
            report("agrees", "agrees"),
            "Your 2 right examples would let 2 of 6 common mistakes through, 1 of the 4 that misunderstand the idea. "
            "For which input would somebody with another idea of the exercise expect something else?",
        ),
    ],
    ids=["none agrees", "no mistake", "no mistake, two examples", "all stopped", "some let through"],
)
def test_the_summary_says_what_the_examples_are_worth(one, text):
    assert summary(one) == text


def test_without_an_example_the_summary_says_how_to_write_one():
    assert summary(report()) == how_to(report())
    assert 'examples("weighted_total", [((losses, weights), expected)])' in how_to(report())


def test_the_text_has_a_line_for_every_example_with_its_sign():
    one = report("agrees", "disagrees", "unclear", "malformed")
    assert as_text(one).splitlines() == [
        headline(one),
        "  ✓ example 1 agrees: <b> about `agrees`",
        "  ✗ example 2 disagrees: <b> about `disagrees`",
        "  ? example 3 unclear: <b> about `unclear`",
        "  ! example 4 malformed: <b> about `malformed`",
        f"  {summary(one)}",
    ]


def test_the_page_says_the_same_and_escapes_it():
    page = as_html(report("agrees", "malformed"))
    assert page.count("<li ") == 2
    assert '<span aria-hidden="true">!</span> <strong>example 2 malformed</strong>' in page
    assert "&lt;b&gt; about <code>malformed</code>" in page
    assert "<b>" not in page
    assert "1 of the 4 that misunderstand the idea" in page
    assert "<ul" not in as_html(report())
