"""Project 1: a full, a partial and a bad solution, as one maker for each stage's name.

A maker gets the notebook's namespace as it is when the stage comes, and returns the stage's value.
"""

from types import SimpleNamespace

import numpy as np
import torch
from sklearn.metrics import r2_score

from mtl_teach.metrics import mean_interval
from mtl_teach.models import FixedOutputScale, HardSharing
from mtl_teach.scaling import TargetScaler, variance_weights
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import WeightedSum
from tests.course.projects import hand_in

SHARES = (0.05, 0.2, 0.5, 0.8, 0.95)
RATES = {"equal": 0.3, "1/variance": 0.3, "standardised": 0.02, "fixed output layer": 0.02}


def _mse(predicted, target):
    return (predicted - target).square().mean(dim=0)


def trainer(nb: SimpleNamespace, invert: bool = True):
    """The notebook's `train_and_predict`; `invert=False` forgets to leave standard units."""

    def train_and_predict(treatment, weights, seed):
        y = nb.data.y[nb.train]
        scaler = TargetScaler("standard").fit(y)
        generator = torch.Generator().manual_seed(seed)
        model = HardSharing(nb.x.shape[1], 4, [1, 1], generator)
        if treatment == "fixed output layer":
            model = FixedOutputScale(model, scaler.location_, scaler.scale_)
        standardise = treatment == "standardised"
        target = torch.tensor(scaler.transform(y) if standardise else y, dtype=torch.float32)
        by_variance = variance_weights(y) if treatment in ("1/variance", "fixed output layer") else 1.0
        optimiser = torch.optim.Adam(model.parameters(), RATES[treatment])
        fit(
            model,
            minibatches(nb.x[nb.train], target, size=100),
            _mse,
            WeightedSum((np.array(weights) * by_variance).tolist()),
            optimiser,
            40,
            generator=generator,
            task_names=nb.data.task_names,
            quiet=True,
        )
        with torch.no_grad():
            predicted = model(nb.x).double().numpy()
        return scaler.inverse_transform(predicted) if standardise and invert else predicted

    return train_and_predict


def _r2(nb, predicted):
    truth, guess = nb.data.y[nb.validation], predicted[nb.validation]
    return [r2_score(t, p) for t, p in zip(truth.T, guess.T)]


def _weights(share):
    return 2 * share, 2 - 2 * share


def scores(nb):
    runs = {t: [nb.train_and_predict(t, (1.0, 1.0), s) for s in nb.SEEDS] for t in nb.TREATMENTS}
    return {treatment: np.array([_r2(nb, p) for p in predictions]) for treatment, predictions in runs.items()}


def table(nb):
    return {treatment: mean_interval(rows) for treatment, rows in nb.scores.items()}


def curve(nb, shares=SHARES):
    def over_seeds(share):
        return np.array([_r2(nb, nb.train_and_predict("standardised", _weights(share), s)) for s in nb.SEEDS])

    return {f"w={share}": over_seeds(share) for share in shares}


def chosen(nb):
    """The configuration with the best sum of both: never dominated."""
    return max(nb.curve, key=lambda name: nb.curve[name].mean(axis=0).sum())


def final(nb):
    return nb.train_and_predict("standardised", _weights(float(nb.chosen.removeprefix("w="))), 0)


def weight_log(nb):
    reasons = (
        "days almost alone, to see their ceiling",
        "days first: the agency plans viewings by them",
        "no preference: the reference of the sweep",
        "price first: the commission depends on it",
        "price almost alone, to see its ceiling",
    )
    return hand_in.weight_log(nb, "w", SHARES, _weights, reasons, "the sum of both R² is lower")


def audit(nb):
    return hand_in.audit(
        nb,
        "fit returns a history with one loss column a task",
        "the weight log has five lines with reasons",
        "no label is missing: data.mask is all True",
        "stage 4 sweeps five weights with intervals",
    )


FULL = {
    "train_and_predict": trainer,
    "scores": scores,
    "table": table,
    "curve": curve,
    "chosen": chosen,
    "final": final,
    "weight_log": weight_log,
    "audit": audit,
}

# Stops after the table: three weights instead of five, a log of two lines, nothing chosen.
PARTIAL = {
    "train_and_predict": trainer,
    "scores": scores,
    "table": table,
    "curve": lambda nb: curve(nb, SHARES[:3]),
    "weight_log": lambda nb: [
        {"configuration": "a", "weights": (1, 1), "reason": "start with no preference", "decision": "kept"}
    ],
}

# Every stage has something in it: standard units for euros, the same numbers for every weight, one reason for all.
BAD = {
    "train_and_predict": lambda nb: trainer(nb, invert=False),
    "scores": scores,
    "table": lambda nb: {treatment: rows.mean(axis=0) for treatment, rows in nb.scores.items()},
    "curve": lambda nb: {f"w={share}": nb.scores["standardised"] for share in SHARES},
    "chosen": lambda nb: "the best one",
    "final": lambda nb: np.tile(nb.data.y[nb.train].mean(axis=0), (nb.data.n_samples, 1)),
    "weight_log": lambda nb: [
        {"configuration": f"w={share}", "weights": share, "reason": "because it works best", "decision": "kept"}
        for share in SHARES
    ],
    "audit": lambda nb: dict.fromkeys(nb.audit, "yes"),
}

EXPECTED = {
    "full": {"usable": "1a 1b 2 3 4 5a 5b 6 7"},
    "partial": {"usable": "1a 1b 2 3", "not done yet": "4 5a 5b 6 7"},
    "bad": {"usable": "1a 2", "not usable": "1b 3 4 5a 5b 6 7"},
}
