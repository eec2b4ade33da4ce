from autograder.desk.banks.blackboard_text import BlackboardText
from autograder.desk.banks.item import bank_of
from tests.autograder.desk.banks.made import quiz


def test_a_question_is_one_line_of_fields():
    bank = bank_of(quiz(("What is\t`a`\nof $x_1$?", "this", "that")))
    (line,) = BlackboardText().data([bank]).decode().splitlines()
    kind, text, *answers = line.split("\t")
    assert (kind, text) == ("MC", "What is `a` of x_1?")
    assert sorted(zip(answers[::2], answers[1::2])) == [("that", "incorrect"), ("this", "correct")]


def test_options_that_differ_in_their_marks_alone_are_refused():
    same, other = bank_of(quiz(("?", "$x$", "x"), ("?", "`x`", "x"))).items
    assert BlackboardText().refuses(same) == "two of its options read the same as plain text"
    assert BlackboardText().refuses(other) == ""
