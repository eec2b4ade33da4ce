"""Values as short text, and the text of strangers without what it could do."""

import numpy as np
import pytest

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.words import MAX_SHOWN, text_of


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


def test_a_value_that_is_text_hides_nothing():
    assert text_of("a\x1b[31mb") == "a\\x1b[31mb"
    assert text_of({"k\u202e": "v\u202e"}) == r"{'k\u202e': v\u202e}"


@pytest.mark.parametrize("sides", [4, 5, 16])
def test_an_array_of_many_sides_is_told_by_its_shape(sides):
    """Its corners alone would be 2 to the 16th numbers."""
    assert text_of(np.zeros((2,) * sides)).startswith("[[[[0, 0]" if sides == 4 else "an array of shape (2, 2, ")
