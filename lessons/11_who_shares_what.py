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
# # 11. Who shares what
#
# **You will be able to** find out which tasks should train together, by training pairs of them and by a look-ahead step, and
# say what each way costs; tie tasks loosely (soft sharing) or through experts and gates (MMoE, CGC/PLE); decide whether an
# auxiliary task is worth its labels; and compare architectures at equal parameters, equal trials, in pairs.
#
# **Before:** lessons 1 (hard sharing), 9 (honest comparison) and 10. **Time:** 75 minutes. **Difficulty:** ●●●
#
# **Exercises:** open problem set 11 (`ps11_who_shares_what`) beside this lesson.

# %% [markdown]
# ## A seating plan
#
# Lesson 10 asked how much each task may say. This one asks who sits in one room at all. There are three kinds of answer:
# put tasks into **groups**, each with a trunk of its own; **tie** the trunks of all tasks loosely; or let each task **mix**
# its own blend from a set of experts. And there is the plain answer, one trunk for all, which has to be beaten.

# %%
from itertools import combinations

import numpy as np
import torch

from mtl_teach.data import make_related_tasks
from mtl_teach.figures import bars, dots, heat_map, lines, show
from mtl_teach.learn import claim, explore, outcome, predict, quiz, say, size
from mtl_teach.losses import masked_loss
from mtl_teach.metrics import mean_interval
from mtl_teach.models import CGC, HardSharing, MMoE, SoftSharing
from mtl_teach.side_by_side import train_side_by_side
from mtl_teach.training import fit
from mtl_teach.weighting import WeightedSum

# %%
SEEDS = size(12, short=2)
NAMES = ["A1", "A2", "B1", "B2"]
FAMILY = np.array([0, 0, 1, 1])  # A1 and A2 follow one function of the features, B1 and B2 another

# %% [markdown]
# ## Two families of tasks
#
# To see whether a method finds out who belongs together, we need data where we know. Four tasks, two families: A1 and A2 are
# the *same* function of x, B1 and B2 another one that has nothing to do with it. Each task has its own label noise and its own
# 60 labelled rows out of 240, so a partner from the same family doubles the labels of that function.


# %%
def make_world(seed, n_labels=(60, 60, 60, 60), n=240, n_new=1100):
    d = make_related_tasks(0.0, (n, n), n_test=n_new, n_features=14, directions=2, ceiling_r2=1.0, seed=seed)
    rng = np.random.default_rng(1000 + seed)
    y = np.sqrt(0.9) * d.signal[:, FAMILY] + np.sqrt(0.1) * rng.standard_normal((n + n_new, 4))
    for task, count in enumerate(n_labels):
        y[rng.permutation(n)[count:], task] = np.nan  # other rows for each task
    y = (y - np.nanmean(y[:n], axis=0)) / np.nanstd(y[:n], axis=0)
    return torch.tensor(d.X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)


# %%
worlds = [make_world(seed) for seed in range(SEEDS)]
N, N_VALID = 240, 300  # rows 0 to 239 train, 300 rows validate, the rest test

# %% [markdown]
# Every comparison of designs below follows four rules. Each design gets **the same three trials** (learning rates), stops where
# **its own** validation R² is best, has about **as many parameters** in total as its rivals (480 for all four tasks, unless a
# table says otherwise), and is compared **seed by seed**. One helper does that; it trains all networks of a kind side by side.
# Every ± is half of a 95 % interval over seeds.

# %%
RATES, STOPS = (0.005, 0.01, 0.03), size((10, 20, 35, 60, 100, 150), short=(5, 10))


def r2_of(output, y):
    """R² per task, (stops, networks, tasks)."""
    return 1 - (output - y).square().mean(dim=2) / y.var(dim=1)


