"""What waits for a person, as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.grading.review import Waiting
from autograder.visible import clean

MAX_SHOWN = 300  # characters of a student's text; all of it stands in the record and with --json


def as_text(found: Sequence[Waiting]) -> str:
    """Each thing with its reason, what to do, and what the student wrote outside the answers' cells."""
    if not found:
        return "Nothing waits for a person."
    return "\n".join(line for one in found for line in _lines(one))


def _lines(one: Waiting) -> list[str]:
    where = " ".join(filter(None, (one.student, one.assignment, one.cell)))
    lines = [f"{where}: {one.reason}", f"    what to do: {one.todo}"]
    for text in one.texts:
        short = " ".join(text.split())
        lines.append(f"    they wrote: {short[:MAX_SHOWN]}{'…' if len(short) > MAX_SHOWN else ''}")
    return [clean(line) for line in lines]
