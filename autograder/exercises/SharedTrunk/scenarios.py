"""Builds the answer's model, fills its parameters with numbers of ours, and looks at what it computes."""

import torch
from torch import nn


def predictions(SharedTrunk, d_in, hidden, task_dims, x):
    """What a freshly built model predicts, or the name of its type where it is no module."""
    model, _ = _build(SharedTrunk, d_in, hidden, task_dims, x)
    return model(x) if isinstance(model, nn.Module) else f"{type(model).__name__}"


def filled_twice(SharedTrunk, d_in, hidden, task_dims, x, scale, seed=100, starts=(1, 2)):
    """Predictions of two models that were built apart and then got the same parameters, for several fillings."""
    outputs = []
    for start in starts:
        model, learned = _build(SharedTrunk, d_in, hidden, task_dims, x, start)
        outputs.append([_filled(model, learned, scale, filling, seed)(x) for filling in range(8)])
    return [[_as_list(output, task_dims) for output in side] for side in outputs]


def called_twice(SharedTrunk, d_in, hidden, task_dims, x):
    """Two predictions of one model for the same features."""
    model, learned = _build(SharedTrunk, d_in, hidden, task_dims, x)
    _filled(model, learned, 1.0, 0)
    return [_as_list(model(x), task_dims) for _ in range(2)]


def who_uses_what(SharedTrunk, d_in, hidden, task_dims, x, seed=100):
    """For each task, which numbers among the parameters its predictions have a gradient in, over three fillings.

    The pattern counts, entry by entry: a unit that happens to be dead in one filling lives in another.
    """
    model, learned = _build(SharedTrunk, d_in, hidden, task_dims, x)
    used = None
    for filling in range(3):
        outputs = _as_list(_filled(model, learned, 0.7, filling, seed)(x), task_dims)
        pattern = torch.stack([_pattern(output, learned, filling) for output in outputs])
        used = pattern if used is None else used | pattern
    return used


def moved(SharedTrunk, d_in, hidden, task_dims, xs, seed, masks):
    """Predictions for several features, then for the first of them with marked parameters exchanged, mask by mask."""
    model, learned = _build(SharedTrunk, d_in, hidden, task_dims, xs[0])
    first, other = (_numbers(_filled(model, learned, 0.7, filling, seed), learned) for filling in (0, 1))
    outputs = []
    for mask, x in [*((torch.zeros(len(first), dtype=torch.bool), x) for x in xs), *((mask, xs[0]) for mask in masks)]:
        numbers = torch.where(mask, other, first).split([parameter.numel() for parameter in learned])
        with torch.no_grad():
            for parameter, values in zip(learned, numbers):
                parameter.copy_(values.view_as(parameter))
        torch.manual_seed(seed)  # where something is random it is so in the same way each time
        outputs.append(_as_list(model(x), task_dims))
    return outputs


def sizes(SharedTrunk, d_in, widths, task_dims, x):
    """How many numbers are learned at each width of the trunk."""
    return [sum(p.numel() for p in _build(SharedTrunk, d_in, width, task_dims, x)[1]) for width in widths]


def dims_left(SharedTrunk, d_in, hidden, task_dims, x):
    """The dictionary and the features after building and calling the model."""
    SharedTrunk(d_in, hidden, task_dims)(x)
    return list(task_dims.items()), x


def everything(SharedTrunk, d_in, hidden, task_dims, x):
    """Shapes, signs, mixing and sharing in words of yes and no: tells behaviours apart, whatever the architecture."""
    model, learned = _build(SharedTrunk, d_in, hidden, task_dims, x)
    first = model(x)
    if not isinstance(first, dict):
        return type(first).__name__
    record = {task: list(output.shape) for task, output in first.items()}
    values = [_filled(model, learned, 2.0, filling)(x) for filling in range(8)]
    values = torch.cat([output.detach().flatten() for one in values for output in one.values()])
    zeros = float((values == 0).float().mean()) > 0.2
    record["reach"] = [bool((values < limit).any()) for limit in (-1, 0)] + [bool((values > 1).any()), zeros]
    record["rows mix"] = _rows_mix(_filled(model, learned, 1.0, 1), x)
    one, other = filled_twice(SharedTrunk, d_in, hidden, task_dims, x, 1.0)
    record["all registered"] = all(torch.allclose(a, b) for pair in zip(one, other) for a, b in zip(*pair))
    small, large = sizes(SharedTrunk, d_in, (8, 16), task_dims, x)
    record["grows"] = large > small
    used = who_uses_what(SharedTrunk, d_in, hidden, task_dims, x)
    count = used.sum(dim=0)
    own = [int((tasks & (count == 1)).sum()) for tasks in used]
    record["shared"] = bool((count == len(used)).any())
    record["in between"] = bool(((count > 1) & (count < len(used))).any())
    record["own"] = [number > 0 for number in own]
    record["first owns more"] = own[0] > 2 * own[1]
    record["idle"] = float((count == 0).float().mean()) > 0.2
    record["idle but used"] = record["idle"] and _idle_numbers_matter(model, learned, count == 0, x)
    record["frozen"] = not all(parameter.requires_grad for parameter in model.parameters())
    once, again = called_twice(SharedTrunk, d_in, hidden, task_dims, x)
    record["random"] = not all(torch.allclose(a, b) for a, b in zip(once, again))
    return record


def _idle_numbers_matter(model, learned, idle, x):
    """True where numbers without a gradient change what is predicted."""
    before = _filled(model, learned, 1.0, 0)(x)
    with torch.no_grad():
        for parameter, still in zip(learned, idle.split([p.numel() for p in learned])):
            parameter += still.view_as(parameter) * 1.0
    after = model(x)
    return any(not torch.allclose(before[task], after[task], rtol=1e-3, atol=1e-4) for task in before)


def _rows_mix(model, x):
    other = x.clone()
    other[0] += 1.0
    one, other = model(x), model(other)
    return any(not torch.allclose(one[task][1:], other[task][1:], rtol=1e-3, atol=1e-4) for task in one)


def _build(SharedTrunk, d_in, hidden, task_dims, x, start=0):
    """A model in evaluation mode (so that dropout and batch norm are at rest), and its trainable parameters."""
    torch.manual_seed(start)
    model = SharedTrunk(d_in, hidden, dict(task_dims))
    if not isinstance(model, nn.Module):
        return model, []
    model.eval()
    with torch.no_grad():
        model(x)  # lazy layers take their shape now
    return model, [parameter for parameter in model.parameters() if parameter.requires_grad]


def _filled(model, learned, scale, filling, seed=100):
    generator = torch.Generator().manual_seed(seed + filling)
    with torch.no_grad():
        for parameter in learned:
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator))
    return model


def _numbers(model, learned):
    return torch.cat([parameter.detach().flatten() for parameter in learned])


def _as_list(output, task_dims):
    if not isinstance(output, dict):
        raise TypeError(f"forward must return a dictionary, it returned {type(output).__name__}")
    return [output[task] for task in task_dims]


def _pattern(output, learned, filling):
    if not learned or not output.requires_grad:
        return torch.zeros(sum(p.numel() for p in learned) or 1, dtype=torch.bool)
    # A random mixture of the entries, so that nothing cancels by symmetry.
    mixture = (output * torch.randn(output.shape, generator=torch.Generator().manual_seed(filling))).sum()
    grads = torch.autograd.grad(mixture, learned, retain_graph=True, allow_unused=True)
    return torch.cat(
        [
            (torch.zeros(parameter.numel()) if grad is None else grad.flatten()) != 0
            for parameter, grad in zip(learned, grads)
        ]
    )
