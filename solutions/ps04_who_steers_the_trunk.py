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
#   lesson: 04_who_steers_the_trunk
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 4: who steers the trunk?
# **You will** find the weights that do to a loss what scaling its labels does, measure how hard each task pulls at the shared
# trunk, turn numbers of rows into turns, and let batches rotate. About 60 minutes, after lesson 4. 23 points from checks, 8 for
# the written part.
#
# Where there is an `examples` cell, state first what you expect; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint weights_from_scales` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np
import torch

from autograder import check, examples, variant

# %% [markdown] grade_id="about-weights_from_scales" tags=["locked"]
# ## Weights that stand in for scaling
# *8 minutes, difficulty 2 of 5.* Write `weights_from_scales(scales)`.
#
# - `scales` is an array `(T,)` of numbers above 0: what the labels of each task would be divided by.
# - Return an array `(T,)` of weights w such that the weighted total of the mean squared errors of the **raw** labels equals the
#   plain total of the mean squared errors of the labels **divided by their scales**, for any predictions (which are divided
#   alike). Equal, not merely proportional: the weights need not sum to anything.
# - Scales may lie far apart, from 0.0001 to 10000, and every weight is compared on its own: it may be off by a ten-millionth of
#   its size, in float32 by a hundred-thousandth. float32 and float64 both work, and `scales` stays as it was.
#
# Example: a scale of 0.5 gives a weight of 4.

# %% grade_id="examples-weights_from_scales" tags=["examples"]
# State two examples. What do you expect for a scale of 100?
examples("weights_from_scales", [
    # ((scales,), expected),
])

# %% grade_id="weights_from_scales" tags=["answer"]
def weights_from_scales(scales):
    """The weights of raw losses that give the total of scaled labels."""
    ### BEGIN SOLUTION
    # ((y - p) / s)^2 = (y - p)^2 / s^2: what is divided in the label is divided twice in its squared error.
    return 1.0 / np.square(scales)
    ### END SOLUTION

# %% grade_id="check-weights_from_scales" tags=["check"]
check("weights_from_scales", weights_from_scales)

# %% [markdown] grade_id="about-trunk_grad_norms" tags=["locked"]
# ## How hard does each task pull at the trunk?
# *15 minutes, difficulty 3 of 5.* Write `trunk_grad_norms(losses, trunk_params)`.
#
# - `losses` is a list of T scalar tensors, one per task, which may share one graph; `trunk_params` is a list of tensors, the
#   parameters of the trunk. Every loss depends on every one of them.
# - Return T numbers `(T,)`, in a tensor, an array, a list or a tuple: for each task the length (L2 norm) of its gradient in
#   **all trunk tensors together**, as if they were one long vector.
# - It is a measurement: every `.grad`, in the trunk and in the heads, is afterwards what it was before, None or not; and the
#   caller can still call `backward()` on the losses. The lists and the parameters stay as they were.
# - The result need not carry a gradient. float32 and float64 both work.
#
# Example: if the gradient of a loss is `[3, 4]` in the first trunk tensor and `[12]` in the second, its norm is 13.

# %% grade_id="trunk_grad_norms" tags=["answer"]
def trunk_grad_norms(losses, trunk_params):
    """The length of each task's gradient in the trunk."""
    ### BEGIN SOLUTION
    norms = []
    for loss in losses:
        # autograd.grad hands the gradients over; backward() would add them to .grad, in the heads too.
        # The graph is kept every time, also the last: the training step that follows needs it.
        grads = torch.autograd.grad(loss, trunk_params, retain_graph=True)
        # One vector, one norm. The sum of the tensors' norms would depend on how the trunk is cut into layers.
        norms.append(torch.cat([grad.flatten() for grad in grads]).norm())
    return torch.stack(norms)
    ### END SOLUTION

# %% grade_id="check-trunk_grad_norms" tags=["check"]
check("trunk_grad_norms", trunk_grad_norms)

# %% [markdown] grade_id="about-sampling_probs" tags=["locked"]
# ## How often is each task's turn?
# *8 minutes, difficulty 2 of 5.* Write `sampling_probs(n, alpha)`.
#
# - Each training step draws a batch from one task. `n` is an array `(T,)` with the number of rows of each task, whole numbers or
#   floats, above 0 and at most a million; `alpha` is a float from 0 to 3, so that no power overflows.
# - Return an array `(T,)` of probabilities that sum to 1 and are proportional to n to the power alpha.
# - So alpha = 1 is proportional sampling, alpha = 0 gives every task equal turns, and what lies between pulls the large tasks back.
# - A single task gets 1. `n` stays as it was.
#
# Example: for `n = [1, 4]` and `alpha = 0.5` the powers are 1 and 2, and the probabilities `[1/3, 2/3]`.

# %% grade_id="examples-sampling_probs" tags=["examples"]
# State two examples. With alpha = 0, how often is one row of a small task seen, compared with one of a large task?
examples("sampling_probs", [
    # ((n, alpha), expected),
])

# %% grade_id="sampling_probs" tags=["answer"]
def sampling_probs(n, alpha):
    """The probability that a batch comes from each task."""
    ### BEGIN SOLUTION
    # First the power, then the normalisation: the other way round the results would not sum to 1.
    # As floats, because whole numbers overflow or refuse a power between 0 and 1 in place.
    powers = np.asarray(n, dtype=float) ** alpha
    return powers / powers.sum()
    ### END SOLUTION

# %% grade_id="check-sampling_probs" tags=["check"]
check("sampling_probs", sampling_probs)

