"""What all models offer beside ``forward``: which parameters are shared, and which belong to one task.

    parameters = shared_parameters + task_parameters(0) + task_parameters(1) + ...

A parameter belongs to task t if only the loss of task t reaches it, and is shared if more than one loss does. Gradient
methods combine the tasks' gradients on the shared ones only.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import chain

from torch import Tensor, nn

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
