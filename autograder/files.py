"""Files: written whole or not at all, and notebooks read in one lenient way for everybody.

There are two readers. :func:`read_notebook` makes a valid notebook of whatever can be read; it is for all that only
looks. :func:`notebook_as_written` changes nothing; it is for what is written back over a person's own file.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import lenient_json

Notebook = dict[str, Any]

FORMAT = 4
KINDS = ("code", "markdown", "raw")
DAY = 24 * 60 * 60  # seconds
MAX_METADATA = 16 * 2**10  # characters, of one cell
_CELL_KEYS = {"cell_type", "source", "input"}
_FIXED_FORM = {"collapsed", "execution", "format", "jupyter", "name", "scrolled", "tags"}
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_TAG = re.compile(r"[^,\n]{1,100}")
_PART = re.compile(r"\..+\.[0-9a-f]{16}\.part")
_IMAGE = re.compile(r"image/[a-z0-9.+-]{1,40}")
READABLE = 0o644  # by everybody, less what the umask takes away
PRIVATE = 0o600  # what students hand in, and what is said of it, is nobody else's on this machine


# ---- writing ---------------------------------------------------------------------------------------------------


def write_atomically(path: Path, data: bytes, *, mode: int = READABLE) -> None:
    """Write a file so that a reader, a full disk or a crash finds the old one or the new one, never a part.

    Its folder is made where it is missing.

    Parameters
    ----------
    path : Path
    data : bytes
    mode : int
        The permissions of a new file, less what the umask takes away; one that is there keeps its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = _permissions(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode if kept is None else kept)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if kept is not None:
            os.chmod(part, kept)  # the umask has no say in what somebody set
        os.replace(part, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink()
        if isinstance(error, OSError) and error.filename is None:
            error.filename = str(path)  # a failing write does not know of what
        raise


def sweep(folder: Path) -> None:
    """Take away what a process left that was killed while it wrote: parts of files that are older than a day.

    Parameters
    ----------
    folder : Path
        With everything below it; links are not followed.
    """
    yesterday = time.time() - DAY
    for place, _, names in os.walk(folder):
        for name in filter(_PART.fullmatch, names):
            part = os.path.join(place, name)
            with contextlib.suppress(OSError):  # what cannot be taken away is in nobody's way
                if os.lstat(part).st_mtime < yesterday:
                    os.unlink(part)


def _permissions(path: Path) -> int | None:
    """Those of a file that is there, else None."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def replace_folder(made: Path, target: Path) -> None:
    """Put a new folder in the place of an old one, which goes; where it cannot be put there, the old one stays.

    Parameters
    ----------
    made, target : Path
        On the same disk. There may be nothing in the place yet.
    """
    former = made.with_name(f"{made.name}.former")
    shutil.rmtree(former, ignore_errors=True)
    if target.exists():
        target.rename(former)
    try:
        made.rename(target)
    except BaseException:
        if former.exists():
            former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)


def write_json(path: Path, data: Any) -> None:
    """Write data as JSON that people can read, whole or not at all."""
    write_atomically(path, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


# ---- reading notebooks -----------------------------------------------------------------------------------------


class NotANotebook(ValueError):
    """What was read is no notebook; the message says why in one sentence."""


@dataclass(frozen=True)
class Cell:
    """One cell as it can be relied on, whatever wrote the notebook.

    Attributes
    ----------
    kind : str
        "code", "markdown" or "raw".
    id : str
        Its own name; empty in notebooks that have none.
    grade_id : str
        Its name for nbgrader; empty where it has none.
    source : str
        Its text, with Unix line endings.
    metadata : dict
    """

    kind: str
    id: str
    grade_id: str
    source: str
    metadata: dict[str, Any]

    @property
    def name(self) -> str:
        """What it is known by in an assignment: its name for nbgrader, else its own."""
        return self.grade_id or self.id


def read_notebook(data: bytes | str) -> Notebook:
    """A valid notebook of format 4.5 from the content of a file, whoever wrote it; what they lack is made up for.

    For every file that is read to be graded, looked at or counted. Outputs are left out, and so is every piece of
    metadata that is no small plain data; a cell without a name of its own gets one. A file that is to be written
    back as its owner left it is read by :func:`notebook_as_written`.

    Parameters
    ----------
    data : bytes or str

    Returns
    -------
    dict
        ``nbformat.validate`` has nothing to say about it.

    Raises
    ------
    NotANotebook
        If this is not JSON, or has no list of cells; the message says so in one sentence.

    Examples
    --------
    >>> read_notebook('{"cells": [{"source": ["x = ", 1], "outputs": 7}]}')["cells"]
    [{'id': 'cell-1', 'cell_type': 'code', 'metadata': {}, 'source': 'x = 1', 'outputs': [], 'execution_count': None}]
    >>> read_notebook('{"nbformat": 4, "cells": 7}')
    Traceback (most recent call last):
    autograder.files.NotANotebook: the file is not a notebook: it holds no list of cells
    """
    if not data.strip():
        raise NotANotebook("the file is empty")
    try:
        notebook = lenient_json.loads(data)
    except ValueError:
        raise NotANotebook("the file is not a notebook: it is not valid JSON") from None
    if isinstance(notebook, list) and notebook:
        notebook = {"cells": notebook}
    found = _all_cells(notebook) if isinstance(notebook, dict) else None
    cells = [cell for cell in found or () if isinstance(cell, dict) and _CELL_KEYS & cell.keys()]
    if found is None or (found and not cells):
        raise NotANotebook("the file is not a notebook: it holds no list of cells")
    names = _Names(cells)
    return {
        "nbformat": FORMAT,
        "nbformat_minor": 5,
        "metadata": _kernel(notebook.get("metadata")),
        "cells": [_valid_cell(cell, names) for cell in cells],
    }


def _all_cells(notebook: Notebook) -> list[Any] | None:
    """The cells, wherever this format keeps them: format 3 has sheets of them."""
    cells = notebook.get("cells")
    if isinstance(cells, dict):
        return list(cells.values())
    if isinstance(cells, list):
        return cells
    sheets = notebook.get("worksheets")
    sheets = [sheet for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
    parts = [sheet["cells"] for sheet in sheets if isinstance(sheet.get("cells"), list)]
    return [cell for part in parts for cell in part] if parts else None


class _Names:
    """Cells' own names: the first cell of a name keeps it, every other one gets a new one."""

    def __init__(self, cells: list[dict[str, Any]]) -> None:
        self._taken = {_own_name(cell) for cell in cells}
        self._given: set[str] = set()
        self._number = 0

    def of(self, cell: dict[str, Any]) -> str:
        name = _own_name(cell)
        self._number += 1
        if not name or name in self._given:
            while f"cell-{self._number}" in self._taken:
                self._number += 1
            name = f"cell-{self._number}"
        self._given.add(name)
        return name


def _own_name(cell: dict[str, Any]) -> str:
    """The name that a cell has, else its name for nbgrader, which formats without own names have too."""
    name = cell.get("id")
    for one in (str(name) if isinstance(name, (str, int)) else "", as_cell(cell).grade_id):
        if _ID.fullmatch(one):
            return one
    return ""


def _valid_cell(cell: dict[str, Any], names: _Names) -> dict[str, Any]:
    """One cell with everything that its kind must have, and nothing else."""
    metadata = _small(cell.get("metadata"))
    source = _source(cell.get("source", cell.get("input")))
    kind = str(cell.get("cell_type", "")).strip().lower()
    if kind == "heading":  # of format 3
        level = cell.get("level")
        kind, source = "markdown", f"{'#' * (level if isinstance(level, int) and 0 < level < 7 else 1)} {source}"
    if kind not in KINDS:
        kind = _likely_kind(cell, metadata)
    valid = {"id": names.of(cell), "cell_type": kind, "metadata": metadata, "source": source}
    if kind == "code":
        return valid | {"outputs": [], "execution_count": None}
    pictures = _pictures(cell.get("attachments"))
    return valid | ({"attachments": pictures} if pictures else {})


def _likely_kind(cell: dict[str, Any], metadata: dict[str, Any]) -> str:
    """The kind of a cell that does not say it."""
    marks = metadata.get("nbgrader")
    noted = marks.get("cell_type") if isinstance(marks, dict) else None
    if noted in KINDS:
        return str(noted)
    return "code" if {"outputs", "execution_count", "input", "prompt_number"} & cell.keys() else "markdown"


def _small(metadata: Any) -> dict[str, Any]:
    """A cell's metadata without what is huge, and without what a notebook may hold in one form only but for tags."""
    if not isinstance(metadata, dict):
        return {}
    kept = {key: value for key, value in metadata.items() if key not in _FIXED_FORM and len(key) <= 100}
    tags = metadata.get("tags")
    if isinstance(tags, list):
        kept["tags"] = list(dict.fromkeys(tag for tag in tags if isinstance(tag, str) and _TAG.fullmatch(tag)))
    if len(json.dumps(kept)) <= MAX_METADATA:
        return kept
    marks = kept.get("nbgrader")
    return {"nbgrader": marks} if len(json.dumps(marks)) <= MAX_METADATA else {}


def _kernel(metadata: Any) -> dict[str, Any]:
    """Of a notebook's metadata what says how it is run."""
    kept: dict[str, Any] = {}
    for name, needed in (("kernelspec", ("display_name", "name")), ("language_info", ("name",))):
        said = metadata.get(name) if isinstance(metadata, dict) else None
        said = said if isinstance(said, dict) else {}
        texts = {key: said[key] for key in (*needed, "language") if isinstance(said.get(key), str)}
        if set(needed) <= texts.keys() and all(len(text) <= 200 for text in texts.values()):
            kept[name] = texts
    return kept


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """The pictures that a text shows: a written answer may be one."""
    kept: dict[str, dict[str, str]] = {}
    for name, forms in attachments.items() if isinstance(attachments, dict) else ():
        images = {
            form: _source(data)
            for form, data in (forms.items() if isinstance(forms, dict) else ())
            if _IMAGE.fullmatch(form) and isinstance(data, (str, list))
        }
        if images:
            kept[name] = images
    return kept


def notebook_as_written(data: bytes) -> Notebook:
    """A notebook with everything that is in it, to be changed and written back: a learner's own, or one of ours.

    Raises
    ------
    NotANotebook
        If this is not JSON, not a notebook of format 3 or 4, or has no list of cells.
    """
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        raise NotANotebook("the file is not a notebook: it is not valid JSON") from None
    form = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if form not in (3, FORMAT):
        raise NotANotebook(f"the file is not a notebook of format 3 or 4 (it says {str(form)[:20]!r})")
    cells = notebook.get("cells") if form == FORMAT else _all_cells(notebook)
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotANotebook("the file is not a notebook: it holds no list of cells")
    return {**notebook, "cells": cells}


def cells_of(notebook: Notebook) -> list[Cell]:
    """The cells of a notebook that :func:`read_notebook` gave or that is made like one, in order."""
    return [as_cell(cell) for cell in notebook["cells"]]


def as_cell(cell: Mapping[str, Any]) -> Cell:
    """One cell of a notebook; what it lacks is empty.

    A name that is no text counts as none, and a source that is no text as its text: nobody loses marks over either.

    Examples
    --------
    >>> as_cell({"cell_type": "code", "id": "a", "metadata": {}, "source": ["x = 1\\r\\n", "y = 2"]}).source
    'x = 1\\ny = 2'
    """
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    marks = metadata.get("nbgrader")
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    return Cell(
        kind=_text(cell.get("cell_type")),
        id=_text(cell.get("id")),
        grade_id=_text(grade_id),
        source=_source(cell.get("source", "")),
        metadata=metadata,
    )


def _source(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join("" if line is None else str(line) for line in lines)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
