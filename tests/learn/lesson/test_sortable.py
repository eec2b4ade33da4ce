"""Lines to put in order: what the browser's part is told, and what it may say back."""

import re

import pytest

from mtl_teach.learn.lesson import sortable
from mtl_teach.learn.lesson.sortable import sortable_of
from mtl_teach.learn.lesson.widget_base import script


@pytest.fixture
def told():
    return []


@pytest.fixture
def lines(told):
    def arranged(inside, outside, tried):
        told.append((inside, outside, tried))
        return ("Right.", inside == [1, 0]) if tried else ("", False)

    return sortable_of("<b>Order</b>", ("a", "b", "c"), (0, 1), (2,), arranged, around=("def f():", "f()"))


def hear(widget, inside, outside, sent, tried=False):
    """What the browser sends."""
    widget._handle_custom_msg({"inside": inside, "outside": outside, "sent": sent, "tried": tried}, [])


def test_the_lines_are_there_with_what_stands_around_them(lines):
    assert (lines.title, lines.lines, lines.inside, lines.outside) == ("<b>Order</b>", ["a", "b", "c"], [0, 1], [2])
    assert (lines.before, lines.after, lines.said, lines.done) == ("def f():", "f()", "", False)


def test_every_change_is_told_and_nothing_is_said_of_it(lines, told):
    hear(lines, [1], [2, 0], sent=5)
    assert told == [([1], [2, 0], False)]
    assert (lines.inside, lines.outside, lines.heard, lines.answered, lines.said) == ([1], [2, 0], 5, 0, "")


def test_a_message_that_was_overtaken_changes_nothing(lines, told):
    hear(lines, [1], [2, 0], sent=5)
    hear(lines, [0, 1], [2], sent=4)
    assert (lines.inside, lines.heard, len(told)) == ([1], 5, 1)


def test_a_try_is_answered_and_the_right_one_is_the_last(lines, told):
    hear(lines, [0, 1, 2], [], sent=5, tried=True)
    assert (lines.said, lines.answered, lines.done) == ("Right.", 5, False)
    hear(lines, [1, 0], [2], sent=6, tried=True)
    assert (lines.answered, lines.done) == (6, True)
    hear(lines, [0, 1], [2], sent=7)
    assert (lines.inside, len(told)) == ([1, 0], 2)


def test_the_browsers_part_reads_what_is_synchronised(lines):
    code = script(sortable.__file__)
    read = set(re.findall(r'model\.get\("(\w+)"\)', code)) | {"before", "after"}
    assert read == {
        "title",
        "lines",
        "inside",
        "outside",
        "before",
        "after",
        "focus_wanted",
        "focus_given",
        "said",
        "done",
        "heard",
        "answered",
    }
    assert read <= set(lines.keys)
    assert lines._esm == code
