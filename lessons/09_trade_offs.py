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
# **You will be able to** throw away dominated models and only those; draw a trade-off curve with intervals; say what a
# weighted sum cannot find; aggregate tasks against a baseline that stands still; and document a choice so that others can
# question it.
#
# **Before:** lesson 1 (weighted sums, single-task baselines). Lesson 8 helps. **Time:** 90 minutes. **Difficulty:** ●●○
#
# **Exercises:** open problem set 9 (`ps09_trade_offs`) beside this lesson.

# %% [markdown]
# ## Looking for a flat
#
# Rent and distance to work: you want both small. One flat is dearer *and* farther away than another: cross it out, no taste
# involved. What remains is a list on which every saving of rent costs distance. **Crossing out is arithmetic; choosing from
# the rest is a preference.** The two steps need different people: a computer for the first, somebody who answers for the
# product for the second. Most confused discussions about "the best model" mix them up.

# %%
import os

import numpy as np
import torch
import torch.nn.functional as F
from IPython.display import Markdown, display

from mtl_teach.cost import count_flops
from mtl_teach.data import two_digits
from mtl_teach.figures import bars, dots, pictures, scatter_front, show, trade_off, training_curves
from mtl_teach.learn import explore, predict, quiz
from mtl_teach.metrics import delta_m, mean_interval, zscore_aggregate
from mtl_teach.models import HardSharing
from mtl_teach.pareto import chebyshev, epsilon_constraint, is_non_dominated
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum

_ = torch.optim.SGD([torch.zeros(1)], lr=1.0)  # the first optimiser imports for seconds: let it do so here

# %% [markdown]
# `SMOKE=1` shrinks the number of seeds for fast tests; what the lesson claims about effects is asserted in the full run.

# %%
SMOKE = os.environ.get("SMOKE") == "1"
SEEDS, EPOCHS = (2, 2) if SMOKE else (5, 15)


def say(text):
    display(Markdown(text))

# %% [markdown]
# ## Dominance
#
# Model $a$ **dominates** model $b$ if it is at least as good in *every* objective and better in *at least one*. Models
# that nobody dominates are **efficient**; together they are the **front**. Five models, two objectives to make small:

# %%
names = np.array(["A", "B", "C", "D", "E"])
error_and_ms = np.array([[0.10, 80.0], [0.12, 45.0], [0.12, 60.0], [0.20, 20.0], [0.12, 45.0]])

# %%
predict("Models A (0.10, 80 ms), B (0.12, 45), C (0.12, 60), D (0.20, 20), E (0.12, 45). Which are dominated?",
        ["none", "only C", "C and one of B, E", "all but A and D"], name="09-dominated")

# %%
efficient = is_non_dominated(error_and_ms)
print("efficient:", *names[efficient], "  dominated:", *names[~efficient])
assert names[~efficient].tolist() == ["C"]

# %% [markdown]
# Only C. It *ties* with B in the error and is slower: a tie in one and worse in the other is enough to be crossed out. B
# and E are equal; neither is better anywhere, so neither dominates the other. A and D are each the best in something, but
# B, best in nothing, is efficient too: a **compromise**. Fronts consist mostly of compromises.
#
# **Exercise:** `pareto_mask` in problem set 9.

# %% [markdown]
# ## A trade-off you can watch
#
# Two overlapping digits in one picture of 12 × 12 pixels; one head says which digit is on the left, another which is on the
# right. One trunk sees the picture for both.

# %%
data = {seed: two_digits(n_train=3000, n_test=3000, seed=seed) for seed in range(SEEDS)}
sample = data[0].take(slice(0, 6))
captions = [f"{left} over {right}" for left, right in sample.y]
show(pictures(sample.X.reshape(-1, 12, 12), captions, title="Two digits share a picture, and a trunk"))

# %% [markdown]
# Three groups of rows, kept apart by *base digit* (the handwritten originals): no original appears in two of them. Models
# train on the first, **choices are made on validation, and reports come from test**.

# %%
N_TRAIN = 2000

# %%
def groups(d):
    even = (d.base % 2 == 0).all(axis=1)
    odd = (d.base % 2 == 1).all(axis=1)
    leaky = ~d.is_test & (np.arange(d.n_samples) >= N_TRAIN)  # new pictures of the digits trained on: see below
    return {"validation": d.is_test & even, "test": d.is_test & odd, "leaky": leaky}

