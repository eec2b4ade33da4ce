"""Right answers that look nothing alike."""

from collections import OrderedDict

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


@alternative("a ParameterDict and einsum, a trunk of bare numbers")
class EinsumHeads(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.weight, self.offset = nn.Parameter(torch.randn(d_in, hidden)), nn.Parameter(torch.zeros(hidden))
        self.heads = nn.ParameterDict({task: torch.randn(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = torch.sigmoid(torch.addmm(self.offset, x, self.weight))
        return {task: torch.einsum("bh,hk->bk", shared, self.heads[task]) for task in self.heads}


@alternative("the trunk worked out again for each head, slices of one layer in an ordered dictionary")
class SlicesOfOneLayer(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        ends = torch.tensor(list(task_dims.values())).cumsum(0).tolist()
        self.parts = {task: slice(end - dim, end) for (task, dim), end in zip(task_dims.items(), ends)}
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ELU(), nn.Linear(hidden, hidden), nn.GELU())
        self.output = nn.Linear(hidden, ends[-1])

    def forward(self, x):
        outputs = OrderedDict()
        for task, part in self.parts.items():
            outputs[task] = nn.functional.linear(self.trunk(x), self.output.weight[part], self.output.bias[part])
        return outputs


@alternative("a recursion over the tasks, modules added by name")
class AddedModules(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.Tanh(), nn.Dropout(0.5))
        self.count = len(task_dims)
        for number, dim in enumerate(task_dims.values()):
            self.add_module(f"head {number}", nn.Linear(hidden, dim))
        self.tasks = [*task_dims]

    def forward(self, x):
        shared = self.trunk(x)

        def from_task(number):
            if number == self.count:
                return {}
            return {self.tasks[number]: self.get_submodule(f"head {number}")(shared)} | from_task(number + 1)

        return from_task(0)
