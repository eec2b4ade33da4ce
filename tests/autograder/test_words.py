"""Values as short text, and the text of strangers without what it could do."""

import numpy as np
import pytest

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.words import MAX_SHOWN, clean, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333"),
        (np.float32(2.5), "2.5"),
        (True, "True"),
        (np.bool_(False), "False"),
        (np.array(4.0), "4"),
        (np.array([1.0, np.nan, np.inf]), "[1, nan, inf]"),
        (Tensor(np.array([1.0, 2.0])), "tensor([1, 2])"),
        (Tensor(np.array(2.0)), "2"),
        (Opaque("generator"), "an object of type generator"),
        ({"price": 0.25}, "{'price': 0.25}"),
        ((1.0,), "(1,)"),
        ([1.0, (2.0, 3.0)], "[1, (2, 3)]"),
        (None, "None"),
        ("as it is", "as it is"),
    ],
    ids=str,
)
def test_a_value_is_said_briefly(value, text):
    assert text_of(value) == text


def test_a_long_value_is_cut_and_says_so():
    assert text_of("x" * MAX_SHOWN) == "x" * MAX_SHOWN
    assert text_of("x" * (MAX_SHOWN + 1)) == "x" * (MAX_SHOWN - 1) + "…"
    assert text_of(list(range(41))).endswith("38, 39, …]")
    assert text_of(list(range(40))).endswith("38, 39]")


@pytest.mark.parametrize(
    "mark", ["\x1b[31m", "\x1b[2J", "\x00", "\x07", "\x9b", "\x7f", "\u202e", "\u2066", "\u2069"], ids=ascii
)
def test_nothing_is_left_that_moves_a_cursor_or_turns_text_around(mark):
    assert clean(f"a{mark}b") == "ab"
    assert text_of(f"a{mark}b") == "ab"


def test_lines_and_tabs_stay():
    assert clean("a\n\tb") == "a\n\tb"
