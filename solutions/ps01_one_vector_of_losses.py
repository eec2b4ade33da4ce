# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# mtl:
#   lesson: 01_one_vector_of_losses
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 1: one vector of losses
# **You will** turn several named losses into one number, work out each task's share of it, and build the network that most
# of this course trains. About 50 minutes, after lesson 1. 18 points from checks, 6 for the written part.
#
# Where there is an `examples` cell, state first what you expect; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint weighted_total` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np
import torch
from torch import nn

from autograder import check, examples

# %% [markdown] grade_id="about-weighted_total" tags=["locked"]
# ## The weighted total of named losses
# *8 minutes, difficulty 1 of 5.* Write `weighted_total(losses, weights)`.
#
# - `losses` and `weights` are dictionaries from task name to a Python float of any size; there is at least one loss, and a
#   loss may be negative.
# - Return the sum of weight times loss over all tasks **that have a loss**, one number of any type; six digits are
#   compared. It is not divided by anything, and the weights are used as they are, whatever they sum to.
# - Weight and loss belong together by their **name**. The two dictionaries may be written in different orders.
# - A task whose weight is missing raises `KeyError`. A weight for a task that has no loss is ignored.
# - The dictionaries stay as they were.
#
# Example: with `losses = {"price": 0.25, "time": 4.0}` and `weights = {"price": 2.0, "time": 0.5}` the total is
# 2.0 · 0.25 + 0.5 · 4.0 = 2.5.

# %% grade_id="examples-weighted_total" tags=["examples"]
# What do you think it does? State two examples before you write code. Would they notice a wrong order?
examples("weighted_total", [
    # ((losses, weights), expected),
])

# %% grade_id="weighted_total" tags=["answer"]
def weighted_total(losses, weights):
    """One number made of the losses of all tasks."""
    ### BEGIN SOLUTION
    # The losses say which tasks there are. `weights[task]` stops with a KeyError where a weight is missing, which is
    # what we want: `weights.get(task, 1.0)` would hide a typo in a task's name.
    return sum(weights[task] * loss for task, loss in losses.items())
    ### END SOLUTION

# %% grade_id="check-weighted_total" tags=["check"]
check("weighted_total", weighted_total)

# %% [markdown] grade_id="about-loss_shares" tags=["locked"]
# ## Whose loss is it? Shares of the total
# *8 minutes, difficulty 1 of 5.* Write `loss_shares(losses, weights)`.
#
# - `losses` and `weights` are arrays of shape `(T,)`, one entry per task, none negative; the weighted total is above 0.
# - Return an array `(T,)`: the part of the weighted total that comes from each task, so that the shares sum to 1.
# - A task whose weight or loss is 0 has a share of 0; a task on its own has a share of 1.
# - Shares have no unit: losses or weights that are all a million times as large, or as small, give the same shares.
# - float32 and float64 both work, and the inputs stay as they were.
#
# Example: losses `[1.0, 1.0]` with weights `[3.0, 1.0]` give the shares `[0.75, 0.25]`.

# %% grade_id="examples-loss_shares" tags=["examples"]
# Try the numbers of the exercise above, as lists: which task do you expect to have the larger share?
examples("loss_shares", [
    # ((losses, weights), expected),
])

# %% grade_id="loss_shares" tags=["answer"]
def loss_shares(losses, weights):
    """Each task's part of the weighted total."""
    ### BEGIN SOLUTION
    # The optimiser sees neither losses nor weights, only their products. A share is a product over the sum of products.
    terms = weights * losses
    return terms / np.sum(terms)
    ### END SOLUTION

# %% grade_id="check-loss_shares" tags=["check"]
check("loss_shares", loss_shares)

