"""A card is asked with exactly one right option, in another order each time, and says why after the answer."""

import random
from dataclasses import replace

import pytest

from autograder.quizzes import bank
from mtl_teach.learn.reviewing import cards
from mtl_teach.learn.reviewing.asking import BOTH, EVERY, NEITHER, NONE, ask
from mtl_teach.learn.reviewing.cards import Card
from tests.learn.reviewing.conftest import ASKED

TOTAL = Card("question/05/total", cards.QUESTION, ("05", "total"), 0, "")
GUESSED = Card("prediction/01-total", cards.PREDICTION, ("01-total",), 0, "", data=ASKED)
OWN = {
    "question": "What does your code return for `masked_mean([2, 4], [True, True])`?",
    "options": ["`2`", "`3`", "`6`"],
    "answer": "`3`",
    "why": ["`2` comes out with a known mistake.", "Your code returns `3`.", ""],
}
OWN_CODE = Card("own_code/masked_mean", cards.OWN_CODE, ("masked_mean",), 0, "", data=OWN)


def mistake(exercise, name):
    return Card(f"mistake/{exercise}/{name}", cards.MISTAKE, (exercise, name), 0, "")


def right_texts(asked):
    return [option.text for option in asked.options if option.correct]


def test_a_question_is_that_of_the_bank_with_other_numbers_and_its_explanations():
    asked = ask(TOTAL, random.Random(0))
    (question,) = [one for one in bank.load("05", 1).questions if one.id == "total"]
    assert (asked.where, asked.text, asked.code) == ("Quick test 5", question.text, "")
    assert sorted(asked.options, key=str) == sorted(question.options, key=str)
    assert asked.right == question.right


@pytest.mark.parametrize(
    "card", [TOTAL, GUESSED, OWN_CODE, mistake("masked_mean", "divides_by_batch_size")], ids=lambda card: card.kind
)
def test_the_right_option_is_alone_and_not_always_in_the_same_place(card):
    places = set()
    for seed in range(12):
        asked = ask(card, random.Random(seed))
        assert len(right_texts(asked)) == 1
        assert len({option.text for option in asked.options}) == len(asked.options)
        places.add(asked.options.index(asked.right))
    assert len(places) > 1


def test_a_prediction_asks_the_same_and_tells_the_first_guess_only_after_the_answer():
    asked = ask(GUESSED, random.Random(0))
    assert (asked.where, asked.text) == ("A prediction of lesson 1", "What is the *total*?")
    assert right_texts(asked) == ["2.5"]
    assert {option.text for option in asked.options} == {"1.25", "2.5", "4.25"}
    assert asked.right.why == "So it was in the run. Lesson 1 shows it. Your first guess was “4.25” (sure)."
    assert {option.why for option in asked.options if not option.correct} == {"It was not so in the run."}


def test_a_prediction_of_no_lesson_and_without_a_guess_says_less():
    data = {name: ASKED[name] for name in ("question", "options", "answer")}
    asked = ask(Card("prediction/x", cards.PREDICTION, ("x",), 0, "", data=data), random.Random(0))
    assert (asked.where, asked.right.why) == ("A prediction", "So it was in the run.")


def test_a_question_about_ones_own_code_asks_the_same_and_says_the_same_after_the_answer():
    asked = ask(OWN_CODE, random.Random(0))
    assert (asked.where, asked.text, asked.code) == ("Your own code", OWN["question"], "")
    assert asked.right.text == "`3`"
    assert {option.text: option.why for option in asked.options} == dict(zip(OWN["options"], OWN["why"]))


def test_what_speaks_of_the_other_options_comes_after_them():
    data = OWN | {"options": [BOTH, "the first", NEITHER, "the second"], "answer": "the first", "why": [""] * 4}
    for seed in range(6):
        texts = [option.text for option in ask(replace(OWN_CODE, data=data), random.Random(seed)).options]
        assert (set(texts[:2]), set(texts[2:])) == ({"the first", "the second"}, {BOTH, NEITHER})


@pytest.mark.parametrize("why", [None, "?", [], [1, None], ["a", "b", "c", "d", "e"]], ids=str)
def test_of_a_damaged_card_about_ones_own_code_the_question_stays(why):
    asked = ask(replace(OWN_CODE, data=OWN | {"why": why}), random.Random(0))
    assert sorted(option.text for option in asked.options) == OWN["options"]
    assert right_texts(asked) == ["`3`"]


def test_a_mistake_shows_its_code_and_asks_which_input_breaks_it():
    asked = ask(mistake("masked_mean", "divides_by_batch_size"), random.Random(0))
    assert asked.where == "Find the mistake"
    assert "For which of these inputs does `masked_mean` return something else than it should?" in asked.text
    assert asked.code.splitlines()[-1] == "    return filled(values, mask).sum() / known.sum().clamp(min=1)"
    assert [option.text for option in asked.options[3:]] == [EVERY, NONE]
    assert asked.right.text.startswith("`values = tensor([")
    assert "divided by *all* entries" in asked.right.why
    assert "and 2 is right" in asked.right.why or " is right" in asked.right.why
    others = [option for option in asked.options if not option.correct]
    assert not any("divided by *all*" in option.why or "divides" in option.text for option in others)


def test_a_mistake_that_every_input_shows_says_so_of_each():
    asked = ask(mistake("masked_mean", "inverted_mask"), random.Random(0))
    assert right_texts(asked) == [EVERY]
    assert all(option.why.endswith("is right; but not here alone.") for option in asked.options[:3])


def test_a_mistake_that_no_value_shows_says_none_of_them():
    asked = ask(mistake("masked_mean", "detached"), random.Random(0))
    assert right_texts(asked) == [NONE]
    assert all(option.why.endswith("as it should.") for option in asked.options[:3])
    assert asked.right.why.startswith("It goes wrong on none of the three. ")


@pytest.mark.parametrize(
    "card",
    [
        Card("question/77/total", cards.QUESTION, ("77", "total"), 0, ""),
        Card("question/05/gone", cards.QUESTION, ("05", "gone"), 0, ""),
        mistake("gone", "x"),
        mistake("masked_mean", "gone"),
        mistake("cv_predict_scaled", "fold_order"),
    ],
    ids=lambda card: card.id,
)
def test_what_is_gone_is_not_asked(card):
    assert ask(card, random.Random(0)) is None
