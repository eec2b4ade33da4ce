"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch

from autograder.testing import misconception


def _gradients(losses, trunk_params):
    """For each loss its gradients in all trunk tensors; the graph is kept."""
    return [torch.autograd.grad(loss, trunk_params, retain_graph=True) for loss in losses]


def _long(grads):
    return torch.cat([grad.flatten() for grad in grads])


def _norms(losses, trunk_params):
    return torch.stack([_long(grads).norm() for grads in _gradients(losses, trunk_params)])


@misconception(
    "The norm of the first task is right; that of each later one also holds the gradients before it. `.grad` accumulates, and it "
    "is left changed for the optimiser. Use torch.autograd.grad, which returns gradients instead of adding them up.",
    caught_by="test_value",
    conceptual=True,
    family={"then": ("left", "cleared")},
)
def accumulates_in_grad(losses, trunk_params, *, then="left"):
    norms = []
    for loss in losses:
        loss.backward(retain_graph=True)
        norms.append(_long([param.grad for param in trunk_params]).norm())
    for param in trunk_params if then == "cleared" else ():
        param.grad = None
    return torch.stack(norms)


@misconception(
    "The norms are right, but `.grad` is not what it was before the call: gradients of the losses are left in it, or added to "
    "what it held, and the next optimiser step would use them. Often because of `backward()`, which writes into the heads too. "
    "torch.autograd.grad leaves no trace.",
    caught_by="test_grad_untouched",
    conceptual=True,
    family={"inputs": ("everything", "the trunk"), "before": ("None", "zero")},
)
def leaves_grad_behind(losses, trunk_params, *, inputs="everything", before="None"):
    norms = []
    for loss in losses:
        for param in trunk_params:
            if before == "None" or param.grad is None:
                param.grad = None
            else:
                param.grad.zero_()
        loss.backward(retain_graph=True, inputs=None if inputs == "everything" else trunk_params)
        norms.append(_long([param.grad for param in trunk_params]).norm())
    return torch.stack(norms)


@misconception(
    "The norms are right, but `.grad` of the trunk was cleared after the call: what the caller had in it before is lost. Use "
    "torch.autograd.grad, which leaves `.grad` alone.",
    caught_by="test_grad_untouched",
    family={"inputs": ("the trunk", "everything"), "to": ("None", "zero")},
)
def clears_grad(losses, trunk_params, *, inputs="the trunk", to="None"):
    norms = []
    for loss in losses:
        for param in trunk_params:
            param.grad = None
        loss.backward(retain_graph=True, inputs=None if inputs == "everything" else trunk_params)
        norms.append(_long([param.grad for param in trunk_params]).norm())
    for param in trunk_params:
        param.grad = None if to == "None" else torch.zeros_like(param)
    return torch.stack(norms)


@misconception(
    "The norms of the tensors were added up. That is not the norm of the whole gradient: add the squares of all "
    "entries, then take one root.",
    caught_by="test_value",
    conceptual=True,
)
def sum_of_tensor_norms(losses, trunk_params):
    return [sum(grad.norm() for grad in grads) for grads in _gradients(losses, trunk_params)]


@misconception(
    "The norms of the tensors were averaged, or the largest was taken: that depends on how the trunk is cut into tensors. Take "
    "one norm over all entries.",
    caught_by="test_value",
    family={"how": ("mean", "largest", "root mean square")},
)
def mean_of_tensor_norms(losses, trunk_params, *, how="mean"):
    norms = [torch.stack([grad.norm() for grad in grads]) for grads in _gradients(losses, trunk_params)]
    if how == "largest":
        return [one.max() for one in norms]
    return [one.mean() if how == "mean" else one.square().mean().sqrt() for one in norms]


@misconception(
    "These are the squared norms. Take the root, otherwise a ratio of 10 reads as 100.",
    caught_by="test_value",
    conceptual=True,
)
def squared_norm(losses, trunk_params):
    return [sum((grad**2).sum() for grad in grads) for grads in _gradients(losses, trunk_params)]


@misconception(
    "After the call `backward()` on the losses fails: the graph is gone after the last task. Keep it with retain_graph=True for "
    "the last task too, because the training step that follows needs it.",
    caught_by="test_graph_usable",
    conceptual=True,
)
def frees_the_graph_at_the_end(losses, trunk_params):
    norms = []
    for task, loss in enumerate(losses):
        grads = torch.autograd.grad(loss, trunk_params, retain_graph=task < len(losses) - 1)
        norms.append(_long(grads).norm())
    return torch.stack(norms)


@misconception(
    "Where tasks share a graph the first gradient frees it, and the second one finds nothing. Keep it every time, with "
    "retain_graph=True.",
    caught_by="test_a_network",
)
def frees_the_graph_every_time(losses, trunk_params):
    return [_long(torch.autograd.grad(loss, trunk_params)).norm() for loss in losses]


