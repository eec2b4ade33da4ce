"""Squeezes the outputs, so a task with one output comes as (B,) and not (B, 1)."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.fc1 = nn.Linear(d_in, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.heads = nn.ModuleDict()
        for t in task_dims:
            self.heads[t] = nn.Linear(hidden, task_dims[t])

    def forward(self, x):
        z = torch.relu(self.fc1(x))
        z = torch.relu(self.fc2(z))
        out = {}
        for t in self.heads:
            out[t] = self.heads[t](z).squeeze(-1)
        return out
