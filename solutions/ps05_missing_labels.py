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
#   lesson: 05_missing_labels
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 5: missing labels
#
# **You will** write losses that are right in value *and* in gradient where labels are missing, choose what to divide by and say
# why, and write the test that would have caught a wrong mask. About 110 minutes, after lesson 5. 57 points from checks, 6 for
# the written part.
#
# Under each answer, `check(...)` runs the checks that also give the marks. Before you write code, `examples(...)`
# tells you whether you have understood what is asked. Stuck? The button under a check that fails, or
# `mtl-teach hint EXERCISE` in a terminal, gives one hint at a time.
#
# Throughout, `mask` is True where a label was observed. Everything must work in float64 and in float32, with a relative
# error of at most 1e-7 and 1e-5. Where a cross-entropy or a gradient of it is below 1, an absolute error of 1e-7 and 1e-5
# is enough, so a loss of 1e-11 may come out as 0. "Exactly 0" means 0, not 1e-9.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import math

import torch
import torch.nn.functional as F

from autograder import check, examples, variant

# %% [markdown] grade_id="about-source_exercise_1" tags=["locked"]
# ## By hand: the total loss
# *5 minutes, difficulty 1 of 5.*
#
# A model has two heads, click and conversion. On one batch the binary cross-entropy of the clicks averages 0.35 over
# all rows. That of the conversions averages 0.85 over the rows with a conversion label, which are 40 % of the batch.
# The weights are `w_click = 1.0` and `w_cvr = 2.0`. Work out the total loss of the batch and put it into the variable
# `total_loss`. It has at most three decimals; give all of them.
#
# If your course gives everybody numbers of their own for this exercise, `variant("source_exercise_1", "your id")` shows yours;
# the check goes by them from there on.

# %% grade_id="source_exercise_1" tags=["answer"]
### BEGIN SOLUTION
# L = w_click * BCE_click + w_cvr * BCE_cvr. The 0.85 was averaged over the observed 40 % only: it is masked already,
# so the 40 % has nothing left to do.
total_loss = 1.0 * 0.35 + 2.0 * 0.85
### END SOLUTION

# %% grade_id="check-source_exercise_1" tags=["check"]
check("source_exercise_1", total_loss)

# %% [markdown] grade_id="given-why-masking" tags=["locked"]
# ## A batch of your own
# Two heads again, click and conversion, and one more batch.
#
# The numbers are yours alone: put your id between the quotes (the one that your course knows you by; on your own, any name) and
# run the cell. Whoever marks your answer gets the same numbers from the same id.

# %% grade_id="numbers-why-masking" tags=["numbers"]
variant("masked_batch", "")

# %% [markdown] grade_id="about-why-masking" tags=["locked"]
# ### In words: why does masking matter here?
# *12 minutes, 6 points, marked by a person.*
#
# Write three or four sentences about *your* batch: a **claim** (its total loss, with its formula), the **mechanism** (what the
# mask does to the loss and to the gradient of a row without a label; and which weight of the conversions it would amount to if
# their sum were divided by all rows), and a **limit** (something that masking does *not* do).
#
# What is marked: the formula is written clearly (1 point), its value is that of your batch (1),
# the mask is explained for the loss (1) and for the gradient (1), the weight that dividing by all rows amounts to (1), and the
# limit is true (1).

# %% [markdown] grade_id="why-masking" tags=["manual:6"]
# **Model answer.** (400 rows, 160 labels, 0.30 for clicks, a sum of 96 for conversions, weights 1 and 2.5.) The total is
# L = w_click · BCE_click + w_cvr · (sum of BCE_cvr over the labelled rows) / (number of labelled rows) =
# 1 · 0.30 + 2.5 · 96/160 = 1.80. The mask takes the 240 rows without a label out of the conversion loss *before* it is computed:
# they add nothing to the sum, they are not counted in the number that it is divided by, and they send a gradient of exactly zero
# to the conversion head; had they been filled with "no conversion", they would have trained the head on labels that nobody
# observed. Divided by all 400 rows, the sum would count as if the weight were 2.5 · 160/400 = 1.0, and would change with every
# batch's number of labels. Masking does not remove selection bias: the rows with a label are not a random sample of all
# impressions, and a model fitted to them says something about rows like them.
#
# **Mark scheme.** 1 point for the formula with all its symbols named; 1 for the total of the student's own numbers; 1 for "the
# sum runs over the labelled rows and is divided by *their* number", in any words; 1 for "no gradient from the other rows", or "no
# NaN in the gradient"; 1 for the weight that dividing by all rows amounts to, w_cvr times labels over rows; 1 for a true limit:
# selection bias remains, few labels make a noisy estimate, or small batches are sometimes empty. Numbers of another id get neither
# of the two points for numbers.
#
# - *Full (6):* the model answer, or "L = w_click · mean click BCE + w_cvr · S/n, S the sum and n the number of conversion labels:
#   0.30 + 2.5 · 96/160 = 1.80. Rows without a label are neither in S nor in n, so they push the conversion head nowhere. S/400
#   would be a weight of 1.0 instead of 2.5. Masking does not make the labelled rows representative."
# - *Partial (3):* "1.80, since L = w_click · 0.30 + w_cvr · 96/160 with weights 1 and 2.5. Only labelled rows are added and
#   counted, and so the bias is removed." Formula, value and loss are there; nothing is said about the gradient or about dividing
#   by all rows, and the limit is wrong: the bias stays.
# - *Missing (0):* "0.90, because 96 is divided by the batch", or a number alone with no formula and no reason.

