"""BatchNorm and dropout in the trunk, which only use running numbers in evaluation mode."""
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(d_in, hidden),
            nn.BatchNorm1d(hidden),
            nn.LeakyReLU(0.1),
            nn.Dropout(0.2),
        )
        self.tasks = tuple(task_dims)
        for i, t in enumerate(self.tasks):
            self.add_module(f"head_{i}", nn.Linear(hidden, task_dims[t]))

    def forward(self, x):
        h = self.net(x)
        return {t: getattr(self, f"head_{i}")(h) for i, t in enumerate(self.tasks)}
