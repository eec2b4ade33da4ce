"""Wrong answers in piles, and the one answer of a pile that is shown."""

from pathlib import Path

import pytest

from autograder.desk.reporting.gather import gather
from autograder.desk.reporting.piles import MAX_LINES, Kind, example_of, piles_of, short
from autograder.grading.names import Names
from autograder.results import Verdict
from tests.autograder.by_hand import checked, result
from tests.autograder.desk.reporting.small_class import MEAN, SET, WRONG, hand_in, not_begun, right, wrong

KEY = (SET, MEAN)
NONE = Names(Path("names.toml"), "")
TWO = result(
    checked(Verdict.FAILED, "test_value", 4.0, misconception="sums_up", message="A sum."),
    checked(Verdict.FAILED, "test_gradient", 2.0, misconception="detached", message="No gradient."),
    checked(Verdict.PASSED, "test_shape", 3.0),
)


def test_known_mistakes_and_equal_behaviours_are_piles_and_right_answers_are_none():
    answers = [
        ("ada", wrong("sums_up", "aaaaaaaaaaaa")),
        ("bob", wrong("", "bbbbbbbbbbbb", points=3.0)),
        ("cleo", wrong("", "bbbbbbbbbbbb", points=3.0)),
        ("dan", wrong()),  # it ran out of time: nothing could be asked
        ("eve", right()),
        ("fay", not_begun()),
    ]
    found = piles_of(KEY, answers, NONE)
    assert [(pile.kind, pile.id, len(pile.answers), pile.points_lost) for pile in found] == [
        (Kind.UNNAMED, "bbbbbbbbbbbb", 2, 12.0),
        (Kind.KNOWN, "sums_up", 1, 9.0),
    ]
    assert [pile.title for pile in found] == ["a mistake without a name", "sums up"]
    assert [pile.message for pile in found] == ["", "About sums_up."]


def test_what_the_course_says_of_a_behaviour_comes_before_a_known_mistake():
    told = f'[wrong.{MEAN}.bbbbbbbbbbbb]\ntitle = "Counts rows"\nmessage = "You counted rows."\n'
    answers = [("ada", wrong("sums_up", "bbbbbbbbbbbb")), ("bob", wrong("", "bbbbbbbbbbbb"))]
    (found,) = piles_of(KEY, answers, Names(Path("names.toml"), told))
    assert (found.kind, found.title, found.message) == (Kind.NAMED, "Counts rows", "You counted rows.")
    assert [student for student, _ in found.answers] == ["ada", "bob"]


def test_two_mistakes_share_what_the_answer_lost():
    found = piles_of(KEY, [("ada", TWO), ("bob", wrong("sums_up"))], NONE)
    assert [(pile.id, len(pile.answers), pile.points_lost) for pile in found] == [
        ("sums_up", 2, 3.0 + 9.0),
        ("detached", 1, 3.0),
    ]


def test_the_commonest_wording_of_a_message_is_told():
    said = ["You have 3.", "You have 2.", "You have 2."]
    answers = [(str(place), wrong("sums_up", message=text)) for place, text in enumerate(said)]
    assert piles_of(KEY, answers, NONE)[0].message == "You have 2."


@pytest.fixture
def three(small):
    """Three answers that are wrong in the same way, of different length."""
    longer = "def masked_mean(values, mask):\n    found = values.mean()\n    return found\n"
    for student, code in (("ada", longer), ("bob", WRONG), ("cleo", "def (")):
        hand_in(small, student, wrong("sums_up", got=f"2, by {student}"), answers={MEAN: code})
    return small


def shown(course, names=True, **which):
    gathered = gather(course, names=names)
    return example_of(gathered, KEY, gathered.answers[KEY], **which)


def test_the_shortest_answer_is_shown_with_its_own_input(three):
    found = shown(three)
    assert found.code == WRONG.strip()
    one = found.counterexample
    assert (one.inputs, one.expected, one.got) == ({"values": "[1, 3]", "mask": "[True, False]"}, "1", "2, by bob")
    assert (one.sentence, one.summary) == ("The value is right.", "The mean is not what was expected.")


def test_without_names_the_words_of_an_answer_are_not_told(three):
    one = shown(three, names=False).counterexample
    assert (one.expected, one.got, one.summary) == ("1", "2, … …", "")


def test_without_names_nothing_is_shown_that_one_student_wrote(small):
    hand_in(small, "ada", wrong("sums_up"), answers={MEAN: WRONG})
    assert shown(small).code == WRONG.strip()
    hidden = shown(small, names=False)
    assert (hidden.code, hidden.counterexample) == ("", None)


def test_without_names_numbers_of_ones_own_are_not_shown(small):
    for student in ("ada", "bob"):
        hand_in(small, student, wrong("sums_up"), answers={MEAN: WRONG}, numbers={MEAN: {"a": 1.5}})
    assert shown(small).counterexample.expected == "1"
    assert shown(small, names=False).counterexample is None


def test_where_no_code_can_be_read_an_input_is_still_shown(small):
    hand_in(small, "ada", wrong("sums_up", inputs=None, expected="", got=""), answers={MEAN: "def ("})
    hand_in(small, "bob", wrong("sums_up"), answers={MEAN: "def ("})
    found = shown(small)
    assert found.code == ""
    assert found.counterexample.summary == "The mean is not what was expected."


def test_the_input_is_that_of_the_check_or_the_mistake_that_is_asked_for(small):
    made = result(
        checked(Verdict.FAILED, "test_value", got="first"),
        checked(Verdict.FAILED, "test_gradient", got="second", misconception="detached"),
        checked(Verdict.SKIPPED, "test_shape"),
    )
    hand_in(small, "ada", made, answers={MEAN: WRONG})
    assert shown(small).counterexample.got == "first"
    assert shown(small, check="test_gradient").counterexample.got == "second"
    assert shown(small, mistake="detached").counterexample.got == "second"
    assert shown(small, check="test_shape").counterexample.got == "first"


def test_nobodys_answer_has_no_example(small):
    assert example_of(gather(small), KEY, []).counterexample is None


def test_an_example_is_as_long_as_a_slide():
    lines = [str(number) for number in range(MAX_LINES + 1)]
    assert short("\n".join(lines[:-1])).split("\n") == lines[:-1]
    assert short("\n".join(lines)).split("\n") == [*lines[:-1], "…"]
