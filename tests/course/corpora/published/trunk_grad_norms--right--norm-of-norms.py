"""The norm of the stacked norms, as in gradient clipping, over autograd.grad."""
import torch


def trunk_grad_norms(losses, trunk_params):
    norm_type = 2.0
    total_norms = []
    for loss in losses:
        grads = torch.autograd.grad(loss, trunk_params, retain_graph=True, create_graph=False)
        per_tensor = torch.stack([torch.linalg.vector_norm(g, norm_type) for g in grads])
        total_norms.append(torch.linalg.vector_norm(per_tensor, norm_type))
    return torch.stack(total_norms)
