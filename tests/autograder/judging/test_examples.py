"""Examples before code: what they are told, what they are worth, and what is never given away."""

import importlib
import math
import re
import subprocess
import sys

import numpy as np
import pytest
import torch

import autograder
from autograder import exercises
from autograder.engine.inside.channel import Opaque
from autograder.engine.outcome import AnswerError
from autograder.judging.examples import NEARLY, ROUNDING, agrees, calls_of_the_checks, judge
from autograder.judging.smallest import libraries_of
from autograder.render import (
    examples_as_html,
    examples_as_text,
    examples_headline,
    examples_summary,
    how_to_write_examples,
)
from autograder.results import Agreement, ExamplesReport, ExampleVerdict
from autograder.testing import Alternative, assert_close, misconception
from tests import scenarios
from tests.handmade import handmade, publish

NAN, INF = float("nan"), float("inf")
GOOD = (([1.0, 2.0, 6.0], [False, True, True]), 4.0)


def verdicts(exercise, *cases):
    return [one.verdict for one in judge(exercise, list(cases)).examples]


@pytest.mark.parametrize(
    ("exercise", "args", "expected"),
    [
        pytest.param("masked_mean", (torch.tensor([2.0, 5.0]), torch.tensor([True, False])), 2, id="tensors"),
        pytest.param("masked_mean", (np.array([2.0, 5.0]), np.array([True, False])), 2.0, id="arrays"),
        pytest.param("masked_mean", ([2, 5], [1, 0]), torch.tensor(2.0), id="lists of whole numbers"),
        pytest.param("masked_mean", ([NAN, 3.0, 7.0], [0, 1, 1]), 5.0, id="a hidden NaN"),
        pytest.param("exact_penalty_lambda", ([0.5, 0.4], [40, 60], 50), 0.01, id="lists for a NumPy exercise"),
        pytest.param(
            "exact_penalty_lambda", (torch.tensor([0.5, 0.4]), [40, 60], 50), 0.01, id="a tensor for a NumPy exercise"
        ),
        pytest.param("exact_penalty_lambda", ([0.5], [60.0], 50.0), float("inf"), id="infinity"),
        pytest.param("weighted_total", ({"a": 1.0}, {"b": 2.0}), KeyError, id="an error class"),
        pytest.param("weighted_total", ({"a": 1.0}, {"b": 2.0}), LookupError, id="a base of the error's class"),
        pytest.param(
            "multitask_masked_mse", ([[1, 2]], [[3, 1]], [[1, 1]], [2, 0.5]), (8.5, [4, 1]), id="a ragged pair"
        ),
        pytest.param("mean_predictor_loss", [[1.0, 2.0], [3.0, 2.0]], [1.0, 0.0], id="one argument without a tuple"),
        pytest.param("mean_predictor_loss", ([[1.0, 2.0], [3.0, 2.0]],), np.array([1, 0]), id="one in a tuple"),
        pytest.param("masked_bce_with_logits", ([0.0], [1.0], [True]), 0.693, id="three digits of a logarithm"),
    ],
)
def test_a_right_example_agrees(exercise, args, expected):
    assert verdicts(exercise, (args, expected)) == [Agreement.AGREES]


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        (1.75, "something else"),
        (3.99, "three digits"),
        ([4.0], r"shape \(1,\)"),
        (KeyError, "raise no such error"),
        (None, "something else|shape"),
        ("4", "something else|shape"),
    ],
)
def test_a_wrong_example_disagrees_and_says_in_what_way(expected, says):
    (one,) = judge("masked_mean", [(GOOD[0], expected)]).examples
    assert one.verdict is Agreement.DISAGREES
    assert re.search(says, one.text)


def test_the_right_value_is_never_given_away():
    report = judge("masked_mean", [(([1.5, 2.25], [True, True]), 99.0)])
    assert "1.875" not in examples_as_text(report) + examples_as_html(report)


