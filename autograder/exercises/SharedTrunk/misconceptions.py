"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch
from torch import nn

from autograder.testing import misconception


@misconception(
    "The heads are not in parameters(), so the optimiser never trains them. Often they stand in a plain dict or list, which "
    "hides them: use nn.ModuleDict.",
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
    "Nothing that makes a difference is in parameters(), so the optimiser trains nothing. Often trunk and heads stand in plain "
    "dicts or lists: use nn.ModuleDict, nn.ModuleList or plain attributes.",
    caught_by="test_shapes",
)
class nothing_registered(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.layers = [nn.Linear(d_in, hidden), nn.ReLU()]
        self.heads = {task: nn.Linear(hidden, dim) for task, dim in task_dims.items()}

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return {task: head(x) for task, head in self.heads.items()}


@misconception(
    "Two tasks with the same number of outputs share one head, so they must make the same prediction. Heads belong to "
    "tasks, not to sizes.",
    caught_by="test_own_heads",
    conceptual=True,
)
class one_head_for_each_size(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.heads = nn.ModuleDict({str(dim): nn.Linear(hidden, dim) for dim in task_dims.values()})
        self.dims = dict(task_dims)

    def forward(self, x):
        shared = self.trunk(x)
        return {task: self.heads[str(dim)](shared) for task, dim in self.dims.items()}


@misconception(
    "Tasks read the same output units, so that two tasks of one output must make the same prediction. Each task needs its own "
    "head, which hears from no other.",
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
    "Predictions are never negative, and many are exactly 0, as behind a ReLU. Standardised labels are negative half the time: a "
    "head ends with its linear layer.",
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


def _with_activation(activation, d_in, hidden, task_dims):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
            self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

        def forward(self, x):
            shared = self.trunk(x)
            return {task: activation(head(shared)) for task, head in self.heads.items()}

    return Model()


@misconception(
    "Every prediction lies between 0 and 1, as behind a sigmoid or a softmax. Leave the head linear: a label may have any size, "
    "and a loss that wants a probability takes logits.",
    caught_by="test_linear_heads",
    conceptual=True,
    family={"activation": ("sigmoid", "softmax")},
)
def sigmoid_on_the_heads(d_in, hidden, task_dims, *, activation="sigmoid"):
    function = torch.sigmoid if activation == "sigmoid" else lambda z: torch.softmax(z, dim=1)
    return _with_activation(function, d_in, hidden, task_dims)


@misconception(
    "The predictions of tasks with {where[0]} lie between 0 and 1, as behind a {where[1]}; those of other tasks do not. Leave "
    "every head linear: a loss that wants a probability takes logits.",
    caught_by="test_linear_heads",
    conceptual=True,
    family={"where": (("several outputs", "softmax"), ("one output", "sigmoid"))},
)
def probabilities_for_some_tasks(d_in, hidden, task_dims, *, where=("several outputs", "softmax")):
    def activation(z):
        if (z.shape[1] > 1) != (where[0] == "several outputs"):
            return z
        return torch.softmax(z, dim=1) if where[1] == "softmax" else torch.sigmoid(z)

    return _with_activation(activation, d_in, hidden, task_dims)


@misconception(
    "Every prediction lies between -1 and 1, as behind a tanh. A label may have any size: leave the head linear.",
    caught_by="test_linear_heads",
)
def tanh_on_the_heads(d_in, hidden, task_dims):
    return _with_activation(torch.tanh, d_in, hidden, task_dims)


@misconception(
    "No prediction is ever negative, as behind a softplus or an exponential. Standardised labels are negative half the time: "
    "leave the head linear.",
    caught_by="test_linear_heads",
    family={"activation": (nn.functional.softplus, torch.abs)},
)
def positive_heads(d_in, hidden, task_dims, *, activation=nn.functional.softplus):
    return _with_activation(activation, d_in, hidden, task_dims)


@misconception(
    "No prediction is ever positive, and a task of one output predicts 0 alone, as behind a log-softmax. Leave the head linear: "
    "a cross-entropy takes logits.",
    caught_by="test_linear_heads",
)
def log_softmax_on_the_heads(d_in, hidden, task_dims):
    return _with_activation(lambda z: torch.log_softmax(z, dim=1), d_in, hidden, task_dims)


@misconception(
    "Changing row 0 changes the other rows: something mixes across the batch. Often a softmax runs over dim 0, or the batch's "
    "own mean is taken off, in evaluation mode, too.",
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
    "No weight hears from more than one task: every task has a trunk of its own. These are separate models in one class.",
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
    "A large part of the weights makes no difference to any prediction, and nothing is shared. Often the trunk is built and the "
    "heads read x itself.",
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
    "Only the first task trains the trunk: no gradient of another task reaches it. Often detach() cuts the others off, or they "
    "read x itself.",
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
    "Nothing is shared, and `hidden` changes nothing: each head reads x itself. Hard sharing needs a trunk between, whose "
    "weights hear from all tasks.",
    caught_by="test_shared_trunk",
    conceptual=True,
)
class no_trunk_at_all(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.heads = nn.ModuleDict({task: nn.Linear(d_in, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        return {task: head(x) for task, head in self.heads.items()}


@misconception(
    "Two calls with the same x disagree, and no shared weight is in parameters(). Often the trunk's layer is made in forward, "
    "new and random each time: make it in __init__.",
    caught_by="test_shared_trunk",
    conceptual=True,
)
class trunk_made_in_forward(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.sizes = d_in, hidden
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})

    def forward(self, x):
        shared = torch.relu(nn.Linear(*self.sizes)(x))
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "Two calls with the same x disagree, and no head is in parameters(). Often the heads are made in forward, new and random "
    "each time: make them in __init__.",
    caught_by="test_own_heads",
    conceptual=True,
)
class heads_made_in_forward(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.sizes = hidden, dict(task_dims)

    def forward(self, x):
        shared = self.trunk(x)
        hidden, dims = self.sizes
        return {task: nn.Linear(hidden, dim)(shared) for task, dim in dims.items()}


@misconception(
    "A part of the weights makes a difference and gets no gradient from any task, as behind no_grad, detach or .data: the heads "
    "learn on top of random features.",
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
    "Some parameters do not ask for a gradient (requires_grad is False) and nothing that is trained is shared: often the trunk "
    "is frozen.",
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
    "The gradient of one task reaches weights of another one's head. Often a head reads the output of the head before it; heads "
    "stand side by side.",
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
    "An output of dimension 1 has lost a dimension, often by squeeze() or by [:, 0]: it should be (B, 1). Against labels of shape "
    "(B, 1) a (B,) is silently broadcast to (B, B).",
    caught_by="test_shapes",
    conceptual=True,
    family={"which": ("last", "all")},
)
def squeezed_outputs(d_in, hidden, task_dims, *, which="last"):
    def squeezed(z):
        return z.squeeze(-1) if which == "last" else z.squeeze()

    return _with_activation(squeezed, d_in, hidden, task_dims)


@misconception(
    "Some tasks have got the dimensions of others in `task_dims`. Often names are sorted on one side only, or paired by "
    "position: take name and dimension together, from items().",
    caught_by="test_shapes",
)
class dimensions_of_other_tasks(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        pairs = zip(sorted(task_dims), task_dims.values())
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in pairs})

    def forward(self, x):
        shared = self.trunk(x)
        return {task: head(shared) for task, head in self.heads.items()}


@misconception(
    "One tensor came back for all tasks together. A loss finds its prediction by the name of the task: return a dictionary.",
    caught_by="test_shapes",
)
class one_tensor(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
        self.head = nn.Linear(hidden, sum(task_dims.values()))

    def forward(self, x):
        return self.head(self.trunk(x))


@misconception(
    "forward returns None: no return statement is reached.",
    caught_by="test_shapes",
)
class nothing_returned(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.trunk = nn.Linear(d_in, hidden)

    def forward(self, x):
        self.trunk(x)


@misconception(
    "Every task gets one output, whatever `task_dims` says: read the dimension from `task_dims`.",
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
    "The model has the same number of weights whatever `hidden` is: the width of the trunk must follow it.",
    caught_by="test_all_registered",
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
    "Nothing that is shared is in parameters(), so it keeps its first random weights. Often the trunk's layers stand in a plain "
    "list or dict: use nn.Sequential or nn.ModuleList.",
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
    "Two models with the same parameters() disagree: something else takes part in every prediction and is never learned. Often "
    "it is a plain tensor, or stands in a plain list, and is no nn.Parameter.",
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
    "The outputs come as a {container.__name__}. A loss finds its prediction by the name of the task: return a dictionary.",
    caught_by="test_shapes",
    family={"container": (list, tuple)},
)
def a_list_of_outputs(d_in, hidden, task_dims, *, container=list):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.trunk = nn.Sequential(nn.Linear(d_in, hidden), nn.ReLU())
            self.heads = nn.ModuleList([nn.Linear(hidden, dim) for dim in task_dims.values()])

        def forward(self, x):
            shared = self.trunk(x)
            return container(head(shared) for head in self.heads)

    return Model()


@misconception(
    "After the call the caller's `task_dims` is empty: it was used up, as by pop(). Read it instead.",
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


@misconception(
    "Every prediction is the same, whatever x is and whatever stands in parameters(): nothing here can learn.",
    caught_by="test_shapes",
)
class always_zero(nn.Module):
    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        self.dims = dict(task_dims)

    def forward(self, x):
        return {task: torch.zeros(len(x), dim) for task, dim in self.dims.items()}