# %%
originals = {name: set(data[0].base[rows].ravel().tolist()) for name, rows in groups(data[0]).items()}
print({name: int(rows.sum()) for name, rows in groups(data[0]).items()})
assert not originals["validation"] & originals["test"]

# %% [markdown]
# The total is $w \cdot L_\text{left} + (1 - w) \cdot L_\text{right}$. At $w = 1$ and $w = 0$ one task is trained alone: the
# single-task baselines, with the same trunk and the same effort. Pixels are centred by their training means.

# %%
WEIGHTS = [0.1, 0.3, 0.5, 0.7, 0.9]  # the five configurations that train both tasks


def tensors(d):
    return torch.tensor(d.X - d.X[:N_TRAIN].mean(axis=0), dtype=torch.float32), torch.tensor(d.y)


def cross_entropies(output, y):
    return torch.stack([F.cross_entropy(output[:, :10], y[:, 0]), F.cross_entropy(output[:, 10:], y[:, 1])])

# %%
def train(d, width, w, seed):
    generator = torch.Generator().manual_seed(seed)
    x, y = tensors(d)
    model = HardSharing(144, width, [10, 10], generator)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    log = fit(
        model, minibatches(x[:N_TRAIN], y[:N_TRAIN], size=200), cross_entropies, WeightedSum([w, 1 - w]), optimiser,
        EPOCHS, generator=generator, task_names=d.task_names, quiet=True,
    )
    return model, log

# %%
@torch.no_grad()
def accuracies(model, d):
    left, right = model(tensors(d)[0]).split(10, dim=1)
    hit = np.column_stack([left.argmax(1), right.argmax(1)]) == d.y
    return [hit[rows].mean(axis=0) for rows in groups(d).values()]

# %%
_, history = train(data[0], width=12, w=0.5, seed=0)
show(
    training_curves(
        history, "loss", title="Both tasks are logged, every epoch", ylabel="training cross-entropy (nats)"
    )
)

# %%
predict(
    "A trunk of 12 units for two digits, then one of 64. Five weights from 'mostly right' to 'mostly left'. What will "
    "the trade-off curves look like?",
    ["both clearly bent: more left costs right", "bent at width 12, almost a point at width 64", "both almost points"],
    name="09-fronts",
)

# %%
def grid_of(width, weights):
    runs = [[accuracies(train(data[s], width, w, s)[0], data[s]) for w in weights] for s in range(SEEDS)]
    return np.array(runs)  # (seeds, weights, group of rows, task)

# %%
VALIDATION, TEST, LEAKY = range(3)
EQUAL = WEIGHTS.index(0.5)
results = {width: grid_of(width, WEIGHTS) for width in (12, 64)}
assert all(r.shape == (SEEDS, 5, 3, 2) for r in results.values())

# %%
show(
    trade_off(
        {f"trunk of {width} units": r[:, :, TEST] for width, r in results.items()}, [f"w = {w:g}" for w in WEIGHTS],
        title="A trade-off at 12 units, hardly any at 64",
        xlabel="test accuracy, left digit", ylabel="test accuracy, right digit",
    )
)

# %%
test_means = {width: mean_interval(r[:, :, TEST]) for width, r in results.items()}
rows = [
    f"| {width} | {w:g} | " + " | ".join(f"{m.mean[i, t]:.3f} ± {m.half_width[i, t]:.3f}" for t in (0, 1)) + " |"
    for width, m in test_means.items() for i, w in enumerate(WEIGHTS)
]
head = "| trunk | weight of left | left | right |\n|---|---|---|---|\n"
say(head + "\n".join(rows) + f"\n\n{SEEDS} seeds, 95 % intervals.")

# %%
span = {width: np.ptp(m.mean, axis=0) for width, m in test_means.items()}
print("range of accuracy over the five weights (left, right):", {k: v.round(3).tolist() for k, v in span.items()})
assert SMOKE or ((span[12] > 0.2).all() and (span[64] < 0.05).all())

