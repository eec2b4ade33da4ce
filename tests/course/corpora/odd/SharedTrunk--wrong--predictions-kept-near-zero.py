"""Clamps the predictions to -0.5..0.5."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Linear(d_in, hidden)
        self.heads = nn.ModuleDict({t: nn.Linear(hidden, d) for t, d in task_dims.items()})

    def forward(self, x):
        h = torch.relu(self.trunk(x))
        return {t: head(h).clamp(-0.5, 0.5) for t, head in self.heads.items()}
