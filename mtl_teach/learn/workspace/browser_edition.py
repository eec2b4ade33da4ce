"""The workspace as the browser edition has it, where Python runs in a web page and there is no PyTorch.

Problem sets keep the exercises that can be judged there, lessons their predictions; whatever needs PyTorch is a link to
its page in the web book and a line how to install the course.
"""

from __future__ import annotations

import posixpath
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from autograder import exercises
from autograder.authoring.lite.links import INSTALL
from autograder.authoring.reveals import SUMMARY
from autograder.exercises import Exercise
from autograder.files import Notebook, as_cell, notebook_as_written, write_json
from mtl_teach.learn.browser.newer import stamp
from mtl_teach.learn.course_map import Task, course_map
from mtl_teach.learn.workspace import deliver, notebooks
from mtl_teach.learn.workspace.fixed_questions import fixed
from mtl_teach.learn.workspace.merge import RawCell

HOME = "index.ipynb"
BOOK = "book"  # a link into this folder leads to the web book, which lies around the edition
LEFT_OUT = ("lessons/pages/", "projects/", "written.ipynb")
TO_WRITTEN = re.compile(r"\[Look at your written answer\]\([^)]*\) · ")
# As the kernel of the browser writes them: else every notebook counts as changed as soon as it is opened.
KERNEL = {
    "kernelspec": {"display_name": "Python (Pyodide)", "language": "python", "name": "python"},
    "language_info": {
        "codemirror_mode": {"name": "python", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.8",
    },
}
_LINK = re.compile(r"\]\((?!\w+:)([^\s()#]+)(#[^\s()]*)?\)")
_TORCH_LINE = re.compile(r"^(?:import|from) torch\b.*\n?", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})\s+(.+)$", re.MULTILINE)
_PREDICT = re.compile(r"^predict\(", re.MULTILINE)
_OUTCOME = re.compile(r"^ *(outcome\(.*\))$", re.MULTILINE)
_NOT_TO_READ = re.compile(r"^(?:import|from|show|explore|say)\b")  # pictures are in the book

WELCOME = (
    "# Multi-task and multi-objective learning\n\n"
    "Welcome to the course in your browser: Python runs in this page, nothing is installed, and what you do stays "
    "here. Below is your way through the course. It is as of the last time that the cell ran: run it (click it, then "
    "press **Shift+Enter**) whenever you come back to this page.\n\n"
    f"1. Read a lesson [in the book]({BOOK}/index.html), with everything that its experiments show; its predictions "
    "are here, to make before you read.\n"
    "2. Solve its problem set; `check(...)` says what is right, and what went wrong. Stuck? A button under a failed "
    "check gives hints.\n"
    "3. Take its quick test. Five of seven right answers pass.\n\n"
    f"New here? [What you need to know before]({BOOK}/pages/prerequisites.html) · "
    f"[the way through the course]({BOOK}/pages/learning_path.html) · [review](review.ipynb) · "
    f"[glossary]({BOOK}/pages/glossary.html) · [help]({BOOK}/pages/help.html)"
)
HELP = (
    "The first cell that you run starts Python, which takes some seconds. If Python says "
    "`NameError: name ... is not defined`, it was started again or a cell was left out: choose "
    "*Run → Run All Above Selected Cell*.\n\n"
    "Lessons, projects, and the exercises that need PyTorch run on your own computer, where the course is installed "
    f"with one line: {INSTALL}. To hand in a problem set from here, choose *File → Download*."
)


def edition(course: Path) -> dict[str, Notebook]:
    """Every notebook of the browser edition by its path there, with the stamp of its version.

    Parameters
    ----------
    course : Path
        The folder that holds ``lessons/`` and ``exercises/``.
    """
    with tempfile.TemporaryDirectory() as folder:
        workspace, made = Path(folder, "whole"), Path(folder, "edition")
        deliver.update(workspace, course)
        paths = sorted(path.relative_to(workspace).as_posix() for path in workspace.rglob("*.ipynb"))
        whole = {path: notebook_as_written((workspace / path).read_bytes()) for path in paths}
        kept = {path: whole[path] for path in paths if not path.startswith(LEFT_OUT)}
        found = {path: _linked(path, _here(path, notebook), kept) for path, notebook in kept.items()}
        for path, notebook in found.items():
            write_json(made / path, notebook)
        # As the kernel of a browser draws it: without exercises that are not in their set, and written answers.
        here = [replace(one, tasks=tuple(filter(_is_here, one.tasks)), written=()) for one in course_map(made)]
        found[HOME] = notebooks.with_progress(found[HOME], here)
    return {
        path: stamp({**notebook, "metadata": {**notebook["metadata"], **KERNEL}}) for path, notebook in found.items()
    }


def _is_here(task: Task) -> bool:
    return bool(task.cell)


def _here(path: str, notebook: Notebook) -> Notebook:
    """One notebook of a workspace with what of it works in a browser."""
    if path == HOME:
        cells = iter(_home(notebook))
    elif path.startswith("lessons/"):
        cells = predictions(path, notebook)
    elif path.startswith("exercises/"):
        cells = without_torch(path, notebook)
    else:
        return notebook
    return {**notebook, "cells": list(cells)}


def _home(notebook: Notebook) -> list[RawCell]:
    said = {"home-welcome": WELCOME, "home-help": HELP}
    return [_saying(cell, said[cell["id"]]) if cell["id"] in said else cell for cell in notebook["cells"]]


