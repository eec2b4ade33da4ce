"""Marks of code and of emphasis in a line of text."""

import pytest

from autograder.marked import plain, rich


@pytest.mark.parametrize(
    ("text", "as_html", "as_text"),
    [
        ("`a` and `b`", "<code>a</code> and <code>b</code>", "a and b"),
        ("*very* good", "<em>very</em> good", "very good"),
        ("*a few words*.", "<em>a few words</em>.", "a few words."),
        ("*a*", "<em>a</em>", "a"),
        ("2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"),
        ("a*b*c", "a*b*c", "a*b*c"),
        ("**kwargs", "**kwargs", "**kwargs"),
        ("`f(*x)` of *x*", "<code>f(*x)</code> of <em>x</em>", "f(*x) of x"),
        ("a < b & `c > d`", "a &lt; b &amp; <code>c &gt; d</code>", "a < b & c > d"),
        ('"it\'s"', "&quot;it&#x27;s&quot;", '"it\'s"'),
        ("``", "``", "``"),
    ],
)
def test_code_and_emphasis_are_marked_in_html_and_plain_in_text(text, as_html, as_text):
    assert (rich(text), plain(text)) == (as_html, as_text)
