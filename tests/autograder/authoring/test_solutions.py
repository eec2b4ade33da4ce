"""Reading solutions out of the problem sets' sources."""

import pytest

from autograder import course_files, exercises, solution_of
from autograder.authoring import solutions
from autograder.authoring.build import build
from autograder.authoring.solutions import NoSolution, solution_cells

SOURCE = '''# ---
# header
# ---

# %% [markdown] grade_id="about" tags=["locked"]
# Text with %% in it

# %% grade_id="setup" tags=["locked"]
import numpy as np

# %% grade_id="examples-masked_mean" tags=["examples"]
examples("masked_mean", [])

# %% grade_id="masked_mean" tags=["answer"]
def masked_mean(values, mask):
    """Mean."""
    ### BEGIN SOLUTION
    # why
    return 1.0
    ### END SOLUTION

# %% grade_id="check-masked_mean" tags=["check"]
check("masked_mean", masked_mean)
'''


@pytest.fixture
def course(tmp_path, monkeypatch):
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "ps05_missing_labels.py").write_text(SOURCE, encoding="utf-8")
    build(tmp_path)
    monkeypatch.setattr(solutions, "course_root", lambda: tmp_path)
    return tmp_path


def test_a_solution_comes_without_its_markers_and_with_its_comments(course):
    assert solution_of("masked_mean") == (
        'def masked_mean(values, mask):\n    """Mean."""\n    # why\n    return 1.0\n'
    )


def test_the_cells_of_a_solution_are_set_up_and_answers_only(course):
    assert [name for name, _ in solution_cells("masked_mean")] == ["setup", "masked_mean"]


@pytest.mark.parametrize("exercise", ["ctr_cvr_loss", "weighted_total"])
def test_an_exercise_without_an_answer_cell_is_named(course, exercise):
    with pytest.raises(NoSolution, match=f"must have an answer cell `{exercise}`; there is none"):
        solution_of(exercise)


def test_an_unknown_exercise_is_named(course):
    with pytest.raises(exercises.UnknownExercise, match="Did you mean `masked_mean`"):
        solution_of("masked_meen")


def test_the_course_lies_inside_the_package_when_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(course_files, "PACKAGES", tmp_path)
    assert course_files.course_root() == tmp_path
    (tmp_path / "mtl_teach" / "_course").mkdir(parents=True)
    assert course_files.course_root() == tmp_path / "mtl_teach" / "_course"
