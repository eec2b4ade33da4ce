"""Performance weighting, against the focal formula."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mtl_teach.weighting import PerformanceWeighting
from tests.mtl_teach.weighting.conftest import vector


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0])
def test_performance_weights_follow_the_focal_formula(gamma):
    weighting = PerformanceWeighting(3, gamma=gamma).double()
    k = np.array([0.9, 0.5, 0.2])
    weighting.step(vector(k))
    raw = -((1 - k) ** gamma) * np.log(k)
    np.testing.assert_allclose(weighting.weights, 3 * raw / raw.sum())


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_performance_weights_sum_to_the_number_of_tasks_and_favour_the_worst(metrics):
    weighting = PerformanceWeighting(3).double()
    weighting.step(vector(metrics))
    assert weighting.weights.sum().item() == pytest.approx(3.0)
    assert weighting.weights[int(np.argmin(metrics))] == weighting.weights.max()


def test_smoothing_is_a_running_mean_that_starts_at_the_first_metric():
    weighting = PerformanceWeighting(2, smoothing=0.25).double()
    weighting.step(vector([0.8, 0.4]))
    np.testing.assert_allclose(weighting.smoothed, [0.8, 0.4])
    weighting.step(vector([0.4, 0.8]))
    np.testing.assert_allclose(weighting.smoothed, [0.7, 0.5])


def test_perfect_tasks_have_equal_weights_and_useless_ones_finite_weights():
    weighting = PerformanceWeighting(2)
    weighting.step(torch.ones(2))
    assert weighting.weights.tolist() == [1.0, 1.0]
    weighting.step(torch.tensor([0.0, 0.5]))
    assert weighting.weights.isfinite().all()
    assert weighting.weights[0] > weighting.weights[1]


@pytest.mark.parametrize(
    ("metrics", "error", "message"),
    [
        (torch.tensor([0.5, 1.2]), ValueError, r"`validation_metrics` must lie in \[0, 1\]; got 1\.2 at index 1\."),
        (torch.tensor([math.nan, 1.0]), ValueError, r"`validation_metrics` must lie in \[0, 1\]; got nan at index 0"),
        (torch.ones(3), ValueError, r"`validation_metrics` must have shape \(n_tasks,\) = \(2,\); got \(3,\)\."),
        (torch.ones(2).int(), TypeError, r"`validation_metrics` must have a floating-point dtype; got torch\.int32"),
    ],
    ids=["above one", "nan", "length", "integers"],
)
def test_bad_metrics_are_named(metrics, error, message):
    with pytest.raises(error, match=message):
        PerformanceWeighting(2).step(metrics)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"gamma": -1.0}, r"`gamma` must be non-negative; got -1\."),
        ({"smoothing": 0.0}, r"`smoothing` must lie in \(0, 1\]; got 0\."),
    ],
    ids=["gamma", "smoothing"],
)
def test_bad_settings_of_performance_weighting_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        PerformanceWeighting(2, **settings)
