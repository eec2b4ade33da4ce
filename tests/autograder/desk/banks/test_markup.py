import pytest

from autograder.desk.banks.markup import html, pieces, plain
from autograder.quizzes import bank as quick_tests


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a `x*y*z` b", [("plain", "a "), ("code", "x*y*z"), ("plain", " b")]),
        ("a *b c* d", [("plain", "a "), ("emphasis", "b c"), ("plain", " d")]),
        ("2 * 3 * 4 and λ*", [("plain", "2 * 3 * 4 and λ*")]),
        (r"$\frac{a}{b}$ of $5", [("formula", r"\frac{a}{b}"), ("plain", " of $5")]),
        ("$5 and $6", [("plain", "$5 and $6")]),
        ("US$ 5, US$6", [("plain", "US$ 5, US$6")]),
        (r"$a \$ b$", [("formula", r"a \$ b")]),
        ("`$x$` and $`x`$", [("code", "$x$"), ("plain", " and $"), ("code", "x"), ("plain", "$")]),
        (r"$a \) b$", [("plain", r"$a \) b$")]),
        ("an open ` and an open $", [("plain", "an open ` and an open $")]),
    ],
)
def test_marks_are_code_emphasis_and_formulas_and_nothing_else(text, expected):
    assert [(piece.kind, piece.text) for piece in pieces(text)] == expected


def test_html_shows_what_looks_like_html_or_a_formula_as_it_was_typed():
    assert html("<b> & `<i>` $a<b$") == r"&lt;b&gt; &amp; <code>&lt;i&gt;</code> \(a&lt;b\)"
    assert html(r"\(no\) \[no\] $$no$$") == (
        r"\<span></span>(no\) \<span></span>[no\] $<span></span>$no$<span></span>$"
    )
    assert html("two\nlines") == "two<br>lines"


def test_plain_text_is_one_line_that_keeps_the_marks_of_code():
    assert plain("a\tb\n`c\td`  *e* $f_1$") == "a b `c d` *e* f_1"


def test_the_banks_have_no_formulas_by_accident():
    quizzes = map(quick_tests.load, quick_tests.all_quizzes())
    texts = [text for quiz in quizzes for one in quiz.questions for text in (one.text, *(o.text for o in one.options))]
    assert not [text for text in texts if any(piece.kind == "formula" for piece in pieces(text))]
