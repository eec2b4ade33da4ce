"""An autograd function with its own forward and backward."""
import torch


class _Mean(torch.autograd.Function):
    @staticmethod
    def forward(ctx, values, mask):
        n = int(mask.sum())
        ctx.save_for_backward(mask)
        ctx.n = max(n, 1)
        return values[mask].sum() / ctx.n

    @staticmethod
    def backward(ctx, grad):
        (mask,) = ctx.saved_tensors
        return mask.to(grad.dtype) * grad / ctx.n, None


def masked_mean(values, mask):
    return _Mean.apply(values, mask)