# %% [markdown]
# Two lessons in one figure.
#
# - At 12 units the digits **compete for capacity**: it is a real front, and no weight is right or wrong. With only two
#   weights you would have seen two points and guessed at everything between: use **at least five configurations**.
# - At 64 units the competition is over. The cheapest way out of a trade-off is often not a cleverer weight but **room**:
#   here about five times the multiplications. Whether that is cheap is, again, a preference.

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "I composed 6000 two-digit pictures and then split them at random into training and
# test. My test accuracy is even better than yours."</summary>
#
# The pictures are new, the digits in them are not: the same handwriting stands in training and test. Split **before** you
# compose, join, or augment.
# </details>
#
# How much does that flatter? The `leaky` rows are fresh pictures made from digits that were trained on:

# %%
leak = {width: mean_interval((r[:, EQUAL, LEAKY] - r[:, EQUAL, TEST]).mean(axis=1)) for width, r in results.items()}
for n_units, value in leak.items():
    print(f"{n_units} units: leaky minus honest accuracy {value}")
assert SMOKE or all(value.low > 0 for value in leak.values())

# %% [markdown]
# ## What a weighted sum cannot reach
#
# A weighted sum asks for the point where a straight line touches the front. On a front that bulges the right way every
# point is touched by some line. On one that bulges the **other** way (concave, seen from the origin) lines touch only
# the ends.

# %%
angle = np.linspace(0, np.pi / 2, 200)
concave = np.column_stack([np.sin(angle), np.cos(angle)])  # two errors to make small, on a quarter of a circle
assert is_non_dominated(concave).all()

# %%
predict("200 efficient models on a quarter circle, 49 weights from 0.02 to 0.98. How many different models does the "
        "weighted sum choose?", ["49", "about 25", "2", "1"], name="09-concave")

# %%
weights_49 = np.arange(1, 50) / 50
by_sum = {int(np.argmin(concave @ [w, 1 - w])) for w in weights_49}
by_chebyshev = {int(np.argmin([chebyshev(p, [w, 1 - w], [0, 0]) for p in concave])) for w in weights_49}
by_limit = {epsilon_constraint(concave, primary=0, limits=[None, limit]) for limit in weights_49}
found = {"weighted sum": by_sum, "Chebyshev": by_chebyshev, "limit on one": by_limit}
print("different models found by 49 settings:", {name: len(models) for name, models in found.items()})

# %%
assert len(by_sum) == 2
assert min(len(by_chebyshev), len(by_limit)) >= 48

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
# Two other questions reach the rest. **Chebyshev** asks for the model whose *worst* weighted distance to an ideal point
# is smallest. A **limit** asks for the best first error among those whose second is at most so much: lesson 8's fence.
#
# Does it matter? In *training* it depends on the problem; the two-digit front above bulges the friendly way. When you
# *select* from a list of trained models by a weighted score of their metrics, any dent in the front is enough: your
# favourite compromise may be a model that no weights can choose.

# %% [markdown]
# ## Comparing with fixed single-task baselines
#
# A table with one row a model and one column a task. Somebody wants one number. A popular one: turn each column into
# z-scores, and average.

# %%
A, B = [0.84, 0.70], [0.80, 0.73]
tables = {"with C1": np.array([A, B, [0.50, 0.72]]), "with C2": np.array([A, B, [0.82, 0.40]])}
higher = np.array([True, True])
predict("A = (0.84, 0.70), B = (0.80, 0.73). A third model joins the table. Can it change whether A is ahead of B?",
        ["no: nothing about A and B changed", "yes"], name="09-z")

# %%
z_scores = {name: zscore_aggregate(table, higher)[:2] for name, table in tables.items()}
baseline = np.array([0.80, 0.70])
gains = {name: delta_m(table[:2], baseline, higher) for name, table in tables.items()}
show(
    bars(
        {"model A": [z[0] for z in z_scores.values()], "model B": [z[1] for z in z_scores.values()]}, list(tables),
        title="Who leads by mean z-score depends on a third, worse model", ylabel="mean z-score",
    )
)