# %% [markdown] grade_id="about-ctr_cvr_total" tags=["locked"]
# ## The same total, as a function
# *6 minutes, difficulty 1 of 5.*
#
# `ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr)` gets five Python floats and returns the total
# loss. `bce_click` is an average over all rows, `bce_cvr_observed` an average over the rows with a conversion label,
# `coverage` the share of such rows (above 0, at most 1). The weights are used as given and may be 0. For example,
# `ctr_cvr_total(0.2, 0.5, 1.0, 1.0, 4.0)`, with a label in every row, is 2.2.

# %% grade_id="examples-ctr_cvr_total" tags=["examples"]
examples("ctr_cvr_total", [
    # ((bce_click, bce_cvr_observed, coverage, w_click, w_cvr), expected),
])

# %% grade_id="ctr_cvr_total" tags=["answer"]
def ctr_cvr_total(bce_click, bce_cvr_observed, coverage, w_click, w_cvr):
    """The total loss."""
    ### BEGIN SOLUTION
    # `coverage` stays unused on purpose: a masked mean has been divided by the number of its labels already.
    return w_click * bce_click + w_cvr * bce_cvr_observed
    ### END SOLUTION

# %% grade_id="check-ctr_cvr_total" tags=["check"]
check("ctr_cvr_total", ctr_cvr_total)

# %% [markdown] grade_id="about-masked_mean" tags=["locked"]
# ## Mean of the observed entries
# *15 minutes, difficulty 2 of 5.*
#
# `masked_mean(values, mask)` gets a float tensor of shape (N,) and a bool tensor of shape (N,). It returns a tensor of
# shape (): the sum of the observed values divided by how many there are.
#
# - An observed entry is a finite number. An unobserved one may hold anything: any number, infinity or NaN. It never
#   changes the result or its gradient.
# - The gradient is 1/n for each of the n observed values, and exactly 0 for the others.
# - With nothing observed the result is exactly 0, and `.backward()` works and gives zeros.
# - The inputs are as before after the call.
#
# For example, `masked_mean(torch.tensor([1.0, 9.0, 6.0]), torch.tensor([True, False, True]))` is `tensor(3.5)`.

# %% grade_id="examples-masked_mean" tags=["examples"]
examples("masked_mean", [
    # ((values, mask), expected),
])

# %% grade_id="masked_mean" tags=["answer"]
def masked_mean(values, mask):
    """The mean of the observed values."""
    ### BEGIN SOLUTION
    # Indexing removes the unobserved entries before any arithmetic, so a NaN among them cannot spread,
    # neither forward nor backward. The count is at least 1, which acts only when nothing is observed: 0 / 1 = 0.
    return values[mask].sum() / mask.sum().clamp(min=1)
    ### END SOLUTION

# %% grade_id="check-masked_mean" tags=["check"]
check("masked_mean", masked_mean)

