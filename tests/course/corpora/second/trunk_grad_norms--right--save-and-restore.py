"""backward() limited to the trunk, with the old .grad set aside and put back."""
import torch


def trunk_grad_norms(losses, trunk_params):
    saved = [p.grad for p in trunk_params]
    norms = []
    for loss in losses:
        for p in trunk_params:
            p.grad = None
        loss.backward(inputs=trunk_params, retain_graph=True)
        sq = sum(float((p.grad.double() ** 2).sum()) for p in trunk_params)
        norms.append(sq ** 0.5)
    for p, g in zip(trunk_params, saved):
        p.grad = g
    return torch.tensor(norms, dtype=torch.float64)
