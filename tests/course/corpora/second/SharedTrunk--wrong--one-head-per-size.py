"""Keeps one head for each output size, so two tasks of the same size share a head."""
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.task_dims = dict(task_dims)
        self.body = nn.Sequential(nn.Linear(d_in, hidden), nn.GELU())
        sizes = set(task_dims.values())
        self.heads = nn.ModuleDict({str(s): nn.Linear(hidden, s) for s in sizes})

    def forward(self, x):
        z = self.body(x)
        return {task: self.heads[str(dim)](z) for task, dim in self.task_dims.items()}
