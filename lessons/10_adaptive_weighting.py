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
# # 10. Adaptive weighting and conflict
#
# **You will be able to** say what uncertainty weighting, PCGrad, the minimum-norm point and GradNorm compute, and write the core
# of each; predict what a change of label units does to them; and compare them with a plain weighted sum at the *same* number of
# trainings, also when the honest answer is "no gain found".
#
# **Before:** lessons 1, 4 and 9 (weighted sum, gradient norms, honest comparison). **Time:** 90 minutes. **Difficulty:** ●●●
#
# **Exercises:** open problem set 10 (`ps10_adaptive_weighting`) beside this lesson.

# %% [markdown]
# ## Two ways to chair a meeting
#
# One trunk, several tasks, all of which pull at the same parameters. A chair can do two things.
#
# 1. **Hand out speaking time** by a rule: less for those who struggle, or more for those who fall behind. That is *adaptive
#    weighting* (uncertainty weighting, GradNorm, performance-based weights).
# 2. **Listen to what is said**, and strike out what two speakers say against each other. That is *gradient surgery*
#    (PCGrad, the minimum-norm point).
#
# Both compete with a third: give everybody the same time, try a few learning rates, keep the best. Compare every rule with that
# one. (Who should sit in the meeting at all is lesson 11.)

# %%
import time

import numpy as np
import torch
import torch.nn.functional as F

from mtl_teach.data import make_related_tasks, two_digits
from mtl_teach.figures import bars, dots, lines, show, vectors
from mtl_teach.gradients import aggregate, cosine_conflict, task_gradients
from mtl_teach.learn import claim, explore, outcome, predict, quiz, say, size
from mtl_teach.metrics import mean_interval
from mtl_teach.models import HardSharing
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import GradNorm, PerformanceWeighting, UncertaintyWeighting, WeightedSum, gradnorm_targets

# %%
SEEDS = size(5, short=2)

# %% [markdown]
# ## The tasks
#
# Two regressions, an easy one (95 % of its label's variance can be explained) and a hard one (30 %). Their signals correlate at 0.5,
# and there are 300 labelled rows. Later ten of them, from easy to hard. Labels are standardised on the training rows (lesson 3);
# choices are made on validation rows, results come from test rows. The next cells make the rows and train one network; they hold
# nothing new.


