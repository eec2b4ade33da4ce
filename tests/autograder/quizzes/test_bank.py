"""Every quick test is in the format, a mistake in one is named with its place, and its version follows its words."""

import itertools
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


def test_a_verdict_says_the_score_what_it_takes_and_what_to_do():
    test = load("05")
    assert bank.verdict(test, 7) == "Passed: 7 of 7 right."
    assert bank.verdict(test, 5) == "Passed: 5 of 7 right (needed: 5). Read the explanations of what you missed."
    assert bank.verdict(test, 4) == "Not passed yet: 4 of 7 right (needed: 5). Read the explanations, then try again."


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


# ---- what may stand in a file --------------------------------------------------------------------------------------

NUMBERS = itertools.count()
RIGHT = '[[question.option]]\ncorrect = true\nshow = "two"\nwhy = "It is two."\n'
WRONG = '[[question.option]]\nshow = "{}"\nwhy = "It is not {}."\n'


def asking(name, *options, text="How many?"):
    return f'[[question]]\nid = "{name}"\ntext = "{text}"\n' + "".join(options)


def others(count=6):
    return [asking(f"q{place}", RIGHT, WRONG.format("one", "one")) for place in range(count)]


@pytest.fixture
def filled(tmp_path):
    """Read a file whose first question is this one."""

    def make(first, setup="", head='title = " A title "\nlesson = "05_missing_labels"'):
        path = tmp_path / f"{next(NUMBERS)}.toml"
        path.write_text(f'{head}\nsetup = """{setup}"""\n' + "\n".join([first, *others()]), encoding="utf-8")
        return read(path)

    return make


def test_a_file_is_a_test_named_by_its_number(filled, tmp_path):
    quiz = filled(asking("first", RIGHT, WRONG.format("one", "one")))
    assert (quiz.id, quiz.title, quiz.lesson) == (next(tmp_path.glob("*.toml")).stem, "A title", "05_missing_labels")
    assert [one.id for one in quiz.questions] == ["first", *(f"q{place}" for place in range(6))]
    first = quiz.questions[0]
    assert first.text == "How many?"
    assert [(one.text, one.why, one.correct) for one in first.options] == [
        ("two", "It is two.", True),
        ("one", "It is not one.", False),
    ]
    assert first.right is first.options[0]


def test_a_file_is_read_once(filled, tmp_path):
    quiz = filled(asking("first", RIGHT, WRONG.format("one", "one")))
    assert read(next(tmp_path.glob("*.toml"))) is quiz


def test_names_of_the_setup_and_values_are_filled_in_and_white_space_is_one_space(filled):
    options = (
        '[[question.option]]\nvalue = "total * 2"\ncorrect = "value == 4"\nwhy = "{value:.1f}\\n  and {total}"\n',
        '[[question.option]]\nvalue = "math.floor(np.pi)"\nshow = "{{{value}}}"\nwhy = "{value}"\n',
        '[[question.option]]\nshow = "none"\nwhy = "no  value"\ncorrect = false\n',
    )
    first = filled(asking("first", *options, text="What is  {total} + {total}?"), setup="total = 2").questions[0]
    assert first.text == "What is 2 + 2?"
    assert [(one.text, one.why, one.correct) for one in first.options] == [
        ("4", "4.0 and 2", True),
        ("{3}", "3", False),
        ("none", "no value", False),
    ]


def test_a_value_is_known_in_its_own_option_only(filled):
    with_a_value = '[[question.option]]\nvalue = "1"\nwhy = "a"\n'
    without = '[[question.option]]\nshow = "{value}"\nwhy = "b"\n'
    with pytest.raises(QuizError, match=r"question 1 \(first\): option 3: `show` cannot be filled in \(KeyError"):
        filled(asking("first", RIGHT, with_a_value, without))


@pytest.mark.parametrize("count", [2, 5])
def test_two_to_five_options_are_allowed(filled, count):
    options = [WRONG.format(place, place) for place in range(count - 1)]
    assert len(filled(asking("first", RIGHT, *options)).questions[0].options) == count


@pytest.mark.parametrize("count", [1, 6])
def test_other_numbers_of_options_are_not(filled, count):
    options = [WRONG.format(place, place) for place in range(count - 1)]
    with pytest.raises(QuizError, match=f"a question has 2 to 5 options; got {count}"):
        filled(asking("first", RIGHT, *options))


def test_there_is_a_letter_for_every_option():
    assert bank.LETTERS == "ABCDE"


