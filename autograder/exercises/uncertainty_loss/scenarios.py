"""What must run beside the answer because it needs live tensors."""

import torch


def value_and_gradients(uncertainty_loss, losses, log_var):
    """The total, its derivatives with respect to the losses and the log-variances, and both after the call."""
    leaves = [x.detach().clone().requires_grad_() for x in (losses, log_var)]
    inner = [x * 1 for x in leaves]  # not leaves: an answer may be tempted to write into them
    total = uncertainty_loss(*inner)
    after = [x.detach().clone() for x in inner]
    if not isinstance(total, torch.Tensor) or not total.requires_grad:
        return total, None, after
    found = torch.autograd.grad(total.sum(), leaves, allow_unused=True)
    return total, [torch.zeros_like(x) if g is None else g for x, g in zip(leaves, found)], after
