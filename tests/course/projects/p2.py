"""Project 2: a full, a partial and a bad solution; the form is that of `p1`."""

import numpy as np
import torch
from sklearn.metrics import average_precision_score

from mtl_teach.losses import masked_loss
from mtl_teach.metrics import mean_interval
from mtl_teach.models import HardSharing
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum
from tests.course.projects import hand_in

RATIOS = (0.1, 0.5, 1.0, 3.0, 10.0)
RATE, EPOCHS = 0.05, 40  # with 0.02 or fewer epochs, topics of a small weight lag behind


def _bce(logits, labels):
    return masked_loss(logits, labels, loss="bce")


def trainer(nb, link=torch.sigmoid):
    """The notebook's `train_and_predict`; without its `link` it returns logits."""

    def train_and_predict(weights, seed, width=3):
        generator = torch.Generator().manual_seed(seed)
        model = HardSharing(nb.x.shape[1], width, [1] * nb.data.n_tasks, generator)
        batches = minibatches(nb.x[nb.train], nb.y[nb.train], size=500)
        fit(
            model,
            batches,
            _bce,
            WeightedSum(weights),
            torch.optim.Adam(model.parameters(), RATE),
            EPOCHS,
            generator=generator,
            task_names=nb.data.task_names,
            quiet=True,
        )
        with torch.no_grad():
            return link(model(nb.x)).double().numpy()

    return train_and_predict


def thresholds(nb, p):
    """For each label the highest recall with the target precision on the validation rows."""
    chosen = []
    for truth, score in zip(nb.data.y[nb.validation].T, p[nb.validation].T):
        limits = np.unique(score)[::-1]  # rows of equal probability are tagged together
        tagged = score[:, None] >= limits
        hits = (tagged * truth[:, None]).sum(axis=0)
        reached = hits / tagged.sum(axis=0) >= nb.TARGET
        # Of two with equal recall the higher threshold, which argmax finds first.
        chosen.append(limits[np.argmax(hits * reached)] if reached.any() else np.inf)
    return np.array(chosen)


def _weights(ratio):
    return (1.0,) * 3 + (ratio,) * 3


def _average_precision(nb, p):
    columns = zip(nb.data.y[nb.validation].T, p[nb.validation].T)
    return [average_precision_score(truth, score) for truth, score in columns]


def sweep(nb):
    def over_seeds(ratio):
        return np.array([_average_precision(nb, nb.train_and_predict(_weights(ratio), s)) for s in nb.SEEDS])

    return {f"r={ratio}": over_seeds(ratio) for ratio in RATIOS}


def single(nb):
    return hand_in.single(nb, 6, lambda weights, seed: _average_precision(nb, nb.train_and_predict(weights, seed)))


def gains(nb):
    return hand_in.gains(nb.sweep, nb.single, [True] * 6)


def table(nb):
    return {name: mean_interval(rows) for name, rows in {**nb.sweep, "one model per topic": nb.single}.items()}


def chosen(nb):
    """The largest sum of both groups: never dominated."""
    return max(nb.groups, key=lambda name: nb.groups[name].mean(axis=0).sum())


def final(nb):
    return nb.train_and_predict(_weights(float(nb.chosen.removeprefix("r="))), 0)


def weight_log(nb):
    reasons = (
        "rare topics nearly off: what do they cost?",
        "half weight, since their labels are few",
        "no preference: the reference of the sweep",
        "more weight: the editor reads obituaries first",
        "ten times, to see what common topics pay",
    )
    return hand_in.weight_log(nb, nb.groups, _weights, reasons, "the sum of both average precisions")


def audit(nb):
    return hand_in.audit(
        nb,
        "stage 1: the history of fit has a column for each label",
        "the weight log has a line with a reason for each weight of stage 3",
        "no label is missing: the cell of the data, data.mask",
        "stage 3 sweeps five weights with intervals",
    )


FULL = {
    "train_and_predict": trainer,
    "thresholds": lambda nb: thresholds(nb, nb.first),
    "sweep": sweep,
    "single": single,
    "gains": gains,
    "table": table,
    "chosen": chosen,
    "final": final,
    "final_thresholds": lambda nb: thresholds(nb, nb.final),
    "weight_log": weight_log,
    "audit": audit,
}

# Thresholds for one model; no sweep, and so nothing to choose from.
PARTIAL = {"train_and_predict": trainer, "thresholds": FULL["thresholds"], "audit": audit}

# Logits for probabilities, 0.5 for every label, one seed, no model per topic, the labels for the final predictions.
BAD = {
    "train_and_predict": lambda nb: trainer(nb, link=lambda logits: logits),
    "thresholds": lambda nb: np.full(nb.data.n_tasks, 0.5),
    "sweep": lambda nb: {name: rows[:1] for name, rows in sweep(nb).items()},
    "table": lambda nb: {name: rows.mean(axis=0) for name, rows in nb.sweep.items()},
    "final": lambda nb: nb.data.y.copy(),
    "final_thresholds": lambda nb: np.full(nb.data.n_tasks, 0.5),
    "weight_log": lambda nb: [
        {"configuration": "r", "weights": r, "reason": "best", "decision": "kept"} for r in RATIOS
    ],
    "audit": lambda nb: dict.fromkeys(nb.audit, "ok"),
}

EXPECTED = {
    "full": {"usable": "1a 1b 1c 2 3 4a 4b 5 6a 6b 6c 6d 7 8"},
    "partial": {"usable": "1a 1b 1c 2 8", "not done yet": "3 4a 4b 5 6a 6b 6c 6d 7"},
    "bad": {"usable": "1c 6c", "not usable": "1a 1b 2 3 6b 7 8", "not done yet": "4a 4b 5 6a 6d"},
}
