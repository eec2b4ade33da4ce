"""One hostile text through every place where a student's text can appear, but for the feedback page.

In ``PLACES`` stands what each of them gives out; whoever shows a student's text anywhere else adds that place.
"""

import contextlib
import io
import json
import sys
import tempfile
import types
from pathlib import Path

import pytest

from autograder import command_line, render
from autograder.desk import cli
from autograder.desk import run as desk_run
from autograder.desk.adapters import common, gradescope
from autograder.desk.reporting.report import report
from autograder.desk.reporting.terminal import as_lines
from autograder.engine.sandbox import Limits
from autograder.gradebook.cells import comment_on
from autograder.grading import key, one_file, review, submission
from autograder.grading.assignment import Assignment
from autograder.grading.course import Course
from autograder.grading.grade_class import Summary
from autograder.grading.record import Job, results_of, seed_for
from autograder.grading.review import Waiting
from autograder.grading.submission import grade
from autograder.visible import clean
from tests.autograder.desk.reporting.small_class import hand_in, small_course
from tests.simulated import SimulatedSandbox

HOSTILE = (
    "\x1b[2J\x1b]52;c;cm0K\x07[bold red]All 9 of 9[/bold red] :smile: \u202e9/9\u2066 \r\x9b31m\x00 \ud800 \u2028 end"
)
ALTERS = set("\x1b\x07\r\x9b\x00\u202e\u2066\u2028\ud800")
SOURCES = {
    "raises it": "def masked_mean(values, mask):\n    raise ValueError(HOSTILE)",
    "raises a class of that name": "def masked_mean(values, mask):\n    raise type(NAME, (Exception,), {})",
    "gives it back": "def masked_mean(values, mask):\n    return HOSTILE",
    "gives it back as a key": "def masked_mean(values, mask):\n    return {HOSTILE: HOSTILE}",
    "gives back a type of that name": "def masked_mean(values, mask):\n    return type(NAME, (), {})()",
    "prints it and stops with it": "print(HOSTILE)\nraise ValueError(HOSTILE)",
}
LIMITS = Limits()


def graded(source, monkeypatch):
    """The record of a notebook with this answer."""
    stand_in = SimulatedSandbox(LIMITS, ("a wall",)).install(monkeypatch)
    monkeypatch.setattr(submission, "sandbox_of_this_process", lambda limits, trust: stand_in)
    source = f"HOSTILE = {HOSTILE!a}\nNAME = HOSTILE.replace(chr(0), '').replace(chr(0xD800), '')\n{source}"
    cell = {"cell_type": "code", "source": source, "metadata": {"nbgrader": {"grade_id": "masked_mean"}}}
    data = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}).encode()
    assignment = Assignment("ps05", ("masked_mean",), (), ("masked_mean", "check-masked_mean"))
    made = key.key_of("ada", assignment, data, b"s" * 32, ("a wall",))
    seeds = {"masked_mean": seed_for(b"s" * 32, "ada", "masked_mean")}
    return grade(Job("ada", assignment, data, seeds, made, ("a wall",), LIMITS))


def said_by(command, *arguments):
    """What a command prints, on both streams."""
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "argv", [command, *arguments])
        for console, stream in ((command_line.out, out), (command_line.err, err)):
            patch.setattr(console, "_file", stream)
            patch.setattr(console, "_width", 10_000)
        with pytest.raises(SystemExit):
            cli.main()
    return out.getvalue() + err.getvalue()


WARM = types.SimpleNamespace(warm=lambda libraries: None, start=lambda: None)


def try_(record, *more):
    (result,) = results_of(record).values()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.engine.sandbox.Sandbox", lambda **how: contextlib.nullcontext(WARM))
        patch.setattr(one_file, "grade_file", lambda *args: result)
        return said_by("mtl-grade", "try", "masked_mean", __file__, *more)


def run(record, *more):
    summary = Summary(for_review=for_review(record), unknown=[(HOSTILE, HOSTILE)], strangers=[(HOSTILE, HOSTILE)])
    summary.changed_outside.append((HOSTILE, HOSTILE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Course, "holding", lambda path: Course(Path(path)))
        patch.setattr(desk_run, "run", lambda *args, **more: summary)
        return said_by("mtl-grade", "run", ".", *more)


def for_review(record):
    checks = record["exercises"]["masked_mean"]["checks"]
    texts = [text for check in checks for text in (check["summary"], check["got"])]
    return [Waiting(HOSTILE, "ps05", HOSTILE, text, HOSTILE, (text,)) for text in [*texts, HOSTILE]]


def review_(record, *more):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Course, "holding", lambda path: Course(Path(path)))
        patch.setattr(review, "waiting", lambda *args: for_review(record))
        return said_by("mtl-grade", "review", ".", *more)


