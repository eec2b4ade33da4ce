"""Builds the answer's model, fills its parameters with numbers of ours, and looks at what it computes."""

import torch
from torch import nn

# ---- in words of yes and no, which tell behaviours apart whatever the architecture --------------------------------


def shapes(SharedTrunk, d_in, hidden, task_dims, x):
    """The shape of each output of a new model by name, or what came instead; then whether it reads x, and learns."""
    model, learned = _build(SharedTrunk, d_in, hidden, task_dims, x)
    if not isinstance(model, nn.Module):
        return "no nn.Module"
    output = model(x)
    if not isinstance(output, dict):
        return type(output).__name__
    first, other = (_joined(_filled(model, learned, 0.7, filling)(x)) for filling in (0, 1))
    moved = x + torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    reads_x = not torch.allclose(_joined(model(moved)), other, rtol=1e-3, atol=1e-4)
    learns = not torch.allclose(first, other, rtol=1e-3, atol=1e-4)
    return {task: list(one.shape) for task, one in output.items()}, reads_x, learns


def sharing(SharedTrunk, d_in, hidden, task_dims, x):
    """Which weights hear from all tasks, from some and from one, and what of a model they are not."""
    model, learned = _build(SharedTrunk, d_in, hidden, task_dims, x)
    used = who_uses_what(SharedTrunk, d_in, hidden, task_dims, x)
    count = used.sum(dim=0)
    own = [int((tasks & (count == 1)).sum()) for tasks in used]
    idle = float((count == 0).float().mean()) > 0.2
    return {
        "shared": bool((count == len(used)).any()),
        "in between": bool(((count > 1) & (count < len(used))).any()),
        "own": [number > 2 * dim for number, dim in zip(own, task_dims.values())],
        "first owns more": own[0] > 2 * own[1],
        "idle": idle,
        "idle but used": idle and len(learned) > 0 and _idle_numbers_matter(model, learned, count == 0, x),
        "frozen": not all(parameter.requires_grad for parameter in model.parameters()),
        **registered(SharedTrunk, d_in, hidden, task_dims, x),
    }


def registered(SharedTrunk, d_in, hidden, task_dims, x):
    """Whether parameters() is all that counts, whether anything is random, and whether `hidden` makes a difference."""
    one, other = filled_twice(SharedTrunk, d_in, hidden, task_dims, x, 1.0)
    once, again = called_twice(SharedTrunk, d_in, hidden, task_dims, x)
    small, large = sizes(SharedTrunk, d_in, (8, 16), task_dims, x)
    return {
        "all registered": all(torch.allclose(a, b) for pair in zip(one, other) for a, b in zip(*pair)),
        "random": not all(torch.allclose(a, b) for a, b in zip(once, again)),
        "grows": large > small,
    }


def reach(SharedTrunk, d_in, hidden, task_dims, x):
    """For each task: below -1, below 0 and above 1 anywhere, and exactly 0 often, over eight fillings."""
    model, learned = _build(SharedTrunk, d_in, hidden, task_dims, x)
    fillings = [_as_list(_filled(model, learned, 2.0, filling)(x), task_dims) for filling in range(8)]
    values = [torch.cat([output.detach().flatten() for output in outputs]) for outputs in zip(*fillings)]
    return [
        [bool((one < -1).any()), bool((one < 0).any()), bool((one > 1).any()), float((one == 0).float().mean()) > 0.2]
        for one in values
    ]


def row_by_row(SharedTrunk, d_in, hidden, task_dims, x):
    """Whether a change in row 0 of x changes what is predicted for other rows."""
    model, learned = _build(SharedTrunk, d_in, hidden, task_dims, x)
    _filled(model, learned, 1.0, 1)
    other = x.clone()
    other[0] += 1.0
    pairs = zip(_as_list(model(x), task_dims), _as_list(model(other), task_dims))
    return any(not torch.allclose(one[1:], another[1:], rtol=1e-3, atol=1e-4) for one, another in pairs)


def everything(SharedTrunk, d_in, hidden, task_dims, x):
    """All of these together."""
    said = shapes(SharedTrunk, d_in, hidden, task_dims, x)
    if isinstance(said, str):
        return said
    questions = sharing, reach, row_by_row
    return [said, *(question(SharedTrunk, d_in, hidden, task_dims, x) for question in questions)]


# ---- in numbers, which the checker compares ------------------------------------------------------------------------


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
        torch.default_generator.manual_seed(seed)  # where something is random it is so in the same way each time
        outputs.append(_as_list(model(x), task_dims))
    return outputs


def sizes(SharedTrunk, d_in, widths, task_dims, x):
    """How many numbers are learned at each width of the trunk."""
    return [sum(p.numel() for p in _build(SharedTrunk, d_in, width, task_dims, x)[1]) for width in widths]


def dims_left(SharedTrunk, d_in, hidden, task_dims, x):
    """The dictionary and the features after building and calling the model."""
    SharedTrunk(d_in, hidden, task_dims)(x)
    return list(task_dims.items()), x


def _idle_numbers_matter(model, learned, idle, x):
    """True where numbers without a gradient change what is predicted."""
    before = _joined(_filled(model, learned, 1.0, 0)(x))
    with torch.no_grad():
        for parameter, still in zip(learned, idle.split([p.numel() for p in learned])):
            parameter += still.view_as(parameter) * 1.0
    return not torch.allclose(before, _joined(model(x)), rtol=1e-3, atol=1e-4)


def _build(SharedTrunk, d_in, hidden, task_dims, x, start=0):
    """A model in evaluation mode (so that dropout and batch norm are at rest), and its trainable parameters."""
    torch.default_generator.manual_seed(start)
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
    """The outputs in the order of the tasks, (B, dim) where only dimensions of 1 are missing or too many.

    Names and shapes are another question: what is squeezed, or stands in a list, can be asked everything else.
    """
    by_name = isinstance(output, dict) and all(task in output for task in task_dims)
    outputs = [output[task] for task in task_dims] if by_name else _outputs(output)
    if len(outputs) != len(task_dims):
        raise TypeError(f"forward gave {len(outputs)} outputs for {len(task_dims)} tasks")
    return [_with_all_dimensions(one, dim) for one, dim in zip(outputs, task_dims.values())]


def _outputs(output):
    if isinstance(output, dict):
        return list(output.values())
    return list(output) if isinstance(output, (list, tuple)) else [output]


def _with_all_dimensions(output, dim):
    lengths = [length for length in output.shape if length > 1]
    rows = output.numel() // dim
    return output.reshape(rows, dim) if lengths == [length for length in (rows, dim) if length > 1] else output


def _joined(output):
    return torch.cat([one.detach().flatten() for one in _outputs(output)])


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
