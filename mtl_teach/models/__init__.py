"""Four ways to share: one trunk, tied trunks, stitched trunks, and experts behind gates.

    hard sharing      h = trunk(x);              y_t = head_t(h)
    soft sharing, l2  h_t = trunk_t(x);          y_t = head_t(h_t), and the loss pays for ||trunk_t - trunk_s||²
    cross-stitch      h_t = sum_s a_ts h_s       after every layer of the trunks;  y_t = head_t(h_t)
    MMoE              h_t = sum_e gate_te(x) expert_e(x);                          y_t = head_t(h_t)

Every model maps x (n_samples, n_features) to predictions (n_samples, n_tasks), one column a task, or more columns for
a task with several outputs. Heads are linear: regression labels may be negative, and losses take logits.

References
----------
Caruana, "Multitask Learning", 1997 (hard sharing). Duong et al., "Low Resource Dependency Parsing: Cross-lingual
Parameter Sharing in a Neural Network Parser", 2015, section 4 (l2 ties). Misra et al., "Cross-stitch Networks for
Multi-task Learning", 2016, eq. 1. Ma et al., "Modeling Task Relationships in Multi-task Learning with Multi-gate
Mixture-of-Experts", 2018, eqs. 6-8.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from numbers import Integral
from typing import cast

import torch
from torch import Tensor, nn

from mtl_teach._validate import check_choice, check_shape, must


class MultiTaskModel(nn.Module, ABC):
    """What all models here offer beside ``forward``.

    Attributes
    ----------
    task_dims : tuple of int
        Outputs of each task.
    n_features : int
    """

    def __init__(self, n_features: int, task_dims: Sequence[int]) -> None:
        super().__init__()
        _check_sizes("n_features", [n_features])
        _check_sizes("task_dims", task_dims)
        self.n_features = n_features
        self.task_dims = tuple(task_dims)

    @property
    def n_tasks(self) -> int:
        """Number of tasks."""
        return len(self.task_dims)

    def split(self, output: Tensor) -> tuple[Tensor, ...]:
        """Cut predictions (n_samples, sum(task_dims)) into one tensor (n_samples, task_dim) per task."""
        return output.split(self.task_dims, dim=1)

    def shared_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the parameters that more than one task's loss reaches."""
        own = {id(p) for task in range(self.n_tasks) for p in self.task_parameters(task)}
        return (p for p in self.parameters() if id(p) not in own)

    def task_parameters(self, task: int) -> Iterator[nn.Parameter]:
        """Yield the parameters that only this task's loss reaches."""
        return chain.from_iterable(module.parameters() for module in self._owned_by(task))

    @abstractmethod
    def _owned_by(self, task: int) -> list[nn.Module]:
        """The modules that only this task's loss reaches."""


