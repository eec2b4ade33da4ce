"""The notebooks that are made for a workspace, and the signposts among them.

They are the home page, quick tests, the review, the self-check of written answers, and pages to read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.files import as_cell
from autograder.quizzes import bank
from mtl_teach.learn import glossary
from mtl_teach.learn.course_map import Lesson, Project
from mtl_teach.learn.home import as_html, as_text

HOME_CELL = "home-progress"
WHOLE = {"scrolled": False}  # on a narrow screen Notebook 7 would show the map in a small window of its own
_LINK = re.compile(r"\]\(((?![/\w]*:)[^\s()#]+\.(?:md|ipynb))(#[^\s()]*)?\)")
_NUMBER = re.compile(r"(?:ps|quick_test_)?(\d\d)")
_KIN = {"lessons": "Lesson", "exercises": "Problem set", "quick_tests": "Quick test"}


def notebook() -> dict[str, Any]:
    """The home page as a notebook."""
    welcome = (
        "# Multi-task and multi-objective learning\n\n"
        "Welcome. Below are your progress and what is next. They are as of the last start: run the cell (click it, "
        "then press **Shift+Enter**) whenever you come back to this page; it brings a search box, too.\n\n"
        "1. Read a lesson and run its cells from the top, one by one with **Shift+Enter**.\n"
        "2. Solve its problem set; `check(...)` says within a second what is right, and what went wrong. Stuck? "
        "A button under a failed check gives hints.\n"
        "3. Take its quick test. Five of seven right answers pass.\n\n"
        "New here? [What you need to know before](lessons/pages/prerequisites.ipynb) · "
        "[the way through the course](lessons/pages/learning_path.ipynb) · "
        "[review](review.ipynb) · [written answers](written.ipynb) · [glossary](lessons/pages/glossary.ipynb) · "
        "[cheat sheet](lessons/pages/cheat_sheet.html) · [help](lessons/pages/help.ipynb)"
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
            f"quick_tests/quick_test_{number}.ipynb",
            _notebook((f"quick-{number}-text", "markdown", text), (f"quick-{number}-quiz", "code", code)),
        )


def review() -> tuple[str, dict[str, Any]]:
    """The page on which what was misjudged comes back, and its path in the workspace."""
    text = (
        "# Review\n\nWhat you misjudged comes back here after 1, 3, 7 and 21 days: questions of quick tests that you "
        "missed, predictions and questions about your own code that went wrong, and mistakes that an answer of yours "
        "once showed. A few a day are enough.\n\n"
        "Run the next cell (**Shift+Enter**), choose an answer, and press *Check my answer*."
    )
    code = "from mtl_teach.learn import review\n\nreview()"
    return "review.ipynb", _notebook(("review-text", "markdown", text), ("review-cards", "code", code))


def written() -> tuple[str, dict[str, Any]]:
    """The page on which written answers are compared with what they are marked by, and its path in the workspace."""
    text = (
        "# Written answers\n\nNobody marks them for you here, so you do it yourself: first come questions about your "
        "own text, then a model answer beside it. Write and save your answer in its problem set before.\n\n"
        "Run the next cell (**Shift+Enter**), choose an answer, and press *Look at my text*."
    )
    code = "from mtl_teach.learn import written\n\nwritten()"
    return "written.ipynb", _notebook(("written-text", "markdown", text), ("written-check", "code", code))


def pages(course: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Help, glossary and the other pages as notebooks, by their path in the workspace."""
    lessons = {int(file.name[:2]): f"../{file.name}" for file in sorted((course / "lessons").glob("[0-9][0-9]*.ipynb"))}
    for file in sorted((course / "lessons" / "pages").glob("*.md")):
        path, text = f"lessons/pages/{file.stem}.ipynb", file.read_text(encoding="utf-8")
        if path == glossary.FILE:
            cells = [(term.cell, "markdown", glossary.as_cell(term, lessons)) for term in glossary.terms_of(text)]
            page = _notebook(("page-glossary", "markdown", glossary.introduction(text)), *cells)
        else:
            page = _notebook((f"page-{file.stem.replace('_', '-')}", "markdown", text))
        yield path, at_home(path, page)


def glossary_terms(course: Path) -> list[glossary.Term]:
    """The terms of a course's glossary; none where it has no glossary."""
    file = course / PurePosixPath(glossary.FILE).with_suffix(".md")
    return glossary.terms_of(file.read_text(encoding="utf-8")) if file.is_file() else []


def with_glossary(path: str, notebook: dict[str, Any], terms: Sequence[glossary.Term]) -> dict[str, Any]:
    """A lesson whose words are linked to the glossary where it first uses them; any other notebook as it is."""
    number = _NUMBER.match(PurePosixPath(path).name)
    if not (terms and number and path.startswith("lessons/")):
        return notebook
    texts = [as_cell(cell).source for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    linked = iter(glossary.linked(texts, terms, _from(path, glossary.FILE), int(number[1])))
    cells = [_with_text(cell, next(linked)) if cell["cell_type"] == "markdown" else cell for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def at_home(path: str, notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook whose links lead to where things lie in a workspace: pages are notebooks, projects have a folder."""
    folder = PurePosixPath(path if not path.startswith("projects/") else f"lessons/{path}").parent

    def moved(found: re.Match[str]) -> str:
        there = posixpath.normpath((folder / found[1]).as_posix())
        there = re.sub("^lessons/projects/", "projects/", re.sub(r"\.md$", ".ipynb", there))
        return f"]({_from(path, there)}{found[2] or ''})"

    cells = [
        _with_text(cell, _LINK.sub(moved, as_cell(cell).source)) if cell["cell_type"] == "markdown" else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def _with_text(cell: dict[str, Any], text: str) -> dict[str, Any]:
    return {**cell, "source": text.splitlines(keepends=True)}


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
    own = f"[Look at your written answer]({_from(path, 'written.ipynb')}) · " if path.startswith("exercises/") else ""
    end = [_cell("signpost-end", "markdown", f"**Go on:** {own}{text}")] if links else []
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


def with_progress(
    page: dict[str, Any], lessons: Sequence[Lesson], projects: Sequence[Project] = (), due: str = ""
) -> dict[str, Any]:
    """The home page with its map, and what is due, already shown, so that it says something before anything is run."""
    shown = [{"text/markdown": due, "text/plain": due}] if due else []
    shown.append({"text/html": as_html(lessons, projects), "text/plain": as_text(lessons, projects)})
    outputs = [{"output_type": "display_data", "metadata": {}, "data": data} for data in shown]
    cells = [
        {**cell, "metadata": {**cell.get("metadata", {}), **WHOLE}, "outputs": outputs}
        if cell.get("id") == HOME_CELL and cell["cell_type"] == "code"
        else cell
        for cell in page["cells"]
    ]
    return {**page, "cells": cells}
