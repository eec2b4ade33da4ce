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
# # 10. Adaptive weighting, conflict, and who shares what
#
# **You will be able to** say what uncertainty weighting, PCGrad, the minimum-norm point, GradNorm and a mixture of experts
# compute, and write the core of each; predict what a change of label units does to them; and compare them with a tuned
# weighted sum at the *same* number of trainings, also when the honest answer is "no difference found".
#
# **Before:** lessons 1, 4 and 9 (weighted sum, gradient norms, honest comparison). **Time:** 130 minutes in two halves: weights
# and conflict; then the comparison, and who shares what. **Difficulty:** ●●●
#
# **Exercises:** open problem set 10 (`ps10_adaptive_weighting`) beside this lesson.

# %% [markdown]
# ## Three ways to chair a meeting
#
# One trunk, several tasks, every one of which pulls at the same parameters. A chair can do three things.
#
# 1. **Hand out speaking time** by a rule: less for those who struggle, or more for those who fall behind. That is *adaptive
#    weighting* (uncertainty weighting, GradNorm, performance-based weights).
# 2. **Listen to what is said**, and strike out what two speakers say against each other. That is *gradient surgery*
#    (PCGrad, the minimum-norm point).
# 3. **Book more rooms**, and let each group decide where to sit. That is *architecture*: width, soft sharing, experts.
#
# All three compete with a fourth: hand out fixed times, try five ways, keep the best. Hold every rule against that one.

# %%
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from IPython.display import Markdown, display

# %%
from mtl_teach.cost import count_flops
from mtl_teach.data import make_related_tasks, two_digits
from mtl_teach.figures import bars, dots, lines, show, training_curves, vectors
from mtl_teach.gradients import aggregate, cosine_conflict, task_gradients
from mtl_teach.learn import explore, predict, quiz
from mtl_teach.losses import masked_loss
from mtl_teach.metrics import mean_interval
from mtl_teach.models import HardSharing, MMoE, SoftSharing
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import GradNorm, PerformanceWeighting, UncertaintyWeighting, WeightedSum, gradnorm_targets

# %%
_ = torch.optim.SGD([torch.zeros(1)], lr=1.0)  # the first optimiser imports for seconds: let it do so here

# %% [markdown]
# `SMOKE=1` shrinks seeds and epochs for fast tests; claims about effects are asserted in the full run.

# %%
SMOKE = os.environ.get("SMOKE") == "1"
SEEDS, EPOCHS = (2, 2) if SMOKE else (8, 60)


def say(text):
    display(Markdown(text))


# %%
def plus_minus(values, digits=3, sign="+"):
    return "{:{sign}.{d}f} ± {:.{d}f}".format(*mean_interval(values), d=digits, sign=sign)


# %% [markdown]
# ## Two tasks, one trunk, three groups of rows
#
# An easy task (95 % of its label's variance can be explained) and a hard one (30 %), half related, 300 labelled rows. Labels
# are standardised on the training rows (lesson 3). Choices are made on validation rows, reports come from test rows.


# %%
def split(d, n_valid=500):
    """(x, y) for training, validation and test; missing labels stay NaN."""
    x, y = torch.tensor(d.X, dtype=torch.float32), torch.tensor(d.y, dtype=torch.float32)
    n = int((~d.is_test).sum())
    y = (y - y[:n].nanmean(dim=0)) / torch.tensor(np.nanstd(d.y[:n], axis=0), dtype=torch.float32)
    cuts = [slice(0, n), slice(n, n + n_valid), slice(n + n_valid, None)]
    return [(x[rows], y[rows]) for rows in cuts]


# %%
def mse(output, y):
    return (output - y).square().mean(dim=0)


# %%
def r2(model, rows):
    return 1 - mse(model(rows[0]), rows[1]) / rows[1].var(dim=0)


# %% [markdown]
# One function trains everything. `make` builds the weighting, `lr` is the learning rate, `lr_weights` that of the
# weighting's own parameters, if it has any. Training stops when the mean validation R² has not risen for ten epochs.


# %%
def train(rows, make, lr, lr_weights=0.0, seed=0):
    (x, y), valid, test = rows
    model, weighting = HardSharing(12, 12, [1, 1], torch.Generator().manual_seed(seed)), make()
    own = [] if isinstance(weighting, str) else list(weighting.parameters())
    optimiser = torch.optim.Adam([{"params": model.parameters()}, {"params": own, "lr": lr_weights}], lr=lr)
    log = fit(
        model, [(x, y)], mse, weighting, optimiser, EPOCHS, lambda m: r2(m, valid).clip(0, 1), patience=10,
        generator=torch.Generator().manual_seed(seed), higher_is_better=True, task_names=("easy", "hard"), quiet=True,
    )
    return r2(model, valid).detach().numpy(), r2(model, test).detach().numpy(), log


# %%
worlds = [split(make_related_tasks(0.5, (300, 300), ceiling_r2=(0.95, 0.3), n_test=2000, seed=s)) for s in range(SEEDS)]
_, example_r2, history = train(worlds[0], lambda: WeightedSum([1.0, 1.0]), lr=0.03)
print("test R², easy and hard:", example_r2.round(3))

# %%
show(
    training_curves(
        history, "loss", title="Both losses are logged, every epoch", ylabel="training loss (mean squared z)"
    )
)

# %% [markdown]
# ## Uncertainty weighting
#
# Give each task a learned log-variance $s_t$ and minimise
#
# $$ L = \sum_t \tfrac12 e^{-s_t} L_t + \tfrac12 s_t . $$
#
# The first part says: the larger $s_t$, the smaller the weight. The second is the **price** of a large $s_t$. Without it the
# cheapest answer is $s_t \to \infty$: all weights 0, nothing learned, and a total that looks splendid.
#
# Set the derivative to 0: $-\tfrac12 e^{-s} L + \tfrac12 = 0$, so $s = \log L$. Check it for a loss of 4:

# %%
rest = UncertaintyWeighting(["regression"])
rest.log_variances.data.fill_(np.log(4.0))
rest(torch.tensor([4.0])).backward()
print("gradient of s at s = log 4:", rest.log_variances.grad.item(), "  weight there:", rest.weights.item())
assert abs(rest.log_variances.grad.item()) < 1e-6

# %% [markdown]
# For classification the factor ½ before the loss is usually left out: then the rest is at $s = \log 2L$.
#
# **Exercise:** `uncertainty_loss` in problem set 10.
#
# ### What does s measure?
#
# The name suggests: the noise in the labels. To find out, we make two tasks whose noise we *know*, 10 % and 50 % of the
# variance, give the network 200 rows, and train on past the point where one should stop.

# %%
predict("Without early stopping: 400 steps on 200 rows of a task whose noise variance is 0.5. Where does exp(s) end up?",
        ["near 0.5, the noise", "near the training loss, below 0.5", "near the test loss, above 0.5"],
        name="10-what-s-measures")

# %%
STEPS = 20 if SMOKE else 400
NOISE = (0.1, 0.5)


# %%
def overfit(seed, scale=1.0):
    clean = 1 - np.array(NOISE)
    (x, y), _, test = split(make_related_tasks(0.0, (200, 200), ceiling_r2=clean, n_test=1500, seed=seed))
    model = HardSharing(12, 16, [1, 1], torch.Generator().manual_seed(seed))
    weighting, factor = UncertaintyWeighting(["regression"] * 2), torch.tensor([1.0, scale])
    optimiser = torch.optim.Adam([*model.parameters(), *weighting.parameters()], lr=0.01)
    log = fit(model, [(x, y * factor)], mse, weighting, optimiser, STEPS, quiet=True)
    s = -np.log(2 * log.column("weight"))  # the weight in force is exp(-s) / 2
    return s, np.log(log.column("loss")), np.log(mse(model(test[0]), test[1] * factor).detach().numpy())


# %%
s, log_train, log_test = (np.array(part) for part in zip(*(overfit(seed) for seed in range(max(2, SEEDS - 2)))))
assert s.shape == log_train.shape == (max(2, SEEDS - 2), STEPS, 2)

# %%
show(
    lines(
        np.arange(1, STEPS + 1), {"s": s[:, :, 1], "log of the training loss": log_train[:, :, 1]},
        references={"log of the true noise": np.log(NOISE[1])},
        title="s runs after the training loss, past the noise and on",
        xlabel="training step", ylabel="noisy task: log variance (variance in z²)",
    )
)

# %%
head = "| task | s at the end | log training loss | log true noise | log test loss |\n|---|---|---|---|---|\n"
body = [
    f"| noise {NOISE[t]:.0%} | {plus_minus(s[:, -1, t], 2)} | {plus_minus(log_train[:, -1, t], 2)} "
    f"| {np.log(NOISE[t]):+.2f} | {plus_minus(log_test[:, t], 2)} |"
    for t in (0, 1)
]

# %%
say(head + "\n".join(body))
if not SMOKE:
    assert (s[:, -1, 1] < np.log(NOISE[1])).all()  # on every seed
    assert (s[:, -1, 1] < s[:, -1, 0]).all()  # the noisier task has the larger weight
    assert mean_interval(np.abs(s[:, -1, 1] - log_train[:, -1, 1])).high < 1

# %%
too_much = mean_interval(NOISE[1] / np.exp(s[:, -1, 1]))
say(
    f"s runs after the **training** loss. As the network learns the noise by heart, that loss falls, and the noisy task's weight "
    f"grows to **{too_much.mean:.0f}** ± {too_much.half_width:.0f} times what its noise calls for: on every seed the *noisier* task "
    "ends with the larger weight. Overfitting is rewarded, and the reward breeds more of it."
)
assert SMOKE or too_much.low > 1.5

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "The more noise a task has, the less weight it gets; that is why the method is robust to
# noisy labels."</summary>
#
# The weight follows the training loss. That loss holds the noise *as long as* the model cannot memorise it, and much
# else: bad features, a small trunk, the early phase of training, and the label's units. Early stopping is what keeps the
# sentence half true.
# </details>
#
# ### The units, again
#
# At rest the weight $1/(2L)$ cancels any unit. But s starts at 0 and has to walk there. Multiply the noisy label by 100:

# %%
walked = np.array([overfit(seed, scale=100.0)[0][-1, 1] for seed in range(2)])
say(
    f"The label's log variance is {np.log(100.0**2):.1f}. After {STEPS} steps s has come to **{walked.mean():.2f}** "
    f"(two seeds: {walked[0]:.2f}, {walked[1]:.2f}). Adam moves a parameter by about its learning rate a step, here 0.01, "
    "so until then the large task has nearly all the say. Standardise first."
)
assert SMOKE or (walked < 6).all()

# %% [markdown]
# ## Gradient conflict and its surgery
#
# Now look at *directions*. Two gradients on the trunk **conflict** if $g_1 \cdot g_2 < 0$: a small step for one task is a
# step back for the other. **PCGrad** takes from each gradient its part along the other and adds what is left:
#
# $$ g_1' = g_1 - \frac{g_1 \cdot g_2}{g_2 \cdot g_2}\, g_2, \qquad
#    g_2' = g_2 - \frac{g_1 \cdot g_2}{g_1 \cdot g_1}\, g_1, \qquad d = g_1' + g_2' . $$
#
# Without conflict nothing is changed: $d = g_1 + g_2$. Both formulas use the *original* other gradient.

# %%
pair = torch.tensor([[2.0, 0.0], [-1.0, 1.0]])
surgery, weights = aggregate(pair, "pcgrad")
print("sum:", pair.sum(dim=0).tolist(), "  PCGrad:", surgery.tolist(), "  its weights:", weights.tolist())
assert torch.allclose(surgery, torch.tensor([1.0, 2.0]))
assert ((pair @ surgery) >= 0).all()  # no task is hurt, to first order

# %% [markdown]
# Look at the weights: PCGrad *is* a weighted sum, with weights chosen anew at every step, both at least 1.
#
# **Exercise:** `pcgrad_two` in problem set 10.

# %%
ANGLES, LENGTHS = [30, 60, 90, 120, 150, 170], [0.3, 1.0, 3.0]


def directions(angle, length):
    turn = np.deg2rad(angle)
    two = torch.tensor([[1.0, 0.0], [length * np.cos(turn), length * np.sin(turn)]], dtype=torch.float64)
    found = {name: aggregate(two, name) for name in ("sum", "pcgrad", "mgda")}
    return {"g1": two[0], "g2": two[1]} | {n: d for n, (d, _) in found.items()}, float(found["mgda"][1][0])


# %%
gradient_grid = {(a, r): directions(a, r) for a in ANGLES for r in LENGTHS}

# %% [markdown]
# Move two gradients yourself. (MGDA, the shortest mix, is the next section; α is its weight for task 1.)


# %%
def draw_gradients(cell, angle, length):
    arrows = {name: d.numpy() for name, d in cell[0].items()}
    title = f"{angle} degrees, g2 is {length:g} times as long"
    return vectors(arrows, title=title, xlabel="parameter 1", ylabel="parameter 2")


# %%
def say_gradients(cell, angle, length):
    (x1, x2), (p1, p2), (m1, m2) = (cell[0][name].tolist() for name in ("sum", "pcgrad", "mgda"))
    verdict = "They conflict." if angle > 90 else "No conflict: PCGrad is the sum."
    return (f"Angle {angle}°, |g2| = {length:g}. {verdict} Sum ({x1:.2f}, {x2:.2f}), PCGrad ({p1:.2f}, {p2:.2f}), "
            f"MGDA ({m1:.2f}, {m2:.2f}) with α = {cell[1]:.3f}.")


# %%
explore(gradient_grid, {"angle between the gradients": ANGLES, "length of g2": LENGTHS}, draw_gradients, say_gradients,
        title="Two gradients, and what to make of them")

# %%
for (a, _length), (made, _share) in gradient_grid.items():  # what is shown comes from this grid, and says what we say
    harmless = min(float(made["pcgrad"] @ made["g1"]), float(made["pcgrad"] @ made["g2"]))
    assert harmless >= -1e-9
    assert torch.allclose(made["pcgrad"], made["sum"]) == (a <= 90)

# %% [markdown]
# ### Does surgery help where there is conflict?
#
# The two-digit task of lesson 9: two overlapping digits, two heads, one trunk. There a narrow trunk made the tasks compete.
# We count at every step whether the gradients conflict, for three widths, with the plain sum and with PCGrad.

# %%
predict(
    "Trunks of 12, 24 and 64 units. What removes more of the conflict between the digits, and what helps accuracy more?",
    ["surgery helps most where conflict is most frequent", "width helps; surgery changes little at any width",
     "neither matters"], name="10-conflict",
)

# %%
WIDTHS, DIGIT_SEEDS, DIGIT_EPOCHS = (12, 24, 64), (2 if SMOKE else 3), (1 if SMOKE else 10)
pictures = [two_digits(n_train=2000, n_test=1500, seed=seed) for seed in range(DIGIT_SEEDS)]


# %%
def watched(model, conflicts):
    def two_losses(output, y):
        losses = torch.stack([F.cross_entropy(output[:, :10], y[:, 0]), F.cross_entropy(output[:, 10:], y[:, 1])])
        conflicts.append(float(cosine_conflict(task_gradients(losses, model.trunk.parameters()))[0, 1]) < 0)
        return losses

    return two_losses


# %%
def read_digits(width, weighting, seed):
    d, generator, conflicts = pictures[seed], torch.Generator().manual_seed(seed), []
    x, y = torch.tensor(d.X - d.X[~d.is_test].mean(axis=0), dtype=torch.float32), torch.tensor(d.y)
    train_rows, test_rows = torch.tensor(~d.is_test), torch.tensor(d.is_test)
    model = HardSharing(144, width, [10, 10], generator)
    fit(model, minibatches(x[train_rows], y[train_rows], size=200), watched(model, conflicts), weighting,
        torch.optim.Adam(model.parameters(), lr=0.01), DIGIT_EPOCHS, generator=generator, quiet=True)
    with torch.no_grad():
        left, right = model(x[test_rows]).split(10, dim=1)
    hits = [(out.argmax(dim=1) == y[test_rows, t]).float().mean().item() for t, out in enumerate((left, right))]
    return [np.mean(conflicts), *hits]


# %%
digits = {
    name: np.array([[read_digits(w, weighting, seed) for w in WIDTHS] for seed in range(DIGIT_SEEDS)])
    for name, weighting in {"sum": WeightedSum([1.0, 1.0]), "PCGrad": "pcgrad"}.items()
}
assert all(found.shape == (DIGIT_SEEDS, len(WIDTHS), 3) for found in digits.values())

# %%
show(
    bars(
        {name: found[:, :, 0] for name, found in digits.items()}, [f"{w} units" for w in WIDTHS],
        title="A wider trunk has less conflict, with surgery and without",
        ylabel="share of steps with conflict", xlabel="width of the trunk",
    )
)

# %%
cut = mean_interval(digits["PCGrad"][:, :, 1:].mean(axis=2) - digits["sum"][:, :, 1:].mean(axis=2))
wide = mean_interval((digits["sum"][:, -1, 1:] - digits["sum"][:, 0, 1:]).mean(axis=1))

# %%
body = [
    f"| {w} | {plus_minus(digits['sum'][:, i, 0], 2, '')} | {digits['sum'][:, i, 1:].mean():.3f} "
    f"| {digits['PCGrad'][:, i, 1:].mean():.3f} | {cut.mean[i]:+.3f} ± {cut.half_width[i]:.3f} |"
    for i, w in enumerate(WIDTHS)
]
head = "| units | conflict share (sum) | accuracy, sum | accuracy, PCGrad | difference |\n|---|---|---|---|---|\n"
say(
    f"{head}{chr(10).join(body)}\n\nFrom 12 to 64 units: accuracy {wide.mean:+.3f} ± {wide.half_width:.3f}. {DIGIT_SEEDS} seeds."
)

