"""What keeps answers in and mistakes out: leaks, stubs, stray and stale files, and solutions that lose points."""

import json

import pytest

from autograder import exercises
from autograder.authoring import build, gates, notebooks
from tests.autograder.conftest import HEADER, MASKS, NAME

LEAKED = "def f(a, b):\n    x = a[b]\n    n = b.sum().clamp(min=1)\n    return x.sum() / n\n"
SOLVED = "kept = values[mask]\n    count = mask.sum().clamp(min=1)\n    return kept.sum() / count"
STALE = "not what its source builds; run `mtl-grade build`"


@pytest.fixture
def checkout(tmp_path):
    """A small checkout with a lesson, a project and a problem set, built."""
    for name, text in {
        f"solutions/{NAME}.py": MASKS,
        "lessons/05_missing_labels.py": HEADER + "\n# %% [markdown]\n# # Lesson\n\n# %%\nx = 1\n",
        "lessons/projects/P1_prices.py": HEADER + "\n# %% [markdown]\n# # Project\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    build.build(tmp_path)
    return tmp_path


@pytest.fixture
def released(checkout):
    return checkout / "exercises" / NAME / f"{NAME}.ipynb"


def edit(path, cell_id, source):
    """Change one cell of a notebook by hand."""
    notebook = json.loads(path.read_text())
    next(cell for cell in notebook["cells"] if cell["id"] == cell_id)["source"] = source
    path.write_text(json.dumps(notebook))


# ---- what is built ---------------------------------------------------------------------------------------------


def test_everything_that_has_a_source_is_built(checkout):
    assert sorted(path.relative_to(checkout).as_posix() for path in checkout.rglob("*.ipynb")) == [
        f"exercises/{NAME}/{NAME}.ipynb",
        "lessons/05_missing_labels.ipynb",
        "lessons/projects/P1_prices.ipynb",
        f"solutions/{NAME}/{NAME}.ipynb",
    ]
    assert build.check(checkout) == []


def test_only_what_changed_is_written_again(checkout, released):
    before = released.stat()
    source = checkout / "lessons" / "05_missing_labels.py"
    source.write_text(source.read_text() + "\n# %%\ny = 2\n")
    assert [path.as_posix() for path in build.build(checkout)] == ["lessons/05_missing_labels.ipynb"]
    assert (released.stat().st_ino, released.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert build.check(checkout) == []


@pytest.mark.parametrize("change", ["missing", "changed"])
def test_a_generated_file_that_is_missing_or_changed_is_stale(checkout, change):
    names = ["lessons/05_missing_labels", "lessons/projects/P1_prices", f"solutions/{NAME}/{NAME}"]
    for name in names:
        notebook = checkout / f"{name}.ipynb"
        if change == "missing":
            notebook.unlink()
        else:
            notebook.write_text(notebook.read_text() + "\n")
    assert build.check(checkout) == [f"{name}.ipynb: {STALE}" for name in names]


def test_a_released_notebook_that_is_missing_is_stale_and_nothing_else(checkout, released):
    released.unlink()
    assert build.check(checkout) == [f"exercises/{NAME}/{NAME}.ipynb: {STALE}"]


def test_files_without_a_source_are_stray(checkout):
    strays = [
        "lessons/old.ipynb",
        "lessons/projects/old.ipynb",
        f"solutions/{NAME}/data.csv",
        f"solutions/{NAME}/old.ipynb",
        "exercises/gone/gone.txt",
        f"exercises/{NAME}/hints.txt",
        f"exercises/{NAME}/old.ipynb",
    ]
    for path in strays:
        (checkout / path).parent.mkdir(exist_ok=True)
        (checkout / path).write_text((checkout / "lessons" / "05_missing_labels.ipynb").read_text())
    assert build.check(checkout) == [f"{path}: has no source; delete it" for path in strays]


def test_a_copy_that_the_editor_keeps_is_not_stray(checkout):
    for folder in (checkout / "lessons", checkout / "exercises" / NAME):
        kept = folder / ".ipynb_checkpoints" / "old.ipynb"
        kept.parent.mkdir()
        kept.write_bytes((checkout / "lessons" / "05_missing_labels.ipynb").read_bytes())
    assert build.check(checkout) == []


# ---- answers that leak -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        LEAKED,
        LEAKED.replace("def f(a, b):", "def f(a, b):\n    '''What it does.'''"),
        f"class Kept:\n{''.join(f'    {line}' + chr(10) for line in LEAKED.splitlines())}",
        f"import torch\nunused = 1\n\n\n{LEAKED}",
    ],
    ids=["renamed", "with a docstring", "in a class", "among others"],
)
def test_a_solution_is_found_under_other_names(checkout, released, source):
    edit(released, "setup", source)
    assert gates.leaks(checkout) == [f"exercises/{NAME}/{NAME}.ipynb: holds the solution of masked_mean"]


