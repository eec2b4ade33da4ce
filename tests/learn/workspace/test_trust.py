"""What the course rewrites is trusted by JupyterLab where it was before, and nowhere else."""

import contextlib
import sqlite3

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from mtl_teach.learn.workspace import trust
from mtl_teach.learn.workspace.deliver import update
from tests.learn.conftest import LESSON, cell, read, write


@pytest.fixture(autouse=True)
def data_dir(tmp_path, monkeypatch):
    """A folder of Jupyter's own for this test, and nobody's signatures in it."""
    folder = tmp_path / "jupyter"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    return folder


def sign(file, data_dir):
    """Do what Jupyter Server does when it saves a notebook whose cells were all run here."""
    notary = NotebookNotary(data_dir=str(data_dir))
    with contextlib.closing(notary.store):
        notary.sign(nbformat.read(file, as_version=4))


def run_by_the_learner(workspace):
    page = read(workspace / LESSON)
    (one,) = [one for one in page["cells"] if one["id"] == "m-1"]
    one["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": "<style>svg {color: red}</style>"}, "metadata": {}}
    ]
    write(workspace / LESSON, page)


def a_newer_course(course):
    page = read(course / LESSON)
    page["cells"].append(cell("more", "3 + 3"))
    write(course / LESSON, page)


def test_a_trusted_notebook_that_the_course_updates_stays_trusted(workspace, course, data_dir):
    run_by_the_learner(workspace)
    sign(workspace / LESSON, data_dir)
    a_newer_course(course)
    assert LESSON.as_posix() in update(workspace, course).updated
    assert trust.is_trusted((workspace / LESSON).read_bytes())
    assert "svg {color: red}" in (workspace / LESSON).read_text()


def test_a_trusted_home_page_stays_trusted(workspace, course, data_dir):
    sign(workspace / "index.ipynb", data_dir)
    update(workspace, course)
    assert trust.is_trusted((workspace / "index.ipynb").read_bytes())


@pytest.mark.parametrize("after_signing", [True, False], ids=["changed after it was signed", "never signed"])
def test_what_was_not_trusted_is_not_trusted_after_an_update(workspace, course, data_dir, after_signing):
    if after_signing:
        sign(workspace / LESSON, data_dir)
    else:
        sign(workspace / "index.ipynb", data_dir)
    run_by_the_learner(workspace)
    a_newer_course(course)
    assert LESSON.as_posix() in update(workspace, course).updated
    assert not trust.is_trusted((workspace / LESSON).read_bytes())


def test_where_nothing_was_ever_signed_no_file_of_signatures_is_begun(workspace, course, data_dir):
    a_newer_course(course)
    update(workspace, course)
    assert list(data_dir.iterdir()) == []


def test_signatures_that_cannot_be_written_do_not_stop_an_update(workspace, course, data_dir, monkeypatch):
    sign(workspace / LESSON, data_dir)
    a_newer_course(course)

    def locked(*_):
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(NotebookNotary, "sign", locked)
    assert LESSON.as_posix() in update(workspace, course).updated
    assert not trust.is_trusted((workspace / LESSON).read_bytes())


def test_signatures_that_cannot_be_read_do_not_stop_an_update(workspace, course, data_dir, monkeypatch):
    sign(workspace / LESSON, data_dir)
    (data_dir / "notebook_secret").unlink()
    (data_dir / "notebook_secret").mkdir()
    a_newer_course(course)
    assert LESSON.as_posix() in update(workspace, course).updated
    assert not trust.is_trusted((workspace / LESSON).read_bytes())
