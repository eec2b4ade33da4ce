r"""What the methods share: weights that start equal, and the weighted sum.

.. math::  L = \sum_t w_t L_t

for the losses :math:`L_t` of the tasks. The weights :math:`w_t` are constants of the derivative: they change between
steps, by what a method is told, and no gradient flows into them.
"""

import torch
from torch import Tensor, nn

from mtl_teach._validate import check_count, check_same_device, check_tensor
from mtl_teach.losses import weighted_sum
from mtl_teach.weighting.hooks import TrainingHooks


class Weighting(nn.Module, TrainingHooks):
    """What the methods share: weights that start equal, and the weighted sum.

    Parameters
    ----------
    n_tasks : int
        At least 1.

    Attributes
    ----------
    weights : Tensor of shape (n_tasks,)
        A buffer: saved in the ``state_dict``, moved by ``.to``, out of reach of optimisers.
    """

    weights: Tensor

    def __init__(self, n_tasks: int):
        super().__init__()
        check_count("n_tasks", n_tasks)
        self.register_buffer("weights", torch.ones(n_tasks))

    def forward(self, losses: Tensor) -> Tensor:
        """Return the weighted sum () of the losses (n_tasks,); no gradient flows into the weights.

        Raises
        ------
        TypeError, ValueError
            If `losses` is not a vector of n_tasks floating-point numbers on this device.
        """
        check_report("losses", losses, self.weights)
        return weighted_sum(losses, self.weights)

    def reset(self) -> None:
        """Go back to the weights of the beginning and forget everything seen."""
        self.weights = torch.ones_like(self.weights)


def check_report(name: str, value: Tensor, weights: Tensor) -> None:
    check_tensor(name, value, n_tasks=len(weights))
    check_same_device(name, value, "weights", weights)
