r"""Keep something within its budget while training: multipliers that find their own weight.

The problem is to minimise a loss subject to :math:`g_k \le 0`, where the violation :math:`g_k` is a value
minus its budget (positive: over the budget, negative: slack). The Lagrangian gives each constraint a weight,
its multiplier :math:`\lambda_k \ge 0`,

.. math::
    \mathcal{L}(\theta, \lambda) = L(\theta) + \sum_k \lambda_k g_k(\theta),
    \qquad \lambda_k \leftarrow \max(0, \lambda_k + \eta\, g_k)

and training alternates: *descend* in the parameters :math:`\theta`, *ascend* in the multipliers. A multiplier
grows while its budget is exceeded and falls while there is slack. On a convex trade-off, and with a step
:math:`\eta` that is small enough, it settles where the budget just holds, so that nobody has to tune the weight of
a penalty. On a concave one it may never settle; a large enough `penalty` then helps.
"""

import torch
from torch import Tensor, nn

from mtl_teach._validate import (
    check_all,
    check_boolean,
    check_count,
    check_same_device,
    check_shape,
    check_tensor,
    must,
)


def parity_gap(score: Tensor, group: Tensor) -> Tensor:
    """Return the mean score inside the group minus the mean score outside it.

    Zero is demographic parity. The gap has a sign: to bound it on both sides, use its absolute value or two
    constraints, ``gap - budget`` and ``-gap - budget``.

    Parameters
    ----------
    score : Tensor of shape (n_samples,)
        For example predicted probabilities. Decisions cut at a threshold have no gradient; scores do.
    group : bool Tensor of shape (n_samples,)
        True for members of the group.

    Returns
    -------
    Tensor of shape ()
        In the units of `score`, differentiable in `score`.

    Raises
    ------
    TypeError
        If `score` is not a floating-point tensor or `group` is not boolean.
    ValueError
        If shapes or devices differ, or if all samples are on the same side. (A batch without members of
        one side has no gap, which is not the same as a gap of 0.)

    References
    ----------
    Calders & Verwer, Three naive Bayes approaches for discrimination-free classification, Data Mining and
    Knowledge Discovery 2010: their discrimination score, with scores in place of decisions.

    Examples
    --------
    >>> parity_gap(torch.tensor([0.9, 0.5, 0.2]), torch.tensor([True, True, False]))
    tensor(0.5000)
    """
    check_tensor("score", score, n_samples=None)
    check_same_device("group", group, "score", score)
    check_boolean("group", group)
    check_shape("group", group, n_samples=len(score))
    n_inside = int(group.sum())
    if n_inside in (0, len(group)):
        need = "have at least one True and one False"
        raise ValueError(must("group", need, f"{n_inside} True among {len(group)}"))
    return score[group].mean() - score[~group].mean()


class Lagrangian(nn.Module):
    r"""A loss with constraints, and the multipliers that enforce them.

    Parameters
    ----------
    n_constraints : int
        At least 1.
    lr : float
        Positive step size :math:`\eta` of the multipliers, in units of multiplier per unit of violation.
    penalty : float, default 0.0
        Coefficient :math:`c` of the augmented Lagrangian. It damps the swinging of the multipliers without
        moving the solution. For :math:`c > 0` the constraint term is
        :math:`\frac{1}{2c} \sum_k \left( \max(0, \lambda_k + c\, g_k)^2 - \lambda_k^2 \right)`, which tends
        to :math:`\sum_k \lambda_k g_k` for active constraints as :math:`c \to 0`.

    Attributes
    ----------
    multipliers : Tensor of shape (n_constraints,)
        Non-negative, 0 at the start, in units of loss per unit of violation. At the solution, a multiplier
        is the rate at which the loss would fall if its budget were raised. No gradient flows into it.

    Notes
    -----
    A change of a violation's unit amounts to a change of `lr` and `penalty`. `ascend` may be given
    other violations than `forward`: train on a differentiable proxy, ascend on the quantity that counts.

    References
    ----------
    Nocedal & Wright, Numerical Optimization (2006), equations 17.64 and 17.65, with their constraints
    written as :math:`c \ge 0` where we write :math:`g \le 0`.

    Examples
    --------
    Minimise x² subject to x ≥ 1, that is, to 1 - x ≤ 0. The solution is x = 1 with multiplier 2.

    >>> x = torch.zeros(1, requires_grad=True)
    >>> optimiser = torch.optim.SGD([x], lr=0.1)
    >>> lagrangian = Lagrangian(1, lr=0.1)
    >>> for _ in range(200):
    ...     optimiser.zero_grad()
    ...     lagrangian(x.square().sum(), 1 - x).backward()
    ...     optimiser.step()
    ...     lagrangian.ascend(1 - x)
    >>> round(x.item(), 3), round(lagrangian.multipliers.item(), 3)
    (1.0, 2.0)
    """

    multipliers: Tensor

    def __init__(self, n_constraints: int, lr: float, penalty: float = 0.0):
        super().__init__()
        check_count("n_constraints", n_constraints)
        check_all("lr", lr, lr > 0, "be positive")
        check_all("penalty", penalty, penalty >= 0, "be non-negative")
        self.lr = lr
        self.penalty = penalty
        self.register_buffer("multipliers", torch.zeros(n_constraints))

    def forward(self, loss: Tensor, violations: Tensor) -> Tensor:
        """Return the number to descend: loss plus constraint term.

        Parameters
        ----------
        loss : Tensor of shape ()
        violations : Tensor of shape (n_constraints,)
            Value minus budget of each constraint.

        Returns
        -------
        Tensor of shape ()

        Raises
        ------
        TypeError, ValueError
            If `loss` is not a scalar or `violations` not a vector of floating-point numbers on this device.
        """
        check_tensor("loss", loss)
        self._check(violations)
        if self.penalty == 0:
            return loss + (self.multipliers * violations).sum()
        # The difference of squares, written out: for a small penalty it would cancel to 0.
        active = self.multipliers + self.penalty * violations > 0
        pull = violations * (self.multipliers + self.penalty / 2 * violations)
        return loss + torch.where(active, pull, -(self.multipliers**2) / (2 * self.penalty)).sum()

    @torch.no_grad()
    def ascend(self, violations: Tensor) -> None:
        """Take one step up in the multipliers; a multiplier never falls below 0.

        Parameters
        ----------
        violations : Tensor of shape (n_constraints,)
            Value minus budget of each constraint, finite.

        Raises
        ------
        TypeError, ValueError
            As `forward`, or if a violation is not finite.
        """
        self._check(violations)
        check_all("violations", violations, violations.isfinite(), "be finite")
        # A new tensor: a graph built by `forward` may still need the old one for its backward pass.
        self.multipliers = (self.multipliers + self.lr * violations).clamp(min=0).to(self.multipliers)

    def _check(self, violations: Tensor) -> None:
        check_tensor("violations", violations, n_constraints=len(self.multipliers))
        check_same_device("violations", violations, "multipliers", self.multipliers)
