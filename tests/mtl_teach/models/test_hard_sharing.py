"""Hard sharing, against its layers written out."""

import pytest
import torch
from torch.nn import functional as F

from mtl_teach.models import HardSharing
from tests.mtl_teach.models.conftest import N_FEATURES, seeded


class TestHardSharing:
    def test_agrees_with_the_layers_written_out(self):
        model = HardSharing(N_FEATURES, 8, [2, 1], generator=seeded())
        x = torch.randn(4, N_FEATURES, generator=seeded(1))
        h = F.linear(x, model.trunk[0].weight, model.trunk[0].bias).relu()
        first, second = model.split(model(x))
        torch.testing.assert_close(first, F.linear(h, model.heads[0].weight, model.heads[0].bias))
        torch.testing.assert_close(second, F.linear(h, model.heads[1].weight, model.heads[1].bias))
        assert first.shape == (4, 2)

    def test_starts_like_torch_linear(self):
        """Uniform within 1 / sqrt(n_in), so that a comparison with plain torch is a comparison of methods."""
        weight = HardSharing(100, 2000, [1], generator=seeded()).trunk[0].weight
        assert weight.abs().max() <= 0.1
        assert weight.std().item() == pytest.approx(0.1 / 3**0.5, rel=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: HardSharing(2, 0, [1]), r"`hidden` must be a positive integer; got 0\."),
        (lambda: HardSharing(2, [8, -1], [1]), r"`hidden` must hold positive integers; got \[8, -1\]\."),
        (lambda: HardSharing(2, [], [1]), r"`hidden` must hold positive integers; got \[\]\."),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
