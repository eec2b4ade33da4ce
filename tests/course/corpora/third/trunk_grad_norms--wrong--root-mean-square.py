"""Returns the root of the mean of the squared gradient entries instead of the root of their sum."""
import torch


def trunk_grad_norms(losses, trunk_params):
    res = []
    for loss in losses:
        g = torch.autograd.grad(loss, trunk_params, retain_graph=True)
        flat = torch.cat([t.reshape(-1) for t in g])
        res.append(torch.sqrt((flat**2).mean()))
    return torch.stack(res)