def test_an_input_on_which_right_answers_stop_is_unclear():
    (one,) = judge("masked_mean", [(([1.0, 2.0, 6.0], [True, False]), 1.0)]).examples
    assert one.verdict is Agreement.UNCLEAR
    assert "IndexError" in one.text


def test_an_input_on_which_right_answers_disagree_is_unclear(monkeypatch):
    exercise = exercises.load("latency_objective")
    first = exercise.alternatives["formula"]
    disagreeing = {"one": first, "other": Alternative(lambda *args: first(*args) + 1.0, "one more")}
    monkeypatch.setitem(exercise.__dict__, "alternatives", disagreeing)
    (one,) = judge("latency_objective", [((0.5, 30.0, 20.0, 0.01), 0.6)]).examples
    assert one.verdict is Agreement.UNCLEAR
    assert "disagree" in one.text


@pytest.mark.parametrize(
    "case",
    [3, ((1.0,),), (([1.0], [True]), 1.0, "extra"), (([1.0],), 1.0), (([1.0], [True], [True]), 1.0)],
    ids=["a number", "no expected value", "a triple", "an argument missing", "an argument too many"],
)
def test_a_malformed_example_shows_how_one_is_written(case):
    (one,) = judge("masked_mean", [case]).examples
    assert one.verdict is Agreement.MALFORMED
    assert "((values, mask), expected)" in one.text


def test_without_examples_it_says_how_to_write_one():
    text = examples_as_text(judge("masked_mean", []))
    assert 'examples("masked_mean", [((values, mask), expected)])' in text
    assert "mistakes" not in text


