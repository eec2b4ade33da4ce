"""Many small networks trained at once: other seeds, other data, other weights, other learning rates.

An experiment with an interval is the same training dozens of times. `torch.func.stack_module_state` stacks the
parameters of networks of one structure and `torch.func.vmap` applies each network to its own rows. The terms of the
summed loss share no parameter, so each network trains as if it were alone, up to rounding, in a fraction of the time.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from mtl_teach._validate import check_all, check_count, check_shape, check_tensor, must


def masked_squared_errors(output: Tensor, y: Tensor) -> Tensor:
    """Return each network's mean squared error per task over the labels that are observed: (n_networks, n_tasks).

    Both arguments have the shape (n_networks, n_rows, n_tasks); NaN in `y` is a missing label.

    Examples
    --------
    >>> y = torch.tensor([[[1.0, float("nan")], [3.0, 2.0]]])
    >>> masked_squared_errors(torch.zeros(1, 2, 2), y)
    tensor([[5., 4.]])
    """
    observed = ~y.isnan()
    share = observed / observed.sum(dim=1, keepdim=True).clamp(min=1)
    return ((output - y.nan_to_num(0.0)).square() * share).sum(dim=1)


def train_side_by_side(
    networks: Sequence[nn.Module],
    x: Tensor,
    y: Tensor,
    x_new: Tensor,
    *,
    rates: Sequence[float],
    stops: Sequence[int],
    task_weights: Sequence[float] | Tensor | None = None,
    loss_fn: Callable[[Tensor, Tensor], Tensor] = masked_squared_errors,
    batch_size: int | None = None,
    generator: torch.Generator | None = None,
    method: type[torch.optim.Optimizer] = torch.optim.Adam,
) -> Tensor:
    """Train networks of one structure side by side, and predict at several stops.

    Parameters
    ----------
    networks : sequence of n_networks nn.Module
        Equal but for their parameters, which are left as they are.
    x : Tensor of shape (n_networks, n_samples, n_features)
    y : Tensor of shape (n_networks, n_samples, n_tasks)
        NaN where a label is missing.
    x_new : Tensor of shape (n_networks, n_new, n_features)
        Where to predict.
    rates : sequence of n_networks floats
        Positive learning rates.
    stops : sequence of int
        After how many steps to predict; increasing.
    task_weights : Tensor or sequence of shape (n_tasks,) or (n_networks, n_tasks), default: 1
        Of the losses in the sum.
    loss_fn : callable(outputs (n_networks, n_rows, n_outputs), y (n_networks, n_rows, n_tasks))
        Gives the losses, (n_networks, n_tasks), of which none mixes networks.
    batch_size : int, optional
        Rows per step, drawn anew in each pass through the data, the same rows for all networks; by default all.
    generator : torch.Generator, optional
        For the order of the rows; must be given with `batch_size`.
    method : type of optimiser, default Adam
        One whose step is proportional to its learning rate, such as Adam or SGD without a decay of the weights.

    Returns
    -------
    Tensor of shape (n_stops, n_networks, n_new, n_outputs)
        NaN or infinite where a training diverged.

    Raises
    ------
    ValueError
        If shapes do not agree, a rate is not positive, `stops` are no integers that increase from at least 1, or there
        is a `batch_size` below 1 or without a `generator`.
    TypeError
        If `x` or `x_new` is not a floating-point tensor.

    Examples
    --------
    >>> one = nn.Linear(1, 1)
    >>> x, y = torch.tensor([[[0.0], [1.0]]]), torch.tensor([[[1.0], [3.0]]])
    >>> train_side_by_side([one], x, y, x, rates=[0.1], stops=[500]).squeeze().round(decimals=2)
    tensor([1., 3.])
    """
    n_networks = len(networks)
    check_tensor("x", x, n_networks=n_networks, n_samples=None, n_features=None)
    check_shape("y", y, n_networks=n_networks, n_samples=x.shape[1], n_tasks=None)
    check_tensor("x_new", x_new, n_networks=n_networks, n_new=None, n_features=x.shape[2])
    rate = torch.as_tensor(rates)
    check_shape("rates", rate, n_networks=n_networks)
    check_all("rates", rate, rate > 0, "be positive")
    for stop in stops:
        check_count("stops", stop)
    if list(stops) != sorted(set(stops)) or not stops:
        raise ValueError(must("stops", "increase from at least 1", list(stops)))
    if batch_size is not None and (batch_size < 1 or generator is None):
        raise ValueError(must("batch_size", "be at least 1 and come with a `generator`", batch_size))
    weights = torch.ones(y.shape[2]) if task_weights is None else torch.as_tensor(task_weights)
    if tuple(weights.shape) not in ((y.shape[2],), (n_networks, y.shape[2])):
        need = f"have shape (n_tasks,) = ({y.shape[2]},), or one such row per network"
        raise ValueError(must("task_weights", need, tuple(weights.shape)))
    weights = weights.to(x.device)

    params = stack_module_state(list(networks))[0]
    forward = vmap(partial(functional_call, networks[0]))
    # A step at rate 1, of which each network takes its own fraction: no optimiser has a rate per network.
    optimiser = method(params.values(), lr=1.0)  # type: ignore[call-arg]
    seen, batches = [], _batches(x.shape[1], batch_size, generator)
    for step in range(1, stops[-1] + 1):
        rows = next(batches)
        optimiser.zero_grad()
        (loss_fn(forward(params, _taken(x, rows)), _taken(y, rows)) * weights).sum().backward()
        before = [param.detach().clone() for param in params.values()]
        optimiser.step()
        with torch.no_grad():
            for param, old in zip(params.values(), before):
                param.copy_(torch.lerp(old, param, rate.to(param).reshape(-1, *[1] * (param.dim() - 1))))
            if step in stops:
                seen.append(forward(params, x_new))
    return torch.stack(seen)


def _taken(values: Tensor, rows: Tensor | None) -> Tensor:
    """These rows of every network's data; ``values[:, rows]`` does not copy whole rows, and takes ten times as long."""
    return values if rows is None else values.index_select(1, rows.to(values.device))


def _batches(n_samples: int, size: int | None, generator: torch.Generator | None) -> Iterator[Tensor | None]:
    """Row numbers for step after step, for ever; None for all of them."""
    while True:
        if size is None:
            yield None
        else:
            yield from torch.randperm(n_samples, generator=generator).split(size)
