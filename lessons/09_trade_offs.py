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
# # 9. Trade-offs, Pareto fronts, honest comparison
#
# **You will be able to** throw away dominated models and only those; draw a trade-off curve with intervals, of models that
# have been trained long enough to be compared; say what a weighted sum cannot find; aggregate tasks against a fixed baseline;
# and document a choice so that others can question it.
#
# **Before:** lesson 1 (weighted sums, single-task baselines). Lesson 8 helps. **Time:** 90 minutes. **Difficulty:** ●●○
#
# **Exercises:** open problem set 9 (`ps09_trade_offs`) beside this lesson.

# %% [markdown]
# ## Looking for a flat
#
# Rent and distance to work: you want both to be small. One flat costs more *and* is farther away than another: cross it out,
# no taste involved. What remains is a list on which every saving in rent costs distance. **Crossing out is arithmetic;
# choosing from the rest is a preference.** The two steps need different experts: a computer for the first, somebody who
# answers for the product for the second. A discussion about "the best model" gets confused where it mixes them up.

# %%
import numpy as np
import torch
import torch.nn.functional as F
from scipy.stats import rankdata

from mtl_teach.cost import count_flops
from mtl_teach.data import two_digits
from mtl_teach.figures import bars, dots, lines, pictures, scatter_front, show, trade_off
from mtl_teach.learn import claim, explore, outcome, predict, quiz, say, size
from mtl_teach.metrics import delta_m, mean_interval, zscore_aggregate
from mtl_teach.models import HardSharing
from mtl_teach.pareto import chebyshev, epsilon_constraint, hypervolume, is_non_dominated
from mtl_teach.side_by_side import train_side_by_side

SEEDS = size(5, short=2)

# %% [markdown]
# ## Dominance
#
# Model $a$ **dominates** model $b$ if it is at least as good in *every* objective and better in *at least one*. Models
# that nobody dominates are **efficient**; together they are the **[front](pages/glossary.md)**. Five models, two objectives
# to make small:

# %%
names = np.array(["A", "B", "C", "D", "E"])
error_and_ms = np.array([[0.10, 80.0], [0.12, 45.0], [0.12, 60.0], [0.20, 20.0], [0.12, 45.0]])

# %% tags=["fold"]
predict("Error and latency, both to be small: A (0.10, 80 ms), B (0.12, 45), C (0.12, 60), D (0.20, 20), E (0.12, 45). Which of "
        "the models are dominated?",
        ["none", "only C", "C and one of B, E", "all but A and D"], name="09-dominated", answer="only C")

# %%
efficient = is_non_dominated(error_and_ms)
print("efficient:", *names[efficient], "  dominated:", *names[~efficient])
outcome("09-dominated")

# %% tags=["claim"]
claim("C is dominated, and no other model is.", lambda crossed_out, kept: crossed_out == ["C"],
      names[~efficient].tolist(), names[efficient].tolist(), effect=False)

# %% [markdown]
# Only C. It *ties* with B in the error and is slower: a tie in one objective and a loss in the other are enough to be crossed
# out. B and E are equal; neither is better anywhere, so neither dominates the other. A and D are each best in something. B,
# best in nothing, is efficient too: a **compromise**.
#
# **Exercise:** `pareto_mask` in problem set 9.

# %% [markdown]
# ## A trade-off you can watch
#
# Two overlapping digits in one picture of 12 × 12 pixels. One head says which digit is on the left, another which is on the
# right. One trunk sees the picture for both.

# %%
data = {seed: two_digits(n_train=3000, n_test=5000, seed=seed) for seed in range(SEEDS)}
sample = data[0].take(slice(0, 6))
captions = [f"{left} over {right}" for left, right in sample.y]
show(pictures(sample.X.reshape(-1, 12, 12), captions, title="Two digits share a picture, and a trunk"))

# %% [markdown]
# Pictures are kept apart by *base digit* (the handwritten originals): training, validation and test share none. Models train on
# the first, **choices are made on validation, and reports come from test**. A fourth group, `leaky`, breaks the rule on purpose.

# %%
N_TRAIN, N_EACH, GROUPS = 2000, 1000, ["validation", "test", "leaky"]
VALIDATION, TEST, LEAKY = range(3)

# %%
def groups(d):
    even = (d.base % 2 == 0).all(axis=1)
    odd = (d.base % 2 == 1).all(axis=1)
    leaky = ~d.is_test & (np.arange(d.n_samples) >= N_TRAIN)  # new pictures of the originals trained on
    return np.concatenate([np.flatnonzero(rows)[:N_EACH] for rows in (d.is_test & even, d.is_test & odd, leaky)])

# %%
originals = [set(data[0].base[rows].ravel().tolist()) for rows in np.split(groups(data[0]), 3)]
in_training = set(data[0].base[:N_TRAIN].ravel().tolist())
for name, bases in zip(GROUPS, originals):
    print(f"{name}: {N_EACH} pictures of {len(bases)} originals, {len(bases & in_training)} of them seen in training")

# %% tags=["claim"]
claim("Training, validation and test share no original; nine in ten of the leaky originals were trained on.",
      lambda shared, leaked: shared == 0 and leaked > 0.9,
      len(originals[TEST] & (originals[VALIDATION] | in_training)) + len(originals[VALIDATION] & in_training),
      len(originals[LEAKY] & in_training) / len(originals[LEAKY]), effect=False)

