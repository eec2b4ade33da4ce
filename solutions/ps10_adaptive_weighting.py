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
#   lesson: 10_adaptive_weighting
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 10: weights that adapt, gradients that conflict
# **You will** write the core of four methods, each a few lines: uncertainty weighting, PCGrad for two tasks, the
# minimum-norm mix and GradNorm's targets. Then you report what a comparison found.
# About 70 minutes, after lesson 10. 32 points from checks, 6 for the written part.
#
# Before you write code, state what you expect in the `examples` cell; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint pcgrad_two` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np
import torch

from autograder import check, examples, variant

# %% [markdown] grade_id="about-uncertainty_loss" tags=["locked"]
# ## Weights that learn themselves
# *12 minutes, difficulty 2 of 5.* Write `uncertainty_loss(losses, log_var)`.
#
# - `losses`: tensor `(T,)`, one positive loss for each task. `log_var`: tensor `(T,)` of log-variances s, learned along
#   with the model; they may be negative, and their size is up to 60 (30 in float32).
# - Each task adds ½ · exp(-s) · loss + ½ · s. Return the **sum** over tasks, a scalar tensor.
# - Gradients reach the losses (they train the model) *and* the log-variances (they train the weights), at extreme s too.
# - The inputs stay as they were.
#
# Example: a loss of 4 costs 2 at s = 0, and 0.5 + log 2 = 1.1931 at s = log 4, where the gradient of s is 0.

# %% grade_id="examples-uncertainty_loss" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("uncertainty_loss", [
    # ((losses, log_var), expected),
])

# %% grade_id="uncertainty_loss" tags=["answer"]
def uncertainty_loss(losses, log_var):
    """The total loss, with a learned log-variance for each task."""
    ### BEGIN SOLUTION
    weights = 0.5 * torch.exp(-log_var)
    # The second term is the cost of a large variance. Without it s would grow without end and every weight go to 0.
    return (weights * losses + 0.5 * log_var).sum()
    ### END SOLUTION

# %% grade_id="check-uncertainty_loss" tags=["check"]
check("uncertainty_loss", uncertainty_loss)

# %% [markdown] grade_id="about-pcgrad_two" tags=["locked"]
# ## Two gradients that disagree
# *15 minutes, difficulty 3 of 5.* Write `pcgrad_two(g1, g2)` for two NumPy gradients `(d,)`.
#
# - If g1 · g2 is negative, take from each gradient its part along the *other, original* gradient, and return the sum of
#   what is left. Otherwise return g1 + g2 as they are.
# - The part of a along b is (a · b / b · b) b.
# - A zero gradient is no conflict and gives no NaN: the other gradient is returned. Gradients of size 1e-6 or 1e6 are treated
#   like others.
# - Returns an array `(d,)`. float32 and float64 both work, and the inputs stay as they were.
#
# Example: g1 = (2, 0) and g2 = (-1, 1) have g1 · g2 = -2. What is left of g1 is (1, 1), of g2 (0, 1); the answer is (1, 2).

# %% grade_id="examples-pcgrad_two" tags=["examples"]
# What do you think it does? State two examples before you write code: one with a conflict, one without.
examples("pcgrad_two", [
    # ((g1, g2), expected),
])

# %% grade_id="pcgrad_two" tags=["answer"]
def pcgrad_two(g1, g2):
    """The sum of what is left of the two gradients."""
    ### BEGIN SOLUTION
    inner = g1 @ g2
    if inner >= 0:  # they agree, or one of them is zero: nothing to repair, and nothing to divide by
        return g1 + g2
    # Both projections use the originals, so that the order of the tasks does not matter.
    first = g1 - inner / (g2 @ g2) * g2
    second = g2 - inner / (g1 @ g1) * g1
    return first + second
    ### END SOLUTION

# %% grade_id="check-pcgrad_two" tags=["check"]
check("pcgrad_two", pcgrad_two)

# %% [markdown] grade_id="about-min_norm_alpha" tags=["locked"]
# ## The shortest mix of two gradients
# *15 minutes, difficulty 3 of 5.* Write `min_norm_alpha(g1, g2)` for two NumPy gradients `(d,)`.
#
# - Return the number alpha in [0, 1] for which alpha · g1 + (1 - alpha) · g2 is shortest, right to 0.0001 (a search is as
#   good as a formula). Alpha is the weight of **g1**.
# - 0 and 1 themselves are allowed: where one gradient is already the shortest mix it gets all the weight.
# - Two *exactly* equal gradients (both zero included) give 0.5. Nearly equal is not equal: the answer must also be right where
#   the two differ by a millionth of their length, and where both are as small as 1e-9.
# - float32 (right to 0.005) and float64 both work, and the inputs stay as they were.
#
# Example: g1 = (1, 0) and g2 = (0, 2) are at right angles. The squared length of the mix is alpha² + 4 (1 - alpha)², which
# is smallest at alpha = 0.8: the shorter gradient gets the larger weight.

# %% grade_id="examples-min_norm_alpha" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("min_norm_alpha", [
    # ((g1, g2), expected),
])

# %% grade_id="min_norm_alpha" tags=["answer"]
def min_norm_alpha(g1, g2):
    """The weight of g1 in the shortest mix of the two gradients."""
    ### BEGIN SOLUTION
    between = g1 - g2
    if not between.any():  # every alpha gives the same mix; the task asks for a half
        return 0.5
    # The squared length is |g2 + alpha (g1 - g2)|^2, a parabola: its derivative is zero at this alpha.
    alpha = -(between @ g2) / (between @ between)
    # Outside [0, 1] the lowest point of the segment is the nearer of its ends.
    return float(np.clip(alpha, 0.0, 1.0))
    ### END SOLUTION