class HardSharing(MultiTaskModel):
    """One trunk for all tasks, one linear head each.

    Parameters
    ----------
    n_features : int
    hidden : int or sequence of int
        Units of the trunk's layers, each followed by a ReLU.
    task_dims : sequence of int
        Outputs of each task; 1 for a regression or a logit.
    generator : torch.Generator, optional
        Decides the initial parameters; by default torch's global one.

    Raises
    ------
    ValueError
        If a size is not a positive integer, there is no task, or `x` does not have `n_features` columns.

    References
    ----------
    Caruana 1997.

    Examples
    --------
    >>> model = HardSharing(n_features=5, hidden=16, task_dims=[1, 1, 1])
    >>> model(torch.zeros(8, 5)).shape
    torch.Size([8, 3])
    >>> sum(p.numel() for p in model.shared_parameters())
    96
    """

    def __init__(
        self,
        n_features: int,
        hidden: int | Sequence[int],
        task_dims: Sequence[int],
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(n_features, task_dims)
        widths = _widths(hidden)
        self.trunk = _trunk(n_features, widths, generator)
        self.heads = nn.ModuleList(_linear(widths[-1], dim, generator) for dim in task_dims)

    def forward(self, x: Tensor) -> Tensor:
        """Predict: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        check_shape("x", x, n_samples=None, n_features=self.n_features)
        features = self.trunk(x)
        return torch.cat([head(features) for head in self.heads], dim=1)

    def _owned_by(self, task: int) -> list[nn.Module]:
        return [self.heads[task]]


class SoftSharing(MultiTaskModel):
    """One trunk per task, kept similar by a penalty or mixed by cross-stitch units.

    Parameters
    ----------
    n_features : int
    hidden : int or sequence of int
        Units of each trunk's layers.
    task_dims : sequence of int
    tie : "l2" | "cross_stitch"
        "l2": the trunks are separate; add ``lam * model.tie_penalty()`` to the loss. No parameter is shared.
        "cross_stitch": after each layer, task t continues with a learned mixture of all tasks' activations. Every
        task's loss then reaches every trunk.
    generator : torch.Generator, optional

    Raises
    ------
    ValueError
        As `HardSharing`, or if `tie` is unknown.

    References
    ----------
    Duong et al. 2015, section 4; Misra et al. 2016, eq. 1. One mixing matrix a layer, shared by its units; it starts
    with 0.9 on the diagonal and the rest spread evenly, so that every row sums to 1.

    Examples
    --------
    >>> model = SoftSharing(n_features=5, hidden=16, task_dims=[1, 1])
    >>> model(torch.zeros(8, 5)).shape, bool(model.tie_penalty() > 0)
    (torch.Size([8, 2]), True)
    """

    def __init__(
        self,
        n_features: int,
        hidden: int | Sequence[int],
        task_dims: Sequence[int],
        tie: str = "l2",
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(n_features, task_dims)
        check_choice("tie", tie, ["l2", "cross_stitch"])
        self.tie = tie
        widths = _widths(hidden)
        n_tasks = self.n_tasks
        self.trunks = nn.ModuleList(_trunk(n_features, widths, generator) for _ in range(n_tasks))
        self.heads = nn.ModuleList(_linear(widths[-1], dim, generator) for dim in task_dims)
        own = 0.9 if n_tasks > 1 else 1.0
        start = torch.full((n_tasks, n_tasks), (1 - own) / max(1, n_tasks - 1)).fill_diagonal_(own)
        n_stitches = len(widths) if tie == "cross_stitch" else 0
        self.stitches = nn.ParameterList(nn.Parameter(start.clone()) for _ in range(n_stitches))

    def forward(self, x: Tensor) -> Tensor:
        """Predict: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        check_shape("x", x, n_samples=None, n_features=self.n_features)
        if self.tie == "l2":
            states = [trunk(x) for trunk in self.trunks]
        else:
            states, trunks = [x] * self.n_tasks, [cast(nn.Sequential, trunk) for trunk in self.trunks]
            for layer, stitch in enumerate(self.stitches):
                linear, relu = 2 * layer, 2 * layer + 1
                active = torch.stack([t[relu](t[linear](h)) for t, h in zip(trunks, states)])
                states = list(torch.einsum("ts,snh->tnh", stitch, active))
        return torch.cat([head(h) for head, h in zip(self.heads, states)], dim=1)

    def tie_penalty(self) -> Tensor:
        """Return the squared distance between the trunks' parameters, summed over pairs of tasks, shape ().

        Exactly 0 for one task, and for cross-stitch, where the mixing does the sharing.
        """
        pairs = combinations(self.trunks, 2) if self.tie == "l2" else []
        distances = [(p - q).square().sum() for a, b in pairs for p, q in zip(a.parameters(), b.parameters())]
        return torch.stack(distances).sum() if distances else next(self.parameters()).new_zeros(())

    def _owned_by(self, task: int) -> list[nn.Module]:
        return [self.heads[task]] if self.tie == "cross_stitch" else [self.trunks[task], self.heads[task]]


class MMoE(MultiTaskModel):
    """Experts that all tasks share, mixed for each task by its own gate.

    Parameters
    ----------
    n_features : int
    n_experts : int
    expert_hidden : int or sequence of int
        Units of each expert's layers.
    task_dims : sequence of int
    generator : torch.Generator, optional

    Raises
    ------
    ValueError
        As `HardSharing`.

    References
    ----------
    Ma et al. 2018, eqs. 6-8. The gate is a linear map of x followed by a softmax *over the experts*; the tower is
    one linear layer.

    Examples
    --------
    >>> model = MMoE(n_features=5, n_experts=3, expert_hidden=8, task_dims=[1, 1])
    >>> model(torch.zeros(4, 5)).shape, model.gates(torch.zeros(4, 5)).shape
    (torch.Size([4, 2]), torch.Size([4, 2, 3]))
    """

    def __init__(
        self,
        n_features: int,
        n_experts: int,
        expert_hidden: int | Sequence[int],
        task_dims: Sequence[int],
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(n_features, task_dims)
        _check_sizes("n_experts", [n_experts])
        widths = _widths(expert_hidden, "expert_hidden")
        self.experts = nn.ModuleList(_trunk(n_features, widths, generator) for _ in range(n_experts))
        self.gate_layers = nn.ModuleList(_linear(n_features, n_experts, generator) for _ in task_dims)
        self.heads = nn.ModuleList(_linear(widths[-1], dim, generator) for dim in task_dims)

    def gates(self, x: Tensor) -> Tensor:
        """Return each task's weights of the experts, (n_samples, n_tasks, n_experts); they sum to 1 over experts."""
        check_shape("x", x, n_samples=None, n_features=self.n_features)
        return torch.stack([gate(x) for gate in self.gate_layers], dim=1).softmax(dim=-1)

    def forward(self, x: Tensor) -> Tensor:
        """Predict: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        gates = self.gates(x)
        opinions = torch.stack([expert(x) for expert in self.experts], dim=1)
        mixed = torch.einsum("nte,neh->tnh", gates, opinions)
        return torch.cat([head(h) for head, h in zip(self.heads, mixed)], dim=1)

    def _owned_by(self, task: int) -> list[nn.Module]:
        return [self.gate_layers[task], self.heads[task]]


class FixedOutputScale(nn.Module):
    """Let a model work in standard units and answer in the labels' units: prediction = mean + scale * model(x).

    With this layer, raw labels and losses weighted by 1/variance give *exactly* the training path of standardised
    labels; without it they do not, although the two losses are proportional (lesson 4).

    Parameters
    ----------
    model : MultiTaskModel
    mean, scale : tensor-like of shape (sum(task_dims),)
        In the labels' units, from the training rows. Not trained.

    Raises
    ------
    ValueError
        If the shapes differ from the outputs, or a scale is not positive.

    Examples
    --------
    >>> model = FixedOutputScale(HardSharing(2, 8, [1, 1]), mean=[300.0, 40.0], scale=[100.0, 20.0])
    >>> model(torch.zeros(4, 2)).shape
    torch.Size([4, 2])
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, model: MultiTaskModel, mean: Sequence[float], scale: Sequence[float]) -> None:
        super().__init__()
        dtype = next(model.parameters()).dtype
        for name, values in (("mean", mean), ("scale", scale)):
            self.register_buffer(name, torch.as_tensor(values, dtype=dtype))
            check_shape(name, getattr(self, name), n_outputs=sum(model.task_dims))
        if not bool((self.scale > 0).all()):
            raise ValueError(must("scale", "be positive", self.scale.tolist()))
        self.model = model

    @property
    def n_tasks(self) -> int:
        """Number of tasks."""
        return self.model.n_tasks

    def forward(self, x: Tensor) -> Tensor:
        """Predict in the labels' units: x (n_samples, n_features) -> (n_samples, sum(task_dims))."""
        return self.mean + self.scale * self.model(x)

    def shared_parameters(self) -> Iterator[nn.Parameter]:
        """Yield the wrapped model's shared parameters."""
        return self.model.shared_parameters()

    def task_parameters(self, task: int) -> Iterator[nn.Parameter]:
        """Yield the wrapped model's parameters of one task."""
        return self.model.task_parameters(task)


def _linear(n_in: int, n_out: int, generator: torch.Generator | None) -> nn.Linear:
    """A linear layer with torch's usual start, uniform within 1/sqrt(n_in), drawn from `generator`."""
    layer = nn.utils.skip_init(nn.Linear, n_in, n_out)
    bound = n_in**-0.5
    for parameter in layer.parameters():
        nn.init.uniform_(parameter, -bound, bound, generator=generator)
    return layer


def _trunk(n_features: int, widths: list[int], generator: torch.Generator | None) -> nn.Sequential:
    """Linear and ReLU in turn."""
    layers: list[nn.Module] = []
    for n_in, n_out in zip([n_features, *widths], widths):
        layers += [_linear(n_in, n_out, generator), nn.ReLU()]
    return nn.Sequential(*layers)


def _widths(hidden: int | Sequence[int], name: str = "hidden") -> list[int]:
    widths = list(hidden) if isinstance(hidden, Sequence) else [hidden]
    _check_sizes(name, widths)
    return widths


def _check_sizes(name: str, sizes: Sequence[int]) -> None:
    if not sizes or any(not isinstance(size, Integral) or size < 1 for size in sizes):
        got = sizes[0] if len(sizes) == 1 else list(sizes)
        raise ValueError(must(name, "hold positive integers" if len(sizes) != 1 else "be a positive integer", got))
