"""What was handed in is made sense of, whatever it is: what is run, what is said, and what a person must look at."""

import copy
import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course_files import course_root
from autograder.files import as_cell
from autograder.grading import intake
from autograder.grading.assignment import MAX_BYTES, MAX_CELLS, Assignment
from autograder.grading.intake import (
    FOUND,
    GONE,
    IN_TEXT,
    Chosen,
    ForReview,
    Ungradable,
    choose,
    code_of,
    make_sense,
    read_cells,
)

NAME = "ps01_vector"
SETUP = "import math\nLIMIT = 3"


def cell(source, name="", kind="code", **marks):
    metadata = {"nbgrader": {"grade_id": name, **marks}} if name else {}
    return {"cell_type": kind, "source": source, "metadata": metadata}


SOURCE = (
    cell("# Problem set", "intro", "markdown", locked=True),
    cell(["import math\n", "LIMIT = 3"], "setup", locked=True),
    cell("def latency_objective(): ...", "latency_objective", locked=False, solution=True),
    cell("check('latency_objective', latency_objective)", "check-latency_objective", locked=True),
    cell("TABLE = [1, 2]", "table", locked=True),
    cell("def weighted_total(): ...", "weighted_total", locked=False, solution=True),
    cell("check('weighted_total', weighted_total)", "check-weighted_total", locked=True),
    cell("Because.", "check-list", "markdown", locked=False, solution=True),
)
ASSIGNMENT = Assignment(
    NAME,
    ("latency_objective", "weighted_total"),
    (("setup", SETUP), ("table", "TABLE = [1, 2]")),
    tuple(one["metadata"]["nbgrader"]["grade_id"] for one in SOURCE),
)


def notebook(*cells, **more):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}


def read(*cells, **more):
    return read_cells(json.dumps(notebook(*cells, **more)).encode(), ASSIGNMENT)


def assert_ungradable(data, why):
    with pytest.raises(Ungradable, match=why):
        read_cells(data if isinstance(data, (bytes, type(None))) else json.dumps(data).encode(), ASSIGNMENT)


# ---- what is run ---------------------------------------------------------------------------------------------------


def test_answers_and_set_up_are_run_in_the_order_of_the_notebook_and_neither_text_nor_checks():
    assert read(*SOURCE) == [
        ("setup", SETUP),
        ("latency_objective", "def latency_objective(): ..."),
        ("table", "TABLE = [1, 2]"),
        ("weighted_total", "def weighted_total(): ..."),
    ]


def test_of_a_locked_cell_ours_is_run_whatever_stands_there():
    tampered = cell("LIMIT = 10**9", "setup"), cell("TABLE = None", "table")
    assert read(*tampered) == [("setup", SETUP), ("table", "TABLE = [1, 2]")]


def test_a_locked_cell_that_was_deleted_is_run_first():
    assert read(cell("x = 1", "weighted_total"), cell("", "table")) == [
        ("setup", SETUP),
        ("weighted_total", "x = 1"),
        ("table", "TABLE = [1, 2]"),
    ]


def test_a_check_cell_is_never_run_whatever_stands_there():
    cells = read(*SOURCE[:3], cell("print('marks')", "check-latency_objective"))
    assert not [name for name, source in cells if "marks" in source or name.startswith("check-")]


def test_a_cell_of_the_learners_own_is_run_also_where_its_name_looks_like_a_check():
    cells = read(cell("x = 1", "check-mine"), SOURCE[2])
    assert cells[2:] == [("cell 1", "x = 1"), ("latency_objective", "def latency_objective(): ...")]


def test_a_locked_cell_made_text_is_still_run():
    assert read(SOURCE[2], cell("no code", "setup", "markdown"))[0] == ("setup", SETUP)


def test_cells_of_the_learners_own_are_named_by_their_place_and_no_name_stands_twice():
    cells = read(cell("x = 1"), SOURCE[0], cell("x = 2", "table"), cell("x = 3", "weighted_total"), *SOURCE[5:6] * 2)
    assert [name for name, _ in cells] == ["setup", "cell 1", "table", "weighted_total", "cell 5", "cell 6"]
    assert cells[1] == ("cell 1", "x = 1")


def test_a_second_copy_of_a_locked_cell_does_not_run_ours_twice():
    cells = read(cell("x = 1", "setup"), cell("x = 2", "setup"))
    assert cells == [("table", "TABLE = [1, 2]"), ("setup", SETUP), ("cell 2", "x = 2")]


@pytest.mark.parametrize(
    ("source", "text"),
    [("x = 1", "x = 1"), (["x = 1\n", "y = 2"], "x = 1\ny = 2"), (["x", 1], "x1"), (3, "3"), (None, "")],
    ids=repr,
)
def test_a_source_is_text_or_a_list_of_lines(source, text):
    assert read(cell(source, "weighted_total"))[-1] == ("weighted_total", text)


def test_a_cell_without_a_source_is_empty():
    assert read({"cell_type": "code", "id": "weighted_total"})[-1] == ("weighted_total", "")


@pytest.mark.parametrize(
    "marks", [None, "text", [], {"nbgrader": None}, {"nbgrader": "text"}, {"nbgrader": {"grade_id": None}}], ids=repr
)
def test_broken_metadata_leaves_the_cells_own_name(marks):
    one = {"cell_type": "code", "id": "weighted_total", "source": "x = 1", "metadata": marks}
    assert read(one)[-1] == ("weighted_total", "x = 1")


def test_a_name_that_is_no_text_is_nobodys():
    one = {"cell_type": "code", "id": 3, "source": "def weighted_total(): ..."}
    assert read(one)[-1] == ("cell 1", "def weighted_total(): ...")


# ---- what is no submission of this problem set ---------------------------------------------------------------------