def report_(record, *more):
    with tempfile.TemporaryDirectory() as folder:
        course = small_course(Path(folder))
        hand_in(course, "ada", exercises=record["exercises"])
        page = Path(folder) / "page.html"
        said = said_by("mtl-grade", "report", str(course.root), "--html", "--to", str(page), *more)
        return page.read_text(encoding="utf-8") + (said if more else "\n".join(as_lines(report(course))))


def an_error(record):
    """The one sentence with which a command ends, about a file of a hostile name."""
    return said_by("mtl-grade", "try", "masked_mean", HOSTILE.replace("\0", "") + ".py")


def for_gradescope(record):
    assignment = Assignment("ps05", ("masked_mean",), (), ("masked_mean", "check-masked_mean"))
    with contextlib.redirect_stdout(io.StringIO()) as out:
        told = gradescope.told(record, assignment, common.Settings("ps05", b"s" * 32))
    return [told, out.getvalue()]


PLACES = {
    "the record's texts": lambda record: "\n".join(_texts_in(record)),
    "a result in the terminal": lambda record: "\n".join(map(render.as_text, results_of(record).values())),
    "a line about a result": lambda record: "\n".join(map(render.one_line, results_of(record).values())),
    "a result in a notebook": lambda record: "\n".join(map(render.as_html, results_of(record).values())),
    "a comment in the gradebook": lambda record: "\n".join(map(comment_on, results_of(record).values())),
    "the results for Gradescope": lambda record: "\n".join(_texts_in(for_gradescope(record))),
    "mtl-grade try": try_,
    "mtl-grade try --json": lambda record: try_(record, "--json"),
    "mtl-grade run": run,
    "mtl-grade run --json": lambda record: run(record, "--json"),
    "mtl-grade review": review_,
    "mtl-grade review --json": lambda record: review_(record, "--json"),
    "mtl-grade report": report_,
    "mtl-grade report --json": lambda record: report_(record, "--json"),
    "an error of a command": an_error,
}


def _texts_in(data):
    if isinstance(data, dict):
        return [text for pair in data.items() for text in _texts_in(list(pair))]
    if isinstance(data, list):
        return [text for one in data for text in _texts_in(one)]
    return [data] if isinstance(data, str) else []


@pytest.mark.parametrize("how", SOURCES)
def test_nothing_that_a_student_writes_reaches_a_reader_as_anything_but_text(monkeypatch, how):
    with pytest.MonkeyPatch.context() as patch:
        record = graded(SOURCES[how], patch)
    assert record["status"] == "graded"
    assert "\\u202e" in json.dumps(record["exercises"], ensure_ascii=False)
    for place, shown in PLACES.items():
        text = shown(record)
        assert ALTERS & set(text) == set(), place
        text.encode()


@pytest.mark.parametrize("how", ["raises it", "prints it and stops with it"])
def test_markup_of_the_terminal_stays_as_it_was_written(how):
    with pytest.MonkeyPatch.context() as patch:
        record = graded(SOURCES[how], patch)
    for place in ("mtl-grade try", "mtl-grade run", "a comment in the gradebook"):
        assert "[bold red]All 9 of 9[/bold red] :smile:" in PLACES[place](record), place


def test_what_is_printed_before_any_input_is_kept_in_the_record_as_text():
    with pytest.MonkeyPatch.context() as patch:
        record = graded(SOURCES["prints it and stops with it"], patch)
    kept = record["cells"]["masked_mean"]
    assert kept["printed"].startswith(clean(HOSTILE)[:20])
    assert clean(kept["printed"]) == kept["printed"]
    assert kept["error"].startswith(r"ValueError: \x1b[2J")


def test_json_of_a_command_means_what_was_written(capsys):
    command_line.print_json({"text": HOSTILE})
    shown = capsys.readouterr().out
    assert ALTERS & set(shown) == set()
    assert json.loads(shown) == {"text": HOSTILE}
