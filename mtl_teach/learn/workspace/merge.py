"""Bring a new version of a notebook into the learner's copy without touching what the learner wrote.

A cell is *edited* if its source is no longer what was delivered. Edited cells and the learner's own cells stay,
everything else becomes the new version. Notebooks are plain JSON dictionaries here.
"""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass, field
from typing import Any

from autograder.files import Notebook, as_cell

RawCell = dict[str, Any]  # as JSON has it, since what is not understood here must stay
Delivered = list[tuple[str, str]]  # key and hash of each cell, in order


@dataclass
class Merged:
    """A merged notebook and what happened to its cells, each named by its key."""

    notebook: Notebook
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    kept_though_new: list[str] = field(default_factory=list)


def key(cell: RawCell) -> str:
    """What a cell is known by: its id, else its name for the grader, else its content."""
    names = as_cell(cell)
    return names.id or names.grade_id or fingerprint(cell)


def source(cell: RawCell) -> str:
    """The text of a cell, with Unix line endings and nothing blank after it.

    >>> source({"source": ["a\\r\\n", "b\\n"]})
    'a\\nb'
    """
    return as_cell(cell).source.rstrip()


def fingerprint(cell: RawCell) -> str:
    """A short hash of a cell's text, the same on every platform."""
    return hashlib.sha256(source(cell).encode()).hexdigest()[:16]


def delivered(notebook: Notebook) -> Delivered:
    """What to remember about a notebook when it is delivered."""
    return [(key(cell), fingerprint(cell)) for cell in notebook["cells"]]


def merge(mine: Notebook, before: Delivered, new: Notebook) -> Merged:
    """Bring the new version into the learner's notebook.

    Parameters
    ----------
    mine : dict
        The learner's notebook.
    before : list of (key, hash)
        What was delivered last time; empty if unknown, and then every cell that differs counts as edited.
    new : dict
        The course's notebook now.
    """
    places = _places(before, new)
    old_hash = dict(before)
    taken: dict[int, RawCell] = {}  # new index -> the learner's cell
    extra: dict[int, list[RawCell]] = {}  # new index (or -1, the top) -> own cells after it
    anchor = -1
    merged = Merged({**mine, "cells": []})
    for cell in mine["cells"]:
        name = key(cell)
        place = places.get(name)
        if place is not None and place not in taken:
            taken[place] = cell
            anchor = place
        elif name not in old_hash or fingerprint(cell) != old_hash[name]:
            extra.setdefault(anchor, []).append(cell)
            merged.kept.append(name)
    removed_by_learner = _removed(before, places, taken, new)
    _make_ids_unique([cell for own in extra.values() for cell in own], new)
    cells = merged.notebook["cells"]
    cells += extra.get(-1, [])
    for index, fresh in enumerate(new["cells"]):
        if index in taken:
            cells.append(_mine_or_new(taken[index], fresh, old_hash, merged))
        elif index not in removed_by_learner:
            cells.append(fresh)
            merged.added.append(key(fresh))
        cells += extra.get(index, [])
    for name in ("nbformat", "nbformat_minor"):
        merged.notebook[name] = max(mine.get(name, 4), new.get(name, 4))
    return merged


def _mine_or_new(cell: RawCell, fresh: RawCell, old_hash: dict[str, str], merged: Merged) -> RawCell:
    name, now, coming = key(cell), fingerprint(cell), fingerprint(fresh)
    cell = _renamed(cell, fresh)
    if now == coming:
        return cell  # with its outputs
    if old_hash.get(name) == now:
        merged.changed.append(name)
        return fresh
    merged.kept.append(name)
    if old_hash.get(name) != coming:
        merged.kept_though_new.append(name)
    return cell


def _renamed(cell: RawCell, fresh: RawCell) -> RawCell:
    """The learner's cell under the id, and with the grader's metadata, that the new version gives it."""
    renamed = {**cell, "metadata": dict(as_cell(cell).metadata)}
    if "id" in fresh:
        renamed["id"] = fresh["id"]
    if "nbgrader" in fresh.get("metadata", {}):
        renamed["metadata"]["nbgrader"] = fresh["metadata"]["nbgrader"]
    return renamed


def _make_ids_unique(own: list[RawCell], new: Notebook) -> None:
    """Give the learner's own cells ids that no cell of the course has."""
    taken = {cell.get("id") for cell in new["cells"]}
    for cell in own:
        if cell.get("id") in taken:
            cell["id"] = f"own-{fingerprint(cell)}"
        taken.add(cell.get("id"))


def _places(before: Delivered, new: Notebook) -> dict[str, int]:
    """Where each delivered cell is in the new version.

    Ids may be numbered by position, so that a cell put in upstream shifts all that follow: cells are matched by
    their text first, graded ones by their name, and what was rewritten in place by its id or its position.
    """
    cells = new["cells"]
    if not before:
        return {key(cell): index for index, cell in enumerate(cells)}
    graded = {name: index for index, cell in enumerate(cells) if (name := as_cell(cell).grade_id)}
    places = {name: graded[name] for name, _ in before if name in graded}
    olds = [(name, digest) for name, digest in before if name not in places]
    news = [index for index in range(len(cells)) if index not in places.values()]
    matcher = difflib.SequenceMatcher(
        None, [digest for _, digest in olds], [fingerprint(cells[index]) for index in news], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            places |= {olds[i][0]: news[j] for i, j in zip(range(i1, i2), range(j1, j2))}
        elif tag == "replace":
            by_key = {key(cells[news[j]]): news[j] for j in range(j1, j2)}
            places |= {olds[i][0]: by_key[olds[i][0]] for i in range(i1, i2) if olds[i][0] in by_key}
    return places


def _removed(before: Delivered, places: dict[str, int], taken: dict[int, RawCell], new: Notebook) -> set[int]:
    """Cells that the learner took out and that have not changed since; the grader's cells always come back."""
    return {
        places[name]
        for name, digest in before
        if name in places
        and places[name] not in taken
        and fingerprint(new["cells"][places[name]]) == digest
        and not as_cell(new["cells"][places[name]]).grade_id
    }
