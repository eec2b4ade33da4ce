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
# ---

# %% [markdown]
# # 5. Missing labels and masked losses
#
# **You will be able to** write a masked loss that is right in its value *and* in its gradient; choose what to divide by,
# knowing which weight that sets; test a mask so that wrong ones cannot pass; and say what masking does *not* do.
#
# **Before:** lesson 1 (a vector of losses and its weighted sum). **Time:** 80 minutes. **Difficulty:** ●●○
#
# **Exercises:** open problem set 5 (`ps05_missing_labels`) beside this lesson. Each section says which exercise follows it.

# %% [markdown]
# ## The attendance register
#
# A teacher enters marks in a register: one line per pupil, one column per exam. Some fields are empty, because some
# pupils did not sit some exams. Three questions follow, and this lesson is about nothing else.
#
# 1. **What stands in the empty field?** Not a 0. A 0 says "sat the exam and knew nothing".
# 2. **What is the average divided by?** By those who sat the exam, or by the whole class: two numbers, two meanings.
# 3. **Who sat it?** If only the diligent came, the average describes the diligent. No arithmetic on the register alone
#    fixes that.
#
# In a multi-task model the columns are tasks and a boolean **mask** of shape `(n_samples, n_tasks)` says which fields are
# filled: `True` means that the label was observed.

# %%
import math

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from torch import nn

from autograder import misconception_answers
from mtl_teach.data import make_click_logs, make_demand_series
from mtl_teach.figures import bars, dots, heat_map, lines, show
from mtl_teach.learn import claim, explore, outcome, predict, quiz, say, size
from mtl_teach.losses import masked_loss, weighted_sum
from mtl_teach.metrics import mean_interval

_ = torch.optim.SGD([torch.zeros(1)], lr=1.0)  # the first optimiser takes seconds to import: do it here

# %%
SEEDS = size(10, short=2)  # SMOKE=1 makes a short run, which checks no claim about an effect
nan = float("nan")

# %% [markdown]
# A click log is such a register. Every impression has a click label; a conversion label exists only where somebody clicked.

# %%
log = make_click_logs(4000, seed=0)
coverage = log.mask.mean(axis=0)
print(log)
print("coverage (share of rows with a label):", dict(zip(log.task_names, coverage.round(3).tolist())))

# %% [markdown]
# <details><summary><b>Confusion: "An impression without a click did not convert, so its conversion label is 0."</b></summary>
#
# It depends on which question the label answers. For *"does a click lead to a purchase?"* (the conversion rate given a
# click) the row has **no** answer: nobody clicked, so nobody can say what would have followed. For *"did this impression
# lead to a click and a purchase?"* the answer is known, and it is a **true 0**. One row, two questions: missing for one,
# zero for the other. Write down the question before you fill in a field. Lesson 6 builds on this.
# </details>

# %% [markdown]
# ## The mean over what was observed
#
# The masked mean of losses $\ell_i$ with mask $m_i \in \{0, 1\}$ is
#
# $$ L = \frac{\sum_i m_i\,\ell_i}{\sum_i m_i} . $$
#
# There are many ways to type this. Take four impressions, two of them with a conversion label, and a model that
# is undecided (logit 0), so that the loss of each observed row is $\log 2$.

# %%
label = torch.tensor([1.0, 0.0, nan, nan])
mask = ~label.isnan()


def bce(logits, labels):
    return F.binary_cross_entropy_with_logits(logits, labels, reduction="none")

# %% [markdown]
# Four programmers compute the losses first and take the missing ones out **after**:

# %%
after = {
    "multiply by the mask": lambda z, y, m: (bce(z, y) * m).sum() / m.sum(),
    "torch.where on the loss": lambda z, y, m: torch.where(m, bce(z, y), 0.0).sum() / m.sum(),
    "nanmean of the loss": lambda z, y, m: bce(z, y).nanmean(),
    "nan_to_num on the loss": lambda z, y, m: bce(z, y).nan_to_num().sum() / m.sum(),
}

# %% [markdown]
# Three take them out **before** anything is computed:

# %%
before = {
    "fill the label, then mask": lambda z, y, m: (bce(z, torch.where(m, y, 0.0)) * m).sum() / m.sum(),
    "pick the observed rows": lambda z, y, m: bce(z[m], y[m]).mean(),
    "mtl_teach.masked_loss": lambda z, y, m: masked_loss(z[:, None], y[:, None], m[:, None], loss="bce")[0],
}

# %% tags=["fold"]
predict(
    "Seven masked cross-entropies, two missing labels stored as NaN: four take the missing losses out after they are computed, "
    "three take the missing labels out before. How many print the right loss, log 2 = 0.693, and how many of those have a "
    "usable gradient?",
    ["7 right losses, 7 good gradients", "6 right losses, 6 good gradients", "6 right losses, 3 good gradients",
     "3 right losses, 3 good gradients"],
    name="05-implementations", answer="6 right losses, 3 good gradients",
)

# %%
def value_and_gradient(loss):
    logit = torch.zeros(4, requires_grad=True)
    value = loss(logit, label, mask)
    return [float(value.detach()), *torch.autograd.grad(value, logit)[0].tolist()]


table = np.array([value_and_gradient(loss) for loss in {**after, **before}.values()])

