"""The solution beside one's own code, line by line, and alone where there is no code."""

import re

import pytest

from mtl_teach.learn.lesson.difference import difference, difference_html, difference_text


def test_the_difference_says_in_words_whose_line_it_is():
    page = difference_html("a = 1 < b\nsame", "a = 1 > b\nsame")
    rows = re.findall(r'<tr class="mtl-diff-(\w+)"><th scope="row"[^>]*>(\w+)</th><td[^>]*><pre[^>]*>(.*?)</pre>', page)
    assert rows == [
        ("yours", "yours", "− a = 1 &lt; b"),
        ("solution", "solution", "+ a = 1 &gt; b"),
        ("same", "same", "  same"),
    ]


@pytest.mark.parametrize("mine", ["", "2.05", "<function masked_mean at 0x7f>", "def broken(:"])
def test_where_there_is_no_code_of_ones_own_the_solution_stands_alone(mine):
    page = difference_html(mine, "a < b")
    assert "The commented solution" in page
    assert "a &lt; b</pre>" in page
    assert "<table" not in page


@pytest.mark.parametrize(
    ("mine", "solution", "rows"),
    [
        ("a\nb\nc", "a\nB\nc", [("=", "a"), ("-", "b"), ("+", "B"), ("=", "c")]),
        ("a", "a\nb", [("=", "a"), ("+", "b")]),
        ("a\nb", "b", [("-", "a"), ("=", "b")]),
        ("\n\na\n", "a\n\n", [("=", "a")]),
        ("", "a", [("+", "a")]),
        ("    a", "a", [("-", "    a"), ("+", "a")]),
    ],
)
def test_the_difference_goes_line_by_line_and_leaves_empty_lines_around_out(mine, solution, rows):
    assert difference(mine, solution) == rows
    text = difference_text(mine, solution)
    assert text.splitlines() == [f"{' ' if sign == '=' else sign} {line}" for sign, line in rows]