# %% tags=["fold"]
def best_of_trials(make, groups, data=None, judged_by=slice(None)):
    """Test R² (groups, seeds, tasks in a group) at the learning rate and the stop that validation prefers."""
    runs = [(list(tasks), seed, rate) for tasks in groups for seed in range(SEEDS) for rate in RATES]
    picked = [((data or worlds)[seed], tasks) for tasks, seed, _ in runs]
    x, y = torch.stack([x for (x, _), _ in picked]), torch.stack([y[:, tasks] for (_, y), tasks in picked])
    networks = [make(len(tasks), torch.Generator().manual_seed(seed)) for tasks, seed, _ in runs]
    out = train_side_by_side(networks, x[:, :N], y[:, :N], x[:, N:], rates=[rate for *_, rate in runs], stops=STOPS)
    halves = slice(0, N_VALID), slice(N_VALID, None)
    valid, test = (r2_of(out[:, :, rows], y[:, N:][:, rows]).numpy() for rows in halves)
    trials = len(groups), SEEDS, len(RATES) * len(STOPS), -1
    valid, test = (
        np.moveaxis(r2.reshape(len(STOPS), *trials[:2], len(RATES), y.shape[2]), 0, 3) for r2 in (valid, test)
    )
    best = valid.reshape(trials)[..., judged_by].mean(axis=-1).argmax(axis=-1)
    return np.take_along_axis(test.reshape(trials), best[..., None, None], axis=2)[:, :, 0]


# %%
def trunk(units):
    return lambda n_tasks, generator: HardSharing(14, units, [1] * n_tasks, generator)


# %% [markdown]
# ## Simply train the pairs
#
# The most direct question to ask of two tasks: does j get better if i trains beside it? Train every task alone, every pair
# together, and compare (Standley and others 2020). A pair gets a trunk of 14 units, a task alone one of 7, so that no design has
# more room than another.

# %% tags=["fold"]
predict(
    "A trunk shared by A1 and B1, which have nothing in common, against two trunks of half the size. The mean test R² of the two …",
    ["rises: more labels for the trunk", "stays as it is or falls a little", "collapses"],
    name="11-strangers", answer="stays as it is or falls a little",
)

# %%
PAIRS = list(combinations(range(4), 2))
alone = best_of_trials(trunk(7), [(task,) for task in range(4)])[:, :, 0].T  # (seeds, tasks)
paired = best_of_trials(trunk(14), PAIRS)  # (pairs, seeds, the two tasks of a pair)

# %%
gain = np.zeros((SEEDS, 4, 4))  # row: the partner; column: who is measured
for pair, (i, j) in enumerate(PAIRS):
    gain[:, i, j] = paired[pair, :, 1] - alone[:, j]
    gain[:, j, i] = paired[pair, :, 0] - alone[:, i]

# %%
show(
    heat_map(
        gain.mean(axis=0), [f"with {name}" for name in NAMES], NAMES, label="change of test R²", number_format="+.3f",
        xlabel="who is measured (diagonal: 0 by definition)", ylabel="trained beside whom",
        title="On average a relative helps more than a stranger",
    )
)

# %%
SAME = (FAMILY[:, None] == FAMILY) & ~np.eye(4, dtype=bool)
OTHER = FAMILY[:, None] != FAMILY
relative, stranger = gain[:, SAME].mean(axis=1), gain[:, OTHER].mean(axis=1)
say(
    f"Change of a task's test R² beside a relative: **{mean_interval(relative):+.3f}**; beside a stranger: "
    f"**{mean_interval(stranger):+.3f}**; difference, in pairs: {mean_interval(relative - stranger):+.3f} ({SEEDS} seeds)."
)
outcome("11-strangers")

# %% tags=["claim"]
claim(
    "A partner from the same family is better than one from the other.",
    lambda minus: mean_interval(minus).low > 0,
    relative - stranger,
)

# %% [markdown]
# Now make a seating plan. A group is worth what its trained network does, not what its pairs promise. Pick a plan:

# %%
together = best_of_trials(trunk(25), [(0, 1, 2, 3)])[0]
PLANS = {
    "A1 A2 | B1 B2": [(0, 1), (2, 3)],
    "A1 B1 | A2 B2": [(0, 2), (1, 3)],
    "A1 B2 | A2 B1": [(0, 3), (1, 2)],
}
plan_r2 = {"all four together": together, "all four alone": alone}