@pytest.mark.parametrize(
    "source",
    [
        LEAKED.replace("min=1", "min=2"),
        LEAKED.replace("a[b]", "b[a]"),
        "def f(a, b):\n    n = b.sum()\n    return a / n\n",
        "def f(",
    ],
    ids=["another number", "other roles", "a short one", "no Python"],
)
def test_what_is_no_solution_is_none(checkout, released, source):
    edit(released, "setup", source)
    assert gates.leaks(checkout) == []


def test_a_wrong_answer_that_is_known_is_found(checkout, released):
    text = (exercises.HERE / "weighted_total" / "misconceptions.py").read_text()
    wrong = text[text.index("def zip_by_position(") :].partition("\n\n\n")[0]
    edit(released, "setup", wrong.replace("zip_by_position", "mine"))
    assert gates.leaks(checkout) == [
        f"exercises/{NAME}/{NAME}.ipynb: holds the misconception zip_by_position of weighted_total"
    ]


@pytest.mark.parametrize("mark", [notebooks.BEGIN, notebooks.END])
@pytest.mark.parametrize("cell_id", ["intro", "masked_mean"])
def test_the_marks_of_a_solution_are_found_in_text_and_code(checkout, released, mark, cell_id):
    edit(released, cell_id, f"x = 1\n{mark}")
    assert gates.leaks(checkout) == [f"exercises/{NAME}/{NAME}.ipynb: a solution's marks stand in cell {cell_id}"]


def test_the_problems_of_a_leak_are_part_of_the_check(checkout, released):
    edit(released, "setup", LEAKED)
    assert build.check(checkout) == [
        f"exercises/{NAME}/{NAME}.ipynb: {STALE}",
        f"exercises/{NAME}/{NAME}.ipynb: holds the solution of masked_mean",
    ]


# ---- stubs -----------------------------------------------------------------------------------------------------

STUB = """\
def masked_mean(values, mask):
    \"\"\"The mean of the observed entries.\"\"\"
    {}"""


@pytest.mark.parametrize(
    ("source", "fine"),
    [
        (STUB.format('raise NotImplementedError("masked_mean is not written yet")'), True),
        (STUB.format("pass"), False),
        (STUB.format('raise NotImplementedError("x")\n    extra = 1'), False),
        (STUB.format('raise NotImplementedError("x")').replace("mean of", "sum of"), False),
        ("", False),
    ],
    ids=["as released", "another body", "a line more", "another docstring", "empty"],
)
def test_a_stub_is_its_solution_without_the_answer(checkout, released, source, fine):
    edit(released, "masked_mean", source)
    said = f"exercises/{NAME}: the stub of masked_mean is not its solution without the answer"
    assert gates.stubs_differ(checkout) == ([] if fine else [said])


def test_a_problem_set_that_is_not_released_has_no_stub_to_compare(checkout, released):
    released.unlink()
    assert gates.stubs_differ(checkout) == []


# ---- solutions that lose points --------------------------------------------------------------------------------


def test_a_solution_of_full_marks_is_right(checkout):
    assert gates.run_solutions(checkout) == [gates.Solved(NAME, ())]


def test_a_solution_that_loses_a_point_is_reported(checkout):
    source = checkout / "solutions" / f"{NAME}.py"
    source.write_text(MASKS.replace(".clamp(min=1)", ""))
    (solved,) = gates.run_solutions(checkout)
    assert solved.name == NAME
    assert len(solved.wrong) == 1
    assert solved.wrong[0].startswith("check-masked_mean: ")
    assert solved.wrong[0].endswith(" of 9.0 points")
    assert 0 < float(solved.wrong[0].split()[1]) < 9.0


def test_a_solution_prints_nothing_meanwhile(checkout, capsys):
    source = checkout / "solutions" / f"{NAME}.py"
    source.write_text(MASKS.replace("import torch\n", "import torch\nprint('loud')\ndisplay('loud')\n"))
    assert gates.run_solutions(checkout) == [gates.Solved(NAME, ())]
    assert capsys.readouterr() == ("", "")
