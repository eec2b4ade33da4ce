"""Every quick test is in the format, and a mistake in one is named with its place."""

import random
import re

import pytest

from autograder.quizzes import bank
from autograder.quizzes.bank import QuizError, all_quizzes, load, passed, quiz_id, read

OPTIONS = """
[[question.option]]
correct = true
value = "1 + 1"
why = "It is {value}."
[[question.option]]
show = "three"
why = "One too many."
"""


def question(number, options=OPTIONS):
    return f'[[question]]\nid = "q{number}"\ntext = "What is `1 + 1`?"\n{options}'


def quiz_file(*, setup="", count=7, first=None):
    questions = [question(number) for number in range(count)]
    if first is not None:
        questions[0] = first
    return f'title = "T"\nlesson = "05_x"\nsetup = """{setup}"""\n' + "\n".join(questions)


@pytest.fixture
def written(tmp_path):
    def make(text):
        path = tmp_path / f"{abs(hash(text))}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.mark.parametrize("number", all_quizzes())
def test_every_quick_test_has_seven_questions_with_explained_options(number):
    test = load(number)
    assert test.lesson.startswith(f"{number}_")
    assert len(test.questions) == 7
    for one in test.questions:
        assert sum(option.correct for option in one.options) == 1
        assert all(len(option.why.split()) >= 4 for option in one.options)


@pytest.mark.parametrize("number", all_quizzes())
def test_the_right_option_cannot_be_told_by_its_length(number):
    longest = [max(one.options, key=lambda option: len(option.text)).correct for one in load(number).questions]
    assert sum(longest) <= 5


@pytest.mark.parametrize("number", all_quizzes())
def test_no_name_is_left_open_in_any_text(number):
    for one in load(number).questions:
        for text in (one.text, *(part for option in one.options for part in (option.text, option.why))):
            assert not re.search(r"\{\w+(:[^}]*)?\}", text), text


def test_the_numbers_of_lesson_5_are_those_of_the_source_exercise():
    total = load("05").questions[0]
    assert [option.text for option in total.options][:2] == ["2.05", "1.03"]
    assert total.right.text == "2.05"


def test_the_numbers_of_lesson_8_are_those_of_the_source_exercise():
    assert load("08").questions[0].right.text == "0.66 and 1.62"


def test_options_are_computed_and_texts_filled_in(written):
    option = read(written(quiz_file())).questions[0].right
    assert (option.text, option.why) == ("2", "It is 2.")


def test_setup_names_and_misconceptions_are_at_hand(written):
    setup = "import torch\nwrong_sum = wrong('masked_mean', 'sum_without_a_mean')"
    options = OPTIONS.replace('"1 + 1"', '"float(wrong_sum(torch.ones(2), torch.ones(2) > 0))"')
    assert read(written(quiz_file(setup=setup, first=question(0, options)))).questions[0].right.text == "2.0"


def test_shuffling_changes_the_order_and_nothing_else():
    test = load("05")
    orders = {tuple(one.id for one in test.shuffled(random.Random(seed)).questions) for seed in range(10)}
    assert len(orders) > 5
    mixed = test.shuffled(random.Random(1))
    assert {one.id: set(one.options) for one in mixed.questions} == {one.id: set(one.options) for one in test.questions}


def test_the_score_counts_right_options_and_ignores_open_ones():
    test = load("05").shuffled(random.Random(0))
    right = [one.options.index(one.right) for one in test.questions]
    assert test.score(right) == 7
    assert test.score([None, *right[1:]]) == 6
    assert test.score([(index + 1) % len(one.options) for index, one in zip(right, test.questions)]) == 0


def test_five_of_seven_pass():
    assert [passed(score) for score in range(8)] == [False] * 5 + [True] * 3


@pytest.mark.parametrize("name", [5, "5", "05", "05_missing_labels"])
def test_a_quick_test_is_found_by_its_number_or_its_lesson(name):
    assert quiz_id(name) == "05"


def test_an_unknown_quick_test_names_those_there_are():
    with pytest.raises(QuizError, match=r"There is no quick test `99`; there are: .*05"):
        load("99")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("title = ", "is not TOML"),
        (quiz_file(count=6), "a quick test has 7 questions; got 6"),
        (quiz_file(first=question(1)), "the `id` of each question is its own"),
        (quiz_file(setup="1 / 0"), "`setup` stops with ZeroDivisionError"),
        (quiz_file(setup="wrong('masked_mean', 'nobody')"), "has no misconception `nobody`; it has"),
        (quiz_file(first=question(0, OPTIONS.replace("correct = true", ""))), "exactly one option is correct; got 0"),
        (
            quiz_file(first=question(0, OPTIONS.replace('show = "three"', 'show = "2"'))),
            r"question 1 \(q0\): two options read the same",
        ),
        (quiz_file(first=question(0, OPTIONS.split("[[question.option]]\nshow")[0])), "2 to 5 options; got 1"),
        (quiz_file(first=question(0, OPTIONS.replace('"1 + 1"', '"1 +"'))), r"option 1: `1 \+` stops with SyntaxError"),
        (quiz_file(first=question(0, OPTIONS.replace("{value}", "{valeu}"))), "`why` cannot be filled in"),
        (quiz_file(first=question(0, OPTIONS.replace("why =", "because ="))), r"unknown key \['because'\]"),
        (quiz_file(first=question(0).replace("text =", "txet =")), r"unknown key \['txet'\]"),
        (quiz_file(first=question(0, OPTIONS.replace('"three"', '" "'))), "`show` is missing or empty"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(written, text, match):
    path = written(text)
    with pytest.raises(QuizError, match=match) as caught:
        read(path)
    assert str(caught.value).startswith(path.name)


def test_a_claim_that_is_computed_decides_which_option_is_right(written):
    options = OPTIONS.replace("correct = true", 'correct = "value == 2"')
    assert read(written(quiz_file(first=question(0, options)))).questions[0].right.text == "2"
    options = options.replace("value == 2", "value == 3")
    with pytest.raises(QuizError, match="exactly one option is correct; got 0"):
        read(written(quiz_file(first=question(0, options))))


def test_the_format_in_the_documentation_is_the_format(written):
    example = bank.__doc__.split("::\n", 1)[1].split("``setup``")[0]
    text = "\n".join(line.removeprefix("    ") for line in example.splitlines())
    more = "\n".join(question(number) for number in range(6))
    test = read(written(f"{text}\n{more}"))
    assert test.questions[0].right.text == "2.05"