# %% [markdown]
# Each seed splits the *same* 1797 originals anew, so the results of the seeds agree more than independent ones would. All
# intervals of trained models below are 95 % intervals, widened for that (Nadeau and Bengio 2003).

# %%
OVERLAP = len(originals[TEST]) / len(in_training)  # originals in test per original in training


def over_seeds(values):
    return mean_interval(values, test_to_train=OVERLAP)

# %% [markdown]
# The total is $w \cdot L_\text{left} + (1 - w) \cdot L_\text{right}$. At $w = 1$ and $w = 0$ one task is trained alone: the
# single-task baselines, with a trunk of the same width. Each baseline gets as many trials as the shared trunk gets weights: five
# learning rates. A tuned method can beat an untuned baseline without being better.

# %%
WEIGHTS = [0.1, 0.3, 0.5, 0.7, 0.9]  # the five configurations that train both tasks, at a learning rate of 0.01
RATES = [0.0025, 0.005, 0.01, 0.02, 0.04]  # the five configurations of each single task
LOOKS = size([5, 10, 15, 20, 30, 40, 50, 60, 80], short=[1, 2])  # epochs after which validation is looked at

# %% [markdown]
# The next three cells are plumbing: they put all weights and all seeds of one width into one call of `train_side_by_side`,
# which trains each network as if it were alone, and compute the accuracy at every look. Pixels are centred by their training
# means.

# %% tags=["fold"]
def cross_entropies(outputs, y):  # (networks, rows, 20) and (networks, rows, 2) to (networks, 2)
    logits = outputs.unflatten(-1, (2, 10)).movedim(-1, 1)  # the ten classes in second place, as PyTorch expects them
    return F.cross_entropy(logits, y, reduction="none").mean(dim=1)

# %% tags=["fold"]
def rows_of(seed):
    d = data[seed]
    x, y = torch.tensor(d.X - d.X[:N_TRAIN].mean(axis=0), dtype=torch.float32), torch.tensor(d.y)
    return x[:N_TRAIN], y[:N_TRAIN], x[groups(d)], y[groups(d)]

