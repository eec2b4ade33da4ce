"""Weights that stay."""

import math

import pandas
import pytest
import torch

from mtl_teach.weighting import WeightedSum


def test_the_worked_example_of_house_price_and_time():
    assert WeightedSum([2.0, 0.5])(torch.tensor([0.25, 4.0])).item() == 2.5


def test_chosen_weights_are_a_copy():
    weights = torch.tensor([1.0, 2.0])
    weighting = WeightedSum(weights)
    weights[0] = 9.0
    assert weighting.weights.tolist() == [1.0, 2.0]
    assert list(weighting.parameters()) == []


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, -1.0], r"`weights` must be non-negative and finite; got -1 at index 1\."),
        ([math.inf], r"`weights` must be non-negative and finite; got inf at index 0\."),
        (1.0, r"`weights` must have shape \(n_tasks,\); got \(\)\."),
        ([], r"`weights` must hold at least one; got none\."),
    ],
    ids=["negative", "infinite", "number", "empty"],
)
def test_bad_weights_are_named(weights, message):
    with pytest.raises(ValueError, match=message):
        WeightedSum(weights)


def test_a_series_has_weights_and_words_have_none():
    assert WeightedSum(pandas.Series({"price": 2.0, "days": 0.5})).weights.tolist() == [2.0, 0.5]
    with pytest.raises(TypeError, match=r"`weights` must hold numbers; got 'high' at index \(0,\)\."):
        WeightedSum(["high"])
