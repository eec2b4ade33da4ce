"""Calls backward() without clearing .grad between the tasks, so that norms are of running sums, and leaves .grad behind."""
import torch


def trunk_grad_norms(losses, trunk_params):
    result = []
    for loss in losses:
        loss.backward(retain_graph=True)
        flat = torch.cat([p.grad.reshape(-1) for p in trunk_params])
        result.append(flat.norm().item())
    return torch.tensor(result)
