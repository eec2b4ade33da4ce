"""Right: a small class with __call__, the two sums taken apart."""
import torch


class _UncertaintyLoss:
    half = 0.5

    def __call__(self, losses, log_var):
        """Sum over tasks of exp(-s) * loss / 2 + s / 2."""
        precision = torch.exp(torch.neg(log_var))
        return self.half * (torch.sum(precision * losses) + log_var.sum())


uncertainty_loss = _UncertaintyLoss()
