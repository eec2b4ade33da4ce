"""All losses stacked and one batched autograd call with the identity matrix."""
import torch


def trunk_grad_norms(losses, trunk_params):
    stacked = torch.stack(list(losses))
    eye = torch.eye(len(losses), dtype=stacked.dtype)
    jac = torch.autograd.grad(stacked, list(trunk_params), eye, retain_graph=True, is_grads_batched=True)
    return torch.linalg.vector_norm(torch.cat([j.flatten(1) for j in jac], dim=1), dim=1)