# %%
print({name: f"z-scores: {'A' if z[0] > z[1] else 'B'} ahead" for name, z in z_scores.items()})
print({name: f"Δm: A {g[0]:+.3f}, B {g[1]:+.3f}" for name, g in gains.items()})
assert (z_scores["with C1"][0] < z_scores["with C1"][1])
assert (z_scores["with C2"][0] > z_scores["with C2"][1])
assert np.array_equal(gains["with C1"], gains["with C2"])

# %% [markdown]
# Mean and spread come from whoever is in the table. A model that is terrible in task 1 stretches that column, and A's lead
# in it shrinks to nothing. Is that a corner case? Draw random tables and exchange the third model:

# %%
rng = np.random.default_rng(0)
flips = []
for _repeat in range(2 if SMOKE else 10):
    ahead = rng.normal(size=(300, 4, 2))  # A, B, and two candidates for the third place
    first = [np.subtract(*zscore_aggregate(t[[0, 1, 2]], higher)[:2]) for t in ahead]
    second = [np.subtract(*zscore_aggregate(t[[0, 1, 3]], higher)[:2]) for t in ahead]
    flips.append(np.mean(np.sign(first) != np.sign(second)))
flip_share = mean_interval(flips)
share = f"**{flip_share.mean:.1%}** ± {flip_share.half_width:.1%}"
say(f"Exchanging the third model swaps A and B in {share} of random tables.")

# %%
assert SMOKE or flip_share.low > 0.05

# %% [markdown]
# A ruler must not depend on what else lies on the table. **Δm** measures each task against its *single-task baseline*, a
# model that was trained once and stands still:
#
# $$ \Delta_m = \frac1T \sum_t \pm\,\frac{m_t - b_t}{b_t}, $$
#
# with + where higher is better and − where lower is better, so that positive always means better than alone.

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

# %%
assert z_uneven > z_even
assert d_uneven > d_even

# %% [markdown]
# Both averages prefer the model that has lost a task, **Δm too**. A fixed baseline cures the shifting ruler, not the
# averaging. So the report has three parts: every task by itself, Δm, and the **worst task** beside it.
#
# **Exercise:** `delta_m` in problem set 9.

# %% [markdown]
# ## The winner's curse
#
# Choose on validation, report on test: everybody says it. What exactly goes wrong otherwise? Take 30 models that are
# **identical**, each measured in two tasks with a noise of 0.01, once on validation, once on test.

# %%
predict(
    "Of 30 identical models, how many stand on the validation front? How many of those are on the test front, too?",
    ["30, and all of them", "about 4, and most of them", "about 4, and about one in seven"],
    name="09-curse",
)

# %%
def lottery(seed):
    noise = np.random.default_rng(seed).normal(scale=0.01, size=(2, 30, 2))
    validation, test = 0.8 + noise
    front = is_non_dominated(-validation)
    optimism = (validation - test)[front].mean()
    return [front.sum(), is_non_dominated(-test)[front].mean(), optimism], validation, test, front

# %%
curse = mean_interval([lottery(seed)[0] for seed in range(20 if SMOKE else 400)])
say(
    f"On the front: **{curse.mean[0]:.2f}** ± {curse.half_width[0]:.2f} of 30 models. Still efficient on test: "
    f"**{curse.mean[1]:.1%}** ± {curse.half_width[1]:.1%} of them. Their validation accuracy is too good by "
    f"{curse.mean[2]:.4f} ± {curse.half_width[2]:.4f}."
)

# %%
assert SMOKE or (3.7 < curse.mean[0] < 4.4 and 0.1 < curse.mean[1] < 0.18)

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
# Look at the squares: the front of validation, scattered through the cloud of test. One in seven is what a *random* model achieves: the front was a lottery. The more configurations you compare, and the
# smaller the validation set, the more of the front is luck. Remedies: several seeds a configuration, intervals on the
# curve, a rule fixed before looking, and **one** look at test for the one that was chosen.

# %% [markdown]
# ## Choosing, and saying why
#
# Now the preference. Say how much a point of accuracy on the left digit is worth against one on the right. The choice is
# made on **validation**, the numbers shown come from **test**.

# %%
IMPORTANCE = [0.1, 0.3, 0.5, 0.7, 0.9]
choices = {}
for width, r in results.items():
    on_val = r[:, :, VALIDATION].mean(axis=0)
    for p in IMPORTANCE:
        best = int(np.argmax(on_val @ [p, 1 - p]))
        choices[p, width] = {"w": WEIGHTS[best], "test": mean_interval(r[:, best, TEST]), "index": best}