# %%
if not SMOKE:
    share_of_conflict = digits["sum"][:, :, 0]
    assert (share_of_conflict[:, 0] > share_of_conflict[:, -1] + 0.1).all()
    assert wide.low > 0.03
    assert np.abs(cut.mean).max() < wide.mean / 3

# %% [markdown]
# **Room made conflict rarer and both digits better; surgery did neither.** (At 64 units most steps
# still have some conflict.) A conflict at a step is not by itself harm: where neither task can
# improve for nothing, the gradients *must* oppose each other, whichever direction one takes. What the sum does with two
# opposing gradients, cancel them, is much of what the projection does, too.

# %% [markdown]
# ## The minimum-norm point
#
# MGDA asks for the shortest vector among all mixes $\alpha g_1 + (1 - \alpha) g_2$ with $0 \le \alpha \le 1$:
#
# $$ \alpha = \frac{(g_2 - g_1) \cdot g_2}{\lVert g_1 - g_2 \rVert^2}, \quad \text{cut to } [0, 1] . $$
#
# Its attraction: if that vector is not 0, a small step against it improves *every* task. If it is 0, nothing does: the point is
# **Pareto-stationary**. Its trap is in the word *shortest*.

# %%
predict(
    "g1 = (1, 0), g2 = (-1, 1): α = 0.60. Now the second label is written in other units, ten times as large. "
    "With a squared error, α becomes …",
    ["0.60: a unit is no preference", "about 0.06: the large task takes over", "0.995: the small one takes over"],
    name="10-alpha",
)

# %%
g1, g2 = torch.tensor([1.0, 0.0], dtype=torch.float64), torch.tensor([-1.0, 1.0], dtype=torch.float64)
FACTORS_OF_LABEL = [0.1, 0.316, 1.0, 3.16, 10.0]  # the gradient of a squared error grows with the square


# %%
def alpha_at(label_factor):
    return float(aggregate(torch.stack([g1, label_factor**2 * g2]), "mgda")[1][0])


# %%
alphas = [alpha_at(np.sqrt(k)) for k in (1.0, 10.0, 100.0)]
say("α for g2 times 1, 10, 100 (label times 1, 3.2, 10): **" + ", ".join(f"{a:.3f}" for a in alphas) + "**.")
assert np.allclose(alphas, [0.60, 0.950, 0.995], atol=5e-4)

# %% [markdown]
# The shortest mix leans on the *shorter* gradient, so that a task can be made important by making its label small. The plain
# sum errs the other way. To see both, measure how far a method's direction agrees with task 1's own: 1 is "all its
# way", 0 "no progress", below 0 "hurt".


# %%
def agreement(method, label_factor):
    d, _ = aggregate(torch.stack([g1, label_factor**2 * g2]), method)
    return float(d @ g1 / d.norm())


# %%
curves = {
    name: np.array([agreement(key, c) for c in FACTORS_OF_LABEL])
    for name, key in {"sum": "sum", "PCGrad": "pcgrad", "MGDA": "mgda", "IMTL-G": "imtl_g"}.items()
}

# %%
show(
    lines(
        FACTORS_OF_LABEL, curves, logx=True,
        title="The unit of label 2 decides what task 1 gets, with and without surgery",
        xlabel="factor on label 2 (ratio)", ylabel="cosine of the step with task 1's gradient",
    )
)

# %%
assert curves["sum"][-1] < -0.6
assert np.ptp(curves["IMTL-G"]) < 1e-9 < np.ptp(curves["MGDA"])
assert curves["PCGrad"].min() > 0

# %% [markdown]
# Only IMTL-G, which asks for equal progress along each task's own *direction*, does not see the units. Its price: weights
# may be negative. With a normalisation of the gradients MGDA does not see them either, but then α is always ½ for two
# tasks, and nothing is left of the idea but equal say.
#
# <details><summary><b>Spot the bug:</b> "Conflict methods work on gradients, so I need not standardise my labels."</summary>
#
# Gradients carry the unit of the label, squared errors its square. Changing the unit of one label took α from 0.60 to 0.995.
# </details>
#
# <details><summary><b>Confusion: "A task without a label in the batch is simply left out."</b></summary>
#
# Its gradient is 0, and no vector is shorter: MGDA gives that task *all* the weight and everybody else stands still.
# </details>

# %%
silent, who = aggregate(torch.stack([g1, 0 * g2]), "mgda")
print("step:", silent.tolist(), "  weights:", who.tolist())
assert not silent.any()

# %% [markdown]
# **Exercise:** `min_norm_alpha` in problem set 10.

# %% [markdown]
# ## GradNorm's targets
#
# GradNorm measures the length $G_t$ of each *weighted* gradient on one shared layer and pulls it to a target:
#
# $$ \text{target}_t = \bar G \cdot r_t^{\,\alpha}, \qquad
#    r_t = \frac{L_t / L_t(0)}{\text{mean over tasks of } L / L(0)} . $$
#
# $L_t / L_t(0)$ is the share of its initial loss that the task still has: large means *slow*. (This α is another than MGDA's.)

# %%
predict("Two tasks, mean gradient length 2. The first has kept 1/4 of its loss, the second 3/4. With α = 1 the targets are …",
        ["2 and 2", "1 and 3", "3 and 1", "0.5 and 1.5"], name="10-targets")

# %%
norms, now, start = torch.tensor([3.0, 1.0]), torch.tensor([1.0, 6.0]), torch.tensor([4.0, 8.0])
targets = {alpha: gradnorm_targets(norms, now, start, alpha).tolist() for alpha in (0.0, 1.0, 1.5)}
print({alpha: np.round(values, 3).tolist() for alpha, values in targets.items()})
assert targets[1.0] == [1.0, 3.0]
assert targets[0.0] == [2.0, 2.0]

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "GradNorm makes the gradient magnitudes of all tasks equal."</summary>
#
# Only for α = 0, and only on the layer that is measured. Otherwise slow tasks are *meant* to have longer gradients. Which layer,
# and which loss counts as the initial one, are choices; a widely used version even has one target for all.
# </details>
#
# What is slow? A task at the limit of what its labels allow is "slow" as well. Watch the weights of our two tasks:

