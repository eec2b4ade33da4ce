"""Each head also reads the outputs of the heads before it, so that a head's weights get gradients from later tasks."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.task_dims = dict(task_dims)
        self.trunk = nn.Linear(d_in, hidden)
        width = hidden
        heads = []
        for dim in self.task_dims.values():
            heads.append(nn.Linear(width, dim))
            width = width + dim
        self.heads = nn.ModuleList(heads)

    def forward(self, x):
        h = torch.tanh(self.trunk(x))
        result = {}
        for name, head in zip(self.task_dims, self.heads):
            y = head(h)
            result[name] = y
            h = torch.cat([h, y], dim=1)
        return result
