"""math.hypot over the entries of all gradients as Python floats, returned as a tuple."""
import math

import torch


def trunk_grad_norms(losses, trunk_params):
    def length(loss):
        pieces = torch.autograd.grad(loss, list(trunk_params), retain_graph=True)
        return math.hypot(*(v for p in pieces for v in p.detach().flatten().tolist()))

    return tuple(length(l) for l in losses)
