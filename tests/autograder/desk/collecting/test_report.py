"""The report for people and for programs, and the exit code that a script can rely on."""

import io

from rich.console import Console

from autograder.desk.collecting.matching import NOBODY
from autograder.desk.collecting.questions import Question
from autograder.desk.collecting.report import Outcome, Report

LISTS = ("keep", "placed", "replaced", "kept", "already_here", "open", "missing", "refused", "ignored", "said")
PLACED = Outcome("ada", "ps05", "placed", "a.zip/x.ipynb", "2026-03-05T22:05:00+00:00", True, ("Look at it.",))


def test_the_exit_code_is_1_where_a_person_has_to_do_something():
    assert Report(outcomes=[PLACED]).exit_code == 0
    assert Report(outcomes=[PLACED], missing=[("bob", "ps05")]).exit_code == 0
    assert Report(outcomes=[PLACED], open=[Question("x")]).exit_code == 1
    assert Report(outcomes=[PLACED], refused=[("x", "broken")]).exit_code == 1
    assert Report().exit_code == 1


def test_lines_for_people():
    report = Report(outcomes=[PLACED], open=[Question("b", why="who", suggestions="ada")], missing=[("bob", "ps05")])
    report.refused = [(f"{n}.zip", "broken") for n in range(22)]
    report.ignored["files of the system"] = 3
    lines = list(report.lines())
    assert lines[:4] == [
        "1 placed, 1 open, 1 missing, 22 refused.",
        "placed: ada ps05 2026-03-05 22:05 UTC LATE (a.zip/x.ipynb)",
        "  Look at it.",
        "open: b: who. Perhaps ada.",
    ]
    assert lines[-4:] == [
        "refused: 2 more: broken",
        "missing: ps05: bob",
        "left out: 3 files of the system",
        "Fill in the blanks of open-questions.csv in the course's folder and run the same command again.",
    ]
    assert list(Report().lines()) == ["nothing that can be graded."]


def test_with_an_empty_roster_the_class_comes_first():
    empty = Question("a", why=f"{NOBODY} and the path has no id")
    read = "Read the class in with `mtl-grade roster FILE --course DIR` and run the same command again."
    assert list(Report(open=[empty]).rest()) == [f"open: a: {empty.why}.", read]
    assert list(Report(outcomes=[PLACED], open=[empty]).rest())[-1].startswith(
        "Fill in the blanks"
    )  # a class without one
    both = list(Report(open=[empty, Question("b", why="who")]).rest())[-2:]
    assert both == [
        read,
        "Fill in the blanks of open-questions.csv in the course's folder and run the same command again.",
    ]


def test_with_an_empty_roster_a_reason_of_many_files_is_said_once():
    why = f"{NOBODY} and the path has no id"
    other = Question("other", why="who", suggestions="ada")
    lines = list(Report(open=[*(Question(f"{number}.ipynb", why=why) for number in range(60)), other]).rest())
    assert lines[:2] == ["open: other: who. Perhaps ada.", f"open: 60 files: {why}."]
    assert sum(NOBODY in line for line in lines) == 1


def test_the_same_for_programs():
    report = Report(outcomes=[PLACED], missing=[("bob", "ps05")], refused=[("x", "broken")])
    data = report.to_dict()
    assert data["placed"][0]["late"] is True
    assert data["missing"] == [{"student": "bob", "assignment": "ps05"}]
    assert data["refused"] == [{"file": "x", "why": "broken"}]
    assert list(data) == [*LISTS]


def test_a_table_for_a_terminal():
    console = Console(width=150, record=True, file=io.StringIO())
    console.print(Report(outcomes=[PLACED, Outcome("bob", "ps05", "kept", "y")]).table())
    text = console.export_text()
    assert "2026-03-05 22:05 LATE" in text
    assert "Look at it." in text
    assert "time not known" in text


def test_a_name_is_neither_markup_nor_a_smiley_in_the_table():
    console = Console(width=150, record=True, file=io.StringIO())
    console.print(Report(outcomes=[Outcome("ada", "ps05", "kept", "[red]:smile:[/blue]")]).table())
    assert "[red]:smile:[/blue]" in console.export_text()
