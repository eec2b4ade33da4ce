"""What every model promises: who shares what, checked by which parameters each task's loss reaches."""

import numpy as np
import pytest
import torch
from torch import nn

from mtl_teach.models import HardSharing, MultiTaskModel
from tests.mtl_teach.models.conftest import MODELS, N_FEATURES, every_model, seeded


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

    @pytest.mark.parametrize("kind", ["hard sharing", "soft sharing, l2", "cross-stitch", "MMoE", "CGC"])
    def test_wrong_number_of_features_is_refused(self, kind):
        with pytest.raises(
            ValueError, match=r"`x` must have shape \(n_samples, n_features\) = \(any, 5\); got \(2, 4\)\."
        ):
            MODELS[kind]()(torch.zeros(2, 4))


class TestInput:
    KINDS = ("hard sharing", "soft sharing, l2", "cross-stitch", "MMoE", "CGC", "hard sharing with output scale")

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("x", "message"),
        [
            (np.zeros((2, N_FEATURES)), r"`x` must be a torch tensor; got ndarray\."),
            (torch.zeros(2, N_FEATURES).int(), r"`x` must have a floating-point dtype; got torch\.int32\."),
            (
                torch.zeros(2, N_FEATURES).double(),
                r"`x` must have the dtype of the parameters, torch\.float32; got torch\.float64\.",
            ),
        ],
        ids=["array", "integers", "float64"],
    )
    def test_of_another_kind_is_refused_by_name(self, kind, x, message):
        with pytest.raises(TypeError, match=message):
            MODELS[kind]()(x)

    def test_of_another_precision_is_welcome_under_autocast(self):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert MODELS["MMoE"]()(torch.zeros(2, N_FEATURES).bfloat16()).dtype == torch.bfloat16

    def test_an_output_of_another_width_is_not_split(self):
        with pytest.raises(
            ValueError, match=r"`output` must have shape \(n_samples, n_outputs\) = \(any, 2\); got \(4, 3"
        ):
            HardSharing(2, 8, [1, 1]).split(torch.zeros(4, 3))


def test_a_model_must_say_what_belongs_to_a_task():
    with pytest.raises(TypeError, match="abstract"):
        MultiTaskModel(2, [1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: HardSharing(0, 8, [1]), r"`n_features` must be a positive integer; got 0\."),
        (lambda: HardSharing(2, 8, []), r"`task_dims` must hold positive integers; got \[\]\."),
        (lambda: HardSharing(2, 8, [1, 0]), r"`task_dims` must hold positive integers; got \[1, 0\]\."),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
