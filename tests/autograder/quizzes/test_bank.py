"""The bank of a quick test: what may stand in its file, and what its version follows."""

import itertools
import random
import re

import pytest

from mtl_teach.learn import quizzes
from mtl_teach.learn.quizzes import QuizError, all_quizzes, load, passed, quiz_id, read

NUMBERS = itertools.count()
RIGHT = '[[question.option]]\ncorrect = true\nshow = "two"\nwhy = "It is two."\n'
WRONG = '[[question.option]]\nshow = "{}"\nwhy = "It is not {}."\n'


def question(name, *options, text="How many?"):
    return f'[[question]]\nid = "{name}"\ntext = "{text}"\n' + "".join(options)


def others(count=6):
    return [question(f"q{place}", RIGHT, WRONG.format("one", "one")) for place in range(count)]


@pytest.fixture
def bank(tmp_path):
    """Read a file whose first question is this one."""

    def make(first, setup="", head='title = " A title "\nlesson = "05_missing_labels"'):
        path = tmp_path / f"{next(NUMBERS)}.toml"
        path.write_text(f'{head}\nsetup = """{setup}"""\n' + "\n".join([first, *others()]), encoding="utf-8")
        return read(path)

    return make


def test_a_file_is_a_test_named_by_its_number(bank, tmp_path):
    quiz = bank(question("first", RIGHT, WRONG.format("one", "one")))
    assert (quiz.id, quiz.title, quiz.lesson) == (next(tmp_path.glob("*.toml")).stem, "A title", "05_missing_labels")
    assert [one.id for one in quiz.questions] == ["first", *(f"q{place}" for place in range(6))]
    first = quiz.questions[0]
    assert first.text == "How many?"
    assert [(one.text, one.why, one.correct) for one in first.options] == [
        ("two", "It is two.", True),
        ("one", "It is not one.", False),
    ]
    assert first.right is first.options[0]


def test_a_file_is_read_once(bank, tmp_path):
    quiz = bank(question("first", RIGHT, WRONG.format("one", "one")))
    assert read(next(tmp_path.glob("*.toml"))) is quiz


def test_names_of_the_setup_and_values_are_filled_in_and_white_space_is_one_space(bank):
    options = (
        '[[question.option]]\nvalue = "total * 2"\ncorrect = "value == 4"\nwhy = "{value:.1f}\\n  and {total}"\n',
        '[[question.option]]\nvalue = "math.floor(np.pi)"\nshow = "{{{value}}}"\nwhy = "{value}"\n',
        '[[question.option]]\nshow = "none"\nwhy = "no  value"\ncorrect = false\n',
    )
    first = bank(question("first", *options, text="What is  {total} + {total}?"), setup="total = 2").questions[0]
    assert first.text == "What is 2 + 2?"
    assert [(one.text, one.why, one.correct) for one in first.options] == [
        ("4", "4.0 and 2", True),
        ("{3}", "3", False),
        ("none", "no value", False),
    ]


def test_a_value_is_known_in_its_own_option_only(bank):
    with_a_value = '[[question.option]]\nvalue = "1"\nwhy = "a"\n'
    without = '[[question.option]]\nshow = "{value}"\nwhy = "b"\n'
    with pytest.raises(QuizError, match=r"question 1 \(first\): option 3: `show` cannot be filled in \(KeyError"):
        bank(question("first", RIGHT, with_a_value, without))


@pytest.mark.parametrize("count", [2, 5])
def test_two_to_five_options_are_allowed(bank, count):
    options = [WRONG.format(place, place) for place in range(count - 1)]
    assert len(bank(question("first", RIGHT, *options)).questions[0].options) == count


@pytest.mark.parametrize("count", [1, 6])
def test_other_numbers_of_options_are_not(bank, count):
    options = [WRONG.format(place, place) for place in range(count - 1)]
    with pytest.raises(QuizError, match=f"a question has 2 to 5 options; got {count}"):
        bank(question("first", RIGHT, *options))