def test_more_telling_examples_let_fewer_mistakes_through():
    weak = (([2.0, 5.0], [True, False]), 2.0)
    counts = [
        judge("masked_mean", cases).let_through
        for cases in ([], [weak], [weak, GOOD], [weak, GOOD, (([NAN, 1.0], [0, 0]), 0.0)])
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > counts[2] > counts[3]


def test_an_example_that_disagrees_tells_nothing_apart():
    report = judge("masked_mean", [(GOOD[0], 3.0)])
    assert report.agreeing == 0
    assert report.let_through == report.mistakes
    assert "No example agrees" in examples_as_text(report)


def test_mistakes_that_no_value_can_show_are_not_counted():
    names = {"detached", "fills_in_place", "where_after_the_arithmetic"}
    known = exercises.load("masked_mean").misconceptions
    assert names <= set(known)
    assert judge("masked_mean", []).mistakes <= len(known) - len(names)


def test_a_set_that_stops_every_mistake_is_told_so():
    cases = [
        (([2.0, 5.0, 8.0], [True, False, True]), 5.0),
        (([NAN, 3.0, 7.0], [False, True, True]), 5.0),
        (([math.inf, 3.0, 7.0], [False, True, True]), 5.0),
        (([0.0, 4.0, 8.0], [True, True, False]), 2.0),
        (([4.0, 8.0], [False, False]), 0.0),
        (([NAN, 8.0], [False, False]), 0.0),
    ]
    report = judge("masked_mean", cases)
    assert report.let_through == report.conceptual_let_through == 0
    assert f"every one of the {report.mistakes} common mistakes" in examples_as_text(report)


def test_conceptual_mistakes_are_counted_apart():
    report = judge("masked_mean", [(([2.0, 5.0], [True, False]), 2.0)])
    assert 0 < report.conceptual < report.mistakes
    assert report.conceptual_let_through <= report.let_through
    assert f"{report.conceptual_let_through} of the {report.conceptual} that misunderstand" in examples_as_text(report)


def test_the_caller_keeps_its_inputs():
    values, mask = torch.tensor([NAN, 1.0], requires_grad=True), torch.tensor([False, True])
    judge("masked_mean", [((values, mask), 1.0)])
    assert values.isnan().tolist() == [True, False]
    assert values.grad is None


def test_html_says_what_the_text_says_and_escapes_it():
    report = judge("masked_mean", [GOOD, (GOOD[0], "<script>")])
    page = examples_as_html(report)
    assert page.startswith('<section class="mtl-examples"')
    assert "<script>" not in page
    assert page.count("<li ") == 2
    assert "example 1 agrees" in page


def test_examples_shows_its_report_and_gives_nothing_back(capsys):
    assert autograder.examples("masked_mean", [GOOD]) is None
    assert capsys.readouterr().out == examples_as_text(judge("masked_mean", [GOOD])) + "\n"


def test_in_a_notebook_the_report_is_shown_as_html_and_as_text(monkeypatch):
    shown = []
    monkeypatch.setattr(importlib.import_module("autograder.api"), "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    autograder.examples("masked_mean", [GOOD])
    report = judge("masked_mean", [GOOD])
    assert shown == [{"text/html": examples_as_html(report), "text/plain": examples_as_text(report)}]


def test_the_public_name_is_the_function_even_after_its_module_was_imported():
    code = "import autograder.judging.examples, autograder; assert callable(autograder.examples)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_exercise_is_named():
    with pytest.raises(exercises.UnknownExercise, match="Did you mean `masked_mean`"):
        judge("masked_meen", [])


def test_an_exercise_of_plain_variables_has_no_examples():
    with pytest.raises(TypeError, match="`source_exercise_1` asks for numbers, not for a function"):
        judge("source_exercise_1", [])


def test_cases_must_be_a_list():
    with pytest.raises(TypeError, match="`cases` must be a list of examples; got dict"):
        judge("masked_mean", {})


@pytest.mark.parametrize(
    ("expected", "outcome", "same"),
    [
        ({"a": 1.0}, {"a": np.float32(1.0)}, True),
        ({"a": 1.0}, {"b": 1.0}, False),
        ({"a": 1.0}, 1.0, False),
        ([1.0, NAN], np.array([1.0, NAN]), True),
        (True, np.True_, True),
        (1.0, AnswerError("KeyError"), False),
        (ValueError, AnswerError("KeyError"), False),
        (KeyError, 1.0, False),
        ((1.0, [2.0, 3.0]), (1.0, [2.0, 3.0]), True),
        ((1.0, [2.0, 3.0]), (1.0, [2.0]), False),
        (None, None, True),
        (0.0, 1e-3, False),
    ],
)
def test_agreement_is_about_values_not_containers(expected, outcome, same):
    assert agrees(expected, outcome) is same


@pytest.mark.parametrize("exercise", [one.id for one in exercises.all_exercises() if not one.values])
def test_every_exercise_counts_its_mistakes_without_an_example(exercise):
    report = judge(exercise, [])
    assert report.let_through == report.mistakes > 0


# ---- an exercise by hand --------------------------------------------------------------------------------------------


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
        arguments=(("values", "array of float64"),),
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


def test_a_family_is_one_mistake_stopped_only_where_each_member_that_a_value_can_show_is(monkeypatch):
    @misconception(
        "It adds {what:g}.", caught_by="is_added_up", family={"what": (1.0, 0.01, 0.0), "spares_one": (0, 1)}
    )
    def adds(values, *, what=1.0, spares_one=0):
        return total(values) + what * (not spares_one or len(values) > 1)

    made = handmade(
        *(is_added_up, a_list_is_added_up),
        wrong={"adds": adds},
        right={"numpy": total},
        signature="answer(values)",
        arguments=(("values", "array of float64"),),
    )
    publish(monkeypatch, made)
    stops_some, stops_the_large, stops_all = ([1.0], 1.0), ([500.0, 500.0], 1000.0), ([1.0, 1.0], 2.0)
    assert counts(judge(made.id, [])) == (1, 0, 1, 0)
    assert counts(judge(made.id, [stops_some])) == (1, 0, 1, 0)
    assert counts(judge(made.id, [stops_some, stops_the_large])) == (1, 0, 1, 0)
    assert counts(judge(made.id, [stops_some, stops_all])) == (1, 0, 0, 0)


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
        (1.0, AnswerError("KeyError"), False),
        (KeyError, AnswerError("KeyError"), True),
        (LookupError, AnswerError("KeyError"), True),
        (Exception, AnswerError("KeyError"), True),
        (KeyError, AnswerError("IndexError"), False),
        (KeyError, AnswerError("LookupError"), False),
        (Exception, AnswerError("Timeout"), False),
        (Exception, AnswerError("print"), False),
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
    assert error.verdict is Agreement.UNCLEAR
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
    assert one(refusing, -1.0, ValueError).verdict is Agreement.AGREES
    assert one(refusing, -1.0, KeyError).verdict is Agreement.DISAGREES
    assert one(refusing, -1.0, -0.5).verdict is Agreement.UNCLEAR


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
    assert example == ExampleVerdict(Agreement.MALFORMED, "An example is a pair: ((values,), expected).")


def adds_two(student, rng):
    """Two numbers are added."""
    assert_close(student(1.0, 2.0), 3.0)


@pytest.fixture
def adding_two(monkeypatch):
    made = handmade(
        adds_two,
        right={"plus": lambda a, b: a + b},
        wrong={"first": lambda a, b: a},
        signature="answer(a, b=1)",
        arguments=(("a", "as given"), ("b", "as given")),
    )
    publish(monkeypatch, made)
    return made


@pytest.mark.parametrize("args", [(1, 2, 3), (1,), 1, [1, 2, 3], [1], ()], ids=repr)
def test_arguments_that_do_not_fit_are_told_the_signature(adding_two, args):
    example = one(adding_two, args, 4)
    assert example.verdict is Agreement.MALFORMED
    assert example.text == "The arguments do not fit `answer(a, b=1)`; an example is a pair: ((a, b), expected)."


def test_a_pair_and_its_arguments_may_be_lists(adding_two):
    fitting = [((1, 2), 3), ([1, 2], 3), [(1, 2), 3], [[1, 2], 3]]
    assert [verdict.verdict for verdict in judge(adding_two.id, fitting).examples] == ["agrees"] * 4


def test_an_argument_that_is_itself_a_list_is_one_argument(adding):
    for args in ([2.0, 3.0], ([2.0, 3.0],), np.array([2.0, 3.0]), ((2.0, 3.0),), [2, 3], [5.0]):
        assert one(adding, args, 5.0).verdict is Agreement.AGREES


def test_cases_are_a_list_and_the_answer_a_function(adding, monkeypatch):
    assert judge(adding.id, (([1.0], 1.0),)).agreeing == 1
    with pytest.raises(TypeError, match="`cases` must be a list of examples; got str"):
        judge(adding.id, "text")
    values = handmade(is_added_up, values=True, name="plain_values")
    publish(monkeypatch, values)
    with pytest.raises(TypeError, match="`plain_values` asks for numbers, not for a function"):
        judge("plain_values", [])


# ---- what the answers are given ------------------------------------------------------------------------------------


def given(monkeypatch, kind, value):
    """What an answer gets for an argument, where it is called with one of this kind."""
    seen = []

    def calls_it(student, rng):
        """It is called."""
        student(0.0)

    made = handmade(
        calls_it, right={"one": lambda value: seen.append(value) or 1.0}, wrong={}, arguments=(("value", kind),)
    )
    publish(monkeypatch, made)
    judge(made.id, [])  # the calls of the checks are made once
    seen.clear()
    judge(made.id, [((value,), 1.0)])
    (got,) = seen
    return got


@pytest.mark.parametrize(
    ("kind", "value", "dtype"),
    [
        ("array of float64", [1, 2], float),
        ("array of float64", (1.0, 2.0), float),
        ("array of float32", [1, 2], np.float32),
        ("array of float32", [1.5, 2.5], float),
        ("array of bool", [1, 0], bool),
        ("array of int64", [1, 0], int),
        ("array of int64", [True, False], bool),
        ("array of float64", np.array([1, 2]), float),
        ("array of float64", 3, float),
    ],
    ids=repr,
)
def test_numbers_lists_and_arrays_become_what_the_exercise_is_called_with(monkeypatch, kind, value, dtype):
    got = given(monkeypatch, kind, value)
    assert isinstance(got, np.ndarray)
    assert got.dtype == dtype
    assert got.tolist() == np.asarray(value).tolist()


def test_tensors_become_what_the_exercise_is_called_with(monkeypatch):
    got = given(monkeypatch, "tensor of float32", [1, 2])
    assert (got.dtype, got.tolist(), got.requires_grad) == (torch.float32, [1.0, 2.0], False)
    leaf = torch.tensor([1.0], requires_grad=True)
    got = given(monkeypatch, "tensor of float64", leaf)
    assert got is not leaf
    assert (got.dtype, got.requires_grad, got.is_leaf) == (torch.float32, True, True)
    got = given(monkeypatch, "array of float64", leaf)
    assert isinstance(got, np.ndarray)
    assert got.tolist() == [1.0]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("as given", 3),
        ("as given", [1, 2]),
        ("as given", {"a": 1}),
        ("array of float64", {"a": 1}),
        ("array of float64", "text"),
        ("tensor of float64", "text"),
        ("array of float64", [[1.0], [1.0, 2.0]]),
    ],
    ids=repr,
)
def test_everything_else_stays_as_it_is(monkeypatch, kind, value):
    got = given(monkeypatch, kind, value)
    assert (type(got), got) == (type(value), value)


