"""A Python file that was handed in where a notebook was asked for, as the notebook that it stands for.

A plain file is one cell. Files that were made of a notebook say where its cells begin: ``# %%`` (jupytext, Visual
Studio Code, Spyder) or ``# In[3]:`` (``jupyter nbconvert --to script``, which leaves texts as comments).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.files import Notebook
from autograder.lenient_json import clean_text, text_of

_PERCENT = re.compile(r"# ?%%(?!%)(.*)")
_EXPORTED = re.compile(r"# In ?\[[ \d*]{0,9}\]:?\s*")
_TEXT = re.compile(r"\[(?:markdown|md|raw)\]", re.IGNORECASE)
_NAME = re.compile(r'grade_id"?\s?[:=]\s?"([A-Za-z0-9_-]{1,64})"')
_FOR_PROGRAMS = re.compile(r"#!|#.{0,9}coding[:=]")
LONGEST_HEAD = 2_000


@dataclass
class _Piece:
    """One cell of the file while it is put together."""

    name: str = ""
    text: bool = False
    lines: list[str] = field(default_factory=list)


def as_notebook(data: bytes) -> Notebook:
    """The notebook that a Python file stands for; its cells have the names that the file gives them."""
    text = clean_text(text_of(data)).replace("\r\n", "\n").replace("\r", "\n")
    cells = [_cell(number, piece) for number, piece in enumerate(_pieces(text), 1) if "".join(piece.lines).strip()]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _pieces(text: str) -> Iterator[_Piece]:
    now, exported = _Piece(), False
    for number, line in enumerate(text.split("\n")):
        if number < 2 and _FOR_PROGRAMS.match(line):
            continue
        percent = _PERCENT.match(line)
        if percent:
            head = percent[1][:LONGEST_HEAD]
            name = _NAME.search(head)
            yield now
            now = _Piece(name[1] if name else "", bool(_TEXT.search(head)))
        elif _EXPORTED.fullmatch(line):
            yield from _code_and_text(now, first=not exported)
            now, exported = _Piece(), True
        else:
            now.lines.append(line)
    yield from (_code_and_text(now, first=False) if exported else [now])


def _code_and_text(piece: _Piece, first: bool) -> Iterator[_Piece]:
    """A cell of code, and the cells of text between it and the next one.

    A text is a block of comments, whose own empty lines are comments too. What stands first in a cell of code is code,
    also where it is a comment; before the first cell of code there are only texts.
    """
    starts = [at for at, line in enumerate(piece.lines) if line.strip() and not (at and piece.lines[at - 1].strip())]
    ends = [*starts[1:], len(piece.lines)]
    code = len(starts)
    while code > (0 if first else 1) and _is_text(piece.lines[starts[code - 1] : ends[code - 1]]):
        code -= 1
    yield _Piece(lines=piece.lines[: ends[code - 1] if code else 0])
    yield from (_Piece(text=True, lines=piece.lines[at:end]) for at, end in zip(starts[code:], ends[code:]))


def _is_text(lines: list[str]) -> bool:
    return all(line.startswith("#") for line in lines if line.strip())


def _cell(number: int, piece: _Piece) -> dict[str, object]:
    metadata = {"nbgrader": {"grade_id": piece.name}} if piece.name else {}
    source = "\n".join(map(_uncommented, piece.lines) if piece.text else piece.lines).strip("\n")
    cell: dict[str, object] = {"id": f"cell-{number}", "metadata": metadata, "source": source}
    if piece.text:
        return cell | {"cell_type": "markdown"}
    return cell | {"cell_type": "code", "outputs": [], "execution_count": None}


def _uncommented(line: str) -> str:
    return line.removeprefix("# ") if line.startswith("# ") else line.removeprefix("#")


def comments_of(source: str) -> str:
    """The comments of a piece of code as text: where somebody without text cells writes an answer in words."""
    lines = (line.strip() for line in source.split("\n"))
    return "\n".join(_uncommented(line) for line in lines if line.startswith("#") and not line.startswith("#!"))
