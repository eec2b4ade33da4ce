"""A problem set of eight cells, written out by hand, and notebooks made of such cells."""

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