# %% [markdown] grade_id="about-test_masked_mean" tags=["locked"]
# ## A test for masked means
# *25 minutes, difficulty 4 of 5.*
#
# Now change sides. `test_masked_mean(candidate)` gets somebody's `masked_mean(values, mask)` and must tell whether it keeps
# that function's promises: it raises an `AssertionError` (with `assert`, or by way of `torch.testing.assert_close`) if the
# candidate is wrong, and returns None if it is right. Any other exception counts as a failed test too, as in pytest.
#
# The promises are these. The result is the mean of the observed values, of shape (). What is not observed may be any number,
# infinity or NaN, and changes neither the result nor its gradient. The gradient is 1/n for each of the n observed values, and
# exactly 0 for the others. With nothing observed the result is exactly 0, and `.backward()` gives zeros. The inputs are as
# before after the call.
#
# It must accept all right candidates, in different styles, and stop all wrong ones: wrong entries, a sum divided by the wrong
# number, or by one that is a thousandth too large, a look for NaN instead of at the mask, NaN in the result, NaN for an
# empty mask, a gradient that is missing or NaN, an input that is overwritten. Their order is secret, and so are their
# names. Right candidates add up in different orders. Leave room for their rounding: 1e-6 in float32 and 1e-12 in float64,
# times the mean of the *absolute* observed entries (their mean itself may be nearly 0). All candidates give back a tensor
# of the dtype of `values`; no wrong one can be recognised by its dtype, or by what it does with an observed NaN or infinity.
#
# For example, `assert candidate(torch.tensor([1.0, 9.0]), torch.tensor([True, False])) == 1` stops a candidate that
# ignores the mask, but spares one that adds up and never divides.

# %% grade_id="test_masked_mean" tags=["answer"]
def test_masked_mean(candidate):
    """Raise AssertionError unless the candidate keeps every promise of masked_mean."""
    ### BEGIN SOLUTION
    mask = torch.tensor([True, False, True, False])
    # One input for the value: 3.5 is neither the sum (7), nor sum / N (1.75), nor the mean of all or of the others.
    # What is hidden must not matter, so the same 3.5 is expected with a wild number there, and with NaN.
    for hidden in (2.0, 9e3, math.nan):
        values = torch.tensor([1.0, hidden, 6.0, hidden])
        before = values.clone()
        torch.testing.assert_close(candidate(values, mask), torch.tensor(3.5))
        torch.testing.assert_close(values, before, equal_nan=True, rtol=0, atol=0)

    # Nothing observed: exactly 0.
    assert candidate(torch.tensor([4.0, 1.0]), torch.tensor([False, False])).item() == 0

    # A right value may hide a wrong gradient, and NaN is where it shows.
    values = torch.tensor([1.0, math.nan, 6.0, math.nan], requires_grad=True)
    mean = candidate(values, mask)
    assert mean.requires_grad, "the gradient is cut"
    mean.backward()
    torch.testing.assert_close(values.grad, torch.tensor([0.5, 0.0, 0.5, 0.0]))
    ### END SOLUTION

# %% grade_id="check-test_masked_mean" tags=["check"]
check("test_masked_mean", test_masked_mean)

# %% [markdown] grade_id="about-masked_bce_with_logits" tags=["locked"]
# ## Binary cross-entropy over the labels that exist
# *15 minutes, difficulty 3 of 5.*
#
# `masked_bce_with_logits(logits, targets, mask)` gets float tensors `logits` and `targets` of shape (N,) and a bool
# tensor `mask` of shape (N,). It returns a tensor of shape (): the mean binary cross-entropy over the observed rows.
#
# - Logits are finite. The loss and its gradient are right (and finite) at every finite logit: at 200 and -200, and at 0.
# - Observed targets are 0 or 1; an unobserved one may hold anything, infinity and NaN too, and never changes loss or
#   gradient.
# - The gradient is exactly 0 for the logits of unobserved rows.
# - With nothing observed the loss is exactly 0, and `.backward()` works and gives zeros.
# - The inputs are as before after the call.
#
# For example, with logits `[0.0, 3.0]`, targets `[1.0, nan]` and mask `[True, False]` the loss is log 2 = 0.693.

# %% grade_id="examples-masked_bce_with_logits" tags=["examples"]
examples("masked_bce_with_logits", [
    # ((logits, targets, mask), expected),
])

# %% grade_id="masked_bce_with_logits" tags=["answer"]
def masked_bce_with_logits(logits, targets, mask):
    """The mean binary cross-entropy of the observed rows."""
    ### BEGIN SOLUTION
    # Rows without a label are removed before the loss: a mask applied afterwards would leave NaN in the gradient.
    # The version that takes logits stays finite where a sigmoid would have rounded to 0 or 1.
    total = F.binary_cross_entropy_with_logits(logits[mask], targets[mask], reduction="sum")
    return total / mask.sum().clamp(min=1)
    ### END SOLUTION

# %% grade_id="check-masked_bce_with_logits" tags=["check"]
check("masked_bce_with_logits", masked_bce_with_logits)

