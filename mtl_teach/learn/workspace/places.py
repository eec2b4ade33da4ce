"""Where a learner's files are: a workspace is a folder that holds ``.mtl-teach/workspace.json``."""

from __future__ import annotations

from pathlib import Path

from autograder.kernel import in_browser
from autograder.results import UsageError
from mtl_teach.learn.browser.here import drive

FOLDER = ".mtl-teach"
MANIFEST = Path(FOLDER) / "workspace.json"
PROGRESS = Path(FOLDER) / "progress.sqlite"


def find_workspace(start: Path | None = None) -> Path | None:
    """Walk up from a folder to the workspace it lies in.

    Parameters
    ----------
    start : Path, default: the current folder

    Returns
    -------
    Path or None
        None outside any workspace. In a browser all that the page keeps is one.
    """
    if in_browser():
        return drive()
    here = (Path.cwd() if start is None else start).resolve()
    return next((folder for folder in (here, *here.parents) if (folder / MANIFEST).is_file()), None)


def workspace_here() -> Path:
    """The workspace around the current folder.

    Raises
    ------
    UsageError
        Outside any.
    """
    workspace = find_workspace()
    if workspace is None:
        raise UsageError("This folder is in no workspace; go into yours (cd mtl-course), or make one: mtl-teach start")
    return workspace
