"""What a ``doctor`` command finds: a row a thing, with the repair of what is missing, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from autograder.command_line import out, print_json


@dataclass(frozen=True)
class Row:
    """One thing that was looked at.

    Attributes
    ----------
    name : str
    ok : bool
    needed : bool
        False for what only makes things safer, faster or more pleasant.
    found : str
        What was seen.
    advice : str
        The repair; empty where it is there.
    """

    name: str
    ok: bool
    needed: bool
    found: str
    advice: str = ""


def row(name: str, ok: bool, found: str, advice: str, needed: bool = True) -> Row:
    """A row that gives its advice only where something is missing."""
    return Row(name, ok, needed, found, "" if ok else advice)


def ready(rows: list[Row]) -> bool:
    """True where nothing is missing that is needed."""
    return all(row.ok for row in rows if row.needed)


def as_text(rows: list[Row], well: str, ill: str) -> str:
    """The rows for a terminal, one a line, with the repair below what is missing, and a verdict.

    Parameters
    ----------
    rows : list of Row
    well, ill : str
        The verdict where everything needed is there, and where it is not.

    >>> print(as_text([Row("bubblewrap", False, True, "not found", "apt install bubblewrap")], "Ready.", "Not ready."))
    missing  bubblewrap: not found
             -> apt install bubblewrap
    Not ready.
    """
    lines = []
    for row in rows:
        word = "ok" if row.ok else "missing" if row.needed else "absent"
        lines.append(f"{word:<8} {row.name}: {row.found}")
        lines += [f"         -> {row.advice}"] if row.advice else []
    return "\n".join([*lines, well if ready(rows) else ill])


def as_data(rows: list[Row]) -> dict[str, Any]:
    """The rows for a program."""
    return {"ready": ready(rows), "rows": [asdict(row) for row in rows]}


def tell(rows: list[Row], well: str, ill: str, as_json: bool) -> int:
    """Print the rows; return the exit code of the command, 0 where everything needed is there and 1 where not."""
    if as_json:
        print_json(as_data(rows))
    else:
        out.print(as_text(rows, well, ill))
    return 0 if ready(rows) else 1