# %%
for plan, pairs in PLANS.items():
    plan_r2[plan] = np.zeros((SEEDS, 4))
    for i, j in pairs:
        plan_r2[plan][:, [i, j]] = paired[PAIRS.index((i, j))]
parameters = {"all four alone": 4 * 113, "all four together": 479} | dict.fromkeys(PLANS, 2 * 240)


# %%
def draw_plan(r2, plan):
    change = {"change": r2 - alone}
    return bars(change, NAMES, title=f"{plan}: against each task alone", ylabel="change of test R²")


def say_plan(r2, plan):
    change = mean_interval((r2 - alone).mean(axis=1))
    per_task = ", ".join(f"{name} {value:+.3f}" for name, value in zip(NAMES, (r2 - alone).mean(axis=0)))
    return f"{plan}: mean change {change:+.3f} against four networks alone ({per_task}), {parameters[plan]} parameters."


# %%
explore(plan_r2, {"who sits together": list(plan_r2)}, draw_plan, say_plan, title="A seating plan, and what it costs")

# %%
families = plan_r2["A1 A2 | B1 B2"]
mixed = (plan_r2["A1 B1 | A2 B2"] + plan_r2["A1 B2 | A2 B1"]) / 2
against = {
    "the wrong splits": families - mixed, "all four alone": families - alone, "one trunk for all": families - together,
}
say(
    "Mean R² of the right split minus that of: "
    + "; ".join(f"{name} **{mean_interval(minus.mean(axis=1)):+.3f}**" for name, minus in against.items()) + "."
)

# %% tags=["claim"]
claim(
    "At equal parameters and trials the right split is better than a wrong one.",
    lambda minus: mean_interval(minus).low > 0,
    (families - mixed).mean(axis=1),
)

# %% tags=["claim"]
claim(
    "One trunk for all is better than a wrong split, too, and less than 0.03 of R² away from the right one.",
    lambda better, rest: mean_interval(better).low > 0 and mean_interval(rest).low > -0.03 and mean_interval(rest).high < 0.03,
    (together - mixed).mean(axis=1),
    (families - together).mean(axis=1),
    opposite=((mixed - together).mean(axis=1), (families - mixed).mean(axis=1)),
)

# %% [markdown]
# In one trunk for all each task meets its relative *and* two strangers. The relative helps there as well, and the strangers do
# little harm; twelve seeds cannot tell whether the right split is better still. So "they have nothing in common" is no reason to
# separate two tasks. Put one trunk for all into every table before you split.
#
# The price of asking so directly: T(T - 1)/2 pairs. Six for four tasks, 45 for ten, each with its trials. (Larger groups are many
# more; Standley and others estimate them from their pairs.)
#
# ## Ask each step what it does to the others
#
# Fifty and others (2021) ask during *one* training of one shared trunk. At some step take the gradient of task i alone, move
# the trunk along it, and measure all losses; then undo the step. The **look-ahead affinity** of i for j is
#
# $$ A_{ij} = 1 - \frac{L_j(\text{after a step for } i)}{L_j(\text{before})} . $$
#
# Positive: the step for i took away a share of j's loss. It has no unit, and it need not be symmetric.

# %%
before, after = np.array([2.0, 4.0]), np.array([[1.0, 5.0], [1.5, 3.0]])
print(1 - after / before)  # row: who steps; column: who is measured

# %% [markdown]
# The first task's step costs the second a quarter of its loss; the second's step helps both.
#
# **Exercise:** `lookahead_affinity` in problem set 11.


# %%
def affinity(model, losses, step=0.1):
    shared, now = list(model.shared_parameters()), losses()
    start, rows = [p.detach().clone() for p in shared], []
    for loss in now:
        slopes = torch.autograd.grad(loss, shared, retain_graph=True)
        with torch.no_grad():
            for p, p0, slope in zip(shared, start, slopes):
                p.copy_(p0 - step * slope)  # from where all stood, along one task's gradient
            rows.append(1 - losses() / now)
    with torch.no_grad():
        for p, p0 in zip(shared, start):
            p.copy_(p0)
    return torch.stack(rows).detach().numpy()


# %%
LOOKS, EVERY = size(24, short=3), 5


def watch(seed):
    """The affinities (looks, tasks, tasks) on the training rows while one trunk for all is trained."""
    x, y = (part[:N] for part in worlds[seed])
    model = trunk(25)(4, torch.Generator().manual_seed(seed))
    optimiser, seen = torch.optim.Adam(model.parameters(), lr=0.01), []
    for step in range(LOOKS * EVERY):
        if step % EVERY == 0:
            seen.append(affinity(model, lambda: masked_loss(model(x), y, ~y.isnan())))
        optimiser.zero_grad()
        masked_loss(model(x), y, ~y.isnan()).sum().backward()
        optimiser.step()
    return np.array(seen)


# %% tags=["fold"]
predict(
    "The affinity is measured every five steps, on training rows, from the first step until the network has nearly memorised "
    "them. Will relatives have a higher affinity than strangers?",
    ["yes, throughout", "early, but not late", "late, but not early", "never"],
    name="11-when-to-look", answer="early, but not late",
)

# %%
seen = np.array([watch(seed) for seed in range(SEEDS)])  # (seeds, looks, who steps, who is measured)
relatives, strangers = seen[:, :, SAME].mean(axis=2), seen[:, :, OTHER].mean(axis=2)
show(
    lines(
        EVERY * np.arange(LOOKS), {"within a family": relatives, "between families": strangers}, references={"no effect": 0.0},
        title="Early in training relatives have the higher affinity, late the lower one",
        xlabel="training step", ylabel="look-ahead affinity (share of the loss)",
    )
)

# %%
third = LOOKS // 3
early, late = (relatives - strangers)[:, :third].mean(axis=1), (relatives - strangers)[:, -third:].mean(axis=1)
say(
    f"Within minus between families: **{mean_interval(early):+.4f}** in the first {third * EVERY} steps, "
    f"**{mean_interval(late):+.4f}** in the last {third * EVERY}."
)
outcome("11-when-to-look")

# %% tags=["claim"]
claim(
    "Early in training relatives have the higher affinity; late, on the training rows, strangers have.",
    lambda early, late: mean_interval(early).low > 0 > mean_interval(late).high,
    early, late,
)

# %% [markdown]
# <details><summary>What the run shows</summary>
#
# A likely reason: late steps no longer teach the function, they memorise single labels. What A1 memorises about *its* rows is
# noise to A2, which has other rows and steers by the very same features; a stranger uses other features and is disturbed less.
# (Validation rows cannot be memorised; try it with losses measured on them.) The very first look, before the heads have learned
# anything, misleads as well.
#
# </details>
#
# Is that enough to find the families? Four tasks can be split into pairs in three ways. Take the split whose pairs have the
# largest affinities, and do the same with the gains of the trained pairs. (Fifty and others average over the whole training.)

# %%
def best_split(table):
    """The plan with the largest sum over its pairs, in both directions."""
    return max(PLANS, key=lambda plan: sum(table[i, j] + table[j, i] for i, j in PLANS[plan]))


tables = {
    f"affinity, first {third * EVERY} steps": seen[:, :third].mean(axis=1),
    "affinity, whole training": seen.mean(axis=1),
    "gains of the trained pairs": gain,
}

# %%
found = {name: sum(best_split(table) == "A1 A2 | B1 B2" for table in each) for name, each in tables.items()}
say(
    "The right split was chosen (by chance: on a third of the seeds): "
    + "; ".join(f"{name} **{count} of {SEEDS}**" for name, count in found.items()) + "."
)

# %% tags=["claim"]
claim(
    "The early affinity finds the right split on at least three quarters of the seeds, the average over the whole training on fewer.",
    lambda early, whole: early >= 0.75 * SEEDS and early > whole,
    *list(found.values())[:2],
)

# %% [markdown]
# One training found the families about as often as the six trained pairs. Two warnings: we chose where "early" ends knowing the
# families; and who is related does not yet say whether a split pays, because one trunk for all did nearly as well here. So use the
# affinity to *propose* a grouping where T is large, and train the best proposals, and one trunk for all, to *decide*.
#
# ## Tied, not shared
#
# **Soft sharing** gives each task its own trunk and pays for their difference, $\lambda \lVert \theta_1 - \theta_2 \rVert^2$:
# λ = 0 is separate models, a very large λ one trunk. Take two relatives and turn λ up (at one learning rate, on fewer seeds):

