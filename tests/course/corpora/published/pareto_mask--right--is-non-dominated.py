"""Non-domination by comparing expanded tensors, in torch, without removing duplicates."""
import numpy as np
import torch


def pareto_mask(points, maximise):
    Y = torch.as_tensor(np.where(maximise, points, -points))
    Y1, Y2 = Y.unsqueeze(-3), Y.unsqueeze(-2)
    dominates = (Y1 >= Y2).all(dim=-1) & (Y1 > Y2).any(dim=-1)
    return (~dominates.any(dim=-1)).numpy()
