"""Pictures in a page: their numbers stand in them as text, and in words for whoever hears them."""

import re
from xml.etree import ElementTree

import pytest

from autograder.desk.reporting.figures import bar, columns, in_words


def rects(svg):
    return ElementTree.fromstring(svg).findall("rect")


@pytest.mark.parametrize(("share", "width"), [(None, "0"), (0.0, "0"), (0.125, "12.5"), (1.0, "100"), (7.0, "100")])
def test_a_bar_is_as_long_as_its_share(share, width):
    track, fill = rects(bar(share))
    assert (track.get("width"), fill.get("width")) == ("100", width)
    assert 'aria-hidden="true"' in bar(share)


def test_columns_are_as_high_as_their_counts_and_say_them():
    svg = columns(["0", "1", "2"], [2, 0, 4], "marks")
    assert [float(one.get("height")) for one in rects(svg)] == [48.0, 0.0, 96.0]
    assert re.findall(r"<text[^>]*>([^<]*)<", svg) == ["2", "0", "0", "1", "4", "2"]
    assert ElementTree.fromstring(svg).get("aria-label") == "Columns: marks. 0: 2. 2: 4. All others: 0."
    assert ElementTree.fromstring(svg).get("role") == "img"


def test_nothing_counted_is_a_picture_too():
    assert in_words(["0"], [0], "marks") == "Columns: marks. All: 0."
    assert in_words(["0"], [1], "marks") == "Columns: marks. 0: 1."
    assert [one.get("height") for one in rects(columns(["0"], [0], "marks"))] == ["0"]


def test_markup_in_a_label_is_text():
    svg = columns(["<b>"], [1], '"><script>')
    assert "<script>" not in svg
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg
