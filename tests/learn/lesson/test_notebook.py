"""What is shown in a notebook: a widget with its static twin, text with its marks, and what is announced."""

import json

import ipywidgets
from bs4 import BeautifulSoup
from ipywidgets.widgets.widget import _instances

from mtl_teach.learn.lesson.notebook import focus, live, run_again, show


def test_a_widget_is_shown_with_its_twins_for_front_ends_that_have_none(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append((bundle, raw)))
    inside = ipywidgets.HTML("5")
    show(inside, "<b>5</b>", "five", to="see five")
    ((bundle, raw),) = shown
    view = bundle["application/vnd.jupyter.widget-view+json"]
    whole = _instances[view.pop("model_id")]
    assert (view, raw) == ({"version_major": 2, "version_minor": 0}, True)
    assert bundle["text/html"] == f'<div class="mtl-twin">{run_again("see five")}<b>5</b></div>'
    assert bundle["text/plain"] == "five"
    again, shown_inside = whole.children
    assert shown_inside is inside
    assert again.value == run_again("see five")  # which the page shows as soon as the kernel has gone
    assert (again._dom_classes, whole._dom_classes) == (("mtl-again",), ("mtl-live",))


def test_what_to_do_without_a_kernel_is_said_for_mouse_and_keyboard():
    page = BeautifulSoup(run_again("answer"), "html.parser")
    assert "Run this cell to answer." in page.get_text()
    assert "Run All Above Selected Cell" in page.get_text()
    button = page.find("button")
    assert button["data-commandlinker-command"] == "apputils:run-all-enabled"
    assert json.loads(button["data-commandlinker-args"])["commands"] == ["notebook:run-all-above", "notebook:run-cell"]


class Widget:
    """As far as moving the focus goes."""


def test_the_focus_moves_where_a_widget_can_take_it():
    moved = []
    focus(Widget())
    with_focus = Widget()
    with_focus.focus = lambda: moved.append(with_focus)
    focus(with_focus)
    assert moved == [with_focus]


def test_what_is_announced_carries_its_kind_and_nothing_is_not_announced():
    assert live("Saved.", "score") == '<div role="alert" class="mtl-score" style="line-height:1.45">Saved.</div>'
    assert live("", "score") == ""
