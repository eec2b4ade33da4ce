"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch

from autograder.testing import misconception


@misconception(
    ".grad accumulates: the second norm contains the first task's gradient, and you left .grad changed for the optimiser. "
    "Use torch.autograd.grad.",
    caught_by="test_value",
    conceptual=True,
)
def accumulates_in_grad(losses, trunk_params):
    norms = []
    for loss in losses:
        loss.backward(retain_graph=True)
        norms.append(torch.cat([param.grad.flatten() for param in trunk_params]).norm())
    return torch.stack(norms)


@misconception(
    "The norms are right, but .grad holds the last task's gradient now, in the heads too, and the next optimiser step would "
    "use it. Measure without leaving a trace.",
    caught_by="test_grad_untouched",
    conceptual=True,
)
def leaves_grad_behind(losses, trunk_params):
    norms = []
    for loss in losses:
        for param in trunk_params:
            param.grad = None
        loss.backward(retain_graph=True)
        norms.append(torch.cat([param.grad.flatten() for param in trunk_params]).norm())
    return torch.stack(norms)


@misconception(
    "You cleaned up by clearing .grad. What the caller had in it before the call is lost as well.",
    caught_by="test_grad_untouched",
)
def clears_grad(losses, trunk_params):
    norms = []
    for loss in losses:
        for param in trunk_params:
            param.grad = None
        loss.backward(retain_graph=True, inputs=trunk_params)
        norms.append(torch.cat([param.grad.flatten() for param in trunk_params]).norm())
    for param in trunk_params:
        param.grad = None
    return torch.stack(norms)


@misconception(
    "Sum of per-layer norms is not the norm of the whole gradient (sqrt of the sum of squares).",
    caught_by="test_value",
    conceptual=True,
)
def sum_of_tensor_norms(losses, trunk_params):
    return [sum(grad.norm() for grad in torch.autograd.grad(loss, trunk_params, retain_graph=True)) for loss in losses]


@misconception(
    "The average of the norms per tensor depends on how the trunk is cut into tensors. Take one norm over all entries.",
    caught_by="test_value",
)
def mean_of_tensor_norms(losses, trunk_params):
    return [
        torch.stack([grad.norm() for grad in torch.autograd.grad(loss, trunk_params, retain_graph=True)]).mean()
        for loss in losses
    ]


@misconception(
    "Squared norm: take the root, otherwise a ratio of 10 reads as 100.", caught_by="test_value", conceptual=True
)
def squared_norm(losses, trunk_params):
    return [
        sum((grad**2).sum() for grad in torch.autograd.grad(loss, trunk_params, retain_graph=True)) for loss in losses
    ]


@misconception(
    "After your function loss.backward() fails: keep the graph with retain_graph=True for the last task too.",
    caught_by="test_graph_usable",
    conceptual=True,
)
def frees_the_graph_at_the_end(losses, trunk_params):
    norms = []
    for task, loss in enumerate(losses):
        grads = torch.autograd.grad(loss, trunk_params, retain_graph=task < len(losses) - 1)
        norms.append(torch.cat([grad.flatten() for grad in grads]).norm())
    return torch.stack(norms)


@misconception(
    "The first gradient frees the graph that the tasks share, and the second one finds nothing: keep the graph.",
    caught_by="test_graph_usable",
)
def frees_the_graph_every_time(losses, trunk_params):
    return [torch.cat([g.flatten() for g in torch.autograd.grad(loss, trunk_params)]).norm() for loss in losses]


@misconception(
    "Only the first tensor of the trunk is measured. The trunk is all of them together.", caught_by="test_value"
)
def first_tensor_only(losses, trunk_params):
    return [torch.autograd.grad(loss, trunk_params, retain_graph=True)[0].norm() for loss in losses]


@misconception(
    "You divided by the number of entries, a root mean square. The length of the gradient is asked, without a mean.",
    caught_by="test_value",
)
def root_mean_square(losses, trunk_params):
    return [
        torch.cat([g.flatten() for g in torch.autograd.grad(loss, trunk_params, retain_graph=True)])
        .square()
        .mean()
        .sqrt()
        for loss in losses
    ]


@misconception(
    "This is the sum of absolute values, the L1 norm. The length of a vector is the root of the sum of squares.",
    caught_by="test_value",
)
def sum_of_absolute_values(losses, trunk_params):
    return [
        sum(grad.abs().sum() for grad in torch.autograd.grad(loss, trunk_params, retain_graph=True)) for loss in losses
    ]


@misconception(
    "This is the largest entry of the gradient. One loud weight is not the pull of a task; use the length.",
    caught_by="test_value",
)
def largest_entry(losses, trunk_params):
    return [
        max(grad.abs().max() for grad in torch.autograd.grad(loss, trunk_params, retain_graph=True)) for loss in losses
    ]


@misconception(
    "Every task got the norm of the summed loss. Differentiate each loss on its own.",
    caught_by="test_value",
    conceptual=True,
)
def norm_of_the_sum(losses, trunk_params):
    grads = torch.autograd.grad(sum(losses), trunk_params, retain_graph=True)
    return torch.cat([grad.flatten() for grad in grads]).norm().expand(len(losses))


@misconception(
    "These are shares: they sum to 1. Asked were the norms themselves, in the units of each loss.",
    caught_by="test_value",
)
def shares_of_the_norms(losses, trunk_params):
    norms = torch.stack(
        [
            torch.cat([g.flatten() for g in torch.autograd.grad(loss, trunk_params, retain_graph=True)]).norm()
            for loss in losses
        ]
    )
    return norms / norms.sum()


@misconception(
    "These are the losses. A large loss can have a small gradient: measure the gradient.",
    caught_by="test_value",
    conceptual=True,
)
def the_losses(losses, trunk_params):
    return torch.stack([loss.detach() for loss in losses])


@misconception(
    "This is the size of the trunk's weights, the same for every task. Measure the gradients of the losses.",
    caught_by="test_value",
)
def norm_of_the_weights(losses, trunk_params):
    return torch.cat([param.detach().flatten() for param in trunk_params]).norm().expand(len(losses))


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(losses, trunk_params):
    return torch.tensor([13.0, 10.0])
