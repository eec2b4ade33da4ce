"""Takes for later tasks the norm of the difference to the gradient of the task before."""
import torch


def trunk_grad_norms(losses, trunk_params):
    out, before = [], 0.0
    for loss in losses:
        g = torch.cat([x.flatten() for x in torch.autograd.grad(loss, trunk_params, retain_graph=True)])
        out.append((g - before).norm())
        before = g
    return torch.stack(out)
