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
# **You will** compute a penalised objective with the right units, find the multiplier from which a penalty is exact, and let a
# multiplier find its own value. About 50 minutes, after lesson 8. 18 points from checks, 5 for the written part.
#
# Under each answer, `check(...)` runs the checks that also give the marks. Before you write code, `examples(...)`
# tells you whether you have understood what is asked. Stuck? The button under a check that fails, or
# `mtl-teach hint EXERCISE` in a terminal, gives one hint at a time.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np

from autograder import check, examples, variant

# %% [markdown] grade_id="about-source_exercise_2" tags=["locked"]
# ## By hand: two penalties
# *5 minutes, difficulty 1 of 5.*
#
# A classifier must answer within 50 ms. Its objective is J = cross-entropy + λ · max(0, latency - 50), with the latency
# in milliseconds. On one batch the cross-entropy is 0.42 and the latency 62 ms. Work out J for λ = 0.02 and for λ = 0.10,
# and put the results into the variables `j_at_002` and `j_at_010`. They have at most three decimals; give all of them.
#
# If your course gives everybody numbers of their own for this exercise, `variant("source_exercise_2", "your id")` shows yours;
# from then on the check uses them.

# %% grade_id="source_exercise_2" tags=["answer"]
### BEGIN SOLUTION
# The violation comes first, in the unit that lambda is meant for: 62 - 50 = 12 ms.
violation = max(0.0, 62.0 - 50.0)
j_at_002 = 0.42 + 0.02 * violation
j_at_010 = 0.42 + 0.10 * violation
### END SOLUTION

# %% grade_id="check-source_exercise_2" tags=["check"]
check("source_exercise_2", j_at_002, j_at_010)

# %% [markdown] grade_id="given-which-is-stricter" tags=["locked"]
# ## A budget of your own
# Another classifier, with the same objective J = cross-entropy + λ · max(0, latency - budget).
#
# The numbers are yours alone: put your id between the quotes (the one by which your course knows you; on your own, any name) and
# run the cell. Whoever marks your answer gets the same numbers from the same id.

# %% grade_id="numbers-which-is-stricter" tags=["numbers"]
variant("latency_penalty", "")

# %% [markdown] grade_id="about-which-is-stricter" tags=["locked"]
# ### In words: which of the two is stricter, and is it always?
# *12 minutes, 5 points, marked by a person.*
#
# Write three or four sentences: a **claim** (J for both of *your* λ, and which λ enforces the latency more strictly on this
# batch), the **mechanism** (what one more millisecond costs under each, and, in at most two sentences, what the optimiser weighs
# it against), and a **limit** (a case in which the larger λ enforces the budget no more strictly than the smaller one).
#
# What is marked: the formula is written clearly (1 point), both values are right for your numbers (1), the cost of a millisecond
# is named with its unit (1), the trade-off is explained concisely (1), and the limit is true (1).

# %% [markdown] grade_id="which-is-stricter" tags=["manual:5"]
# **Model answer.** (Budget 80 ms, latency 96 ms, cross-entropy 0.35, λ = 0.01 and 0.04.) J = 0.35 + λ · max(0, 96 - 80) gives
# 0.51 for λ = 0.01 and 0.99 for λ = 0.04, so 0.04 is the stricter one on this batch. Each millisecond over the budget costs 0.04
# instead of 0.01 of loss: a change that saves a millisecond is worth making as long as it adds less than λ to the cross-entropy,
# and with 0.04 four times as much may be given up for it. But once λ is larger than the steepest saving in loss per millisecond (the
# exact value λ*), the best choice lies within the budget, and every larger λ gives the same model; and a measured latency has no
# gradient, so that in training no λ changes anything.
#
# **Mark scheme.** 1 point for the formula with the maximum in it; 1 for both values of J of the student's own numbers; 1 for the
# two λ as loss *per millisecond*; 1 for weighing it against the cross-entropy, in at most two sentences; 1 for a
# true limit: above λ* nothing changes, at or under the budget the penalty is 0 for both, a measured latency has no gradient, or in
# seconds the same λ means something else.
#
# - *Full (5):* the model answer, or "J = 0.35 + λ · max(0, 96 - 80): 0.51 and 0.99. λ is loss per ms, so at 0.04 the model may pay
#   four times as much cross-entropy to save one ms. If both already push the optimum to exactly 80 ms, they give the same model."
# - *Partial (3):* "J = 0.35 + λ · max(0, 96 - 80), 0.51 and 0.99; 0.04 is stricter because the penalty is 0.64 instead of 0.16 and
#   the optimiser will rather reduce latency than cross-entropy." Formula, values and trade-off are there; what a millisecond costs
#   is not said, and there is no limit.
# - *Missing (0):* "0.04, because it is larger", with no values and no reason.

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
    """The objective J of a model, with its penalty."""
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
# - The inputs stay as they were.
#
# For example, with losses `[0.5, 0.4]`, latencies `[40, 60]` and a budget of 50 the answer is 0.01: the second model saves
# 0.1 of loss and is 10 over the budget.

# %% grade_id="examples-exact_penalty_lambda" tags=["examples"]
examples("exact_penalty_lambda", [
    # ((ce, latency, budget), expected),
])

# %% grade_id="exact_penalty_lambda" tags=["answer"]
def exact_penalty_lambda(ce, latency, budget):
    """The smallest λ for which a feasible model wins."""
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
# multiplier: the old one plus `lr` times the violation `latency - budget`, and exactly 0 where that sum would be negative. So it
# rises while the budget is exceeded, falls while there is slack, and has no upper end. For example,
# `dual_ascent_step(0.5, 54.0, 50.0, 0.1)` is 0.9.

# %% grade_id="examples-dual_ascent_step" tags=["examples"]
examples("dual_ascent_step", [
    # ((lam, latency, budget, lr), expected),
])

# %% grade_id="dual_ascent_step" tags=["answer"]
def dual_ascent_step(lam, latency, budget, lr):
    """The next multiplier."""
    ### BEGIN SOLUTION
    # The violation keeps its sign: slack must bring the multiplier down again. Only the result is cut off at 0.
    return max(0.0, lam + lr * (latency - budget))
    ### END SOLUTION

# %% grade_id="check-dual_ascent_step" tags=["check"]
check("dual_ascent_step", dual_ascent_step)
