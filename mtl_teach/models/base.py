"""What all models offer beside ``forward``: which parameters are shared, and which belong to one task.

    parameters = shared_parameters + task_parameters(0) + task_parameters(1) + ...

A parameter belongs to task t if only the loss of task t reaches it, and is shared if more than one loss does. Gradient
methods combine the tasks' gradients on the shared ones only.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import chain

import torch
from torch import Tensor, nn

from mtl_teach._validate import check_shape, check_tensor, must
from mtl_teach.models._layers import check_sizes


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
        check_sizes("n_features", [n_features])
        check_sizes("task_dims", task_dims)
        self.n_features = n_features
        self.task_dims = tuple(int(dim) for dim in task_dims)

    @property
    def n_tasks(self) -> int:
        """Number of tasks."""
        return len(self.task_dims)

    def split(self, output: Tensor) -> tuple[Tensor, ...]:
        """Cut predictions (n_samples, sum(task_dims)) into one tensor (n_samples, task_dim) per task."""
        check_shape("output", output, n_samples=None, n_outputs=sum(self.task_dims))
        return output.split(self.task_dims, dim=1)

    def check_input(self, x: Tensor) -> None:
        """Raise unless x is a tensor (n_samples, n_features) in the dtype of the parameters; autocast takes any."""
        check_tensor("x", x, n_samples=None, n_features=self.n_features)
        dtype = next(self.parameters()).dtype
        if x.dtype != dtype and not torch.is_autocast_enabled(x.device.type):
            raise TypeError(must("x", f"have the dtype of the parameters, {dtype}", x.dtype))

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
