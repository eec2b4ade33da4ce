"""Three layers with a residual connection and layer normalisation, heads registered by add_module."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.inp = nn.Linear(d_in, hidden)
        self.mid = nn.Linear(hidden, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.order = []
        for number, (task, dim) in enumerate(task_dims.items()):
            self.add_module("head_%d" % number, nn.Linear(hidden, dim))
            self.order.append(task)

    def forward(self, x):
        h = torch.nn.functional.gelu(self.inp(x))
        h = h + torch.nn.functional.gelu(self.mid(self.norm(h)))
        return {task: getattr(self, "head_%d" % k)(h) for k, task in enumerate(self.order)}
