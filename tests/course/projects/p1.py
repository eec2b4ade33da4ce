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

SHARES = (0.1, 0.3, 0.35, 0.4, 0.5, 0.9)
# (learning rate, epochs, rows per batch), the best of five rates on the validation rows, for each treatment. Raw labels
# need long steps for the price's offset, and then more of them; no rate serves their days as well
# as standardising does.
SETTINGS = {"equal": (0.5, 100, 100), "1/variance": (1.4, 100, 100), "standardised": (0.05, 60, 300)}
SETTINGS["fixed output layer"] = SETTINGS["standardised"]


def _mse(predicted, target):
    return (predicted - target).square().mean(dim=0)


def trainer(nb: SimpleNamespace, invert: bool = True, scaled_on: slice | None = None):
    """The notebook's `train_and_predict`.

    `invert=False` forgets to leave standard units; `scaled_on` fits the scaler on other rows than the training rows.
    """

    def train_and_predict(treatment, weights, seed, width=4):
        y = nb.data.y[nb.train]
        scaler = TargetScaler("standard").fit(nb.data.y[scaled_on or nb.train])
        rate, epochs, rows = SETTINGS[treatment]
        generator = torch.Generator().manual_seed(seed)
        model = HardSharing(nb.x.shape[1], width, [1, 1], generator)
        if treatment == "fixed output layer":
            model = FixedOutputScale(model, scaler.location_, scaler.scale_)
        standardise = treatment == "standardised"
        target = torch.tensor(scaler.transform(y) if standardise else y, dtype=torch.float32)
        by_variance = variance_weights(y) if treatment in ("1/variance", "fixed output layer") else 1.0
        optimiser = torch.optim.Adam(model.parameters(), rate)
        fit(
            model,
            minibatches(nb.x[nb.train], target, size=rows),
            _mse,
            WeightedSum((np.array(weights) * by_variance).tolist()),
            optimiser,
            epochs,
            generator=generator,
            task_names=nb.data.task_names,
            quiet=True,
        )
        with torch.no_grad():
            predicted = model(nb.x).double().numpy()
        return scaler.inverse_transform(predicted) if standardise and invert else predicted

    return train_and_predict


def _r2(nb, predicted, rows=None):
    rows = rows or nb.validation
    truth, guess = nb.data.y[rows], predicted[rows]
    return [r2_score(t, p) for t, p in zip(truth.T, guess.T)]


def _weights(share):
    return 2 * share, 2 - 2 * share


def scores(nb):
    runs = {t: [nb.train_and_predict(t, (1.0, 1.0), s) for s in nb.SEEDS] for t in nb.TREATMENTS}
    return {treatment: np.array([_r2(nb, p) for p in predictions]) for treatment, predictions in runs.items()}


def single(nb):
    return hand_in.single(nb, 2, lambda weights, seed: _r2(nb, nb.train_and_predict("standardised", weights, seed)))


def gains(nb):
    return hand_in.gains(nb.scores, nb.single, [True, True])


def table(nb):
    return {name: mean_interval(rows) for name, rows in {**nb.scores, "one model per task": nb.single}.items()}


def curve(nb, shares=SHARES, judged=None):
    def over_seeds(share):
        runs = (nb.train_and_predict("standardised", _weights(share), seed, width=1) for seed in nb.SEEDS)
        return np.array([_r2(nb, predicted, judged) for predicted in runs])

    return {f"w={share}": over_seeds(share) for share in shares}


def chosen(nb):
    """The configuration with the best sum of both: never dominated."""
    return max(nb.curve, key=lambda name: nb.curve[name].mean(axis=0).sum())


def final(nb):
    return nb.train_and_predict("standardised", _weights(float(nb.chosen.removeprefix("w="))), 0, width=1)


def weight_log(nb):
    reasons = (
        "days almost alone, to see their ceiling",
        "the curve bends between 0.3 and 0.4: its start",
        "the middle of the bend, where both have a part",
        "the end of the bend, where price takes over",
        "sellers ask for the price first, and the days are a bonus",
        "price almost alone, to see its ceiling",
    )
    return hand_in.weight_log(nb, nb.curve, _weights, reasons, "the sum of both R²")


def audit(nb):
    return hand_in.audit(
        nb,
        "stage 1: the history of fit has a column for each task",
        "the weight log has a line with a reason for each weight of stage 5",
        "no label is missing: the cell of the data, data.mask",
        "stage 5 sweeps six weights with intervals",
    )


FULL = {
    "train_and_predict": trainer,
    "scores": scores,
    "single": single,
    "gains": gains,
    "table": table,
    "curve": curve,
    "chosen": chosen,
    "final": final,
    "weight_log": weight_log,
    "audit": audit,
}

# Stops after the table: three weights instead of five, a log of one line, nothing chosen.
PARTIAL = {
    "train_and_predict": trainer,
    "scores": scores,
    "single": single,
    "gains": gains,
    "table": table,
    "curve": lambda nb: curve(nb, SHARES[:3]),
    "weight_log": lambda nb: [
        {"configuration": "a", "weights": (1, 1), "reason": "start with no preference", "decision": "kept"}
    ],
}

# Every stage has something in it: standard units for euros, four treatments that are one, a shared model for a
# baseline, percent for fractions, the same numbers for every weight, one reason for all, and yes to every question.
BAD = {
    "train_and_predict": lambda nb: trainer(nb, invert=False),
    "scores": lambda nb: dict.fromkeys(nb.TREATMENTS, scores(nb)["standardised"]),
    "single": lambda nb: nb.scores["standardised"],
    "gains": lambda nb: {name: 100 * gain for name, gain in gains(nb).items()},
    "table": lambda nb: {name: row.mean for name, row in table(nb).items()},
    "curve": lambda nb: {f"w={share}": nb.scores["standardised"] for share in SHARES},
    "chosen": lambda nb: "the best one",
    "final": lambda nb: np.tile(nb.data.y[nb.train].mean(axis=0), (nb.data.n_samples, 1)),
    "weight_log": lambda nb: [
        {"configuration": f"w={share}", "weights": share, "reason": "to see how it trades", "decision": "kept"}
        for share in SHARES
    ],
    "audit": lambda nb: dict.fromkeys(nb.audit, "yes yes yes yes"),
}

EXPECTED = {
    "full": {"usable": "1a 1b 1c 2 3a 3b 4 5 6a 6b 6c 7 8"},
    "partial": {"usable": "1a 1b 1c 2 3a 3b 4", "not done yet": "5 6a 6b 6c 7 8"},
    "bad": {"usable": "1a 1c", "not usable": "1b 2 3a 4 5 6a 6b 7 8", "not done yet": "3b 6c"},
}
