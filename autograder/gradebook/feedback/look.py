"""How a page looks: the template, the style inside it, and a policy that lets neither script nor network in."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder import render
from autograder.gradebook.feedback.page import Page, State
from autograder.gradebook.feedback.text import MAX_VALUE, code_lines, cut, prose
from autograder.marked import rich

HERE = Path(__file__).parent
GENERATOR = "mtl-grade feedback"  # by which a page of ours is known
SIGNS = {State.RIGHT: "✓", State.WRONG: "✗", State.OPEN: "○", State.WAITING: "…", State.MARKED: "✎"}


def as_html(page: Page) -> str:
    """The whole page; it needs no other file, no network and no script.

    Parameters
    ----------
    page : Page

    Returns
    -------
    str
        Every piece of text is visible, no longer than stated (by ``_finalize``) and escaped (by Jinja).
    """
    html: str = _template().render(page=page, policy=policy_of(style()), css=Markup(style()), generator=GENERATOR)
    return html


@functools.cache
def style() -> str:
    """The style sheet that stands in every page."""
    return (HERE / "templates" / "page.css").read_text(encoding="utf-8")


@functools.cache
def policy_of(css: str) -> str:
    """The Content-Security-Policy of a page: nothing but this one style sheet."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@functools.cache
def look() -> str:
    """A digest of everything that decides how the same page looks."""
    files = [*sorted((HERE / "templates").iterdir()), HERE / "text.py", HERE / "look.py", Path(render.__file__)]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


@functools.cache
def _template() -> Any:
    environment = environment_of(HERE / "templates")
    environment.globals |= {"signs": SIGNS}
    return environment.get_template("page.html.j2")


def environment_of(templates: Path) -> Environment:
    """Templates whose every text is visible, cut and escaped, with the filters that our pages share."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {"rich": _rich, "prose": prose, "code_lines": code_lines, "points": points, "count": count}
    return environment


def _finalize(value: Any) -> Any:
    """What is put into the page: our own markup as it is, any other text visible and cut."""
    return value if isinstance(value, Markup) else cut(str(value), MAX_VALUE)


def _rich(text: str) -> Markup:
    """A sentence whose back-quoted pieces are code."""
    return Markup(rich(cut(text, MAX_VALUE)))


def points(number: float) -> str:
    """A number of points in words.

    >>> points(1.0), points(2.5)
    ('1 point', '2.5 points')
    """
    return count(number, "point")


def count(number: float, what: str) -> str:
    """How many of something.

    >>> count(1, "check"), count(3, "check")
    ('1 check', '3 checks')
    """
    return f"{number:g} {what}" if number == 1 else f"{number:g} {what}s"
