"""Project 3: a full, a partial and a bad solution; the form is that of `p1`."""

from types import SimpleNamespace

import numpy as np
import torch

from mtl_teach.cost import count_flops
from mtl_teach.losses import masked_loss, penalised_objective
from mtl_teach.metrics import mean_interval
from mtl_teach.models import HardSharing
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum
from tests.course.projects import hand_in

SHARES = (0.02, 0.3, 0.5, 0.7, 0.98)
WIDTHS = (1, 2, 4, 8, 16)
BUDGET, LAMBDA = 100.0, 1e-4  # FLOPs, and loss per FLOP beyond them


def _bce(logits, labels):
    return masked_loss(logits, labels, loss="bce")


def trainer(nb: SimpleNamespace, fill: float = float("nan")):
    """The notebook's `train_and_predict`; `fill=0` takes a missing conversion for none."""

    def train_and_predict(weights, seed, width=1):
        generator = torch.Generator().manual_seed(seed)
        model = HardSharing(nb.x.shape[1], width, [1, 1], generator)
        batches = minibatches(nb.x[nb.train], nb.y[nb.train].nan_to_num(nan=fill), size=600)
        optimiser = torch.optim.Adam(model.parameters(), 0.05)
        fit(
            model,
            batches,
            _bce,
            WeightedSum(weights),
            optimiser,
            30,
            generator=generator,
            task_names=nb.data.task_names,
            quiet=True,
        )
        with torch.no_grad():
            return torch.sigmoid(model(nb.x)).double().numpy()

    return train_and_predict


def _run(nb):
    return hand_in.remembered(nb.train_and_predict)


def _log_losses(nb, p, rows=None):
    y, p = nb.data.y[rows or nb.validation], p[rows or nb.validation]
    return -np.nanmean(y * np.log(p) + (1 - y) * np.log(1 - p), axis=0)


def _weights(share):
    return 2 - 2 * share, 2 * share


def sweep(nb, judged=None):
    def over_seeds(share):
        return np.array([_log_losses(nb, _run(nb)(_weights(share), s), judged) for s in nb.SEEDS])

    return {f"c={share}": over_seeds(share) for share in SHARES}


def single(nb):
    return hand_in.single(nb, 2, lambda weights, seed: _log_losses(nb, _run(nb)(weights, seed)))


def gains(nb):
    return hand_in.gains(nb.sweep, nb.single, [False, False])


def table(nb):
    return {name: mean_interval(rows) for name, rows in {**nb.sweep, "one model per task": nb.single}.items()}


def _revenue(nb, p):
    return p.prod(axis=1) * nb.data.price


def expected_revenue(nb):
    return _revenue(nb, _run(nb)(_weights(0.5), 0))


def _business(nb, p):
    predicted, realised = _revenue(nb, p)[nb.validation], nb.realised[nb.validation]
    first = np.argsort(-predicted)[: len(predicted) // 5]
    return predicted.sum() / realised.sum(), realised[first].sum() / realised.sum()


def business(nb):
    def over_seeds(share):
        return np.array([_business(nb, _run(nb)(_weights(share), s)) for s in nb.SEEDS])

    return {f"c={share}": over_seeds(share) for share in SHARES}


def chosen(nb):
    """The smallest sum of both log losses: never dominated."""
    return min(nb.sweep, key=lambda name: nb.sweep[name].mean(axis=0).sum())


def _chosen_weights(nb):
    return _weights(float(nb.chosen.removeprefix("c=")))


def final(nb):
    return _run(nb)(_chosen_weights(nb), 0)


def weight_log(nb):
    reasons = (
        "click almost alone, to see its floor",
        "the curve bends here: clicks first, conversions too",
        "the shop is paid for sales, and ranks by both rates",
        "the revenue depends on conversions, so more weight",
        "conversion almost alone, to see its floor",
    )
    return hand_in.weight_log(nb, nb.sweep, _weights, reasons, "the sum of both log losses in nats")


def audit(nb):
    return hand_in.audit(
        nb,
        "stage 1: the history of fit has a column for each task",
        "the weight log has a line with a reason for each weight of stage 2",
        "masked_loss leaves out NaN, tests/mtl_teach covers it",
        "stage 2 sweeps five weights with intervals",
    )


def flops(width):
    """Operations of one prediction."""
    return count_flops(HardSharing(4, width, [1, 1]), torch.zeros(1, 4))["flops"]


def checkpoints(nb):
    def over_seeds(width):
        runs = [_run(nb)(_chosen_weights(nb), s, width) for s in nb.SEEDS]
        return np.array([[_log_losses(nb, p).sum(), flops(width)] for p in runs])

    return {f"width {width}": over_seeds(width) for width in WIDTHS}


def checkpoint(nb):
    def objective(name):
        loss, cost = nb.checkpoints[name].mean(axis=0)
        return float(penalised_objective(loss, cost, BUDGET, LAMBDA))

    return min(nb.checkpoints, key=objective)


FULL = {
    "train_and_predict": trainer,
    "sweep": sweep,
    "single": single,
    "gains": gains,
    "table": table,
    "expected_revenue": expected_revenue,
    "business": business,
    "chosen": chosen,
    "final": final,
    "weight_log": weight_log,
    "audit": audit,
    "checkpoints": checkpoints,
    "checkpoint": checkpoint,
}

# Losses only: the sweep, its baselines and its table, a choice, no business number, no log.
PARTIAL = {
    "train_and_predict": trainer,
    "sweep": sweep,
    "single": single,
    "gains": gains,
    "table": table,
    "chosen": chosen,
    "audit": audit,
}

# Every stage of the main part has something in it: missing conversions count as none, one seed for the
# sweep and for the baselines, a choice of nothing.
BAD = {
    "train_and_predict": lambda nb: trainer(nb, fill=0.0),
    "sweep": lambda nb: {name: rows[:1] for name, rows in sweep(nb).items()},
    "single": lambda nb: single(nb)[:1],
    "gains": lambda nb: {name: -rows for name, rows in gains(nb).items()},
    "table": lambda nb: {name: row.mean(axis=0) for name, row in nb.sweep.items()},
    "expected_revenue": expected_revenue,
    "business": lambda nb: {name: rows * np.nan for name, rows in business(nb).items()},
    "chosen": lambda nb: "balanced",
    "final": lambda nb: _run(nb)(_weights(0.5), 0),
    "weight_log": lambda nb: [line | {"decision": ""} for line in weight_log(nb)],
    "audit": lambda nb: dict.fromkeys(nb.audit, "done"),
}

EXPECTED = {
    "full": {"usable": "1a 1b 1c 2 3a 3b 4 5a 5b 6a 6b 6c 6d 7 8 9a 9b"},
    "partial": {"usable": "1a 1b 1c 2 3a 3b 4 6a 8", "not done yet": "5a 5b 6b 6c 6d 7 9a 9b"},
    "bad": {"usable": "1a 1b 1c 6b", "not usable": "2 3a 5a 5b 6a 6c 7 8", "not done yet": "3b 4 6d 9a 9b"},
}
