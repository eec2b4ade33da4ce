"""The error template: every check names the argument, what was needed and what came."""

import numpy as np
import pytest
import torch

from mtl_teach._validate import (
    all_equal,
    check_all,
    check_boolean,
    check_choice,
    check_count,
    check_floating,
    check_like,
    check_same_device,
    check_shape,
    check_tensor,
    must,
)


def test_the_template_names_the_argument_the_need_and_the_value():
    assert must("mask", "be boolean", "int64") == "`mask` must be boolean; got int64."


@pytest.mark.parametrize("make", [np.ones, torch.ones], ids=["array", "tensor"])
def test_a_wrong_shape_shows_axes_sizes_and_what_came(make):
    message = r"^`mask` must have shape \(n_samples, n_tasks\) = \(8, 2\); got \(8,\)\.$"
    with pytest.raises(ValueError, match=message):
        check_shape("mask", make(8), n_samples=8, n_tasks=2)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"n_samples": None, "n_tasks": None}, r"shape \(n_samples, n_tasks\); got \(3,\)\."),
        ({"n_samples": None, "n_tasks": 4}, r"shape \(n_samples, n_tasks\) = \(any, 4\); got \(3,\)\."),
        ({"n_tasks": 2}, r"shape \(n_tasks,\) = \(2,\); got \(3,\)\."),
        ({}, r"shape \(\); got \(3,\)\."),
    ],
    ids=["free axes", "one free axis", "one axis", "scalar"],
)
def test_a_wrong_shape_says_any_where_a_size_is_free(axes, message):
    with pytest.raises(ValueError, match=message):
        check_shape("y", np.ones(3), **axes)


@pytest.mark.parametrize("value", [np.ones((0, 2)), torch.ones(5, 2)], ids=["empty array", "tensor"])
def test_a_right_shape_passes_with_any_size_on_a_free_axis(value):
    assert check_shape("y", value, n_samples=None, n_tasks=2) is None


@pytest.mark.parametrize("make", [np.array, torch.tensor], ids=["array", "tensor"])
def test_the_first_failing_entry_is_shown_with_its_index(make):
    value = make([[1.0, 2.0], [-0.5, -3.0]])
    with pytest.raises(ValueError, match=r"`w` must be non-negative; got -0\.5 at index \(1, 0\)\."):
        check_all("w", value, value >= 0, "be non-negative")


def test_a_scalar_and_a_vector_are_reported_without_and_with_a_plain_index():
    with pytest.raises(ValueError, match=r"`lam` must be positive; got 0\.$"):
        check_all("lam", 0.0, np.bool_(False), "be positive")
    value = torch.tensor([0.0, float("nan")], requires_grad=True)
    with pytest.raises(ValueError, match=r"`w` must be finite; got nan at index 1\."):
        check_all("w", value, value.isfinite(), "be finite")


def test_nothing_to_check_passes():
    assert check_all("w", np.ones(0), np.ones(0, dtype=bool), "be positive") is None


@pytest.mark.parametrize("value", ["c", 3, None, ["a"]], ids=["unknown", "number", "None", "list"])
def test_a_choice_lists_the_options(value):
    with pytest.raises(ValueError, match=r"`kind` must be one of 'a', 'b'; got "):
        check_choice("kind", value, ["a", "b"])


@pytest.mark.parametrize("value", [np.ones(2, dtype=int), torch.ones(2, dtype=torch.int64)], ids=["array", "tensor"])
def test_integers_are_neither_floating_nor_boolean(value):
    with pytest.raises(TypeError, match=r"`x` must have a floating-point dtype; got (torch\.)?int64\."):
        check_floating("x", value)
    with pytest.raises(TypeError, match=r"`x` must have a boolean dtype; got (torch\.)?int64\."):
        check_boolean("x", value)


@pytest.mark.parametrize("make", [np.ones, torch.ones], ids=["array", "tensor"])
def test_floats_are_floating_and_comparisons_boolean(make):
    assert check_floating("x", make(2)) is None
    assert check_boolean("x", make(2) > 0) is None


def test_a_list_has_no_shape():
    with pytest.raises(TypeError, match=r"`losses` must be an array or a tensor; got list\."):
        check_shape("losses", [1.0, 2.0], n_tasks=2)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (np.ones(2), TypeError, r"`losses` must be a torch tensor; got ndarray\."),
        (
            torch.ones(2, dtype=torch.int64),
            TypeError,
            r"must have a floating-point dtype; got torch\.int64\.",
        ),
        (torch.ones(3), ValueError, r"must have shape \(n_tasks,\) = \(2,\); got \(3,\)\."),
    ],
    ids=["an array", "integers", "a wrong shape"],
)
def test_a_tensor_is_checked_for_kind_dtype_and_shape(value, error, message):
    with pytest.raises(error, match=message):
        check_tensor("losses", value, n_tasks=2)
    assert check_tensor("losses", torch.ones(2), n_tasks=2) is None


def test_two_devices_are_named():
    with pytest.raises(ValueError, match=r"`mask` must be on the device of `pred`, cpu; got meta\."):
        check_same_device("mask", torch.ones(2, device="meta"), "pred", torch.ones(2))


def test_an_array_has_no_device_to_compare():
    with pytest.raises(TypeError, match=r"`mask` must be a torch tensor; got ndarray\."):
        check_same_device("mask", np.ones(2), "pred", torch.ones(2))


@pytest.mark.parametrize(
    ("value", "reference", "error", "message"),
    [
        ([1.0], torch.ones(2), TypeError, r"`b` must be a torch tensor; got list\."),
        (torch.ones(2), [1.0], TypeError, r"`a` must be a torch tensor; got list\."),
        (torch.ones(3), torch.ones(2), ValueError, r"`b` must have the shape of `a`, \(2,\); got \(3,\)\."),
        (
            torch.ones(2, device="meta"),
            torch.ones(2),
            ValueError,
            r"`b` must be on the device of `a`, cpu; got meta",
        ),
    ],
    ids=["a list", "a list to compare with", "a shape", "a device"],
)
def test_two_tensors_that_must_match_are_both_named(value, reference, error, message):
    with pytest.raises(error, match=message):
        check_like("b", value, "a", reference)


def test_a_value_just_outside_is_shown_with_the_digits_that_are_outside():
    value = torch.tensor([1.0000001])
    with pytest.raises(ValueError, match=r"`k` must lie in \[0, 1\]; got 1\.0000001 at index 0\."):
        check_all("k", value, value <= 1, "lie in [0, 1]")


@pytest.mark.parametrize("value", [0, 2.5, "2", True, None], ids=["zero", "float", "word", "truth value", "None"])
def test_what_is_no_count_is_named(value):
    with pytest.raises(ValueError, match=r"`n` must be an integer of at least 1; got "):
        check_count("n", value)
    assert check_count("n", np.int32(3)) is None


@pytest.mark.parametrize("check", [check_boolean, check_floating])
def test_a_list_has_no_dtype(check):
    with pytest.raises(TypeError, match=r"`mask` must be an array or a tensor; got list\."):
        check("mask", [True, False])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 0.1, 0.1], True),
        ([0.3, 0.1 + 0.2, 0.3], True),
        ([-1e9, -1e9], True),
        ([0.0, -0.0], True),
        ([1e6, 1e6 + 1e-6], False),
        ([0.0, 5e-324, 1e-320], False),
        ([1e308, -1e308], False),
    ],
    ids=["equal", "last bit", "large", "zeros", "small spread on an offset", "tiny", "huge"],
)
def test_equal_but_for_the_last_bits(values, expected):
    assert all_equal(np.array(values)) is expected