# %% [markdown] grade_id="about-SharedTrunk" tags=["locked"]
# ## One trunk, one head per task
# *20 minutes, difficulty 3 of 5.* Write the class `SharedTrunk(d_in, hidden, task_dims)`, an `nn.Module`.
#
# - `d_in` is the number of features, `hidden` (at least 8) the width of the trunk, `task_dims` a dictionary from task name
#   to the number of outputs of that task.
# - Called with a float32 tensor `x` of shape `(B, d_in)`, it returns a dictionary with an output of shape `(B, dim)` for
#   each task. A dimension of 1 stays: `(B, 1)`, also for a batch of one row.
# - *Hard sharing:* all tasks read the **same** trunk, so that its weights get a gradient from every task. Each task has a
#   **linear head** of its own on top, whose weights get a gradient from that task alone.
# - Everything that is learned is found by `parameters()`.
# - A head ends with its linear layer: predictions may be negative and of any size. The prediction for a row depends on that
#   row alone.
# - The trunk may have one layer or more, any activation or none. What you call things is up to you: the checks look at
#   gradients entry by entry, not at names, so one layer whose outputs are cut into a slice for each task has heads, too.
#   The checks run it in evaluation mode, in which dropout and BatchNorm do no harm. `task_dims` and `x` stay as they were.
#
# Example: `SharedTrunk(4, 16, {"price": 1, "topic": 3})(torch.zeros(5, 4))` is a dictionary whose `"price"` has the shape
# `(5, 1)` and whose `"topic"` has the shape `(5, 3)`.

# %% grade_id="SharedTrunk" tags=["answer"]
class SharedTrunk(nn.Module):
    """A trunk that all tasks share, and a linear head for each of them."""

    def __init__(self, d_in, hidden, task_dims):
        super().__init__()
        ### BEGIN SOLUTION
        self.trunk = nn.Linear(d_in, hidden)
        # A ModuleDict and not a dict: torch looks for parameters in modules only, and what it does not find never trains.
        self.heads = nn.ModuleDict({task: nn.Linear(hidden, dim) for task, dim in task_dims.items()})
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        # The trunk is computed once. Every head sends its gradient back through this one tensor.
        shared = torch.relu(self.trunk(x))
        return {task: head(shared) for task, head in self.heads.items()}
        ### END SOLUTION

# %% grade_id="check-SharedTrunk" tags=["check"]
check("SharedTrunk", SharedTrunk)

# %% [markdown] grade_id="about-why-one-vector" tags=["locked"]
# ### In words: multi-task, multi-objective, or both?
# *12 minutes, 6 points, marked by a person.*
#
# Four projects: (a) one model predicts clicks and purchases for the same impressions; (b) one model marks every topic that a
# news article is about; (c) one model forecasts three demand series of each item; (d) a classifier must be accurate, fast
# and fair. Which of them are multi-task, which are multi-objective, which are both?
#
# Write three sentences (you may add a list of the four): a **claim** (your sorting, each with its reason), the **mechanism**
# (what the two kinds have in common, with the formula), and a **limit** (when sharing one model is *not* a good idea, and
# which comparison would tell you).
#
# What is marked: (a) to (c) are sorted with a reason (1 point), (d) is sorted with a reason (1), the formula is written clearly
# (1), it says what the two kinds have in common (1), the limit is true (1), and it says which comparison would tell (1).

# %% [markdown] grade_id="why-one-vector" tags=["manual:6"]
# **Model answer.** (a), (b) and (c) are multi-task, because each row has several labels and the model one output for each;
# (d) is multi-objective with a single task, because one output is judged by several goals; and (a) to (c) are multi-objective
# as well as soon as they are trained, so "both" is right for them. All four have one vector of losses or costs
# (L_1, …, L_T) and usually minimise one number made of it, L = Σ w_t · L_t, in which a gain for one entry can be a loss for
# another: that is a trade-off between objectives, whether the entries come from different labels or from different goals of
# one label. Sharing does not always pay: it helps a task with few labels when the tasks are alike, can cost the task that
# has many, and only a single-task model of each task, tuned as carefully, shows which of the two has happened.
#
# **Mark scheme.** 1 point for (a) to (c) as multi-task, or as both, because a row has several labels; 1 for (d) as
# multi-objective, because one output has several goals; 1 for the formula, L = Σ w·L or constraints on the entries; 1 for "a
# vector of task losses *is* a multi-objective problem" in any words; 1 for a true limit: unrelated tasks, or a task with many
# labels that pays; 1 for the single-task model of each task as what to compare with. A sorting without its reason gets nothing.
#
# - *Full (6):* the model answer, or "a, b, c have several labels: multi-task, and also multi-objective, since their losses are
#   weighed against each other in Σ w·L. d has one label and three goals: multi-objective only. If the tasks have nothing in
#   common a shared trunk can be worse than separate models, so train those too."
# - *Partial (3):* "a, b, c are multi-task, since each row has several labels; d has one label and three goals: multi-objective.
#   They are two different things. L = Σ w·L." Both sortings and the formula are there; that the one is a case of the other,
#   and the limit with its comparison, are missing.
# - *Missing (0):* "All are multi-task because they are complex", without formula or reason.
