"""A question of a quick test as an exercise: a letter is read kindly, judged strictly, and never given away."""

import random

import pytest

from autograder.engine.inside.channel import Opaque
from autograder.exercises import UnknownExercise
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import run_checks
from autograder.quizzes import assignment
from autograder.quizzes import bank as banks
from autograder.quizzes import question as questions
from autograder.results import Verdict
from autograder.testing import CheckFailure
from tests.handmade import publish

QUESTION = """
[[question]]
id = "{name}"
text = "Which of *these*?"
[[question.option]]
show = "`a * b`"
why = "Not a product."
[[question.option]]
correct = true
show = "a_b {name}"
why = "Indeed."
[[question.option]]
show = "$c$"
why = "Not c."
{fourth}
"""
FOURTH = '[[question.option]]\nshow = "d"\nwhy = "Not d."\n'


@pytest.fixture
def bank(tmp_path, monkeypatch):
    """Quick test 77, whose first question has four options and the others three."""
    texts = [QUESTION.format(name=f"name{place}", fourth="" if place else FOURTH) for place in range(7)]
    text = 'title = "A_title"\nlesson = "77_a_lesson"\n' + "".join(texts)
    (tmp_path / "77.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(banks, "HERE", tmp_path)
    return banks.load(77)


@pytest.fixture
def question(bank, monkeypatch):
    one = questions.load("quick-77-1")
    publish(monkeypatch, one)
    return one


def letter_of(question, text):
    return next(letter for letter, option in zip("ABCDE", question.options) if option.text.startswith(text))


def result_of(question, value):
    return run_checks(question, LocalAnswer(question, (value,)))


# ---- reading -------------------------------------------------------------------------------------------------------


READING = questions.Reading("answer_3", "ABC")


@pytest.mark.parametrize("value", ["B", "b", " B\n", "(B)", " (b) "])
def test_a_letter_is_read_however_it_is_written(value):
    assert READING.letter(value) == "B"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("D", "the text 'D'"),
        ("d", "the text 'd'"),
        ("AB", "the text 'AB'"),
        ("A B", "the text 'A B'"),
        ("(A", "the text '(A'"),
        ("A)", "the text 'A)'"),
        ("()", "the text '()'"),
        ("é", "the text 'é'"),
        ("1", "the text '1'"),
        ("x" * 20, f"the text '{'x' * 20}'"),
        ("x" * 21, f"the text '{'x' * 20}'…"),
        (None, "None"),
        (True, "a number"),
        (2, "a number"),
        (2.5, "a number"),
        (["B"], "a list"),
        (("B",), "a tuple"),
        ({"B": 1}, "an object of type dict"),
        (b"B", "an object of type bytes"),
        (Opaque("set"), "an object of type set"),
    ],
    ids=repr,
)
def test_anything_else_is_told_what_it_must_be(value, said):
    with pytest.raises(CheckFailure) as caught:
        READING.letter(value)
    assert caught.value.summary == f"`answer_3` must be one letter from A to C in quotes; got {said}."


@pytest.mark.parametrize("value", ["", "  ", "\n"])
def test_empty_quotes_are_not_begun(value):
    with pytest.raises(CheckFailure, match=r"^Not started yet: write the letter .* between the quotes of `answer_3`"):
        READING.letter(value)


# ---- judging -------------------------------------------------------------------------------------------------------


def test_a_question_is_an_exercise_of_one_variable_and_one_point(question, bank):
    assert (question.id, question.title, question.lesson) == (
        *("quick-77-1", "Quick test 77, question 1", "77_a_lesson"),
    )
    assert (question.entries, question.values, question.forbidden) == (("answer_1",), True, ())
    assert question.signature == 'answer_1 = "..."'
    assert question.max_score == 1.0
    assert [check.id for check in question.checks] == [questions.CHECK]
    assert question.hints == ("Read lesson 77 once more, then say of every option which thought leads there.",)
    assert questions.load("quick-77-3").entries == ("answer_3",)
    assert questions.load("quick-77-3").reading == questions.Reading("answer_3", "ABC")
    assert question.reading == questions.Reading("answer_1", "ABCD")


def test_the_options_are_those_of_the_bank_shuffled_by_the_questions_name(question, bank):
    options = bank.questions[0].options
    assert question.options == tuple(random.Random("quick-77-1").sample(options, 4))
    orders = {tuple(option.text[0] for option in questions.load(f"quick-77-{place}").options) for place in range(2, 8)}
    assert len(orders) > 2


def test_the_right_letter_is_that_of_the_correct_option(question):
    assert question.right == letter_of(question, "a_b")
    for answer in question.alternatives.values():
        assert result_of(question, answer()).passed
    assert [answer() for answer in question.alternatives.values()] == [
        question.right,
        question.right.lower(),
        f" ({question.right}) ",
    ]


