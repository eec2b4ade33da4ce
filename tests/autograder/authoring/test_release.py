"""From a text source to the student's notebook: cells, metadata, stubs; what cannot be built says why."""

import json

import nbformat
import pytest

from autograder.authoring import notebooks, release
from autograder.authoring.notebooks import BuildError
from autograder.quizzes import assignment, bank
from tests.autograder.conftest import HEADER, MASKS, NAME

OWN_KEYS = HEADER.removesuffix("# ---\n") + "# mtl:\n#   lesson: 05_missing_labels\n# ---\n"


def source(tmp_path, *cells, name="ps01_x.py"):
    path = tmp_path / name
    path.write_text("\n".join([OWN_KEYS, *(f"{cell}\n" for cell in cells)]))
    return path


def problem_set(tmp_path, *cells):
    return {cell.id: cell for cell in notebooks.problem_set(source(tmp_path, *cells)).cells}


# ---- cells -----------------------------------------------------------------------------------------------------


def test_a_source_becomes_a_notebook_with_stable_ids_and_no_outputs(tmp_path):
    path = source(tmp_path, "# %% [markdown]\n# # Lesson", "# %%\nx = 1", '# %% grade_id="own"\ny = 2')
    notebook = notebooks.read_source(path)
    assert [(cell.cell_type, cell.id, cell.source) for cell in notebook.cells] == [
        ("markdown", "ps01-x-0", "# Lesson"),
        ("code", "ps01-x-1", "x = 1"),
        ("code", "own", "y = 2"),
    ]
    assert [(cell.outputs, cell.execution_count) for cell in notebook.cells[1:]] == [([], None)] * 2
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all("lines_to_next_cell" not in cell.metadata for cell in notebook.cells)
    nbformat.validate(notebook)


@pytest.mark.parametrize("tag", ["fold", "claim"])
def test_a_folded_cell_of_a_lesson_opens_without_its_code_in_notebook_and_book(tmp_path, tag):
    path = source(tmp_path, f'# %% tags=["{tag}"]\nclaim()', "# %%\nx = 1", name="01_x.py")
    folded, open_ = notebooks.lesson(path).cells
    assert folded.metadata == {"tags": [tag, "hide-input"], "jupyter": {"source_hidden": True}}
    assert folded.source == "claim()"
    assert open_.metadata == {}


def test_a_long_name_still_gives_ids_that_the_format_allows(tmp_path):
    path = source(tmp_path, "# %%\nx = 1", name=f"{'long_' * 20}.py")
    (cell,) = notebooks.read_source(path).cells
    assert cell.id == f"{('long-' * 10)}-0"
    notebooks.as_bytes(notebooks.read_source(path))


def test_a_notebook_that_breaks_the_format_is_not_written(tmp_path):
    notebook = notebooks.read_source(source(tmp_path, "# %%\nx = 1"))
    notebook.cells[0].id = "not an id!"
    with pytest.raises(nbformat.ValidationError):
        notebooks.as_bytes(notebook)


def test_bytes_end_with_a_line_feed(tmp_path):
    data = notebooks.as_bytes(notebooks.read_source(source(tmp_path, "# %%\nx = 'ä'")))
    assert data.endswith(b"}\n")
    assert not data.endswith(b"\n\n")
    assert "ä" in data.decode("utf-8")


# ---- tags ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "flags", "points"),
    [
        ("locked", {"locked"}, None),
        ("answer", {"solution"}, None),
        ("check", {"grade", "locked"}, 9.0),
        ("manual:4", {"grade", "solution"}, 4.0),
        ("manual:2.5", {"grade", "solution"}, 2.5),
    ],
)
def test_a_short_tag_stands_for_nbgraders_metadata(tmp_path, tag, flags, points):
    made = problem_set(tmp_path, f'# %% grade_id="check-masked_mean" tags=["{tag}"]\n1')["check-masked_mean"].metadata
    marks = made["nbgrader"]
    assert {flag for flag in ("grade", "solution", "locked", "task") if marks[flag]} == flags
    assert marks.get("points") == points
    assert (marks["grade_id"], marks["schema_version"], marks["cell_type"]) == ("check-masked_mean", 3, "code")
    assert set(made) == ({"nbgrader", "deletable", "editable"} if tag == "locked" else {"nbgrader"})
    if tag == "locked":
        assert (made["deletable"], made["editable"]) == (False, False)


