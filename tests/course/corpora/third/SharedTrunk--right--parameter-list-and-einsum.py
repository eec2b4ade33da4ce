"""Plain parameters in a ParameterList and einsum instead of nn.Linear."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.W = nn.Parameter(torch.randn(hidden, d_in) / max(d_in, 1) ** 0.5)
        self.b = nn.Parameter(torch.randn(hidden) * 0.1)
        self.keys = tuple(task_dims.keys())
        self.V = nn.ParameterList([nn.Parameter(torch.randn(task_dims[k], hidden) / hidden**0.5) for k in self.keys])
        self.c = nn.ParameterList([nn.Parameter(torch.zeros(task_dims[k])) for k in self.keys])

    def forward(self, x):
        h = nn.functional.silu(torch.einsum("bi,hi->bh", x, self.W) + self.b)
        return dict((k, torch.einsum("bh,oh->bo", h, self.V[i]) + self.c[i]) for i, k in enumerate(self.keys))