@pytest.mark.parametrize(
    ("first", "says"),
    [
        (asking("first", RIGHT, RIGHT), r"question 1 \(first\): exactly one option is correct; got 2"),
        (asking("first", RIGHT, WRONG.format("two", 2)), "two options read the same"),
        (asking("q1", RIGHT, WRONG.format("one", 1)), "the `id` of each question is its own"),
        (asking(" ", RIGHT, WRONG.format("one", 1)), "`id` is missing or empty"),
        (asking("first", RIGHT, WRONG.format("one", 1)).replace("text", "# text"), "`text` is missing or empty"),
        (asking("first", RIGHT, WRONG.format("one", 1)).replace("id", "# id"), r"question 1 \(without id\): `id`"),
        (asking("first", RIGHT, '[[question.option]]\nshow = "a"\n'), "option 2: `why` is missing or empty"),
        (asking("first", RIGHT, '[[question.option]]\nwhy = "a"\n'), "option 2: `show` is missing or empty"),
        (asking("first", RIGHT, '[[question.option]]\nshow = 3\nwhy = "a"\n'), "`show` is missing or empty"),
        (asking("first", text="{nobody}"), "a question has 2 to 5 options; got 0"),
        (asking("first", RIGHT, WRONG.format("a", "a"), text="{nobody}"), r"`text` cannot be filled in \(KeyError"),
        (
            asking("first", RIGHT, '[[question.option]]\nvalue = "1"\nwhy = "{value:x.y}"\n'),
            r"`why` cannot be filled in \(ValueError",
        ),
        (
            asking("first", RIGHT, '[[question.option]]\nvalue = "1"\nwhy = "{value.one}"\n'),
            r"`why` cannot be filled in \(AttributeError",
        ),
        (
            asking("first", RIGHT, '[[question.option]]\nwhy = "a"\nshow = "a"\nhint = "b"\n'),
            r"unknown key \['hint'\]",
        ),
        (
            asking("first", RIGHT, '[[question.option]]\nshow = "a"\nwhy = "a"\ncorrect = "1 / 0"\n'),
            "option 2: `1 / 0` stops with ZeroDivisionError: division by zero",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(filled, first, says):
    with pytest.raises(QuizError, match=rf"^\d+\.toml: .*{says}"):
        filled(first)


def test_a_title_and_a_lesson_are_needed(filled):
    first = asking("first", RIGHT, WRONG.format("one", "one"))
    with pytest.raises(QuizError, match="`title` is missing or empty"):
        filled(first, head='lesson = "05"')
    with pytest.raises(QuizError, match="`lesson` is missing or empty"):
        filled(first, head='title = "05"\nlesson = ""')


def test_a_title_is_taken_as_it_is_written(filled):
    first = asking("first", RIGHT, WRONG.format("one", "one"))
    assert filled(first, head='title = "About {braces}"\nlesson = "05"').title == "About {braces}"


def test_a_known_wrong_answer_is_at_hand_and_an_unknown_one_is_told_the_names(filled):
    options = (
        '[[question.option]]\nvalue = "mean(2.0, 60.0, 50.0, 1.0)"\nwhy = "a"\ncorrect = "value == 2.0 + 100.0"\n',
        WRONG.format("one", "one"),
    )
    first = asking("first", *options)
    assert filled(first, setup='mean = wrong("latency_objective", "squared")').questions[0].right.text == "102.0"
    with pytest.raises(QuizError, match=r"`latency_objective` has no misconception `cubed`; it has \['absolute_dist"):
        filled(first, setup='mean = wrong("latency_objective", "cubed")')


# ---- other numbers for another attempt -----------------------------------------------------------------------------

COMPUTED = (
    '[[question.option]]\nvalue = "twice"\ncorrect = "value == 2 * n"\nwhy = "Twice {n}."\n',
    '[[question.option]]\nvalue = "n"\nwhy = "Once."\n',
)
AGAIN = '[[again]]\nn = "7"\n[[again]]\nn = "len(\'four\')"\n'


def with_numbers(again=AGAIN, setup="n = 3\ntwice = 2 * n"):
    first = asking("first", *COMPUTED, text="Twice {n}?")
    head = f'title = "T"\nlesson = "05_missing_labels"\nsetup = """{setup}"""\n'
    return head + again + "\n".join([first, *others()])


def test_another_set_of_numbers_changes_all_that_is_computed_and_not_what_is_asked(written):
    path = written(with_numbers())
    tests = [read(path, numbers) for numbers in range(3)]
    assert [test.numbers for test in tests] == [0, 1, 2]
    assert [test.questions[0].text for test in tests] == ["Twice 3?", "Twice 7?", "Twice 4?"]
    assert [test.questions[0].right.text for test in tests] == ["6", "14", "8"]
    assert len({test.questions[0].version for test in tests}) == 1
    assert tests[1].shuffled(random.Random(0)).numbers == 1


@pytest.mark.parametrize(
    ("again", "says"),
    [
        ('[[again]]\nm = "7"\n', r"`again` has \['m'\], which `setup` does not set"),
        ('[[again]]\nn = "1 / 0"\n', "`1 / 0` stops with ZeroDivisionError"),
        ('[[again]]\nn = "0"\n', "two options read the same"),
    ],
)
def test_a_set_of_numbers_that_does_not_fit_is_named(written, again, says):
    path = written(with_numbers(again))
    with pytest.raises(QuizError, match=says):
        read(path, 1)


def test_after_the_last_set_the_first_comes_again():
    first = load("05")
    assert load("05", 3) is first
    assert load("05", 4) == load("05", 1) != first


@pytest.mark.parametrize("number", all_quizzes())
def test_every_quick_test_has_other_numbers_for_two_more_attempts(number):
    asked = [{one.id: (one.text, one.right.text) for one in load(number, numbers).questions} for numbers in range(3)]
    assert asked[0].keys() == asked[1].keys() == asked[2].keys()
    assert asked[0] != asked[1] != asked[2] != asked[0]


# ---- versions ------------------------------------------------------------------------------------------------------


PLAIN = asking("first", RIGHT, WRONG.format("one", "one"))


def version(filled, first=PLAIN, **more):
    return filled(first, **more).questions[0].version


def test_a_version_is_six_digits_of_a_hash(filled):
    assert re.fullmatch("[0-9a-f]{6}", version(filled))
    assert version(filled) == version(filled)


@pytest.mark.parametrize(
    ("old", "new"),
    [("It is two.", "Two it is."), ('id = "first"', 'id = "renamed"'), ("It is not one.", "Not one.")],
    ids=["why it is right", "its id", "why it is wrong"],
)
def test_words_that_explain_leave_the_version(filled, old, new):
    assert old in PLAIN
    assert version(filled, PLAIN.replace(old, new)) == version(filled)


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
def test_what_is_asked_offered_or_right_makes_another_version(filled, old, new):
    assert old in PLAIN
    assert version(filled, PLAIN.replace(old, new)) != version(filled)


def test_the_setup_makes_another_version(filled):
    assert version(filled, setup="x = 1") != version(filled, setup="x = 2")


# ---- taking a test -------------------------------------------------------------------------------------------------


@pytest.fixture
def quiz(filled):
    return filled(asking("first", RIGHT, *(WRONG.format(place, place) for place in range(4))))


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


def test_what_was_missed_is_told_by_the_questions_ids(quiz):
    ids = [question.id for question in quiz.questions]
    assert quiz.missed([0] * 7) == []
    assert quiz.missed([0, 1, None, 0, 0, 1, None]) == [ids[1], ids[2], ids[5], ids[6]]


@pytest.mark.parametrize("number", all_quizzes())
def test_the_ids_of_the_questions_are_known_without_working_anything_out(number):
    assert bank.question_ids(number) == tuple(question.id for question in load(number).questions)


QUESTIONS = [(number, one) for number in all_quizzes() for one in load(number).questions]


@pytest.mark.parametrize(
    "question", [one for _, one in QUESTIONS], ids=[f"{number}-{one.id}" for number, one in QUESTIONS]
)
def test_the_right_option_is_not_the_one_bare_number_among_options_with_reasons(question):
    right, wrong = ([option for option in question.options if option.correct is kind] for kind in (True, False))
    if len(right[0].text.split()) == 1:
        assert sum(len(option.text.split()) > 1 for option in wrong) < 2


@pytest.mark.parametrize(("score", "enough"), [(0, False), (4, False), (5, True), (7, True)])
def test_five_right_answers_pass(score, enough):
    assert passed(score) is enough


def test_tests_are_found_by_number_or_lesson_in_order(tmp_path, monkeypatch):
    for name in ("10.toml", "02.toml", "notes.txt"):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(bank, "HERE", tmp_path)
    assert all_quizzes() == ("02", "10")
    assert [quiz_id(name) for name in (2, "2", "02", "02_one_vector", 10, "10")] == ["02"] * 4 + ["10"] * 2
    for unknown in (1, "1", "", "two", "002"):
        with pytest.raises(QuizError, match=r"There is no quick test `.*`; there are: 02, 10\."):
            quiz_id(unknown)
    with pytest.raises(QuizError, match=r"02\.toml: a quick test has 7 questions; got 0"):
        load(2)