# %% tags=["fold"]
def make_rows(n_tasks, seed):
    """(x, y) for training, validation and test."""
    ceilings = tuple(np.linspace(0.95, 0.3, n_tasks))
    d = make_related_tasks(
        0.5, (300,) * n_tasks, ceiling_r2=ceilings, n_test=2000, n_features=3 * n_tasks + 6, seed=seed
    )
    y = (d.y - d.y[~d.is_test].mean(axis=0)) / d.y[~d.is_test].std(axis=0)
    x, y = torch.tensor(d.X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    return [(x[rows], y[rows]) for rows in (slice(0, 300), slice(300, 800), slice(800, None))]


def mse(output, y):
    return (output - y).square().mean(dim=0)


def r2(model, rows):
    return 1 - mse(model(rows[0]), rows[1]) / rows[1].var(dim=0)


# %% tags=["fold"]
def train(rows, make_weighting, lr, lr_weights=0.0, seed=0):
    """Validation R², test R² and the log; stops when the mean validation R² has not risen for four epochs."""
    (x, y), valid, test = rows
    units = {2: 12, 10: 24}[y.shape[1]]
    model = HardSharing(x.shape[1], units, [1] * y.shape[1], torch.Generator().manual_seed(seed))
    weighting = make_weighting()
    own = [] if isinstance(weighting, str) else list(weighting.parameters())
    optimiser = torch.optim.Adam([{"params": model.parameters()}, {"params": own, "lr": lr_weights}], lr=lr)
    log = fit(
        model, [(x, y)] * 6, mse, weighting, optimiser, size(60, short=2), lambda m: r2(m, valid).clip(0, 1), patience=4,
        generator=torch.Generator().manual_seed(seed), higher_is_better=True, quiet=True,
    )
    return r2(model, valid).detach().numpy(), r2(model, test).detach().numpy(), log


# %%
worlds = [make_rows(2, seed) for seed in range(SEEDS)]

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
# Set the derivative to 0: $-\tfrac12 e^{-s} L + \tfrac12 = 0$, so at equilibrium $s = \log L$.
#
# For classification Kendall and others leave out the factor ½ before the loss: then the equilibrium is at $s = \log 2L$.
#
# **Exercise:** `uncertainty_loss` in problem set 10.
#
# ### What does s measure?
#
# The name suggests: the noise in the labels. To find out, we make two tasks whose noise we *know*, 10 % and 50 % of the
# variance, give the network 200 rows, and train on past the point where one should stop.

# %% tags=["fold"]
predict("Without early stopping: 400 steps on 200 rows of a task whose noise variance is 0.5. Where does exp(s) end up?",
        ["near 0.5, the noise", "near the training loss, below 0.5", "near the test loss, above 0.5"],
        name="10-what-s-measures", answer="near the training loss, below 0.5")

# %%
STEPS, NOISE = size(400, short=20), np.array([0.1, 0.5])


def overfit(seed):
    """s and the log of the training losses at each step."""
    d = make_related_tasks(0.0, (200, 200), ceiling_r2=tuple(1 - NOISE), n_test=0, seed=seed)
    x, y = torch.tensor(d.X, dtype=torch.float32), torch.tensor(d.y, dtype=torch.float32)
    model = HardSharing(12, 16, [1, 1], torch.Generator().manual_seed(seed))
    weighting = UncertaintyWeighting(["regression"] * 2)
    optimiser = torch.optim.Adam([*model.parameters(), *weighting.parameters()], lr=0.01)
    log = fit(model, [(x, y)], mse, weighting, optimiser, STEPS, quiet=True)
    return -np.log(2 * log.column("weight")), np.log(log.column("loss"))  # the weight in force is exp(-s) / 2


# %%
s, log_train = (np.array(part) for part in zip(*(overfit(seed) for seed in range(SEEDS))))
show(
    lines(
        np.arange(1, STEPS + 1), {"s": s[:, :, 1], "log of the training loss": log_train[:, :, 1]},
        references={"log of the true noise": np.log(NOISE[1])},
        title="s follows the training loss, and passes the noise without stopping",
        xlabel="training step", ylabel="noisy task: log variance (variance in z²)",
    )
)

# %%
to_noise, to_clean = mean_interval(NOISE[1] / np.exp(s[:, -1, 1])), mean_interval(np.exp(s[:, -1, 0] - s[:, -1, 1]))
say(
    f"The noisy task's weight ends at **{to_noise:.1f}** times what its noise calls for, and on average at {to_clean:.1f} times "
    "the weight of the *cleaner* task."
)
outcome("10-what-s-measures")

# %% tags=["claim"]
claim(
    "On every seed s ends below the log of the noise.",
    lambda end, noise: end < noise, s[:, -1, 1], np.log(NOISE[1]), opposite=(s[:, 0, 1], np.log(NOISE[1])),
)
claim(
    "Averaged over the seeds, the noisier task ends with the larger weight.",
    lambda noisy, clean: noisy.mean() < clean.mean(), s[:, -1, 1], s[:, -1, 0],
)

# %% [markdown]
# s follows the **training** loss. As the network memorises the noise, that loss falls, and the noisy task's weight grows.
#
# <details><summary><b>Spot the bug:</b> "The more noise a task has, the less weight it gets; that is why the method is robust to
# noisy labels."</summary>
#
# The weight follows the training loss. That loss contains the noise *as long as* the model has not memorised it, and much
# else: bad features, a small trunk, the early phase of training, and the label's units. In the figure nothing stops s at the
# noise; stopping there is up to you.
# </details>
#
# At equilibrium the weight $1/(2L)$ cancels any unit. But s starts at 0 and has to walk there, under Adam by about a learning
# rate per step: until then a label with large numbers has nearly all the say. We shall see what that costs.

# %% [markdown]
# ## Gradient conflict and its surgery
#
# Now look at *directions*. Two gradients on the trunk **conflict** if $g_1 \cdot g_2 < 0$: a small step for one task is a
# step back for the other. Then **PCGrad** removes from each gradient its part along the other and adds what is left:
#
# $$ g_1' = g_1 - \frac{g_1 \cdot g_2}{g_2 \cdot g_2}\, g_2, \qquad
#    g_2' = g_2 - \frac{g_1 \cdot g_2}{g_1 \cdot g_1}\, g_1, \qquad d = g_1' + g_2' . $$
#
# Without conflict nothing is changed: $d = g_1 + g_2$. Both formulas use the *original* other gradient.

# %%
pair = torch.tensor([[2.0, 0.0], [-1.0, 1.0]])
surgery, weights = aggregate(pair, "pcgrad")
print("sum:", pair.sum(dim=0).tolist(), "  PCGrad:", surgery.tolist(), "  its weights:", weights.tolist())

# %% [markdown]
# Look at the weights: PCGrad *is* a weighted sum, with weights chosen anew at every step, all at least 1.
#
# **Exercise:** `pcgrad_two` in problem set 10.
#
# Turn and stretch a gradient yourself. (MGDA, the shortest mix, has its section below; α is its weight for task 1.)

# %%
ANGLES, LENGTHS = [30, 60, 90, 120, 150, 170], [0.3, 1.0, 3.0]


def directions(angle, length):
    turn = np.deg2rad(angle)
    two = torch.tensor([[1.0, 0.0], [length * np.cos(turn), length * np.sin(turn)]], dtype=torch.float64)
    found = {name: aggregate(two, name) for name in ("sum", "pcgrad", "mgda")}
    return {"g1": two[0], "g2": two[1]} | {n: d for n, (d, _) in found.items()}, float(found["mgda"][1][0])


# %% tags=["fold"]
def draw_gradients(cell, angle, length):
    arrows = {name: d.numpy() for name, d in cell[0].items()}
    title = f"{angle} degrees, g2 is {length:g} times as long"
    return vectors(arrows, title=title, xlabel="parameter 1", ylabel="parameter 2")


def say_gradients(cell, angle, length):
    (x1, x2), (p1, p2), (m1, m2) = (cell[0][name].tolist() for name in ("sum", "pcgrad", "mgda"))
    verdict = "They conflict." if angle > 90 else "No conflict: PCGrad is the sum."
    return (f"Angle {angle}°, |g2| = {length:g}. {verdict} Sum ({x1:.2f}, {x2:.2f}), PCGrad ({p1:.2f}, {p2:.2f}), "
            f"MGDA ({m1:.2f}, {m2:.2f}) with α = {cell[1]:.3f}.")


# %%
gradient_grid = {(a, r): directions(a, r) for a in ANGLES for r in LENGTHS}
explore(gradient_grid, {"angle between the gradients": ANGLES, "length of g2": LENGTHS}, draw_gradients, say_gradients,
        title="Two gradients, and what to make of them")

# %% [markdown]
# ### Is no task hurt?
#
# For two tasks PCGrad's step never goes against either gradient: each part that is added is at right angles to the other
# gradient or agrees with it. So to first order, for a small enough step, no loss rises. Is that true of *any* number of tasks?
# Draw three random gradients, in a space of three parameters and of ten, many times:


# %%
DRAWS = size(1500, short=20)


def share_hurt(n_tasks, n_params):
    """In how many draws PCGrad's step is a step back for some task."""
    generator, hurt = torch.Generator().manual_seed(0), 0
    for _ in range(DRAWS):
        g = torch.randn(n_tasks, n_params, generator=generator, dtype=torch.float64)
        step, _ = aggregate(g, "pcgrad", generator=generator)
        hurt += bool((g @ step < -1e-9).any())
    return hurt / DRAWS


# %%
hurt = {(tasks, params): share_hurt(tasks, params) for tasks in (2, 3) for params in (3, 10)}
counted = "; ".join(f"{t} tasks, {p} parameters: **{share:.1%}**" for (t, p), share in hurt.items())
say(f"Share of {DRAWS} draws that hurt a task: {counted}.")

# %% tags=["claim"]
claim(
    "With two tasks no draw hurts a task; with three in a narrow space about one in eight does.",
    lambda two, three: two == 0 and 0.08 < three < 0.18,
    max(hurt[2, 3], hurt[2, 10]), hurt[3, 3],
)

# %% [markdown]
# After it has been projected against the second task, a gradient may oppose the first again once the third is done. In more
# dimensions random gradients are nearer to right angles: half of the pairs still conflict, but weakly, so little is removed and
# little harm is done. The promise holds for pairs, not for teams.
#
# ### Does surgery help where there is conflict?
#
# The two-digit task of lesson 9: two overlapping digits, two heads, one trunk. A narrow trunk and a wide one, the plain sum and
# PCGrad; each is trained until validation has not improved for eight epochs. At every fifth step we look at two cosines: between
# the two gradients (do they conflict?), and between PCGrad's step and the plain sum (how much does surgery turn the step?).

# %% tags=["fold"]
predict(
    "Two overlapping digits on one trunk of 12 or of 64 units, trained with the plain sum or with PCGrad. What raises the test "
    "accuracy more?",
    ["PCGrad in place of the sum, at 12 units", "64 units in place of 12, under the sum", "about the same", "neither raises it"],
    name="10-conflict", answer="64 units in place of 12, under the sum",
)

# %%
WIDTHS, DIGIT_SEEDS = (12, 64), size(6, short=2)
pictures = [two_digits(n_train=2000, n_test=2000, seed=seed) for seed in range(DIGIT_SEEDS)]


def accuracy(model, x, y):
    return [(out.argmax(dim=1) == y[:, t]).float().mean().item() for t, out in enumerate(model(x).split(10, dim=1))]


# %% tags=["fold"]
def watched(model, seen, every=5):
    """The two losses. Every few steps it notes two cosines, and how many times as long the longer gradient is."""
    steps = iter(range(10**9))

    def two_losses(output, y):
        losses = torch.stack([F.cross_entropy(output[:, :10], y[:, 0]), F.cross_entropy(output[:, 10:], y[:, 1])])
        if next(steps) % every == 0:
            jacobian = task_gradients(losses, model.trunk.parameters())
            both_steps = torch.stack([aggregate(jacobian, name)[0] for name in ("sum", "pcgrad")])
            lengths = jacobian.norm(dim=1)
            turns = [float(cosine_conflict(two_vectors)[0, 1]) for two_vectors in (jacobian, both_steps)]
            seen.append([*turns, float(lengths.max() / lengths.min())])
        return losses

    return two_losses


# %%
def read_digits(width, weighting, seed):
    """Share of steps with conflict; at these, the means of what was noted; and the test accuracy."""
    d, generator, seen = pictures[seed], torch.Generator().manual_seed(seed), []
    x, y = torch.tensor(d.X - d.X[~d.is_test].mean(axis=0), dtype=torch.float32), torch.tensor(d.y)
    model = HardSharing(144, width, [10, 10], generator)
    fit(model, minibatches(x[:1600], y[:1600], size=200), watched(model, seen), weighting,
        torch.optim.Adam(model.parameters(), lr=0.01), size(100, short=1), lambda m: accuracy(m, x[1600:2000], y[1600:2000]),
        patience=8, generator=generator, higher_is_better=True, quiet=True)
    conflict = [noted for noted in seen if noted[0] < 0]
    with torch.no_grad():
        noted_there = np.mean(conflict or seen, axis=0)
        return [len(conflict) / len(seen), *noted_there, np.mean(accuracy(model, x[2000:], y[2000:]))]


# %%
digits = {
    name: np.array([[read_digits(w, weighting, seed) for w in WIDTHS] for seed in range(DIGIT_SEEDS)])
    for name, weighting in {"sum": WeightedSum([1.0, 1.0]), "PCGrad": "pcgrad"}.items()
}

# %%
show(
    bars(
        {name: found[:, :, 0] for name, found in digits.items()}, [f"{w} units" for w in WIDTHS],
        title="A wider trunk has less conflict, with surgery and without",
        ylabel="share of steps with conflict", xlabel="width of the trunk",
    )
)

# %%
overlap = np.unique(pictures[0].base[pictures[0].is_test]).size / np.unique(pictures[0].base[~pictures[0].is_test]).size


def over_seeds(values):  # the seeds split the same handwritten digits: intervals are widened, as in lesson 9
    return mean_interval(values, test_to_train=overlap)


# %%
wide = digits["sum"][:, 1] - digits["sum"][:, 0]  # (seeds, what read_digits returns), paired by seed
cut = digits["PCGrad"] - digits["sum"]  # (seeds, widths, what read_digits returns)
table = "| change | share of steps with conflict | test accuracy |\n|---|---|---|\n"
for name, change in {"64 units, not 12": wide, "PCGrad, not the sum (12 units)": cut[:, 0], "the same (64 units)": cut[:, 1]}.items():
    table += f"| {name} | {over_seeds(change[:, 0]):+.2f} | {over_seeds(change[:, -1]):+.3f} |\n"
say(table)
outcome("10-conflict")

# %% tags=["claim"]
claim(
    "Width raises the accuracy by more than surgery does at either width (paired by seed, whole intervals).",
    lambda by_width, by_surgery: over_seeds(by_width).low > over_seeds(by_surgery).high.max(),
    wide[:, -1], cut[:, :, -1],
    opposite=(cut[:, 0, -1], np.stack([wide[:, -1], wide[:, -1]], axis=1)),
)

# %% [markdown]
# **Room made conflict rarer and accuracy better; surgery was seen to do neither.** (At 64 units most steps still have some
# conflict.)
#
# Look at what surgery changed, at the steps with a conflict:

# %%
at_conflict = digits["sum"][:, :, 1:4]  # (seeds, widths, what was noted)
for width, (gradients, both_steps, longer) in zip(WIDTHS, at_conflict.mean(axis=0)):
    print(f"{width} units: cosine of the gradients {gradients:.2f}, the longer one is {longer:.2f} times as long; "
          f"cosine of PCGrad's step and the sum {both_steps:.4f}")

# %% tags=["claim"]
claim(
    "At steps with a conflict PCGrad's step has almost the direction of the sum: a mean cosine above 0.99 on every seed.",
    lambda cosine: (cosine > 0.99).all(), at_conflict[:, :, 1], opposite=(at_conflict[:, :, 0],),
)

# %% [markdown]
# The conflicts are mild and the two gradients about equally long. For equal lengths PCGrad's step *is* the sum, made longer:
# $(1 - \cos)\,(g_1 + g_2)$. Adam divides a common length out again. So surgery had next to nothing to change here. It turns the
# step where one gradient is much longer than the other, and that is often a matter of units.
#
# Nor is a conflict harm by itself. Where no direction improves both tasks, and neither gradient is 0, the two point in opposite
# directions, however good the compromise is.
#
# ## The minimum-norm point
#
# MGDA asks for the shortest vector among all mixes $\alpha g_1 + (1 - \alpha) g_2$ with $0 \le \alpha \le 1$:
#
# $$ \alpha = \frac{(g_2 - g_1) \cdot g_2}{\lVert g_1 - g_2 \rVert^2}, \quad \text{cut to } [0, 1] . $$
#
# Its attraction: if that vector is not 0, a small enough step against it improves *every* task, however many. If it is 0, no
# direction improves all of them to first order: the point is **Pareto-stationary**. Its trap is in the word *shortest*.

# %% tags=["fold"]
predict(
    "g1 = (1, 0), g2 = (-1, 1): α, the weight of g1, is 0.60. Now the second label is written in another unit, so that its numbers "
    "are ten times as large. With a squared error, α becomes …",
    ["0.60: a unit is no preference", "about 0.06: the large task takes over", "0.995: the small one takes over"],
    name="10-alpha", answer="0.995: the small one takes over",
)

# %%
g, losses = torch.tensor([[1.0, 0.0], [-1.0, 1.0]], dtype=torch.float64), torch.tensor([0.5, 0.8], dtype=torch.float64)
NORMALISED = {
    "as they are": lambda g, loss: g,
    "to unit length": lambda g, loss: g / g.norm(dim=1, keepdim=True),
    "by the loss": lambda g, loss: g / loss[:, None],
}


# %%
def alpha_at(label_factor, normalise):
    unit = torch.tensor([1.0, label_factor**2], dtype=torch.float64)  # a squared error and its gradient grow with the square
    return float(aggregate(normalise(g * unit[:, None], losses * unit), "mgda")[1][0])


alphas = {name: [alpha_at(c, how) for c in (1.0, 10**0.5, 10.0)] for name, how in NORMALISED.items()}
head = "| gradients | label 2 as it is | times 3.16 | times 10 |\n|---|---|---|---|\n"
say(head + "\n".join(f"| {n} | " + " | ".join(f"{a:.3f}" for a in row) + " |" for n, row in alphas.items()))
outcome("10-alpha")

# %% tags=["claim"]
claim(
    "As they are, the unit decides; divided by the loss it does not, and α is not ½ either.",
    lambda raw, by_loss: np.ptp(raw) > 0.3 and np.ptp(by_loss) < 1e-9 and abs(by_loss[0] - 0.5) > 0.01,
    alphas["as they are"], alphas["by the loss"],
    effect=False,
)

# %% [markdown]
# The shortest mix leans on the *shorter* gradient, so that a task can be made important by making its label small. The plain
# sum errs the other way. The code that Sener and Koltun published offers two repairs. Gradients of *unit length*: then two
# tasks always get ½ each, and nothing is left of the idea but equal say. Gradients divided by *the loss*: a unit cancels, since
# loss and gradient both grow with its square, and α still depends on how the tasks are doing.
#
# <details><summary><b>Spot the bug:</b> "Conflict methods work on gradients, so I need not standardise my labels."</summary>
#
# Gradients carry the unit of the label, squared errors its square. Changing the unit of one label took α from 0.60 to 0.995.
# </details>
#
# **Exercise:** `min_norm_alpha` in problem set 10.
#
# ## GradNorm's targets
#
# GradNorm measures the length $G_t$ of each *weighted* gradient on one shared layer and pulls it to a target:
#
# $$ \text{target}_t = \bar G \cdot r_t^{\,\alpha}, \qquad
#    r_t = \frac{L_t / L_t(0)}{\text{mean over tasks of } L / L(0)} . $$
#
# $L_t / L_t(0)$ is the share of its initial loss that the task still has: large means *slow*. (This α is not MGDA's.)

# %% tags=["fold"]
predict("Two tasks, mean gradient length 2. The first has kept 1/4 of its loss, the second 3/4. With α = 1 the targets are …",
        ["2 and 2", "1 and 3", "3 and 1", "0.5 and 1.5"], name="10-targets", answer="1 and 3")

# %%
norms, now, start = torch.tensor([3.0, 1.0]), torch.tensor([1.0, 6.0]), torch.tensor([4.0, 8.0])
print({alpha: gradnorm_targets(norms, now, start, alpha).double().numpy().round(3).tolist() for alpha in (0.0, 1.0, 1.5)})
outcome("10-targets")

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "GradNorm makes the gradient magnitudes of all tasks equal."</summary>
#
# Only for α = 0, and only on the layer that is measured. Otherwise slow tasks are *meant* to have longer gradients. Which layer,
# and which loss counts as the initial one, are choices.
# </details>
#
# What is slow? A task at the limit of what its labels allow is "slow" as well.
#
# **Exercise:** `gradnorm_targets` in problem set 10.
#
# ### Performance-based weights
#
# The simplest idea of this family, from dynamic task prioritisation (Guo and others 2018): look at a validation *metric* $k_t$ and
# give more weight to tasks that do badly,
#
# $$ w_t \propto -(1 - k_t)^\gamma \log k_t . $$
#
# Metrics have no units, which is better than it sounds. But the rule's "badly" means *far from 1*, and a noisy task is far from 1
# even when it is finished:

# %%
finished = PerformanceWeighting(2)
finished.step(torch.tensor([0.95, 0.30]))  # both tasks exactly at what their labels allow
print("weights of two tasks that cannot improve any more:", finished.weights.numpy().round(3))

# %% [markdown]
# Measure performance against a baseline or a ceiling that you know, not against 1. And the rows that the rule looks at become
# part of training: report on others.
#
# ## At equal budget
#
# Now the comparison. Tune a rule, leave equal weights untuned, and the rule will look good. Here **every method gets three
# trainings**, with three learning rates. A method with a setting of its own (static weights, α, the learning rate of s) tries
# another value of it in each. Validation R² chooses one of the three, test rows report. The rival of all is the plain sum.

# %%
RATES, RATES_OF_S, ALPHAS = (0.004, 0.008, 0.016), (0.06, 0.03, 0.015), (1.5, 0.5, 0.0)


def static_weights(n_tasks, draw):
    """Two tasks: more for the easy one, equal, more for the hard one. Ten: random weights."""
    if n_tasks == 2:
        return [1.4 - 0.4 * draw, 0.6 + 0.4 * draw]
    return (n_tasks * np.random.default_rng(draw).dirichlet(np.full(n_tasks, 3.0))).tolist()


# %%
def contest(n):
    """For each method its settings: a weighting, the learning rate, and that of the weighting's own parameters."""
    pairs = list(enumerate(RATES))
    return {
        "equal weights": [(lambda: WeightedSum([1.0] * n), lr, 0.0) for lr in RATES],
        "static weights": [(lambda k=k: WeightedSum(static_weights(n, k)), lr, 0.0) for k, lr in pairs],
        "uncertainty": [(lambda: UncertaintyWeighting(["regression"] * n), lr, RATES_OF_S[k]) for k, lr in pairs],
        "GradNorm": [(lambda k=k: GradNorm(n, alpha=ALPHAS[k]), lr, 0.0) for k, lr in pairs],
        "PCGrad": [(lambda: "pcgrad", lr, 0.0) for lr in RATES],
        "MGDA": [(lambda: "mgda", lr, 0.0) for lr in RATES],
    }


# %% tags=["fold"]
predict(
    "Standardised labels, early stopping, three trainings for each method. Which rule's mean test R² is higher than the plain "
    "sum's by 0.03 or more?",
    ["GradNorm and uncertainty weighting", "PCGrad", "PCGrad, but only with ten tasks", "none of them"],
    name="10-contest", answer="none of them",
)


# %%
def play(worlds):
    """For each method and seed its trainings, one with each setting."""
    settings = {name: three[: size(3, short=2)] for name, three in contest(worlds[0][0][1].shape[1]).items()}
    return {
        name: [[train(rows, *setting, seed=seed) for setting in tried] for seed, rows in enumerate(worlds)]
        for name, tried in settings.items()
    }


def best_r2(trainings):
    """The test R² (seeds, tasks) of the training that validation prefers."""
    return np.array([max(tried, key=lambda run: run[0].mean())[1] for tried in trainings])


# %%
two, ten = play(worlds), play([make_rows(10, seed) for seed in range(size(4, short=2))])

# %%
RIVALS = [name for name in two if name != "equal weights"]
gap = {
    tasks: np.array([(best_r2(played[name]) - best_r2(played["equal weights"])).mean(axis=1) for name in RIVALS]).T
    for tasks, played in {"two tasks": two, "ten tasks": ten}.items()
}
for tasks, differences in gap.items():
    show(
        dots(
            {"difference": differences}, RIVALS, reference=0.0, title=f"{tasks.capitalize()}: no rule gains 0.03 over the plain sum",
            xlabel="mean test R² minus that of equal weights (95 % interval, paired by seed)",
        )
    )

# %% tags=["claim"]
claim(
    "With as many trainings no rule gains 0.03 over the plain sum, on two tasks or on ten (whole intervals).",
    lambda *gaps: all((mean_interval(one).high < 0.03).all() for one in gaps),
    *gap.values(),
    opposite=tuple(-one for one in gap.values()),
)
claim(
    "On two tasks and on ten PCGrad stays within 0.015 of the plain sum (whole intervals), and the mean of MGDA is below it.",
    lambda surgery, shortest: all(max(-i.low, i.high) < 0.015 for i in surgery) and all(i.mean < 0 for i in shortest),
    *([mean_interval(gaps[:, RIVALS.index(name)]) for gaps in gap.values()] for name in ("PCGrad", "MGDA")),
)

# %% [markdown]
# Cost is part of the result. One epoch of 20 steps on a larger trunk, as a ratio to the plain sum's, for two tasks and for ten:


# %% tags=["fold"]
def seconds(make_weighting, n_tasks):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(256, 64, generator=generator)
    batches, weighting = [(x, x[:, :n_tasks])] * 20, make_weighting()
    model = HardSharing(64, [128, 128], [1] * n_tasks, generator)
    own = [] if isinstance(weighting, str) else list(weighting.parameters())
    optimiser, began = torch.optim.Adam([*model.parameters(), *own]), time.process_time()
    fit(model, batches, mse, weighting, optimiser, 1, quiet=True)
    return time.process_time() - began


# %%
cost = {}
for n in (2, 10):
    spent = {m: min(seconds(three[1][0], n) for _ in range(size(2, short=1))) for m, three in contest(n).items()}
    cost[n] = {method: value / spent["equal weights"] for method, value in spent.items()}

# %%
head = "| method | two tasks: R² minus equal weights | ten tasks | time per step / plain sum's, two tasks | ten tasks |\n|---|---|---|---|---|\n"
rows = [
    f"| {name} | {mean_interval(gap['two tasks'][:, k]):+.3f} | {mean_interval(gap['ten tasks'][:, k]):+.3f} "
    f"| {cost[2][name]:.1f} | {cost[10][name]:.1f} |"
    for k, name in enumerate(RIVALS)
]
say(head + "\n".join(rows))
outcome("10-contest")

# %%
def whose(condition):
    """For two tasks and for ten, the rules whose interval meets the condition."""
    named = {tasks: [m for m, i in zip(RIVALS, gaps.T) if condition(mean_interval(i))] for tasks, gaps in gap.items()}
    return "; ".join(f"on {tasks} for {', '.join(names) or 'none'}" for tasks, names in named.items())


say(
    f"In this run the interval lies above 0 {whose(lambda i: i.low > 0)}. It lies below 0 {whose(lambda i: i.high < 0)}. "
    "Of ten 95 % intervals one may well miss the truth. An interval around 0 is no proof of equality: gains as large as its "
    "upper end remain possible."
)

# %% [markdown]
# What gains there are stay near a hundredth of R²: that of uncertainty weighting, and on two tasks that of static weights, the
# oldest rule of all. Surgery is not seen to gain, and its price grows with the number of tasks: one backward pass for each.
# (Static weights run the same code as the plain sum: how far their ratio is from 1 is the timer's noise.)
#
# Two large studies fit this. Kurin and others (2022) gave the plain sum the usual regularisation, Xin and others (2022) tuned
# static weights; in neither did the special optimisers they tried bring a gain over that.
#
# **The written rationale** in problem set 10 asks you to report a comparison to a colleague: claim with interval, mechanism,
# cost, limit.
#
# ### What a label's unit does to each
#
# Now the mistake: the hard label is not standardised but ten times as large. Each method is trained with the middle one of its
# three settings; the change is against the same method and seed with standardised labels.

# %%
UNIT = torch.tensor([1.0, 10.0])
large = [[(x, y * UNIT) for x, y in rows] for rows in worlds]
METHODS = ["equal weights", "uncertainty", "GradNorm", "PCGrad", "MGDA"]


def easy_change(name):
    """What the unit does to the easy task's test R², for each seed."""
    now = [train(rows, *contest(2)[name][1], seed=seed) for seed, rows in enumerate(large)]
    return np.array([run[1][0] - tried[1][1][0] for run, tried in zip(now, two[name])])


change = {name: easy_change(name) for name in METHODS}

# %%
show(
    dots(
        {"change": np.array(list(change.values())).T}, METHODS, reference=0.0,
        title="A hard label ten times as large: what it does to the easy task", xlabel="change of the easy task's test R²",
    )
)
say("Easy task, change of R²: " + "; ".join(f"{name} {mean_interval(c):+.3f}" for name, c in change.items()) + ".")

# %% tags=["claim"]
claim(
    "Under the plain sum and under PCGrad the easy task pays for the other's unit (whole intervals).",
    lambda *changes: all(mean_interval(one).high < 0 for one in changes),
    change["equal weights"], change["PCGrad"], opposite=(-change["equal weights"], -change["PCGrad"]),
)

# %% [markdown]
# The sum lets the large label take over, and PCGrad with it. Uncertainty weighting and GradNorm correct the unit in the
# course of training; here little or nothing of the damage is left. Nor is damage seen under MGDA, whose α favours the *small*
# label. Standardise, and none of this arises.
#
# <details><summary><b>Confusion: "If tuned static weights win, I can set them once."</b></summary>
#
# Tuned means tuned *on this data*. Look again by *trigger*, not by calendar: the number of labels of a task has changed by half;
# a task was added; a label's definition or unit changed; a task fell below its single-task baseline; the product values the
# tasks differently. Write the trigger into the weight log (lesson 9).
# </details>
#
# ## Limits of what you saw
#
# Up to ten tasks, small networks, synthetic regressions in full batches and one set of digits, three trainings for each method.
# Intervals speak about seeds, not about other data.
#
# ## Two confusions to leave behind
#
# <details><summary><b>"Conflict is harm, so removing it must help."</b></summary>
#
# At a compromise that cannot be improved for both, gradients that are not 0 oppose each other. On the digits a wider trunk helped;
# surgery was not seen to.
# </details>
#
# <details><summary><b>"My method beats equal weights, so it is better than tuning."</b></summary>
#
# Did equal weights have as many trainings as the method had? A learning rate is a setting as well.
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
# - **Standardise first.** The sum and PCGrad serve the label with large numbers, MGDA's α favours the small one, and uncertainty
#   weighting and GradNorm must first correct the unit.
# - **s is the log of the training loss**, and the + s/2 is what keeps the weights from vanishing.
# - **PCGrad and MGDA are weighted sums** with weights chosen at every step. "No task is hurt" holds for PCGrad with two tasks,
#   not with three.
# - **GradNorm has targets, not one norm**: equal only for α = 0.
# - **Give the plain sum the same number of trainings**, report intervals and cost, and say how small a gain is.
# - **Room before rules**: on the digits width helped and surgery did not. Try width first.
#
# ## What to try next
#
# Try uncertainty weighting on two tasks of your own and look at its *stability*: run five seeds, write down the final weights and
# the worst task, then do the same with five static weights. Then lesson 11: who should share at all.
#
# **Reading:** Kendall, Gal & Cipolla 2018 (uncertainty weighting); Chen and others 2018 (GradNorm); Guo and others 2018 (dynamic
# task prioritisation); Sener & Koltun 2018 (MGDA); Yu and others 2020 (PCGrad). The two studies: Kurin and others, "In Defense of
# the Unitary Scalarization for Deep Multi-Task Learning", and Xin and others, "Do Current Multi-Task Optimization Methods in Deep
# Learning Even Help?", both NeurIPS 2022.