# %%
_, _, gradnorm_log = train(worlds[0], lambda: GradNorm(2, alpha=1.5), lr=0.03)
show(
    training_curves(
        gradnorm_log, "weight", title="GradNorm with α = 1.5 hands the weight to the hard task", ylabel="weight (sum 2)"
    )
)
assert SMOKE or gradnorm_log.column("weight")[-1, 1] > gradnorm_log.column("weight")[-1, 0]

# %% [markdown]
# **Exercise:** `gradnorm_targets` in problem set 10.
#
# ### Performance-based weights
#
# The simplest idea of this family: look at a validation *metric* $k_t$ and give more weight to tasks that do badly,
#
# $$ w_t \propto -(1 - k_t)^\gamma \log k_t . $$
#
# Metrics have no units, which is better than it sounds. But the rule's "badly" means *far from 1*, and a noisy task is far from 1
# even when it is finished:

# %%
finished = PerformanceWeighting(2)
finished.step(torch.tensor([0.95, 0.30]))  # both tasks exactly at what their labels allow
print("weights of two tasks that cannot improve any more:", finished.weights.numpy().round(3))
assert finished.weights[1] > 1.9

# %% [markdown]
# Measure performance against a baseline or a ceiling that you know, not against 1. A metric must also be *comparable*: R² with
# R², not AUC with F1 (lesson 9). And its validation rows are then part of training: report on others.

# %% [markdown]
# ## At equal budget
#
# Half-time: a good place for a break. Now the comparison. Reports that adaptive weights win often compare a method whose
# settings were tuned with equal weights that were not; two large studies that tuned both sides found no gain (see the end). Here **every method gets five trainings** for its own knob (its α, its
# γ, the learning rate of s; where it has none, the learning rate), chooses by mean validation R², and reports on test.

# %%
LR, STRETCH = 0.03, (0.5, 0.7, 1.0, 1.4, 2.0)
contest = {
    "equal weights": [(lambda: WeightedSum([1.0, 1.0]), LR * f, 0.0) for f in STRETCH],
    "static weights": [(lambda w=w: WeightedSum([w, 2 - w]), LR, 0.0) for w in (0.4, 0.7, 1.0, 1.3, 1.6)],
    "uncertainty": [(lambda: UncertaintyWeighting(["regression"] * 2), LR, LR * f) for f in STRETCH],
    "GradNorm": [(lambda a=a: GradNorm(2, alpha=a), LR, 0.0) for a in (0.0, 0.5, 1.0, 1.5, 3.0)],
    "performance": [(lambda g=g: PerformanceWeighting(2, gamma=g), LR, 0.0) for g in (0.0, 0.5, 1.0, 2.0, 4.0)],
    "PCGrad": [(lambda: "pcgrad", LR * f, 0.0) for f in STRETCH],
    "MGDA": [(lambda: "mgda", LR * f, 0.0) for f in STRETCH],
}
assert {len(five) for five in contest.values()} == {5}

# %%
predict(
    "Standardised labels, early stopping, five trainings each. Mean test R², compared with the best of five static weights:",
    [
        "GradNorm and uncertainty weighting are clearly ahead",
        "PCGrad is clearly ahead",
        "nobody is clearly ahead of it",
    ],
    name="10-contest",
)


# %%
def run(rows, setting, seed):
    valid, test, log = train(rows, *setting, seed=seed)
    last = log.column("weight")[-1]
    return [valid.mean(), *test, last[0] / last.sum()]


VALID, TEST, EASY_SHARE = 0, slice(1, 3), 3

# %%
outcome = {
    name: np.array([[run(rows, setting, seed) for setting in five] for seed, rows in enumerate(worlds)])
    for name, five in contest.items()
}
assert all(found.shape == (SEEDS, 5, 4) for found in outcome.values())

# %%
every = np.arange(SEEDS)
chosen = {name: found[every, found[:, :, VALID].argmax(axis=1)] for name, found in outcome.items()}
score = {name: picked[:, TEST].mean(axis=1) for name, picked in chosen.items()}
against = {name: mean_interval(score[name] - score["static weights"]) for name in contest}
untuned = outcome["equal weights"][:, STRETCH.index(1.0), TEST].mean(axis=1)
tuning = mean_interval(score["static weights"] - untuned)

# %% [markdown]
# The single-task baselines belong into the same table: one weight is 0, two models, one training each.

# %%
ONLY = ([2.0, 0.0], [0.0, 2.0])
by_itself = np.array(
    [
        [train(rows, lambda w=w: WeightedSum(w), LR, seed=seed)[1][task] for task, w in enumerate(ONLY)]
        for seed, rows in enumerate(worlds)
    ]
)
apart = mean_interval(by_itself.mean(axis=1) - score["static weights"])

# %%
rivals = [name for name in contest if name != "static weights"]
show(
    dots(
        {"difference": np.array([score[name] - score["static weights"] for name in rivals]).T}, rivals, reference=0.0,
        title="At five trainings each, nothing beats five static weights",
        xlabel="mean test R² minus that of the best of five static weights",
    )
)

# %%
assert SMOKE or all(against[name].low < 0 for name in rivals)

# %% [markdown]
# Cost is part of the result. One epoch of 20 steps on a larger trunk, as a ratio to the weighted sum's:


# %%
def seconds(make):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(256, 64, generator=generator)
    batches, model, weighting = [(x, x[:, :2])] * 20, HardSharing(64, [128, 128], [1, 1], generator), make()
    own = [] if isinstance(weighting, str) else list(weighting.parameters())
    optimiser, began = torch.optim.Adam([*model.parameters(), *own]), time.process_time()
    fit(model, batches, mse, weighting, optimiser, 1, lambda m: [0.5, 0.5], higher_is_better=True, quiet=True)
    return time.process_time() - began


