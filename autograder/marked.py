"""A line of text whose back-quotes mark code and whose stars mark emphasis: as HTML, and without the marks."""

from __future__ import annotations

import html
import re

MARKED = re.compile(r"`([^`]+)`|(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])")  # `code`, or *emphasis*


def rich(text: str) -> str:
    """Text as HTML: escaped, with back-quoted pieces as code and starred words emphasised.

    >>> rich("`a * b * c` holds for *every* c")
    '<code>a * b * c</code> holds for <em>every</em> c'
    """
    return MARKED.sub(_as_tag, html.escape(text))


def _as_tag(marked: re.Match[str]) -> str:
    return f"<code>{marked[1]}</code>" if marked[1] else f"<em>{marked[2]}</em>"


def plain(text: str) -> str:
    """Text without the marks of code and of emphasis.

    >>> plain("`a * b * c` holds for *every* c")
    'a * b * c holds for every c'
    """
    return MARKED.sub(lambda marked: marked[1] or marked[2], text)
