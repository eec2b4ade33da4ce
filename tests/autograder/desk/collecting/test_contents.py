"""Which problem set a file is, by its own cells, checks and functions, whatever it is called."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.desk.collecting.contents import Known, SetNames, definitions
from autograder.grading.course import Course
from tests.autograder.desk.collecting.conftest import OTHER, QUICK, SET, answered

ALL = [SET, OTHER, QUICK, "ps10_adaptive_weighting", "project"]


@pytest.fixture(scope="module")
def known(made):
    return Known.of(Course.open(made).assignments, made / "release")


def notebook(*sources, kind="code", **more):
    return json.dumps(
        {"nbformat": 4, "cells": [{"cell_type": kind, "source": one, **more} for one in sources]}
    ).encode()


@pytest.mark.parametrize("name", [SET, OTHER, QUICK])
def test_a_notebook_is_the_set_whose_cells_it_has(known, name):
    assert known.notebook(answered("x", name)).assignment == name


def test_without_metadata_and_ids_the_checks_and_functions_say_it(known):
    data = json.loads(answered("x"))
    for cell in data["cells"]:
        cell.pop("id")
        cell["metadata"] = {}
    assert known.notebook(json.dumps(data).encode()).assignment == SET
    assert known.notebook(notebook("def masked_mean(values, mask):\n    return 1")).assignment == SET
    assert known.notebook(notebook('check("masked_mean", f)')).assignment == SET
    assert known.notebook(notebook("check( 'quick-05-1-abc123' , answer_1)")).assignment == QUICK


def test_most_of_it_decides_and_a_tie_decides_nothing(known):
    data = json.loads(answered("x", OTHER))
    data["cells"] += json.loads(notebook("def masked_mean(v, m): pass"))["cells"]
    assert known.notebook(json.dumps(data).encode()).assignment == OTHER
    entry = next(name for name, owner in known.entries.items() if owner == OTHER)
    tie = known.notebook(notebook("def masked_mean(v, m): pass", f"def {entry}(): pass"))
    assert (tie.assignment, tie.readable) == ("", True)
    assert "as much of" in tie.why


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"nbformat": 4}', b"[" * 100_000, b"\0" * 100])
def test_what_is_no_notebook_says_why(known, data):
    content = known.notebook(data)
    assert (content.assignment, content.readable) == ("", False)
    assert content.why


NAMES = st.sampled_from(["cells", "nbformat", "metadata", "nbgrader", "grade_id", "source", "id"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner),
)


@given(VALUES)
def test_any_json_is_read(value):
    known = Known({}, {}, {}, {})
    for data in (value, {"nbformat": 4, "cells": value}, {"nbformat": 4, "cells": [value]}):
        assert known.notebook(json.dumps(data).encode()).assignment == ""


@pytest.mark.parametrize("how_many", [0, 1, 3])
def test_answers_are_counted_against_what_was_handed_out(known, how_many):
    assert known.notebook(answered("x", how_many=how_many)).answered == how_many


def test_an_answer_in_a_cell_of_ones_own_counts_and_an_emptied_one_does_not(known):
    data = json.loads(answered("x", how_many=0))
    data["cells"] += json.loads(notebook("def masked_mean(values, mask):\n    return 1"))["cells"]
    assert known.notebook(json.dumps(data).encode()).answered == 1
    for cell in data["cells"]:
        cell["source"] = ""
    assert known.notebook(json.dumps(data).encode()).answered == 0


def test_a_python_file_is_the_set_whose_functions_it_defines(known):
    assert known.python("\ufeffdef masked_mean(v, m):\n  pass".encode()).assignment == SET
    assert known.python(b"answer_1 = 'A'").assignment == ""  # it may be any quick test's
    assert known.python(b"import torch\nx = 1\n").assignment == ""
    assert known.python(bytes(range(256)) * 100).assignment == ""


def test_definitions_are_those_at_the_margin():
    source = "def f(x):\n    def g(): pass\nclass A: pass\nasync def h(): pass\nx = 1\ny: int = 2\nz == 3\n# def no()\n"
    assert list(definitions(source)) == ["f", "A", "h", "x", "y"]


@pytest.mark.parametrize(
    "text", ["a" * 10**7, "a " * 5 * 10**6, "def " * 10**6, "x: " * 10**6, "check(" * 10**6, " " * 10**7]
)
def test_a_long_text_takes_no_longer_than_it_is_long(known, text):
    assert known.python(text.encode()).assignment == ""
    assert known.notebook(notebook(text)).assignment == ""


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (SET, SET),
        (f"ada_{SET}", SET),
        ("PS05-Missing-Labels", SET),
        ("ps05", SET),
        ("ps5", SET),
        ("PS 5 final", SET),
        ("Problem Set 5", SET),
        ("problem_set_05", SET),
        ("qt5", QUICK),
        ("Quick test 05", QUICK),
        ("ps10", "ps10_adaptive_weighting"),
        ("ps1", ""),
        ("ps55", ""),
        ("maps05", ""),
        ("ps04 and ps05", ""),
        ("my project", "project"),
        ("projects", ""),
        ("", ""),
    ],
)
def test_how_people_write_a_problem_sets_name(text, name):
    assert SetNames(ALL).named(text) == name


def test_a_short_name_that_two_sets_share_is_neithers():
    sets = SetNames(["ps05_a", "ps05_b"])
    assert [sets.named(text) for text in ("ps05", "ps05_a", "PS5 B")] == ["", "ps05_a", ""]


def test_what_stands_beside_a_name():
    sets = SetNames(ALL)
    assert sets.without(f"ada_{SET}") == "ada"
    assert sets.without("ada") is None
    assert (sets.is_only("PS05"), sets.is_only("ps05 ada")) == (True, False)
    assert [sets.after(text) for text in ("ps05-missing-labels-ada", "ps05-ada", "ada-ps05", "ps05")] == [
        "ada",
        "ada",
        "",
        "",
    ]


@given(st.text(max_size=200))
def test_any_text_names_one_set_or_none(text):
    sets = SetNames(ALL)
    assert sets.named(text) in ("", *ALL)
    assert isinstance(sets.after(text), str)
    assert sets.without(text) is None or isinstance(sets.without(text), str)
