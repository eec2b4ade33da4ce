"""JSON from strangers: what can be read is plain, bounded data."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.lenient_json import MAX_DEPTH, clean_text, loads, text_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252", "latin-1"])
def test_a_text_is_read_whatever_saved_it(encoding):
    assert text_of('{"a": "naïve Größe"}'.encode(encoding)) == '{"a": "naïve Größe"}'


def test_a_mark_in_a_text_that_was_read_already_does_not_count():
    assert loads("\ufeff [1]") == [1]


@pytest.mark.parametrize("text", ["", "x", '{"a"', "\0\0", "nul"])
def test_what_begins_with_no_value_is_refused(text):
    with pytest.raises(ValueError, match=r"Expecting|delimiter"):
        loads(text)


good_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | numbers | good_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(good_text, inner, max_size=3),
    max_leaves=20,
)


@given(plain)
def test_good_json_is_read_as_it_is(value):
    assert loads(json.dumps(value)) == value
    assert loads(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.text(st.characters()))
def test_clean_text_can_be_written_and_good_text_stays(text):
    clean = clean_text(text)
    clean.encode()
    assert "\0" not in clean
    assert len(clean) == len(text)
    assert clean_text(clean) == clean


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, 5_000, 50_000])
def test_what_is_nested_too_deeply_is_null_and_what_follows_is_read(depth):
    value = loads("[" + "[" * depth + "1" + "]" * depth + ', "after", "]"]')
    assert value[1:] == ["after", "]"]
    levels, inner = 0, value
    while isinstance(inner, list) and inner:
        levels, inner = levels + 1, inner[0]
    assert (levels, inner) == (MAX_DEPTH, None)
