"""Whatever stands in a stage is answered with a sentence, never with an exception."""

from collections import UserDict
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_teach.learn.projects.milestones import Finding, Usability
from tests.learn.projects.stages import CHECKS, GOOD, LABELS, RESULTS, USABLE, Y


@pytest.mark.parametrize("unsolved", [None, ..., [], (), {}, set(), "", "...", " ... \n"], ids=repr)
@pytest.mark.parametrize("check", CHECKS)
def test_an_unsolved_stage_is_not_done_yet(check, unsolved):
    found = CHECKS[check](unsolved)
    assert found.usability is Usability.NOT_DONE
    assert found.message


class Unreadable:
    """An object that raises whatever is asked of it."""

    def __getattr__(self, name):
        raise RuntimeError("no")

    __len__ = __iter__ = __array__ = __float__ = __repr__ = __str__ = __eq__ = __bool__ = __getattr__
    __hash__ = None


def endless():
    values = []
    values.append(values)
    return values


with_gradient = torch.tensor(GOOD, requires_grad=True)
ODD = {
    "a number": 3,
    "a text": "text",
    "an object": object(),
    "a class": int,
    "a function": lambda: None,
    "a generator": (number for number in range(3)),
    "an unreadable object": Unreadable(),
    "a list in itself": endless(),
    "texts for arrays": {"a": "b"},
    "a name that is a number": {1: None},
    "names that are numbers": {0.1: np.ones((3, 2)), 0.5: np.zeros((3, 2))},
    "names of several kinds": {("a", 1): np.ones((3, 2)), None: np.zeros((3, 2))},
    "rows of unequal length": [[1], [2, 3]],
    "an array of text": np.array("x"),
    "numbers as texts": [["1", "2"]] * 40,
    "no rows": np.zeros((0, 2)),
    "a vector": torch.ones(2),
    "complex numbers": GOOD + 1j,
    "a complex tensor": torch.ones(40, 2, dtype=torch.complex64),
    "NaN": np.full((40, 2), np.nan),
    "infinity": np.full((40, 2), np.inf),
    "numbers too large to square": GOOD * 1e300,
    "the wrong shape": GOOD.T,
    "four dimensions": np.ones((2, 2, 2, 2)),
    "with a gradient": with_gradient,
    "a list with gradients": list(with_gradient),
    "a tuple with gradients": tuple(with_gradient.unbind(dim=1)),
    "results with gradients": {name: torch.tensor(rows, requires_grad=True) for name, rows in RESULTS.items()},
    "results with None": RESULTS | {"w=9": None},
    "results with a text": RESULTS | {"w=1": "high"},
    "seeds of unequal number": RESULTS | {"w=1": RESULTS["w=1"][:2]},
    "tuples for intervals": dict.fromkeys(RESULTS, (0.5, 0.1)),
    "a tuple of tuples": ((0.5, 0.1), (0.5, 0.2)),
    "a log of tuples": [("w=0", (1, 1), "to see", "kept")] * 5,
    "a log of texts": ["w=0"] * 5,
    "a log as a table": pd.DataFrame({"configuration": ["a"], "weights": [1]}),
    "a series": pd.Series({"w=0": 1.0}),
    "an audit of numbers": {"Logged?": 1, "Masked?": [2]},
    "decimals": [[Decimal(1), Decimal(2)]] * 40,
    "dates": np.array(["2026-01-01"] * 40, dtype="datetime64[D]"),
    "sets": {frozenset({1}), frozenset({2})},
    "bytes": b"abc",
    "the labels": Y,
    "labels of 0 and 1": LABELS,
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("check", CHECKS)
def test_whatever_stands_in_a_stage_gets_an_answer_and_not_an_exception(check, odd):
    found = CHECKS[check](ODD[odd])
    assert isinstance(found, Finding)
    assert found.message.endswith((".", "?"))
    assert "cannot be read" not in found.message or odd == "an unreadable object"  # foreseen, not only survived


nearly = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from([..., GOOD, RESULTS["w=0"]]),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=30)
@given(nearly)
@pytest.mark.parametrize("check", CHECKS)
def test_no_nesting_of_values_makes_a_check_raise(check, value):
    assert isinstance(CHECKS[check](value), Finding)


FORMS = {
    "lists": lambda value: np.asarray(value).tolist(),
    "tuples": lambda value: tuple(map(tuple, np.atleast_2d(value))) if np.ndim(value) > 1 else tuple(value),
    "single precision": lambda value: torch.tensor(np.asarray(value), dtype=torch.float32),
    "double precision": lambda value: torch.tensor(np.asarray(value)),
    "a table": lambda value: pd.DataFrame(value) if np.ndim(value) > 1 else pd.Series(value),
}
SOLVED = ["configurations", "gains", *(name for name, value in USABLE.items() if isinstance(value, np.ndarray))]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("check", SOLVED)
def test_numbers_count_in_whatever_form_they_come(check, form):
    value = USABLE[check]
    if isinstance(value, dict):
        value = UserDict({name: FORMS[form](rows) for name, rows in value.items()})
    else:
        value = FORMS[form](value)
    assert CHECKS[check](value)


@pytest.mark.parametrize("check", ["predictions", "against the mean", "total"])
def test_a_gradient_that_is_still_attached_is_named_with_what_to_do(check):
    value = torch.tensor(USABLE[check], requires_grad=True)
    for form in (value, list(value), tuple(value)):
        found = CHECKS[check](form)
        assert found.usability is Usability.NOT_USABLE
        assert "still carry their gradient" in found.message
        assert "torch.no_grad()" in found.message
