"""Nothing a learner wrote is lost when the course changes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_teach.learn.workspace.merge import delivered, fingerprint, key, merge, source
from tests.learn.conftest import cell, notebook

OLD = notebook(cell("a-0", "one"), cell("a-1", "two"), cell("a-2", "three"))


def texts(merged) -> list[str]:
    return [source(one) for one in merged.notebook["cells"]]


def with_text(base, index, text):
    cells = [dict(one) for one in base["cells"]]
    cells[index] = {**cells[index], "source": text}
    return {**base, "cells": cells}


def lists(merged):
    """What is said of the cells: added, changed, kept, and kept although the course rewrote them."""
    return merged.added, merged.changed, merged.kept, merged.kept_though_new


def test_a_rewritten_cell_that_nobody_edited_is_brought_up_to_date():
    merged = merge(OLD, delivered(OLD), with_text(OLD, 1, "two, better"))
    assert texts(merged) == ["one", "two, better", "three"]
    assert lists(merged) == ([], ["a-1"], [], [])


def test_a_rewritten_cell_arrives_without_the_outputs_of_the_old_one():
    mine = with_text(OLD, 1, "two")
    mine["cells"][1]["outputs"] = ["of the old one"]
    merged = merge(mine, delivered(OLD), with_text(OLD, 1, "two, better"))
    assert merged.notebook["cells"][1]["outputs"] == []


def test_an_edited_cell_stays_and_is_reported_when_the_course_rewrote_it_too():
    merged = merge(with_text(OLD, 1, "mine"), delivered(OLD), with_text(OLD, 1, "two, better"))
    assert texts(merged) == ["one", "mine", "three"]
    assert lists(merged) == ([], [], ["a-1"], ["a-1"])


def test_an_edited_cell_that_the_course_left_alone_stays_and_is_no_news():
    merged = merge(with_text(OLD, 1, "mine"), delivered(OLD), with_text(OLD, 0, "one, better"))
    assert texts(merged) == ["one, better", "mine", "three"]
    assert lists(merged) == ([], ["a-0"], ["a-1"], [])


def test_an_edit_that_the_course_makes_too_is_no_edit_any_more():
    mine = with_text(OLD, 1, "two, better")
    mine["cells"][1]["outputs"] = ["shown"]
    merged = merge(mine, delivered(OLD), with_text(OLD, 1, "two, better"))
    assert merged.notebook["cells"][1]["outputs"] == ["shown"]
    assert lists(merged) == ([], [], [], [])


def test_nothing_is_said_where_nothing_changed():
    merged = merge(OLD, delivered(OLD), OLD)
    assert lists(merged) == ([], [], [], [])
    assert merged.notebook == OLD


def test_a_cell_put_in_upstream_arrives_although_ids_are_numbered_by_position():
    new = notebook(cell("a-0", "one"), cell("a-1", "NEW"), cell("a-2", "two"), cell("a-3", "three"))
    merged = merge(with_text(OLD, 1, "mine"), delivered(OLD), new)
    assert texts(merged) == ["one", "NEW", "mine", "three"]
    assert [one["id"] for one in merged.notebook["cells"]] == ["a-0", "a-1", "a-2", "a-3"]
    assert lists(merged) == (["a-1"], [], ["a-1"], [])


def test_the_learners_own_cells_stay_where_they_were():
    mine = notebook(OLD["cells"][0], cell("own", "my note"), *OLD["cells"][1:])
    new = notebook(*OLD["cells"], cell("a-3", "four"))
    merged = merge(mine, delivered(OLD), new)
    assert texts(merged) == ["one", "my note", "two", "three", "four"]
    assert lists(merged) == (["a-3"], [], ["own"], [])


def test_the_learners_own_cells_above_the_first_and_below_the_last_stay_there():
    mine = notebook(cell("top", "my title"), *OLD["cells"], cell("end", "my end"), cell("end-2", "and more"))
    assert texts(merge(mine, delivered(OLD), OLD)) == ["my title", "one", "two", "three", "my end", "and more"]


def test_a_cell_that_was_split_keeps_both_halves():
    mine = notebook(OLD["cells"][0], cell("a-1", "tw"), cell("half", "o"), OLD["cells"][2])
    merged = merge(mine, delivered(OLD), OLD)
    assert texts(merged) == ["one", "tw", "o", "three"]
    assert merged.kept == ["half", "a-1"]


def test_a_copy_of_a_cell_stays_only_where_it_was_edited():
    mine = notebook(OLD["cells"][0], OLD["cells"][0], cell("a-0", "my try"), *OLD["cells"][1:])
    merged = merge(mine, delivered(OLD), OLD)
    assert texts(merged) == ["one", "my try", "two", "three"]
    ids = [one["id"] for one in merged.notebook["cells"]]
    assert ids == ["a-0", f"own-{fingerprint(cell('', 'my try'))}", "a-1", "a-2"]


def test_a_cell_that_the_course_took_out_goes_unless_it_was_edited():
    named = notebook(cell("first", "one"), cell("second", "two"), cell("third", "three"))
    new = notebook(named["cells"][0], named["cells"][2])
    merged = merge(named, delivered(named), new)
    assert texts(merged) == ["one", "three"]
    assert lists(merged) == ([], [], [], [])
    merged = merge(with_text(named, 1, "mine"), delivered(named), new)
    assert texts(merged) == ["one", "mine", "three"]
    assert lists(merged) == ([], [], ["second"], [])


def test_as_many_cells_as_were_rewritten_under_new_ids_are_matched_by_their_places():
    old = notebook(cell("same", "0"), *OLD["cells"], cell("end", "end"))
    new = notebook(cell("same", "0"), *(cell(f"b-{n}", f"better {n}") for n in range(3)), cell("end", "end"))
    merged = merge(with_text(old, 2, "mine"), delivered(old), new)
    assert texts(merged) == ["0", "better 0", "mine", "better 2", "end"]
    assert lists(merged) == ([], ["a-0", "a-2"], ["a-1"], ["a-1"])


def test_cells_that_were_rewritten_and_renumbered_at_once_are_matched_by_their_ids():
    named = notebook(cell("first", "one"), cell("second", "two"), cell("third", "three"))
    new = notebook(
        cell("first", "1"), cell("new", "NEW"), cell("second", "2"), cell("also", "ALSO"), cell("third", "3")
    )
    merged = merge(with_text(named, 1, "mine"), delivered(named), new)
    assert texts(merged) == ["1", "NEW", "mine", "ALSO", "3"]
    assert lists(merged) == (["new", "also"], ["first", "third"], ["second"], ["second"])


def test_own_cells_never_share_an_id_with_a_cell_of_the_course():
    mine = notebook(*OLD["cells"], cell("a-3", "my note"))
    new = notebook(*OLD["cells"], cell("a-3", "four"))
    merged = merge(mine, delivered(OLD), new)
    ids = [one["id"] for one in merged.notebook["cells"]]
    assert ids == ["a-0", "a-1", "a-2", f"own-{fingerprint(cell('', 'my note'))}", "a-3"]
    assert texts(merged) == ["one", "two", "three", "my note", "four"]


def test_own_cells_of_one_id_get_an_id_each():
    mine = notebook(*OLD["cells"], cell("mine", "one note"), cell("mine", "another"))
    ids = [one["id"] for one in merge(mine, delivered(OLD), OLD).notebook["cells"]]
    assert ids[-2:] == ["mine", f"own-{fingerprint(cell('', 'another'))}"]


def test_an_own_cell_keeps_its_id_where_nobody_else_has_it():
    mine = notebook(*OLD["cells"], cell("my-own", "my note"))
    assert merge(mine, delivered(OLD), OLD).notebook["cells"][-1] == mine["cells"][-1]


def test_a_deleted_cell_stays_deleted_until_the_course_rewrites_it():
    mine = notebook(*OLD["cells"][:2])
    assert texts(merge(mine, delivered(OLD), OLD)) == ["one", "two"]
    assert texts(merge(mine, delivered(OLD), with_text(OLD, 2, "3!"))) == ["one", "two", "3!"]


def test_a_deleted_cell_of_the_grader_comes_back():
    graded = notebook(cell("setup", "import torch", graded=True), cell("f", "stub", graded=True))
    mine = notebook({**graded["cells"][1], "source": "my answer"})
    merged = merge(mine, delivered(graded), graded)
    assert texts(merged) == ["import torch", "my answer"]
    assert lists(merged) == (["setup"], [], ["f"], [])


def test_a_graded_cell_is_found_by_its_name_wherever_the_course_moves_it_and_whatever_it_says():
    old = notebook(cell("a", "one"), cell("f", "stub", graded=True), cell("g", "other stub", graded=True))
    new = notebook(cell("g", "new other", graded=True), cell("a", "1"), cell("f", "new stub", graded=True))
    merged = merge(with_text(old, 1, "my answer"), delivered(old), new)
    assert texts(merged) == ["new other", "1", "my answer"]
    assert lists(merged) == ([], ["g", "a"], ["f"], ["f"])


def test_what_the_grader_knows_of_a_cell_is_renewed_and_what_the_learner_marked_stays():
    old = notebook(cell("f", "stub", graded=True), cell("note", "text", "markdown"))
    new = notebook(cell("f", "stub", graded=True), cell("note", "text", "markdown"))
    new["cells"][0]["metadata"]["nbgrader"] |= {"points": 5, "locked": True}
    new["cells"][0]["metadata"]["tags"] = ["of the course"]
    for text in ("my answer", "stub"):
        mine = with_text(old, 0, text)
        mine["cells"][0]["metadata"] = {**old["cells"][0]["metadata"], "collapsed": True}
        before = {**mine["cells"][0], "metadata": {**mine["cells"][0]["metadata"]}}
        merged = merge(mine, delivered(old), new).notebook["cells"]
        assert merged[0]["metadata"] == {"nbgrader": new["cells"][0]["metadata"]["nbgrader"], "collapsed": True}
        assert merged[1]["metadata"] == {}
        assert mine["cells"][0] == before  # the learner's notebook itself is not changed


def test_a_cell_that_stays_takes_the_id_that_the_course_gives_it_now():
    new = notebook(*(cell(f"b-{number}", text) for number, text in enumerate(("one", "two", "three"))))
    merged = merge(with_text(OLD, 1, "mine"), delivered(OLD), new)
    assert [(one["id"], source(one)) for one in merged.notebook["cells"]] == [
        ("b-0", "one"),
        ("b-1", "mine"),
        ("b-2", "three"),
    ]


def test_a_cell_without_an_id_keeps_that_it_has_none():
    without = {**OLD, "cells": [{name: one[name] for name in one if name != "id"} for one in OLD["cells"]]}
    assert merge(without, delivered(without), without).notebook == without


def test_a_notebook_keeps_what_the_learner_set_and_takes_the_newer_format():
    mine = {**OLD, "metadata": {"kernelspec": {"name": "my-own"}}, "nbformat_minor": 4}
    merged = merge(mine, delivered(OLD), {**OLD, "metadata": {"kernelspec": {"name": "python3"}}})
    assert merged.notebook["metadata"] == mine["metadata"]
    assert (merged.notebook["nbformat"], merged.notebook["nbformat_minor"]) == (4, 5)
    without = {name: mine[name] for name in mine if not name.startswith("nbformat")}
    assert merge(without, delivered(OLD), OLD).notebook == {**OLD, "metadata": mine["metadata"]}
    newer = {**OLD, "nbformat_minor": 9}
    assert merge(newer, delivered(OLD), OLD).notebook["nbformat_minor"] == 9


def test_outputs_of_unchanged_cells_are_kept():
    mine = with_text(OLD, 0, "one")
    mine["cells"][0]["outputs"] = ["shown"]
    assert merge(mine, delivered(OLD), OLD).notebook["cells"][0]["outputs"] == ["shown"]


def test_windows_line_endings_are_no_edit():
    base = notebook(cell("a", "x = 1\ny = 2"))
    assert fingerprint(cell("a", "x = 1\r\ny = 2\r\n")) == fingerprint(base["cells"][0])
    assert fingerprint(cell("a", "x = 1\ny = 3")) != fingerprint(base["cells"][0])
    assert fingerprint(cell("a", " x = 1\ny = 2")) != fingerprint(base["cells"][0])
    assert fingerprint(base["cells"][0]) == hashlib.sha256(b"x = 1\ny = 2").hexdigest()[:16]  # as in older workspaces


def test_the_text_of_a_cell_is_the_same_as_one_string_and_as_lines():
    lines = {"source": ["x = 1\r\n", "y = 2\r\n", "\n"]}
    assert source(lines) == source({"source": "x = 1\ny = 2"}) == "x = 1\ny = 2"
    assert source({}) == ""


def test_a_cell_is_known_by_its_id_else_by_its_name_for_the_grader_else_by_its_text():
    named = {"source": "x", "metadata": {"nbgrader": {"grade_id": "f"}}}
    assert key(named | {"id": "a-0"}) == "a-0"
    assert key(named | {"id": ""}) == key(named) == "f"
    assert key({"source": "x"}) == fingerprint({"source": "x"})
    assert delivered({"cells": [named, {"source": "y"}]}) == [
        ("f", fingerprint({"source": "x"})),
        (fingerprint({"source": "y"}), fingerprint({"source": "y"})),
    ]


def test_without_a_record_every_difference_counts_as_the_learners():
    merged = merge(with_text(OLD, 1, "mine"), [], with_text(OLD, 2, "3!"))
    assert texts(merged) == ["one", "mine", "three"]
    assert lists(merged) == ([], [], ["a-1", "a-2"], ["a-1", "a-2"])


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
