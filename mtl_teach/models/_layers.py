"""The layers that the models are made of, and the check of their sizes.

    trunk(x) = relu(W_k ... relu(W_1 x + b_1) ... + b_k),  W, b uniform within 1 / sqrt(inputs of the layer)

as torch.nn.Linear starts, but drawn from a generator that can be handed in.
"""

from collections.abc import Iterable, Sequence
from numbers import Integral

import torch
from torch import Tensor, nn

from mtl_teach._validate import must


def make_linear(n_in: int, n_out: int, generator: torch.Generator | None) -> nn.Linear:
    """A linear layer with torch's usual start, uniform within 1/sqrt(n_in), drawn from `generator`."""
    layer = nn.utils.skip_init(nn.Linear, n_in, n_out)
    bound = n_in**-0.5
    for parameter in layer.parameters():
        nn.init.uniform_(parameter, -bound, bound, generator=generator)
    return layer


def make_trunk(n_features: int, widths: list[int], generator: torch.Generator | None) -> nn.Sequential:
    """Linear and ReLU in turn."""
    layers: list[nn.Module] = []
    for n_in, n_out in zip([n_features, *widths], widths):
        layers += [make_linear(n_in, n_out, generator), nn.ReLU()]
    return nn.Sequential(*layers)


def widths_of(hidden: int | Sequence[int], name: str = "hidden") -> list[int]:
    widths = list(hidden) if isinstance(hidden, Iterable) else [hidden]
    check_sizes(name, widths)
    return widths


def check_sizes(name: str, sizes: Sequence[int]) -> None:
    if not hasattr(sizes, "__iter__"):
        raise ValueError(must(name, "hold positive integers", repr(sizes)))
    sizes = list(sizes)
    if not sizes or any(not isinstance(size, Integral) or isinstance(size, bool) or size < 1 for size in sizes):
        alone = len(sizes) == 1
        need = "be a positive integer" if alone else "hold positive integers"
        raise ValueError(must(name, need, repr(sizes[0] if alone else sizes)))


def gates_of(layers: Iterable[nn.Module], x: Tensor) -> Tensor:
    """Return the softmax of each gate's logits, (n_samples, n_tasks, n_experts): shares that sum to 1 over experts."""
    return torch.stack([gate(x) for gate in layers], dim=1).softmax(dim=-1)