# %%
LAMBDAS = (0.0, 0.01, 0.1, 1.0)


def train_tied(seed, lam):
    x, y = worlds[seed][0], worlds[seed][1][:, :2]  # A1 and A2
    model = SoftSharing(14, 7, [1, 1], "l2", torch.Generator().manual_seed(seed))
    fit(model, [(x[:N], y[:N])] * 5, lambda out, y: masked_loss(out, y, ~y.isnan()) + lam * model.tie_penalty() / 2,
        WeightedSum([1.0, 1.0]), torch.optim.Adam(model.parameters(), lr=0.01), size(40, short=2),
        lambda m: (m(x[N : N + N_VALID]) - y[N : N + N_VALID]).square().mean(dim=0), patience=5, quiet=True)
    with torch.no_grad():
        return r2_of(model(x[N + N_VALID :])[None, None], y[None, N + N_VALID :])[0, 0].mean().item()


# %%
tied = np.array([[train_tied(seed, lam) for lam in LAMBDAS] for seed in range(SEEDS // 2 + 1)])
show(
    dots(
        {"change": tied[:, 1:] - tied[:, :1]}, [f"λ = {lam:g}" for lam in LAMBDAS[1:]], reference=0.0,
        title="What a tie between two relatives' trunks brings", xlabel="change of mean test R² against λ = 0",
    )
)

# %%
best_tie = mean_interval(tied[:, 1:] - tied[:, :1])
say(
    f"Against untied trunks, {len(tied)} seeds: "
    + "; ".join(f"λ = {lam:g}: {m:+.3f} ± {h:.3f}" for lam, m, h in zip(LAMBDAS[1:], *best_tie))
    + "."
)

# %% [markdown]
# The intervals are wide: seven seeds at one learning rate do not say which λ is best. λ is one more number to tune, and that is for
# two relatives only; four tasks have six ties. The next designs are meant to find the ties themselves.
#
# ## Experts behind gates
#
# **MMoE** (multi-gate mixture of experts; Ma and others 2018) has several small trunks, the experts, and for each task a
# **gate**: a softmax over the experts that depends on the row. **CGC** (customised gate control, one level of PLE; Tang and
# others 2020) adds each task's own experts, which no other task may use, so that no task has to share:
#
# $$ h_t(x) = \sum_e g_{t,e}(x)\, \text{expert}_e(x), \qquad \sum_e g_{t,e}(x) = 1, $$
#
# where e runs over all experts (MMoE), or over the shared ones and those of task t (CGC).

# %%
DESIGNS = {
    "one trunk": trunk(25),
    "MMoE": lambda n, generator: MMoE(14, 2, 10, [1] * n, generator),  # two experts of 10 units
    "CGC": lambda n, generator: CGC(14, 1, 1, 5, [1] * n, generator),  # one shared expert and one per task, 5 units
    "one trunk of 5 units": trunk(5),
    "one trunk, twice the size": trunk(50),
    "MMoE, twice the size": lambda n, generator: MMoE(14, 2, 25, [1] * n, generator),
    "CGC, twice the size": lambda n, generator: CGC(14, 1, 1, 10, [1] * n, generator),
}
budget = {name: sum(p.numel() for p in make(4, None).parameters()) for name, make in DESIGNS.items()}
gates = DESIGNS["MMoE"](4, None).gates(torch.randn(5, 14))
print(*(f"{name}: {count} parameters" for name, count in budget.items()), sep="\n")
print("gates (rows, tasks, experts):", tuple(gates.shape), " sums over experts:", gates.sum(dim=2)[0].tolist())

# %% [markdown]
# <details><summary><b>Confusion: "The gate's softmax runs over the tasks, so that they share each expert out."</b></summary>
#
# Over the *experts*. Each task takes an average of the experts, whatever the others take. With a softmax over the tasks, a task would
# get little of an expert that another task likes, and the size of its features would depend on the other tasks.
# </details>
#
# **Exercises:** `mmoe_mix` and `cgc_mix` in problem set 11.
#
# Four tasks in two families are what gates are made for: each family could take an expert for itself. Parameters are counted
# with those of the gates, at two sizes, and every design has three trials. A trunk of only 5 units shows whether room is scarce.

# %% tags=["fold"]
predict(
    "MMoE and CGC against one trunk with as many parameters, on two families of tasks with 60 labels each. The mixtures are …",
    ["ahead: gates find the families", "on a par with it", "behind"], name="11-designs", answer="behind",
)

# %%
everybody = [(0, 1, 2, 3)]
designs = {"one trunk": together} | {n: best_of_trials(make, everybody)[0] for n, make in list(DESIGNS.items())[1:]}
designs |= {"split by family": families, "all four alone": alone}
budget |= {"split by family": 480, "all four alone": 452}
rival = {name: "one trunk, twice the size" if "twice" in name else "one trunk" for name in designs}
minus = {n: (r2 - designs[rival[n]]).mean(axis=1) for n, r2 in designs.items() if n != rival[n]}

# %%
show(
    dots(
        {"difference": np.array(list(minus.values())).T}, list(minus), reference=0.0,
        title="At equal parameters the mixtures are behind one trunk here",
        xlabel="mean test R² minus that of one trunk of 25 units (twice the size: of 50)",
    )
)

# %%
head = "| design | parameters | mean R² | minus one trunk (of 25 units; twice the size: of 50) |\n|---|---|---|---|\n"
rows = [
    f"| {n} | {budget[n]} | {r2.mean():.3f} | {f'{mean_interval(minus[n]):+.3f}' if n in minus else ''} |"
    for n, r2 in designs.items()
]
say(f"{head}{chr(10).join(rows)}\n\nThree trials each, {SEEDS} seeds, 95 % intervals of paired differences.")
outcome("11-designs")

# %%
twice = {n: (designs[f"{n}, twice the size"] - designs[n]).mean(axis=1) for n in ("one trunk", "MMoE", "CGC")}
say("Twice the size minus once: " + "; ".join(f"{n} **{mean_interval(more):+.3f}**" for n, more in twice.items()) + ".")

# %% tags=["claim"]
claim(
    "At this size, and at twice the size, MMoE and CGC are behind one trunk with about as many parameters.",
    lambda *differences: all(mean_interval(one).high < 0 for one in differences),
    *(difference for name, difference in minus.items() if name.startswith(("MMoE", "CGC"))),
    opposite=tuple(-difference for name, difference in minus.items() if name.startswith(("MMoE", "CGC"))),
)

# %% tags=["claim"]
claim(
    "Even one trunk of 5 units, with about a fifth of their parameters, is ahead of MMoE and CGC.",
    lambda trunk, *mixtures: all(mean_interval(trunk - mixture).low > 0 for mixture in mixtures),
    *(designs[name].mean(axis=1) for name in ("one trunk of 5 units", "MMoE", "CGC")),
)

# %% [markdown]
# <details><summary>What the run shows</summary>
#
# A table in which each design had another size would mix the size with the design. Here size is not the reason: a trunk with a
# fifth of the parameters is enough. Why the mixtures are behind, the run does not say. Gates cost 15 parameters for each task and expert,
# which have to be learned from that task's 60 labels; whether that is it was not tried.
# **This is a result about small networks with few labels.** MMoE and PLE were published for recommenders with millions of
# rows, where the order may be another one. What carries over is the comparison.
#
# </details>

# %% [markdown]
# ## Auxiliary tasks
#
# Sometimes you need one prediction only, and have labels of something else. An **auxiliary task** is trained for what it does
# to the trunk; its head is thrown away at the end. So only the main task's score counts, also for choosing the stop. A1 has 60
# labels, the helper 240:

# %%
few = [make_world(seed, n_labels=(60, 240, 240, 240)) for seed in range(SEEDS)]
main_alone = best_of_trials(trunk(14), [(0,)], few)[0, :, 0]
helped = best_of_trials(trunk(14), [(0, 1), (0, 2)], few, judged_by=slice(0, 1))[:, :, 0] - main_alone

# %%
show(
    dots(
        {"change": helped.T}, ["with A2, a relative", "with B1, a stranger"], reference=0.0,
        title="The relative is the better auxiliary task", xlabel="change of A1's test R²",
    )
)

# %%
helper, stranger_too = mean_interval(helped[0]), mean_interval(helped[1])
say(
    f"A1 alone: R² {main_alone.mean():.3f}. With the relative {helper:+.3f}, with the stranger {stranger_too:+.3f}; relative minus "
    f"stranger **{mean_interval(helped[0] - helped[1]):+.3f}**."
)

# %% tags=["claim"]
claim(
    "The relative is the better auxiliary task; no gain is seen from the stranger.",
    lambda relative, other: mean_interval(relative - other).low > 0 > mean_interval(other).low,
    *helped,
)

# %% [markdown]
# <details><summary><b>Spot the bug:</b> "More labels can only help the trunk."</summary>
#
# A stranger's labels ask the trunk for features that the main task has no use for: here no gain is seen from 240 of them, and a
# loss is not ruled out. If the helper's weight is a choice, tune it; weight 0 must be among the values.
# </details>
#
# ## What a fair comparison of architectures needs
#
# 1. **The same size**, counted over everything that is served: experts, gates, heads. Say which size: parameters,
#    multiplications or milliseconds can rank designs differently (lesson 8).
# 2. **The same number of trials** for each design, also for the plain one and for each task alone.
# 3. **Its own stop.** A mixture may need more steps than a trunk; a common number of steps compares speeds.
# 4. **Differences by seed**, with their interval, and the worst task beside the mean (lesson 9).
# 5. **The plain rivals in the table:** each task alone, one trunk, a wider and a narrower trunk, the split that the pairs suggest.

# %% [markdown]
# ## Three confusions to leave behind
#
# <details><summary><b>"Related tasks have correlated labels."</b></summary>
#
# Labels can correlate through shared noise, and two uncorrelated labels can need the same features. What counts is whether
# training one beside the other helps it on fresh rows.
# </details>
#
# <details><summary><b>"The affinity is negative, so the tasks must be split."</b></summary>
#
# Late in training an average step raised the others' training loss a little here, relatives or not. Compare pairs with each
# other, early; then train.
# </details>
#
# <details><summary><b>"Experts specialise, so a mixture cannot do harm."</b></summary>
#
# Nothing makes experts specialise except the gradient, and gates cost parameters and trials. Look at the test rows, not
# at the gates.
# </details>
#
# ## Limits of what you saw
#
# Four tasks, two clear families, one layer, a few hundred rows, one size. Families in real data have soft edges, and designs that
# lose here may win with a thousand times the data. The intervals speak about other seeds of these worlds, not about other data.

# %% [markdown]
# ## Quick test
#
# Seven questions, five to pass.

# %%
quiz("11")

# %% [markdown]
# ## Take-away
#
# - **Train the pairs** where you can: it is the question itself. A look-ahead step proposes, training decides.
# - **Look early:** late in training, on rows that are memorised, the order of the affinities is reversed.
# - **The right split beats a wrong one**, and so does one trunk for all, which came close to the right one. Put it into the table.
# - **Gates, ties and own experts cost parameters and trials.** Count them, then compare.
# - **An auxiliary task is judged by the main task alone.**
#
# ## What to try next
#
# Take the tasks of your own product: train each alone, every pair, and all together, three trials each, five seeds. Write the
# table of pairs into the weight log (lesson 9) beside the design you chose. Then open a project: `lessons/projects/`.
#
# **Reading:** Standley and others 2020, "Which Tasks Should Be Learned Together in Multi-task Learning?"; Fifty and others 2021,
# "Efficiently Identifying Task Groupings for Multi-Task Learning"; Ma and others 2018 (MMoE); Tang and others 2020 (PLE); Misra and
# others 2016 (cross-stitch networks).