# %%
timed = [{name: seconds(five[2][0]) for name, five in contest.items()} for _ in range(2 if SMOKE else 5)]
fastest = {name: min(once[name] for once in timed) for name in contest}
cost = {name: spent / fastest["static weights"] for name, spent in fastest.items()}

# %%
body = [
    f"| {name} | {chosen[name][:, 1].mean():.3f} | {chosen[name][:, 2].mean():.3f} "
    f"| {against[name].mean:+.3f} ± {against[name].half_width:.3f} | {5 * cost[name]:.1f} |"
    for name in contest
]

# %%
two_models = f"{by_itself[:, 0].mean():.3f} | {by_itself[:, 1].mean():.3f} | {apart.mean:+.3f} ± {apart.half_width:.3f}"
body.append(f"| *each task alone, two models* | {two_models} | 2.0 |")
head = "| method | easy, R² | hard, R² | mean R² minus static | cost: 5 × ratio of a step |\n|---|---|---|---|---|\n"
say(
    f"{head}{chr(10).join(body)}\n\nTest rows, {SEEDS} seeds, 95 % t-intervals of paired differences. Equal and static weights run "
    "the same code: the difference of their costs is the timer's noise."
)

# %%
undecided = [name for name in rivals if against[name].low < 0 < against[name].high]
behind = [name for name in rivals if against[name].high < 0]
say(
    f"Told straight: choosing among five static weights changes the mean R² by {tuning.mean:+.3f} ± {tuning.half_width:.3f} "
    "against *one* training with equal weights. No method is told apart as **better** than they are. "
    f"Not told apart: {', '.join(undecided) or 'none'}. Worse: {', '.join(behind) or 'none'}. This is a null result, not a proof of equality: differences as large as the "
    "intervals allow remain possible, and with two tasks five weights cover the choice well; with ten tasks they cannot."
)

# %%
say(
    f"Two separate models differ from the tuned sum by {apart.mean:+.3f} ± {apart.half_width:.3f}: on these tasks sharing buys one "
    "model instead of two, not accuracy."
)
assert SMOKE or apart.low < 0 < apart.high

# %% [markdown]
# **The written rationale** in problem set 10 asks you to report such a result to a colleague: claim with interval, mechanism,
# cost, limit.
#
# ### How stable are the weights?
#
# A rule that *finds* the right weights should find about the same ones on every draw of the data, and rules that find the right
# ones should agree with each other. The easy task's share of the weight at the end of training:

# %%
found_weights = ["static weights", "uncertainty", "GradNorm", "performance", "PCGrad", "MGDA"]
show(
    dots(
        {"share": np.array([chosen[name][:, EASY_SHARE] for name in found_weights]).T}, found_weights, reference=0.5,
        title="The rules do not agree on who deserves weight",
        xlabel="easy task's share of the weight at the end (0.5 is equal)",
    )
)

# %%
end_share = {name: chosen[name][:, EASY_SHARE].mean() for name in found_weights}
assert SMOKE or (end_share["uncertainty"] > 0.6 and end_share["performance"] < 0.3)

# %%
wander = np.ptp(chosen["static weights"][:, EASY_SHARE])
by_weight = outcome["static weights"][:, :, TEST].mean(axis=(0, 2))  # of shares 0.2, 0.35, 0.5, 0.65, 0.8
flat, steep = np.ptp(by_weight[2:]), by_weight[2:].mean() - by_weight[0]

# %%
say(
    f"Uncertainty weighting gives the easy task {end_share['uncertainty']:.2f} of the weight, because its loss is small; performance "
    f"weights give it {end_share['performance']:.2f}, because the hard one is far from 1. Both are called *balancing*. The tuned "
    f"static weight itself wanders, over a range of {wander:.2f} between draws: from a share of 0.5 to one of 0.8 the mean R² changes "
    f"by {flat:.3f} only, which is why clever weights cannot win much. Far outside they lose: at 0.2 it is {steep:.3f} lower."
)
assert SMOKE or flat < 0.015 < steep

# %% [markdown]
# ### What a label's unit does to each
#
# Now the mistake: the hard label is not standardised but ten times as large. Default knobs; the change is
# against the same method and seed with standardised labels.

# %%
DEFAULTS = ("equal weights", "uncertainty", "GradNorm", "PCGrad", "MGDA")


def scaled(rows, factor):
    return [(x, y * torch.tensor([1.0, factor])) for x, y in rows]


# %%
large = {
    name: np.array([train(scaled(rows, 10.0), *contest[name][2], seed=seed)[1] for seed, rows in enumerate(worlds)])
    for name in DEFAULTS
}
change = {name: large[name] - outcome[name][:, 2, TEST] for name in DEFAULTS}

# %%
show(
    bars(
        {task: np.array([change[name][:, t] for name in DEFAULTS]).T for t, task in enumerate(("easy task", "hard task"))},
        list(DEFAULTS), title="A hard label ten times as large: the easy task pays, except under MGDA",
        ylabel="change of test R²",
    )
)

# %%
easy_pays = {name: mean_interval(change[name][:, 0]) for name in DEFAULTS}
assert SMOKE or all(easy_pays[name].high < 0 for name in DEFAULTS[:-1])
assert SMOKE or easy_pays["MGDA"].low > 0
assert SMOKE or -easy_pays["equal weights"].mean > np.ptp([chosen[name][:, 1].mean() for name in contest])

# %%
say("Easy task, change of R²: " + "; ".join(f"{name} {value}" for name, value in easy_pays.items()) + ".")

# %% [markdown]
# The sum lets the large label take over, and PCGrad with it. Uncertainty weighting and GradNorm correct the unit, but late.
# MGDA errs the other way and favours the *small* one, as its α foretold. Under equal weights the unit costs the easy task more
# than the whole choice of rule did on standardised labels; standardising costs nothing and serves all rules.

# %% [markdown]
# ### Static weights, for ever?
#
# <details><summary><b>Confusion: "If tuned static weights win, I can set them once."</b></summary>
#
# Tuned means tuned *on this data*. Labels get cheaper, a head is added, a product changes its mind.
# </details>
#
# How fast do weights go stale? The mildest case first: a new draw of the same kind of data, weights kept from the draw before.

