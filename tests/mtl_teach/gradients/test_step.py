"""The backward pass, against the plain one, the aggregate and TorchJD."""

import itertools

import pytest
import torch
from torchjd import aggregation as jd
from torchjd.autojac import jac_to_grad, mtl_backward
from torchjd.linalg import QuadprogProjector

from mtl_teach.gradients import aggregate, multitask_backward, task_gradients
from tests.mtl_teach.gradients.conftest import (
    every_method,
    flat_grads,
    head_parameters,
    rebuilt,
    seeded,
    small_problem,
)


def test_a_list_of_losses_gives_what_the_stacked_losses_give():
    losses, trunk, heads, features = small_problem()
    rows = task_gradients(losses, trunk.parameters())
    torch.testing.assert_close(task_gradients(list(losses.unbind()), trunk.parameters()), rows)
    one_by_one = [((head(features) - 1) ** 2).mean() for head in heads]
    multitask_backward(one_by_one, trunk.parameters(), head_parameters(heads), "upgrad", features)
    got = flat_grads(trunk), flat_grads(heads)
    _, trunk, heads, features = small_problem()
    stacked = torch.stack([((head(features) - 1) ** 2).mean() for head in heads])
    multitask_backward(stacked, trunk.parameters(), head_parameters(heads), "upgrad", features)
    torch.testing.assert_close(got, (flat_grads(trunk), flat_grads(heads)))


@pytest.mark.parametrize("through", ["parameters", "features"])
def test_with_sum_the_backward_pass_is_the_plain_one(through):
    losses, trunk, heads, _ = small_problem()
    losses.sum().backward()
    expected = flat_grads(trunk), flat_grads(heads)
    losses, trunk, heads, features = small_problem()
    features = features if through == "features" else None
    weights = multitask_backward(losses, trunk.parameters(), head_parameters(heads), "sum", features)
    torch.testing.assert_close((flat_grads(trunk), flat_grads(heads)), expected)
    assert weights.tolist() == [1.0, 1.0, 1.0]


@every_method
def test_the_shared_gradient_is_the_aggregate_and_each_head_gets_its_own(method, kw):
    losses, trunk, heads, _ = small_problem()
    expected, expected_weights = aggregate(task_gradients(losses, trunk.parameters()), method, **seeded(method, kw))
    plain = [torch.autograd.grad(loss, head.weight, retain_graph=True)[0] for loss, head in zip(losses, heads)]
    weights = multitask_backward(losses, trunk.parameters(), head_parameters(heads), method, **seeded(method, kw))
    torch.testing.assert_close(flat_grads(trunk), expected)
    torch.testing.assert_close(weights, expected_weights)
    torch.testing.assert_close([head.weight.grad for head in heads], plain)


@every_method
def test_the_features_trick_weighs_by_the_features_and_then_passes_the_trunk_once(method, kw):
    losses, trunk, heads, features = small_problem()
    _, expected_weights = aggregate(task_gradients(losses, [features]), method, **seeded(method, kw))
    expected = expected_weights @ task_gradients(losses, trunk.parameters())
    weights = multitask_backward(
        losses, trunk.parameters(), head_parameters(heads), method, features, **seeded(method, kw)
    )
    torch.testing.assert_close(weights, expected_weights)
    torch.testing.assert_close(flat_grads(trunk), expected)