# %% [markdown] grade_id="about-rotating_batches" tags=["locked"]
# ## Batches that rotate over the tasks
# *10 minutes, difficulty 2 of 5.* Write `rotating_batches(n_batches, restart)`: the turns of one epoch, in their order.
#
# - `n_batches` is a list of T whole numbers, all 1 or more: how many batches each task has. `restart` is True or False.
# - Return a list of pairs `(task, batch)`, both numbered from 0. (Lists in a list or an array of two columns will do; something
#   that is read once only, such as a generator, will not.)
# - The epoch is made of **rounds**. In a round each task has one turn, in the order of the list, and shows its next batch: 0, then
#   1, and so on. With the round in which the longest task shows its last batch the epoch ends; that round is still completed.
# - A task whose batches are used up before that: with `restart` it begins again with batch 0, as often as needed, so that all tasks
#   have equally many turns. Without, it is passed over, so that every batch is shown exactly once.
# - `n_batches` stays as it was.
#
# Example: for `n_batches = [3, 1]` the turns with `restart` are `[(0, 0), (1, 0), (0, 1), (1, 0), (0, 2), (1, 0)]`, and without
# `[(0, 0), (1, 0), (0, 1), (0, 2)]`.

# %% grade_id="examples-rotating_batches" tags=["examples"]
# State two examples. In which of them do the two values of restart give different turns?
examples("rotating_batches", [
    # ((n_batches, restart), expected),
])

# %% grade_id="rotating_batches" tags=["answer"]
def rotating_batches(n_batches, restart):
    """The turns (task, batch) of one epoch in which the tasks rotate."""
    ### BEGIN SOLUTION
    turns = []
    for number in range(max(n_batches)):  # the longest task decides how many rounds there are
        for task, count in enumerate(n_batches):
            if restart or number < count:
                # The remainder begins again with 0 after the last batch; without `restart` it changes nothing.
                turns.append((task, number % count))
    return turns
    ### END SOLUTION

# %% grade_id="check-rotating_batches" tags=["check"]
check("rotating_batches", rotating_batches)

# %% [markdown] grade_id="given-why-weight-log" tags=["locked"]
# ## A house model of your own
# A network with a shared trunk predicts the price of a house, in thousand euros, and its days on the market, with
# L = w_price · MSE(price) + w_days · MSE(days) on raw labels. The first try was w_price = w_days = 1.
#
# The numbers are yours alone: put your id between the quotes (the one that your course knows you by; on your own, any name) and
# run the cell. Whoever marks your answer gets the same numbers from the same id.

# %% grade_id="numbers-why-weight-log" tags=["numbers"]
variant("house_weight_log", "")

# %% [markdown] grade_id="about-why-weight-log" tags=["locked"]
# ### In words: a weight log for the house model
# *20 minutes, 8 points, marked by a person.*
#
# Write the first two entries of a weight log: the first try, and the one you would make next. Each entry has three parts: the
# **weights** with their units and where they come from, what you **expect or measure** (each task's loss at the mean predictor
# and its share, from *your* standard deviations; in the second entry also two things that you would log during training), and
# the **decision** it leads to. Close with one thing that the second entry does *not* settle.
#
# What is marked: in the first entry the weights with their units (1 point), the losses and shares (1) and a decision that follows
# from them (1); in the second entry the weights and where they come from (1), the shares (1) and each of the two things to log
# (2); and what is not settled (1).

# %% [markdown] grade_id="why-weight-log" tags=["manual:8"]
# **Model answer.** (With standard deviations of 120 thousand euros and 30 days.)
#
# *Entry 1.* w_price = 1 per (thousand euros)², w_days = 1 per day²: nobody chose them, the units did. At the mean
# predictor the losses are 120² = 14,400 and 30² = 900, so price has 94 % of the loss before anything is learned.
# Decision: do not train with it; in euros instead of thousands of euros the share would be another one, so it cannot be
# a statement about importance.
#
# *Entry 2.* Standardise both labels and take w = 1 for each (in the loss this is w_price = 1/14,400 and w_days = 1/900
# on raw labels, 50 % each at the mean predictor). Log the norm of the trunk's gradient of each task, early and late, and the
# R² of each task beside that of a single-task model. Decision: keep it as the start, then try weights of 0.25, 0.5, 2 and 4
# for price and choose on validation rows. What it does not settle: equal loss at the mean predictor is not an equal pull at
# the trunk later on, and 1/variance weights on raw labels give the same loss but not the same path of training.
#
# **Mark scheme.** 1 point for the weights of the first entry with their units; 1 for its two losses or shares, worked out of
# the student's own numbers; 1 for a decision that follows from them; 1 for the second entry's weights and where they come from
# (standardised labels without a unit, or 1/variance with it); 1 for its shares, 50 % each; 1 for a first thing to log for each
# task, which is the norm or share of its trunk gradient, its loss or share of the loss, or a metric on validation rows; 1 for a
# second thing of another of these three kinds; 1 for what is not settled (shares change during training; equal loss is not equal
# gradient; equal weights are no business decision; raw labels with weights are not trained like standardised ones). Shares from
# another's numbers get nothing.
#
# - *Full (8):* the model answer, or "1: w = 1 per (thousand euros)² and 1 per day², a default; 14,400 to 900, so days
#   have 6 % of the loss; not trained. 2: both labels standardised, w = 1 without unit, so that units do not decide, 50 % each
#   at the start; log each task's gradient norm in the trunk and its R² on validation rows; the 50 % will not stay, since the
#   easier loss falls faster."
# - *Partial (4):* "First 1 per (thousand euros)² and 1 per day²: price dominates with 94 %, so I change it. Next
#   1/variance per squared unit, so that the units cancel; then both are balanced." The first entry is whole and the second has
#   its weights with a reason; its shares are not worked out, nothing is logged, and "balanced" holds at the mean predictor
#   only.
# - *Missing (0):* "Try a few weights and take the best", without numbers or reasons.
