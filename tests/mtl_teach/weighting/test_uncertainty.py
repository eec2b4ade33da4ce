"""Uncertainty weighting, against likelihoods from torch, TorchJD and autograd."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torchjd import scalarization as jd

from mtl_teach.weighting import UncertaintyWeighting
from tests.mtl_teach.weighting.conftest import DTYPE, vector


@given(st.floats(-5, 5), st.lists(st.floats(-10, 10), min_size=4, max_size=4))
def test_for_regression_it_is_the_gaussian_likelihood(s, errors):
    weighting = UncertaintyWeighting(["regression"]).double()
    with torch.no_grad():
        weighting.log_variances.fill_(s)
    pred, target = vector(errors), torch.zeros(4, dtype=DTYPE)
    expected = F.gaussian_nll_loss(pred, target, torch.full((4,), math.exp(s), dtype=DTYPE), eps=1e-12)
    got = weighting(F.mse_loss(pred, target)[None])
    torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-9)


def test_for_classification_it_is_the_softmax_likelihood_at_sigma_one_to_first_order():
    """CE of logits / σ² against the approximation: equal value and slope in the logits at s = 0."""
    logits = torch.randn(6, 3, dtype=DTYPE, generator=torch.Generator().manual_seed(0))
    target = torch.tensor([0, 1, 2, 0, 1, 2])
    weighting = UncertaintyWeighting(["classification"]).double()
    errors = []
    for s in (0.0, 0.01, 0.1):
        with torch.no_grad():
            weighting.log_variances.fill_(s)
        exact = F.cross_entropy(logits * math.exp(-s), target)
        errors.append((weighting(F.cross_entropy(logits, target)[None]) - exact).abs().item())
    assert errors[0] == pytest.approx(0.0, abs=1e-15)
    assert errors[0] < errors[1] < errors[2] < 0.1


def test_regression_and_classification_differ_by_the_factor_one_half():
    weighting = UncertaintyWeighting(["regression", "classification"]).double()
    with torch.no_grad():
        weighting.log_variances.copy_(vector([1.0, 1.0]))
    np.testing.assert_allclose(weighting.weights, [0.5 * math.exp(-1), math.exp(-1)])
    value = weighting(vector([3.0, 0.7])).item()
    assert value == pytest.approx(1.5 * math.exp(-1) + 0.5 + 0.7 * math.exp(-1) + 0.5)


def test_with_regression_for_every_task_it_is_torchjds():
    ours, theirs = UncertaintyWeighting(["regression"] * 3).double(), jd.UW(3).double()
    with torch.no_grad():
        ours.log_variances.copy_(vector([0.5, -1.0, 2.0]))
        theirs.log_var.copy_(ours.log_variances)
    losses = vector([0.3, 2.0, 50.0])
    torch.testing.assert_close(ours(losses), theirs(losses), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("kind", "factor"), [("regression", 1.0), ("classification", 2.0)])
def test_the_log_variance_settles_at_the_log_of_the_training_loss(kind, factor):
    weighting = UncertaintyWeighting([kind]).double()
    losses = vector([0.037])
    optimiser = torch.optim.Adam(weighting.parameters(), lr=0.05)
    for _ in range(2000):
        optimiser.zero_grad()
        weighting(losses).backward()
        optimiser.step()
    assert weighting.log_variances.item() == pytest.approx(math.log(factor * 0.037), abs=1e-4)


def test_the_gradient_with_respect_to_the_log_variances_passes_gradcheck():
    weighting = UncertaintyWeighting(["regression", "classification"]).double()
    losses = vector([0.25, 4.0])

    def objective(s):
        return torch.func.functional_call(weighting, {"log_variances": s}, (losses,))

    assert torch.autograd.gradcheck(objective, (vector([0.3, -2.0]).requires_grad_(),))


@pytest.mark.parametrize("s", [-60.0, 60.0])
def test_extreme_log_variances_stay_finite_in_float32(s):
    weighting = UncertaintyWeighting(["regression", "classification"])
    with torch.no_grad():
        weighting.log_variances.fill_(s)
    total = weighting(torch.tensor([0.5, 0.5]))
    total.backward()
    assert total.isfinite()
    assert weighting.log_variances.grad.isfinite().all()


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ([], r"`kinds` must be a sequence with one kind per task; got \[\]\."),
        ("regression", r"`kinds` must be a sequence with one kind per task; got 'regression'\."),
        (None, r"`kinds` must be a sequence with one kind per task; got None\."),
        (3, r"`kinds` must be a sequence with one kind per task; got 3\."),
        (["ordinal"], r"`kinds` must be one of 'regression', 'classification'; got 'ordinal'\."),
    ],
    ids=["empty", "one word", "None", "a number", "unknown"],
)
def test_bad_kinds_are_named(kinds, message):
    with pytest.raises(ValueError, match=message):
        UncertaintyWeighting(kinds)
