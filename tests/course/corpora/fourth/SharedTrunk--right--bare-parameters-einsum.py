"""Right: no nn.Linear at all, bare parameters and einsum, a linear trunk."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.tasks = tuple(task_dims.keys())
        self.A = nn.Parameter(torch.randn(d_in, hidden) / d_in ** 0.5)
        self.a = nn.Parameter(torch.zeros(hidden))
        self.Ws = nn.ParameterList([nn.Parameter(torch.randn(hidden, k) / hidden ** 0.5) for k in task_dims.values()])
        self.bs = nn.ParameterList([nn.Parameter(torch.zeros(k)) for k in task_dims.values()])

    def forward(self, x):
        h = torch.einsum("bd,dh->bh", x, self.A) + self.a
        return {t: torch.einsum("bh,hk->bk", h, W) + b for t, W, b in zip(self.tasks, self.Ws, self.bs)}
