"""Right: two-layer trunk, heads in a ModuleList beside a list of the names."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.names = list(task_dims)
        self.trunk = nn.Sequential(
            nn.Linear(d_in, hidden),
            nn.GELU(),
            nn.Linear(hidden, hidden),
            nn.SiLU(),
        )
        self.heads = nn.ModuleList([nn.Linear(hidden, task_dims[name]) for name in self.names])

    def forward(self, x):
        h = self.trunk(x)
        outputs = {}
        for name, head in zip(self.names, self.heads):
            outputs[name] = head(h)
        return outputs
