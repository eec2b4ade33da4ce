"""The sections of a notebook are told apart by its headings, whatever else stands in it."""

import pytest

from autograder.files import Cell
from autograder.sections import at, cell_of, read_cells, sections_of


def text(name, source):
    return Cell("markdown", name, "", source, {})


def code(name, source="1"):
    return Cell("code", name, "", source, {})


CELLS = [
    text("title", "# A lesson\n\nWelcome."),
    code("imports"),
    text("one", "## The first\nText of it.\n### A part\n\nMore."),
    code("a"),
    Cell("raw", "r", "", "## not this", {}),
    text("still", "Still the part."),
    code("b"),
    text("two", "Last words.\n\n## The second"),
]


def test_a_section_reaches_from_its_heading_to_the_next_of_any_level():
    found = [(one.title, one.level, one.cell, one.text, [cell.id for cell in one.cells]) for one in sections_of(CELLS)]
    assert found == [
        ("A lesson", 1, "title", "Welcome.", ["imports"]),
        ("The first", 2, "one", "Text of it.", []),
        ("A part", 3, "one", "More.\nStill the part.\nLast words.", ["a", "b"]),
        ("The second", 2, "two", "", []),
    ]


def test_what_stands_before_the_first_heading_is_a_section_without_a_name():
    before, first = sections_of([code("x"), text("y", "Hello"), text("z", "# Title")])
    assert (before.title, before.level, before.cell, before.text) == ("", 0, "x", "Hello")
    assert first.title == "Title"
    assert sections_of([]) == []


@pytest.mark.parametrize(
    "source",
    ["```\n# a comment\n```", "~~~python\n## x\n~~~", "#hashtag", "    # indented", "Not a # heading", "####### seven"],
)
def test_this_is_no_heading(source):
    (only,) = sections_of([text("t", source)])
    assert only.level == 0


def test_a_heading_may_be_closed_by_hashes_and_keeps_its_marks():
    found = sections_of([text("t", "##  Why `x` and $y$? ##\n# C#")])
    assert [one.title for one in found] == ["Why `x` and $y$?", "C#"]


def test_a_section_is_found_by_its_heading_the_first_of_that_name():
    cells = [*CELLS, text("again", "## The first")]
    assert cell_of(cells, "The first") == "one"
    assert cell_of(cells, "A part") == "one"
    assert cell_of(cells, "Gone") == ""
    assert cell_of([text("t", "No heading")], "") == ""


def test_a_damaged_or_missing_notebook_has_no_cells(tmp_path):
    (tmp_path / "broken.ipynb").write_text("{")
    assert read_cells(tmp_path / "broken.ipynb") == read_cells(tmp_path / "gone.ipynb") == read_cells(tmp_path) == []


def test_a_link_names_the_cell():
    assert at("a.ipynb", "x") == "a.ipynb#cell-id=x"
    assert at("a.ipynb", "") == "a.ipynb"
