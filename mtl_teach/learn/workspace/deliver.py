"""Make and update a workspace: a folder with the course's notebooks, in which the learner works.

What was delivered is remembered cell by cell in ``.mtl-teach/workspace.json``. When the course is newer, cells
that the learner edited stay, everything else is brought up to date, and the report says what changed.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.course_files import course_root
from autograder.files import NotANotebook, Notebook, notebook_as_written, sweep, write_atomically, write_json
from autograder.sections import read_cells
from mtl_teach import __version__
from mtl_teach.learn import cheat_sheet
from mtl_teach.learn.course_map import course_map, projects_of
from mtl_teach.learn.home import review_words
from mtl_teach.learn.workspace import merge, notebooks, trust
from mtl_teach.learn.workspace.places import FOLDER, MANIFEST

VERSION = 1
FORMAT = 4  # of notebooks; Jupyter turns older ones into it when it saves them
LANGUAGE = {  # as the kernel would write it: else every notebook counts as changed as soon as it is opened
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": platform.python_version(),
}
FRESH = Path("from-the-course")  # JupyterLab shows no hidden folders


class WorkspaceError(RuntimeError):
    """The workspace cannot be made or updated; the message says why and what to do."""


@dataclass
class Report:
    """What an update did, file by file.

    Attributes
    ----------
    root : Path
        The workspace.
    made : bool
        True where there was none before.
    added, updated, restored : list of str
        Paths inside the workspace: new files, files with new or changed cells, files that were missing.
    edited : dict of str to int
        How many cells of the learner's were kept, by path, where the course's file was newer.
    notices : list of str
        Sentences that the learner should read.
    """

    root: Path
    made: bool = False
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    edited: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report as sentences."""
        lines = [f"Made a workspace in {self.root} ({len(self.added)} notebooks)."] if self.made else []
        if not self.made:
            for name, paths in (("New", self.added), ("Updated", self.updated), ("Put back", self.restored)):
                lines += [f"{name}: {path}" for path in paths]
            lines += [f"Kept {count} edited cell(s) in {path}" for path, count in self.edited.items()]
        lines += self.notices
        return lines or [f"The workspace in {self.root} is up to date."]


def update(root: Path, course: Path | None = None) -> Report:
    """Make a workspace, or bring one up to date without overwriting anything that the learner wrote.

    Parameters
    ----------
    root : Path
    course : Path, default: the course that this package belongs to
        The folder that holds ``lessons/`` and ``exercises/``.

    Returns
    -------
    Report

    Raises
    ------
    WorkspaceError
        If the folder cannot be written to, is a file, or is the course's own source folder.
    """
    course = course_root() if course is None else course
    root = Path(root).expanduser().resolve()
    if (root / "solutions").is_dir() and (root / "mtl_teach").is_dir():
        raise WorkspaceError(
            f"{root} holds the sources of the course itself; choose another folder: mtl-teach start mtl-course"
        )
    try:
        return _update(root, course)
    except OSError as error:
        raise WorkspaceError(
            f"{root} cannot be written to ({error.strerror or error}); choose another folder, for example: "
            "mtl-teach start ~/mtl-course"
        ) from error


def _update(root: Path, course: Path) -> Report:
    report = Report(root, made=not (root / MANIFEST).exists())
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    if not report.made:
        sweep(root)
    manifest = _read_manifest(root, report)
    files: dict[str, merge.Delivered] = {
        path: [(str(name), str(digest)) for name, digest in cells] for path, cells in manifest["files"].items()
    }
    for path, notebook in _course_notebooks(course):
        _move_former(root, path, files)
        files[path] = _deliver(root, path, notebook, files.get(path), report)
    manifest = {"version": VERSION, "course": __version__, "files": files}
    write_json(root / MANIFEST, manifest)
    _write_cheat_sheet(root, course)
    _show_progress(root)
    return report


def _move_former(root: Path, path: str, files: dict[str, merge.Delivered]) -> None:
    """Take a notebook along that was delivered under an older name; nothing where the new name is taken."""
    former = path.replace("/quick_test_", "/")  # their tabs were all named 01.ipynb and so on
    if former in files and former != path and not (root / path).exists():
        files[path] = files.pop(former)
        if (root / former).is_file():
            (root / former).replace(root / path)


