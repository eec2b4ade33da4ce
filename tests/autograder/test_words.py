"""Values as short text, and the text of strangers without what it could do."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.words import MAX_SHOWN, telling, text_of


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


# ---- two values so that it shows where they differ ----------------------------------------------------------------

MANY = np.arange(100.0).reshape(20, 5)
HOLED = np.where(MANY == 7, np.nan, MANY)


@pytest.mark.parametrize(
    ("expected", "got", "texts"),
    [
        ([0.25, 0.01], [0.25, 0.010000001], ("[0.25, 0.01]", "[0.25, 0.010000001]")),
        (np.array([0.25, 0.01]), Tensor(np.array([0.25, 0.010000001])), ("[0.25, 0.01]", "[0.25, 0.010000001]")),
        ([np.ones(1), np.ones(1)], [Tensor(np.ones(1)), Tensor(np.zeros(1))], ("[[1],\n [1]]", "[[1],\n [0]]")),
        (1 / 3, 1 / 3 + 1e-16, ("0.33333333333333331", "0.33333333333333343")),
        (np.zeros(3), np.zeros((3, 1)), ("[0, 0, 0], of shape (3,)", "[[0],\n [0],\n [0]], of shape (3, 1)")),
        (np.zeros((0, 2)), np.zeros((2, 0)), ("[], of shape (0, 2)", "[], of shape (2, 0)")),
        (1.0, [1.0], ("1, of shape ()", "[1], of shape (1,)")),
        (np.ones(2), np.ones(2, np.float32),
         ("[1, 1], an array of float64", "[1, 1], an array of float32")),
        (MANY, HOLED, ("[1, 2]: 7, and 99 entries that agree", "[1, 2]: nan, and 99 entries that agree")),
        (MANY > 98, MANY > 97,
         ("[19, 3]: False, and 99 entries that agree", "[19, 3]: True, and 99 entries that agree")),
        (list(range(13)), [0, *range(2, 14)],
         (", ".join(f"[{place}]: {place}" for place in range(1, 9))
          + ", and 4 more that differ, and 1 entry that agrees",
          ", ".join(f"[{place}]: {place + 1}" for place in range(1, 9))
          + ", and 4 more that differ, and 1 entry that agrees")),
        (np.arange(9), np.eye(9)[0], ("[0, 1, 2, 3, 4, 5, 6, 7, 8]", "[1, 0, 0, 0, 0, 0, 0, 0, 0]")),
        ({"a": 1.0, "b": 2.0, "c": 3.0}, {"a": 1.0, "b": 2.0000003, "c": None},
         ("{'b': 2, 'c': 3}, and 1 entry that agrees", "{'b': 2.0000003, 'c': None}, and 1 entry that agrees")),
        ({"a": 1.0}, {"b": 1.0}, ("{'a': 1}", "{'b': 1}")),
        ({"a": np.ones(2)}, {"a": np.ones((2, 1))},
         ("{'a': [1, 1], of shape (2,)}", "{'a': [[1],\n [1]], of shape (2, 1)}")),
        (1.0, None, ("1", "None")),
        (0.5, "0.5", ("0.5", "the string '0.5'")),
        ("2 parts", [1.0], ("2 parts", "[1]")),
        ("no error", "an error", ("no error", "an error")),
        (True, False, ("True", "False")),
        (1.0, Opaque("generator"), ("1", "an object of type generator")),
        (0.5, "a\x1b", ("0.5", r"the string 'a\x1b'")),
        ([1.0, [2.0, 3.0]], [1.0, [2.0, 3.0000001]], ("[1, [2, 3]]", "[1, [2, 3.0000001]]")),
        ((1, 2), [1, 2], ("(1, 2)", "[1, 2]")),
    ],
    ids=["two digits", "a tensor", "containers within", "the last digit", "a shape", "nothing of two shapes",
         "a number in a list",
         "a dtype", "one of many", "truth values", "more than are told", "all of a few", "names", "other names",
         "shapes under a name", "nothing", "text for a number", "words and data", "words", "true or false", "no data",
         "hidden characters", "of different lengths", "a tuple and a list"],
)  # fmt: skip
def test_two_values_are_told_so_that_it_shows_where_they_differ(expected, got, texts):
    assert telling(expected, got) == texts


def test_the_entries_that_a_check_found_wrong_are_those_that_are_told():
    got = MANY + 1e-6
    got[3, 1] = 0.0
    wrong = np.zeros(MANY.shape, bool)
    wrong[3, 1] = True
    assert telling(MANY, got, wrong)[1] == "[3, 1]: 0, and 99 entries that agree"


def test_which_entries_are_wrong_is_not_believed_of_values_of_another_shape():
    assert telling(1.0, 2.0, np.ones((3, 4), bool)) == ("1", "2")


def test_what_differs_far_behind_is_still_shown():
    one, other = "x" * 5000 + "a", "x" * 5000 + "b"
    assert [text[-1] for text in telling(one, other)] == ["a", "b"]
    assert all(len(text) <= MAX_SHOWN for text in telling(one, other))
    long, longer = [[0.0], *[1.0] * 50, 2.0], [[0.0], *[1.0] * 50, 3.0]
    assert telling(long, longer) == ("item 51: 2", "item 51: 3")
    assert telling([None] * 41, [None] * 42) == (
        f"[{', '.join(['None'] * 40)}, …], a list of 41",
        f"[{', '.join(['None'] * 40)}, …], a list of 42",
    )


def test_what_is_the_same_is_told_the_same():
    for value in (1.0, [1.0, None], {"a": 1.0}, MANY, "text", None):
        assert telling(value, value) == (text_of(value), text_of(value))


shapes = array_shapes(min_dims=0, max_dims=6, min_side=0, max_side=4)
kinds = st.sampled_from([np.dtype(code) for code in ("f8", "f4", "i8", "?")])
any_array = st.tuples(kinds, shapes).flatmap(lambda kind: arrays(*kind))


@settings(max_examples=200)
@given(st.data(), any_array)
def test_two_different_arrays_are_never_told_alike(data, one):
    """Another one altogether, and the same with one entry changed, by as little as can be."""
    other = data.draw(any_array)
    if one.size and data.draw(st.booleans()):
        other = one.copy()
        place = data.draw(st.integers(0, one.size - 1))
        flat = other.reshape(-1)
        with np.errstate(all="ignore"):
            flat[place] = np.nextafter(flat[place], 1) if one.dtype.kind == "f" else ~flat[place]
        other = flat.reshape(one.shape)
    both_float = one.dtype.kind == other.dtype.kind == "f"
    assume(one.dtype != other.dtype or not np.array_equal(one, other, equal_nan=both_float))
    for got in (other, Tensor(other)):
        texts = telling(one, got)
        assert len({text.replace("tensor(", "").replace(")", "") for text in texts}) == 2
        assert all(len(text) <= MAX_SHOWN for text in texts)