def _saying(cell: RawCell, text: str) -> RawCell:
    return {**cell, "source": text.splitlines(keepends=True)}


# ---- links -----------------------------------------------------------------------------------------------------


def _linked(path: str, notebook: Notebook, there: Mapping[str, Notebook]) -> Notebook:
    """A notebook whose links lead to what is in the edition, else to a page of the book."""
    folder = PurePosixPath(path).parent

    def moved(found: re.Match[str]) -> str:
        target = posixpath.normpath((folder / found[1]).as_posix())
        if target in there or target.startswith(f"{BOOK}/"):
            return found[0]
        page = PurePosixPath(target.removeprefix("lessons/")).with_suffix(".html").as_posix()
        return f"]({from_here(path, page)})"

    cells = [
        _saying(cell, _LINK.sub(moved, TO_WRITTEN.sub("", as_cell(cell).source)))
        if cell["cell_type"] == "markdown"
        else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def from_here(path: str, page: str) -> str:
    """A link from a notebook of the edition to a page of the book.

    >>> from_here("lessons/05_missing_labels.ipynb", "pages/glossary.html")
    '../book/pages/glossary.html'
    """
    return posixpath.relpath(f"{BOOK}/{page}", PurePosixPath(path).parent)


def anchor(title: str) -> str:
    """What Sphinx makes of a heading, to open a page at it.

    >>> anchor("Squared error of *several* tasks, with gaps")
    'squared-error-of-several-tasks-with-gaps'
    """
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).lstrip("0123456789-").rstrip("-")


# ---- problem sets ----------------------------------------------------------------------------------------------


def without_torch(path: str, notebook: Notebook) -> Iterator[RawCell]:
    """The cells of a problem set; an exercise that needs PyTorch is one cell that says where it is to be had."""
    gone: set[str] = set()
    for cell in notebook["cells"]:
        name = str(cell["id"])
        exercise = _asked_in(name)
        if exercise and exercise.needs_torch:
            gone |= {f"{before}{exercise.id}" for before in ("examples-", "", "check-")}
            yield _elsewhere(path, cell)
        elif name == "setup":
            yield _saying(cell, re.sub(r"\n{3,}", "\n\n", _TORCH_LINE.sub("", as_cell(cell).source)).strip())
        elif name not in gone:
            yield cell


def _asked_in(cell: str) -> Exercise | None:
    """The exercise whose statement a cell is, if it is one."""
    name = cell.removeprefix("about-")
    return exercises.load(name) if name != cell and name in exercises.all_ids() else None


def _elsewhere(path: str, statement: RawCell) -> RawCell:
    text = as_cell(statement).source
    heading = text.splitlines()[0]
    page = from_here(path, f"problem_sets/{PurePosixPath(path).stem}.html#{anchor(heading)}")
    said = (
        f"This exercise needs PyTorch, which does not run in a browser. [Read it in the book]({page}); to solve it, "
        f"install the course: {INSTALL}."
    )
    fixed = {name: statement["metadata"][name] for name in ("deletable", "editable") if name in statement["metadata"]}
    return _saying({**statement, "metadata": fixed}, f"{heading}\n\n{said}")


# ---- lessons ---------------------------------------------------------------------------------------------------


def predictions(path: str, notebook: Notebook) -> Iterator[RawCell]:
    """What a lesson lets one predict: what is said before each question, the question, and what came out.

    Code that is read before a question is shown as text, since it needs PyTorch.
    """
    title, *cells = notebook["cells"]
    page = PurePosixPath(path).with_suffix(".html").name
    yield _saying(title, _opening(as_cell(title).source.splitlines()[0], from_here(path, page)))
    top = [cell for cell in cells if cell["id"] == "signpost-top"]
    yield from top
    yield _code("setup", "from mtl_teach.learn import outcome, predict")
    section: list[RawCell] = []
    heading = ""
    told = False  # the cell before told an outcome, so that what is said of it comes now
    for place, cell in enumerate(cells):
        text = as_cell(cell).source
        if cell["cell_type"] == "markdown":
            if (told and SUMMARY in text) or cell["id"] == "signpost-end":
                yield cell
            elif found := _HEADING.findall(text):
                section, heading = [cell], found[-1][1]
            elif cell not in top:
                section.append(cell)
            told = False
        elif _PREDICT.search(text):
            yield from section
            section = []
            where = from_here(path, f"{page}#{anchor(heading)}")
            yield _markdown(f"{cell['id']}-book", f"*[With its experiment, in the book]({where}).*")
            yield _saying(
                cell, fixed(text, [as_cell(one).source for one in cells[:place] if one["cell_type"] == "code"])
            )
        elif outcomes := _OUTCOME.findall(text):
            yield _code(str(cell["id"]), "\n".join(outcomes))
            section, told = [], True
        elif not cell["metadata"].get("jupyter", {}).get("source_hidden") and not _NOT_TO_READ.match(text):
            section.append(_markdown(str(cell["id"]), f"```python\n{text}\n```"))


def _opening(title: str, page: str) -> str:
    return (
        f"{title}\n\nThe predictions of this lesson: commit to a guess, then see what its experiment shows. The whole "
        f"lesson, with every result, is [in the book]({page}). Its experiments need PyTorch, which does not run in a "
        f"browser; to run them, install the course: {INSTALL}."
    )


def _markdown(name: str, text: str) -> RawCell:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, text: str) -> RawCell:
    return {**_markdown(name, text), "cell_type": "code", "execution_count": None, "outputs": []}
