"""Files: written whole or not at all, and notebooks read in one strict way for everybody."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]

FORMATS = (3, 4)
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
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _permissions(path: Path) -> int | None:
    """Those of a file that is there, else None."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


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
    """A notebook from the content of its file, whoever wrote it.

    Parameters
    ----------
    data : bytes or str

    Returns
    -------
    dict
        Its ``cells`` are a list of dictionaries that :func:`as_cell` reads; those of format 3 are brought there.

    Raises
    ------
    NotANotebook
        If this is not JSON, not a notebook of format 3 or 4, or has no list of cells.

    Examples
    --------
    >>> read_notebook('{"nbformat": 4, "cells": 7}')
    Traceback (most recent call last):
    autograder.files.NotANotebook: the file is not a notebook: it holds no list of cells
    """
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        raise NotANotebook("the file is not a notebook: it is not valid JSON") from None
    form = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if form not in FORMATS:
        raise NotANotebook(f"the file is not a notebook of format 3 or 4 (it says {str(form)[:20]!r})")
    cells = notebook.get("cells") if form == 4 else _cells_of_format_3(notebook)
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotANotebook("the file is not a notebook: it holds no list of cells")
    return {**notebook, "cells": cells}


def _cells_of_format_3(notebook: Notebook) -> Any:
    """The cells of its only sheet, their text under the name that it has in format 4."""
    sheets = notebook.get("worksheets")
    sheet = sheets[0] if isinstance(sheets, list) and sheets else None
    cells = sheet.get("cells") if isinstance(sheet, dict) else None
    if not isinstance(cells, list):
        return None
    return [{**cell, "source": cell.get("input", cell.get("source", ""))} for cell in cells if isinstance(cell, dict)]


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
    return "".join("" if line is None else str(line) for line in lines).replace("\r\n", "\n")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
