"""A known mistake as short code that does not say what is wrong with it, and inputs that really show or hide it."""

import ast
import random

import pytest

from autograder import exercises
from autograder.judging.answers import LocalAnswer
from autograder.judging.diagnosis import same_outcome
from autograder.testing import Probe
from mtl_teach.learn.reviewing import mistakes

SHOWN = [
    name for name in exercises.all_ids() if not exercises.load(name).values and name not in mistakes.NO_SHORT_INPUTS
]
FEW = 2  # mistakes of an exercise that a test runs


def some(exercise):
    """A few mistakes of an exercise, always the same ones."""
    names = sorted(exercises.load(exercise).misconceptions)
    return random.Random(exercise).sample(names, FEW)


def test_the_code_has_the_name_that_was_asked_for_and_nothing_that_names_the_mistake():
    code = mistakes.code_of("masked_mean", "divides_by_batch_size")
    assert code == (
        "def filled(values, mask):\n"
        "    return torch.where(mask, values, torch.zeros_like(values))\n"
        "\n"
        "def masked_mean(values, mask):\n"
        "    counted = 'entries'\n"
        "    known = {'entries': torch.ones_like(mask), 'not NaN': ~values.isnan(), "
        "'finite': values.isfinite()}[counted]\n"
        "    return filled(values, mask).sum() / known.sum().clamp(min=1)"
    )


@pytest.mark.parametrize("exercise", SHOWN)
def test_nearly_every_known_mistake_is_short_code_that_can_be_read(exercise):
    entry = exercises.load(exercise).entries[0]
    known = exercises.load(exercise).misconceptions
    shown = {name: code for name in known if (code := mistakes.code_of(exercise, name))}
    assert len(shown) > 0.95 * len(known)
    for name, code in shown.items():
        assert 1 < len(code.splitlines()) <= mistakes.LONGEST_CODE, name
        functions = [part for part in ast.parse(code).body if isinstance(part, ast.FunctionDef)]
        assert functions[-1].name == entry
        assert name not in [part.name for part in functions]
        assert not any(part.decorator_list or ast.get_docstring(part) for part in functions)
        assert mistakes.can_be_shown(exercise, name)


@pytest.mark.parametrize("exercise", SHOWN)
def test_the_code_that_is_shown_makes_the_mistake(exercise):
    one = exercises.load(exercise)
    for name in some(exercise):
        if not mistakes.code_of(exercise, name):
            continue
        wrong = one.misconceptions[name]
        space = vars(__import__(f"autograder.exercises.{exercise}.misconceptions", fromlist=["x"])).copy()
        exec(mistakes.code_of(exercise, name), space)
        for probe in (probe for probe in one.probes() if probe.scenario is None):
            shown, known = (
                next(LocalAnswer.of(one, answer).outcomes([Probe(probe.args)]))
                for answer in (space[one.entries[0]], wrong)
            )
            assert same_outcome(shown, known), (name, probe)


@pytest.mark.parametrize("exercise", SHOWN)
def test_there_are_three_inputs_of_which_one_all_or_none_show_the_mistake(exercise):
    for name in some(exercise):
        found = mistakes.cases(exercise, name, random.Random(1))
        assert len({case.text for case in found}) == mistakes.SHOWN, name
        assert sum(case.differs for case in found) in (0, 1, 3)
        for case in found:
            assert len(case.text) <= mistakes.LONGEST_INPUT
            assert case.differs or case.wrong == case.right


def test_an_input_is_written_as_arguments_and_what_both_answers_give_is_told():
    found = mistakes.cases("masked_mean", "divides_by_batch_size", random.Random(0))
    (shows,) = [case for case in found if case.differs]
    assert shows.text.startswith("values = tensor([")
    assert ", mask = tensor([" in shows.text
    assert float(shows.wrong) != float(shows.right)


def test_a_mistake_that_stops_says_with_what():
    texts = {
        case.wrong
        for seed in range(20)
        for case in mistakes.cases("weighted_total", "average_of_the_losses", random.Random(seed))
    }
    assert not any("AnswerError" in text for text in texts)
    assert mistakes.said(mistakes.AnswerError("KeyError", "'price'")) == "stops with KeyError"


@pytest.mark.parametrize("exercise", sorted(mistakes.NO_SHORT_INPUTS))
def test_an_exercise_without_short_inputs_shows_no_mistake(exercise):
    for name in some(exercise):
        assert not mistakes.can_be_shown(exercise, name)
        assert not mistakes.code_of(exercise, name) or mistakes.cases(exercise, name, random.Random(0)) == []


@pytest.mark.parametrize(
    ("exercise", "name"),
    [("gone", "x"), ("masked_mean", "gone"), ("masked_mean", "filled_"), ("source_exercise_1", "x"), ("../x", "y")],
)
def test_what_the_course_no_longer_has_cannot_be_shown(exercise, name):
    assert not mistakes.can_be_shown(exercise, name)
