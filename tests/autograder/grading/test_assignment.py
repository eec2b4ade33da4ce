"""What a problem set asks for, read from its source."""

import json

from autograder.grading.assignment import Assignment

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


# ---- the source ----------------------------------------------------------------------------------------------------


def test_an_assignment_is_read_from_its_source(tmp_path):
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(json.dumps(notebook(*SOURCE)), encoding="utf-8")
    assert Assignment.read(path) == ASSIGNMENT


def test_cells_without_the_graders_name_go_by_their_own(tmp_path):
    path = tmp_path / "one.ipynb"
    own = [{"cell_type": "code", "id": "first", "source": "x = 1", "metadata": {}}, cell("é = 2", "second")]
    path.write_text(json.dumps(notebook(*own), ensure_ascii=False), encoding="utf-8")
    assert Assignment.read(path) == Assignment("one", (), (), ("first", "second"))


def test_the_functions_that_its_exercises_teach_are_forbidden():
    assert ASSIGNMENT.forbidden == [
        "mtl_teach.losses.hinge_penalty",
        "mtl_teach.losses.penalised_objective",
        "mtl_teach.losses.weighted_sum",
    ]
