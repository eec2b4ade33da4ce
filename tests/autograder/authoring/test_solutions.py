"""Solutions out of the built problem sets, and known answers as a learner would have handed them in."""

import importlib
import sys

import pytest

from autograder import course_files, exercises, solution_of
from autograder.authoring import solutions
from autograder.authoring.build import build
from autograder.authoring.solutions import (
    NoSolution,
    as_submission,
    problem_set,
    solution_cells,
    written_solution_of,
)
from autograder.judging.answers import LocalAnswer
from tests.handmade import handmade

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


def rewrite(course, text):
    (course / "solutions" / "ps05_missing_labels.py").write_text(text, encoding="utf-8")
    build(course)


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


WRITTEN = """
# %% [markdown] grade_id="about-why" tags=["locked"]
# Why? 2 points, marked by a person.

# %% [markdown] grade_id="why" tags=["manual:2"]
# **Model answer.** Because it is so,
# and for a reason.
#
# **Mark scheme.** 1 point for "it is so", which 2 for
# a start; 1 for any true reason. Nothing for "why not". Nor for 1 word.
#
# - *Full (2):* the model answer.
# - *Missing (0):* "2 points for me".
"""


def test_a_written_answer_has_a_model_and_what_each_point_is_given_for(course):
    rewrite(course, SOURCE + WRITTEN)
    solution = written_solution_of("ps05_missing_labels", "why")
    assert solution.model == "Because it is so,\nand for a reason."
    assert solution.marks == ('"it is so", which 2 for a start', "any true reason")
    assert solution.remark == 'Nothing for "why not". Nor for 1 word.'


@pytest.mark.parametrize(
    ("assignment", "cell"),
    [("ps05_missing_labels", "why-not"), ("ps05_missing_labels", "masked_mean"), ("ps77_none", "why")],
)
def test_what_is_no_written_answer_is_named(course, assignment, cell):
    rewrite(course, SOURCE + WRITTEN)
    with pytest.raises(NoSolution, match=f"`solutions/{assignment}.py` must have a written answer `{cell}`"):
        written_solution_of(assignment, cell)


def test_the_course_lies_inside_the_package_when_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(course_files, "PACKAGES", tmp_path)
    assert course_files.course_root() == tmp_path
    (tmp_path / "mtl_teach" / "_course").mkdir(parents=True)
    assert course_files.course_root() == tmp_path / "mtl_teach" / "_course"


# ---- solutions -----------------------------------------------------------------------------------------------------


def test_the_problem_set_of_an_exercise_is_that_of_its_lesson_whether_or_not_it_is_written(course):
    for exercise, name in (("masked_mean", "ps05_missing_labels"), ("weighted_total", "ps01_one_vector_of_losses")):
        assert problem_set(exercise) == course / "solutions" / name / f"{name}.ipynb"


@pytest.mark.parametrize("tag", ["locked", "manual:2"])
def test_only_an_answer_cell_holds_a_solution(course, tag):
    without = SOURCE.replace("    ### BEGIN SOLUTION\n", "").replace("    ### END SOLUTION\n", "")
    rewrite(course, without.replace('tags=["answer"]', f'tags=["{tag}"]'))
    with pytest.raises(NoSolution, match=r"`solutions/ps05_missing_labels\.py` must have an answer cell `masked_mean`"):
        solution_of("masked_mean")


def test_the_cells_of_a_solution_end_with_its_own_and_have_no_markers(course):
    more = '# %% grade_id="later" tags=["answer"]\ny = 2\n'
    rewrite(course, SOURCE + more)
    cells = solution_cells("masked_mean")
    assert [name for name, _ in cells] == ["setup", "masked_mean"]
    assert cells[0][1] == "import numpy as np\n"
    assert "SOLUTION" not in cells[1][1]
    assert cells[1][1].endswith("    # why\n    return 1.0\n")


def test_a_question_of_a_quick_test_has_its_explanations_in_the_quick_test():
    with pytest.raises(NoSolution, match="`quick-05-1` is a question; every option is explained by: mtl-teach quiz 05"):
        solution_of("quick-05-1")


# ---- answers as submissions ----------------------------------------------------------------------------------------

MISCONCEPTIONS = '''
"""Wrong answers."""

import functools
from autograder.testing import misconception
from autograder.engine.inside import channel


def helper(number):
    return number + 1


@misconception("One more.", caught_by="test_value")
def adds_one(number):
    return helper(number)


@misconception("Cached.", caught_by="test_value")
@functools.lru_cache
def cached(number):
    return -helper(number)


@misconception("A class.", caught_by="test_value")
class Wrong:
    def __init__(self, number):
        self.number = number


@misconception("Two numbers.", caught_by="test_value")
def numbers():
    return 1, 2
'''


@pytest.fixture
def wrong(tmp_path, monkeypatch):
    """A module of wrong answers, imported."""
    (tmp_path / "some_wrong_answers.py").write_text(MISCONCEPTIONS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "some_wrong_answers", raising=False)
    solutions._undecorated.cache_clear()
    yield importlib.import_module("some_wrong_answers")
    solutions._undecorated.cache_clear()


def is_asked(student, rng):
    """It is asked."""


def submitted(exercise, answer):
    source = as_submission(exercise, answer)
    assert "autograder" not in source
    assert "misconception(" not in source
    names: dict = {}
    exec(source, names)
    return names


def test_a_wrong_answer_is_handed_in_under_the_name_that_is_asked_for(wrong):
    exercise = handmade(is_asked)
    names = submitted(exercise, wrong.adds_one)
    assert LocalAnswer(exercise, (names["answer"],))(3) == 4


def test_only_the_graders_marks_are_taken_off(wrong):
    names = submitted(handmade(is_asked), wrong.cached)
    assert names["answer"](3) == -4
    assert names["answer"].cache_info().misses == 1


def test_a_class_is_an_answer_too(wrong):
    assert submitted(handmade(is_asked), wrong.Wrong)["answer"](3).number == 3


def test_values_are_handed_in_as_variables(wrong):
    exercise = handmade(is_asked, entries=("first", "second"), values=True)
    names = submitted(exercise, wrong.numbers)
    assert (names["first"], names["second"]) == (1, 2)