def test_there_is_a_letter_for_every_option():
    assert quizzes.LETTERS == "ABCDE"


@pytest.mark.parametrize(
    ("first", "says"),
    [
        (question("first", RIGHT, RIGHT), r"question 1 \(first\): exactly one option is correct; got 2"),
        (question("first", RIGHT, WRONG.format("two", 2)), "two options read the same"),
        (question("q1", RIGHT, WRONG.format("one", 1)), "the `id` of each question is its own"),
        (question(" ", RIGHT, WRONG.format("one", 1)), "`id` is missing or empty"),
        (question("first", RIGHT, WRONG.format("one", 1)).replace("text", "# text"), "`text` is missing or empty"),
        (question("first", RIGHT, WRONG.format("one", 1)).replace("id", "# id"), r"question 1 \(without id\): `id`"),
        (question("first", RIGHT, '[[question.option]]\nshow = "a"\n'), "option 2: `why` is missing or empty"),
        (question("first", RIGHT, '[[question.option]]\nwhy = "a"\n'), "option 2: `show` is missing or empty"),
        (question("first", RIGHT, '[[question.option]]\nshow = 3\nwhy = "a"\n'), "`show` is missing or empty"),
        (question("first", text="{nobody}"), "a question has 2 to 5 options; got 0"),
        (question("first", RIGHT, WRONG.format("a", "a"), text="{nobody}"), r"`text` cannot be filled in \(KeyError"),
        (
            question("first", RIGHT, '[[question.option]]\nvalue = "1"\nwhy = "{value:x.y}"\n'),
            r"`why` cannot be filled in \(ValueError",
        ),
        (
            question("first", RIGHT, '[[question.option]]\nvalue = "1"\nwhy = "{value.one}"\n'),
            r"`why` cannot be filled in \(AttributeError",
        ),
        (
            question("first", RIGHT, '[[question.option]]\nwhy = "a"\nshow = "a"\nhint = "b"\n'),
            r"unknown key \['hint'\]",
        ),
        (
            question("first", RIGHT, '[[question.option]]\nshow = "a"\nwhy = "a"\ncorrect = "1 / 0"\n'),
            "option 2: `1 / 0` stops with ZeroDivisionError: division by zero",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(bank, first, says):
    with pytest.raises(QuizError, match=rf"^\d+\.toml: .*{says}"):
        bank(first)


def test_a_title_and_a_lesson_are_needed(bank):
    first = question("first", RIGHT, WRONG.format("one", "one"))
    with pytest.raises(QuizError, match="`title` is missing or empty"):
        bank(first, head='lesson = "05"')
    with pytest.raises(QuizError, match="`lesson` is missing or empty"):
        bank(first, head='title = "05"\nlesson = ""')


def test_a_title_is_taken_as_it_is_written(bank):
    first = question("first", RIGHT, WRONG.format("one", "one"))
    assert bank(first, head='title = "About {braces}"\nlesson = "05"').title == "About {braces}"


def test_a_known_wrong_answer_is_at_hand_and_an_unknown_one_is_told_the_names(bank):
    options = (
        '[[question.option]]\nvalue = "mean(2.0, 60.0, 50.0, 1.0)"\nwhy = "a"\ncorrect = "value == 2.0 + 100.0"\n',
        WRONG.format("one", "one"),
    )
    first = question("first", *options)
    assert bank(first, setup='mean = wrong("latency_objective", "squared")').questions[0].right.text == "102.0"
    with pytest.raises(QuizError, match=r"`latency_objective` has no misconception `cubed`; it has \['absolute_dist"):
        bank(first, setup='mean = wrong("latency_objective", "cubed")')


# ---- versions ------------------------------------------------------------------------------------------------------


PLAIN = question("first", RIGHT, WRONG.format("one", "one"))


def version(bank, first=PLAIN, **more):
    return bank(first, **more).questions[0].version


def test_a_version_is_six_digits_of_a_hash(bank):
    assert re.fullmatch("[0-9a-f]{6}", version(bank))
    assert version(bank) == version(bank)


@pytest.mark.parametrize(
    ("old", "new"),
    [("It is two.", "Two it is."), ('id = "first"', 'id = "renamed"'), ("It is not one.", "Not one.")],
    ids=["why it is right", "its id", "why it is wrong"],
)
def test_words_that_explain_leave_the_version(bank, old, new):
    assert old in PLAIN
    assert version(bank, PLAIN.replace(old, new)) == version(bank)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("How many?", "How many are there?"),
        ('show = "one"', 'show = "a single one"'),
        ('show = "one"', 'show = "one"\nvalue = "1"'),
        (f"{RIGHT}{WRONG.format('one', 'one')}", f"{WRONG.format('one', 'one')}{RIGHT}"),
        ("correct = true\n", 'correct = "True"\n'),
    ],
    ids=["the question", "an option", "a value", "the order", "what is right"],
)
def test_what_is_asked_offered_or_right_makes_another_version(bank, old, new):
    assert old in PLAIN
    assert version(bank, PLAIN.replace(old, new)) != version(bank)


def test_the_setup_makes_another_version(bank):
    assert version(bank, setup="x = 1") != version(bank, setup="x = 2")


# ---- taking a test -------------------------------------------------------------------------------------------------


@pytest.fixture
def quiz(bank):
    return bank(question("first", RIGHT, *(WRONG.format(place, place) for place in range(4))))


def test_shuffling_keeps_everything_but_the_order_of_questions_and_of_options(quiz):
    mixed = quiz.shuffled(random.Random(3))
    assert (mixed.id, mixed.title, mixed.lesson) == (quiz.id, quiz.title, quiz.lesson)
    assert sorted(one.id for one in mixed.questions) == sorted(one.id for one in quiz.questions)
    by_id = {one.id: one for one in quiz.questions}
    for one in mixed.questions:
        before = by_id[one.id]
        assert (one.text, one.version) == (before.text, before.version)
        assert sorted(one.options, key=str) == sorted(before.options, key=str)
    assert mixed == quiz.shuffled(random.Random(3))


def test_both_orders_change_from_one_attempt_to_the_next(quiz):
    attempts = [quiz.shuffled(random.Random(seed)) for seed in range(8)]
    assert len({tuple(one.id for one in attempt.questions) for attempt in attempts}) > 4
    first = [next(one for one in attempt.questions if one.id == "first") for attempt in attempts]
    assert len({tuple(option.text for option in one.options) for one in first}) > 4


def test_a_score_counts_right_options_and_neither_wrong_nor_open_ones(quiz):
    assert quiz.score([0] * 7) == 7
    assert quiz.score([0, 1, None, 0, 0, 1, None]) == 3
    assert quiz.score([None] * 7) == 0
    with pytest.raises(ValueError, match="shorter"):
        quiz.score([0] * 6)


@pytest.mark.parametrize(("score", "enough"), [(0, False), (4, False), (5, True), (7, True)])
def test_five_right_answers_pass(score, enough):
    assert passed(score) is enough


def test_tests_are_found_by_number_or_lesson_in_order(tmp_path, monkeypatch):
    for name in ("10.toml", "02.toml", "notes.txt"):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(quizzes, "HERE", tmp_path)
    assert all_quizzes() == ("02", "10")
    assert [quiz_id(name) for name in (2, "2", "02", "02_one_vector", 10, "10")] == ["02"] * 4 + ["10"] * 2
    for unknown in (1, "1", "", "two", "002"):
        with pytest.raises(QuizError, match=r"There is no quick test `.*`; there are: 02, 10\."):
            quiz_id(unknown)
    with pytest.raises(QuizError, match=r"02\.toml: a quick test has 7 questions; got 0"):
        load(2)
