"""The pairs as one page: both answers side by side, with the shared passages marked; no network and no script."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from autograder.desk.similarity.compare import Side, Similar
from autograder.files import PRIVATE, write_atomically
from autograder.gradebook.feedback.look import environment_of, policy_of, style

HERE = Path(__file__).parent
GENERATOR = "mtl-grade similar"
MOST = 50  # pairs on the page


def as_html(found: Similar) -> str:
    """The whole page; every piece of text is escaped."""
    css = _style()
    html: str = _template().render(
        found=found, most=MOST, marked=marked, policy=policy_of(css), css=Markup(css), generator=GENERATOR
    )
    return html


def write_page(found: Similar, path: Path) -> None:
    """Write the page where only its owner reads it."""
    write_atomically(path, as_html(found).encode("utf-8", "replace") + b"\n", mode=PRIVATE)


def marked(side: Side) -> Markup:
    """An answer with its shared passages marked.

    >>> marked(Side("ada", "x = a < b", ((4, 9),)))
    Markup('x = <mark>a &lt; b</mark>')
    """
    parts, end = [Markup("")], 0
    for start, stop in side.marked:
        parts += [escape(side.source[end:start]), Markup("<mark>{}</mark>").format(side.source[start:stop])]
        end = stop
    return Markup("").join([*parts, escape(side.source[end:])])


@functools.cache
def _style() -> str:
    """The feedback pages' style, and what only this page has."""
    return style() + (HERE / "templates" / "similar.css").read_text(encoding="utf-8")


@functools.cache
def _template() -> Any:
    return environment_of(HERE / "templates").get_template("similar.html.j2")