# %%
show(
    heat_map(
        table, [*after, *before], ["loss", *(f"row {i}" for i in range(1, 5))],
        title="Six of seven print the right loss; only those that choose before the loss have a usable gradient",
        xlabel="the loss, and its gradient at each row (rows 3 and 4 have no label)",
        ylabel="implementation", label="value",
    )
)

# %%
right_value = np.isclose(table[:, 0], math.log(2))
good_gradient = np.isfinite(table[:, 1:]).all(axis=1)
say(f"**{right_value.sum()}** of {len(table)} losses are right, **{good_gradient.sum()}** gradients are usable.")
outcome("05-implementations")

# %% tags=["claim"]
claim(
    "Six losses are right and three gradients are finite; those three are exactly 0 where the label is missing.",
    lambda right, finite, missing: (right.sum(), finite.sum()) == (6, 3) and (missing == 0).all(),
    right_value, good_gradient, table[good_gradient, 3:], opposite=(good_gradient, right_value, table[good_gradient, :2]), effect=False,
)

# %% [markdown]
# Read the second row of the picture again: `torch.where` prints 0.69, the log looks healthy, and the gradient of the rows
# without a label is NaN. **A loss is only half of a loss function. The other half is its gradient.**
#
# ### The mechanism: 0 · NaN
#
# In the backward pass the rows that the mask removed receive the number 0, and the chain rule multiplies it by the
# derivative of *their* loss. That derivative was computed from a NaN:
#
# $$ \frac{\partial L}{\partial z_3} = \underbrace{0}_{\text{from the mask}} \cdot
#    \underbrace{(\sigma(z_3) - \text{NaN})}_{\text{derivative of the loss}} = \text{NaN}. $$
#
# Zero times NaN is NaN, in the forward and in the backward direction. `where` protects the value only. What helps is to
# choose **between labels, before the loss**, so that no NaN ever enters the arithmetic.

# %% [markdown]
# How far does it spread? The same four rows, one step of gradient descent, a trunk that all tasks share:

# %%
rng_x = torch.Generator().manual_seed(0)
trunk = torch.zeros(3, 5, requires_grad=True)
outputs = torch.randn(4, 3, generator=rng_x) @ trunk
loss = after["torch.where on the loss"](outputs.sum(dim=1), label, mask)
stepped = trunk - 0.1 * torch.autograd.grad(loss, trunk)[0]
print(f"printed loss: {loss.item():.3f}; weights that are NaN after one step: {stepped.isnan().sum()} of 15")

# %% tags=["claim"]
claim(
    "The printed loss is a number, and after one step no weight is.",
    lambda printed, weights: bool(printed.isfinite() and weights.isnan().all()), loss, stepped, opposite=(loss, trunk), effect=False,
)

# %% [markdown]
# <details><summary><b>Spot the bug:</b> a checklist asks, "Does an absent label add exactly zero to the loss?" The team ticks the
# box after printing the loss. What did the check miss?</summary>
#
# What the picture shows. With `torch.where` the absent label adds exactly zero to the loss and NaN to the
# gradient. A useful check has three parts: the *value* does not change when the missing field's content changes, the
# *gradient* at the missing field is exactly 0, and both stay finite when the field holds NaN.
# </details>

# %% [markdown]
# ### And when nobody sat the exam?
#
# In a small batch a rare task may have no label at all. Then $\sum_i m_i = 0$, and the mean is $0/0$.

# %% tags=["fold"]
predict(
    "A batch has no conversion label. The conversion loss is the mean of no rows, and the total is click loss + "
    "conversion loss. What happens to the click task's gradient and to the logged total?",
    ["both are NaN", "the gradient is fine, the logged total is NaN", "both are fine: nothing is added"],
    name="05-empty", answer="the gradient is fine, the logged total is NaN",
)

# %%
nobody = torch.zeros(4, dtype=torch.bool)
click_logit = torch.zeros(4, requires_grad=True)
click_loss = bce(click_logit, torch.tensor([1.0, 0.0, 0.0, 1.0])).mean()
total = click_loss + before["pick the observed rows"](torch.zeros(4), label, nobody)
gradient = torch.autograd.grad(total, click_logit)[0]
print("total:", total.item(), "  gradient of the click task:", gradient.tolist())
outcome("05-empty")
unseen = torch.zeros(4, requires_grad=True)
by_product = before["fill the label, then mask"](unseen, label, nobody)
print("gradient of the conversion logits with `loss * mask`:", torch.autograd.grad(by_product, unseen)[0].tolist())

# %% [markdown]
# The unpleasant case: training goes on, and the *log* is poisoned. The epoch's mean is NaN, which is neither above nor below
# the best so far, so it never counts as better: early stopping may end a healthy run, a scheduler may lower the learning rate
# for no reason. No weight shows a trace. With `loss * mask` instead of picking rows, the gradient of the conversions is NaN as
# well: $0 \cdot \infty$.
#
# The convention that works: **no evidence, no push**. A mean over nothing is 0 with gradient 0. Divide by
# `mask.sum().clamp(min=1)`, which changes the divisor only when it would be 0. `masked_loss` does so:

# %%
logit = torch.zeros(4, 1, requires_grad=True)
nothing = masked_loss(logit, label[:, None], nobody[:, None], loss="bce")[0]
nothing.backward()
print("loss:", nothing.item(), "  gradient:", logit.grad.ravel().tolist())