# %% tags=["fold"]
def train_all(width, settings):  # (weight of left, learning rate) to accuracies (looks, seeds, settings, group, task)
    runs = [(seed, w, rate) for seed in range(SEEDS) for w, rate in settings]
    networks = [HardSharing(144, width, [10, 10], torch.Generator().manual_seed(seed)) for seed, _, _ in runs]
    parts = {seed: rows_of(seed) for seed in range(SEEDS)}
    x, y, x_new, y_new = (torch.stack(part) for part in zip(*[parts[seed] for seed, _, _ in runs]))
    outputs = train_side_by_side(
        networks, x, y, x_new, rates=[rate for *_, rate in runs], task_weights=[[w, 1 - w] for _, w, _ in runs],
        stops=[N_TRAIN // 200 * epoch for epoch in LOOKS if width < 64 or epoch <= 60],
        loss_fn=cross_entropies, batch_size=200, generator=torch.Generator().manual_seed(0),
    )
    hits = (outputs.unflatten(-1, (2, 10)).argmax(dim=-1) == y_new).float()
    return hits.reshape(len(outputs), SEEDS, len(settings), 3, N_EACH, 2).mean(dim=4).numpy()

# %%
faster = [(0.5, 0.02), (0.5, 0.04)]  # used below: is the learning rate to blame?
at_12 = train_all(12, [(w, 0.01) for w in WEIGHTS] + faster + [(w, rate) for w in (1.0, 0.0) for rate in RATES])
shared, fast_12, alone_12 = {12: at_12[:, :, :5]}, at_12[:, :, 5:7], at_12[:, :, 7:]
EQUAL = WEIGHTS.index(0.5)

# %% [markdown]
# ### The front after 15 epochs
#
# First, all five are stopped after 15 epochs:

# %%
def look(epoch):
    return LOOKS.index(size(epoch, short=LOOKS[-1]))

# %%
show(
    trade_off(
        {"15 epochs": over_seeds(shared[12][look(15)][:, :, TEST])}, [f"w = {w:g}" for w in WEIGHTS],
        title="After 15 epochs: a textbook front", xlabel="test accuracy, left digit", ylabel="test accuracy, right digit",
    )
)

# %% [markdown]
# From one end to the other, the accuracy of a digit changes by about a third. It is tempting to write: *at 12 units the digits
# compete for capacity.* Before we do, let the same networks train on, to 60 epochs.

# %% tags=["fold"]
predict("A network reads two digits with 12 shared units, once for each of five weights. After 15 epochs a digit's accuracies "
        "differ by about a third over the weights. How large will that range be after 60 epochs?",
        ["about the same: the tasks compete for 12 units", "larger: the favoured task takes over",
         "less than half as large: a low weight mostly slowed learning"],
        name="09-longer", answer="less than half as large: a low weight mostly slowed learning")

# %%
left = {f"w = {w:g}": shared[12][:, :, i, VALIDATION, 0].T for i, w in enumerate(WEIGHTS) if w in (0.1, 0.5, 0.9)}
left["alone"] = alone_12[:, :, RATES.index(0.01), VALIDATION, 0].T
show(
    lines(
        LOOKS, {name: over_seeds(accuracy) for name, accuracy in left.items()},
        title="A low weight mostly slows learning", xlabel="epoch", ylabel="validation accuracy, left digit",
    )
)

# %% [markdown]
# ### Stop each configuration where it is best
#
# No single number of epochs need suit all five weights. The fair comparison trains long enough and stops **each configuration by
# its own validation score**: here the accuracy of both tasks, weighted as in its loss, averaged over the seeds.

# %%
def at_its_stop(accuracy, weights):  # (looks, seeds, settings, group, task) to (seeds, settings, group, task), and epochs
    preference = np.array([[w, 1 - w] for w in weights])
    score = (accuracy[:, :, :, VALIDATION] * preference).sum(axis=-1).mean(axis=1)
    stop = score.argmax(axis=0)
    return accuracy[stop, :, np.arange(len(weights))].swapaxes(0, 1), np.array(LOOKS)[stop]

# %%
front, stops = {}, {}
front[12], stops[12] = at_its_stop(shared[12], WEIGHTS)
three = {"15 epochs": shared[12][look(15)], "60 epochs": shared[12][look(60)], "stopped by validation": front[12]}
show(
    trade_off(
        {name: over_seeds(three[name][:, :, TEST]) for name in ("15 epochs", "stopped by validation")},
        [f"w = {w:g}" for w in WEIGHTS], title="Most of the front came from stopping early",
        xlabel="test accuracy, left digit", ylabel="test accuracy, right digit",
    )
)

# %%
spread = {name: np.ptp(r[:, :, TEST].mean(axis=0), axis=0) for name, r in three.items()}
for name, (left, right) in spread.items():
    print(f"{name}: range of test accuracy over the five weights, left {left:.3f}, right {right:.3f}")
print("epochs at which validation stopped w = 0.1 … 0.9:", *stops[12])
outcome("09-longer")

# %% tags=["claim"]
claim("From 15 to 60 epochs the range shrinks to less than a third, and at the stops that validation chose it is as small.",
      lambda early, late, chosen: np.all(late < early / 3) and np.all(chosen < early / 3), *spread.values())

# %% [markdown]
# Our sentence about capacity would have been wrong for most of that front: **a low weight mostly slows learning**. The digit with
# a tenth of the weight starts late and makes up most of the distance. A fixed number of epochs for all compares *speeds*. And with
# only two weights you would have seen two points and guessed at everything between, so use **at least five configurations**.
#
# ### What is left?
#
# Stopped by validation, does sharing still cost anything? Compare with each digit alone, in 12 units of its own, at its best rate
# and stop, and with wider trunks.

# %%
single, single_stops = at_its_stop(alone_12, [1.0] * 5 + [0.0] * 5)
best_left = int(np.argmax(single[:, :5, VALIDATION, 0].mean(axis=0)))
best_right = 5 + int(np.argmax(single[:, 5:, VALIDATION, 1].mean(axis=0)))
alone = np.stack([single[:, best_left, :, 0], single[:, best_right, :, 1]], axis=-1)  # (seeds, group, task)

# %% tags=["fold"]
predict("Each digit alone has a network of 12 units; the shared trunk has 12, 24 or 64. How far is the shared trunk, at equal "
        "weights and stopped by validation, behind the two separate networks?",
        ["as far at every width: sharing itself costs accuracy", "less far with every step in width",
         "farther with every step: wide trunks overfit", "ahead at every width"],
        name="09-width", answer="less far with every step in width")

# %%
for width in (24, 64):
    shared[width] = train_all(width, [(w, 0.01) for w in WEIGHTS])
    front[width], stops[width] = at_its_stop(shared[width], WEIGHTS)
results = {f"shared, {n} units": r[:, :, TEST] for n, r in front.items()}
results["each alone, 12 units"] = alone[:, None, TEST].repeat(len(WEIGHTS), axis=1)
show(
    trade_off(
        {name: over_seeds(accuracy) for name, accuracy in results.items()}, [f"w = {w:g}" for w in WEIGHTS],
        title="Width shortens the front and moves it to the single tasks",
        xlabel="test accuracy, left digit", ylabel="test accuracy, right digit",
    )
)

# %%
test_means = {width: over_seeds(r[:, :, TEST]) for width, r in front.items()}
rows = [
    f"| {n} | {w:g} | {stops[n][i]} | " + " | ".join(f"{m.mean[i, t]:.3f} ± {m.half_width[i, t]:.3f}" for t in (0, 1)) + " |"
    for n, m in test_means.items() for i, w in enumerate(WEIGHTS)
]
head = "| units | weight of left | epochs | left | right |\n|---|---|---|---|---|\n"
say(head + "\n".join(rows) + f"\n\nTest accuracy, {SEEDS} seeds, 95 % intervals.")

# %%
span = {n: np.ptp(m.mean, axis=0).mean() for n, m in test_means.items()}
lost = {n: over_seeds((alone[:, TEST] - r[:, EQUAL, TEST]).mean(axis=1)) for n, r in front.items()}
for n in front:
    print(f"{n} units: range over the weights {span[n]:.3f}; each alone minus shared at w = 0.5, in pairs by seed: {lost[n]}")
fast, _ = at_its_stop(fast_12, [0.5, 0.5])
lost_fast = over_seeds((alone[:, TEST, None] - fast[:, :, TEST]).mean(axis=-1))
print(f"12 units at w = 0.5 and a learning rate of 0.02 or 0.04 instead of 0.01: {lost_fast}")
outcome("09-width")

# %% tags=["claim"]
claim("With each step in width the range over the weights shrinks, and so does the distance to the single tasks of 12 units.",
      lambda ranges, losses: np.all(np.diff(ranges) < 0) and np.all(np.diff(losses) < 0),
      list(span.values()), [value.mean for value in lost.values()],
      opposite=(list(span.values())[::-1], [value.mean for value in lost.values()][::-1]))
claim("At 12 units the two digits together have less accuracy than each alone in its own 12, at each of three learning rates.",
      lambda lows: min(lows) > 0, [lost[12].low, *lost_fast.low], opposite=([-lost[12].high, *-lost_fast.high],))

# %% [markdown]
# So both sentences hold, in this order. A low weight mostly slows learning. Once everything is trained, one trunk of 12 units still
# does less for two digits than 12 units for each, and that distance shrinks with **room**. Here the way out of this trade-off was
# not a cleverer weight but more epochs, and then more units. Whether units are cheap is, again, a preference.
#
# (Two limits. The last look is at 80 epochs, or 60 with 64 units; where validation chose the last one, part of the range may still
# come from stopping early. And the single tasks keep their 12 units here: what wider ones would gain was not tried.)

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "I composed 6000 two-digit pictures and then split them at random into training and
# test. My test accuracy is even better than yours."</summary>
#
# The pictures are new, but the digits in them are not: the same handwriting is in training and test. Split **before** you
# compose, join, or augment.
# </details>
#
# How much does that flatter? The `leaky` rows are new pictures made from originals that were trained on:

# %%
leak = {f"{n} units": (r[:, EQUAL, LEAKY] - r[:, EQUAL, TEST]).mean(axis=1) for n, r in front.items()}
leak["mean of the three"] = np.mean(list(leak.values()), axis=0)
for name, by_seed in leak.items():
    print(f"{name}: accuracy on leaky minus on test rows, in pairs by seed: {over_seeds(by_seed)}")

# %% tags=["claim"]
leak_mean = over_seeds(leak["mean of the three"])
claim("The leaky rows flatter: on average over seeds and widths, accuracy on them is more than a hundredth higher than on test rows.",
      lambda leak: leak > 0.01, leak_mean.mean)

# %% [markdown]
# ## What a weighted sum cannot reach
#
# A weighted sum asks for the point where a straight line, pushed towards the origin, last touches the front. On a *convex*
# front, one that hangs below the straight line between any two of its points, every point is touched by some line. And on a
# *concave* one, which arches above that line?

# %%
angle = np.linspace(0, np.pi / 2, 200)
concave = np.column_stack([np.sin(angle), np.cos(angle)])  # two errors to make small, on a quarter of a circle
print("efficient models:", is_non_dominated(concave).sum())

# %% tags=["fold"]
predict("200 efficient models on a quarter circle, 49 weights from 0.02 to 0.98. How many different models does the "
        "weighted sum choose?", ["49", "about 25", "2", "1"], name="09-concave", answer="2")

# %%
weights_49 = np.arange(1, 50) / 50
by_sum = {int(np.argmin(concave @ [w, 1 - w])) for w in weights_49}
by_chebyshev = {int(np.argmin([chebyshev(p, [w, 1 - w], [0, 0]) for p in concave])) for w in weights_49}
by_limit = {epsilon_constraint(concave, primary=0, limits=[None, limit]) for limit in weights_49}
found = {"weighted sum": by_sum, "Chebyshev": by_chebyshev, "limit on one": by_limit}
print("different models found by 49 settings:", ", ".join(f"{name} {len(models)}" for name, models in found.items()))
outcome("09-concave")

# %% tags=["claim"]
claim("49 weights find the two ends and nothing else; 49 Chebyshev weights or limits find 48 models or more.",
      lambda by_weights, others: by_weights == 2 and others >= 48,
      len(by_sum), min(len(by_chebyshev), len(by_limit)), effect=False)

# %%
chosen_points = {
    "all models": concave[::8],
    "weighted sum": concave[sorted(by_sum)],
    "Chebyshev": concave[sorted(by_chebyshev)][::4],
}
show(
    scatter_front(
        chosen_points,
        title="49 weights find two models of a concave front",
        xlabel="error of task 1", ylabel="error of task 2",
    )
)

# %% [markdown]
# On a concave front the last point that such a line touches is one of the two ends. Two other questions reach the rest.
# **[Chebyshev](pages/glossary.md)** asks for the model whose *worst* weighted distance to an ideal point is smallest. A
# **limit** asks for the best first error among those whose second is at most so much: lesson 8's fence.
#
# Does it matter? When you *select* from a list of trained models by a weighted score of their metrics, any dent in the front is
# enough: your favourite compromise may be a model that no weights can choose. In *training* nobody shows you the shape; a
# result that jumps between two weights can be a sign. (One more way out, where only the average over users counts: serve each
# end to a random half of them. The mean errors are then 0.5 and 0.5, where the compromise in the middle of this circle has 0.71
# and 0.71. Each single user is still served by an extreme.)
#
# ### One number for a whole front
#
# The **[hypervolume](pages/glossary.md)** of a front is the area that it dominates, up to a reference point that stands for
# "worse is of no interest". It rewards fronts that reach far *and* have no gaps. Its weak point is the reference. Take one
# front that is a single compromise, and one of two extremes:

# %%
compromise, extremes = [[0.20, 0.20]], [[0.10, 0.35], [0.35, 0.10]]
area = {r: (hypervolume(compromise, [r, r]), hypervolume(extremes, [r, r])) for r in (0.4, 1.0)}
for reference, (one, two) in area.items():
    print(f"reference ({reference:g}, {reference:g}): the compromise {one:.4f}, the extremes {two:.4f}")

# %% tags=["claim"]
claim("The compromise leads with the reference at 0.4, the extremes with the reference at 1.",
      lambda near, far: near[0] > near[1] and far[0] < far[1], *area.values(), effect=False)

# %% [markdown]
# So state the reference whenever you report a hypervolume, and choose it for a reason: here an error of 0.3, beyond which
# nobody would ship a digit reader. For the measured fronts, by seed:

# %%
REFERENCE = [0.3, 0.3]
tried = {"12 units, 15 epochs": three["15 epochs"]} | {f"{n} units, own stop": r for n, r in front.items()}
volume = {name: np.array([hypervolume(1 - r, REFERENCE) for r in runs[:, :, TEST]]) for name, runs in tried.items()}
for name, values in volume.items():
    print(f"{name}: {over_seeds(values):.3f}")
steps = [over_seeds(later - earlier) for earlier, later in zip(list(volume.values()), list(volume.values())[1:])]
print("each minus the one before, in pairs by seed:", *steps, sep="\n")

# %% tags=["claim"]
claim("On average over the seeds every step enlarges the hypervolume: training on, 24 units, 64 units.",
      lambda means: min(means) > 0, [step.mean for step in steps], opposite=([-step.mean for step in steps],))

# %% [markdown]
# ## Comparing with fixed single-task baselines
#
# A table has one row per model and one column per task. Somebody wants one number. One idea: turn each column into z-scores
# (value minus the mean of the column, divided by its standard deviation), and average them.

# %%
A, B = [0.84, 0.70], [0.80, 0.73]
tables = {"with C1": np.array([A, B, [0.50, 0.72]]), "with C2": np.array([A, B, [0.82, 0.40]])}
higher = np.array([True, True])

# %% tags=["fold"]
predict("A = (0.84, 0.70), B = (0.80, 0.73) and a third model are compared by their mean z-score over the two columns. The third "
        "is replaced by another. Can that change whether A is ahead of B?",
        ["no: nothing about A and B changed", "yes: mean and spread of a column change with it"], name="09-z",
        answer="yes: mean and spread of a column change with it")

# %%
z_scores = {name: zscore_aggregate(table, higher)[:2] for name, table in tables.items()}
baseline = np.array([0.80, 0.70])
gains = {name: delta_m(table[:2], baseline, higher) for name, table in tables.items()}
show(
    bars(
        {"model A": [z[0] for z in z_scores.values()], "model B": [z[1] for z in z_scores.values()]}, list(tables),
        title="Which of A and B leads by mean z-score depends on a third, worse model", ylabel="mean z-score",
    )
)

# %%
for name, z in z_scores.items():
    print(f"{name}: {'A' if z[0] > z[1] else 'B'} ahead by z-scores; Δm: A {gains[name][0]:+.3f}, B {gains[name][1]:+.3f}")
outcome("09-z")

# %% tags=["claim"]
claim("B leads beside C1, A beside C2.", lambda one, two: one[0] < one[1] and two[0] > two[1], *z_scores.values(), effect=False)
claim("Δm of A and B does not move with the third model, their z-scores do.",
      lambda gains, scores: np.array_equal(*gains) and not np.array_equal(*scores),
      list(gains.values()), list(z_scores.values()), effect=False)

# %% [markdown]
# Mean and spread come from whoever is in the table. A model that is terrible in task 1 stretches that column, and A's lead
# in it shrinks to almost nothing.
#
# Another number is the **[mean rank](pages/glossary.md)**: the place of each model in each column, averaged (Navon et al. 2022
# print it beside Δm). It has no units to worry about, but it counts a lead of 0.001 like one of 0.2. How often does a new third
# model swap A and B, by either number? Draw random tables and see:

# %%
def lead_by_z(table):
    return np.subtract(*zscore_aggregate(table, np.array([True] * 4))[:2])


def lead_by_rank(table):  # place 1 is the best
    return -np.subtract(*rankdata(-table, axis=0).mean(axis=1)[:2])

# %%
rng = np.random.default_rng(0)
flips = []
for _repeat in range(size(10, short=2)):
    ahead = rng.normal(size=(300, 4, 4))  # A, B, and two candidates for the third place, in four tasks
    leads = [[[lead(t[[0, 1, third]]) for third in (2, 3)] for t in ahead] for lead in (lead_by_z, lead_by_rank)]
    flips.append([np.mean([first * second < 0 for first, second in pairs]) for pairs in leads])
by_z, by_rank = (mean_interval(column) for column in np.transpose(flips))
say(f"Exchanging the third model swaps A and B in **{by_z:.1%}** of random tables of four tasks by mean z-score, and in "
    f"**{by_rank:.1%}** by mean rank ({len(flips)} times 300 tables, 95 % intervals).")

# %% tags=["claim"]
claim("Both kinds of flip happen, in more than 2 % of random tables; more often by mean z-score.",
      lambda z, rank: z.low > rank.high > rank.low > 0.02, by_z, by_rank)

# %% [markdown]
# A ruler must not depend on what else lies on the table. **[Δm](pages/glossary.md)** measures each task against its
# *single-task baseline*, a model that was trained once and stands still:
#
# $$ \Delta_m = \frac1T \sum_t \pm\,\frac{m_t - b_t}{|b_t|}, $$
#
# with + where higher is better and − where lower is better, so that positive means better than alone. Three warnings before you
# use it, each with numbers:

# %%
better, single_tasks = np.array([0.98, 0.60]), np.array([0.99, 0.55])
as_accuracy = float(delta_m(better, single_tasks, higher))
as_error = float(delta_m(1 - better, 1 - single_tasks, ~higher))
other_sign = float(delta_m(better, single_tasks, higher, better="negative"))
below_zero = float(delta_m([0.05], [-0.05], [True]))
print(f"accuracies 0.99 to 0.98 and 0.55 to 0.60: Δm {as_accuracy:+.3f}; the same as error rates: {as_error:+.3f}")
print(f"the first in the other sign: {other_sign:+.3f};  R² from a baseline of −0.05 to 0.05: Δm {below_zero:+.0%}")

# %% tags=["claim"]
claim("The same model is ahead of its baselines by accuracy and behind them by error rate.",
      lambda accuracy, error: accuracy > 0 > error, as_accuracy, as_error, effect=False)

# %% [markdown]
# - Δm depends on **how a metric is written**. From 0.99 to 0.98 accuracy loses 1 %, and the error rate doubles. Say which
#   one you report, and report the tasks beside it.
# - Liu et al. (CAGrad, 2021) and Navon et al. (Nash-MTL, 2022) print it with the **other sign**, negative for better
#   (`better="negative"`). Read the caption.
# - It needs a **zero that means something**. A baseline of exactly 0 has no relative gain, and `delta_m` refuses it. Below
#   0 (the R² of a model worse than the mean) dividing by the size of the baseline keeps the sign right, but "+200 %" says
#   nothing.

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "An average of per-task z-scores lets us compare checkpoints without hiding weak tasks."</summary>
#
# An average hides weak tasks, whatever is averaged. Take accuracies (0.95, 0.95, 0.10) against (0.66, 0.66, 0.66).
# </details>

# %%
uneven, even = [0.95, 0.95, 0.10], [0.66, 0.66, 0.66]
all_higher = np.array([True] * 3)
z_uneven, z_even = zscore_aggregate([uneven, even], all_higher)
d_uneven, d_even = delta_m([uneven, even], [0.6] * 3, all_higher)
print(f"mean z-score {z_uneven:+.2f} against {z_even:+.2f};  Δm {d_uneven:+.3f} against {d_even:+.3f}")
print(f"worst task against its baseline of 0.6: {min(uneven) / 0.6 - 1:+.0%} against {min(even) / 0.6 - 1:+.0%}")

# %% tags=["claim"]
claim("z-scores and Δm both put the model with the lost task ahead.", lambda lost, even: lost[0] > even[0] and lost[1] > even[1],
      (z_uneven, d_uneven), (z_even, d_even), effect=False)

# %% [markdown]
# Both averages prefer the model that has lost a task, **Δm too**. A fixed baseline cures the shifting ruler, not the
# averaging. So the report has three parts: every task by itself, Δm, and the **worst task** beside it.
#
# **Exercises:** `per_task_rmse` (every task by itself, over its own labels), `delta_m`, and `zscore_aggregate` in problem set 9. The
# last gives z-scores a ruler that stands still as well: mean and spread of *reference models* that were chosen once and for all.

# %% [markdown]
# ## The winner's curse
#
# Choose on validation, report on test: everybody says it. What exactly goes wrong otherwise? Take 30 models that are
# **identical**, each measured in two tasks with a noise of 0.01, once on validation, once on test.

# %% tags=["fold"]
predict(
    "30 identical models are measured in two tasks, with noise, once on validation and once on test. On average about 4 of them are "
    "on the validation front. How many of those are on the test front as well?",
    ["most of them", "about half", "about one in seven", "none: luck never repeats"],
    name="09-curse", answer="about one in seven",
)

# %%
def lottery(seed, count=30, differ=0.0):  # `differ`: standard deviation of the models' true accuracies
    rng = np.random.default_rng(seed)
    noise = rng.normal(scale=0.01, size=(2, count, 2))
    validation, test = 0.8 + noise + rng.normal(scale=differ, size=(count, 2))
    front = is_non_dominated(-validation)
    optimism = (validation - test)[front].mean()
    return [front.sum(), is_non_dominated(-test)[front].mean(), optimism], validation, test, front

# %%
REPEATS = range(size(400, short=20))
curse = mean_interval([lottery(seed)[0] for seed in REPEATS])
real = mean_interval([lottery(seed, differ=0.03)[0] for seed in REPEATS])
few, many = (mean_interval([lottery(seed, count)[0][2] for seed in REPEATS]) for count in (10, 100))
say(
    f"On the front: **{curse.mean[0]:.2f}** ± {curse.half_width[0]:.2f} of 30 models. Still efficient on test: "
    f"**{curse.mean[1]:.1%}** ± {curse.half_width[1]:.1%} of them. Their validation accuracy is too good by "
    f"{curse.mean[2]:.4f} ± {curse.half_width[2]:.4f}; of 10 models it would be {few:.4f}, of 100 models {many:.4f}. If the 30 "
    f"really differ, three times as much as the noise, {real.mean[1]:.0%} of the front are efficient again. (95 % intervals)"
)

# %%
outcome("09-curse")

# %% tags=["claim"]
claim("About 4 of 30 identical models are on the front, and of those about 4 in 30 are efficient on test; where models differ, more are.",
      lambda size_of_front, again: 3.7 < size_of_front < 4.4 and abs(again - size_of_front / 30) < 0.03, *curse.mean[:2],
      opposite=tuple(real.mean[:2]))
claim("The more models are compared, the more the front's validation accuracy flatters.",
      lambda fewer, more: fewer.high < more.low, few, many)

# %%
_, on_validation, on_test, winners = lottery(8)
show(
    scatter_front(
        {"all 30, on test": on_test, "validation's winners, on test": on_test[winners]}, maximise=(True, True),
        title="The winners of validation are ordinary models on test",
        xlabel="accuracy, task 1", ylabel="accuracy, task 2",
    )
)

# %% [markdown]
# Look at the squares: the front of validation, scattered through the cloud of test. One in seven is what models picked blindly
# achieve: the front was a lottery. Its numbers flatter more, the more configurations you compare and the noisier the validation
# set is. Models that really differ are found again more often. Remedies: several seeds per configuration, intervals on the
# curve, a rule fixed before looking, and **one** look at test for the one that was chosen. (The figures above show test
# accuracies of every configuration; the *choices*, the stops and the rates, were made on validation.)

# %% [markdown]
# ## Choosing, and saying why
#
# Now the preference. Say how much a point of accuracy on the left digit is worth compared with one on the right. The choice
# is made on **validation**, and the numbers shown come from **test**.

# %%
IMPORTANCE = [0.1, 0.3, 0.5, 0.7, 0.9]
choices = {}
for width, r in front.items():
    on_val = r[:, :, VALIDATION].mean(axis=0)
    for p in IMPORTANCE:
        best = int(np.argmax(on_val @ [p, 1 - p]))
        choices[p, width] = {"w": WEIGHTS[best], "test": over_seeds(r[:, best, TEST]), "index": best}

# %% tags=["fold"]
def say_choice(r, p, width):
    (left, right), (dl, dr) = r["test"]
    numbers = f"left {left:.3f} ± {dl:.3f}, right {right:.3f} ± {dr:.3f}"
    return f"Importance {p:g} of the left digit, {width} units: validation chooses w = {r['w']:g}; on test {numbers}."


def draw_choice(r, p, width):
    curve = front[width][:, :, TEST].mean(axis=0)
    points = {"five weights": curve, "chosen": curve[[r["index"]]]}
    return scatter_front(
        points, title=f"Chosen: w = {r['w']:g}", maximise=(True, True),
        xlabel="accuracy, left digit", ylabel="accuracy, right digit",
    )

# %%
explore(choices, {"importance of the left digit": IMPORTANCE, "units in the trunk": [12, 24, 64]}, draw_choice, say_choice,
        title="A preference slider on the front")

# %% [markdown]
# ### The honest table
#
# The rows: two separate models, and a shared trunk of 12, of 24 and of 64 units. **Each row has five trials per model**, five
# learning rates for a separate model and five weights for a shared one, and its trial and its stop are chosen on
# validation. A shared trunk of 24 units costs about as much to serve as the two separate models together. Costs are counts:
# trainings per seed, and multiplications per prediction relative to one shared model of 12 units.

# %%
def gain_by_seed(scores):  # Δm against the separate models of the same seed, which saw the same rows
    return np.array([delta_m(scores[seed], alone[seed, TEST], higher) for seed in range(SEEDS)])

# %%
on_val = {n: delta_m(r[:, :, VALIDATION].mean(axis=0), alone[:, VALIDATION].mean(axis=0), higher) for n, r in front.items()}
tuned = {n: int(np.argmax(gains)) for n, gains in on_val.items()}
candidates = {"two separate models, 12 units": alone[:, TEST]}
candidates |= {f"shared, {n} units, w = {WEIGHTS[i]:g}": front[n][:, i, TEST] for n, i in tuned.items()}
by_seed = {name: gain_by_seed(c) for name, c in candidates.items()}
gain = {name: over_seeds(values) for name, values in by_seed.items()}
worst = {name: (c / alone[:, TEST] - 1).mean(axis=0).min() for name, c in candidates.items()}

# %%
digit = torch.zeros(1, 144)
macs = {width: count_flops(HardSharing(144, width, [10, 10]), digit)["macs"] for width in (12, 24, 64)}
one_single = count_flops(HardSharing(144, 12, [10]), digit)["macs"]
cost = [(10, 2 * one_single), (5, macs[12]), (5, macs[24]), (5, macs[64])]

# %%
body = [
    f"| {name} | {c[:, 0].mean():.3f} | {c[:, 1].mean():.3f} | {gain[name].mean:+.3f} ± {gain[name].half_width:.3f} "
    f"| {worst[name]:+.3f} | {trainings} | {served / macs[12]:.1f} |"
    for (name, c), (trainings, served) in zip(candidates.items(), cost)
]
columns = "| model | left | right | Δm | worst task | trainings | cost to serve |\n|---|---|---|---|---|---|---|\n"
note = f"Test rows, {SEEDS} seeds. Δm: 95 % interval of the differences by seed."
say(columns + "\n".join(body) + f"\n\n{note}")

# %% [markdown]
# **Pairs.** All models of a seed saw the same pictures, and a seed with easy pictures is easy for all of them. So the interval
# is that of the *differences* by seed. To keep the luck of the chosen weight out of it, average each width over its five
# weights, and see how wide the interval would be if each side had been run on seeds of its own:

# %%
by_width = {n: np.mean([gain_by_seed(r[:, i, TEST]) for i in range(5)], axis=0) for n, r in front.items()}
narrow, middle, wide = (over_seeds(values) for values in by_width.values())
mean_alone = alone[:, TEST].mean(axis=0)
sides = [over_seeds(delta_m(r, mean_alone, higher)) for r in (front[24][:, :, TEST].mean(axis=1), alone[:, TEST])]
unpaired = np.hypot(*[side.half_width for side in sides])
say(f"24 units, mean of five weights, against two separate models: **{middle:+.2%}** in pairs by seed; without the pairs the "
    f"half-width would be {unpaired:.2%}.")

# %%
show(
    dots(
        {"chosen weight": over_seeds(np.array(list(by_seed.values())[1:]).T),
         "mean of five weights": over_seeds(np.array(list(by_width.values())).T)},
        [f"shared, {n} units" for n in front], reference=0.0,
        title="Behind two models of 12 units: far with 12 shared units, less with 24, not visibly with 64",
        xlabel="Δm against two separate models (fraction)",
    )
)

# %% tags=["claim"]
claim("The pairs make the interval narrower.", lambda paired, apart: paired < apart, middle.half_width, unpaired)
claim("With each step in width the shared trunk is less far behind two separate models of 12 units.",
      lambda low, mid, high: low.mean < mid.mean < high.mean, narrow, middle, wide)

# %%
tuned_gains = ", ".join(f"{value:+.1%}" for value in list(gain.values())[1:])
say(
    f"The verdict: on these data sharing is **not seen to help**. Against two separate models of 12 units, mean of the five "
    f"weights: at the same width {narrow:+.1%}; at about the same serving cost {middle:+.1%}; at {macs[64] / macs[12]:.1f} times "
    f"the cost of the small shared model {wide:+.1%}. With the weight tuned the three are {tuned_gains}. What sharing buys here "
    "is one model to deploy instead of two. A table with the widest trunk only would have told another story."
)

# %% tags=["claim"]
claim("The interval at 64 units contains 0, the one at 12 does not.", lambda wide, narrow: wide.low < 0 < wide.high and narrow.high < 0,
      wide, narrow)

# %% [markdown]
# ### The weight log
#
# A choice that is not written down will be made again, by accident. One line per configuration:

# %%
equal_test, equal_gain = over_seeds(front[12][:, EQUAL, TEST]), over_seeds(gain_by_seed(front[12][:, EQUAL, TEST]))
equal_worst = (front[12][:, EQUAL, TEST] / alone[:, TEST] - 1).mean(axis=0).min()
entry = {
    "date": "3 May",
    "weights and why": "0.5 and 0.5: the user reads both digits",
    "every task, with interval, on which rows": f"left, right: {equal_test:.3f}; test, {SEEDS} seeds",
    "Δm, worst task": f"{equal_gain:+.1%}, {equal_worst:+.1%}",
    "cost": f"1 training of {stops[12][EQUAL]} epochs, serving 1.0",
    "decision, by whom, revisit when": f"ask for a wider trunk; N. N.; when serving may cost {macs[64] / macs[12]:.1f} times as much",
}
say(f"| {' | '.join(entry)} |\n{'|---' * len(entry)}|\n| {' | '.join(entry.values())} |")

# %% [markdown]
# Change one thing at a time, and write the reason *before* the result. Weights are not for ever: write into the line what
# would make you look again (a new source of labels, another class balance, a product with new goals).

# %% [markdown]
# ## Mini challenge
#
# Three tasks, sign-up (AUC), retention (AUC) and churn reasons (F1): initial weights, and one rule for each, in at most 90
# words. It is in problem set 9. What to watch for is in lessons 5, 7 and 9.
#
# The **written rationale**, an entry for a weight log, is there too.

# %% [markdown]
# ## Four confusions to leave behind
#
# <details><summary><b>"The front is the answer."</b></summary>
#
# The front is the question, asked properly. The answer needs a preference, and the preference needs an owner.
# </details>
#
# <details><summary><b>"A model that is best in nothing cannot be worth keeping."</b></summary>
#
# A compromise is best in nothing, and it can be the model that serves every task well enough.
# </details>
#
# <details><summary><b>"The accuracy of the lightly weighted task is low: the tasks compete."</b></summary>
#
# Perhaps. First train on: a task with weight 0.1 learns slowly. Only what stays when each configuration has been trained to its own
# stop can be competition.
# </details>
#
# <details><summary><b>"With enough weights I will find every efficient model."</b></summary>
#
# Not on a concave front: above, 49 weights found two models of 200.
# </details>

# %% [markdown]
# ## Quick test
#
# Seven questions, five to pass.

# %%
quiz("09")

# %% [markdown]
# ## Take-away
#
# - **Cross out the dominated**, then stop: choosing among the rest is a preference, and somebody must own it.
# - **Five configurations or more, with intervals**, single-task baselines in the same table, cost beside gain.
# - **Train to the end, or stop each configuration by validation**: a fixed number of epochs compares speeds. **Pair by seed,
#   and give every row of a table the same number of trials.**
# - **A weighted sum sees the convex part** of a front only. Ask with a limit or with Chebyshev as well.
# - **Δm against fixed baselines, not z-scores or mean ranks within the table; the worst task beside it**, because a mean can hide
#   one.
# - **Fronts on validation are partly luck.** Take one look at test, for the model that was chosen.
#
# ## What to try next
#
# Leave out the centring of the pixels. No input is then negative, so on some seeds a narrow trunk can lose units for good: what
# happens to the *intervals* at 12 units, and would you have noticed with one seed? Then **lesson 10**: methods that
# promise to choose the weights for you, compared by the rules of this lesson.
