"""Models: who shares what, checked by which parameters each task's loss reaches."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mtl_teach.models import FixedOutputScale, HardSharing, MMoE, MultiTaskModel, SoftSharing

N_FEATURES = 5


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


MODELS = {
    "hard sharing": lambda **kw: HardSharing(N_FEATURES, [16, 8], [1, 1, 1], **kw),
    "soft sharing, l2": lambda **kw: SoftSharing(N_FEATURES, [16, 8], [1, 1, 1], tie="l2", **kw),
    "cross-stitch": lambda **kw: SoftSharing(N_FEATURES, [16, 8], [1, 1, 1], tie="cross_stitch", **kw),
    "MMoE": lambda **kw: MMoE(N_FEATURES, 4, [16, 8], [1, 1, 1], **kw),
    "hard sharing with output scale": lambda **kw: FixedOutputScale(
        HardSharing(N_FEATURES, [16, 8], [1, 1, 1], **kw), mean=[1.0, 2.0, 3.0], scale=[1.0, 10.0, 100.0]
    ),
}
every_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)


def reached(model, task):
    """The ids of the parameters with a nonzero gradient from one task's loss, on enough rows that no unit is dead."""
    x = torch.randn(256, N_FEATURES, generator=seeded(1))
    model.zero_grad()
    model(x)[:, task].square().sum().backward()
    return {id(p) for p in model.parameters() if p.grad is not None and bool(p.grad.any())}


class TestEveryModel:
    @every_model
    def test_one_column_a_task(self, make):
        assert make()(torch.zeros(7, N_FEATURES)).shape == (7, 3)

    @every_model
    def test_shared_parameters_are_those_that_every_task_reaches(self, make):
        model = make(generator=seeded())
        common = set.intersection(*(reached(model, task) for task in range(3)))
        assert {id(p) for p in model.shared_parameters()} == common

    @every_model
    def test_task_parameters_are_those_that_only_this_task_reaches(self, make):
        model = make(generator=seeded())
        for task in range(3):
            others = set.union(*(reached(model, other) for other in range(3) if other != task))
            assert {id(p) for p in model.task_parameters(task)} == reached(model, task) - others

    @every_model
    def test_shared_and_task_parameters_are_all_parameters_once(self, make):
        model = make()
        parts = [*model.shared_parameters(), *(p for task in range(3) for p in model.task_parameters(task))]
        assert len(parts) == len({id(p) for p in parts})
        assert {id(p) for p in parts} == {id(p) for p in model.parameters()}

    @every_model
    def test_rows_do_not_mix(self, make):
        model = make()
        x = torch.randn(6, N_FEATURES, generator=seeded(1))
        order = torch.tensor([3, 1, 5, 0, 2, 4])
        torch.testing.assert_close(model(x)[order], model(x[order]))

    @every_model
    def test_predictions_can_be_negative(self, make):
        output = make(generator=seeded())(100 * torch.randn(500, N_FEATURES, generator=seeded(1)))
        assert (output < 0).any(dim=0).all()

    @every_model
    def test_same_generator_same_parameters(self, make):
        first, second = (nn.utils.parameters_to_vector(make(generator=seeded(3)).parameters()) for _ in range(2))
        assert torch.equal(first, second)

    @every_model
    def test_a_generator_leaves_the_global_state_alone(self, make):
        before = torch.get_rng_state()
        make(generator=seeded())
        assert torch.equal(torch.get_rng_state(), before)

    @every_model
    def test_an_empty_batch_gives_no_rows(self, make):
        assert make()(torch.zeros(0, N_FEATURES)).shape == (0, 3)

    @every_model
    def test_the_state_survives_saving_and_loading(self, make):
        first, second = make(generator=seeded(1)), make(generator=seeded(2))
        second.load_state_dict(first.state_dict())
        x = torch.randn(4, N_FEATURES, generator=seeded(3))
        assert torch.equal(first(x), second(x))

    @pytest.mark.parametrize("kind", ["hard sharing", "soft sharing, l2", "cross-stitch", "MMoE"])
    def test_wrong_number_of_features_is_refused(self, kind):
        with pytest.raises(
            ValueError, match=r"`x` must have shape \(n_samples, n_features\) = \(any, 5\); got \(2, 4\)\."
        ):
            MODELS[kind]()(torch.zeros(2, 4))


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

    def test_stitches_start_mostly_with_the_own_trunk_and_keep_the_scale(self):
        model = SoftSharing(N_FEATURES, [8, 8], [1, 1, 1], tie="cross_stitch")
        assert len(model.stitches) == 2
        for stitch in model.stitches:
            torch.testing.assert_close(stitch.diagonal(), torch.full((3,), 0.9))
            torch.testing.assert_close(stitch.sum(dim=1), torch.ones(3))


class TestMMoE:
    def test_gates_are_distributions_over_experts(self):
        gates = MODELS["MMoE"]().gates(torch.randn(10, N_FEATURES, generator=seeded(1)))
        assert gates.shape == (10, 3, 4)
        torch.testing.assert_close(gates.sum(dim=-1), torch.ones(10, 3))

    def test_agrees_with_a_loop_over_rows_tasks_and_experts(self):
        model = MMoE(N_FEATURES, 3, 8, [1, 1], generator=seeded())
        x = torch.randn(4, N_FEATURES, generator=seeded(1))
        gates = model.gates(x)
        for row in range(4):
            for task in range(2):
                mixed = sum(gates[row, task, e] * model.experts[e](x[row : row + 1]) for e in range(3))
                torch.testing.assert_close(model(x)[row, task], model.heads[task](mixed).squeeze())

    def test_with_one_expert_it_is_hard_sharing(self):
        model = MMoE(N_FEATURES, 1, 8, [1, 1], generator=seeded())
        x = torch.randn(4, N_FEATURES, generator=seeded(1))
        h = model.experts[0](x)
        torch.testing.assert_close(model(x), torch.cat([head(h) for head in model.heads], dim=1))


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

    def test_the_other_models_know_their_number_of_tasks(self):
        assert MODELS["MMoE"]().n_tasks == 3


def test_a_model_must_say_what_belongs_to_a_task():
    with pytest.raises(TypeError, match="abstract"):
        MultiTaskModel(2, [1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: HardSharing(0, 8, [1]), r"`n_features` must be a positive integer; got 0\."),
        (lambda: HardSharing(2, 0, [1]), r"`hidden` must be a positive integer; got 0\."),
        (lambda: HardSharing(2, [8, -1], [1]), r"`hidden` must hold positive integers; got \[8, -1\]\."),
        (lambda: HardSharing(2, [], [1]), r"`hidden` must hold positive integers; got \[\]\."),
        (lambda: HardSharing(2, 8, []), r"`task_dims` must hold positive integers; got \[\]\."),
        (lambda: HardSharing(2, 8, [1, 0]), r"`task_dims` must hold positive integers; got \[1, 0\]\."),
        (lambda: SoftSharing(2, 8, [1], tie="l1"), r"`tie` must be one of 'l2', 'cross_stitch'; got 'l1'\."),
        (lambda: MMoE(2, 0, 8, [1]), r"`n_experts` must be a positive integer; got 0\."),
        (lambda: MMoE(2, 2, 2.5, [1]), r"`expert_hidden` must be a positive integer; got 2\.5\."),
        (
            lambda: FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[0.0], scale=[1.0, 1.0]),
            r"`mean` must have shape \(n_outputs,\) = \(2,\); got \(1,\)\.",
        ),
        (
            lambda: FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[0.0, 0.0], scale=[1.0, 0.0]),
            r"`scale` must be positive; got \[1\.0, 0\.0\]\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
