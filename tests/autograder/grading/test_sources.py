"""What was handed in as the answer to each exercise: where it stands, what is left out, and that it never raises."""

import copy

import pytest

from autograder.grading.intake import answers_in
from autograder.grading.sources import MAX_ANSWER, answer_sources
from tests.autograder.conftest import ANSWERS, NAME, hand_in, with_answer
from tests.autograder.grading.small_set import ASSIGNMENT, SETUP, cell, notebook


def test_the_answer_is_the_text_of_its_cell_as_it_was_written(course, released):
    hand_in(course, "ada", with_answer(released, "wrong"))
    assert answer_sources(course, "ada", NAME) == {"masked_mean": ANSWERS["wrong"]}


def test_what_was_not_begun_is_not_there(course, released):
    hand_in(course, "ada", released)
    assert answer_sources(course, "ada", NAME) == {}


def test_an_answer_in_a_cell_of_ones_own_is_found_and_the_stub_left_out(course, released):
    stub = next(one for one in released["cells"] if one["id"] == "masked_mean")
    own = {**copy.deepcopy(stub), "id": "mine", "metadata": {}, "source": ANSWERS["right"]}
    released["cells"].insert(released["cells"].index(stub) + 1, own)
    hand_in(course, "ada", released)
    assert answer_sources(course, "ada", NAME) == {"masked_mean": ANSWERS["right"]}


def test_a_python_file_is_read_as_well(course):
    hand_in(course, "ada", b"")
    folder = course.root / "submitted" / "ada" / NAME
    (folder / f"{NAME}.ipynb").unlink()
    (folder / "answers.py").write_text(ANSWERS["right"])
    assert answer_sources(course, "ada", NAME) == {"masked_mean": ANSWERS["right"]}


def test_all_cells_that_define_a_name_are_there_in_order():
    cells = (
        cell("def latency_objective(x):\n    weighted_total = 1", "latency_objective"),
        cell("def latency_objective(x):\n    return 2"),
        cell("print(latency_objective)"),
    )
    assert answers_in(notebook(*cells), ASSIGNMENT) == {
        "latency_objective": f"{cells[0]['source']}\n\n{cells[1]['source']}"
    }


def test_a_name_inside_of_another_function_is_no_answer():
    cells = (cell("def helper():\n    weighted_total = 1"), cell(SETUP, "setup"))
    assert answers_in(notebook(*cells), ASSIGNMENT) == {}


def test_our_own_cells_are_no_answers_whatever_stands_in_them():
    cells = (
        cell("def weighted_total(): return 1", "table"),
        cell("def weighted_total(): return 1", "check-weighted_total"),
        cell("def weighted_total(): return 1", "", "markdown"),
    )
    assert answers_in(notebook(*cells), ASSIGNMENT) == {}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"cells": [7]}', b'{"cells": {}}', b"\xff\xfe", b"null"])
def test_an_odd_file_has_no_answers(course, data):
    hand_in(course, "ada", data)
    assert answer_sources(course, "ada", NAME) == {}


def test_nobody_and_no_assignment_have_no_answers(course):
    assert answer_sources(course, "ada", NAME) == answer_sources(course, "ada", "ps99_none") == {}


def test_the_notebook_of_another_problem_set_has_no_answers(course):
    hand_in(course, "ada", b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}')
    assert answer_sources(course, "ada", NAME) == {}


def test_a_long_answer_is_cut(course, released):
    hand_in(course, "ada", with_answer(released, ANSWERS["right"] + "\n# long" * MAX_ANSWER))
    assert len(answer_sources(course, "ada", NAME)["masked_mean"]) == MAX_ANSWER