# %%
def say_choice(r, p, width):
    (left, right), (dl, dr) = r["test"]
    numbers = f"left {left:.3f} ± {dl:.3f}, right {right:.3f} ± {dr:.3f}"
    return f"Left counts {p:g} of 1, trunk of {width}: validation chooses w = {r['w']:g}; on test {numbers}."

# %%
def draw_choice(r, p, width):
    curve = results[width][:, :, TEST].mean(axis=0)
    points = {"five weights": curve, "chosen": curve[[r["index"]]]}
    return scatter_front(
        points, title=f"Chosen: w = {r['w']:g}", maximise=(True, True),
        xlabel="accuracy, left digit", ylabel="accuracy, right digit",
    )

# %%
explore(choices, {"importance of the left digit": IMPORTANCE, "units in the trunk": [12, 64]}, draw_choice, say_choice,
        title="A preference slider on the front")

# %%
for (_, shown_width), chosen in choices.items():  # every value shown comes from the grid above
    assert chosen["w"] == WEIGHTS[chosen["index"]]
    assert np.array_equal(chosen["test"].mean, test_means[shown_width].mean[chosen["index"]])

# %% [markdown]
# ### The honest table
#
# The rows: two separate models; one shared trunk with equal weights; the tuned weighted sum (five weights, chosen on
# validation by Δm); and a shared trunk of 24 units, which costs about as much to serve as the two separate models
# together. Costs are ratios: trainings, and multiplications a prediction.

# %%
left_alone, right_alone = np.moveaxis(grid_of(12, [1.0, 0.0]), 1, 0)
alone = np.stack([left_alone[..., 0], right_alone[..., 1]], axis=-1)  # (seeds, group of rows, task)
on_val_12 = delta_m(results[12][:, :, VALIDATION].mean(axis=0), alone[:, VALIDATION].mean(axis=0), higher)
tuned = int(np.argmax(on_val_12))
candidates = {
    "two separate models, 12 units": alone[:, TEST],
    "shared, 12 units, equal": results[12][:, EQUAL, TEST],
    f"shared, 12 units, tuned (w = {WEIGHTS[tuned]:g})": results[12][:, tuned, TEST],
    "shared, 24 units, equal": grid_of(24, [0.5])[:, 0, TEST],
    "shared, 64 units, equal": results[64][:, EQUAL, TEST],
}

# %%
one = torch.zeros(1, 144)
macs = {width: count_flops(HardSharing(144, width, [10, 10]), one)["macs"] for width in (12, 24, 64)}
single = count_flops(HardSharing(144, 12, [10]), one)["macs"]
cost = [(2, 2 * single), (1, macs[12]), (5, macs[12]), (1, macs[24]), (1, macs[64])]
relative = {name: c / alone[:, TEST].mean(axis=0) - 1 for name, c in candidates.items()}  # the baseline stands still
by_seed = {name: change.mean(axis=1) for name, change in relative.items()}
gain = {name: mean_interval(values) for name, values in by_seed.items()}
worst = {name: change.mean(axis=0).min() for name, change in relative.items()}
assert np.isclose(gain["shared, 24 units, equal"].mean, delta_m(
    candidates["shared, 24 units, equal"], alone[:, TEST].mean(axis=0), higher).mean())

# %%
body = [
    f"| {name} | {c[:, 0].mean():.3f} | {c[:, 1].mean():.3f} | {gain[name].mean:+.3f} ± {gain[name].half_width:.3f} "
    f"| {worst[name]:+.3f} | {trainings} | {served / macs[12]:.1f} |"
    for (name, c), (trainings, served) in zip(candidates.items(), cost)
]
columns = "| model | left | right | Δm | worst task | trainings | cost to serve |\n|---|---|---|---|---|---|---|\n"
note = f"Test rows, {SEEDS} seeds, 95 % intervals; cost relative to one shared model of 12 units."
say(columns + "\n".join(body) + f"\n\n{note}")