# %% [markdown] grade_id="about-multitask_masked_mse" tags=["locked"]
# ## Squared error of several tasks with gaps
# *15 minutes, difficulty 3 of 5.*
#
# `multitask_masked_mse(pred, Y, mask, weights)` gets float tensors `pred` and `Y` of shape (N, T), a bool tensor `mask`
# of shape (N, T) and a float tensor `weights` of shape (T,). It returns two things, `total` and `per_task`:
#
# - `per_task`, shape (T,): for each task the mean squared error over *its own* observed rows, *without* its weight, for
#   the log; 0 for a task without any label in the batch. It may carry a gradient or not.
# - `total`, shape (): the sum over the tasks of weight times loss, with a gradient that is right for `pred`, and exactly 0
#   where there is no label.
# - Unobserved labels may hold anything, infinity and NaN too, and never change anything. The inputs are as before after
#   the call.
# - It works for any number of tasks, one too.
#
# For example, with `pred = [[1, 2], [3, 4]]`, `Y = [[3, 1], [nan, 1]]`, `mask = [[True, True], [False, True]]` and
# `weights = [2, 0.5]` the losses of the tasks are `[4, 5]` and the total is 2 · 4 + 0.5 · 5 = 10.5.

# %% grade_id="examples-multitask_masked_mse" tags=["examples"]
examples("multitask_masked_mse", [
    # ((pred, Y, mask, weights), (total, per_task)),
])

# %% grade_id="multitask_masked_mse" tags=["answer"]
def multitask_masked_mse(pred, Y, mask, weights):
    """The total, and the loss of each task for the log."""
    ### BEGIN SOLUTION
    # Put the prediction in place of a missing label: the error there is 0 before it is squared. detach() keeps
    # the derivative of that difference out of the graph; the mask then makes it exactly 0.
    labels = torch.where(mask, Y, pred.detach())
    squares = (pred - labels) ** 2 * mask
    # Each column has a divisor of its own, so that a task with few labels is not made small a second time.
    per_task = squares.sum(dim=0) / mask.sum(dim=0).clamp(min=1)
    return (weights * per_task).sum(), per_task.detach()
    ### END SOLUTION

# %% grade_id="check-multitask_masked_mse" tags=["check"]
check("multitask_masked_mse", multitask_masked_mse)

# %% [markdown] grade_id="about-ctr_cvr_loss" tags=["locked"]
# ## The loss of exercise 1, from logits
# *15 minutes, difficulty 3 of 5.*
#
# `ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv)` gets four float tensors of shape (N,) and two
# Python floats. It returns a tensor of shape ():
# w_click · (mean BCE of the clicks over all rows) + w_conv · (mean BCE of the conversions over the rows with a label).
#
# - `click` is 0 or 1 in every row. `conv` is 0 or 1 where a conversion label exists and NaN elsewhere. A conversion label
#   counts whenever it is not NaN, whatever `click` says.
# - The weights are used as given. Loss and both gradients are right (and finite) at every finite logit: at 200 and -200,
#   and at 0.
# - The gradient of `conv_logit` is exactly 0 where there is no conversion label. Without any, the second term is exactly 0
#   and `.backward()` still works.
# - The inputs are as before after the call.
#
# With averages of 0.2 and 0.5 and the weights 1 and 4 it gives 2.2, as `ctr_cvr_total` does.

# %% grade_id="examples-ctr_cvr_loss" tags=["examples"]
examples("ctr_cvr_loss", [
    # ((click_logit, conv_logit, click, conv, w_click, w_conv), expected),
])

# %% grade_id="ctr_cvr_loss" tags=["answer"]
def ctr_cvr_loss(click_logit, conv_logit, click, conv, w_click, w_conv):
    """The total loss of the clicks and the conversions."""
    ### BEGIN SOLUTION
    # The label's own mask: a clicked row can lack its label, and a row without a click can have one.
    observed = ~conv.isnan()
    click_loss = F.binary_cross_entropy_with_logits(click_logit, click)
    # Rows without a label are removed before the loss is computed; without any label the sum is 0, and so is 0 / 1.
    conv_sum = F.binary_cross_entropy_with_logits(conv_logit[observed], conv[observed], reduction="sum")
    return w_click * click_loss + w_conv * conv_sum / observed.sum().clamp(min=1)
    ### END SOLUTION

# %% grade_id="check-ctr_cvr_loss" tags=["check"]
check("ctr_cvr_loss", ctr_cvr_loss)