def test_the_backward_pass_equals_torchjds():
    exact = jd.UPGrad(projector=QuadprogProjector(norm_eps=0.0, reg_eps=0.0))
    losses, trunk, heads, features = small_problem()
    mtl_backward(list(losses), features=features, retain_graph=True)
    jac_to_grad(trunk.parameters(), exact)
    expected = flat_grads(trunk), flat_grads(heads)
    losses, trunk, heads, _ = small_problem()
    multitask_backward(losses, trunk.parameters(), head_parameters(heads), "upgrad")
    torch.testing.assert_close((flat_grads(trunk), flat_grads(heads)), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("through", ["parameters", "features"])
def test_gradients_add_to_what_is_there(through):
    grads = []
    for repeat in (1, 2):
        losses, trunk, heads, features = small_problem()
        for _ in range(repeat):
            losses, _, _, features = rebuilt(trunk, heads)
            chosen = features if through == "features" else None
            multitask_backward(losses, trunk.parameters(), head_parameters(heads), "mgda", chosen)
        grads.append((flat_grads(trunk), flat_grads(heads)))
    torch.testing.assert_close(grads[1], tuple(2 * grad for grad in grads[0]))


def test_the_graph_is_freed_afterwards():
    losses, trunk, heads, _ = small_problem()
    multitask_backward(losses, trunk.parameters(), head_parameters(heads), "mgda")
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        losses.sum().backward()


def test_a_head_without_parameters_is_welcome():
    losses, trunk, _, _ = small_problem()
    multitask_backward(losses, trunk.parameters(), [[], [], []], "upgrad")
    assert flat_grads(trunk).isfinite().all()


def test_descending_by_a_harmless_method_lowers_every_loss():
    for method in ["mgda", "upgrad"]:
        _, trunk, heads, _ = small_problem()
        before, *_ = rebuilt(trunk, heads)
        multitask_backward(before, trunk.parameters(), [[], [], []], method)
        with torch.no_grad():
            for param in trunk.parameters():
                param -= 1e-4 * param.grad
        after, *_ = rebuilt(trunk, heads)
        assert (after < before).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"heads": [[]]}, r"`heads` must hold the parameters of 3 heads; got 1\."),
        ({"shared": []}, r"`shared` must hold at least one parameter; got none\."),
        ({"method": "adam"}, r"`method` must be one of .*; got 'adam'\."),
        ({"features": torch.ones(20, 5)}, r"`features` must have a graph back to `shared`; got a tensor without"),
    ],
    ids=["heads", "shared", "method", "features"],
)
def test_bad_input_to_the_backward_pass_is_named_and_leaves_no_gradient(arguments, message):
    losses, trunk, heads, _ = small_problem()
    given_ = {"shared": trunk.parameters(), "heads": head_parameters(heads), "method": "mgda", **arguments}
    with pytest.raises(ValueError, match=message):
        multitask_backward(losses, **given_)
    assert all(param.grad is None for param in itertools.chain(trunk.parameters(), heads.parameters()))


def test_features_that_no_loss_depends_on_are_named():
    losses, trunk, heads, _ = small_problem()
    elsewhere = trunk(torch.ones(20, 4, dtype=losses.dtype))
    message = r"`features` must be what the losses were computed from; got a tensor that no loss depends on\."
    with pytest.raises(ValueError, match=message):
        multitask_backward(losses, trunk.parameters(), head_parameters(heads), "mgda", elsewhere)
    assert all(param.grad is None for param in heads.parameters())


@pytest.mark.parametrize(
    ("spoil", "options", "error", "message"),
    [
        (1.0, {"c": 0.5}, TypeError, "unexpected keyword argument 'c'"),
        (float("nan"), {}, ValueError, r"`jacobian` must be finite; got nan at index \(1, 0\)\."),
    ],
    ids=["unknown option", "NaN in one loss"],
)
def test_a_step_that_fails_touches_no_gradient(spoil, options, error, message):
    losses, trunk, heads, _ = small_problem()
    spoilt = [losses[0], losses[1] * spoil, losses[2]]
    with pytest.raises(error, match=message):
        multitask_backward(spoilt, trunk.parameters(), head_parameters(heads), "mgda", **options)
    assert all(param.grad is None for param in itertools.chain(trunk.parameters(), heads.parameters()))


def test_a_trunk_of_two_precisions_gets_gradients_of_its_own():
    narrow, wide = torch.nn.Linear(3, 4), torch.nn.Linear(4, 2).double()
    losses = wide(narrow(torch.ones(5, 3)).double()).square().mean(dim=0)
    multitask_backward(losses, [*narrow.parameters(), *wide.parameters()], [[], []], "upgrad")
    assert narrow.weight.grad.dtype == torch.float32
    assert wide.weight.grad.dtype == torch.float64
