"""When a training loop tells a weighting what it wants to know.

    for every epoch:
        for every batch:
            total = weighting(losses);  weighting.before_backward(losses, model);  step along total
        weighting.after_epoch(mean losses)
        weighting.after_validation(scores)         if there is validation

A weighting overrides the hooks that it needs, so that a loop can call all of them and need not know which weighting it
drives.
"""

from typing import Any, ClassVar

from torch import Tensor


class TrainingHooks:
    """What `training.fit` tells a weighting; here, as long as nothing is overridden, it is ignored.

    Attributes
    ----------
    needs_metrics : bool
        Whether `after_validation` must be told one metric per task of which larger is better. A loop refuses to start
        without them.

    Examples
    --------
    >>> class Remembers(TrainingHooks):
    ...     def after_epoch(self, mean_losses):
    ...         self.seen = mean_losses
    >>> weighting = Remembers()
    >>> weighting.after_epoch(1.5), weighting.after_validation(0.2), weighting.seen
    (None, None, 1.5)
    """

    needs_metrics: ClassVar[bool] = False

    def before_backward(self, losses: Tensor, model: Any) -> None:
        """Hear the unweighted losses (n_tasks,) of a batch with their graph, which must be kept, and the model."""

    def after_epoch(self, mean_losses: Tensor) -> None:
        """Hear the mean of each task's unweighted loss (n_tasks,) over the epoch, in float64."""

    def after_validation(self, scores: Tensor) -> None:
        """Hear what the validation returned, () or (n_tasks,), in float64."""