# %% [markdown]
# <details><summary><b>Confusion: "A small epsilon in the denominator does the same."</b></summary>
#
# It avoids the NaN, and it changes every other batch too: with $n$ labels the mean is too small by the factor
# $n / (n + \varepsilon)$. `clamp(min=1)` is exact wherever at least one label exists.
# </details>
#
# **Exercise:** `masked_mean` in problem set 5.

# %% [markdown]
# ## Safe in value and in gradient
#
# The mask is one half of a masked cross-entropy. The other half is the cross-entropy, and it too can be right in value
# and dead in gradient. For a label of 0 and a logit of $z$ the loss is $\log(1 + e^{z}) \approx z$ for large $z$, with
# gradient $\sigma(z) \approx 1$: a confident mistake is pushed back firmly. Here it is, written in three ways:

# %%
forms = {
    "from the logit": lambda z: F.binary_cross_entropy_with_logits(z, torch.zeros(())),
    "sigmoid, then BCE": lambda z: F.binary_cross_entropy(torch.sigmoid(z), torch.zeros(())),
    "log by hand": lambda z: -torch.log(1 - torch.sigmoid(z)),
}

# %%
def loss_and_slope(form, z):
    z = torch.tensor(z, requires_grad=True)
    value = form(z)
    return [float(value.detach()), float(torch.autograd.grad(value, z)[0])]

# %%
logits_tried = [5.0, 16.0, 17.0, 60.0, 200.0]
slopes = {name: np.array([loss_and_slope(form, z) for z in logits_tried]) for name, form in forms.items()}
head = "| logit, label 0 | " + " | ".join(f"{name}: loss / gradient" for name in forms) + " |\n|" + "---|" * 4
body = [
    f"| {z:g} | " + " | ".join(f"{slopes[n][i, 0]:.4g} / {slopes[n][i, 1]:.3g}" for n in forms) + " |"
    for i, z in enumerate(logits_tried)
]
say("\n".join([head, *body]))

# %% tags=["claim"]
claim(
    "From the logit the loss and its gradient stay right up to 200; sigmoid, then BCE stops at 100 with gradient 0.",
    lambda stable, capped: np.allclose(stable[1:], [[z, 1.0] for z in logits_tried[1:]]) and (capped[2:] == [100.0, 0.0]).all(),
    slopes["from the logit"], slopes["sigmoid, then BCE"], effect=False,
)

# %% [markdown]
# From $z = 17$ on, $\sigma(z)$ in `float32` is exactly 1. The second form is capped at a loss of 100 with gradient 0: the
# surest mistakes are not corrected at all. The third returns an infinite loss and a NaN gradient. Work from the logits.

# %% [markdown]
# ### A sigmoid too many
#
# The opposite mistake: the model already ends in a sigmoid and the loss expects logits. Then even a perfect model cannot
# get below $-\log \sigma(1)$ on positives and $-\log (1 - \sigma(0))$ on negatives:

# %%
floor = [float(bce(torch.tensor(p), torch.tensor(y))) for p, y in [(1.0, 1.0), (0.0, 0.0)]]
print("floors of the loss:", np.round(floor, 3))

# %% tags=["fold"]
predict(
    "You train a click model with one sigmoid too many, on each of several click logs. In most of them its AUC, compared with the "
    "right model's, …",
    ["falls clearly, to near 0.5", "falls by a few hundredths", "hardly moves"],
    name="05-double-sigmoid", answer="hardly moves",
)

# %% [markdown]
# The folded cell fits a logistic regression to the clicks; `squash` is what happens to its output before the loss.

