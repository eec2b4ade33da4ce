"""Keeps an answer off the screen until a guess can be made: what a lesson tells after a prediction opens folded.

A prediction's experiment stands below it, and below that what came out. So where a cell's code states the finding, as a
figure's title does, it opens without its code, and the prose after the outcome opens as a line to click.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

SUMMARY = "What the run shows"
_ASKS = re.compile(r"^predict\(", re.MULTILINE)
_ANSWERS = re.compile(r"^\s*outcome\(", re.MULTILINE)
_STATES_A_FINDING = re.compile(r"\btitle=f?[\"']")
_STAYS_OPEN = re.compile(r"^(#|<details|\*\*Exercise)", re.MULTILINE)  # a new section, what is folded, what to do


def tells_too_early(cells: Iterable[Any]) -> list[Any]:
    """The code cells from a prediction to its outcome whose code says what comes out."""
    found, waiting = [], False
    for cell in cells:
        if cell.cell_type == "code":
            waiting = waiting or bool(_ASKS.search(cell.source))
            if waiting and _STATES_A_FINDING.search(cell.source):
                found.append(cell)
            waiting = waiting and not _ANSWERS.search(cell.source)
    return found


def with_a_quiet_first_line(source: str) -> str:
    """The same code with a first line that tells nothing: it is all that JupyterLab shows of a cell without its code.

    >>> with_a_quiet_first_line('predict("Is it?", ["yes", "no"], answer="no")')
    'predict(\\n    "Is it?", ["yes", "no"], answer="no")'
    """
    return re.sub(r"^(predict|claim|show)\((?=[^)\n])", r"\1(\n    ", source)


def fold_prose(cells: Iterable[Any]) -> None:
    """Fold, in place, the prose that follows an outcome, up to the next section, exercise or fold."""
    told = False
    for cell in cells:
        if cell.cell_type == "code":
            told = told or bool(_ANSWERS.search(cell.source))
        elif told:
            cell.source = folded(cell.source)
            told = False


def folded(text: str) -> str:
    """Prose as a line to click, with what comes after it in the open.

    >>> print(folded("So it was.\\n\\n**Exercise:** do it."))
    <details><summary>What the run shows</summary>
    <BLANKLINE>
    So it was.
    <BLANKLINE>
    </details>
    <BLANKLINE>
    **Exercise:** do it.
    """
    stays = _STAYS_OPEN.search(text)
    prose, rest = (text[: stays.start()], text[stays.start() :]) if stays else (text, "")
    before, _, last = prose.strip().rpartition("\n\n")
    if last.endswith(":"):  # it leads to the next cell
        prose, rest = before, f"{last}\n\n{rest}"
    if not prose.strip():
        return text
    return f"<details><summary>{SUMMARY}</summary>\n\n{prose.strip()}\n\n</details>\n\n{rest}".strip()
