"""The whole book is published or nothing is: what is run, what stops it, and what is left as it was."""

import subprocess
from pathlib import Path

import pytest
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat.v4 import new_output

from autograder.authoring import book, notebooks, site
from autograder.files import write_atomically
from autograder.results import UsageError
from tests.autograder.conftest import HEADER

SETTINGS = 'extensions = ["myst_nb"]\nnb_execution_mode = "off"\nroot_doc = "index"\nhtml_copy_source = False\n'
INDEX = "# Course\n\n```{toctree}\n:glob:\n\n*\n```\n"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Two lessons in a checkout whose book is a first page and these two; `checkout.index` is its text."""
    root = tmp_path / "checkout"
    for name in ("01_losses", "02_scales"):
        path = root / "lessons" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + f"\n# %% [markdown]\n# # Lesson {name}\n\n# %%\nprint('seen')\n")
    index = root / "docs" / "book" / "index.md"
    index.parent.mkdir(parents=True)
    index.write_text(INDEX)

    def write(root, target, outputs, kept, *, with_edition):
        want = {"conf.py": SETTINGS.encode(), "index.md": index.read_bytes()}
        for path in notebooks.sources(root):
            want[f"{path.stem}.ipynb"] = notebooks.as_bytes(notebooks.lesson(path))
        for name, data in (want | outputs).items():
            if not (target / name).exists() or (target / name).read_bytes() != data:
                write_atomically(target / name, data)
        return []

    monkeypatch.setattr(book, "write", write)
    return root


@pytest.fixture
def ran(monkeypatch):
    """Which lessons were run, in place of running them; each prints its name."""
    names = []

    def run(path):
        names.append(path.stem)
        notebook = notebooks.lesson(path)
        notebook.cells[-1].outputs = [new_output("stream", text=f"outputs of {path.stem}")]
        return notebook, 1.0

    monkeypatch.setattr(site, "run_notebook", run)
    return names


@pytest.fixture
def to(tmp_path):
    """A book that was published before."""
    folder = tmp_path / "out" / "site"
    folder.mkdir(parents=True)
    (folder / site.MARK).write_text("old")
    return folder


@pytest.fixture
def quick(checkout, monkeypatch):
    """A page is its text, in place of what Sphinx makes of it."""

    def run(command, **how):
        *_, text, html = map(Path, command)
        html.mkdir(parents=True)
        for path in [text / "index.md", *text.glob("*.ipynb")]:
            (html / path.with_suffix(".html").name).write_bytes(path.read_bytes())
        (html / site.MARK).write_text("new")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(site, "missing", lambda: "")
    monkeypatch.setattr(site.subprocess, "run", run)


def published(to):
    """What a reader finds."""
    return {path.name: path.read_text() for path in to.iterdir() if path.is_file()}


def test_the_new_book_takes_the_place_of_the_old_one_and_nothing_else_is_left_beside_it(checkout, ran, to):
    said = []
    report = site.build(checkout, to, said.append)
    assert (report.published, report.ran) == (True, ["01_losses", "02_scales"])
    assert "outputs of 01_losses" in (to / "01_losses.html").read_text()
    assert sorted(path.name for path in to.parent.iterdir()) == ["site", "site.work"]
    steps = ["lessons", "lessons", "lessons", "text", "pages", "links", "sizes", "published"]
    assert [line.partition(":")[0] for line in said] == steps
    assert not (to.parent / "site.work" / "html").exists(), "moved, not copied"


def test_only_a_lesson_that_changed_is_run_again(checkout, ran, quick, to):
    site.build(checkout, to)
    ran.clear()
    assert site.build(checkout, to).ran == []
    source = checkout / "lessons" / "02_scales.py"
    source.write_text(source.read_text().replace("seen", "seen anew"))
    assert site.build(checkout, to).ran == ["02_scales"]
    assert site.build(checkout, to, again=True).ran == ["01_losses", "02_scales"]
    assert ran == ["02_scales", "01_losses", "02_scales"]


def test_a_draft_runs_nothing_and_shows_the_outputs_that_are_known(checkout, ran, quick, to):
    assert site.build(checkout, to, run=False).not_run == ["01_losses", "02_scales"]
    assert "outputs of" not in (to / "01_losses.html").read_text()
    site.build(checkout, to)
    ran.clear()
    source = checkout / "lessons" / "02_scales.py"
    source.write_text(source.read_text().replace("seen", "seen anew"))
    report = site.build(checkout, to, run=False)
    assert (ran, report.not_run, report.published) == ([], ["02_scales"], True)
    assert "outputs of 01_losses" in (to / "01_losses.html").read_text()
    assert "outputs of" not in (to / "02_scales.html").read_text()


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (
            CellExecutionError("traceback", "IndexError", "list index out of range"),
            "IndexError: list index out of range",
        ),
        (DeadKernelError("Kernel died"), "Kernel died"),
    ],
    ids=["an error", "a kernel that dies"],
)
def test_a_lesson_that_fails_is_named_with_its_cell_and_nothing_is_published(checkout, to, monkeypatch, error, what):
    def run(path):
        if path.stem == "01_losses":
            error.add_note("cell 2, `losses[2]`")
            raise error
        return notebooks.lesson(path), 1.0

    monkeypatch.setattr(site, "run_notebook", run)
    monkeypatch.setattr(site, "missing", lambda: "")
    report = site.build(checkout, to)
    assert report.problems == [f"01_losses stops at cell 2, `losses[2]`: {what}"]
    assert (report.published, report.ran) == (False, ["02_scales"]), "the others are run and kept"
    assert published(to) == {site.MARK: "old"}


def test_a_dead_link_is_named_with_its_page_and_nothing_is_published(checkout, ran, quick, to):
    (checkout / "docs/book/index.md").write_text(INDEX + '\n<a href="01_losses.html#nowhere">losses</a>\n')
    report = site.build(checkout, to)
    (said,) = report.problems
    assert "index.html: the link 01_losses.html#nowhere leads nowhere" in said
    assert published(to) == {site.MARK: "old"}


def test_what_sphinx_warns_of_is_a_problem_with_the_place_in_the_text(checkout, ran, to):
    (checkout / "docs/book/index.md").write_text(INDEX + "\n[losses](03_gone.md)\n")
    report = site.build(checkout, to)
    (said,) = report.problems
    assert said.startswith("index.md:9: WARNING: 'myst' cross-reference target not found: '03_gone.md'")
    assert published(to) == {site.MARK: "old"}


def test_links_to_elsewhere_are_listed_in_a_file(checkout, ran, quick, to):
    (checkout / "docs/book/index.md").write_text('<a href="https://example.org/a">elsewhere</a>')
    assert site.build(checkout, to).published
    listed = (to.parent / "site.work" / "external_links.txt").read_text().splitlines()
    assert listed == ["https://example.org/a  (index.html)"]


def test_outputs_of_a_lesson_that_is_gone_go_with_the_next_book_and_not_with_a_draft(checkout, ran, quick, to):
    site.build(checkout, to)
    (checkout / "lessons" / "01_losses.py").unlink()
    source = checkout / "lessons" / "02_scales.py"
    source.write_text(source.read_text().replace("seen", "seen anew"))
    kept = to.parent / "site.work" / "kept"
    for run, names in ((False, ["01_losses", "02_scales"]), (True, ["02_scales"])):
        site.build(checkout, to, run=run)
        assert sorted(path.stem for path in kept.iterdir()) == names


def test_what_sphinx_read_before_goes_when_it_does_not_fit_any_more(checkout, ran, quick, to):
    older = to.parent / "site.work" / "doctrees-of-before"
    older.mkdir(parents=True)
    assert site.build(checkout, to).published
    assert not older.exists()


def test_a_picture_of_an_older_output_goes(checkout, ran, quick, to):
    older = to.parent / "site.work" / "jupyter_execute" / "older.png"
    older.parent.mkdir(parents=True)
    older.write_bytes(b"x")
    assert site.build(checkout, to).published
    assert not older.exists()


@pytest.mark.parametrize("there", ["a file", "another folder"])
def test_something_else_is_left_alone(tmp_path, monkeypatch, there):
    monkeypatch.setattr(site, "missing", lambda: "")
    to = tmp_path / "thesis"
    mine = to if there == "a file" else to / "thesis.tex"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(UsageError, match=r"Something else than the book lies in .*: name a new folder"):
        site.build(tmp_path, to)
    assert mine.read_text() == "mine"


def test_without_sphinx_one_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(site, "NEEDED", ("json", "sphinx_that_is_not_there"))
    with pytest.raises(UsageError, match=r"needs sphinx_that_is_not_there: python -m pip install 'mtl-teach\[site\]'"):
        site.build(tmp_path, tmp_path / "site")


def test_with_a_release_of_pyodide_the_browser_edition_lies_in_the_book(
    checkout, ran, quick, to, monkeypatch, tmp_path
):
    def build(root, pyodide, target):
        assert (root, pyodide) == (checkout, tmp_path / "pyodide.tar.bz2")
        write_atomically(target / "index.html", b"<a href=nowhere.html>of the edition, no page of the book</a>")

    monkeypatch.setattr(site.lite, "build", build)
    assert site.build(checkout, to, pyodide=tmp_path / "pyodide.tar.bz2").published
    assert (to / "lite" / "index.html").is_file()


def test_an_edition_that_cannot_be_built_is_named_and_nothing_is_published(checkout, ran, quick, to, tmp_path):
    before = published(to)
    report = site.build(checkout, to, pyodide=tmp_path / "gone.tar.bz2")
    (problem,) = report.problems
    assert problem.startswith("There is no file or folder")
    assert published(to) == before
