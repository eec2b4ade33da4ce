"""After each cell that is run the learner's place is kept, and nothing of that is ever in the way."""

import sys
from types import SimpleNamespace

import pytest

from autograder.sections import read_cells
from mtl_teach.learn.lesson import place
from mtl_teach.learn.lesson.place import Follower, Spot, spots_of
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import LESSON, cell, notebook, write

SLUG = "05_missing_labels"


@pytest.fixture
def lesson(workspace, monkeypatch):
    """A lesson of four code cells, one of them its quick test."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    cells = [
        cell("title", "# 5. Missing labels", "markdown"),
        cell("imports", "import math"),
        cell("mean", "## The mean", "markdown"),
        cell("a", "a = 1"),
        cell("why", "### Why\n\nBecause.", "markdown"),
        cell("b", "b = 2"),
        cell("test", "## Quick test", "markdown"),
        cell("quiz", 'quiz("05")'),
    ]
    write(workspace / LESSON, notebook(*cells))
    return workspace


@pytest.fixture
def follower(lesson):
    return Follower(lesson, lesson / "lessons")


def kept(workspace, slug=SLUG):
    row = Progress(workspace / PROGRESS).places().get(slug)
    return (row["section"], row["cells"], row["out_of"]) if row else None


def test_each_code_cell_stands_in_the_section_of_the_heading_above_it(lesson):
    assert [(one.id, spot) for one, spot in spots_of(read_cells(lesson / LESSON))] == [
        ("imports", Spot("", 1, 3)),
        ("a", Spot("The mean", 2, 3)),
        ("b", Spot("Why", 3, 3)),
        ("quiz", Spot("Quick test", 3, 3)),
    ]


def test_the_place_follows_the_cell_that_was_run_last_and_what_was_run_is_not_forgotten(lesson, follower):
    follower.ran("a", "a = 1")
    assert kept(lesson) == ("The mean", 2, 3)
    follower.ran("b", "")
    assert kept(lesson) == ("Why", 3, 3)
    follower.ran("a", "")
    assert kept(lesson) == ("The mean", 3, 3)


def test_another_kernel_goes_on_from_what_was_kept(lesson, follower):
    follower.ran("b", "")
    Follower(lesson, lesson / "lessons").ran("imports", "")
    assert kept(lesson) == ("", 3, 3)


def test_a_cell_without_an_id_is_known_by_its_source(lesson, follower):
    follower.ran("", "a = 1\n")
    assert kept(lesson) == ("The mean", 2, 3)
    follower.ran("unknown", "b = 2")
    assert kept(lesson) == ("Why", 3, 3)


@pytest.mark.parametrize(("cell_id", "source"), [("", ""), ("new", "c = 3"), ("mean", "## The mean")])
def test_a_cell_that_is_not_in_the_file_leaves_the_place_as_it_is(lesson, follower, cell_id, source):
    follower.ran("a", "")
    follower.ran(cell_id, source)
    assert kept(lesson) == ("The mean", 2, 3)


def test_a_cell_that_was_added_since_is_found(lesson, follower):
    follower.ran("a", "")
    write(lesson / LESSON, notebook(cell("x", "## Another", "markdown"), cell("new", "c = 3"), cell("a", "a = 1")))
    follower.ran("new", "c = 3")
    assert kept(lesson) == ("Another", 1, 2)


def test_the_notebook_is_the_one_that_the_server_names(lesson, monkeypatch):
    other = lesson / "lessons/06_other.ipynb"
    write(other, notebook(cell("t", "## There", "markdown"), cell("a", "a = 1")))
    monkeypatch.setenv("JPY_SESSION_NAME", str(other))
    follower = Follower(lesson, lesson / "lessons")
    assert follower.notebook == "06_other"
    follower.ran("a", "a = 1")
    assert kept(lesson, "06_other") == ("There", 1, 1)
    assert kept(lesson) is None


def test_a_project_has_a_place_too_and_other_notebooks_have_none(lesson):
    write(lesson / "projects/P1_house_prices.ipynb", notebook(cell("s", "## Stage 1", "markdown"), cell("c", "c = 1")))
    Follower(lesson, lesson / "projects").ran("c", "c = 1")
    assert kept(lesson, "P1_house_prices") == ("Stage 1", 1, 1)
    write(lesson / "lessons/notes.ipynb", notebook(cell("n", "n = 1")))
    write(lesson / "mine.ipynb", notebook(cell("m", "m = 1")))
    Follower(lesson, lesson / "lessons").ran("n", "n = 1")
    Follower(lesson, lesson).ran("m", "m = 1")
    assert set(Progress(lesson / PROGRESS).places()) == {"P1_house_prices"}


@pytest.mark.parametrize("damage", ["{", "", None])
def test_a_notebook_that_is_damaged_or_gone_keeps_no_place_and_stops_nothing(lesson, follower, damage, capsys):
    if damage is None:
        (lesson / LESSON).unlink()
    else:
        (lesson / LESSON).write_text(damage)
    follower.after(SimpleNamespace(info=SimpleNamespace(cell_id="a", raw_cell="a = 1")))
    assert kept(lesson) is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("result", [None, SimpleNamespace(info=None), SimpleNamespace(info=SimpleNamespace())])
def test_what_ipython_may_leave_out_stops_nothing(follower, result, capsys):
    follower.after(result)
    assert capsys.readouterr() == ("", "")


def test_progress_that_cannot_be_written_is_passed_over_in_silence(lesson, follower, capsys):
    (lesson / PROGRESS).mkdir()
    follower.ran("a", "")
    assert capsys.readouterr() == ("", "")


class Events:
    def __init__(self):
        self.registered = []

    def register(self, name, function):
        self.registered.append((name, function))


@pytest.fixture
def kernel(monkeypatch):
    """A kernel in which nothing is followed yet."""
    events = Events()
    shell = SimpleNamespace(kernel=object(), events=events)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(place, "_follower", None)
    return events


def test_a_kernel_in_a_workspace_follows_once(lesson, kernel, monkeypatch):
    monkeypatch.chdir(lesson / "lessons")
    place.follow()
    place.follow()
    ((name, function),) = kernel.registered
    assert name == "post_run_cell"
    function(SimpleNamespace(info=SimpleNamespace(cell_id="b", raw_cell="b = 2")))
    assert kept(lesson) == ("Why", 3, 3)


def test_outside_a_workspace_or_a_kernel_nothing_is_followed(lesson, kernel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place.follow()
    assert kernel.registered == []
    monkeypatch.chdir(lesson)
    monkeypatch.setattr(place, "in_kernel", lambda: False)
    place.follow()
    assert kernel.registered == []
    place.reached("1a")
    assert Progress(lesson / PROGRESS).milestones() == {}


def test_a_milestone_is_kept_under_the_project_that_runs_here(lesson, kernel, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(lesson / "projects")
    place.follow()
    place.reached("1a. Predictions")
    assert Progress(lesson / PROGRESS).milestones() == {"P1_house_prices": ["1a. Predictions"]}


def test_what_is_usable_in_a_lesson_is_no_milestone(lesson, kernel, monkeypatch):
    monkeypatch.chdir(lesson / "lessons")
    place.follow()
    place.reached("1a. Predictions")
    assert Progress(lesson / PROGRESS).milestones() == {}