# %%
compared = list(candidates)[1:]
show(
    dots(
        {"Δm": np.array([by_seed[name] for name in compared]).T}, compared,
        title="At 12 units sharing costs accuracy; at the same serving cost most of it comes back",
        xlabel="Δm against two separate models (fraction)", reference=0.0,
    )
)
equal_gain, wider_gain = gain["shared, 12 units, equal"], gain["shared, 24 units, equal"]

# %%
assert SMOKE or equal_gain.high < wider_gain.low < 0.05

# %%
tuned_gain, wide_gain = list(gain.values())[2], gain["shared, 64 units, equal"]
say(
    f"Told straight: on these data **sharing does not help**. At the same width it costs {-equal_gain.mean:.1%}, and "
    f"tuning the weight, five trainings for one, does not change that ({tuned_gain.mean:+.1%}). At the serving cost of "
    f"two separate models the difference is {wider_gain.mean:+.1%} ± {wider_gain.half_width:.1%}, at "
    f"{macs[64] / macs[12]:.1f} times the cost {wide_gain.mean:+.1%} ± {wide_gain.half_width:.1%}: neither is told apart "
    "from 0. What sharing buys here is one model to deploy instead of two. A table with the widest trunk only, or "
    "without the separate models, would have told another story."
)

# %%
assert SMOKE or (wider_gain.low < 0 < wider_gain.high and wide_gain.low < 0 < wide_gain.high)
assert 5 < macs[64] / macs[12] < 5.5

# %% [markdown]
# ### The weight log
#
# A choice that is not written down is made again, by accident. One line a configuration:

# %%
equal_test = mean_interval(results[12][:, EQUAL, TEST])
entry = {
    "date": "3 May",
    "weights and why": "0.5 and 0.5: the user reads both digits",
    "every task, with interval, on which rows": f"left, right: {equal_test:.3f}; test, {SEEDS} seeds",
    "Δm, worst task": f"{equal_gain.mean:+.1%}, {worst['shared, 12 units, equal']:+.1%}",
    "cost": "1 training, serving 1.0",
    "decision, by whom, revisit when": "ask for a wider trunk; N. N.; when serving may cost 2.0",
}
say(f"| {' | '.join(entry)} |\n{'|---' * len(entry)}|\n| {' | '.join(entry.values())} |")

# %% [markdown]
# Change one thing at a time, and write the reason *before* the result. Weights are not for ever: put in the line what would
# make you look again (a new label source, another class balance, a product that changed its mind).

# %% [markdown]
# ## Mini challenge
#
# In problem set 9: sign-up (AUC), retention (AUC) and churn reasons (F1): initial weights, and one rule for each, in three to
# five lines. A warning before you start:
#
# <details><summary><b>Confusion: "Retention up by 0.02 AUC, churn reasons down by 0.02 F1: it evens out."</b></summary>
#
# Points of AUC and points of F1 are different currencies; compare each with its own baseline. And neither is a *loss*: the
# weights multiply cross-entropies, the metrics only watch. Also: a reason for churning exists only for those who churned (a
# mask, lesson 5), and retention and churn are one label seen from two sides.
# </details>
#
# The **written rationale**, an entry for a weight log, is there too.

# %% [markdown]
# ## Three confusions to leave behind
#
# <details><summary><b>"The front is the answer."</b></summary>
#
# The front is the question, asked properly. The answer needs a preference, and the preference needs an owner.
# </details>
#
# <details><summary><b>"A model that is best in nothing cannot be worth keeping."</b></summary>
#
# Compromises are best in nothing and usually what one ships.
# </details>
#
# <details><summary><b>"With enough weights I will find every efficient model."</b></summary>
#
# Not on a concave front: 49 weights found two models of 200.
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
# - **A weighted sum sees the convex part** of a front only. Ask with a limit or with Chebyshev as well.
# - **Δm against fixed baselines, never z-scores; the worst task beside it**, because every mean hides one.
# - **Fronts on validation are partly luck.** One look at test, for the one that was chosen.
#
# ## What to try next
#
# Leave out the centring of the pixels. All inputs are then positive, and narrow trunks lose units for good on some seeds: what
# happens to the *intervals* at 12 units, and would you have noticed with one seed? Then **lesson 10**: methods that
# promise to choose the weights for you, compared by the rules of this lesson.