@pytest.mark.parametrize(("text", "why"), [("`a", "Not a product."), ("$c$", "Not c."), ("d", "Not d.")])
def test_a_wrong_letter_is_told_what_is_wrong_with_it_and_not_what_is_right(question, text, why):
    letter = letter_of(question, text)
    result = result_of(question, f"({letter.lower()})")
    (check,) = result.checks
    assert (check.verdict, check.points) == (Verdict.FAILED, 0.0)
    assert (check.summary, check.message) == (f"{letter} is not the right option.", why)
    assert (check.misconception, check.expected, result.question) == (f"option_{letter}", "", "")


def test_what_is_no_letter_has_no_name_and_is_asked_about(question):
    result = result_of(question, 3)
    assert (result.misconception, result.question) == ("", 'Is it one letter in quotes, as in `answer_1 = "A"`?')
    assert result_of(question, "").not_started
    assert result_of(question, "").misconception == ""


# ---- finding -------------------------------------------------------------------------------------------------------


def test_a_question_goes_by_its_place_and_may_be_asked_for_by_its_version(bank):
    assert questions.names_of("77") == tuple(f"quick-77-{place}" for place in range(1, 8))
    version = bank.questions[1].version
    assert questions.load(f"quick-77-2-{version}") == questions.load("quick-77-2")


def test_another_version_of_a_question_is_refused(bank):
    other = "000000" if bank.questions[1].version != "000000" else "111111"
    with pytest.raises(questions.OtherQuestion, match="Question 2 of quick test 77 is another one in the installed"):
        questions.load(f"quick-77-2-{other}")


@pytest.mark.parametrize("name", ["quick-77-8", "quick-77-0", "quick-78-1", "quick-77-1-xyz", "quick-"])
def test_a_question_that_there_is_not_is_told_the_nearest(bank, name):
    with pytest.raises(UnknownExercise, match=f"There is no exercise `{name}`"):
        questions.load(name)


# ---- writing the assignment ----------------------------------------------------------------------------------------


def test_the_source_asks_every_question_and_holds_each_answer_between_its_marks(bank, question):
    source = assignment.source(bank)
    assert assignment.assignment_name(bank) == "qt77_a_lesson"
    assert "# # Quick test 77: A\\_title" in source
    assert "7 questions of one point each; 5 right answers pass" in source
    assert "About 14 minutes" in source
    assert f'answer_1 = ""\n### BEGIN SOLUTION\nanswer_1 = "{question.right}"\n### END SOLUTION\n' in source
    for place, one in enumerate(bank.questions, 1):
        assert f'check("quick-77-{place}-{one.version}", answer_{place})' in source
        assert f'# %% grade_id="quick-77-{place}" tags=["answer"]' in source
        assert f'# %% [markdown] grade_id="about-quick-77-{place}" tags=["locked"]\n# ## Question {place}\n' in source
    for letter, option in zip("ABCD", question.options):
        assert f"# - **{letter}.** {assignment.markdown(option.text)}" in source
    assert "Indeed." not in source
    assert "Not d." not in source


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a*b_c $5 <i> [x] #1 ~2 |3|", r"a\*b\_c \$5 \<i\> \[x\] \#1 \~2 \|3\|"),
        (r"a\b", r"a\\b"),
        ("`a * b` and a * b", r"`a * b` and a \* b"),
        ("an open ` back-quote *", r"an open ` back-quote \*"),
        ("*worse*, not 2*x*y, *for a_b*", r"*worse*, not 2\*x\*y, *for a\_b*"),
    ],
)
def test_a_text_of_the_bank_means_itself_in_markdown(text, written):
    assert assignment.markdown(text) == written


def about(question, texts=None):
    texts = [assignment.markdown(option.text) for option in question.options] if texts is None else texts
    return "\n".join(["## Question 1", "", *(f"- **{letter}.** {text}" for letter, text in zip("ABCDE", texts))])


def test_options_under_their_letters_are_printed_as_they_are_now(question):
    assert not assignment.printed_otherwise(question, about(question))


def test_an_option_worded_anew_keeps_its_letter(question):
    texts = [assignment.markdown(option.text) for option in question.options]
    assert not assignment.printed_otherwise(question, about(question, ["other words", *texts[1:]]))


def test_options_that_changed_places_or_are_more_or_fewer_are_printed_otherwise(question):
    texts = [assignment.markdown(option.text) for option in question.options]
    assert assignment.printed_otherwise(question, about(question, [texts[1], texts[0], *texts[2:]]))
    assert assignment.printed_otherwise(question, about(question, ["other words", texts[0], *texts[2:]]))
    assert assignment.printed_otherwise(question, about(question, texts[:3]))
    assert assignment.printed_otherwise(question, about(question, [*texts, "one more"]))
