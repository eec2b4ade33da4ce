"""Soft sharing: the penalty over pairs of trunks, and cross-stitch units."""

import pytest
import torch
from torch import nn

from mtl_teach.models import SoftSharing
from tests.mtl_teach.models.conftest import N_FEATURES, seeded


class TestSoftSharing:
    def test_tie_penalty_is_the_squared_distance_over_pairs(self):
        model = SoftSharing(N_FEATURES, 8, [1, 1, 1], generator=seeded())
        a, b, c = (nn.utils.parameters_to_vector(trunk.parameters()) for trunk in model.trunks)
        expected = (a - b).square().sum() + (a - c).square().sum() + (b - c).square().sum()
        torch.testing.assert_close(model.tie_penalty(), expected)

    def test_tie_penalty_pulls_the_trunks_together(self):
        model = SoftSharing(N_FEATURES, 8, [1, 1], generator=seeded())
        optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
        start = model.tie_penalty().item()
        for _ in range(50):
            optimiser.zero_grad()
            model.tie_penalty().backward()
            optimiser.step()
        assert model.tie_penalty().item() < 1e-6 * start

    @pytest.mark.parametrize(
        "make", [lambda: SoftSharing(2, 4, [1]), lambda: SoftSharing(2, 4, [1, 1], "cross_stitch")]
    )
    def test_without_a_pair_to_tie_the_penalty_is_zero(self, make):
        assert make().tie_penalty().item() == 0.0

    def test_identity_stitches_leave_separate_trunks(self):
        stitched = SoftSharing(N_FEATURES, [8, 8], [1, 1], tie="cross_stitch", generator=seeded())
        separate = SoftSharing(N_FEATURES, [8, 8], [1, 1], tie="l2", generator=seeded())
        with torch.no_grad():
            for stitch in stitched.stitches:
                stitch.copy_(torch.eye(2))
        x = torch.randn(6, N_FEATURES, generator=seeded(1))
        torch.testing.assert_close(stitched(x), separate(x))

    def test_stitches_agree_with_a_loop_over_layers_tasks_and_trunks(self):
        """Row t of a stitch is what task t takes from each trunk; an unequal matrix tells rows from columns."""
        model = SoftSharing(N_FEATURES, [8, 6], [1, 1], tie="cross_stitch", generator=seeded())
        with torch.no_grad():
            model.stitches[0].copy_(torch.tensor([[0.5, 2.0], [-1.0, 3.0]]))
            model.stitches[1].copy_(torch.tensor([[1.0, 0.0], [0.7, -0.2]]))
        x = torch.randn(6, N_FEATURES, generator=seeded(1))
        states = [x, x]
        for layer, stitch in enumerate(model.stitches):
            active = [trunk[2 * layer](state).relu() for trunk, state in zip(model.trunks, states)]
            states = [stitch[task, 0] * active[0] + stitch[task, 1] * active[1] for task in range(2)]
        expected = torch.cat([head(state) for head, state in zip(model.heads, states)], dim=1)
        torch.testing.assert_close(model(x), expected)

    def test_stitches_start_mostly_with_the_own_trunk_and_keep_the_scale(self):
        model = SoftSharing(N_FEATURES, [8, 8], [1, 1, 1], tie="cross_stitch")
        assert len(model.stitches) == 2
        for stitch in model.stitches:
            torch.testing.assert_close(stitch.diagonal(), torch.full((3,), 0.9))
            torch.testing.assert_close(stitch.sum(dim=1), torch.ones(3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SoftSharing(2, 8, [1], tie="l1"), r"`tie` must be one of 'l2', 'cross_stitch'; got 'l1'\."),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
