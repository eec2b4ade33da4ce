"""The layers that the models are made of, against torch's own."""

import numpy as np
import pytest
import torch
from torch import nn

from mtl_teach.models._layers import check_sizes, make_linear, make_trunk, widths_of
from tests.mtl_teach.models.conftest import seeded


def test_a_linear_layer_starts_within_torchs_bound_in_weights_and_bias():
    layer = make_linear(16, 1000, seeded())
    for parameter in layer.parameters():
        assert parameter.abs().max() <= 0.25
        assert parameter.abs().max() > 0.24


def test_a_linear_layer_is_drawn_from_the_generator_alone():
    assert torch.equal(make_linear(3, 4, seeded(7)).weight, make_linear(3, 4, seeded(7)).weight)
    assert not torch.equal(make_linear(3, 4, seeded(7)).weight, make_linear(3, 4, seeded(8)).weight)


def test_a_trunk_alternates_linear_and_relu():
    trunk = make_trunk(5, [8, 6], seeded())
    assert [type(layer) for layer in trunk] == [nn.Linear, nn.ReLU] * 2
    assert [(layer.in_features, layer.out_features) for layer in trunk[::2]] == [(5, 8), (8, 6)]


@pytest.mark.parametrize(
    ("hidden", "widths"), [(8, [8]), ([8, 6], [8, 6]), ((8, 6), [8, 6]), (np.array([8, 6]), [8, 6])], ids=str
)
def test_one_width_or_several_become_a_list(hidden, widths):
    assert widths_of(hidden) == widths


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([0], r"`hidden` must be a positive integer; got 0\."),
        ([1.5], r"`hidden` must be a positive integer; got 1\.5\."),
        ([4, 0], r"`hidden` must hold positive integers; got \[4, 0\]\."),
        ([], r"`hidden` must hold positive integers; got \[\]\."),
        (2, r"`hidden` must hold positive integers; got 2\."),
        (["8"], r"`hidden` must be a positive integer; got '8'\."),
        ([True], r"`hidden` must be a positive integer; got True\."),
    ],
    ids=["zero", "fraction", "one of two", "none", "a number", "a word", "a truth value"],
)
def test_bad_sizes_are_named(sizes, message):
    with pytest.raises(ValueError, match=message):
        check_sizes("hidden", sizes)
