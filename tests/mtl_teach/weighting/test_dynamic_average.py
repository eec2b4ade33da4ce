"""Dynamic weight average, against TorchJD."""

import math

import pytest
import torch
from hypothesis import given
from torchjd import scalarization as jd

from mtl_teach.weighting import DynamicWeightAverage
from tests.mtl_teach.weighting.conftest import DTYPE, POSITIVE, vector


@pytest.mark.parametrize("temperature", [0.5, 2.0, 10.0])
def test_dwa_equals_torchjds_epoch_by_epoch(temperature):
    generator = torch.Generator().manual_seed(0)
    ours, theirs = DynamicWeightAverage(3, temperature).double(), jd.DWA(temperature)
    for _ in range(6):
        batches = torch.rand(4, 3, dtype=DTYPE, generator=generator) + 0.1
        for losses in batches:
            torch.testing.assert_close(ours(losses), theirs(losses), rtol=1e-12, atol=1e-12)
        theirs.step()
        ours.step(batches.mean(0))


def test_dwa_is_uniform_for_two_epochs():
    weighting = DynamicWeightAverage(3)
    assert weighting.weights.tolist() == [1.0, 1.0, 1.0]
    weighting.step(torch.tensor([1.0, 2.0, 3.0]))
    assert weighting.weights.tolist() == [1.0, 1.0, 1.0]
    weighting.step(torch.tensor([0.9, 0.2, 3.0]))
    assert weighting.weights.tolist() != [1.0, 1.0, 1.0]


@given(POSITIVE, POSITIVE, POSITIVE)
def test_dwa_weights_sum_to_the_number_of_tasks_and_ignore_units(first, second, units):
    weighting, rescaled = DynamicWeightAverage(3).double(), DynamicWeightAverage(3).double()
    for losses in (vector(first), vector(second)):
        weighting.step(losses)
        rescaled.step(losses * vector(units))
    assert weighting.weights.sum().item() == pytest.approx(3.0)
    torch.testing.assert_close(weighting.weights, rescaled.weights)


@pytest.mark.parametrize(
    ("losses", "error", "message"),
    [
        ([1.0, 0.0], ValueError, r"`epoch_mean_losses` must be positive and finite; got 0 at index 1\."),
        ([math.nan, 1.0], ValueError, r"`epoch_mean_losses` must be positive and finite; got nan at index 0\."),
        ([1.0], ValueError, r"`epoch_mean_losses` must have shape \(n_tasks,\) = \(2,\); got \(1,\)\."),
        ([1, 2], TypeError, r"`epoch_mean_losses` must have a floating-point dtype; got torch\.int64\."),
    ],
    ids=["zero", "nan", "length", "integers"],
)
def test_bad_epoch_losses_are_named(losses, error, message):
    with pytest.raises(error, match=message):
        DynamicWeightAverage(2).step(torch.tensor(losses))


def test_epoch_losses_on_another_device_are_named():
    message = r"`epoch_mean_losses` must be on the device of `weights`, cpu; got meta\."
    with pytest.raises(ValueError, match=message):
        DynamicWeightAverage(2).step(torch.ones(2, device="meta"))


@pytest.mark.parametrize("temperature", [0.0, -1.0])
def test_a_temperature_that_is_not_positive_is_named(temperature):
    with pytest.raises(ValueError, match=r"`temperature` must be positive; got "):
        DynamicWeightAverage(2, temperature=temperature)


def test_a_ratio_beyond_float32_leaves_finite_weights():
    weighting = DynamicWeightAverage(2)
    weighting.step(torch.tensor([1e-30, 1.0]))
    weighting.step(torch.tensor([1e30, 1.0]))
    assert weighting.weights.tolist() == [2.0, 0.0]