def _write_cheat_sheet(root: Path, course: Path) -> None:
    """The take-aways and formulas of the course's own lessons, whatever the learner changed in theirs."""
    lessons = sorted((course / "lessons").glob("[0-9][0-9]*.ipynb"))
    summaries = [cheat_sheet.summary_of(int(file.name[:2]), read_cells(file)) for file in lessons]
    file, page = root / cheat_sheet.FILE, cheat_sheet.page(summaries).encode()
    if any(one.points for one in summaries) and not (file.is_file() and file.read_bytes() == page):
        write_atomically(file, page)


def _show_progress(root: Path) -> None:
    """Let the home page show the map before anything is run."""
    page = _read_mine(root / "index.ipynb")
    if page is not None:
        shown = notebooks.with_progress(page, course_map(root), projects_of(root), review_words(root))
        trust.rewrite(root / "index.ipynb", shown)


def _read_manifest(root: Path, report: Report) -> dict[str, Any]:
    path = root / MANIFEST
    blank: dict[str, Any] = {"files": {}}
    if not path.exists():
        return blank
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(manifest["files"], dict):
            raise TypeError("`files` is not a table")
    except (ValueError, KeyError, TypeError):
        aside = path.with_name(f"workspace-damaged-{datetime.now():%Y%m%d-%H%M%S}.json")
        path.replace(aside)
        report.notices.append(
            f"The list of what was delivered was damaged; it is kept as {aside.name}. "
            "Every cell that differs from the course counts as yours and was kept."
        )
        return blank
    return manifest


def _course_notebooks(course: Path) -> Iterator[tuple[str, Notebook]]:
    """Every notebook that a workspace holds, by its path there; quick tests are interactive there, no assignments."""
    as_built: dict[str, Notebook] = {}
    for pattern in ("lessons/*.ipynb", "exercises/ps*/*.ipynb", "lessons/projects/*.ipynb"):
        for file in sorted(course.glob(pattern)):
            if ".ipynb_checkpoints" not in file.parts:
                path = file.relative_to(course).as_posix().replace("lessons/projects/", "projects/")
                as_built[path] = notebook_as_written(file.read_bytes())
    terms = notebooks.glossary_terms(course)
    for path, notebook in as_built.items():
        as_built[path] = notebooks.at_home(path, notebooks.with_glossary(path, notebook, terms))
    as_built |= dict((*notebooks.pages(course), *notebooks.quick_tests(), notebooks.review(), notebooks.written()))
    signposted = {path: notebooks.signposted(path, notebook, as_built) for path, notebook in as_built.items()}
    for path, notebook in (signposted | {"index.ipynb": notebooks.notebook()}).items():
        yield path, {**notebook, "metadata": {**notebook["metadata"], "language_info": LANGUAGE}}


def _deliver(root: Path, path: str, new: Notebook, before: merge.Delivered | None, report: Report) -> merge.Delivered:
    """Write one notebook; give back what to remember about it."""
    file, now = root / path, merge.delivered(new)
    if not file.exists():
        write_json(file, new)
        (report.added if before is None else report.restored).append(path)
        return now
    mine = _read_mine(file)
    if mine is None or (not before and not set(dict(merge.delivered(mine))) & set(dict(now))):
        write_json(root / FRESH / path, new)
        report.notices.append(
            f"{path} is not a notebook of this course, so it was left as it is; "
            f"the course's own is in {(FRESH / path).as_posix()}."
        )
        return before or []
    merged = merge.merge(mine, before or [], new)
    if merged.notebook["cells"] != mine["cells"]:
        trust.rewrite(file, merged.notebook)
        if merged.added or merged.changed:
            report.updated.append(path)
    if merged.kept and now != before:
        report.edited[path] = len(merged.kept)
    if merged.kept_though_new:
        write_json(root / FRESH / path, new)
        report.notices.append(
            f"In {path} the course rewrote {len(merged.kept_though_new)} cell(s) that you had edited; yours were "
            f"kept, and the course's version is in {(FRESH / path).as_posix()}."
        )
    return now


def _read_mine(file: Path) -> Notebook | None:
    """The learner's notebook; None for a file that is none, or one of an old format."""
    try:
        notebook = notebook_as_written(file.read_bytes())
    except NotANotebook:
        return None
    return notebook if notebook["nbformat"] == FORMAT else None