# %% tags=["fold"]
def fit_click(data, squash):
    x, click = torch.tensor(data.X, dtype=torch.float32), torch.tensor(data.click, dtype=torch.float32)
    beta = torch.zeros(5, requires_grad=True)
    optimiser = torch.optim.LBFGS([beta], max_iter=60, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = bce(squash(x @ beta[:4] + beta[4]), click).mean()
        loss.backward()
        return loss

    optimiser.step(closure)
    return torch.sigmoid(x @ beta[:4] + beta[4]).detach().numpy()

# %%
def with_and_without(seed):
    """AUC, and mean prediction over click rate: of the right model, and of the one with two sigmoids."""
    data = make_click_logs(4000, seed=seed)
    fitted = [fit_click(data, squash) for squash in (lambda z: z, torch.sigmoid)]
    return [[roc_auc_score(data.click, p), p.mean() / data.click.mean()] for p in fitted]


auc, ratio_p = np.moveaxis([with_and_without(seed) for seed in range(max(2, SEEDS // 2))], 2, 0)  # each (logs, models)
fall = auc[:, 0] - auc[:, 1]
say(
    f"With two sigmoids the AUC falls by **{np.median(fall):.3f}** in the median log and by {fall.max():.3f} in the worst of "
    f"{len(fall)}. Mean prediction over click rate: {mean_interval(ratio_p[:, 0]):.2f} with one, "
    f"**{mean_interval(ratio_p[:, 1]):.2f}** with two."
)
outcome("05-double-sigmoid")

# %% tags=["claim"]
claim(
    "With a sigmoid too many the AUC falls by less than 0.01 in most logs; the mean prediction is a fifth too low, or more, in all.",
    lambda lost, ratio: np.mean(lost < 0.01) > 0.5 and (ratio < 0.8).all(),
    fall, ratio_p[:, 1], opposite=(-fall, ratio_p[:, 0]),
)

# %% [markdown]
# In most logs the ranking survives; the probabilities never do. A test that looks at AUC would seldom see this bug; a test of
# calibration (does the mean prediction match the rate?) sees it in every log here. Lesson 6 multiplies such probabilities by
# prices. (Two sigmoids make the loss non-convex, and what fits best need not rank best: hence the worst log.)
#
# **Exercise:** `masked_bce_with_logits` in problem set 5.

# %% [markdown]
# ## Reading exercise 1: what an average was taken over
#
# *A click head and a conversion head. On this batch the click loss averages 0.35 over all rows. The conversion loss
# averages 0.85 over the 40 % of rows that have a conversion label. Weights: 1 for click, 2 for conversion. The total?*
#
# Work it out first, in problem set 5 (`source_exercise_1`). The answer stands below.

# %% tags=["fold"]
predict(
    "The click loss averages 0.35 over all rows, the conversion loss 0.85 over the 40 % of rows that have a conversion label. "
    "Weights: 1 for click, 2 for conversion. What is the total loss?",
    ["0.89", "1.03", "1.37", "2.05"], name="05-exercise-1", answer="2.05",
)

# %% [markdown]
# Rather than argue, build the batch: ten rows, four conversion labels, and logits that give exactly these averages (a
# positive row with probability $e^{-\ell}$ has loss $\ell$).

# %%
ones = torch.ones(10)
seen = torch.arange(10) < 4
z_click = torch.full((10,), math.exp(-0.35)).logit()
z_conv = torch.full((10,), math.exp(-0.85)).logit()
l_click, l_conv = bce(z_click, ones).mean(), bce(z_conv[seen], ones[seen]).mean()

# %%
over_observed = weighted_sum(torch.stack([l_click, l_conv]), [1.0, 2.0])
over_batch = l_click + 2 * (bce(z_conv, ones) * seen).sum() / 10
as_weight = F.binary_cross_entropy_with_logits(z_conv, ones, weight=seen.float())
print(f"mean over the observed: {over_observed:.2f}   mean over the batch: {over_batch:.2f}")
print(f"binary_cross_entropy_with_logits(weight=mask): {as_weight:.2f}, not 0.85: its mean runs over all rows")
outcome("05-exercise-1")

# %% [markdown]
# **2.05.** The 0.85 is already a mean over the observed rows, so the coverage of 40 % does not enter a second time.
# Dividing the conversion sum by the whole batch gives 1.03. Is that *wrong*? It is another convention with another
# meaning: it equals the right formula with a conversion weight of $2 \cdot 0.4 = 0.8$.

# %%
print(f"with a conversion weight of 0.8: {weighted_sum(torch.stack([l_click, l_conv]), [1.0, 2.0 * 0.4]):.2f}")

# %% [markdown]
# So the mistake is not the number but the surprise: you set a weight of 2, the model trains with 0.8, and if tomorrow 20 %
# of the rows have labels, with 0.4. **A denominator is a weight.** Choose it, and write it into the weight log.

# %% [markdown]
# Paint the mask yourself: four rows with conversion losses 0.4, 0.7, 1.0 and 1.3, and two denominators.

# %%
row_loss = np.array([0.4, 0.7, 1.0, 1.3])
STATES = ("seen", "missing")
painted = {}
for code in np.ndindex(2, 2, 2, 2):
    here = np.array(code) == 0
    painted[tuple(STATES[c] for c in code)] = {
        "by observed": row_loss[here].sum() / max(here.sum(), 1),
        "by batch": row_loss[here].sum() / 4,
        "n": int(here.sum()),
    }

# %%
def say_mask(result, *states):
    n, observed_mean, batch_mean = result["n"], result["by observed"], result["by batch"]
    meaning = f"the second trains with {n / 4:.0%} of the weight you set" if n else "nothing to learn, and no NaN"
    return f"{n} of 4 labels: {observed_mean:.2f} divided by the observed, {batch_mean:.2f} by the batch; {meaning}."

# %%
def draw_mask(result, *states):
    both = {"loss": [result["by observed"], result["by batch"]]}
    return bars(both, ["divided by observed", "divided by batch"], title=say_mask(result), ylabel="masked loss")

# %%
explore(
    painted, {f"row {i + 1} (loss {v:g})": STATES for i, v in enumerate(row_loss)}, draw_mask, say_mask,
    title="Paint the mask, watch two denominators",
)

# %% tags=["claim"]
visible = [torch.tensor([state == "seen" for state in states])[:, None] for states in painted]
zeros_out = torch.zeros(4, 1, dtype=torch.float64)
library = [float(masked_loss(torch.tensor(row_loss)[:, None], zeros_out, m, loss="mae")[0]) for m in visible]
claim(
    "Divided by the observed is what `masked_loss` gives, for each of the sixteen masks.",
    lambda shown: np.allclose(shown, library), [r["by observed"] for r in painted.values()],
    opposite=([r["by batch"] for r in painted.values()],), effect=False,
)

# %% [markdown]
# **Exercises:** `ctr_cvr_total` and `ctr_cvr_loss` in problem set 5.

# %% [markdown]
# ## The weight you set and the weight you get
#
# Dividing by the observed seems to settle it. One more look, at minibatches. Take a batch of 8 and a task that has labels
# on 5 % of the rows, at random. Many batches have none, and then the task contributes 0.

# %% tags=["fold"]
predict(
    "Batch size 8, a conversion label on 5 % of the rows, weight 1, masked mean over the observed. Averaged over many "
    "batches, with what weight does the conversion task train?",
    ["1.00", "about 0.66", "about 0.34", "0.05"],
    name="05-effective-weight", answer="about 0.34",
)

# %% [markdown]
# The losses are those of a simple one-feature model on the conversions of the click log.

# %%
clicked = log.mask[:, 1]
conv_logit = torch.tensor(log.X[clicked, 0] - 0.5)
row_losses = bce(conv_logit, torch.tensor(log.y[clicked, 1])).numpy()
BATCHES, COVERAGES, DRAWS = [1, 2, 4, 8, 16, 32, 64, 128, 256], [0.05, 0.2, 0.4], 300

# %%
def many_batches(batch, share, rng):
    losses = row_losses[rng.integers(len(row_losses), size=(DRAWS, batch))]
    seen_here = rng.random((DRAWS, batch)) < share
    total_loss = (losses * seen_here).sum(axis=1)
    by_observed = total_loss / np.maximum(seen_here.sum(axis=1), 1)
    return np.array([by_observed, total_loss / (batch * share)]) / row_losses.mean()

# %%
weights = {
    share: np.array(
        [[many_batches(b, share, rng).mean(axis=1) for b in BATCHES] for rng in np.random.default_rng(1).spawn(SEEDS)]
    )
    for share in COVERAGES
}

# %%
by_observed = {f"mean over observed, coverage {c:.0%}": weights[c][:, :, 0] for c in COVERAGES}
by_expected = {"sum / (batch × coverage), 5%": weights[0.05][:, :, 1]}
show(
    lines(
        BATCHES, {**by_observed, **by_expected}, logx=True,
        title="In small batches, rare labels train with less weight than you set",
        xlabel="batch size (rows)", ylabel="weight you get / weight you set",
    )
)
outcome("05-effective-weight")

# %% [markdown]
# The reason: a mean over nothing is 0. Labels are missing at random here. So given at least one label, the mean over the
# observed is right on average. With none it is 0. Its average is the true mean times the chance of having a label at all,
# $1 - (1 - c)^B$ for coverage $c$ and batch size $B$.

# %%
at = BATCHES.index(8)
predicted = {c: 1 - (1 - c) ** 8 for c in COVERAGES}
measured = {c: mean_interval(weights[c][:, at, 0]) for c in COVERAGES}
for c in COVERAGES:
    empty = f"{1 - predicted[c]:.0%} of the batches empty"
    print(f"coverage {c:.0%}, batch 8: formula {predicted[c]:.3f}, measured {measured[c]:.3f}, {empty}")

# %% tags=["claim"]
claim(
    "At each coverage the measured weight agrees with the formula within twice its interval.",
    lambda far: (far < 2).all(), np.array([abs(measured[c].mean - predicted[c]) / measured[c].half_width for c in COVERAGES]),
    opposite=(np.array([abs(measured[c].mean - 1) / measured[c].half_width for c in COVERAGES[:2]]),),
)

# %% [markdown]
# The gradient of a mean is the mean of gradients, so on average gradients shrink by the same factor: **at coverage 5 % and
# batch 8 the task trains with a third of the weight you set**. The log does not say so: averaged over the batches, zeros
# included, the loss shrinks by that factor too, and the task looks better than it is. At coverage 40 % it is 0.98: harmless.
#
# The cure that comes to mind is to divide by what you *expect*, $B \cdot c$: the weight is then right on average. Is it noisier?
# Three times the weight is three times the noise, so compare at the same average weight, in small batches and in large ones:

# %%
spawned, weight, noise = np.random.default_rng(2).spawn(size(40, short=2)), {}, {}
for batch in (8, 128):
    draws = np.array([many_batches(batch, 0.05, rng) for rng in spawned])  # (streams, 2, batches)
    weight[batch], noise[batch] = draws.mean(axis=(0, 2)), draws.std(axis=2) / draws.mean(axis=2)
ratio = {batch: mean_interval(both[:, 1] / both[:, 0]) for batch, both in noise.items()}

# %%
text = "| batch, divided by | average weight | standard deviation / weight | expected over observed |\n|---|---|---|---|\n"
for batch, spread in ((b, noise[b].mean(axis=0)) for b in noise):
    text += f"| {batch}, observed | {weight[batch][0]:.2f} | {spread[0]:.2f} | |\n"
    text += f"| {batch}, expected | {weight[batch][1]:.2f} | {spread[1]:.2f} | {ratio[batch]:.2f} |\n"
say(text)

# %% tags=["claim"]
claim(
    "Divided by the expected number the weight is right within 5 %. At equal weight it is at most 15 % noisier in batches of 8, and "
    "more than 40 % noisier in batches of 128.",
    lambda average, small, large: abs(average - 1) < 0.05 and small.high < 1.15 and large.low > 1.4,
    weight[8][1], ratio[8], ratio[128], opposite=(weight[8][0], ratio[128], ratio[8]),
)

# %% [markdown]
# Neither is right for every purpose. Where many batches are empty, dividing by $B \cdot c$ sets the weight right at hardly any
# price. Where few are, there is little to correct, and a batch with many labels counts more than one with few. Three practical
# answers: make batches large enough that empty ones are rare; draw rows with labels more often (lesson 4 on sampling); or *raise
# the weight knowingly*, by dividing by $B \cdot c$ or by $1 - (1 - c)^B$.

# %% [markdown]
# ### At realistic rates
#
# Our log is generous: four of ten impressions are clicked. In Ali-CCP, the log that Ma and others published with ESMM (2018),
# 4 % of the impressions were clicked and 0.5 % of the clicks converted. The generator can be nearly as sparse, with 2 % and 3 %:

# %%
RATES = {"as above": {}, "realistic": {"click_rate": 0.02, "conversion_rate": 0.03}}


def batch_counts(seed, rates, batch=32):
    data = make_click_logs(size(20_000, short=4000), seed=seed, **rates)
    whole = data.y[: len(data.y) // batch * batch, 1].reshape(-1, batch)
    labels, positives = (~np.isnan(whole)).sum(axis=1), np.nansum(whole, axis=1)
    rate, n = np.nanmean(data.y[:, 1]), data.mask[:, 1].sum()
    half_width = 1.96 * np.sqrt(rate * (1 - rate) / n) / rate
    return n, np.nansum(data.y[:, 1]), (labels == 0).mean(), (positives == 0).mean(), half_width


# %%
counted = {name: np.array([batch_counts(seed, rates) for seed in range(max(2, SEEDS // 2))]) for name, rates in RATES.items()}
text = "| rates | labels | conversions | batches of 32 without a label | without a conversion | 95 % interval (normal) of the rate |\n"
text += "|---|---|---|---|---|---|\n"
for name, values in counted.items():
    n, positives, empty, no_positive, half = values.mean(axis=0)
    text += f"| {name} | {n:.0f} | {positives:.0f} | {empty:.0%} | {no_positive:.0%} | ± {half:.0%} of it |\n"
say(text)

# %% tags=["claim"]
rare, usual = counted["realistic"].mean(axis=0), counted["as above"].mean(axis=0)
claim(
    "At realistic rates more than a third of the batches of 32 have no conversion label, and more than nine in ten have no conversion.",
    lambda low, high: low[2] > 1 / 3 and low[3] > 0.9, rare, usual,
)
claim(
    "The interval of the conversion rate is then more than ten times as wide, relative to the rate.",
    lambda low, high: low[4] > 10 * high[4], rare, usual,
)

# %% [markdown]
# At such rates about half of the batches of 32 are empty, and with a mean over the observed the task trains with about half of
# the weight you set. And the number that limits you is that of the *conversions*: twenty thousand impressions end in about a
# dozen. No mask makes more of them. Report the interval, and expect it to be wide.

# %% [markdown]
# ## One mask per task
#
# With several tasks, each has its own number of labels. Daily demand series with gaps: page views, units sold, returns.

# %%
demand = make_demand_series(n_items=6, n_days=60, missing=0.3, seed=3)
thin = demand.mask & (np.arange(demand.n_samples)[:, None] % np.array([1, 2, 12]) == 0)
kept = np.where(thin, demand.y, np.nan)
z = (kept - np.nanmean(kept, axis=0)) / np.nanstd(kept, axis=0)
target, observed = torch.tensor(z), torch.tensor(thin)
print("labels:", dict(zip(demand.task_names, thin.sum(axis=0).tolist())))

# %% [markdown]
# Predict 0 for everything, the mean of standardised labels. **Per task** every loss is 1. **Pooled** over all labels,
# a task's weight is its share of the labels. Page views have a gap now and then, returns are counted every twelfth day:

# %%
zero = torch.zeros_like(target)
per_task = masked_loss(zero, target, observed)
pooled = masked_loss(zero, target, observed, reduction="mean")
share = observed.sum(dim=0) / observed.sum()
print("per task:", per_task.numpy().round(2), "  weights in the pool:", share.numpy().round(2))

# %% tags=["claim"]
claim(
    "The pooled loss is the sum of the per-task means weighted by their shares of the labels.",
    lambda pool, weighted: bool(torch.isclose(pool, weighted)), pooled, (share * per_task).sum(), opposite=(pooled, per_task.sum()), effect=False,
)

# %% [markdown]
# Pooling is a weighted sum whose weights nobody chose: returns, with few labels, hardly count. (If every label were equally
# noisy, maximum likelihood would choose them. That is a reason to pool, when it is meant.) If you also give the rare
# task a small weight because "it has little data", it is punished twice. So: **one mean per task, then your weights**, and
# log the *unweighted* per-task means, or every change of a weight will look like a change of quality.
#
# **Exercise:** `multitask_masked_mse` in problem set 5.

# %% [markdown]
# ## What it does to a trained model
#
# A small trunk with two heads on the click log. Five settings for the conversion term: missing filled with 0; masked and
# divided by the batch; masked and divided by the observed, with weights 1/2, 1 and 2. The last three are a weighted sum
# that one can tune. We train all of them until their losses no longer fall, and log both losses at every step.

# %%
TERMS = {
    "filled with 0": (lambda z, y, m: bce(z, y.nan_to_num()).mean(), 1.0),
    "by batch, w = 1": (lambda z, y, m: bce(z[m], y[m]).sum() / len(m), 1.0),
    "by observed, w = 1/2": (lambda z, y, m: bce(z[m], y[m]).mean(), 0.5),
    "by observed, w = 1": (lambda z, y, m: bce(z[m], y[m]).mean(), 1.0),
    "by observed, w = 2": (lambda z, y, m: bce(z[m], y[m]).mean(), 2.0),
}
STEPS = size(80, short=20)

# %%
def train(x, y, term, w_conv, generator):
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))
    for p in model.parameters():
        nn.init.normal_(p, std=0.4, generator=generator)
    optimiser, history = torch.optim.Adam(model.parameters(), lr=0.08), []
    for _ in range(STEPS):
        out = model(x)
        losses = torch.stack([bce(out[:, 0], y[:, 0]).mean(), term(out[:, 1], y[:, 1], ~y[:, 1].isnan())])
        optimiser.zero_grad()
        weighted_sum(losses, [1.0, w_conv]).backward()
        optimiser.step()
        history.append(losses.tolist())
    return model, np.array(history)

# %% [markdown]
# On fresh impressions the truth is known: compare the predicted conversion probability with P(conversion | click, x).

# %%
fresh = make_click_logs(4000, seed=999)
x_fresh = torch.tensor(fresh.X, dtype=torch.float32)

# %%
def test(model):
    click_p, conv_p = torch.sigmoid(model(x_fresh)).detach().numpy().T.clip(1e-6, 1 - 1e-6)
    truth = np.array([fresh.p_click, fresh.p_conversion_given_click])
    loss = -(truth * np.log([click_p, conv_p]) + (1 - truth) * np.log([1 - click_p, 1 - conv_p])).mean(axis=1)
    return [*loss, conv_p.mean() / truth[1].mean()]

# %%
def run_all(seed):
    data = make_click_logs(size(3000, short=1000), seed=seed)
    x, y = (torch.tensor(a, dtype=torch.float32) for a in (data.X, data.y))
    runs = [train(x, y, *setting, torch.Generator().manual_seed(seed)) for setting in TERMS.values()]
    return [test(model) for model, _ in runs], [history for _, history in runs]

# %%
scores, histories = (np.array(part) for part in zip(*(run_all(seed) for seed in range(max(2, SEEDS // 2)))))

# %%
show(
    dots(
        {"mean predicted / true conversion rate": scores[:, :, 2]}, list(TERMS), reference=1.0,
        title="Filling with 0 halves the predicted conversion rate; the denominators move it little",
        xlabel="ratio, 1 is right (mean and 95 % interval over seeds)",
    )
)

# %%
columns = [[f"{m:.4f} ± {h:.4f}" for m, h in zip(*mean_interval(scores[:, i, :2]))] for i in range(len(TERMS))]
rows = [f"| {name} | {click} | {conversion} |" for name, (click, conversion) in zip(TERMS, columns)]
say("| conversion term | test loss, click | test loss, conversion |\n|---|---|---|\n" + "\n".join(rows))
found = mean_interval(scores[:, :, 2])

# %% tags=["claim"]
claim(
    "Filled with 0 the mean predicted conversion rate is more than 30 % too low; masked it is right within a tenth, whatever the "
    "denominator (whole intervals).",
    lambda masked, filled: (np.abs(masked - 1) < 0.1).all() and np.max(filled) < 0.7,
    np.array([found.low[1:], found.high[1:]]), found.high[0],
)

# %%
denominator, content = (mean_interval(scores[:, i, 1] - scores[:, 3, 1]) for i in (1, 0))
say(
    f"Test loss of conversion, paired by seed ({len(scores)} seeds), minus that by observed, w = 1: by batch **{denominator}**, "
    f"filled with 0 **{content}**. The means at the three weights differ by {np.ptp(scores[:, 2:, 1].mean(axis=0)):.4f}."
)

# %% tags=["claim"]
late, earlier = (histories[:, :, part].mean(axis=(0, 2)) for part in (slice(-20, None), slice(-40, -20)))
claim(
    "Training had come to its end: over the last 20 steps no mean loss is more than 2 % below that of the 20 before.",
    lambda now, before: (now > 0.98 * before).all(), late, earlier, opposite=(late, histories[:, :, :20].mean(axis=(0, 2))),
)
claim(
    "The denominator changes the test loss of the conversion by less than 0.02, filling with 0 by more than 0.1 (whole intervals).",
    lambda small, large: max(abs(small.low), abs(small.high)) < 0.02 and large.low > 0.1, denominator, content,
)

# %% [markdown]
# On this data the *denominator* matters little: full batches, 40 % coverage, and a weight that is 2.5 times smaller or not.
# What is not forgiven is the *content* of the empty field: zeros are labels, and the model believes them. The denominator
# sets a weight all the same, and where batches are small it sets one that you did not choose.

# %% [markdown]
# Now the log. Each curve is what its setting *calls* the conversion loss, step by step. Which model would you pick?

# %%
logged = {"filled with 0": 0, "by batch, w = 1": 1, "by observed, w = 1": 3}
show(
    lines(
        np.arange(1, STEPS + 1), {name: histories[:, i, :, 1] for name, i in logged.items()},
        title="Three curves called the conversion loss measure three different things",
        xlabel="training step", ylabel="logged conversion loss (nats)",
    )
)
final = histories[:, :, -1, 1]
logged_gap, tested_gap = (mean_interval(loss[:, 0] - loss[:, 3]) for loss in (final, scores[:, :, 1]))
print("filled with 0 minus mean over the observed, conversion loss: logged", logged_gap, "  tested", tested_gap)

# %% tags=["claim"]
claim(
    "By the logged loss filling with 0 beats the mean over the observed; by the test loss it is the other way round.",
    lambda logged_loss, tested: logged_loss.high < 0 < tested.low, logged_gap, tested_gap,
)
claim(
    "The batch denominator logs the lowest loss of the three on every seed.",
    lambda batch, others: (batch < others).all(), final[:, 1], final[:, [0, 3]].min(axis=1),
)

# %% [markdown]
# Filling with 0 gives many easy rows, dividing by the batch a small number; neither makes a better model. Compare models by a
# quantity that is computed in the *same* way for all: the test losses above.

# %% [markdown]
# ## What masking does not do
#
# <details><summary><b>Spot the bug:</b> "Masking computes the conversion loss only where labels exist; this avoids bias."</summary>
#
# Half right. Masking avoids *spurious gradients* from fields that hold no label. It does not make the rows that are left
# a fair sample. People who clicked differ from those who did not; a mean over them is a mean over *them*.
# </details>
#
# The generator knows what a click *would* have brought for every impression, so we can look. The perfect masked average of
# observed conversions against the average over everybody:

# %%
def selection_gap(seed, hidden_intent):
    data = make_click_logs(4000, hidden_intent=hidden_intent, seed=seed)
    return np.nanmean(data.y[:, 1]) - data.conversion_if_clicked.mean()


gap = mean_interval([[selection_gap(seed, intent) for intent in (0.0, 1.0)] for seed in range(100, 100 + SEEDS)])
print("masked mean minus mean over everybody, without and with hidden intent:", gap)

# %%
show(
    dots(
        {"masked minus everybody": gap}, ["known features", "hidden intent too"], reference=0.0,
        title="A perfect mask still averages over those who clicked",
        xlabel="masked mean minus mean over everybody (conversion rate)",
    )
)

# %% tags=["claim"]
claim("Both gaps are larger than one percentage point (whole intervals).", lambda low: (low > 0.01).all(), gap.low)

# %% [markdown]
# The gap is not noise. It is a difference between two groups of people, and more rows only measure it more precisely. In the
# first world a model that knows the features can remove it. In the second none can, unless it assumes something about the
# intent that the log does not show. Lesson 6 shows both.

# %% [markdown]
# ## How to unit-test a mask
#
# A mask is a few characters long and fails silently, so it deserves a unit test. The course's exercise checker knows many
# wrong masked means. How many of them survive the first test that comes to mind?

# %%
wrong = misconception_answers("masked_mean")
values_in = torch.tensor([1.0, 3.0, 9.0])
seen_in = torch.tensor([True, True, False])


def first_test(candidate):
    assert math.isclose(float(candidate(values_in.clone(), seen_in)), 2.0)

# %% tags=["fold"]
predict("A test of masked means checks one example: the mean of 1 and 3, with 9 hidden. "
        "Of some twenty wrong versions that the checker knows, how many survive it?",
        ["none", "one or two", "about half", "nearly all"], name="05-survivors", answer="about half")

# %%
def survives(candidate, test_function):
    try:
        test_function(candidate)
    except AssertionError:
        return False
    return True

# %%
survivors = [name for name, candidate in wrong.items() if survives(candidate, first_test)]
say(f"**{len(survivors)} of {len(wrong)}** wrong versions survive: " + ", ".join(survivors) + ".")
outcome("05-survivors")

# %% tags=["claim"]
claim(
    "Both the 0 · NaN of this lesson and the mean of nothing survive that first test.",
    lambda names: {"multiplies_by_the_mask", "empty_mask_is_nan"} <= set(names), survivors, opposite=([],), effect=False,
)

# %% [markdown]
# The dangerous ones of this lesson are among them: they differ from the right one only where a field holds NaN, where nothing is
# observed, or in the gradient. (So is one that answers 2 whatever it is given.) In problem set 5 you write
# `test_masked_mean(candidate)` so that none of them passes, and so that no *right* version, however it is written, fails.
#
# **Exercise:** `test_masked_mean`. The **written rationale** (a batch of your own: claim, mechanism, limit) is there too.

# %% [markdown]
# ## Three confusions to leave behind
#
# <details><summary><b>"The loss is finite and looks right, so the mask works."</b></summary>
#
# Six of seven implementations printed the right loss; three of them had NaN gradients. Check the gradient at the missing
# field: it must be exactly 0.
# </details>
#
# <details><summary><b>"NaN times zero is zero."</b></summary>
#
# NaN times anything is NaN, in the forward pass and in the backward pass.
# </details>
#
# <details><summary><b>"Masking removes the selection bias."</b></summary>
#
# It keeps made-up labels out. The rows that are left are still those that somebody clicked.
# </details>

# %% [markdown]
# ## Quick test
#
# Seven questions, five to pass.

# %%
quiz("05")

# %% [markdown]
# ## Take-away
#
# - **Before the loss, not after it.** Choose between labels; a mask on the losses protects the value, not the gradient.
# - **A denominator is a weight.** Mean over the observed gives 2.05; over the batch, 1.03, as if the weight were 0.8.
# - **Small batches, rare labels:** on average, the weight you get is the weight you set times $1 - (1 - c)^B$.
# - **Empty mask: 0, with gradient 0.** One mean per task; log it unweighted.
# - **Masking is about arithmetic. It does not make the sample representative.**
#
# ## What to try next
#
# Fill the missing labels with the *mean* of the observed ones instead of 0 and repeat the training: what happens to the
# mean prediction, and what to the ranking? Then go on to **lesson 6**, where the missing labels are missing for a reason;
# in the minimum course, to **lesson 8**.
