"""Puts a ReLU on the heads too, so no prediction can be negative."""
import torch
import torch.nn as nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.lin = nn.Linear(d_in, hidden)
        self.act = nn.ReLU()
        self.out = nn.ModuleDict()
        for name, k in task_dims.items():
            self.out[name] = nn.Linear(hidden, k)

    def forward(self, x):
        h = self.act(self.lin(x))
        return {name: self.act(layer(h)) for name, layer in self.out.items()}
