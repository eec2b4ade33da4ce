"""Right: backward limited to the trunk tensors, whose .grad is put aside and put back."""
import torch


def trunk_grad_norms(losses, trunk_params):
    put_aside = [p.grad for p in trunk_params]
    norms = []
    try:
        for loss in losses:
            for p in trunk_params:
                p.grad = None
            loss.backward(retain_graph=True, inputs=list(trunk_params))
            squares = [p.grad.detach().pow(2).sum() for p in trunk_params]
            norms.append(torch.stack(squares).sum().sqrt())
    finally:
        for p, g in zip(trunk_params, put_aside):
            p.grad = g
    return torch.stack(norms)
