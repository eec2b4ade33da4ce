"""Takes the largest absolute entry (the infinity norm) of the gradient."""
import torch


def trunk_grad_norms(losses, trunk_params):
    out = []
    for loss in losses:
        g = torch.autograd.grad(loss, trunk_params, retain_graph=True)
        out.append(torch.cat([x.flatten() for x in g]).abs().max())
    return torch.stack(out)
