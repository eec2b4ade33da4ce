"""The notebooks that are made for a workspace: home page, quick tests, review, pages, and the signposts among them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.quizzes import bank
from mtl_teach.learn.course_map import Lesson
from mtl_teach.learn.home import as_html, as_text

HOME_CELL = "home-progress"
_PAGE_LINK = re.compile(r"\]\((\w+)\.md")
_NUMBER = re.compile(r"(?:ps)?(\d\d)")
_KIN = {"lessons": "Lesson", "exercises": "Problem set", "quick_tests": "Quick test"}


def notebook() -> dict[str, Any]:
    """The home page as a notebook."""
    welcome = (
        "# Multi-task and multi-objective learning\n\n"
        "Welcome. Below are your progress and what is next. They are as of the last start: run the cell (click it, "
        "then press **Shift+Enter**) whenever you come back to this page.\n\n"
        "1. Read a lesson and run its cells from the top, one by one with **Shift+Enter**.\n"
        "2. Solve its problem set; `check(...)` says within a second what is right, and what went wrong. Stuck? "
        "A button under a failed check gives hints.\n"
        "3. Take its quick test. Five of seven right answers pass.\n\n"
        "New here? [What you need to know before](lessons/pages/prerequisites.ipynb) · "
        "[the way through the course](lessons/pages/learning_path.ipynb) · "
        "[review](review.ipynb) · "
        "[glossary](lessons/pages/glossary.ipynb) · [help](lessons/pages/help.ipynb)"
    )
    return _notebook(
        ("home-welcome", "markdown", welcome),
        (HOME_CELL, "code", "from mtl_teach.learn.home import home\n\nhome()"),
        (
            "home-help",
            "markdown",
            "In a terminal (*File → New → Terminal*), `mtl-teach next` says the same as the cell above, and "
            "`mtl-teach --help` lists the rest. Everything you do stays on this computer.\n\n"
            "If Python says `NameError: name ... is not defined`, the kernel was restarted or a cell was left out: "
            "choose *Run → Run All Above Selected Cell*. If a set-up or check cell is gone, `mtl-teach start` "
            "brings it back.",
        ),
    )


def quick_tests() -> Iterator[tuple[str, dict[str, Any]]]:
    """One small notebook a quick test, by its path in the workspace."""
    for number in bank.all_quizzes():
        text = (
            f"# Quick test {number}\n\nRun the next cell (**Shift+Enter**), choose one answer to each question, "
            "and press *Check my answers*."
        )
        code = f'from mtl_teach.learn import quiz\n\nquiz("{number}")'
        yield (
            f"quick_tests/{number}.ipynb",
            _notebook((f"quick-{number}-text", "markdown", text), (f"quick-{number}-quiz", "code", code)),
        )


def review() -> tuple[str, dict[str, Any]]:
    """The page on which what was misjudged comes back, and its path in the workspace."""
    text = (
        "# Review\n\nWhat you misjudged comes back here after 1, 3, 7 and 21 days: questions of quick tests that you "
        "missed, predictions that went wrong, and mistakes that an answer of yours once showed. A few a day are "
        "enough.\n\n"
        "Run the next cell (**Shift+Enter**), choose an answer, and press *Check my answer*."
    )
    code = "from mtl_teach.learn import review\n\nreview()"
    return "review.ipynb", _notebook(("review-text", "markdown", text), ("review-cards", "code", code))


def pages(course: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Help, glossary and the other pages as notebooks, by their path in the workspace."""
    for file in sorted((course / "lessons" / "pages").glob("*.md")):
        text = _PAGE_LINK.sub(r"](\1.ipynb", file.read_text(encoding="utf-8"))
        name = file.stem.replace("_", "-")
        yield f"lessons/pages/{file.stem}.ipynb", _notebook((f"page-{name}", "markdown", text))


def signposted(path: str, notebook: dict[str, Any], there: Iterable[str]) -> dict[str, Any]:
    """A notebook with links to the others of its lesson and to the home page, under its title and at its end.

    Parameters
    ----------
    path : str
        Of the notebook in the workspace.
    notebook : dict
    there : iterable of str
        The paths of all notebooks of the workspace.
    """
    numbers = {other: start[1] for other in there if (start := _NUMBER.match(PurePosixPath(other).stem))}
    links = [
        f"[{name} {number}]({_from(path, other)})"
        for folder, name in _KIN.items()
        for other, number in numbers.items()
        if number == numbers.get(path) and other != path and other.startswith(f"{folder}/")
    ]
    text = " · ".join([*links, f"[Home page]({_from(path, 'index.ipynb')})"])
    first, *rest = notebook["cells"]
    top = [] if path.startswith("quick_tests/") else [_cell("signpost-top", "markdown", text)]  # that one is short
    end = [_cell("signpost-end", "markdown", f"**Go on:** {text}")] if links else []
    return {**notebook, "cells": [first, *top, *rest, *end]}


def _from(path: str, other: str) -> str:
    return posixpath.relpath(other, PurePosixPath(path).parent)


def _notebook(*cells: tuple[str, str, str]) -> dict[str, Any]:
    return {
        "cells": [_cell(*cell) for cell in cells],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(name: str, kind: str, text: str) -> dict[str, Any]:
    lines = text.splitlines(keepends=True)
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": lines}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def with_progress(page: dict[str, Any], lessons: list[Lesson]) -> dict[str, Any]:
    """The home page with its map already shown, so that it says something before anything is run."""
    output = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": as_html(lessons), "text/plain": as_text(lessons)},
    }
    cells = [
        {**cell, "outputs": [output]} if cell.get("id") == HOME_CELL and cell["cell_type"] == "code" else cell
        for cell in page["cells"]
    ]
    return {**page, "cells": cells}
