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
#   lesson: 11_who_shares_what
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 11: who shares what
# **You will** write the table that says what a step for one task does to another, and the mixing of experts in two
# architectures: one in which all experts are shared, one in which each task also has its own. Then you recommend a design and
# say what your evidence does not show. About 60 minutes, after lesson 11. 22 points from checks, 6 for the written part.
#
# Before you write code, state what you expect in the `examples` cell; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint cgc_mix` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples, variant

# %% [markdown] grade_id="about-lookahead_affinity" tags=["locked"]
# ## What a step for one task does to another
# *10 minutes, difficulty 2 of 5.* Write `lookahead_affinity(loss_before, loss_after)` with NumPy.
#
# - `loss_before`: array `(T,)`, the loss of each task now. `loss_after`: array `(T, T)`; row i holds the losses of all tasks
#   after a step on the trunk with the gradient of task i alone, so `loss_after[i, j]` is the loss of task j after a step for
#   task i. All losses are positive numbers; T is at least 1.
# - Return an array `(T, T)`. The entry in row i and column j is 1 - after / before, with the loss of task j after the step for
#   task i and the loss of the same task before it. Positive: the step for i helped j. The diagonal is computed like every other
#   entry.
# - A loss may be as small as 1e-9, and its unit must not matter.
# - The inputs stay as they were.
#
# Example: losses (2, 4). A step for the first task leaves (1, 5), one for the second (1.5, 3). The affinities are
# (0.5, -0.25) and (0.25, 0.25): the first step helps its own task and hurts the second, the second step helps both.

# %% grade_id="examples-lookahead_affinity" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("lookahead_affinity", [
    # ((loss_before, loss_after), expected),
])

# %% grade_id="lookahead_affinity" tags=["answer"]
def lookahead_affinity(loss_before, loss_after):
    """What a step for each task (rows) does to the loss of each task (columns)."""
    ### BEGIN SOLUTION
    # The row of losses before stands under every row of losses after: each task is compared with itself.
    return 1 - loss_after / loss_before
    ### END SOLUTION

# %% grade_id="check-lookahead_affinity" tags=["check"]
check("lookahead_affinity", lookahead_affinity)

# %% [markdown] grade_id="about-mmoe_mix" tags=["locked"]
# ## A gate for every task
# *15 minutes, difficulty 3 of 5.* Write `mmoe_mix(expert_out, gate_logits)` with NumPy.
#
# - `expert_out`: array `(B, E, H)`, what each of E experts says about each of B rows, H numbers each. `gate_logits`: array
#   `(B, T, E)`, for each row and each of T tasks a logit for every expert. All sizes are at least 1.
# - For each row and task turn the logits into shares by a softmax over the **experts**; the answer for that row and task is
#   the sum of the experts' outputs, each times its share. Each task uses its own gate, and each row what the experts say about
#   that row.
# - Returns an array `(B, T, H)`. Logits may be as large as 1000 of either sign; the result stays finite and right.
# - The inputs stay as they were.
#
# Example: one row, two experts that say 1 and 5. Logits (0, 0) give the mixture 3; logits (0, log 3) give the shares
# 1/4 and 3/4 and the mixture 4.

# %% grade_id="examples-mmoe_mix" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("mmoe_mix", [
    # ((expert_out, gate_logits), expected),
])

# %% grade_id="mmoe_mix" tags=["answer"]
def mmoe_mix(expert_out, gate_logits):
    """The mixture of the experts for each row and task."""
    ### BEGIN SOLUTION
    # Only differences of logits count, so the largest of each gate is subtracted: exp then never overflows.
    shares = np.exp(gate_logits - gate_logits.max(axis=2, keepdims=True))
    shares = shares / shares.sum(axis=2, keepdims=True)
    # b, t and h stay; e, the expert, is summed away.
    return np.einsum("bte,beh->bth", shares, expert_out)
    ### END SOLUTION

# %% grade_id="check-mmoe_mix" tags=["check"]
check("mmoe_mix", mmoe_mix)

# %% [markdown] grade_id="about-cgc_mix" tags=["locked"]
# ## Shared experts, and experts of one's own
# *20 minutes, difficulty 4 of 5.* Write `cgc_mix(shared_out, own_out, gate_logits)` with NumPy: the mixing of a customised gate
# control (CGC).
#
# - `shared_out`: array `(B, E, H)`, what each of E shared experts says about each of B rows, H numbers each. `own_out`: array
#   `(B, T, K, H)`, what the K own experts of each of T tasks say. `gate_logits`: array `(B, T, E + K)`, for each row and task a
#   logit for every expert that the task may use: **first the E shared ones, then its own K**. All sizes are at least 1.
# - For each row and task turn the E + K logits into shares by **one** softmax; the answer for that row and task is the sum of
#   those experts' outputs, each times its share. A task never uses an own expert of another task.
# - Returns an array `(B, T, H)`. Logits may be as large as 1000 of either sign; the result stays finite and right.
# - The inputs stay as they were.
#
# Example: one row; the shared expert says 1, the first task's own expert 5, the second task's 9. Logits (0, 0) give the first
# task the mixture 3; logits (0, log 3) give the second task the shares 1/4 and 3/4 and the mixture 7.

