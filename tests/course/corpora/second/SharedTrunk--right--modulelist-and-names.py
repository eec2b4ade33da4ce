"""Names in a list, heads in a ModuleList, a linear trunk without activation."""
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.names = list(task_dims.keys())
        self.shared = nn.Linear(d_in, hidden)
        self.heads = nn.ModuleList([nn.Linear(hidden, task_dims[n]) for n in self.names])

    def forward(self, x):
        h = self.shared(x)
        out = {}
        for n, head in zip(self.names, self.heads):
            out[n] = head(h)
        return out
