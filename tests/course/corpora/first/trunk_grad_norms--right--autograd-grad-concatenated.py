"""autograd.grad with a kept graph, all pieces flattened into one vector."""
import torch


def trunk_grad_norms(losses, trunk_params):
    out = []
    for loss in losses:
        g = torch.autograd.grad(loss, trunk_params, retain_graph=True)
        flat = torch.cat([t.reshape(-1) for t in g])
        out.append(flat.norm())
    return torch.stack(out)
