"""Subtracts the mean of the batch from the features, so that a prediction depends on the other rows."""
import torch
from torch import nn


class SharedTrunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.names = list(task_dims)
        self.fc = nn.Linear(d_in, hidden)
        self.heads = nn.ModuleList(nn.Linear(hidden, task_dims[n]) for n in self.names)

    def forward(self, x):
        x = x - x.mean(dim=0, keepdim=True)
        h = torch.tanh(self.fc(x))
        return {n: head(h) for n, head in zip(self.names, self.heads)}