def test_no_notebook_is_said_with_the_name_it_should_have():
    assert_ungradable(None, r"no notebook named ps01_vector\.ipynb was handed in")


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff\xfe", b"import os", b"[" * 100_000],
    ids=["empty", "cut", "bytes", "a script", "a deep nest"],
)
def test_what_is_not_json_is_said_to_be_none(data):
    assert_ungradable(data, "the file is not a notebook: it is not valid JSON")


def test_a_notebook_of_ten_mebibytes_is_read_and_one_byte_more_is_not():
    assert MAX_BYTES == 10 * 2**20
    data = json.dumps(notebook(*SOURCE)).encode()
    whole = data + b" " * (MAX_BYTES - len(data))
    assert len(read_cells(whole, ASSIGNMENT)) == 4
    assert_ungradable(whole + b" ", "the notebook has 10 MiB; at most 10 are read")


def test_a_notebook_of_two_thousand_cells_is_read_and_one_more_is_not():
    assert MAX_CELLS == 2000
    many = [SOURCE[1]] + [cell("")] * (MAX_CELLS - 1)
    assert len(read(*many)) == MAX_CELLS + 1  # and one locked cell that is missing
    assert_ungradable(notebook(*many, cell("")), "the notebook has 2001 cells; at most 2000 are read")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "it says 'None'"),
        ("text", "it says 'None'"),
        ({}, "it says 'None'"),
        (notebook(*SOURCE, nbformat=2), "it says '2'"),
        (notebook(*SOURCE, nbformat=5), "it says '5'"),
        (notebook(*SOURCE, nbformat="4" * 50), f"it says '{'4' * 20}'"),
    ],
    ids=["a list", "a text", "nothing", "format 2", "format 5", "a long format"],
)
def test_another_format_is_named(data, says):
    assert_ungradable(data, rf"not a notebook of format 3 or 4 \({says}\)")


@pytest.mark.parametrize(
    "data",
    [
        {"nbformat": 4},
        {"nbformat": 4, "cells": {}},
        {"nbformat": 4, "cells": [SOURCE[1], "text"]},
        {"nbformat": 3},
        {"nbformat": 3, "worksheets": []},
        {"nbformat": 3, "worksheets": {}},
        {"nbformat": 3, "worksheets": ["text"]},
        {"nbformat": 3, "worksheets": [{"cells": None}]},
    ],
    ids=json.dumps,
)
def test_a_notebook_without_a_list_of_cells_is_said_to_be_none(data):
    assert_ungradable(data, "the file is not a notebook: it holds no list of cells")


def test_an_old_notebook_is_read():
    cells = [
        {"cell_type": "code", "input": ["def weighted_total(", "): ..."]},
        {"cell_type": "code", "source": "x = 1"},
        {"cell_type": "code"},
    ]
    old = {"nbformat": 3, "worksheets": [{"cells": cells}]}
    assert read_cells(json.dumps(old).encode(), ASSIGNMENT)[2:] == [
        ("cell 1", "def weighted_total(): ..."),
        ("cell 2", "x = 1"),
        ("cell 3", ""),
    ]


WRONG_SET = "this is not problem set ps01_vector: none of its cells or functions is in it"


@pytest.mark.parametrize(
    "source",
    [
        "print('weighted_total')",
        "# def weighted_total(): ...",
        "def weighted_total_2(): ...",
        "def my_weighted_total(): ...",
        "x = weighted_total",
        "",
    ],
)
def test_a_notebook_with_none_of_its_cells_or_functions_is_another_problem_set(source):
    assert_ungradable(notebook(cell(source), cell("def weighted_total(): ...", kind="markdown")), WRONG_SET)


@pytest.mark.parametrize(
    "source",
    [
        "def weighted_total(losses, weights): ...",
        "import math\n\ndef latency_objective(): ...",
        "if True:\n    def weighted_total(): ...",
        "class weighted_total: ...",
        "weighted_total = lambda losses, weights: 0",
        "weighted_total=sum",
    ],
)
def test_a_notebook_without_names_is_known_by_a_function_of_the_problem_set(source):
    assert read(cell(source))[-1] == ("cell 1", source)


def test_one_cell_of_the_problem_set_is_enough_text_and_checks_too():
    for known in (SOURCE[0], SOURCE[3], cell("", "check-list", "markdown")):
        assert read(known, cell("x = 1"))[-1] == ("cell 2", "x = 1")


def test_an_empty_notebook_is_another_problem_set():
    assert_ungradable(notebook(), WRONG_SET)


@pytest.mark.parametrize(
    "source",
    ["\n" * 10**6, " " * 10**6, "\t\n" * 10**6, "def\n" * 10**6, "x" * 10**6, "x = " * 10**6, "def " * 10**6],
    ids=lambda source: repr(source[:5]),
)
def test_looking_for_definitions_takes_no_longer_than_the_text_is_long(source):
    started = time.process_time()
    assert_ungradable(notebook(cell(source)), "none of its cells or functions is in it")
    assert time.process_time() - started < 10  # it was hours


@pytest.mark.parametrize(
    "source",
    ["def latency_objective():", "  class latency_objective:", "\n\n latency_objective  = 1", "latency_objective=f"],
)
def test_an_answer_under_any_definition_makes_it_this_problem_set(source):
    assert read(cell(source)) == [*ASSIGNMENT.locked, ("cell 1", source)]


@pytest.mark.parametrize(
    "source",
    ["my_latency_objective = 1", "latency_objective2 = 1", "print(latency_objective)", "# def latency_objective"],
)
def test_what_only_looks_like_a_definition_does_not(source):
    assert_ungradable(notebook(cell(source)), "none of its cells or functions is in it")
