r"""The marks of a bank's text: `code`, *emphasis* and $formulas$, for people (plain) and for platforms (HTML).

All platforms get the same HTML. Formulas stand in ``\( … \)``, which Moodle's and Canvas's MathJax typeset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

PLAIN, CODE, EMPHASIS, FORMULA = "plain", "code", "emphasis", "formula"
# A formula touches its dollars and no digit follows them, as in Jupyter: prices are none. It holds none of the marks
# that would end it, or begin another, where it is shown.
_MARKED = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|(?<!\$)\$(?!\s)(?P<formula>(?:[^$`\\]|\\\\(?![()\[\]])|\\[^()\[\]\\`])+?)(?<!\s)\$(?![\d$])"
    r"|(?<![\w*])\*(?P<emphasis>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])"
)
_MATHEMATICS = re.compile(r"\\(?=[(\[])|\$(?=\$)")  # what MathJax takes for the beginning of a formula


@dataclass(frozen=True)
class Piece:
    """A piece of text of one kind."""

    kind: str
    text: str


def pieces(text: str) -> Iterator[Piece]:
    """A text, taken apart at its marks.

    >>> [(piece.kind, piece.text) for piece in pieces("`a*b` is *not* $a_b$")]
    [('code', 'a*b'), ('plain', ' is '), ('emphasis', 'not'), ('plain', ' '), ('formula', 'a_b')]
    """
    end = 0
    for found in _MARKED.finditer(text):
        if found.start() > end:
            yield Piece(PLAIN, text[end : found.start()])
        kind = str(found.lastgroup)
        yield Piece(kind, found[kind])
        end = found.end()
    if end < len(text):
        yield Piece(PLAIN, text[end:])


def html(text: str) -> str:
    r"""A text as HTML.

    >>> print(html("`a < b` if $x_1 < 2$, *never* for $5"))
    <code>a &lt; b</code> if \(x_1 &lt; 2\), <em>never</em> for $5
    """
    return "".join(map(_html, pieces(text)))


def _html(piece: Piece) -> str:
    escaped = escape(piece.text, quote=False)
    if piece.kind == CODE:
        return f"<code>{escaped}</code>"
    if piece.kind == FORMULA:
        return rf"\({escaped}\)"
    # The two characters that open a formula are kept apart where they open none.
    escaped = _MATHEMATICS.sub(r"\g<0><span></span>", escaped).replace("\n", "<br>")
    return f"<em>{escaped}</em>" if piece.kind == EMPHASIS else escaped


def plain(text: str) -> str:
    """A text on one line: code and emphasis keep their marks, a formula is what was typed.

    >>> plain("`a*b` is *not*\\n$a_b$")
    '`a*b` is *not* a_b'
    """
    marks = {CODE: "`", EMPHASIS: "*"}
    words = (f"{mark}{piece.text}{mark}" for piece in pieces(text) for mark in [marks.get(piece.kind, "")])
    return " ".join("".join(words).split())
