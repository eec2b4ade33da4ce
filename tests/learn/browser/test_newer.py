"""A newer text of what the browser keeps is noticed, taken once, and never in the place of what a learner wrote."""

import copy
import json
from types import SimpleNamespace

import pytest

from mtl_teach import __version__
from mtl_teach.learn.browser import here, newer
from mtl_teach.learn.workspace import merge, notebooks
from tests.learn.conftest import cell, notebook

PATH = "exercises/ps05/ps05.ipynb"
OLD = notebook(cell("about", "Old text.", "markdown"), cell("answer", "def f():\n    pass"), cell("check", "check(f)"))
NEW = notebook(cell("about", "New text.", "markdown"), cell("answer", "def f():\n    pass"), cell("check", "check(f)"))


def write(file, data):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data), encoding="utf-8")


def read(file):
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.fixture
def course(drive, tmp_path, monkeypatch):
    """The notebooks in the package: those of the new edition."""
    monkeypatch.setattr(here, "course_root", lambda: tmp_path / "course")
    monkeypatch.setattr(here, "in_browser", lambda: True)
    folder = tmp_path / "course" / "browser"
    write(folder / PATH, newer.stamp(NEW))
    write(folder / "review.ipynb", newer.stamp(notebooks.review()[1]))
    return folder


@pytest.fixture
def kept(drive):
    """A notebook of the older edition in the storage, in which the learner wrote an answer and a cell."""
    mine = newer.stamp(copy.deepcopy(OLD))
    mine["cells"][1]["source"] = ["def f():\n", "    return 1"]
    mine["cells"].insert(2, cell("own", "f()"))
    write(drive / PATH, mine)
    return drive / PATH


def test_a_stamp_says_the_version_and_every_cell_in_order():
    page = notebooks.notebook()
    before = copy.deepcopy(page)
    stamped = newer.stamp(page)
    assert page == before
    assert stamped["metadata"]["mtl_teach"]["version"] == __version__
    assert [tuple(pair) for pair in stamped["metadata"]["mtl_teach"]["cells"]] == merge.delivered(page)
    assert stamped["cells"] == page["cells"]
    assert stamped["metadata"]["kernelspec"] == page["metadata"]["kernelspec"]


def test_a_newer_text_is_taken_and_what_was_written_stays(drive, course, kept):
    assert newer.available(drive) == [PATH]
    merged = newer.take(drive, PATH)
    assert (merged.changed, sorted(merged.kept)) == (["about"], ["answer", "own"])
    cells = ["".join(one["source"]) for one in read(kept)["cells"]]
    assert cells == ["New text.", "def f():\n    return 1", "f()", "check(f)"]
    assert newer.available(drive) == []
    assert not newer.is_newer(drive, PATH)


def test_the_storage_is_read_once_for_each_edition(drive, course, kept, monkeypatch):
    newer.take(drive, PATH)
    assert newer.available(drive) == []
    with monkeypatch.context() as blind:
        blind.setattr(newer, "is_newer", lambda *_: pytest.fail("the storage was read again"))
        assert newer.available(drive) == []
    again = copy.deepcopy(NEW)
    again["cells"][0]["source"] = ["Newer still."]
    write(course / PATH, newer.stamp(again))
    assert newer.available(drive) == [PATH]


def test_what_is_not_ours_or_cannot_be_read_is_left_alone(drive, course):
    write(drive / PATH, OLD)  # without a stamp
    (drive / "review.ipynb").write_text("{")
    assert newer.available(drive) == []
    for stamp in (None, [], {"cells": 3}, {"cells": [["one"]]}):
        write(drive / PATH, {**OLD, "metadata": {"mtl_teach": stamp}})
        assert not newer.is_newer(drive, PATH)


def test_without_texts_in_the_package_nothing_is_newer(drive, monkeypatch, tmp_path, kept):
    monkeypatch.setattr(here, "course_root", lambda: tmp_path)
    assert newer.available(drive) == []


@pytest.fixture
def run(drive, monkeypatch):
    """Run a cell in the kernel of a notebook in this folder."""
    called = []
    events = SimpleNamespace(
        register=lambda event, function: called.append(function),
        unregister=lambda event, function: called.remove(function),
    )
    monkeypatch.setitem(
        newer.sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: SimpleNamespace(events=events))
    )
    monkeypatch.setattr(newer, "in_kernel", lambda: True)
    monkeypatch.setattr(newer, "in_browser", lambda: True)

    def one(folder, source):
        monkeypatch.chdir(folder)
        newer.watch()
        for _ in range(2):
            for function in list(called):
                function(SimpleNamespace(info=SimpleNamespace(raw_cell=source)))

    return one


def test_a_notebook_says_once_that_it_has_a_newer_text(drive, course, kept, run, capsys):
    run(kept.parent, "check(f)")
    assert capsys.readouterr().out.count("A newer text of this notebook is available; your answers stay.") == 1


def test_of_several_notebooks_in_a_folder_the_one_with_the_cell_is_meant(drive, course, run, capsys):
    for number in (1, 2):
        page = notebook(cell("quiz", f"quiz({number})"))
        write(course / f"quick_tests/{number}.ipynb", newer.stamp(page))
        write(drive / f"quick_tests/{number}.ipynb", newer.stamp(page if number == 1 else notebook(*page["cells"] * 2)))
    run(drive / "quick_tests", "quiz(1)")
    assert capsys.readouterr().out == ""
    run(drive / "quick_tests", "quiz(2)")
    assert "A newer text" in capsys.readouterr().out


def test_what_is_run_elsewhere_says_nothing(drive, course, kept, run, capsys, tmp_path):
    run(tmp_path, "check(f)")
    run(drive, "1 + 1")
    assert capsys.readouterr().out == ""