# %% grade_id="check-min_norm_alpha" tags=["check"]
check("min_norm_alpha", min_norm_alpha)

# %% [markdown] grade_id="about-gradnorm_targets" tags=["locked"]
# ## Which gradient norm each task should have
# *15 minutes, difficulty 3 of 5.* Write `gradnorm_targets(weighted_norms, losses, initial_losses, alpha)`.
#
# - Three NumPy arrays `(T,)` of positive numbers (the norms of the weighted gradients, the losses now and at the start) and a
#   number `alpha`, 0 or above.
# - The share of its loss that a task still has is loss / initial loss. Its *relative rate* is that share divided by the mean share
#   over tasks.
# - Return an array `(T,)`: the **mean** of the norms times the relative rate to the power alpha. Slow tasks get the larger
#   targets; alpha = 0 gives all tasks the same.
# - The inputs stay as they were.
#
# Example: norms (3, 1), losses (1, 6), initial losses (4, 8) and alpha = 1. The shares are 1/4 and 3/4, their mean is 1/2, the
# relative rates 0.5 and 1.5, the mean norm 2: the targets are (1, 3).

# %% grade_id="examples-gradnorm_targets" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("gradnorm_targets", [
    # ((weighted_norms, losses, initial_losses, alpha), expected),
])

# %% grade_id="gradnorm_targets" tags=["answer"]
def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    """The target for the gradient norm of each task."""
    ### BEGIN SOLUTION
    # The share that is left of a loss has no unit, so tasks become comparable: a large share means slow progress.
    share_left = losses / initial_losses
    relative_rate = share_left / share_left.mean()
    return weighted_norms.mean() * relative_rate**alpha
    ### END SOLUTION

# %% grade_id="check-gradnorm_targets" tags=["check"]
check("gradnorm_targets", gradnorm_targets)

# %% [markdown] grade_id="given-why-comparison" tags=["locked"]
# ## A comparison of your own
# A colleague wants gradient surgery in the product. You compared it with other methods: labels standardised, early stopping, the
# same number of training runs to tune each method (the numbers are invented for this question). The time of a step is relative to
# that of a step with equal weights.
#
# The numbers are yours alone: put your id between the quotes (the one that your course knows you by; on your own, any name) and
# run the cell. Whoever marks your answer gets the same numbers from the same id.

# %% grade_id="numbers-why-comparison" tags=["numbers"]
variant("surgery_report", "")

# %% [markdown] grade_id="about-why-comparison" tags=["locked"]
# ## In writing: what did the comparison find?
# *15 minutes, 6 points, marked by a person.*
#
# Write to your colleague in four to six sentences about *your* table. What did you find, and compared with what? Why may that be
# so? What does it cost? And what does it *not* show?
#
# *Marked for:* the finding with its interval (1 point), what it is compared with (1), a mechanism (1), the cost (1), and two things
# that it does not show, one of them with a number (2).

# %% [markdown] grade_id="why-comparison" tags=["manual:6"]
# **Model answer.** (10 seeds, five runs, PCGrad +0.001 ± 0.004 at 1.7 times the time.) We found no gain from PCGrad over equal
# weights: +0.001 with a 95 % interval of ±0.004. Five tuned static weights with the same number of training runs gained
# 0.010 ± 0.005. A step of PCGrad takes 1.7 times as long. A likely reason is that the labels were standardised and training stopped
# early, so that neither task drowned the other, and two gradients of about equal length give PCGrad a step in nearly the direction
# of the sum. This is a null result, not a proof of no effect: gains up to about 0.005 of R² are compatible with
# it, and a different pair of tasks, many tasks, or labels that cannot be rescaled were not tried. I recommend the static weights,
# and a note of what would make us look again: a task that falls below its single-task baseline.
#
# **Mark scheme.** 1 point for "no gain found" with the change of PCGrad and its interval; 1 for the fair baseline: static
# weights tuned with the same number of runs, with their gain; 1 for a mechanism that may explain it: standardised labels leave
# little to correct, for gradients of equal length the step is nearly that of the sum, conflicting gradients cancel in the sum as
# well, or the conflict is one of capacity; 1 for the cost, the time of a step; 1 for the size of a gain that is not ruled out, the
# upper end of the interval; 1 for a case that was not tried. Numbers from
# another's table get nothing.
#
# - *Full (6):* the model answer, or "PCGrad changes R² by +0.001 ± 0.004 for 1.7 times the time; five static weights,
#   tuned with as many runs, by +0.010 ± 0.005. With standardised labels probably neither task drowned the other, so
#   there was little to correct. A gain below 0.005 may hide in the interval, and we tried one pair of tasks: with ten
#   tasks I would measure again."
# - *Partial (3):* "PCGrad gains 0.001 ± 0.004, which may be nothing, at 1.7 times the cost; the five static weights gain
#   0.010 ± 0.005 with as many runs, so PCGrad does not work." The finding, its baseline and the cost are there; no mechanism, and
#   "does not work" is more than the interval says.
# - *Missing (0):* "PCGrad is better", or "nothing is significant", without interval, baseline or cost.
