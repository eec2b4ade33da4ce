"""Sequential trunk and a ModuleDict of heads."""
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(d_in, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
        )
        self.heads = nn.ModuleDict({t: nn.Linear(hidden, d) for t, d in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {t: head(shared) for t, head in self.heads.items()}
