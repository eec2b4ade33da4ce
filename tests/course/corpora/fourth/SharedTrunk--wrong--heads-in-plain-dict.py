"""Keeps the heads in a plain dict, so that parameters() does not find them."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = {}
        for task, dim in task_dims.items():
            self.heads[task] = nn.Linear(hidden, dim)

    def forward(self, x):
        h = self.trunk(x)
        return {task: head(h) for task, head in self.heads.items()}
