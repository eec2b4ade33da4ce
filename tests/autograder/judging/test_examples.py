"""Examples before code: what they are told, and what they are not."""

import importlib
import re
import subprocess
import sys

import numpy as np
import pytest
import torch

import autograder
from autograder import exercises
from autograder.engine.outcome import AnswerError
from autograder.judging.examples import agrees, judge
from autograder.render import examples_as_html, examples_as_text
from autograder.results import Agreement
from autograder.testing import Alternative

NAN = float("nan")
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
        (([4.0, 8.0], [False, False]), 0.0),
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
