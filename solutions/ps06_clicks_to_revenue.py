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
#   lesson: 06_clicks_to_revenue
# ---

# %% [markdown] grade_id="intro" tags=["locked"]
# # Problem set 6: clicks, conversions, revenue
# **You will** estimate a mean over everybody from the rows that were seen, write the loss of two heads over a whole funnel,
# and say what an impression is worth. About 65 minutes, after lesson 6. 24 points from checks, 7 for the written part.
#
# Before you write code, state what you expect in the `examples` cell; then write the answer and run its `check`.
# Stuck? The button under a check that fails gives one more hint each time: a nudge, the idea, lines to put in order. In
# a terminal `mtl-teach hint ipw_mean` does the same.
#
# An answer in words goes into a text cell: double-click it, or choose it and press Enter; Shift+Enter shows how it reads.

# %% grade_id="setup" tags=["locked"]
import numpy as np
import torch
import torch.nn.functional as F

from autograder import check, examples

# %% [markdown] grade_id="about-ipw_mean" tags=["locked"]
# ## A mean over everybody from the rows we can see
# *15 minutes, difficulty 2 of 5.* Write `ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05)`.
#
# - `y`: array `(N,)`, finite where a row was observed. Where it was not, it may hold anything: an old number, NaN,
#   infinity. None of that may reach the result.
# - `observed`: array `(N,)` of 0 and 1, integers or floats. At least one row is observed.
# - `propensity`: array `(N,)`, the chance of each row to be observed, above 0 and at most 1. A propensity below `clip`
#   counts as `clip`; one above it stays as it is, up to 1. `clip` is a number above 0 and at most 1.
# - **IPS** (the default): each observed row counts 1/propensity times; divide the total by the number of *all* rows.
# - **SNIPS** (`self_normalised=True`): divide the same total by the sum of the weights of the observed rows.
# - Returns one number. The inputs stay as they were.
#
# Example: with `y = [1, 9, 4]`, `observed = [1, 0, 1]` and `propensity = [0.5, 0.5, 0.25]` the weights are 2 and 4, the
# total is 2·1 + 4·4 = 18, so IPS gives 18 / 3 = 6 and SNIPS gives 18 / 6 = 3.

# %% grade_id="examples-ipw_mean" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("ipw_mean", [
    # ((y, observed, propensity), expected),
])

# %% grade_id="ipw_mean" tags=["answer"]
def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    """Estimate the mean of y over all rows from the observed ones."""
    ### BEGIN SOLUTION
    # Drop the unobserved rows before any arithmetic: 0 * NaN would still be NaN.
    kept = np.asarray(observed) == 1
    # A row seen once in four times stands in for four. The floor bounds what a single row can do, at the cost of a bias.
    weights = 1 / np.maximum(propensity[kept], clip)
    total = np.sum(weights * y[kept])
    # IPS divides by everybody; SNIPS by the number of rows that the weights stand for, which cancels a common error in them.
    return total / (np.sum(weights) if self_normalised else len(y))
    ### END SOLUTION

# %% grade_id="check-ipw_mean" tags=["check"]
check("ipw_mean", ipw_mean)

# %% [markdown] grade_id="about-esmm_loss" tags=["locked"]
# ## The loss over the whole funnel
# *25 minutes, difficulty 4 of 5.* Write `esmm_loss(ctr_logit, cvr_logit, click, conv)`.
#
# All four are tensors `(N,)` of one dtype, float32 or float64; `click` and `conv` hold 0 or 1. `sigmoid(ctr_logit)` is the
# chance of a click, `sigmoid(cvr_logit)` the chance of a conversion *given* a click.
#
# - Return the mean cross-entropy of `click` under the click probability, **plus** the mean cross-entropy of "clicked and
#   converted" under the *product* of both probabilities. Both means run over **all** N impressions.
# - `conv` may be 1 where `click` is 0 (a sale without this click); it then counts as 0.
# - The conversion head has no loss of its own.
# - Value **and** gradients of both logits are right for logits up to ±60, 0 included, in float32 too. At 60 a float
#   probability is exactly 1, so a cut-off or a small number inside a logarithm is not enough. The loss may be off by one
#   ten-millionth of itself (float32: one hundred-thousandth), or by one ten-millionth where it is below 1; a gradient
#   likewise, relative to the largest one.
# - Returns a scalar tensor that carries its gradient to both logits. The inputs stay as they were.
#
# Example: both logits 0, clicked and converted. The click has probability 1/2 and both together 1/4, so the loss is
# log 2 + log 4 = 2.0794. Clicked but not converted it is log 2 + log(4/3) = 0.9808.

# %% grade_id="examples-esmm_loss" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("esmm_loss", [
    # ((ctr_logit, cvr_logit, click, conv), expected),
])

# %% grade_id="esmm_loss" tags=["answer"]
def esmm_loss(ctr_logit, cvr_logit, click, conv):
    """Cross-entropy of the click plus that of click-and-conversion, each a mean over all impressions."""
    ### BEGIN SOLUTION
    # No click is a TRUE 0 for "clicked and converted"; a conversion that came another way does not count.
    both = click * conv
    # 1 / (sigma(a) sigma(b)) - 1 = e^-a + e^-b + e^-(a+b), so the logit of the product is minus the logarithm of that sum.
    # The product itself is never formed: at a logit of 60 it would be exactly 1 and log(1 - product) would be lost.
    both_logit = -torch.logsumexp(torch.stack([-ctr_logit, -cvr_logit, -ctr_logit - cvr_logit]), dim=0)
    return F.binary_cross_entropy_with_logits(ctr_logit, click) + F.binary_cross_entropy_with_logits(both_logit, both)
    ### END SOLUTION