# %%
static = outcome["static weights"]
own_choice = static[:, :, VALID].argmax(axis=1)
kept = static[every, np.roll(own_choice, 1)][:, TEST].mean(axis=1)
fresh = mean_interval(score["static weights"] - kept)

# %%
say(
    f"Retuning for each draw instead of keeping the last draw's weights: **{fresh.mean:+.4f}** ± {fresh.half_width:.4f} in mean "
    "test R², for five trainings instead of one."
)

# %% [markdown]
# So look again by *trigger*, not by calendar: the number of labels of a task has changed by half; a task was added; the
# label's definition or unit changed; a task fell below its single-task baseline; the product values the tasks otherwise.
# Write the trigger into the weight log (lesson 9).

# %% [markdown]
# ## Who shares what: a mixture of experts
#
# The third way to chair: rooms. **Hard sharing** gives all tasks one trunk. **Soft sharing** gives each task its own trunk and
# pays for their difference, $\lambda \lVert \theta_1 - \theta_2 \rVert^2$: λ = 0 is separate models, a large λ one
# trunk. **MMoE** has several experts, and for each task a *gate*, a softmax over the experts that depends on the row:
#
# $$ h_t(x) = \sum_e \text{gate}_{t,e}(x)\, \text{expert}_e(x), \qquad \sum_e \text{gate}_{t,e}(x) = 1 . $$

# %%
moe = MMoE(12, n_experts=3, expert_hidden=8, task_dims=[1, 1], generator=torch.Generator().manual_seed(0))
gates = moe.gates(worlds[0][0][0][:4])
print("gates (rows, tasks, experts):", tuple(gates.shape), "  sums over the experts:", gates.sum(dim=2)[0].tolist())
assert torch.allclose(gates.sum(dim=2), torch.ones(4, 2))  # over experts, not over tasks

# %% [markdown]
# **Exercise:** `mmoe_mix` in problem set 10.
#
# The test bench is lesson 1's strongest case for sharing: one function, seen by a rich task with 1000 labels and a poor one
# with 60. Each design gets five trainings, and so do the two single-task models, each with its own early stopping.

# %%
predict(
    "One function, 60 labels beside 1000. Which design serves the poor task best, at five trainings each?",
    ["a mixture of experts: each task finds its own mix", "two trunks tied by a penalty", "one shared trunk with a tuned weight",
     "no design is better than the poor task alone"], name="10-designs",
)

# %%
SHARING_SEEDS = 2 if SMOKE else 6
houses = [split(make_related_tasks(1.0, (1000, 60), n_test=1500, seed=s), n_valid=300) for s in range(SHARING_SEEDS)]


# %%
def train_design(rows, model, weights, lam=0.0, lr=0.03, columns=(0, 1)):
    (x, y), valid, test = ((x, y[:, list(columns)]) for x, y in rows)

    def loss_fn(output, labels):
        tied = lam * model.tie_penalty() / len(columns) if lam else 0.0
        return masked_loss(output, labels, ~labels.isnan()) + tied

    fit(model, [(x, y)], loss_fn, WeightedSum(weights), torch.optim.Adam(model.parameters(), lr=lr), EPOCHS,
        lambda m: r2(m, valid), patience=10, higher_is_better=True, quiet=True)
    return [r2(model, part).detach().numpy() for part in (valid, test)]


# %%
POOR_WEIGHTS, LAMBDAS = (0.2, 0.5, 1.0, 1.5, 1.8), (0.0, 0.001, 0.01, 0.1, 1.0)


# %%
def five_of(design, rows, seed):
    def g():
        return torch.Generator().manual_seed(seed)

    if design == "soft sharing":
        return [train_design(rows, SoftSharing(12, 8, [1, 1], "l2", g()), [1.0, 1.0], lam) for lam in LAMBDAS]
    if design == "shared trunk, tuned":
        return [train_design(rows, HardSharing(12, 8, [1, 1], g()), [2 - w, w]) for w in POOR_WEIGHTS]
    return [train_design(rows, MMoE(12, 3, 8, [1, 1], g()), [2 - w, w]) for w in POOR_WEIGHTS]


# %%
def alone(rows, seed, task):
    return [
        train_design(
            rows, HardSharing(12, 8, [1], torch.Generator().manual_seed(seed)), [1.0], lr=LR * f, columns=[task]
        )
        for f in STRETCH
    ]


# %%
DESIGNS = ("shared trunk, tuned", "soft sharing", "MMoE")
shared = {d: np.array([five_of(d, rows, s) for s, rows in enumerate(houses)]) for d in DESIGNS}
single = np.array([[alone(rows, s, t) for t in (0, 1)] for s, rows in enumerate(houses)]).squeeze(-1)
assert all(found.shape == (SHARING_SEEDS, 5, 2, 2) for found in shared.values())
assert single.shape == (SHARING_SEEDS, 2, 5, 2)  # seed, task, setting, validation or test

# %% [markdown]
# First the demonstration of soft sharing: what λ does, with no choice among its values.

# %%
soft = shared["soft sharing"][:, :, 1]
tied = soft[:, 1:] - soft[:, :1]  # every λ against λ = 0, on the same seed
show(
    dots(
        {"rich task, 1000 labels": tied[:, :, 0], "poor task, 60 labels": tied[:, :, 1]}, [f"λ = {lam:g}" for lam in LAMBDAS[1:]],
        title="A tie between two trunks lets the poor task borrow",
        xlabel="change of test R² against two trunks without a tie", reference=0.0,
    )
)

# %%
strongest = mean_interval(tied[:, -1])
print(f"λ = {LAMBDAS[-1]:g} against no tie, rich and poor:", strongest)
assert SMOKE or strongest.low[1] > 0

# %% [markdown]
# Now everything at five trainings, chosen by mean validation R², against the two single models.