# %% grade_id="examples-cgc_mix" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("cgc_mix", [
    # ((shared_out, own_out, gate_logits), expected),
])

# %% grade_id="cgc_mix" tags=["answer"]
def cgc_mix(shared_out, own_out, gate_logits):
    """The mixture of the shared and the own experts for each row and task."""
    ### BEGIN SOLUTION
    # Only differences of logits count, so the largest of each gate is subtracted: exp then never overflows.
    shares = np.exp(gate_logits - gate_logits.max(axis=2, keepdims=True))
    shares = shares / shares.sum(axis=2, keepdims=True)
    # The first E shares meet the experts that are the same for all tasks, the others those of task t alone.
    n_shared = shared_out.shape[1]
    from_shared = np.einsum("bte,beh->bth", shares[:, :, :n_shared], shared_out)
    from_own = np.einsum("btk,btkh->bth", shares[:, :, n_shared:], own_out)
    return from_shared + from_own
    ### END SOLUTION

# %% grade_id="check-cgc_mix" tags=["check"]
check("cgc_mix", cgc_mix)

# %% [markdown] grade_id="given-why-design" tags=["locked"]
# ## Three designs of your own
# Your product predicts watch time, likes and complaints. Every design has the same number of parameters and five training runs
# (invented for this question).
#
# The numbers are yours alone: put your id between the quotes (the one that your course knows you by; on your own, any name) and
# run the cell. Whoever marks your answer gets the same numbers from the same id.

# %% grade_id="numbers-why-design" tags=["numbers"]
variant("design_choice", "")

# %% [markdown] grade_id="about-why-design" tags=["locked"]
# ## In writing: recommend a design
# *15 minutes, 6 points, marked by a person.*
#
# Write to your team in four to six sentences about *your* table. Which design do you recommend, on which number, and for which
# reason where that number does not decide? What does the mean over tasks hide? What does the affinity add, and what can it not show?
# Which effect does your evidence not rule out?
#
# *Marked for:* the number that compares the two best designs (1 point), the reason for your choice between them (1), what the mean
# hides, with its number (1), what the affinity adds (1), what it cannot show (1), and the effect that is not ruled out (1).

# %% [markdown] grade_id="why-design" tags=["manual:6"]
# **Model answer.** (8 seeds, CGC minus two trunks +0.002 ± 0.006.) CGC has the larger mean gain, but paired by seed the difference to
# the two trunks is +0.002 ± 0.006, which does not exclude 0. So I recommend two trunks, one for watch time and likes and one for
# complaints: the simpler design. One trunk for all looks good in the mean (+0.012 ± 0.005) because complaints pay for it with
# 0.021 ± 0.008 of their R². The negative affinity of likes on complaints, -0.004, points in the same direction and told us where to
# look, but it describes single steps at one stage of training; the trained designs are the evidence. What eight seeds do not rule out
# is a gain of CGC of up to about 0.008, and we tried one data set and one size of network.
#
# **Mark scheme.** 1 point for the paired difference with its interval, worded as "not distinguishable from 0"; 1 for a
# reason such as simplicity or cost, whichever of the two designs it leads to; 1 for what complaints pay under one trunk
# although the mean rises, with the number; 1 for the affinity as a hint in agreement with the table; 1 for "it is about single steps,
# or one stage of training, and does not decide"; 1 for a limit with a size, the upper end of the paired interval, or for a case that
# was not tried. Numbers from another's table get nothing.
#
# - *Full (6):* the model answer, or "Two trunks: CGC is +0.002 ± 0.006 better in pairs, which may be nothing, and the trunks are
#   simpler. One trunk for all costs complaints 0.021 ± 0.008, hidden in a mean of +0.012. The affinity of -0.004 fits, but it
#   is about one step and not about the trained model. A true gain of CGC up to 0.008 is still possible, and this is one
#   product's data."
# - *Partial (3):* "CGC and two trunks differ by +0.002 ± 0.006, which may be nothing, so we take the two trunks, which are simpler;
#   one trunk for all costs complaints 0.021 ± 0.008." The paired difference, the reason and who pays are there; nothing about the
#   affinity, and no limit.
# - *Missing (0):* "CGC is best", or "likes and complaints conflict, so never share a trunk", without the paired
#   difference, the task that pays or a limit.
