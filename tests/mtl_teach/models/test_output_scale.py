"""The fixed output scale, against training on standardised labels."""

import numpy as np
import pandas
import pytest
import torch
from torch import nn

from mtl_teach.models import FixedOutputScale, HardSharing
from tests.mtl_teach.models.conftest import MODELS, N_FEATURES, seeded


class TestFixedOutputScale:
    @pytest.mark.parametrize(
        "optimiser", [lambda p: torch.optim.SGD(p, lr=0.1), lambda p: torch.optim.Adam(p, lr=0.01)], ids=["SGD", "Adam"]
    )
    def test_raw_labels_with_inverse_variance_weights_follow_the_standardised_path(self, optimiser):
        """The one case where loss weights replace standardising: the same parameters after every step."""
        x = torch.randn(64, N_FEATURES, generator=seeded(1), dtype=torch.float64)
        mean, scale = torch.tensor([300.0, 4.0], dtype=torch.float64), torch.tensor([100.0, 1.0], dtype=torch.float64)
        y = mean + scale * torch.randn(64, 2, generator=seeded(2), dtype=torch.float64)
        plain = HardSharing(N_FEATURES, 8, [1, 1], generator=seeded()).double()
        scaled = FixedOutputScale(HardSharing(N_FEATURES, 8, [1, 1], generator=seeded()).double(), mean, scale)
        steps = [optimiser(plain.parameters()), optimiser(scaled.parameters())]
        for _ in range(50):
            losses = [((plain(x) - (y - mean) / scale) ** 2).mean(), (((scaled(x) - y) ** 2) / scale**2).mean()]
            for loss, step in zip(losses, steps):
                step.zero_grad()
                loss.backward()
                step.step()
        ours, theirs = (nn.utils.parameters_to_vector(m.parameters()) for m in (scaled, plain))
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-11)

    def test_mean_and_scale_are_not_trained(self):
        model = MODELS["hard sharing with output scale"]()
        assert {name for name, _ in model.named_buffers()} == {"mean", "scale"}
        assert model.n_tasks == 3

    def test_mean_and_scale_are_copies_of_what_a_scaler_or_a_table_has(self):
        mean = np.array([300.0, 4.0], dtype=np.float32)
        model = FixedOutputScale(HardSharing(2, 8, [1, 1]), mean, pandas.Series({"price": 100.0, "days": 1.0}))
        mean[0] = 0.0
        assert (model.mean.tolist(), model.scale.tolist()) == ([300.0, 4.0], [100.0, 1.0])

    def test_an_offset_that_needs_float64_is_welcome_there(self):
        model = FixedOutputScale(HardSharing(2, 8, [1]).double(), [1.7e9], [3600.0])
        assert model(torch.zeros(1, 2, dtype=torch.float64)).item() == pytest.approx(1.7e9, abs=1e4)

    def test_the_other_models_know_their_number_of_tasks(self):
        assert MODELS["MMoE"]().n_tasks == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[0.0], scale=[1.0, 1.0]),
            r"`mean` must have shape \(n_outputs,\) = \(2,\); got \(1,\)\.",
        ),
        (
            lambda: FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[0.0, 0.0], scale=[1.0, 0.0]),
            r"`scale` must be positive and finite; got 0 at index 1\.",
        ),
        (
            lambda: FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[0.0, np.nan], scale=[1.0, 1.0]),
            r"`mean` must be finite; got nan at index 1\.",
        ),
        (
            lambda: FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[0.0, 1.7e9], scale=[1.0, 3600.0]),
            r"`mean` must leave torch\.float32 digits for a thousandth of `scale`; got 1\.7e\+09 at index 1\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
