"""Task gradients, against one backward pass a task and finite differences."""

import pytest
import torch

from mtl_teach.gradients import task_gradients
from tests.mtl_teach.gradients.conftest import DTYPE, flat_grads, small_problem


def test_task_gradients_are_those_of_one_backward_pass_a_task():
    losses, trunk, _, _ = small_problem()
    jacobian = task_gradients(losses, trunk.parameters())
    for task in range(3):
        trunk.zero_grad()
        losses[task].backward(retain_graph=True)
        torch.testing.assert_close(jacobian[task], flat_grads(trunk))


def test_task_gradients_equal_finite_differences():
    w = torch.tensor([0.3, -0.7], dtype=DTYPE, requires_grad=True)
    losses = lambda w: torch.stack([(w**3).sum(), torch.sin(w[0]) * w[1]])  # noqa: E731
    columns = [(losses(w + 1e-6 * e) - losses(w - 1e-6 * e)) / 2e-6 for e in torch.eye(2, dtype=DTYPE)]
    numeric = torch.stack(columns, dim=1)
    torch.testing.assert_close(task_gradients(losses(w), [w]), numeric.detach(), rtol=1e-8, atol=1e-8)


def test_task_gradients_touch_no_grad_and_keep_the_graph():
    losses, trunk, heads, _ = small_problem()
    first = task_gradients(losses, trunk.parameters())
    assert all(param.grad is None for param in [*trunk.parameters(), *heads.parameters()])
    assert torch.equal(task_gradients(losses, trunk.parameters()), first)


def test_a_parameter_that_a_loss_ignores_has_gradient_zero():
    a, b = (torch.ones(2, requires_grad=True) for _ in range(2))
    jacobian = task_gradients(torch.stack([a.sum(), b.sum()]), [a, b])
    assert jacobian.tolist() == [[1, 1, 0, 0], [0, 0, 1, 1]]


def test_parameters_of_two_precisions_meet_in_the_wider_one():
    narrow = torch.ones(2, requires_grad=True)
    wide = torch.ones(1, dtype=torch.float64, requires_grad=True)
    both = task_gradients([narrow.sum() + 1e60 * wide.sum()], [narrow, wide])
    assert (both.dtype, both.tolist()) == (torch.float64, [[1.0, 1.0, 1e60]])


def test_the_sparse_gradient_of_an_embedding_is_a_row_like_any_other():
    embedding = torch.nn.Embedding(3, 2, sparse=True)
    assert task_gradients([embedding(torch.tensor([0, 2, 2])).sum()], embedding.parameters()).tolist() == [
        [1.0, 1.0, 0.0, 0.0, 2.0, 2.0]
    ]


W = torch.ones(2, requires_grad=True)


@pytest.mark.parametrize(
    ("losses", "params", "error", "message"),
    [
        (W.sum(), [W], ValueError, r"`losses` must have shape \(n_tasks,\); got \(\)\."),
        ([1.0, 2.0], [W], TypeError, r"`losses` must be a torch tensor; got float\."),
        ([W], [W], ValueError, r"`losses` must have shape \(\); got \(2,\)\."),
        ([], [W], ValueError, r"`losses` must hold at least one task; got none\."),
        (torch.ones(2), [W], ValueError, r"`losses` must have a graph back to the parameters; got a tensor wi"),
        (W * 2, [], ValueError, r"`params` must hold at least one parameter; got none\."),
        (W * 2, [W, torch.ones(2)], ValueError, r"`params` must require gradients; got one .* at position 1\."),
        (W * 2, [1.0], TypeError, r"`params` must be a torch tensor; got float\."),
        (W * 2, W, TypeError, r"`params` must be an iterable of parameters, as `module\.parameters\(\)`; got Tensor\."),
        (W * 2, torch.nn.Linear(2, 1), TypeError, r"`params` must be an iterable of parameters, .*; got Linear\."),
        (
            W * 2,
            [torch.ones(2, device="meta", requires_grad=True)],
            ValueError,
            r"`params` must be on the device of `losses`, cpu; got meta\.",
        ),
    ],
    ids=[
        *("scalar", "numbers", "vectors", "nothing", "no graph", "no parameter", "frozen", "number"),
        *("one tensor", "module", "device"),
    ],
)
def test_bad_input_to_task_gradients_is_named(losses, params, error, message):
    with pytest.raises(error, match=message):
        task_gradients(losses, params)
