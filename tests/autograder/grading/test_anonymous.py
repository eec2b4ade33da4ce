"""What stays of an answer when it is shown to others: the code and its numbers, and no word of whoever wrote it."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.anonymous import People, check_without_text, code_without_words, ours_in, value_without_text
from autograder.results import CheckResult, Verdict

NOBODY = People()
ADA = People.of(["ab12cde", "12345678", "ada@example.org"], ["Ada Lovelace", "Zoë Müller"])


def made(source, exercise="", entries=(), people=NOBODY):
    return code_without_words(source, exercise, entries, people)


def test_comments_docstrings_and_loose_texts_go():
    source = '''"""By me."""
# by me
def f(x):
    """By me."""
    "and by me"
    f"by {x}"
    return x  # by me
class C:
    """By me."""
'''
    assert made(source) == "def f(x):\n    return x\n\nclass C:\n    pass"


def test_a_function_of_words_alone_stays_a_function():
    assert made('def f():\n    "words"') == "def f():\n    pass"
    assert made('if x:\n    "words"\nelse:\n    "words"') == "if x:\n    pass"


def test_texts_in_the_code_go_and_numbers_stay():
    assert made("x = 'mine' + f'{a:.2f} mine' + 'b'\ny = b'mine'\nz = 1e-12") == (
        "x = '…' + '…' + '…'\ny = '…'\nz = 1e-12"
    )


def test_a_text_that_our_own_answers_have_stays():
    source = "def masked_bce_with_logits(logits, targets, mask):\n    return f(logits, reduction='sum', by='me')"
    assert "sum" in ours_in("masked_bce_with_logits")
    assert "reduction='sum', by='…'" in made(source, "masked_bce_with_logits")


def test_what_the_answer_does_not_use_goes():
    used = "MINE = 3\ndef helper(x):\n    return x * MINE\n"
    source = f"import torch, math\n{used}OTHER = 4\ndef f(x):\n    return helper(x)\nf(1)"
    assert (
        made(source, entries=["f"])
        == "MINE = 3\n\ndef helper(x):\n    return x * MINE\n\ndef f(x):\n    return helper(x)"
    )
    assert made("g = 1\nprint(g)", entries=["f"]) == "g = 1\nprint(g)"


@pytest.mark.parametrize(
    "name", ["ada_mean", "meanOfAda", "LOVELACE", "lovelace2", "my_ab12cde_x", "x12345678", "zoë", "müller_mean"]
)
def test_a_name_with_somebodys_name_in_it_is_another(name):
    source = f"def f({name}):\n    global g_{name}\n    import m.{name} as {name}\n    return o.{name}({name}={name})"
    code = made(source, people=ADA)
    assert name.casefold() not in code.casefold()
    assert "name_1" in code
    ast.parse(code)


def test_other_names_and_our_own_stay():
    assert made("adapt = max(canada)", people=ADA) == "adapt = max(canada)"
    people = People.of([], ["Max Mask", "Sum Values"])
    source = "def masked_mean(values, mask):\n    return max(values[mask].sum(), mask_of_max)"
    assert made(source, "masked_mean", people=people) == source.replace("mask_of_max", "name_1")


def test_a_number_that_is_an_id_goes_and_a_short_one_does_not():
    people = People.of(["12345678", "7"])
    assert made("seed = 12345678 + 7", people=people) == "seed = '…' + 7"


@pytest.mark.parametrize("source", ["def f(:", "x = 1\0", "!ls", "(" * 5000, "x = " + "-" * 50_000 + "1", "x" * 30_000])
def test_what_is_no_plain_python_or_too_long_is_no_example(source):
    assert made(source) == ""


def test_an_exercise_that_is_no_longer_known_has_no_words_of_its_own():
    assert ours_in("gone_for_good") == ours_in("") == ours_in("quick-05-1")
    assert made("def gone(x):\n    return x", "gone_for_good", ["gone"]) == "def gone(x):\n    return x"


def test_a_value_keeps_its_numbers_and_our_words():
    ours = ["{'price': 0.25}", "values"]
    assert value_without_text("{'price': 1e-05, 'mine': nan}", ours, NOBODY) == "{'price': 1e-05, '…': nan}"
    assert value_without_text("the string 'call me'", ["0.5"], NOBODY) == "the string '… …'"
    assert (
        value_without_text("[0.333333, -3j, inf], of shape (2,)", [], NOBODY) == "[0.333333, -3j, inf], of shape (2,)"
    )


def test_that_there_is_no_error_or_which_one_stays():
    assert value_without_text("no error", ["an AssertionError"], NOBODY) == "no error"
    assert value_without_text("ValueError: my words", [], NOBODY) == "ValueError: … …"


def test_a_value_that_is_an_id_goes():
    assert value_without_text("12345678", ["1"], ADA) == "…"
    assert value_without_text("'ab12cde' and 'ａｄａ'", ["1"], ADA) == "'…' and '…'"


def test_of_a_failed_check_only_what_we_say_is_left():
    inputs = {"values": "[1, 2]"}
    said = {"got": "[3, 'mine']", "difference": "infinite", "message": "Mine."}
    check = CheckResult("test_a", Verdict.FAILED, 0.0, 1.0, "A mean.", "It said 'mine'.", inputs, "[1]", **said)
    found = check_without_text(check, NOBODY)
    assert (found.sentence, found.inputs, found.expected) == ("A mean.", inputs, "[1]")
    assert (found.summary, found.got, found.difference, found.message) == ("", "[3, '…']", "infinite", "")


MARKER = "Qzwxmarker"
words = st.text(max_size=30).map(lambda text: f"{text}{MARKER}{text}")


@settings(deadline=None)
@given(words)
def test_no_word_of_a_student_is_in_the_code(text):
    quoted = ascii(text)
    source = f"def f(x, y={quoted}):\n    {quoted}\n    return [{quoted}, {{ {quoted}: x }}, f'{{x}}' {quoted}]"
    assert MARKER not in made(source)
    assert "def f(x" in made(source)


@settings(deadline=None)
@given(words)
def test_no_word_of_a_student_is_in_a_value(text):
    for value in (text, repr(text), f"[1, {text!r}]", f"{{{text!r}: 2}}"):
        assert MARKER not in value_without_text(value, ["[1, 2]"], NOBODY)


@settings(deadline=None)
@given(st.from_regex(r"[a-z]{4,12}[0-9]{0,4}", fullmatch=True), st.sampled_from(["{}", "my_{}", "x{}", "the{}Mean"]))
def test_no_id_is_in_the_code(student, form):
    name = form.format(f"q{student}")
    people = People.of([f"q{student}"])
    code = made(f"def f({name}):\n    return {name}.{name}", people=people)
    assert f"q{student}" not in code.casefold()
    assert code.startswith("def f(")
