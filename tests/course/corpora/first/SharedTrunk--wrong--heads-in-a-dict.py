"""The heads sit in a plain dictionary, so parameters() does not find them and they are never trained."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = {name: nn.Linear(hidden, dim) for name, dim in task_dims.items()}

    def forward(self, x):
        h = self.trunk(x)
        return {name: head(h) for name, head in self.heads.items()}
