"""Right answers that look nothing alike."""

import torch
from torch import nn

from autograder.testing import alternative


@alternative("nn.Sequential and nn.ModuleDict")
class ModuleDict(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: head(shared) for task, head in self.heads.items()}


@alternative("a trunk of two layers, heads as attributes named after their tasks")
class Attributes(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.tasks = list(task_dims)
        self.first_layer = nn.Linear(d_in, 2 * hidden)
        self.second_layer = nn.Linear(2 * hidden, hidden)
        for task, dim in task_dims.items():
            setattr(self, task, nn.Linear(hidden, dim, bias=False))

    def forward(self, x):
        x = torch.relu(self.second_layer(torch.relu(self.first_layer(x))))
        return {task: getattr(self, task)(x) for task in self.tasks}


@alternative("bare nn.Parameters and matrix products, no activation, heads that start at zero")
class BareParameters(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.w = nn.Parameter(torch.randn(d_in, hidden) / d_in**0.5)
        self.names = tuple(task_dims)
        self.v = nn.ParameterList([torch.zeros(hidden, dim) for dim in task_dims.values()])

    def forward(self, x):
        return dict(zip(self.names, (x @ self.w @ v for v in self.v)))


@alternative("one wide linear layer whose outputs are split among the tasks")
class SplitOutputs(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.task_dims = dict(task_dims)
        self.trunk = nn.Linear(d_in, hidden)
        self.head = nn.Linear(hidden, sum(task_dims.values()))

    def forward(self, x):
        outputs = self.head(torch.tanh(self.trunk(x)))
        return dict(zip(self.task_dims, outputs.split(list(self.task_dims.values()), dim=1)))


@alternative("a normalised trunk with dropout and lazy layers")
class Normalised(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.body = nn.Sequential(nn.LazyLinear(hidden), nn.LayerNorm(hidden), nn.SiLU(), nn.Dropout(0.2))
        self.order = sorted(task_dims)
        self.outputs = nn.ModuleList([nn.LazyLinear(task_dims[task]) for task in self.order])

    def forward(self, x):
        shared = self.body(x)
        return {task: output(shared) for task, output in zip(self.order, self.outputs)}


@alternative("a function that builds the module; batch norm in the trunk")
def built_by_a_function(d_in, hidden, task_dims):
    class Model(nn.ModuleDict):
        def forward(self, x):
            shared = self["the trunk"](x)
            return {task: self[task](shared) for task in task_dims}

    trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.BatchNorm1d(hidden), nn.LeakyReLU())
    return Model({"the trunk": trunk, **{task: nn.Linear(hidden, dim) for task, dim in task_dims.items()}})