@misconception(
    "Only one tensor of the trunk is measured, or only its matrices. The trunk is all of its tensors together, biases included.",
    caught_by="test_value",
    family={"which": ("first", "last", "without the last", "matrices")},
)
def some_tensors_only(losses, trunk_params, *, which="first"):
    if which == "matrices":
        return _norms(losses, [param for param in trunk_params if param.dim() > 1])
    some = {"first": slice(1), "last": slice(-1, None), "without the last": slice(max(len(trunk_params) - 1, 1))}[which]
    return [_long(grads[some]).norm() for grads in _gradients(losses, trunk_params)]


@misconception(
    "The norms are divided by a number of entries or tensors, as in a root mean square. The length of the gradient is "
    "asked for, without a mean.",
    caught_by="test_value",
    family={"by": ("entries", "all entries, without a root", "tensors")},
)
def root_mean_square(losses, trunk_params, *, by="entries"):
    count = sum(param.numel() for param in trunk_params)
    divisor = {"entries": count**0.5, "all entries, without a root": count, "tensors": len(trunk_params)}[by]
    return _norms(losses, trunk_params) / divisor


@misconception(
    "These are sums (or means) of absolute values, as in the L1 norm. The length of a vector is the root of the sum of squares.",
    caught_by="test_value",
    family={"how": ("sum", "mean")},
)
def sum_of_absolute_values(losses, trunk_params, *, how="sum"):
    sizes = [_long(grads).abs() for grads in _gradients(losses, trunk_params)]
    return [one.sum() if how == "sum" else one.mean() for one in sizes]


@misconception(
    "These are the sums (or means) of the gradients' entries, in which entries of opposite sign cancel. Take the length: the "
    "root of the sum of squares.",
    caught_by="test_value",
    family={"how": ("sum", "mean", "absolute sum", "length of the means", "length of the sums")},
)
def sum_of_entries(losses, trunk_params, *, how="sum"):
    if how.startswith("length"):
        parts = [
            [g.mean() if how.endswith("means") else g.sum() for g in grads]
            for grads in _gradients(losses, trunk_params)
        ]
        return [torch.stack(one).norm() for one in parts]
    sums = [_long(grads).mean() if how == "mean" else _long(grads).sum() for grads in _gradients(losses, trunk_params)]
    return [one.abs() if how == "absolute sum" else one for one in sums]


@misconception(
    "These are the largest entries of the gradients. One loud weight is not the pull of a task; use the length.",
    caught_by="test_value",
)
def largest_entry(losses, trunk_params):
    return [_long(grads).abs().max() for grads in _gradients(losses, trunk_params)]


@misconception(
    "Every task got the norm of the gradient of the summed loss. Differentiate each loss on its own.",
    caught_by="test_value",
    conceptual=True,
)
def norm_of_the_sum(losses, trunk_params):
    return _long(torch.autograd.grad(sum(losses), trunk_params, retain_graph=True)).norm().expand(len(losses))


@misconception(
    "Every task got the norm of one of them. Often because the loop differentiates `losses[0]`, or a variable from before it.",
    caught_by="test_value",
    family={"task": (0, -1)},
)
def one_task_for_all(losses, trunk_params, *, task=0):
    return _norms(losses, trunk_params)[task].expand(len(losses))


@misconception(
    "The norm of a single task came back. Often because the `return` stands inside the loop, or because the list is overwritten.",
    caught_by="test_value",
    family={"task": (0, -1), "shape": ("(1,)", "()")},
)
def one_task_only(losses, trunk_params, *, task=0, shape="(1,)"):
    norm = _norms(losses, trunk_params)[task]
    return norm[None] if shape == "(1,)" else norm


@misconception(
    "One norm per task and tensor came back. All trunk tensors together are one vector: give one number per task.",
    caught_by="test_value",
)
def one_norm_per_tensor(losses, trunk_params):
    return [[grad.norm() for grad in grads] for grads in _gradients(losses, trunk_params)]


@misconception(
    "These are relative numbers: each norm was divided by the sum, the largest or the mean of the norms. The norms "
    "themselves are asked for, in the units of each loss.",
    caught_by="test_value",
    family={"by": ("sum", "largest", "mean")},
)
def relative_norms(losses, trunk_params, *, by="sum"):
    norms = _norms(losses, trunk_params)
    return norms / {"sum": norms.sum(), "largest": norms.max(), "mean": norms.mean()}[by]


@misconception(
    "The norms were divided by the losses, or multiplied by them. The norms themselves are asked for.",
    caught_by="test_value",
    family={"how": ("divided", "multiplied")},
)
def relative_to_the_loss(losses, trunk_params, *, how="divided"):
    values = torch.stack([loss.detach() for loss in losses])
    norms = _norms(losses, trunk_params)
    return norms / values if how == "divided" else norms * values


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
    return _long([param.detach() for param in trunk_params]).norm().expand(len(losses))


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def constant(losses, trunk_params):
    return torch.tensor([13.0, 10.0])
