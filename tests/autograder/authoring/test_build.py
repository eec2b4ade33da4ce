"""The build: one way, twice the same bytes, and a check that sees what is stale, edited by hand, stray or leaking."""

import json
import shutil

import nbformat
import pytest

from autograder.authoring import build, gates
from autograder.authoring.notebooks import read_source
from autograder.course_files import course_root
from autograder.results import UsageError
from tests.autograder.conftest import HEADER, MASKS, NAME


@pytest.fixture
def checkout(tmp_path):
    """A small checkout with one lesson and one problem set, built."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "lessons").mkdir()
    (tmp_path / "solutions" / f"{NAME}.py").write_text(MASKS)
    (tmp_path / "lessons" / "05_missing_labels.py").write_text(
        HEADER + "\n# %% [markdown]\n# # Lesson\n\n# %%\nx = 1\n"
    )
    build.build(tmp_path)
    return tmp_path


def released(checkout):
    return checkout / "exercises" / NAME / f"{NAME}.ipynb"


def edit(path, change):
    notebook = json.loads(path.read_text())
    change({cell["id"]: cell for cell in notebook["cells"]})
    path.write_text(json.dumps(notebook))


def test_two_builds_give_the_same_bytes_and_the_second_changes_nothing(checkout, tmp_path_factory):
    before = {path: path.read_bytes() for path in checkout.rglob("*.ipynb")}
    assert len(before) == 3
    assert build.build(checkout) == []
    again = tmp_path_factory.mktemp("again")
    shutil.copytree(checkout / "solutions", again / "solutions", ignore=shutil.ignore_patterns("*.ipynb"))
    shutil.copytree(checkout / "lessons", again / "lessons", ignore=shutil.ignore_patterns("*.ipynb"))
    build.build(again)
    assert {path.relative_to(checkout): data for path, data in before.items()} == {
        path.relative_to(again): path.read_bytes() for path in again.rglob("*.ipynb")
    }


def test_nothing_generated_holds_an_output_and_a_fresh_checkout_has_no_problem(checkout):
    assert build.check(checkout) == []
    for path in checkout.rglob("*.ipynb"):
        assert all(not cell.get("outputs") for cell in nbformat.read(path, 4).cells)


def test_the_stub_names_itself_and_the_written_answer_is_cleared(checkout):
    cells = {cell.id: cell for cell in nbformat.read(released(checkout), 4).cells}
    assert 'raise NotImplementedError("masked_mean is not written yet")' in cells["masked_mean"].source
    assert cells["why-masking"].source == "YOUR ANSWER HERE"
    assert cells["check-masked_mean"].metadata.nbgrader.points == 9.0


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (
            '# %% grade_id="one" tags=["answer", "manual:4"]\nx = 1',
            ("code", "one", {"grade_id": "one", "tags": ["answer", "manual:4"]}, "x = 1"),
        ),
        ('# %% [markdown] tags=["locked"]\n# Text\n\n\n', ("markdown", "a-text-0", {"tags": ["locked"]}, "Text")),
        ("# %%\nx = 1\n\ny = 2\n", ("code", "a-text-0", {}, "x = 1\n\ny = 2")),
        ("# %%\t[markdown]\n# Text", ("markdown", "a-text-0", {}, "Text")),
        ("# %% tags=[]\nx = '# %% no cell'", ("code", "a-text-0", {"tags": []}, "x = '# %% no cell'")),
    ],
    ids=["a name and tags", "text", "an empty line within", "a tabulator", "what looks like a cell"],
)
def test_a_cell_is_read_from_its_head_and_its_body(tmp_path, text, cell):
    path = tmp_path / "a_text.py"
    path.write_text(HEADER + "\n" + text, encoding="utf-8")
    assert [(one.cell_type, one.id, one.metadata, one.source) for one in read_source(path).cells] == [cell]


def test_a_stale_notebook_is_found(checkout):
    source = checkout / "lessons" / "05_missing_labels.py"
    source.write_text(source.read_text() + "\n# %%\ny = 2\n")
    assert build.check(checkout) == [
        "lessons/05_missing_labels.ipynb: not what its source builds; run `mtl-grade build`"
    ]


def test_a_notebook_edited_by_hand_is_found(checkout):
    edit(released(checkout), lambda cells: cells["setup"].update(source="import os"))
    assert any("not what its source builds" in problem for problem in build.check(checkout))


def test_a_stray_file_beside_a_source_notebook_is_found(checkout):
    (checkout / "solutions" / NAME / "answers.txt").write_text("42")
    assert build.check(checkout) == [f"solutions/{NAME}/answers.txt: has no source; delete it"]


def test_an_answer_that_leaks_under_other_names_is_found(checkout):
    leaked = "def f(a, b):\n    x = a[b]\n    n = b.sum().clamp(min=1)\n    return x.sum() / n\n"
    edit(released(checkout), lambda cells: cells["setup"].update(source=leaked))
    assert any("holds the solution of masked_mean" in problem for problem in build.check(checkout))


def test_a_stub_that_differs_outside_the_marked_region_is_found(checkout):
    edit(
        released(checkout), lambda cells: cells["masked_mean"].update(source="def masked_mean(mask, values):\n    pass")
    )
    assert any("the stub of masked_mean is not its solution" in problem for problem in build.check(checkout))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('# %% grade_id="x" tags=["lockd"]\n1\n', "unknown tag 'lockd'"),
        ('# %% tags=["locked"]\n1\n', "needs one tag of ours and a grade_id of its own"),
        ('# %% grade_id="setup" tags=["locked"]\n1\n', "needs one tag of ours and a grade_id of its own"),
        ('# %% grade_id="check-maskd_mean" tags=["check"]\n1\n', "Did you mean `masked_mean`"),
    ],
)
def test_a_source_that_cannot_be_built_says_why(checkout, cell, said):
    source = checkout / "solutions" / f"{NAME}.py"
    source.write_text(source.read_text() + "\n" + cell)
    with pytest.raises(UsageError, match=said):
        build.build(checkout)


def test_the_solutions_of_this_course_get_full_marks_in_their_own_notebooks():
    assert [problem for solved in gates.run_solutions(course_root()) for problem in solved.wrong] == []


def test_the_generated_files_of_this_course_are_what_its_sources_build():
    assert build.check(course_root()) == []
