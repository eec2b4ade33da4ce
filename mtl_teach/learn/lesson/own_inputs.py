"""Small inputs for questions about a learner's own answer, and what may be asked of each.

One function per exercise, of its name. It draws an input whose result can be worked out in the head, or nearly; says
in words how the input may be changed; and names the entries by which the result may be differentiated. Which change
leaves a result as it is, is never said here: that is found out by running the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

Args = tuple[Any, ...]

NAN = math.nan


@dataclass(frozen=True)
class Small:
    """A small input.

    Attributes
    ----------
    args : tuple
        As they are written down: lists and numbers.
    changes : dict of str to tuple
        Other arguments, by what was changed in words.
    slopes : dict of str to (int, tuple of int)
        The places by whose entry a result may be differentiated: which argument, and where in it.
    by_value : bool
        False where what comes back is not to be worked out in the head.
    """

    args: Args
    changes: Mapping[str, Args] = field(default_factory=dict)
    slopes: Mapping[str, tuple[int, tuple[int, ...]]] = field(default_factory=dict)
    by_value: bool = True


def _some(rng: Random, count: int, low: int = 1, high: int = 9) -> list[float]:
    """Different whole numbers."""
    return [float(number) for number in rng.sample(range(low, high + 1), count)]


def _times(factor: float, values: list[float]) -> list[float]:
    return [factor * value for value in values]


def _with(values: list[Any], place: int, value: Any) -> list[Any]:
    return [*values[:place], value, *values[place + 1 :]]


# ---- lessons 1 to 4 --------------------------------------------------------------------------------------------


def weighted_total(rng: Random) -> Small:
    price, time = _some(rng, 2)
    losses, weights = {"price": price, "time": time}, {"price": 2.0, "time": 0.5}
    changes = {
        "the weights in another order": (losses, dict(reversed(weights.items()))),
        "a weight for a task without a loss": (losses, {**weights, "click": 3.0}),
        "all weights doubled": (losses, {"price": 4.0, "time": 1.0}),
        "both losses exchanged": ({"price": time, "time": price}, weights),
    }
    return Small((losses, weights), changes)


def loss_shares(rng: Random) -> Small:
    losses, weights = rng.sample([1.0, 2.0, 4.0, 6.0], 2), rng.sample([1.0, 2.0, 3.0], 2)
    changes = {
        "all weights doubled": (losses, _times(2, weights)),
        "all losses doubled": (_times(2, losses), weights),
        "the first weight doubled": (losses, [2 * weights[0], weights[1]]),
        "all weights 1": (losses, [1.0, 1.0]),
    }
    return Small((losses, weights), changes)


def mean_predictor_loss(rng: Random) -> Small:
    low, step = rng.randint(1, 5), rng.randint(1, 3)
    column, other = [float(low), float(low + 2 * step)], [10.0, 10.0 + 2 * rng.randint(4, 6)]
    table = [list(row) for row in zip(column, other)]
    changes = {
        "5 added to every label of the first task": ([[row[0] + 5, row[1]] for row in table],),
        "the rows in another order": (table[::-1],),
        "the labels of the first task doubled": ([[2 * row[0], row[1]] for row in table],),
        "the first row once more": ([*table, table[0]],),
    }
    return Small((table,), changes)


def fit_label_scaler(rng: Random) -> Small:
    low, step = rng.randint(1, 5), rng.randint(1, 3)
    table = [[float(low), 10.0], [float(low + 2 * step), 10.0 + 2 * rng.randint(4, 6)]]
    changes = {
        "the rows in another order": (table[::-1],),
        "every row twice": ([*table, *table],),
        "5 added to every label of the first task": ([[row[0] + 5, row[1]] for row in table],),
    }
    return Small((table,), changes)


def weights_from_scales(rng: Random) -> Small:
    scales = rng.sample([0.5, 2.0, 4.0, 5.0, 10.0], 2)
    return Small((scales,))


def rmse_to_units(rng: Random) -> Small:
    rmse, mean, scale = (
        rng.sample([0.25, 0.5, 0.75], 2),
        rng.sample([20.0, 30.0, 50.0], 2),
        rng.sample([2.0, 4.0, 8.0], 2),
    )
    changes = {
        "other means": (rmse, _times(2, mean), scale),
        "the scales doubled": (rmse, mean, _times(2, scale)),
        "the scales doubled, the errors halved": (_times(0.5, rmse), mean, _times(2, scale)),
    }
    return Small((rmse, mean, scale), changes)


def unweight_probability(rng: Random) -> Small:
    p, w = rng.choice([(0.5, 3.0), (0.75, 3.0), (0.8, 4.0), (0.5, 9.0), (0.9, 9.0)])
    return Small(([p], w))


def gradnorm_targets(rng: Random) -> Small:
    norms, first = rng.sample([1.0, 3.0, 5.0], 2), [4.0, 8.0]
    losses = rng.choice([[1.0, 6.0], [3.0, 2.0], [2.0, 8.0]])
    changes = {
        "loss and initial loss of the first task doubled": (norms, _with(losses, 0, 2 * losses[0]), [8.0, 8.0], 1.0),
        "the weighted norms exchanged": (norms[::-1], losses, first, 1.0),
        "the first loss doubled": (norms, _with(losses, 0, 2 * losses[0]), first, 1.0),
        "the weighted norms doubled": (_times(2, norms), losses, first, 1.0),
        "`alpha` set to 0": (norms, losses, first, 0.0),
    }
    return Small((norms, losses, first, 1.0), changes)


def min_norm_alpha(rng: Random) -> Small:
    long, short = rng.sample([1.0, 2.0, 3.0], 2)
    g1, g2 = [long, 0.0], [0.0, short]
    changes = {
        "both gradients doubled": (_times(2, g1), _times(2, g2)),
        "the first gradient doubled": (_times(2, g1), g2),
        "the gradients exchanged": (g2, g1),
        "the first gradient reversed": (_times(-1, g1), g2),
    }
    return Small((g1, g2), changes)


def pcgrad_two(rng: Random) -> Small:
    a, b = _some(rng, 2, 1, 4)
    g1, g2 = [a, 0.0], [-b, b]
    changes = {
        "the gradients exchanged": (g2, g1),
        "the first gradient doubled": (_times(2, g1), g2),
        "the second gradient reversed": (g1, _times(-1, g2)),
    }
    return Small((g1, g2), changes)


# ---- lesson 5 --------------------------------------------------------------------------------------------------


def masked_mean(rng: Random) -> Small:
    values = rng.choice([[2.0, NAN, 4.0], [1.0, 8.0, 5.0], [3.0, NAN, 9.0], [2.0, 7.0, 6.0]])
    mask = [True, False, True]
    changes = {
        "another value at the missing entry": (_with(values, 1, 100.0), mask),
        "one more missing entry": ([*values, 100.0], [*mask, False]),
        "the missing entry observed": (_with(values, 1, 0.0), [True, True, True]),
        "another value at the last entry": (_with(values, 2, 10.0), mask),
    }
    return Small((values, mask), changes, {"the missing entry": (0, (1,)), "the first entry": (0, (0,))})


def masked_bce_with_logits(rng: Random) -> Small:
    logits, targets, mask = [0.0, rng.choice([2.0, -1.0]), 0.0], [1.0, NAN, 0.0], [True, False, True]
    changes = {
        "another logit at the missing entry": (_with(logits, 1, 5.0), targets, mask),
        "one more missing entry": ([*logits, 3.0], [*targets, NAN], [*mask, False]),
        "another logit at the first entry": (_with(logits, 0, 5.0), targets, mask),
        "the first logit raised to 2": (_with(logits, 0, 2.0), targets, mask),
    }
    slopes = {"the missing entry of `logits`": (0, (1,)), "the first entry of `logits`": (0, (0,))}
    return Small((logits, targets, mask), changes, slopes, by_value=False)


def multitask_masked_mse(rng: Random) -> Small:
    error, other = rng.sample([1.0, 2.0, 3.0], 2)
    pred, labels = [[error, 5.0], [0.0, other]], [[0.0, NAN], [0.0, 0.0]]
    mask, weights = [[True, False], [True, True]], [1.0, 2.0]
    changes = {
        "another prediction at the missing label": ([[error, 50.0], [0.0, other]], labels, mask, weights),
        "the first prediction doubled": ([[2 * error, 5.0], [0.0, other]], labels, mask, weights),
        "all weights doubled": (pred, labels, mask, [2.0, 4.0]),
        "the rows in another order": (pred[::-1], labels[::-1], mask[::-1], weights),
    }
    slopes = {
        "the prediction whose label is missing (for the total)": (0, (0, 1)),
        "the last prediction (for the total)": (0, (1, 1)),
    }
    return Small((pred, labels, mask, weights), changes, slopes)


def per_task_rmse(rng: Random) -> Small:
    error, other = rng.sample([1.0, 2.0, 3.0, 4.0], 2)
    y_true, y_pred = [[0.0, 0.0], [0.0, NAN]], [[error, other], [-error, 9.0]]
    mask = [[True, True], [True, False]]
    changes = {
        "another prediction at the missing label": (y_true, [[error, other], [-error, 90.0]], mask),
        "labels and predictions exchanged where observed": (
            [[error, other], [-error, NAN]],
            [[0.0, 0.0], [0.0, 9.0]],
            mask,
        ),
        "the first prediction doubled": (y_true, [[2 * error, other], [-error, 9.0]], mask),
        "the rows in another order": (y_true[::-1], y_pred[::-1], mask[::-1]),
    }
    return Small((y_true, y_pred, mask), changes)


def ipw_mean(rng: Random) -> Small:
    first, last = rng.sample([1.0, 2.0, 4.0, 6.0], 2)
    y, observed, propensity = [first, 9.0, last], [1, 0, 1], [0.5, 0.5, 0.25]
    changes = {
        "another value in the row that is not observed": (_with(y, 1, 90.0), observed, propensity),
        "another propensity in the row that is not observed": (y, observed, [0.5, 0.1, 0.25]),
        "one more row that is not observed": ([*y, 5.0], [*observed, 0], [*propensity, 0.5]),
        "the propensities doubled": (y, observed, _times(2, propensity)),
    }
    return Small((y, observed, propensity), changes)


# ---- lesson 6 --------------------------------------------------------------------------------------------------


def ctr_cvr_loss(rng: Random) -> Small:
    args = [0.0, 0.0], [0.0, rng.choice([3.0, -2.0])], [1.0, 0.0], [1.0, NAN], 1.0, 2.0
    click_logit, conv_logit, click, conv, *weights = args
    changes = {
        "another conversion logit where the label is missing": (click_logit, [0.0, 9.0], click, conv, *weights),
        "another click logit in the second row": ([0.0, 9.0], conv_logit, click, conv, *weights),
        "the missing conversion label set to 0": (click_logit, conv_logit, click, [1.0, 0.0], *weights),
        "another conversion logit in the first row": (click_logit, [5.0, conv_logit[1]], click, conv, *weights),
    }
    slopes = {
        "the entry of `conv_logit` whose label is missing": (1, (1,)),
        "the first entry of `conv_logit`": (1, (0,)),
        "the last entry of `click_logit`": (0, (1,)),
    }
    return Small(args, changes, slopes, by_value=False)


def ctr_cvr_total(rng: Random) -> Small:
    args = rng.choice([0.2, 0.3]), rng.choice([0.6, 0.8]), 0.5, 1.0, rng.choice([2.0, 3.0])
    click, cvr, coverage, *weights = args
    changes = {
        "a coverage of 0.25": (click, cvr, 0.25, *weights),
        "both weights doubled": (click, cvr, coverage, *_times(2, weights)),
        "weight and loss of the clicks exchanged": (weights[0], cvr, coverage, click, weights[1]),
        "the two weights exchanged": (click, cvr, coverage, *weights[::-1]),
    }
    return Small(args, changes)


def esmm_loss(rng: Random) -> Small:
    ctr, cvr, click, conv = [0.0, 0.0], [0.0, 0.0], rng.choice([[1.0, 0.0], [0.0, 1.0]]), [0.0, 0.0]
    row = int(click[0])  # the one without a click
    changes = {
        "a conversion label of 1 where there was no click": (ctr, cvr, click, _with(conv, row, 1.0)),
        "a conversion where there was a click": (ctr, cvr, click, _with(conv, 1 - row, 1.0)),
        "another conversion logit where there was no click": (ctr, _with(cvr, row, 2.0), click, conv),
        "the rows in another order": (ctr[::-1], cvr[::-1], click[::-1], conv[::-1]),
    }
    slopes = {
        "the entry of `cvr_logit` without a click": (1, (row,)),
        "the entry of `cvr_logit` with a click": (1, (1 - row,)),
    }
    return Small((ctr, cvr, click, conv), changes, slopes, by_value=False)


def expected_revenue(rng: Random) -> Small:
    first, second = rng.sample([4.0, 8.0, 12.0, 16.0], 2)
    ctr, cvr, price = [0.0, 0.0], [0.0, 0.0], [first, second]
    changes = {
        "the two logits of the first row exchanged": ([0.0, 1.0], [2.0, 0.0], price),
        "the prices doubled": (ctr, cvr, [2 * first, 2 * second]),
    }
    return Small((ctr, cvr, price), changes)


# ---- lessons 7 to 9 --------------------------------------------------------------------------------------------


def sampling_probs(rng: Random) -> Small:
    sizes, alpha = rng.choice([([4.0, 16.0], 0.5), ([9.0, 1.0], 0.5), ([6.0, 2.0], 1.0), ([25.0, 100.0], 0.5)])
    changes = {
        "all sizes doubled": (_times(2, sizes), alpha),
        "the first size doubled": (_with(sizes, 0, 2 * sizes[0]), alpha),
        "`alpha` set to 0": (sizes, 0.0),
    }
    return Small((sizes, alpha), changes)


def latency_objective(rng: Random) -> Small:
    ce, over = rng.choice([0.3, 0.5]), rng.choice([10.0, 20.0])
    fast = rng.random() < 0.5
    latency = 50.0 - over if fast else 50.0 + over
    changes = {
        "a latency 10 ms shorter": (ce, latency - 10.0, 50.0, 0.01),
        "the multiplier doubled": (ce, latency, 50.0, 0.02),
        "latency and budget 10 ms longer": (ce, latency + 10.0, 60.0, 0.01),
        "a budget of 100 ms": (ce, latency, 100.0, 0.01),
    }
    return Small((ce, latency, 50.0, 0.01), changes)


def dual_ascent_step(rng: Random) -> Small:
    lam, latency = rng.choice([(0.25, 60.0), (0.5, 40.0), (0.05, 40.0), (0.0, 70.0), (0.1, 30.0)])
    changes = {
        "latency and budget 10 ms longer": (lam, latency + 10.0, 60.0, 0.01),
        "a multiplier 0.1 larger": (lam + 0.1, latency, 50.0, 0.01),
        "a latency 10 ms shorter": (lam, latency - 10.0, 50.0, 0.01),
    }
    return Small((lam, latency, 50.0, 0.01), changes)


def exact_penalty_lambda(rng: Random) -> Small:
    best, gain = rng.choice([0.5, 0.6]), rng.choice([0.1, 0.2])
    ce, latency = [best, best + 0.1, best - gain], [40.0, 30.0, 60.0]
    changes = {
        "the best model within the budget 5 ms faster": (ce, [35.0, 30.0, 60.0], 50.0),
        "the model over the budget 10 ms slower": (ce, [40.0, 30.0, 70.0], 50.0),
        "every cross-entropy 0.1 larger": ([one + 0.1 for one in ce], latency, 50.0),
        "one more model, worse and within the budget": ([*ce, 0.9], [*latency, 45.0], 50.0),
    }
    return Small((ce, latency, 50.0), changes)


def precision_threshold(rng: Random) -> Small:
    score, labels = [0.9, 0.8, 0.6, 0.4], rng.choice([[1, 0, 1, 1], [1, 1, 0, 1], [0, 1, 1, 0], [1, 0, 1, 0]])
    target = rng.choice([0.6, 0.7, 0.75])
    changes = {
        "one more row, of label 0 and score 0.1": ([*labels, 0], [*score, 0.1], target),
        "the rows in another order": (labels[::-1], score[::-1], target),
        "a precision of 1 asked for": (labels, score, 1.0),
    }
    return Small((labels, score, target), changes)


def pareto_mask(rng: Random) -> Small:
    points = rng.choice(
        [
            [[1.0, 4.0], [2.0, 2.0], [3.0, 3.0]],
            [[1.0, 3.0], [2.0, 1.0], [2.0, 1.0], [3.0, 3.0]],
            [[1.0, 2.0], [1.0, 3.0], [4.0, 1.0]],
        ]
    )
    maximise = rng.choice([[False, False], [True, False], [True, True]])
    changes = {
        "the first objective in other units": ([[100 * one, other] for one, other in points], maximise),
        "the first objective the other way round": (points, [not maximise[0], maximise[1]]),
        "both objectives the other way round": (points, [not one for one in maximise]),
    }
    return Small((points, maximise), changes)


def delta_m(rng: Random) -> Small:
    metrics, single = rng.choice([([0.6, 1.8], [0.5, 2.0]), ([0.9, 3.0], [0.6, 2.0]), ([0.4, 1.5], [0.5, 2.0])])
    higher = [True, False]
    changes = {
        "the second task in other units": ([metrics[0], 60 * metrics[1]], [single[0], 60 * single[1]], higher),
        "the tasks in another order": (metrics[::-1], single[::-1], higher[::-1]),
        "the second metric halved": ([metrics[0], metrics[1] / 2], single, higher),
        "the second task counted as one where higher is better": (metrics, single, [True, True]),
    }
    return Small((metrics, single, higher), changes)


def zscore_aggregate(rng: Random) -> Small:
    score, minutes = rng.choice([0.5, 0.8, 0.9]), rng.choice([10.0, 15.0, 30.0])
    scores, higher, reference = [[score, minutes]], [True, False], [[0.6, 10.0], [0.8, 30.0]]
    changes = {
        "the minutes of all models in seconds": ([[score, 60 * minutes]], higher, [[0.6, 600.0], [0.8, 1800.0]]),
        "the models of the reference in another order": (scores, higher, reference[::-1]),
        "every model of the reference twice": (scores, higher, reference * 2),
        "the minutes of the judged model doubled": ([[score, 2 * minutes]], higher, reference),
    }
    return Small((scores, higher, reference), changes)


# ---- lessons 10 and 11 -----------------------------------------------------------------------------------------


def uncertainty_loss(rng: Random) -> Small:
    losses, log_var = _times(2, _some(rng, 2, 1, 4)), [0.0, 0.0]
    changes = {
        "the tasks in another order": (losses[::-1], log_var),
        "all losses doubled": (_times(2, losses), log_var),
        "the first log-variance raised to 1": (losses, [1.0, 0.0]),
    }
    slopes = {"the first entry of `log_var`": (1, (0,)), "the first entry of `losses`": (0, (0,))}
    return Small((losses, log_var), changes, slopes)


def lookahead_affinity(rng: Random) -> Small:
    before = [2.0, 4.0]
    after = rng.choice([[[1.0, 5.0], [1.5, 3.0]], [[1.5, 2.0], [3.0, 1.0]], [[1.0, 3.0], [2.5, 2.0]]])
    changes = {
        "the first task in other units": ([200.0, 4.0], [[100 * row[0], row[1]] for row in after]),
        "all losses before doubled": (_times(2, before), after),
        "the losses after the first step doubled": (before, [_times(2, after[0]), after[1]]),
    }
    return Small((before, after), changes)


def rotating_batches(rng: Random) -> Small:
    return Small((rng.choice([[2, 1], [1, 2], [3, 1], [1, 3]]), rng.random() < 0.5))


def mmoe_mix(rng: Random) -> Small:
    first, second = rng.sample([[2.0, 4.0], [6.0, 0.0], [8.0, 10.0]], 2)
    experts, gates = [[first, second]], [[[0.0, 0.0]]]
    changes = {
        "5 added to both logits of the gate": (experts, [[[5.0, 5.0]]]),
        "5 added to the first logit of the gate": (experts, [[[5.0, 0.0]]]),
        "the experts in another order": ([[second, first]], gates),
        "all outputs of the experts doubled": ([[_times(2, first), _times(2, second)]], gates),
    }
    return Small((experts, gates), changes)


def cgc_mix(rng: Random) -> Small:
    shared, first, second = _times(2, _some(rng, 3))
    args = [[[shared]]], [[[[first]], [[second]]]], [[[0.0, 0.0], [0.0, 0.0]]]
    changes = {
        "5 added to all logits of the first gate": (args[0], args[1], [[[5.0, 5.0], [0.0, 0.0]]]),
        "5 added to the first logit of each gate": (args[0], args[1], [[[5.0, 0.0], [5.0, 0.0]]]),
        "the own experts exchanged": (args[0], [[[[second]], [[first]]]], args[2]),
    }
    return Small(args, changes)


SMALL: dict[str, Callable[[Random], Small]] = {
    draw.__name__: draw
    for draw in (
        weighted_total,
        loss_shares,
        mean_predictor_loss,
        fit_label_scaler,
        weights_from_scales,
        rmse_to_units,
        unweight_probability,
        gradnorm_targets,
        min_norm_alpha,
        pcgrad_two,
        masked_mean,
        masked_bce_with_logits,
        multitask_masked_mse,
        per_task_rmse,
        ipw_mean,
        ctr_cvr_loss,
        ctr_cvr_total,
        esmm_loss,
        expected_revenue,
        sampling_probs,
        latency_objective,
        dual_ascent_step,
        exact_penalty_lambda,
        precision_threshold,
        pareto_mask,
        delta_m,
        zscore_aggregate,
        uncertainty_loss,
        lookahead_affinity,
        rotating_batches,
        mmoe_mix,
        cgc_mix,
    )
}
