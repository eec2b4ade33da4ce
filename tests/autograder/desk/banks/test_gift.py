import pytest

from autograder.desk.banks.gift import Gift
from autograder.desk.banks.item import bank_of
from tests.autograder.desk.banks.made import quiz, runs
from tests.autograder.desk.banks.readers import from_gift


@pytest.mark.parametrize(
    "text",
    [
        r"$\frac{a}{b} = c$",
        "a: b # c = d ~ {e} \\ f",
        r"\n is no end of a line",
        "&&058;",
        "####",
        "//",
        "[plain] x",
        "%50% x",
    ],
)
def test_what_means_something_in_gift_is_text(text):
    ((_, (question,)),) = from_gift(Gift().data([bank_of(quiz((text, text, f"not {text}")))]))
    assert question["text"] == runs(text)
    assert (runs(text), True, runs(f"why {text}")) in question["answers"]


def test_a_question_is_one_block_of_lines():
    assert Gift().data([bank_of(quiz(("What\n\nis `a=b`?", "right", "wrong")))]).decode() == (
        "$CATEGORY: $course$/top/mtl-teach/Quick test 5: Missing labels\n\n"
        "// [tag:05_missing_labels] [tag:id 0]\n"
        "::qt05.1 id 0::[html]What<br><br>is <code>a\\=b</code>? {\n"
        "=[html]right#[html]why right\n"
        "~[html]wrong#[html]why wrong\n"
        "####[html]Right is “right”. why right\n"
        "}\n"
    )


def test_a_category_keeps_a_backslash_and_a_colon():
    bank = bank_of(quiz(("?", "a", "b"), title=r"a\:b \\n {c}"))
    ((title, _),) = from_gift(Gift().data([bank]))
    assert title == bank.title
