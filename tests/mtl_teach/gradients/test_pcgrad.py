"""PCGrad, against TorchJD and the paper's loop over vectors."""

import pytest
import torch
from torchjd import aggregation as jd

from mtl_teach.gradients import aggregate
from tests.mtl_teach.gradients.conftest import (
    DTYPE,
    assert_non_conflicting,
    assert_permutation_equivariant,
    random_jacobian,
)


def test_pcgrad_conflicts_with_no_task_when_there_are_two():
    for seed in range(50):
        jacobian = random_jacobian(2, n_params=3, seed=seed, spread=1.0)
        assert_non_conflicting(aggregate(jacobian, "pcgrad")[0], jacobian)


def test_the_order_of_the_tasks_does_not_matter_to_pcgrad_when_there_are_two():
    for seed in range(20):
        assert_permutation_equivariant("pcgrad", {}, random_jacobian(2, seed=seed))


@pytest.mark.parametrize("n_tasks", [2, 3, 5, 8])
def test_pcgrad_equals_torchjd_with_the_same_permutations(n_tasks):
    for seed in range(5):
        jacobian = random_jacobian(n_tasks, n_params=4, seed=seed)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            expected = jd.PCGrad()(jacobian)
        got, _ = aggregate(jacobian, "pcgrad", generator=torch.Generator().manual_seed(seed))
        torch.testing.assert_close(got, expected, rtol=1e-12, atol=1e-12)


def test_pcgrad_on_the_gramian_equals_the_papers_loop_over_vectors():
    jacobian = random_jacobian(5, n_params=4, seed=3)
    generator = torch.Generator().manual_seed(7)
    total = torch.zeros(4, dtype=DTYPE)
    for i in range(5):
        running = jacobian[i].clone()
        for j in torch.randperm(5, generator=generator).tolist():
            if j != i and running @ jacobian[j] < 0:
                running -= (running @ jacobian[j]) / (jacobian[j] @ jacobian[j]) * jacobian[j]
        total += running
    got, _ = aggregate(jacobian, "pcgrad", generator=torch.Generator().manual_seed(7))
    torch.testing.assert_close(got, total, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_pcgrad_tests_the_running_projection_and_not_the_gradient_it_started_from(seed):
    """The first task opposes both others, but no longer the third once it has yielded to the second."""
    jacobian = torch.tensor([[-1.0, 0.5], [1.0, 0.0], [0.1, 0.01]], dtype=DTYPE)
    order = torch.randperm(3, generator=torch.Generator().manual_seed(seed)).tolist()
    _, weights = aggregate(jacobian, "pcgrad", generator=torch.Generator().manual_seed(seed))
    assert (weights[2].item() == 1.0) == (order.index(1) < order.index(2))


def test_pcgrad_leaves_gradients_that_agree_alone():
    jacobian = torch.tensor([[1.0, 0.2], [1.0, -0.2], [0.5, 0.0]])
    assert aggregate(jacobian, "pcgrad")[1].tolist() == [1.0, 1.0, 1.0]


def test_pcgrad_draws_only_from_its_generator_when_given_one():
    state = torch.get_rng_state()
    aggregate(random_jacobian(5), "pcgrad", generator=torch.Generator().manual_seed(0))
    assert torch.equal(torch.get_rng_state(), state)
