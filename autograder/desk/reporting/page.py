"""The report as one page: it needs no other file, no network and no script."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from markupsafe import Markup

from autograder.desk.reporting.figures import bar, columns
from autograder.desk.reporting.measures import BINS
from autograder.desk.reporting.monday import RULE
from autograder.desk.reporting.report import Report
from autograder.files import PRIVATE, write_atomically
from autograder.gradebook.feedback.look import environment_of, policy_of, style
from autograder.grading.course import Course

HERE = Path(__file__).parent
GENERATOR = "mtl-grade report"
TENTHS = (*(f"{10 * place}–{10 * place + 9}" for place in range(BINS - 1)), "90+")


def as_html(report: Report) -> str:
    """The whole page; every piece of text is escaped, and what hides in it is written out.

    Parameters
    ----------
    report : Report
    """
    css = _style()
    html: str = _template().render(
        report=report, policy=policy_of(css), css=Markup(css), generator=GENERATOR, rule=RULE
    )
    return html


def write_page(course: Course, report: Report, to: Path | None = None) -> Path:
    """Write the page where only its owner reads it; give back where that is.

    Parameters
    ----------
    course : Course
    report : Report
    to : Path, optional
        By default ``report.html`` in the course's folder, or ``report-no-names.html``.
    """
    path = to or course.root / ("report.html" if report.names else "report-no-names.html")
    write_atomically(path, as_html(report).encode("utf-8", "replace") + b"\n", mode=PRIVATE)
    return path


@functools.cache
def _style() -> str:
    """The feedback pages' style, and what only a report has."""
    return style() + (HERE / "templates" / "report.css").read_text(encoding="utf-8")


@functools.cache
def _template() -> Any:
    environment = environment_of(HERE / "templates")
    environment.filters |= {"percent": percent, "first_sentence": first_sentence}
    environment.globals |= {"bar": bar, "totals": _totals, "marks": _marks}
    return environment.get_template("report.html.j2")


def percent(share: float | None) -> str:
    """A share in words.

    >>> percent(0.5), percent(None)
    ('50 %', '–')
    """
    return "–" if share is None else f"{100 * share:.0f} %"


def first_sentence(text: str) -> str:
    """As much of a message as fits a list; a full stop inside code or a number ends nothing.

    >>> first_sentence("Divide by 0.5, not by 2. Often because of a mean.")
    'Divide by 0.5, not by 2.'
    """
    return re.split(r"(?<=[.!?]) (?=[A-Z])", text, maxsplit=1)[0]


def _totals(counts: tuple[int, ...]) -> Markup:
    return columns(TENTHS, counts, "students by their share of the points from checks, in percent")


def _marks(marks: Iterable[tuple[float, int]], title: str) -> Markup:
    pairs = list(marks)
    return columns([f"{mark:g}" for mark, _ in pairs], [count for _, count in pairs], f"answers by their mark, {title}")
