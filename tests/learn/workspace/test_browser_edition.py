"""The workspace of the browser edition: what needs no PyTorch is there as it was, the rest leads to the book."""

import ast
import posixpath
import re
from pathlib import PurePosixPath

import pytest

from autograder import exercises
from autograder.authoring import book, notebooks
from autograder.course_files import course_root
from autograder.files import as_cell, read_notebook
from mtl_teach.learn.workspace import browser_edition
from mtl_teach.learn.workspace.merge import delivered
from tests.autograder.authoring.test_book import solution_lines

ROOT = course_root()
SETS = {path.stem: path for path in sorted(ROOT.glob("exercises/ps[0-9]*/ps[0-9]*.ipynb"))}
LESSONS = sorted(path.stem for path in ROOT.glob("lessons/[0-9]*.ipynb"))
LINK = re.compile(r"\]\((?!\w+:)([^\s()#]+)(?:#([^\s()]*))?\)|href=\"([^\"#]+)")
BY_TORCH = [one.id for one in exercises.all_exercises() if one.needs_torch]


@pytest.fixture(scope="module")
def made():
    return browser_edition.edition(ROOT)


def cells_by_id(notebook):
    return {cell["id"]: cell for cell in notebook["cells"]}


def text(notebook):
    return "\n\n".join(as_cell(cell).source for cell in notebook["cells"])


def problem_set(made, name):
    return made[f"exercises/{name}/{name}.ipynb"]


def test_every_lesson_problem_set_and_quick_test_is_there_with_home_and_review(made):
    tests = [f"quick_tests/quick_test_{slug[:2]}.ipynb" for slug in LESSONS if slug[:2] != "12"]
    sets = [f"exercises/{name}/{name}.ipynb" for name in SETS]
    assert set(made) == {"index.ipynb", "review.ipynb", *tests, *sets, *(f"lessons/{slug}.ipynb" for slug in LESSONS)}


@pytest.mark.parametrize("exercise_id", [one for one in exercises.all_ids() if one not in BY_TORCH])
def test_an_exercise_without_torch_keeps_its_cells_ids_sources_and_metadata(made, exercise_id):
    (name,) = [name for name, path in SETS.items() if f'"check-{exercise_id}"' in path.read_text(encoding="utf-8")]
    before = cells_by_id(read_notebook(SETS[name].read_bytes()))
    now = cells_by_id(problem_set(made, name))
    for cell in (f"about-{exercise_id}", f"examples-{exercise_id}", exercise_id, f"check-{exercise_id}"):
        if cell in before:
            assert as_cell(now[cell]).source == before[cell]["source"]
            assert now[cell]["metadata"] == before[cell]["metadata"]


@pytest.mark.parametrize("exercise_id", BY_TORCH)
def test_an_exercise_that_needs_torch_is_one_cell_with_a_link_to_its_page_and_how_to_install(made, exercise_id):
    (found,) = [one for one in made.values() if f"about-{exercise_id}" in cells_by_id(one)]
    cells = cells_by_id(found)
    assert not {exercise_id, f"check-{exercise_id}", f"examples-{exercise_id}"} & set(cells)
    said = as_cell(cells[f"about-{exercise_id}"]).source
    assert said.startswith("#")
    assert "book/problem_sets/ps" in said
    assert "pip install mtl-teach" in said
    assert cells[f"about-{exercise_id}"]["metadata"] == {"deletable": False, "editable": False}


def test_no_cell_that_runs_asks_for_torch(made):
    running = [as_cell(cell).source for one in made.values() for cell in one["cells"] if cell["cell_type"] == "code"]
    assert running
    assert [source for source in running if "torch" in source and not source.startswith("predict(")] == []


def test_no_line_of_a_solution_is_in_the_edition(made):
    for path in notebooks.problem_sets(ROOT):
        here = text(problem_set(made, path.stem))
        there = text(read_notebook(SETS[path.stem].read_bytes()))
        assert [line for line in solution_lines(path) if line in here and line not in there] == []
    assert "BEGIN SOLUTION" not in "".join(map(text, made.values()))


def calls(source, name):
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def names_of(found, function):
    asked = [
        call for one in found["cells"] if one["cell_type"] == "code" for call in calls(as_cell(one).source, function)
    ]
    if function == "outcome":
        return [call.args[0].value for call in asked]
    return [keyword.value.value for call in asked for keyword in call.keywords if keyword.arg == "name"]


@pytest.mark.parametrize("slug", LESSONS)
def test_all_predictions_of_a_lesson_are_there_each_with_its_outcome(made, slug):
    lesson = read_notebook((ROOT / f"lessons/{slug}.ipynb").read_bytes())
    here = made[f"lessons/{slug}.ipynb"]
    assert names_of(here, "predict") == names_of(lesson, "predict") != []
    assert sorted(names_of(here, "outcome")) == sorted(names_of(here, "predict"))


@pytest.mark.parametrize("slug", LESSONS)
def test_a_prediction_needs_nothing_that_the_lesson_computes(made, slug):
    for cell in made[f"lessons/{slug}.ipynb"]["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != "setup":
            tree = ast.parse(as_cell(cell).source)
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert used <= {"predict", "outcome"}


def test_what_is_said_after_an_outcome_comes_after_it(made):
    cells = made["lessons/05_missing_labels.ipynb"]["cells"]
    sources = [as_cell(cell).source for cell in cells]
    place = sources.index('outcome("05-implementations")')
    assert sources[place + 1].startswith("<details><summary>What the run shows</summary>")
    assert [one["id"] for one in cells if "pip install mtl-teach" in as_cell(one).source] == [cells[0]["id"]]


def test_every_link_leads_to_a_notebook_of_the_edition_or_a_page_of_the_book(made, monkeypatch, tmp_path):
    monkeypatch.setattr(book, "gallery", lambda path: "")
    pages = {path.with_suffix(".html").as_posix() for path in book.write(ROOT, tmp_path / "book")}
    count = 0
    for path, notebook in made.items():
        shown = [str(one) for cell in notebook["cells"] for one in cell.get("outputs", ())]
        for link in LINK.finditer("\n".join([text(notebook), *shown])):
            target = posixpath.normpath((PurePosixPath(path).parent / (link[1] or link[3])).as_posix())
            assert target in made or target.removeprefix("book/") in pages, (path, target)
            count += target.startswith("book/")
    assert count > 50


def test_an_anchor_is_what_sphinx_makes_of_a_heading(made):
    nodes = pytest.importorskip("docutils.nodes")
    for one in exercises.all_exercises():
        assert browser_edition.anchor(one.title) == nodes.make_id(one.title)
        assert browser_edition.anchor(one.section) == nodes.make_id(one.section)


def test_every_notebook_has_the_stamp_of_what_was_delivered_and_of_the_kernel(made):
    for notebook in made.values():
        assert notebook["metadata"]["mtl_teach"]["cells"] == [list(pair) for pair in delivered(notebook)]
        assert notebook["metadata"]["kernelspec"]["name"] == "python"


def test_home_shows_the_map_before_anything_runs_and_leads_nowhere_that_is_not_here(made):
    home = cells_by_id(made["index.ipynb"])
    shown = str(home["home-progress"]["outputs"])
    assert "Problem set 01" in shown
    assert "projects/" not in shown
    assert exercises.load("ctr_cvr_total").title in shown
    assert [name for name in BY_TORCH if exercises.load(name).title in shown] == []
    assert "mtl-teach start" in as_cell(home["home-help"]).source