def test_what_is_given_is_a_copy_all_the_way_down(monkeypatch):
    value = {"a": [np.ones(2), (np.ones(1),)]}
    got = given(monkeypatch, "as given", value)
    got["a"][0][0] = 5.0
    got["a"][1][0][0] = 5.0
    got["a"].append(1)
    assert value["a"][0].tolist() == [1.0, 1.0]
    assert value["a"][1][0].tolist() == [1.0]
    assert len(value["a"]) == 2


# ---- words ---------------------------------------------------------------------------------------------------------


def report(*verdicts, mistakes=6, conceptual=4, let_through=2, conceptual_let_through=1, exercise="weighted_total"):
    examples = tuple(ExampleVerdict(Agreement(verdict), f"<b> about `{verdict}`") for verdict in verdicts)
    return ExamplesReport(
        *(exercise, "A title", "f(x)", "((losses, weights), expected)", examples),
        *(mistakes, conceptual, let_through, conceptual_let_through),
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
    assert examples_headline(report(*verdicts)) == line


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
    assert examples_summary(one) == text


def test_without_an_example_the_summary_says_how_to_write_one():
    assert examples_summary(report()) == how_to_write_examples(report())
    assert 'examples("weighted_total", [((losses, weights), expected)])' in how_to_write_examples(report())


def test_the_text_has_a_line_for_every_example_with_its_sign():
    one = report("agrees", "disagrees", "unclear", "malformed")
    assert examples_as_text(one).splitlines() == [
        examples_headline(one),
        "  ✓ example 1 agrees: <b> about `agrees`",
        "  ✗ example 2 disagrees: <b> about `disagrees`",
        "  ? example 3 unclear: <b> about `unclear`",
        "  ! example 4 malformed: <b> about `malformed`",
        f"  {examples_summary(one)}",
    ]


def test_the_page_says_the_same_and_escapes_it():
    page = examples_as_html(report("agrees", "malformed"))
    assert page.count("<li ") == 2
    assert '<span aria-hidden="true">!</span> <strong>example 2 malformed</strong>' in page
    assert "&lt;b&gt; about <code>malformed</code>" in page
    assert "<b>" not in page
    assert "1 of the 4 that misunderstand the idea" in page
    assert "<ul" not in examples_as_html(report())


def test_a_right_answer_whose_library_is_not_there_is_not_asked(monkeypatch):
    case = (([0.5, 0.4], [40, 60], 50), 0.01)
    assert "torch" in libraries_of(exercises.load("exact_penalty_lambda").alternatives["all_pairs"])
    monkeypatch.setitem(sys.modules, "torch", None)
    assert verdicts("exact_penalty_lambda", case) == [Agreement.AGREES]
