"""No text of a submission takes longer than it is long: every awkward kind, 10 MB of it, in all that reads one.

What is measured is processor time, with room for a slow machine: a way of reading that takes the square of the length
needs minutes for the smaller size.
"""

import time

import pytest

from autograder import render
from autograder.engine.outcome import AnswerError, outcome_of
from autograder.gradebook.cells import comment_on
from autograder.grading.record import bounded
from autograder.judging.runner import blame_cell
from autograder.quizzes.question import _LETTER
from autograder.results import Cause, CheckResult, ExerciseResult, Verdict
from autograder.visible import clean, clean_json
from autograder.words import text_of
from mtl_teach.learn.terminal.checking import _CALL

SECONDS = 30.0
KINDS = {
    "line feeds": "\n",
    "spaces": " ",
    "tabs and line feeds": "\t\n",
    "carriage returns": "\r",
    "backquotes": "`",
    "opened and never closed": "`a",
    "brackets": "![",
    "parentheses": "(",
    "escapes": "\x1b[",
    "an escape without end": "\x1b[0",
    "digits": "7",
    "letters": "a",
    "equals signs": "a =",
    "commas": "1,",
    "stars": "*_",
    "snowmen": "\u2603",
    "halves of characters": "\ud800",
    "turned around": "\u202e",
    "entities": "<&>",
    "almost a check": 'check("',
    "dots": "1.",
    "exponents": "1e9",
}


def result_of(text):
    said = {"summary": text, "expected": text, "got": text + "x", "inputs": {"values": text}}
    check = CheckResult("test_value", Verdict.FAILED, 0.0, 2.0, "It holds.", cause=Cause.MISSING, **said)
    return ExerciseResult("one", "One", "01_x", (check,))


READERS = {
    "written out": clean,
    "written out in JSON": clean_json,
    "a value": text_of,
    "a value in values": lambda text: text_of({text: [text, (text, 1.0)]}),
    "the entries that differ": lambda text: render.compare(text, text + " x"),
    "a result as text": lambda text: render.as_text(result_of(text)),
    "a result as HTML": lambda text: render.as_html(result_of(text)),
    "a comment": lambda text: comment_on(result_of(text)),
    "a cell's error": lambda text: blame_cell(result_of("x"), text),
    "an error from a worker": lambda text: str(outcome_of({"error": text, "message": text})),
    "an error": lambda text: str(AnswerError("Other", text)),
    "a record": lambda text: bounded(
        {"exercises": {"one": result_of(text).to_dict()}, "cells": {"c": {"printed": text}}, "reason": text}
    ),
    "a quick test's letter": lambda text: _LETTER.fullmatch(text.strip()),
    "the checks that a file calls": lambda text: list(_CALL.finditer(text)),
}


def read_by_all(kind, size):
    text = (KINDS[kind] * (size // len(KINDS[kind]) + 1))[:size]
    for name, read in READERS.items():
        began = time.process_time()
        read(text)
        assert time.process_time() - began < SECONDS, (name, size)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_in_no_more_steps_than_it_is_long(kind):
    read_by_all(kind, 300_000)


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_ten_megabytes_are_read_in_seconds(kind):
    read_by_all(kind, 10_000_000)
