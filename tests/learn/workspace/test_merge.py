"""Nothing a learner wrote is lost when the course changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_teach.learn.workspace.merge import delivered, fingerprint, merge, source
from tests.learn.conftest import cell, notebook

OLD = notebook(cell("a-0", "one"), cell("a-1", "two"), cell("a-2", "three"))


def texts(merged) -> list[str]:
    return [source(one) for one in merged.notebook["cells"]]


def with_text(base, index, text):
    cells = [dict(one) for one in base["cells"]]
    cells[index] = {**cells[index], "source": text}
    return {**base, "cells": cells}


def test_a_rewritten_cell_that_nobody_edited_is_brought_up_to_date():
    merged = merge(OLD, delivered(OLD), with_text(OLD, 1, "two, better"))
    assert texts(merged) == ["one", "two, better", "three"]
    assert merged.changed == ["a-1"]


def test_an_edited_cell_stays_and_is_reported_when_the_course_rewrote_it_too():
    merged = merge(with_text(OLD, 1, "mine"), delivered(OLD), with_text(OLD, 1, "two, better"))
    assert texts(merged) == ["one", "mine", "three"]
    assert merged.kept_though_new == ["a-1"]


def test_a_cell_put_in_upstream_arrives_although_ids_are_numbered_by_position():
    new = notebook(cell("a-0", "one"), cell("a-1", "NEW"), cell("a-2", "two"), cell("a-3", "three"))
    merged = merge(with_text(OLD, 1, "mine"), delivered(OLD), new)
    assert texts(merged) == ["one", "NEW", "mine", "three"]
    assert [one["id"] for one in merged.notebook["cells"]] == ["a-0", "a-1", "a-2", "a-3"]


def test_the_learners_own_cells_stay_where_they_were():
    mine = notebook(OLD["cells"][0], cell("own", "my note"), *OLD["cells"][1:])
    new = notebook(*OLD["cells"], cell("a-3", "four"))
    assert texts(merge(mine, delivered(OLD), new)) == ["one", "my note", "two", "three", "four"]


def test_own_cells_never_share_an_id_with_a_cell_of_the_course():
    mine = notebook(*OLD["cells"], cell("a-3", "my note"))
    new = notebook(*OLD["cells"], cell("a-3", "four"))
    merged = merge(mine, delivered(OLD), new)
    ids = [one["id"] for one in merged.notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert set(texts(merged)) == {"one", "two", "three", "four", "my note"}


def test_a_deleted_cell_stays_deleted_until_the_course_rewrites_it():
    mine = notebook(*OLD["cells"][:2])
    assert texts(merge(mine, delivered(OLD), OLD)) == ["one", "two"]
    assert texts(merge(mine, delivered(OLD), with_text(OLD, 2, "3!"))) == ["one", "two", "3!"]


def test_a_deleted_cell_of_the_grader_comes_back():
    graded = notebook(cell("setup", "import torch", graded=True), cell("f", "stub", graded=True))
    mine = notebook({**graded["cells"][1], "source": "my answer"})
    assert texts(merge(mine, delivered(graded), graded)) == ["import torch", "my answer"]


def test_outputs_of_unchanged_cells_are_kept():
    mine = with_text(OLD, 0, "one")
    mine["cells"][0]["outputs"] = ["shown"]
    assert merge(mine, delivered(OLD), OLD).notebook["cells"][0]["outputs"] == ["shown"]


def test_windows_line_endings_are_no_edit():
    base = notebook(cell("a", "x = 1\ny = 2"))
    assert fingerprint(cell("a", "x = 1\r\ny = 2\r\n")) == fingerprint(base["cells"][0])


def test_without_a_record_every_difference_counts_as_the_learners():
    assert texts(merge(with_text(OLD, 1, "mine"), [], with_text(OLD, 2, "3!"))) == ["one", "mine", "three"]


WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True)


@pytest.mark.parametrize("numbered", [True, False], ids=["ids by position", "ids by name"])
@given(old=WORDS, new=WORDS, edits=st.sets(st.integers(0, 5)))
def test_every_edit_survives_any_upgrade(numbered, old, new, edits):
    def of(words):
        return notebook(*(cell(f"n-{i}" if numbered else f"n-{word}", word) for i, word in enumerate(words)))

    before = of(old)
    mine = before
    for index in edits:
        if index < len(old):
            mine = with_text(mine, index, f"edited {old[index]}")
    merged = merge(mine, delivered(before), of(new))
    got = texts(merged)
    assert {f"edited {old[index]}" for index in edits if index < len(old)} <= set(got)
    ids = [one["id"] for one in merged.notebook["cells"]]
    assert len(set(ids)) == len(ids)
    replaced = {old[index] for index in edits if index < len(old)}
    if not replaced:
        assert [text for text in got if text in new] == new