def test_text_cells_say_what_they_are(tmp_path):
    made = problem_set(tmp_path, '# %% [markdown] grade_id="why" tags=["manual:4"]\n# Because.')
    assert made["why"].metadata.nbgrader.cell_type == "markdown"


def test_examples_and_untagged_cells_are_no_business_of_nbgraders(tmp_path):
    made = problem_set(tmp_path, '# %% grade_id="examples-1" tags=["examples"]\n1', "# %%\n2")
    assert [dict(cell.metadata) for cell in made.values()] == [{}, {}]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            'grade_id="x" tags=["lockd"]',
            r"ps01_x\.py: unknown tag 'lockd'; expected locked, answer, examples",
        ),
        ('grade_id="x" tags=["locked", "answer"]', r"the cell 'x' needs one tag of ours and a grade_id of its own"),
        ('tags=["locked"]', r"the cell None needs one tag of ours and a grade_id of its own; got \['locked'\]"),
        ('grade_id="a b" tags=["locked"]', "the cell 'a b' needs one tag of ours"),
        ('grade_id="taken" tags=["locked"]', "the cell 'taken' needs one tag of ours"),
        ('grade_id="taken" tags=["examples"]', "the cell 'taken' needs one tag of ours"),
    ],
    ids=["unknown", "two tags", "no id", "an odd id", "a second cell", "a second cell, of examples"],
)
def test_a_source_that_cannot_be_built_says_which_cell_and_why(tmp_path, header, said):
    path = source(tmp_path, '# %% grade_id="taken" tags=["locked"]\n1', f"# %% {header}\n2")
    with pytest.raises(BuildError, match=said):
        notebooks.problem_set(path)


# ---- the student's version -------------------------------------------------------------------------------------


@pytest.fixture
def students(tmp_path):
    """What a student gets of the small problem set and of a quick test: cells by id."""
    (tmp_path / f"{NAME}.py").write_text(MASKS)
    quick = bank.HERE / "05.toml"
    test = assignment.assignment_name(bank.read(quick))
    for name, notebook in {
        NAME: notebooks.problem_set(tmp_path / f"{NAME}.py"),
        test: notebooks.quick_test(quick),
    }.items():
        (tmp_path / "sources" / name).mkdir(parents=True)
        (tmp_path / "sources" / name / f"{name}.ipynb").write_bytes(notebooks.as_bytes(notebook))
    release.release(tmp_path / "sources", tmp_path / "out", [NAME, test])
    paths = {name: tmp_path / "out" / name / f"{name}.ipynb" for name in (NAME, test)}
    assert not list(tmp_path.rglob("gradebook.db"))
    return tuple({cell.id: cell for cell in nbformat.read(path, 4).cells} for path in paths.values())


def test_a_stub_says_what_is_not_written_and_a_question_has_empty_quotes(students):
    problem_set, test = students
    assert problem_set["masked_mean"].source.splitlines()[-1] == (
        '    raise NotImplementedError("masked_mean is not written yet")'
    )
    assert [test[f"quick-05-{number}"].source for number in range(1, 8)] == [
        f'answer_{number} = ""' for number in range(1, 8)
    ]


def test_nothing_of_a_solution_is_left_and_everything_else_is(students):
    problem_set, _ = students
    text = json.dumps([cell.source for cell in problem_set.values()])
    assert "kept.sum()" not in text
    assert "SOLUTION" not in text
    assert problem_set["why-masking"].source == "YOUR ANSWER HERE"
    assert problem_set["check-masked_mean"].source == 'check("masked_mean", masked_mean)'
    assert problem_set["setup"].source == "import torch\nfrom autograder import check"
    assert problem_set["check-masked_mean"].metadata.editable is False
    assert problem_set["masked_mean"].metadata.nbgrader.checksum


def test_releasing_again_replaces_what_was_there(tmp_path):
    (tmp_path / f"{NAME}.py").write_text(MASKS)
    folder = tmp_path / "sources" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_bytes(notebooks.as_bytes(notebooks.problem_set(tmp_path / f"{NAME}.py")))
    release.release(tmp_path / "sources", tmp_path / "out", [NAME])
    path = tmp_path / "out" / NAME / f"{NAME}.ipynb"
    first = path.read_bytes()
    path.write_text("{}")
    release.release(tmp_path / "sources", tmp_path / "out", [NAME])
    assert path.read_bytes() == first
