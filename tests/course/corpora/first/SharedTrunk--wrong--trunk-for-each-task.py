"""Builds a separate trunk for every task, so nothing is shared."""
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.nets = nn.ModuleDict({
            k: nn.Sequential(nn.Linear(d_in, hidden), nn.Tanh(), nn.Linear(hidden, v))
            for k, v in task_dims.items()
        })

    def forward(self, x):
        return {k: net(x) for k, net in self.nets.items()}