# %% grade_id="check-esmm_loss" tags=["check"]
check("esmm_loss", esmm_loss)

# %% [markdown] grade_id="about-expected_revenue" tags=["locked"]
# ## What an impression is worth
# *8 minutes, difficulty 1 of 5.* Write `expected_revenue(ctr_logit, cvr_logit, price)`.
#
# All three are NumPy arrays `(N,)`, float32 or float64, one entry per impression; prices are not negative. The second
# head is *conditional*: it gives the chance of a conversion among impressions that were clicked.
#
# - Return an array `(N,)`: for each impression the chance of a click, times the chance of a conversion given a click, times
#   the price. Impressions do not influence each other.
# - Logits may be large (60, 1000, of either sign): the result stays finite, and right to within one ten-millionth of the
#   highest price in the batch (float32: one hundred-thousandth). A probability below that may come out as 0.
# - The inputs stay as they were.
#
# Example: both logits 0 and a price of 8 make 0.5 · 0.5 · 8 = 2.

# %% grade_id="examples-expected_revenue" tags=["examples"]
# What do you think it does? State two examples before you write code.
examples("expected_revenue", [
    # ((ctr_logit, cvr_logit, price), expected),
])

# %% grade_id="expected_revenue" tags=["answer"]
def expected_revenue(ctr_logit, cvr_logit, price):
    """What each impression is worth."""
    ### BEGIN SOLUTION
    def sigmoid(logit):
        # 1 / (1 + e^-z) through its logarithm: logaddexp never overflows, and small probabilities keep their digits.
        return np.exp(-np.logaddexp(0, -logit))

    # Multiply within each impression: items with a high click rate may well have a low price, so means do not multiply.
    return sigmoid(ctr_logit) * sigmoid(cvr_logit) * price
    ### END SOLUTION

# %% grade_id="check-expected_revenue" tags=["check"]
check("expected_revenue", expected_revenue)

# %% [markdown] grade_id="about-why-estimators" tags=["locked"]
# ## In writing: one log, two questions
# *15 minutes, 7 points, marked by a person.*
#
# A shop logs impressions, clicks, and conversions after a click. Two colleagues ask for "the conversion rate":
#
# - **Ranking** wants to sort tomorrow's impressions by expected revenue.
# - **Marketing** plans a campaign that brings *everybody* to the product page, whether they would have clicked or not, and
#   wants the mean conversion rate to expect.
#
# In four to six sentences: which rate does each of them need, which estimator gives it from this log and why that one, and when
# can the log not answer?
#
# *Marked for:* the rate that is needed (1 point for each question), an estimator that gives it (1 for each), the reason for that
# estimator (1 for each), and one condition under which the log cannot answer (1).

# %% [markdown] grade_id="why-estimators" tags=["manual:7"]
# **Model answer.** Ranking needs P(conversion | click, x), because revenue is P(click | x) times that rate times the
# price; the masked loss on clicked rows, or the funnel loss over all impressions, estimates exactly this, and
# reweighting it towards everybody would put a wrong number into the product. Marketing needs the mean over all people of
# the chance to convert if they are brought to the page, so the clicked rows must stand in for those who did not click:
# IPS, Σ o·y/p divided by n, or its steadier self-normalised form, with a propensity for every row and none of them
# close to 0. Clipping small propensities trades bias for a lower variance, so I report the estimate for two values of
# the clip. Marketing's answer fails if a hidden intention drives both the click and the purchase: then people who
# clicked differ from those who did not in a way that no weight made from x can repair, and only an experiment (bring a
# random group to the page) identifies the rate. Ranking's answer survives that, but needs both probabilities to be
# calibrated, not only well ordered.
#
# **Mark scheme.** 1 point for Ranking's rate: given a click; 1 for Marketing's rate: if everybody is brought to the page; 1 for
# Ranking's estimator: masked or funnel loss; 1 for its reason: revenue is click × conversion given a click × price; 1 for
# Marketing's estimator: IPS, SNIPS or doubly robust; 1 for its reason: clicked rows must stand in for all; 1 for one true
# condition under which the log cannot answer: hidden intent, or people who never click (propensity 0). Zeros for rows
# without a click lose both points of the estimator for which they are used.
#
# - *Full (7):* the model answer, or "Ranking: P(conv | click, x), a head trained on clicked rows only, since the click
#   is already in the revenue formula. Marketing: the rate if everybody clicks; weight clicked rows by 1/P(click | x) so
#   that they count for the others too. If people click because they want to buy and x does not show it, the second is
#   wrong whatever we do."
# - *Partial (4):* "Ranking needs the rate given a click, which the masked loss gives, since P(click) is multiplied in
#   anyway; Marketing needs the rate if everybody came, so fill rows without a click with 0." Both rates and Ranking's
#   estimator with its reason are there; the zeros give click *and* conversion, not conversion for all, and no condition is named.
# - *Missing (0):* "Both take conversions divided by clicks; more data makes it unbiased", one number and no question.
