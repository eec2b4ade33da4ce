"""The search box says how much was found, and each result is a link to its section."""

import ipywidgets
import pytest

from mtl_teach.learn import search_box
from mtl_teach.learn.search import Entry, Index
from mtl_teach.learn.search_box import SearchBox, found_html, nothing
from tests.learn.conftest import LESSON, cell, notebook, write

INDEX = Index(
    [
        Entry("lesson", "lesson 5, “a < b”", "lessons/05.ipynb", "c-1", "a < b", "A <b>mask</b> & more."),
        Entry("page", "help", "help.ipynb", "", "Help", "masking"),
    ]
)


def test_results_are_links_with_what_was_found_marked_and_all_text_escaped():
    page = found_html("mask", INDEX)
    assert (
        '<div role="alert" class="mtl-found" style="line-height:1.45">2 places for “mask”, the best first:</div>'
        in page
    )
    assert (
        '<a href="lessons/05.ipynb#cell-id=c-1">Lesson 5, “a &lt; b”</a><br>A &lt;b&gt;<mark>mask</mark>&lt;/b&gt;'
        in page
    )
    assert "<b>" not in page
    assert "One place for “more”:" in found_html("more", INDEX)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("maks", "Nothing found for “maks”. Did you mean “mask”?"),
        ("qqqq", "Nothing found for “qqqq”. Try another or a shorter word."),
    ],
)
def test_nothing_found_is_said_with_what_may_have_been_meant(words, sentence):
    assert nothing(words, INDEX) == sentence
    assert sentence in found_html(words, INDEX)
    assert "<i>" not in found_html("<i>qqqq</i>", INDEX)


def test_enter_and_the_button_both_search_and_an_empty_box_shows_nothing(workspace):
    write(workspace / LESSON, notebook(cell("m", "# Zebras", "markdown")))
    made = SearchBox(workspace)
    row, out = made.box.children
    button = row.children[1]
    made.words.value = "zebra"
    (shown,) = out.outputs
    assert f'<a href="{LESSON.as_posix()}#cell-id=m">Lesson 5</a>' in shown["data"]["text/html"]
    write(workspace / LESSON, notebook(cell("m", "# Lions", "markdown")))
    button.click()
    assert "Nothing found for “zebra”" in out.outputs[0]["data"]["text/html"]
    made.words.value = "  "
    assert out.outputs == ()
    assert isinstance(made.words, ipywidgets.Text)
    assert made.words.description == "Search the course"


def test_without_widgets_the_command_is_named(workspace, monkeypatch):
    shown = []
    monkeypatch.setattr(search_box, "show", lambda widget, static, text: shown.append((static, text)))
    search_box.offer(workspace)
    ((static, text),) = shown
    assert "mtl-teach find WORDS" in static
    assert text == "Search: mtl-teach find WORDS"
