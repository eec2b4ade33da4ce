"""What a notebook can show: widgets where a kernel and a front-end are there, else the same content as text."""

from __future__ import annotations

import html
import re
from typing import Any

MARKED = re.compile(r"`([^`]+)`|(?<![\w*])\*([^\s*](?:[^*]*[^\s*])?)\*(?![\w*])")  # `code`, or *emphasis*


def show(widget: Any, static_html: str, text: str) -> None:
    """Display a widget whose output also carries a static twin for front-ends without widgets.

    Parameters
    ----------
    widget : ipywidgets.Widget
    static_html, text : str
        The same content as HTML and as plain text.
    """
    from IPython.display import display

    # written out, since ipywidgets 7, which Colab has, cannot be asked for it
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, "text/html": static_html, "text/plain": text}, raw=True)


def focus(widget: Any) -> None:
    """Move the keyboard's focus to a widget; ipywidgets 7 cannot, and there the learner does."""
    if hasattr(widget, "focus"):
        widget.focus()


def rich(text: str) -> str:
    """Text as HTML: escaped, with back-quoted pieces as code and starred words emphasised.

    >>> rich("`a * b * c` holds for *every* c")
    '<code>a * b * c</code> holds for <em>every</em> c'
    """
    return MARKED.sub(_as_tag, html.escape(text, quote=False))


def _as_tag(marked: re.Match[str]) -> str:
    return f"<code>{marked[1]}</code>" if marked[1] else f"<em>{marked[2]}</em>"


def plain(text: str) -> str:
    """Text without the marks of code and of emphasis.

    >>> plain("`a * b * c` holds for *every* c")
    'a * b * c holds for every c'
    """
    return MARKED.sub(lambda marked: marked[1] or marked[2], text)


def live(sentence: str, kind: str = "note") -> str:
    """A sentence that a screen reader announces when it appears.

    >>> live("Saved.")
    '<div role="alert" class="mtl-note" style="line-height:1.45">Saved.</div>'
    """
    return f'<div role="alert" class="mtl-{kind}" style="line-height:1.45">{sentence}</div>' if sentence else ""
