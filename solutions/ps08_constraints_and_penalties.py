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
#   lesson: 08_constraints_and_penalties
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 8: constraints and penalties
#
# **Objective:** compute a penalised objective with the right units, find the multiplier from which a penalty is exact,
# and let a multiplier find itself. About 60 minutes.
#
# Under each answer, `check(...)` runs the checks that also give the marks. Before you write code, `examples(...)`
# tells you whether you have understood what is asked. Stuck? The button under a check that fails, or
# `mtl-teach hint EXERCISE` in a terminal, gives one hint at a time.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples

# %% [markdown] grade_id="about-source_exercise_2" tags=["locked"]
# ## Exercise 2: two penalties, by hand
# *5 minutes, difficulty 1 of 5.*
#
# A classifier must answer within 50 ms. Its objective is J = cross-entropy + λ · max(0, latency - 50), with the latency
# in milliseconds. On one batch the cross-entropy is 0.42 and the latency 62 ms. Work out J for λ = 0.02 and for λ = 0.10,
# and put the results into the variables `j_at_002` and `j_at_010`. They have at most three decimals; give all of them.
#
# If your course gives everybody numbers of their own, `from autograder import variant` and then
# `variant("source_exercise_2", "your id")` show yours; the check goes by them from there on.

# %% grade_id="source_exercise_2" tags=["answer"]
### BEGIN SOLUTION
# The violation comes first, in the unit that lambda is meant for: 62 - 50 = 12 ms.
violation = max(0.0, 62.0 - 50.0)
j_at_002 = 0.42 + 0.02 * violation
j_at_010 = 0.42 + 0.10 * violation
### END SOLUTION

# %% grade_id="check-source_exercise_2" tags=["check"]
check("source_exercise_2", j_at_002, j_at_010)

# %% [markdown] grade_id="about-which-is-stricter" tags=["locked"]
# ### In words: which of the two is stricter, and is it always?
# *10 minutes, 4 points, marked by a person.*
#
# Write three sentences: a **claim** (both values, and which λ enforces the latency more strictly on this batch), the
# **mechanism** (what one more millisecond costs under each, and what the optimiser weighs it against), and a **limit** (a
# case in which λ = 0.10 enforces the budget no more strictly than a smaller λ).
#
# What is marked: the formula is written clearly with both values (1 point), the price of a millisecond is named with its
# unit (1), the trade-off is explained concisely (1), and the limit is true (1).

# %% [markdown] grade_id="which-is-stricter" tags=["manual:4"]
# **Model answer.** J = 0.42 + λ · max(0, 62 - 50) gives 0.66 for λ = 0.02 and 1.62 for λ = 0.10, so 0.10 is the stricter
# price. Each millisecond over the budget costs 0.10 instead of 0.02 of loss: a change that saves a millisecond is worth
# making as long as it adds less than λ to the cross-entropy, and with 0.10 five times as much may be given up for it.
# But strictness is a matter of the slope only: once λ is larger than the steepest saving in loss a millisecond (the exact
# value λ*), the best choice sits at the budget, and every larger λ gives the same model; and a latency that is read from a
# clock has no gradient, so that in training no λ changes anything, it only counts when models are compared.
#
# **Mark scheme.** 1 point for the formula with 0.66 and 1.62, or with the values of the student's own numbers where the
# course has them; 1 for 0.02 against 0.10 of loss *per millisecond*; 1 for weighing it against the cross-entropy; 1 for a
# true limit: above λ* nothing changes, at or under the budget the penalty is 0 for both, a measured latency has no
# gradient, or in seconds the same λ means something else.
#
# - *Full (4):* the model answer, or "0.66 and 1.62. λ is loss per ms, so at 0.10 the model may pay five times as much
#   cross-entropy to save one ms. If both already push the optimum to exactly 50 ms, they give the same model."
# - *Partial (2):* "0.66 and 1.62, λ = 0.10 is stricter because the penalty is 1.2 instead of 0.24 and the optimiser will
#   rather reduce latency than cross-entropy." Formula and trade-off are there; no price a millisecond, no limit.
# - *Missing (0):* "0.10, because it is larger", with no values and no reason.

# %% [markdown] grade_id="about-latency_objective" tags=["locked"]
# ## A loss with a latency penalty
# *6 minutes, difficulty 1 of 5.*
#
# `latency_objective(ce, latency_ms, budget_ms, lam)` gets four Python floats (`lam` is at least 0, `ce` may be any number)
# and returns J = ce + lam · max(0, latency_ms - budget_ms). `lam` is loss per millisecond. Within the budget, and exactly at
# it, J is the cross-entropy alone. For example, `latency_objective(0.5, 30.0, 20.0, 0.01)` is 0.6.

