from autograder.desk.banks.item import bank_of
from autograder.quizzes import bank as quick_tests
from autograder.quizzes.bank import Option, Question, Quiz
from autograder.quizzes.question import questions_of
from tests.autograder.desk.banks.made import quiz


def test_options_stand_in_the_order_of_the_assignment():
    read = quick_tests.load("05")
    for item, exercise in zip(bank_of(read).items, questions_of(read)):
        assert [choice.text for choice in item.choices] == [option.text for option in exercise.options]
        assert [choice.right for choice in item.choices] == [option.correct for option in exercise.options]


def test_every_option_has_its_own_feedback_and_the_explanation_names_the_right_one():
    (item,) = bank_of(quiz(("Which?", "this", "that"))).items
    assert {choice.text: choice.feedback for choice in item.choices} == {"this": "why this", "that": "why that"}
    assert item.explanation == "Right is “this”. why this"


def test_names_and_tags_are_words_whatever_the_bank_calls_a_question():
    options = (Option("a", "a", True), Option("b", "b", False))
    made = Quiz("11", "Who\n shares", "11_who::shares]", (Question("why: {it} <is>_so" * 5, "?", options, "0"),))
    (item,) = bank_of(made).items
    assert item.name.startswith("qt11.1 why it is sowhy it is so")
    assert item.tags[0] == "11_who shares"
    assert len(item.tags[1]) <= 50
    assert bank_of(made).title == "Quick test 11: Who shares"


def test_what_a_text_hides_is_written_out():
    (item,) = bank_of(quiz(("a\x1bb\u202ec\uffffd\n", "x", "y"))).items
    assert item.text == r"a\x1bb\u202ec" + "\ufffdd"
