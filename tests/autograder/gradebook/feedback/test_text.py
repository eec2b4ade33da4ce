"""Text of strangers on a page: every character is seen, none does anything, and all of it is bounded."""

import re

import pytest

from autograder.gradebook.feedback.text import MAX_CODE, MAX_LINES, MAX_PROSE, code_lines, cut, prose, visible

AWKWARD = [*"[$`<\\'(", "![", "](", "*a_ ", "> ", "- ", "$a ", "|-|", "[a](", "~~a ", 'f"{', "a\n"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\tb\nc\r\nd", "a\tb\nc\nd", id="tabs and ends of lines stay"),
        pytest.param("\x1b[31mred", r"\x1b[31mred", id="a terminal's escape"),
        pytest.param("\x00", r"\x00", id="NUL"),
        pytest.param("\r", r"\x0d", id="a lone carriage return"),
        pytest.param("\x7f\x9b", r"\x7f\x9b", id="DEL and C1"),
        pytest.param("\u202egnp.exe\u2066", r"\u202egnp.exe\u2066", id="direction marks"),
        pytest.param("a\u200bb\ufeff", r"a\u200bb\ufeff", id="what has no width"),
        pytest.param("\ud83d", r"\ud83d", id="half a character"),
        pytest.param("\U000e0041", r"\U000e0041", id="tags"),
        pytest.param("Zoë سلام 😀 👩‍💻", "Zoë سلام 😀 👩‍💻", id="people's own letters stay"),
    ],
)
def test_every_character_is_visible(text, shown):
    assert visible(text) == shown
    assert visible(shown) == shown
    assert visible(text).encode("utf-8")


def test_what_is_cut_says_how_much_is_missing():
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "abc… (1 more characters are not shown)"
    assert cut("\n" * 1_000, 5_000).count("\n") == MAX_LINES - 1


@pytest.mark.parametrize("piece", AWKWARD)
def test_three_megabytes_are_read_only_as_far_as_they_are_shown(piece):
    text = piece * (3_000_000 // len(piece))
    for shown in (str(prose(text)), "\n".join(code_lines(text))):
        assert "more characters are not shown" in shown
        assert len(re.sub("<[^>]*>", "", shown)) <= 6 * max(MAX_CODE, MAX_PROSE)  # `<` takes four, `"` five


def test_code_is_highlighted_line_by_line():
    lines = code_lines('def f(x):\n    """One\n    two <b>"""\n    return 1\n')
    assert len(lines) == 4
    assert '<span class="k">def</span>' in lines[0]
    assert all(line.count("<span") == line.count("</span>") for line in lines)
    assert "&lt;b&gt;" in lines[2]
    assert code_lines("") == ("",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>", id="raw HTML in a line"),
        pytest.param("<div>\nx\n</div>", "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>", id="raw HTML as a block"),
        pytest.param("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>", id="script as a link"),
        pytest.param("[x](JaVaScRiPt&#58;a)", "<p>[x](JaVaScRiPt&amp;#58;a)</p>", id="script in disguise"),
        pytest.param("[x](data:text/html,y)", "<p>[x](data:text/html,y)</p>", id="data as a link"),
        pytest.param("[x](../secret)", "<p>[x](../secret)</p>", id="a file as a link"),
        pytest.param("&lt;&#8238;", "<p>&amp;lt;&amp;#8238;</p>", id="entities stay as typed"),
        pytest.param("# Title", '<p class="heading"><strong>Title</strong></p>', id="a heading is a bold line"),
        pytest.param("$a_1*b*c$", '<p><code class="math">$a_1*b*c$</code></p>', id="a formula"),
        pytest.param("$$\\{x\n\\}$$", '<p><code class="math">$$\\{x\n\\}$$</code></p>', id="a formula of its own"),
        pytest.param("$5 and *$6*", "<p>$5 and <em>$6</em></p>", id="money"),
        pytest.param("```js\n<x>\n```", "<pre><code>&lt;x&gt;\n</code></pre>", id="code"),
        pytest.param("one\ntwo", "<p>one\ntwo</p>", id="a line goes on as in a notebook"),
    ],
)
def test_markdown_is_rendered_and_can_do_nothing(text, shown):
    assert prose(text).strip() == shown


def test_an_image_is_never_loaded():
    assert prose("![x](https://e.org/y.png)").strip() == (
        '<p>!<a href="https://e.org/y.png" rel="noopener noreferrer nofollow">x</a></p>'
    )


def test_a_link_to_the_web_gives_nothing_away():
    shown = prose('<https://e.org/?a="b> and [y](https://e.org "title")')
    assert shown.count('rel="noopener noreferrer nofollow"') == 2
    assert "%22b" in shown
    assert "title" not in shown


def test_a_table_has_headers_and_no_styles():
    shown = prose("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<th scope="col">a</th>' in shown
    assert "style" not in shown


def test_lines_of_a_comment_can_be_kept():
    assert prose("one\ntwo", breaks=True).strip() == "<p>one<br />\ntwo</p>"
