"""Standardises the hidden layer with the batch at hand, so a prediction depends on the other rows."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Linear(d_in, hidden)
        self.heads = nn.ModuleDict({k: nn.Linear(hidden, v) for k, v in task_dims.items()})

    def forward(self, x):
        h = self.trunk(x)
        h = (h - h.mean(dim=0)) / (h.std(dim=0, unbiased=False) + 1e-5)
        h = torch.relu(h)
        return {k: self.heads[k](h) for k in self.heads}
