"""Every lesson and project runs top to bottom in a fresh kernel, with the fewest seeds that make sense."""

import ast
import re

import pytest

from autograder.authoring import notebooks
from autograder.authoring.lessons import run_notebook
from autograder.course_files import course_root

SOURCES = notebooks.sources(course_root())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom_and_every_figure_has_alt_text(path, tmp_path):
    notebook, _ = run_notebook(path, smoke=True, folder=tmp_path)
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("output_type") == "display_data" and "image/png" in output.get("data", {})
    ]
    without = [picture for picture in pictures if len(picture.metadata.get("image/png", {}).get("alt", "")) < 40]
    assert without == []
    assert pictures or "projects" in path.parts or says_that_data_are_missing(notebook)
    assert tables_that_stay_text(notebook) == []


def tables_that_stay_text(notebook):
    """Headings of tables without a rule under each of their columns: Markdown shows those as a run of bars."""
    said = [
        output.get("data", {}).get("text/markdown", "") for cell in notebook.cells for output in cell.get("outputs", [])
    ]
    pairs = [pair for text in said for pair in zip(text.splitlines(), text.splitlines()[1:])]
    return [
        head for head, rule in pairs if re.fullmatch(r"[|:\- ]*-[|:\- ]*", rule) and head.count("|") != rule.count("|")
    ]


def says_that_data_are_missing(notebook):
    """Where real sets can neither be read nor fetched a lesson about them runs, and shows this instead."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return any("name a folder that holds the files" in str(output.get("data")) for output in outputs)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_cells_are_short_and_hold_one_idea(path):
    lengths = sorted(
        sum(bool(line.strip()) for line in cell.source.splitlines())
        for cell in notebooks.read_source(path).cells
        if cell.cell_type == "code"
    )
    limit = 15 if "projects" not in path.parts else 30
    assert lengths[-1] <= limit
    if "projects" not in path.parts:
        assert lengths[len(lengths) // 2] <= 6


@pytest.mark.parametrize("path", [path for path in SOURCES if "projects" not in path.parts], ids=lambda path: path.stem)
def test_a_prediction_can_be_answered_another_day_without_the_cells_around_it(path):
    leaning = re.compile(
        r"\babove\b|\bthis (curve|batch|cell|figure|table)\b|\bexercise \d|\bfirst_test\b|^.?.?The same with\b"
    )
    cells = [cell.source for cell in notebooks.read_source(path).cells if "predict(" in cell.source]
    calls = [node for cell in cells for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Call)]
    asked = [ast.unparse(call.args[0]) for call in calls if ast.unparse(call.func) == "predict"]
    assert asked
    assert [question for question in asked if leaning.search(question)] == []


@pytest.mark.parametrize("path", [path for path in SOURCES if "projects" not in path.parts], ids=lambda path: path.stem)
def test_a_lesson_has_its_parts(path):
    text = path.read_text(encoding="utf-8")
    practice = {"12": "exercise: repeat it on your own data"}  # real data: nothing that a check could know
    own = practice.get(path.stem[:2])
    for part in ("predict(", "explore(", "show(", "minutes", "take-away", own or "quiz("):
        assert part in text or part in text.lower(), part
    assert own or re.search(r"problem set", text, re.IGNORECASE)
