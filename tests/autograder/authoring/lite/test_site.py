"""The browser edition as a folder: put there whole, the same bytes each time, with its sizes, or not at all.

JupyterLite itself and a real Pyodide are tried in tests/browser/test_lite.py; here both are made of a few files.
"""

import json
import sys

import pytest

from autograder.authoring.lite import archive, site, wheels
from autograder.authoring.lite.archive import LiteError
from autograder.course_files import course_root
from autograder.desk import cli
from autograder.results import UsageError

ROOT = course_root()
PACKAGE = {"version": "1", "sha256": "", "depends": []}


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A build in which everything that takes long is made up: notebooks, wheels, Pyodide and JupyterLite."""
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Home"]}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    def take(given, target):
        for name in archive.RUNTIME:
            (target / name).write_text(name)
        names = (*archive.AT_START, *archive.ON_IMPORT)
        for name in names:
            (target / f"{name}.whl").write_text("12345")
        packages = {name: {**PACKAGE, "name": name, "file_name": f"{name}.whl"} for name in names}
        return {"info": {"version": archive.VERSION}, "packages": packages}

    def wheel(name, *rest):
        row = {**PACKAGE, "name": archive.canonical(name), "file_name": f"{name}.whl"}
        return wheels.Wheel(row["file_name"], b"123", row)

    def jupyter_lite(source):
        settings = json.loads((source / "jupyter_lite_config.json").read_text())["LiteBuildConfig"]
        made = tmp_path.joinpath(settings["output_dir"])
        for name in ("static/pyodide", "contents"):
            for path in (source / name).rglob("*"):
                if path.is_file():
                    target = made / path.relative_to(source)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(path.read_bytes())

    monkeypatch.setattr(site, "edition", lambda root: {"index.ipynb": notebook})
    monkeypatch.setattr(site.computed, "dump", lambda: {"01": []})
    monkeypatch.setattr(site.archive, "take", take)
    monkeypatch.setattr(site.wheels, "widgets", lambda: [wheel(name) for name in wheels.WIDGETS])
    monkeypatch.setattr(site.wheels, "kernel", lambda folder: [wheel(name) for name in wheels.KERNEL])
    monkeypatch.setattr(site.wheels, "course", lambda root, added: wheel(wheels.COURSE))
    monkeypatch.setattr(site, "_labextension", lambda package: tmp_path)
    monkeypatch.setattr(site, "_jupyter_lite", jupyter_lite)
    monkeypatch.setattr(site.importlib.util, "find_spec", lambda name: object())
    return monkeypatch


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_folder_has_a_first_page_that_opens_home_and_the_mark_of_its_version(small, tmp_path):
    done = site.build(ROOT, tmp_path, tmp_path / "out" / "lite")
    page = (done.folder / "index.html").read_text(encoding="utf-8")
    assert 'location.replace("notebooks/index.html?path=index.ipynb")' in page
    assert 'data-jupyter-lite-root="."' in page
    assert "[[" not in page
    assert done.course in page
    assert json.loads((done.folder / site.MARK).read_text()) == {"course": done.course, "pyodide": archive.VERSION}


def test_nothing_of_others_lies_where_jupyterlite_builds_since_it_dates_all_of_it(small, tmp_path):
    fake, seen = site._jupyter_lite, []

    def look_around(source):
        fake(source)
        settings = json.loads((source / "jupyter_lite_config.json").read_text())["LiteBuildConfig"]
        made = tmp_path / settings["output_dir"]
        seen.append([path.name for path in made.parent.iterdir()])

    small.setattr(site, "_jupyter_lite", look_around)
    (tmp_path / "thesis.md").write_text("Mine\n")
    site.build(ROOT, tmp_path, tmp_path / "lite")
    assert seen == [["lite"]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lite", "thesis.md"]


def test_sizes_are_those_of_the_files_that_a_visitor_fetches(small, tmp_path):
    done = site.build(ROOT, tmp_path, tmp_path / "lite")
    runtime = sum(len(name) for name in archive.RUNTIME if name != "pyodide.mjs")
    lock = (done.folder / "static/pyodide" / archive.LOCK).stat().st_size
    ours = len({*wheels.WIDGETS, *wheels.KERNEL, wheels.COURSE} & {*map(str, (*site.STARTED,))})
    assert done.kernel == runtime + lock + 5 * len(archive.AT_START) + 3 * ours
    assert done.on_import >= 5 * len(archive.ON_IMPORT)
    assert done.whole == sum(map(len, files_of(done.folder).values())) - sum(
        (done.folder / name).stat().st_size for name in ("index.html", site.MARK)
    )
    assert any("first visit" in line and "MB" in line for line in done.lines())
    json.dumps(done.to_dict())


def test_built_twice_it_is_the_same_and_replaces_what_was_there(small, tmp_path):
    first = files_of(site.build(ROOT, tmp_path, tmp_path / "lite").folder)
    (tmp_path / "lite" / "left.txt").write_text("of an older edition")
    assert files_of(site.build(ROOT, tmp_path, tmp_path / "lite").folder) == first


def test_a_failure_leaves_the_former_edition_and_nothing_beside_it(small, tmp_path):
    before = files_of(site.build(ROOT, tmp_path, tmp_path / "out" / "lite").folder)

    def fails(source):
        raise LiteError("JupyterLite could not build the edition")

    small.setattr(site, "_jupyter_lite", fails)
    with pytest.raises(LiteError):
        site.build(ROOT, tmp_path, tmp_path / "out" / "lite")
    assert files_of(tmp_path / "out" / "lite") == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["lite"]


def test_a_folder_with_something_else_in_it_is_left_alone(small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.md").write_text("# Mine\n")
    with pytest.raises(UsageError, match="Something else than a browser edition lies in"):
        site.build(ROOT, tmp_path, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.md"]


def test_without_jupyterlite_it_says_how_to_get_it(small, tmp_path):
    small.setattr(site.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LiteError, match=r"JupyterLite is not installed: .*\[lite\]"):
        site.build(ROOT, tmp_path, tmp_path / "lite")


def test_the_command_ends_with_1_and_one_sentence_where_there_is_no_pyodide(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(site.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(
        sys, "argv", ["mtl-grade", "lite", "--pyodide", str(tmp_path / "no"), "--to", str(tmp_path / "to")]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("There is no file or folder")
    assert archive.VERSION in said
    assert not (tmp_path / "to").exists()


def test_our_extensions_name_the_file_that_is_loaded():
    for folder in site.OURS:
        about = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))
        assert (ROOT / folder / about["jupyterlab"]["_build"]["load"]).is_file()


def test_what_the_kernel_runs_first_lies_where_pyodide_keeps_packages():
    place, file = site.STARTUP.split("/site-packages/")
    assert place == "/lib/python3.12"  # of Pyodide 0.27
    assert archive.VERSION.startswith("0.27.")
    assert (ROOT / file).is_file()