# %% grade_id="examples-latency_objective" tags=["examples"]
examples("latency_objective", [
    # ((ce, latency_ms, budget_ms, lam), expected),
])

# %% grade_id="latency_objective" tags=["answer"]
def latency_objective(ce, latency_ms, budget_ms, lam):
    """Cross-entropy plus lam for each millisecond over the budget."""
    ### BEGIN SOLUTION
    # The max wraps the violation alone: without it, a model under the budget would be paid for its speed.
    return ce + lam * max(0.0, latency_ms - budget_ms)
    ### END SOLUTION

# %% grade_id="check-latency_objective" tags=["check"]
check("latency_objective", latency_objective)

# %% [markdown] grade_id="about-exact_penalty_lambda" tags=["locked"]
# ## The multiplier from which a penalty is exact
# *20 minutes, difficulty 4 of 5.*
#
# You choose among M trained models. `exact_penalty_lambda(ce, latency, budget)` gets two arrays of shape (M,), the loss
# and the latency of each, and the budget, a float in the units of the latency. A model is *feasible* if its latency is at
# most the budget. Return the smallest λ ≥ 0 for which a feasible model minimises ce + λ · max(0, latency - budget); a tie
# between a feasible and an infeasible model counts as won, so nothing has to be added to the smallest λ.
#
# - If no model is feasible, the answer is infinity. If no model is infeasible, it is 0.
# - Losses and latencies are finite, in any unit (milliseconds, or nanoseconds), in any order, float32 or float64. The
#   budget is a number that their dtype can hold, so "at most" means the same in either.
# - The arrays are as before after the call.
#
# For example, with losses `[0.5, 0.4]`, latencies `[40, 60]` and a budget of 50 the answer is 0.01: the second model saves
# 0.1 of loss and is 10 over the budget.

# %% grade_id="examples-exact_penalty_lambda" tags=["examples"]
examples("exact_penalty_lambda", [
    # ((ce, latency, budget), expected),
])

# %% grade_id="exact_penalty_lambda" tags=["answer"]
def exact_penalty_lambda(ce, latency, budget):
    """Smallest lambda for which the penalised choice keeps the budget."""
    ### BEGIN SOLUTION
    feasible = latency <= budget
    if not feasible.any():
        return np.inf  # however large lambda is, there is nobody to win
    # Among the feasible models the penalty is 0, so the one with the lowest loss is the one that can win.
    best = ce[feasible].min()
    # Each infeasible model loses from its own break-even slope on; lambda must reach the steepest of them.
    # Where no slope is positive, or there is none, the best model is feasible anyway: 0.
    slopes = (best - ce[~feasible]) / (latency[~feasible] - budget)
    return slopes.max(initial=0.0)
    ### END SOLUTION

# %% grade_id="check-exact_penalty_lambda" tags=["check"]
check("exact_penalty_lambda", exact_penalty_lambda)

# %% [markdown] grade_id="about-dual_ascent_step" tags=["locked"]
# ## One step of a multiplier
# *8 minutes, difficulty 2 of 5.*
#
# `dual_ascent_step(lam, latency, budget, lr)` gets four Python floats (`lam` and `lr` are at least 0) and returns the next
# multiplier: the old one plus `lr` times the violation `latency - budget`, and exactly 0 where that would be negative. So it
# rises while the budget is exceeded, falls while there is slack, and has no upper end. For example,
# `dual_ascent_step(0.5, 54.0, 50.0, 0.1)` is 0.9.

# %% grade_id="examples-dual_ascent_step" tags=["examples"]
examples("dual_ascent_step", [
    # ((lam, latency, budget, lr), expected),
])

# %% grade_id="dual_ascent_step" tags=["answer"]
def dual_ascent_step(lam, latency, budget, lr):
    """Move the multiplier along the violation and keep it at or above 0."""
    ### BEGIN SOLUTION
    # The violation keeps its sign: slack must bring the multiplier down again. Only the result is cut off at 0.
    return max(0.0, lam + lr * (latency - budget))
    ### END SOLUTION

# %% grade_id="check-dual_ascent_step" tags=["check"]
check("dual_ascent_step", dual_ascent_step)
