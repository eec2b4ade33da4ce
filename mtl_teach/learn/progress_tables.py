"""The tables of the progress file: their columns, how a file of version 1 becomes one of today, and how two are merged.

Times are in ISO 8601 and universal time, so that the order of their text is the order of the times.
"""

from __future__ import annotations

from typing import Any

VERSION = 2

FIRST_TABLES = """
CREATE TABLE IF NOT EXISTS exercise (
    id TEXT PRIMARY KEY, content TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
    best REAL NOT NULL DEFAULT 0, out_of REAL NOT NULL DEFAULT 0, first_pass TEXT,
    hints INTEGER NOT NULL DEFAULT 0, revealed TEXT, gave_up INTEGER NOT NULL DEFAULT 0,
    minutes REAL NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS quiz (
    id TEXT NOT NULL, taken TEXT NOT NULL, score INTEGER NOT NULL, out_of INTEGER NOT NULL,
    PRIMARY KEY (id, taken));
CREATE TABLE IF NOT EXISTS prediction (
    id TEXT PRIMARY KEY, question TEXT NOT NULL, guess TEXT NOT NULL, made TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
ADDED_BY_2 = """
ALTER TABLE prediction ADD COLUMN confidence TEXT NOT NULL DEFAULT '';
ALTER TABLE prediction ADD COLUMN answer TEXT NOT NULL DEFAULT '';
CREATE TABLE mistake (
    exercise TEXT NOT NULL, name TEXT NOT NULL, times INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    PRIMARY KEY (exercise, name));
CREATE TABLE place (
    lesson TEXT PRIMARY KEY, section TEXT NOT NULL, cells INTEGER NOT NULL, out_of INTEGER NOT NULL, at TEXT NOT NULL);
CREATE TABLE milestone (
    project TEXT NOT NULL, name TEXT NOT NULL, passed TEXT NOT NULL, PRIMARY KEY (project, name));
CREATE TABLE written (id TEXT PRIMARY KEY, state TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE card (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, step INTEGER NOT NULL, due TEXT NOT NULL, seen INTEGER NOT NULL,
    wrong INTEGER NOT NULL, data TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE memory (key TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL);
"""
MIGRATIONS = (FIRST_TABLES, ADDED_BY_2)  # MIGRATIONS[n] makes version n + 1 of version n

KEYS = {
    "exercise": ("id",), "quiz": ("id", "taken"), "prediction": ("id",), "mistake": ("exercise", "name"),
    "place": ("lesson",), "milestone": ("project", "name"), "written": ("id",), "card": ("id",), "memory": ("key",),
}  # fmt: skip
COLUMNS: dict[str, dict[str, Any]] = {
    "exercise": {
        "id": str, "content": str, "attempts": int, "best": float, "out_of": float, "first_pass": (str, None),
        "hints": int, "revealed": (str, None), "gave_up": int, "minutes": float, "answer": str,
    },
    "quiz": {"id": str, "taken": str, "score": int, "out_of": int},
    "prediction": {"id": str, "question": str, "guess": str, "made": str, "confidence": str, "answer": str},
    "mistake": {"exercise": str, "name": str, "times": int, "first": str, "last": str},
    "place": {"lesson": str, "section": str, "cells": int, "out_of": int, "at": str},
    "milestone": {"project": str, "name": str, "passed": str},
    "written": {"id": str, "state": str, "at": str},
    "card": {"id": str, "kind": str, "step": int, "due": str, "seen": int, "wrong": int, "data": str, "at": str},
    "memory": {"key": str, "value": str, "at": str},
}  # fmt: skip
TABLES_OF_1 = ("exercise", "quiz", "prediction")
OLD_DEFAULTS = {"prediction": {"confidence": "", "answer": ""}}  # of columns that an export of version 1 lacks

_NEWER = "WHERE excluded.at > at"
_MERGED = {
    "exercise": """attempts = max(attempts, excluded.attempts), best = max(best, excluded.best),
out_of = max(out_of, excluded.out_of),
first_pass = min(coalesce(first_pass, excluded.first_pass), coalesce(excluded.first_pass, first_pass)),
hints = max(hints, excluded.hints), revealed = coalesce(revealed, excluded.revealed),
gave_up = max(gave_up, excluded.gave_up), minutes = max(minutes, excluded.minutes),
answer = CASE answer WHEN '' THEN excluded.answer ELSE answer END""",
    "mistake": """times = max(times, excluded.times), first = min(first, excluded.first),
last = max(last, excluded.last)""",
    "milestone": "passed = min(passed, excluded.passed)",
    "place": f"section = excluded.section, cells = excluded.cells, out_of = excluded.out_of, at = excluded.at {_NEWER}",
    "written": f"state = excluded.state, at = excluded.at {_NEWER}",
    "card": "step = excluded.step, due = excluded.due, seen = excluded.seen, wrong = excluded.wrong, "
    f"data = excluded.data, at = excluded.at {_NEWER}",
    "memory": f"value = excluded.value, at = excluded.at {_NEWER}",
}
_AT_WORK = _MERGED | {
    "exercise": _MERGED["exercise"].replace(
        "CASE answer WHEN '' THEN excluded.answer ELSE answer END",
        "CASE WHEN excluded.attempts >= attempts THEN excluded.answer ELSE answer END",
    ),
    "prediction": """question = excluded.question, guess = excluded.guess, made = excluded.made,
confidence = excluded.confidence, answer = excluded.answer WHERE excluded.made >= made""",
}


def merging(table: str, at_work: bool = False) -> str:
    """The SQL that merges a row of another file into a table.

    Of an exercise the better of both stays; of what is remembered with a time, the later; an attempt at a quick test
    and a prediction that are here stay as they are.

    Parameters
    ----------
    table : str
    at_work : bool
        True where both are of one learner who works in both at the same time: then the later answer to an exercise
        stays, and the later prediction.
    """
    changes = _AT_WORK if at_work else _MERGED
    values = ", ".join(f":{column}" for column in COLUMNS[table])
    change = f"UPDATE SET {changes[table]}" if table in changes else "NOTHING"
    return (
        f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) VALUES ({values}) "
        f"ON CONFLICT ({', '.join(KEYS[table])}) DO {change}"
    )