# %%
seeds_here = np.arange(SHARING_SEEDS)
picks = {d: found[seeds_here, found[:, :, 0].mean(axis=2).argmax(axis=1), 1] for d, found in shared.items()}
best_lr = single[..., 0].argmax(axis=2)
baseline = np.take_along_axis(single[..., 1], best_lr[..., None], axis=2)[..., 0]
picks["shared trunk, equal"] = shared["shared trunk, tuned"][:, POOR_WEIGHTS.index(1.0), 1]
gain = {d: mean_interval(picked - baseline) for d, picked in picks.items()}

# %%
order = ["shared trunk, equal", *DESIGNS]
show(
    dots(
        {task: np.array([picks[d][:, t] - baseline[:, t] for d in order]).T for t, task in enumerate(("rich task", "poor task"))},
        order, reference=0.0, title="On average the poor task gains; no design beats the tuned shared trunk",
        xlabel="test R² minus that of the task alone",
    )
)

# %%
one = torch.zeros(1, 12)
networks = {"shared trunk, tuned": HardSharing(12, 8, [1, 1]), "soft sharing": SoftSharing(12, 8, [1, 1]), "MMoE": moe}
macs = {name: count_flops(network, one)["macs"] for name, network in networks.items()}
macs["alone"] = 2 * count_flops(HardSharing(12, 8, [1]), one)["macs"]

# %%
macs["shared trunk, equal"] = macs["shared trunk, tuned"]
body = [
    f"| {d} | " + " | ".join(f"{m:+.3f} ± {h:.3f}" for m, h in zip(*gain[d]))
    + f" | {1 if d.endswith('equal') else 5} | {macs[d] / macs['shared trunk, tuned']:.1f} |"
    for d in order
]
head = "| design | rich, R² gain | poor, R² gain | trainings | cost to serve |\n|---|---|---|---|---|\n"
note = f"{SHARING_SEEDS} seeds; two single models: 10 trainings, cost to serve {macs['alone'] / macs['shared trunk, tuned']:.1f}."
say(f"{head}{chr(10).join(body)}\n\n{note}")

# %%
rival_designs = {d: mean_interval(picks[d] - picks["shared trunk, tuned"]) for d in ("soft sharing", "MMoE")}
for d, minus in rival_designs.items():
    missing_0 = [task for t, task in enumerate(("rich", "poor")) if not minus.low[t] < 0 < minus.high[t]]
    say(
        f"{d} minus the tuned shared trunk, rich and poor: {minus}, at {macs[d] / macs['shared trunk, tuned']:.1f} times its cost to "
        f"serve. Told apart from 0: {', '.join(missing_0) or 'neither'}."
    )

# %%
missed = sum(int(((m.low > 0) | (m.high < 0)).sum()) for m in rival_designs.values())
say(f"Intervals that miss 0: {missed} of {2 * len(rival_designs)}. At 95 % one in twenty does so by luck.")
assert SMOKE or all((minus.low < 0).all() for minus in rival_designs.values())
helped = [d for d in order if gain[d].low[1] > 0]
say(f"The poor task's gain over its single model is told apart from 0 for: {'; '.join(helped) or 'no design'}.")
assert SMOKE or all(gain[d].mean[1] > 0 for d in order)
assert SMOKE or rival_designs["MMoE"].mean[1] < 0

# %% [markdown]
# Which design is best is **not settled at this size**: half a dozen seeds, one size of expert, one number of experts, and tasks
# that are the *same* function, where there is nothing for a gate to keep apart. What can be said: no design
# here earned its higher cost, and on these seeds the experts served the poor task less well than the tuned trunk.

# %% [markdown]
# <details><summary><b>Confusion: "The gate's softmax runs over the tasks, so that tasks share each expert out among them."</b></summary>
#
# Over the *experts*. Each task takes an average of experts, whatever the others take. Over tasks, a task would get little
# of an expert because another likes it, and its output would shrink and grow with the neighbours' taste.
# </details>
#
# ## Limits of what you saw
#
# Two tasks, small networks, full-batch training, synthetic regressions and one set of digits. With many tasks five static
# weights cannot cover the choice, and a rule may then be worth its knob. Intervals speak about seeds, not about other data.

# %% [markdown]
# ## Three confusions to leave behind
#
# <details><summary><b>"Uncertainty weighting measures the noise."</b></summary>
#
# It measures the training loss. With early stopping the two resemble each other; with a memorising network they do not.
# </details>
#
# <details><summary><b>"Conflict is harm, so removing it must help."</b></summary>
#
# At a good compromise gradients *must* oppose each other. A wider trunk helped both digits, surgery helped neither.
# </details>
#
# <details><summary><b>"My method beats equal weights, so it is better than tuning weights."</b></summary>
#
# Equal weights are one point of the grid. The fair baseline has as many trainings as the method had.
# </details>

# %% [markdown]
# ## Quick test
#
# Seven questions, five to pass.

# %%
quiz("10")

# %% [markdown]
# ## Take-away
#
# - **Standardise first.** Uncertainty weights walk, MGDA flips, the sum drowns: all for a unit.
# - **s is the log of the training loss**, and the + s/2 is what keeps the weights from vanishing.
# - **PCGrad and MGDA are weighted sums** with weights chosen at every step; what they see is length and angle.
# - **GradNorm has targets, not one norm**: equal only for α = 0.
# - **Give the static weighted sum the same number of trainings**, report intervals and cost, and say so when nothing is found.
# - **More room beats more rules**: width before surgery; experts are an option, not settled at this size.
#
# ## What to try next
#
# Take dynamic weighting to your own two tasks and compare its *stability*: run five seeds, write down the final weights and
# the worst task, then do the same for five static weights. Then open a project: `lessons/projects/` starts with house prices.
#
# **Reading:** Kendall, Gal & Cipolla 2018 (uncertainty weighting); Chen and others 2018 (GradNorm); Sener & Koltun 2018 (MGDA);
# Yu and others 2020 (PCGrad); Ma and others 2018 (MMoE). The two studies: Kurin and others, "In Defense of the Unitary
# Scalarization for Deep Multi-Task Learning", and Xin and others, "Do Current Multi-Task Optimization Methods in Deep Learning
# Even Help?", both NeurIPS 2022.
