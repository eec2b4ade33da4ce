"""Text of strangers as pieces of a page: every character shown, none with a power, and never longer than stated."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.visible import clean

# Characters of each kind that a page shows; the notebook itself, which its author has, holds the rest.
MAX_VALUE = 4_000  # an input, an output, what a cell printed
MAX_CODE = 8_000
MAX_PROSE = 10_000
MAX_LINES = 400

_HARMLESS = re.compile(r"(https?://|mailto:)[^\s]", re.IGNORECASE)


def visible(text: str) -> str:
    """Text with Unix line endings in which whatever hides is written out.

    >>> print(visible("a\\x1b[31mred\\r\\n\\u202egnp.exe"))
    a\\x1b[31mred
    \\u202egnp.exe
    """
    return clean(text.replace("\r\n", "\n"))


def cut(text: str, most: int) -> str:
    """Text of at most ``most`` characters and :data:`MAX_LINES` lines, visible; it says how much is left out.

    >>> cut("one two three", 7)
    'one two… (6 more characters are not shown)'
    """
    short, note = _shortened(text, most)
    return short + note


def _shortened(text: str, most: int) -> tuple[str, str]:
    """What is shown of a text, visible, and a note of what is not."""
    short = "\n".join(text[:most].split("\n", MAX_LINES)[:MAX_LINES])
    left = len(text) - len(short)
    return visible(short), f"… ({left} more characters are not shown)" if left else ""


# ---- code ------------------------------------------------------------------------------------------------------

_LEXER = PythonLexer(stripnl=False, ensurenl=False)
_FORMATTER = HtmlFormatter(nowrap=True)


@functools.lru_cache(1024)
def code_lines(source: str) -> tuple[Markup, ...]:
    """Python code as highlighted HTML, line by line; the classes are those of Pygments.

    >>> code_lines("x = 1")
    (Markup('<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>'),)
    """
    short, note = _shortened(source.rstrip(), MAX_CODE)
    lines = highlight(short, _LEXER, _FORMATTER).removesuffix("\n").split("\n")
    return tuple(map(Markup, [*lines, note] if note else lines))


# ---- prose -----------------------------------------------------------------------------------------------------


@functools.lru_cache(1024)
def prose(markdown: str, breaks: bool = False) -> Markup:
    """Markdown as HTML: no raw HTML, no images, links to web and mail addresses only, mathematics as it was typed.

    Headings become bold lines, since the page has headings of its own.

    Parameters
    ----------
    markdown : str
    breaks : bool
        True keeps the ends of lines, for text that was typed where nothing is rendered.

    Examples
    --------
    >>> prose("*Hi* <b>$a_1*b*c$ [x](javascript:alert)")
    Markup('<p><em>Hi</em> &lt;b&gt;<code class="math">$a_1*b*c$</code> [x](javascript:alert)</p>\\n')
    """
    short, note = _shortened(markdown, MAX_PROSE)
    return Markup(_markdown(breaks).render(short) + (f"<p>{note}</p>" if note else ""))


@functools.cache
def _markdown(breaks: bool) -> MarkdownIt:
    made = _Markdown("commonmark", {"html": False, "breaks": breaks, "maxNesting": 20}, renderer_cls=_Renderer)
    made.enable(["table", "strikethrough"])
    made.disable(["image", "html_block", "html_inline", "entity"])
    made.inline.ruler.before("escape", "math", _math)
    return made


class _Markdown(MarkdownIt):
    """Markdown whose links lead to the web or to a mailbox; any other is no link."""

    def validateLink(self, url: str) -> bool:
        return _HARMLESS.match(url) is not None


class _Renderer(RendererHTML):
    """The pieces that look otherwise than usual: each method is named for a kind of token."""

    def math(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f'<code class="math">{escape(tokens[at].content)}</code>'

    def heading_open(self, *_: Any) -> str:
        return '<p class="heading"><strong>'

    def heading_close(self, *_: Any) -> str:
        return "</strong></p>\n"

    def link_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f'<a href="{escape(str(tokens[at].attrGet("href")))}" rel="noopener noreferrer nofollow">'

    def fence(self, tokens: Sequence[Token], at: int, *_: Any) -> str:
        return f"<pre><code>{escape(tokens[at].content)}</code></pre>\n"

    def th_open(self, *_: Any) -> str:
        return '<th scope="col">'  # the usual one aligns its column with a style, which the page's policy forbids

    def td_open(self, *_: Any) -> str:
        return "<td>"


def _math(state: StateInline, silent: bool) -> bool:
    """From a dollar sign to the next one, as it was typed; only one partner is tried, so that time stays linear."""
    start = state.pos
    if state.src[start] != "$":
        return False
    sign = "$$" if state.src.startswith("$$", start) else "$"
    begin = start + len(sign)
    end = state.src.find(sign, begin, state.posMax)
    inside = state.src[begin:end] if end >= 0 else ""
    if not inside.strip() or (sign == "$" and _money(inside, state.src[end + 1 : end + 2])):
        return False
    if not silent:
        state.push("math", "code", 0).content = f"{sign}{inside}{sign}"
    state.pos = end + len(sign)
    return True


def _money(inside: str, after: str) -> bool:
    """True where two dollar signs are prices: a space stands inside of either, or a number behind the second."""
    return inside[0].isspace() or inside[-1].isspace() or after.isdigit()
