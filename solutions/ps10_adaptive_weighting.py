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
# minimum-norm mix and GradNorm's targets. Then you report a result that is not there.
# About 75 minutes, after lesson 10. 32 points from checks, 4 for the written part.
#
# Before you write code, state what you expect in the `examples` cell; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, pseudo-code. In a terminal
# `mtl-teach hint pcgrad_two` does the same.

# %% grade_id="setup" tags=["locked"]
import numpy as np
import torch

from autograder import check, examples

# %% [markdown] grade_id="about-uncertainty_loss" tags=["locked"]
# ## Weights that learn themselves
# *12 minutes, difficulty 2 of 5.* Write `uncertainty_loss(losses, log_var)`.
#
# - `losses`: tensor `(T,)`, one positive loss for each task. `log_var`: tensor `(T,)` of log-variances s, learned along
#   with the model; they may be negative, and as large as 60 either way (30 in float32).
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
    """Sum over tasks of exp(-s) * loss / 2 + s / 2."""
    ### BEGIN SOLUTION
    weights = 0.5 * torch.exp(-log_var)
    # The second term is the price of a large variance. Without it s would grow without end and every weight go to 0.
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
# - A zero gradient is no conflict and gives no NaN: the other one comes back. Gradients of size 1e-6 or 1e6 are treated like
#   others.
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
    """Sum of the two gradients, each without its part against the other."""
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
# - Two *exactly* equal gradients (both zero included) give 0.5. Nearly equal is not equal: the answer is right also where
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
    """Weight of g1 in the shortest mix alpha * g1 + (1 - alpha) * g2."""
    ### BEGIN SOLUTION
    between = g1 - g2
    if not between.any():  # every alpha gives the same mix; a half is agreed on
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
# - A task has kept the share loss / initial loss. Its *relative rate* is that share divided by the mean share over tasks.
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
    """The gradient norm that GradNorm steers each task toward."""
    ### BEGIN SOLUTION
    # What is left of each loss has no unit, so tasks become comparable: a large share means slow progress.
    share_left = losses / initial_losses
    relative_rate = share_left / share_left.mean()
    return weighted_norms.mean() * relative_rate**alpha
    ### END SOLUTION

# %% grade_id="check-gradnorm_targets" tags=["check"]
check("gradnorm_targets", gradnorm_targets)

# %% [markdown] grade_id="about-why-null-result" tags=["locked"]
# ## In writing: report a result that is not there (4 points)
# A colleague wants gradient surgery in the product. Your comparison, ten seeds, labels standardised, early stopping, every
# method with the same budget of five training runs for its settings, gives this change against equal weights (mean R² over
# both tasks; invented for this question):
#
# | method | change, 95 % interval | time of a step |
# |---|---|---|
# | five static weights, the best on validation | +0.010 ± 0.005 | 1.0 |
# | uncertainty weighting | -0.001 ± 0.004 | 1.0 |
# | PCGrad | +0.001 ± 0.004 | 1.7 |
#
# Write to your colleague in three to five sentences. What did you find, why may that be so, and what does it *not* show?
#
# *Marked for:* the claim with its interval and its fair baseline (1), a mechanism (1), the cost (1), the limit: what size of
# effect, and which cases, are not ruled out (1).

# %% [markdown] grade_id="why-null-result" tags=["manual:4"]
# **Model answer.** We found no gain from PCGrad over equal weights: +0.001 with a 95 % interval of ±0.004, while five
# tuned static weights with the same number of training runs gained 0.010 ± 0.005, and a step of PCGrad takes 1.7 times
# as long. A likely reason is that the labels were standardised and training stopped early, so that neither task drowned
# the other, and where their gradients did conflict the projection cancelled mostly what the sum would have averaged out
# anyway; when tasks compete for capacity, a wider trunk helps and surgery does not. This is a null result, not a proof
# of no effect: gains up to about 0.005 of R² are compatible with it, and a different pair of tasks, many tasks, or
# labels that cannot be rescaled were not tried. I recommend the static weights, and a note of what would make us look
# again: a task that falls below its single-task baseline.
#
# **Mark scheme.** 1 point for "no gain found" with +0.001 ± 0.004 *and* the fair baseline, static weights tuned with
# the same number of runs (+0.010 ± 0.005); 1 for a mechanism, worded as likely: standardised labels leave little to
# correct, conflicting gradients cancel in the sum as well, or the conflict is one of capacity; 1 for the cost, 1.7
# times the time of a step; 1 for the limit, with a size (up to about 0.005 is not ruled out) and a case that was not
# tried.
#
# - *Full (4):* the model answer, or "PCGrad changes R² by +0.001 ± 0.004 for 1.7 times the time; five static weights,
#   tuned with as many runs, by +0.010 ± 0.005. With standardised labels probably neither task drowned the other, so
#   there was little to tame. A gain below 0.005 may hide in the interval, and we tried one pair of tasks: with ten
#   tasks I would measure again."
# - *Partial (2):* "PCGrad gains 0.001 ± 0.004 at 1.7 times the cost, the tuned static weights 0.010 ± 0.005, so PCGrad
#   does not work." The claim with its baseline and the cost are there; no mechanism, and "does not work" is more than
#   the interval says.
# - *Missing (0):* "PCGrad is better, +0.001", or "nothing is significant", without interval, baseline or cost.
