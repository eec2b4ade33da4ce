"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch
from torch import nn

from autograder.testing import misconception


@misconception(
    "The heads are not in parameters(): a plain dict hides them from the optimiser, so they never train. Use nn.ModuleDict.",
    caught_by="test_own_heads",
    conceptual=True,
)
class heads_in_a_plain_dict(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = {task: nn.Linear(hidden, dim) for task, dim in task_dims.items()}

    def forward(self, x):
        shared = self.trunk(x)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "Both tasks read the same output units, so they must make the same prediction. Each task needs its own head.",
    caught_by="test_own_heads",
    conceptual=True,
)
class one_shared_head(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.head = nn.Linear(hidden, max(task_dims.values()))
        self.dims = dict(task_dims)

    def forward(self, x):
        outputs = self.head(self.trunk(x))
        return {task: outputs[:, :dim] for task, dim in self.dims.items()}


@misconception(
    "Your heads end in ReLU and can never predict a negative value; z-scored labels are negative half the time.",
    caught_by="test_linear_heads",
    conceptual=True,
)
class relu_on_the_heads(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: torch.relu(head(shared)) for task, head in self.heads.items()}


@misconception(
    "Your heads end in a sigmoid: every prediction lies between 0 and 1. Leave the head linear; a loss that wants a "
    "probability takes logits.",
    caught_by="test_linear_heads",
    conceptual=True,
)
class sigmoid_on_the_heads(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: torch.sigmoid(head(shared)) for task, head in self.heads.items()}


@misconception(
    "Your heads end in tanh: every prediction lies between -1 and 1. A label may have any size.",
    caught_by="test_linear_heads",
)
class tanh_on_the_heads(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: torch.tanh(head(shared)) for task, head in self.heads.items()}


@misconception(
    "Changing row 0 changes the other rows: something mixes across the batch (softmax over dim 0?).",
    caught_by="test_rows_apart",
    conceptual=True,
)
class softmax_over_the_batch(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Linear(d_in, hidden)
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = torch.softmax(self.trunk(x), dim=0)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "Every task has a trunk of its own, so nothing is shared: these are separate models in one class.",
    caught_by="test_shared_trunk",
    conceptual=True,
)
class a_trunk_for_each_task(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.towers = nn.ModuleDict(
            {
                task: nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU(), nn.Linear(hidden, dim))
                for task, dim in task_dims.items()
            }
        )

    def forward(self, x):
        return {task: tower(x) for task, tower in self.towers.items()}


@misconception(
    "The heads read x itself. The trunk is built and never used, so it gets no gradient.",
    caught_by="test_shared_trunk",
    conceptual=True,
)
class heads_read_the_features(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(d_in, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        return {task: head(x) for task, head in self.heads.items()}


@misconception(
    "Only the first task trains the trunk: detach() cuts the others off, and sharing goes one way.",
    caught_by="test_shared_trunk",
    conceptual=True,
)
class detached_for_all_but_the_first(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {
            task: head(shared if number == 0 else shared.detach())
            for number, (task, head) in enumerate(self.heads.items())
        }


@misconception(
    "The trunk is computed without gradients (no_grad, detach or .data), so no task ever trains it: the heads learn on top of "
    "random features.",
    caught_by="test_shared_trunk",
    conceptual=True,
)
class trunk_without_gradients(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        with torch.no_grad():
            shared = self.trunk(x)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "The trunk's parameters do not ask for a gradient (requires_grad is False): it is frozen, and no task trains it.",
    caught_by="test_shared_trunk",
)
class frozen_trunk(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU()).requires_grad_(False)
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "Something random is left in evaluation mode: F.dropout drops units always, unless it is given training=self.training. "
    "nn.Dropout knows the mode by itself.",
    caught_by="test_all_registered",
)
class dropout_always_on(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Linear(d_in, hidden)
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = nn.functional.dropout(torch.relu(self.trunk(x)), 0.5)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "A head reads the trunk and the output of the head before it, so one task's gradient reaches another task's head. "
    "Heads stand side by side.",
    caught_by="test_shared_trunk",
    conceptual=True,
)
class heads_in_a_chain(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        width, heads = 0, {}
        for task, dim in task_dims.items():
            heads[task] = nn.Linear(hidden + width, dim)
            width = dim
        self.heads = nn.ModuleDict(heads)

    def forward(self, x):
        shared, before, outputs = self.trunk(x), x[:, :0], {}
        for task, head in self.heads.items():
            outputs[task] = before = head(torch.cat([shared, before], dim=1))
        return outputs


@misconception(
    "squeeze() took the last dimension away: an output of dimension 1 is (B, 1). Against labels of shape (B, 1) a (B,) is "
    "broadcast to (B, B) without a word.",
    caught_by="test_shapes",
    conceptual=True,
)
class squeezed_outputs(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: head(shared).squeeze(-1) for task, head in self.heads.items()}


@misconception(
    "Every head has one output, whatever its task asks for: read the dimension from `task_dims`.",
    caught_by="test_shapes",
)
class one_output_for_every_task(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, 1) for task in task_dims})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "`hidden` is never used: the trunk has the same width whatever is asked for.", caught_by="test_all_registered"
)
class width_ignored(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, 64), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(64, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "The trunk's layers stand in a plain list, so parameters() does not know them and they keep their first random weights. "
    "Use nn.Sequential or nn.ModuleList.",
    caught_by="test_shared_trunk",
    conceptual=True,
)
class trunk_in_a_plain_list(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.layers = [nn.Linear(d_in, hidden), nn.ReLU()]
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return {task: head(x) for task, head in self.heads.items()}


@misconception(
    "Something in your model is a plain tensor (or stands in a plain list) and is not an nn.Parameter of the module: it takes "
    "part in every prediction and is never learned.",
    caught_by="test_all_registered",
)
class a_tensor_that_is_no_parameter(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.mix = torch.randn(hidden, hidden) / hidden**0.5
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = torch.relu(self.trunk(x) @ self.mix)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "The outputs come as a list. A loss finds its prediction by the name of the task: return a dictionary.",
    caught_by="test_shapes",
)
class a_list_of_outputs(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = self.trunk(x)
        return [head(shared) for head in self.heads.values()]


@misconception(
    "The dimensions were popped out of the caller's `task_dims`, which is empty now. Read it, do not use it up.",
    caught_by="test_inputs_unchanged",
)
class uses_up_task_dims(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, task_dims.pop(task)) for task in list(task_dims)})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception("Every prediction is 0, whatever goes in: nothing here can learn.", caught_by="test_shared_trunk")
class always_zero(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.dims = dict(task_dims)

    def forward(self, x):
        return {task: torch.zeros(len(x), dim) for task, dim in self.dims.items()}
