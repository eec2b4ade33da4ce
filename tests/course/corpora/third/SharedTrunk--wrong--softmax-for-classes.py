"""Puts a softmax behind every head with more than one output, so that these predictions are neither negative nor large."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.names = list(task_dims)
        self.tops = nn.ModuleList()
        for name in self.names:
            k = task_dims[name]
            if k > 1:
                self.tops.append(nn.Sequential(nn.Linear(hidden, k), nn.Softmax(dim=1)))
            else:
                self.tops.append(nn.Linear(hidden, k))

    def forward(self, x):
        z = self.body(x)
        return {n: top(z) for n, top in zip(self.names, self.tops)}
