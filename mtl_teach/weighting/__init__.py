r"""Loss weights that change while training: how much each task counts, decided from the losses.

Every class here answers one question, the weights :math:`w_1, \dots, w_T` of

.. math::  L = \sum_t w_t L_t

and is used in the same way: call it with the losses to get the number to minimise, read ``.weights``, and
tell it what it wants to know by its ``step`` or ``update``. A training loop need not know which of the two: it calls
the `TrainingHooks` that all of them have.

==================== =========================================== ============================== =============
class                a task's weight rises when                   it must be told                weights sum to
==================== =========================================== ============================== =============
WeightedSum          never                                        nothing                        anything
UncertaintyWeighting its training loss is small                   (learned by your optimiser)    anything
DynamicWeightAverage its loss has stopped falling                 mean losses, every epoch       n_tasks
GradNorm             its gradient is small or it trains slowly    losses and a shared parameter  n_tasks
PerformanceWeighting its validation metric is low                 metrics, every epoch           n_tasks
==================== =========================================== ============================== =============

None of them replaces a look at the units, and none beats a *tuned* `WeightedSum` reliably: compare at equal
tuning budget.

One method a file lives here, with the hooks by which a training loop tells them what they want to know. It may import
numerical libraries and, of the course, `mtl_teach._validate`, `losses` and `gradients`.
"""

from mtl_teach.weighting.base import Weighting
from mtl_teach.weighting.dynamic_average import DynamicWeightAverage
from mtl_teach.weighting.fixed import WeightedSum
from mtl_teach.weighting.gradnorm import GradNorm, gradnorm_targets
from mtl_teach.weighting.hooks import TrainingHooks
from mtl_teach.weighting.performance import PerformanceWeighting
from mtl_teach.weighting.uncertainty import UncertaintyWeighting

__all__ = [
    "DynamicWeightAverage",
    "GradNorm",
    "PerformanceWeighting",
    "TrainingHooks",
    "UncertaintyWeighting",
    "WeightedSum",
    "Weighting",
    "gradnorm_targets",
]
