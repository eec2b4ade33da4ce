"""Project 4: a full, a partial and a bad solution; the form is that of `p1`."""

from types import SimpleNamespace

import numpy as np
import torch
from sklearn.metrics import r2_score

from mtl_teach.losses import masked_loss
from mtl_teach.metrics import mean_interval
from mtl_teach.models import HardSharing
from mtl_teach.scaling import TargetScaler
from mtl_teach.training import fit, minibatches
from mtl_teach.weighting import UncertaintyWeighting, WeightedSum
from tests.course.projects import hand_in

SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
NARROW = 3  # the width of the curve
MASKED = "standard, slips masked"
METHODS = {"as they are": "none", "standard": "standard", "min-max": "minmax", "robust": "robust", MASKED: "standard"}


def _train(x, y, rows, method, weighting, seed, rate=0.02, width=8):
    """Train on `rows` and return predictions for all rows of `x`, in the units of `y` and in those of training."""
    scaler = TargetScaler(method).fit(y[rows])
    target = torch.tensor(scaler.transform(y[rows]), dtype=torch.float32)
    generator = torch.Generator().manual_seed(seed)
    model = HardSharing(x.shape[1], width, [1] * y.shape[1], generator)
    optimiser = torch.optim.Adam([*model.parameters(), *weighting.parameters()], rate)
    fit(
        model,
        minibatches(x[rows], target, size=100),
        masked_loss,
        weighting,
        optimiser,
        30,
        generator=generator,
        quiet=True,
    )
    with torch.no_grad():
        scaled = model(x).double().numpy()
    return scaler.inverse_transform(scaled), scaled


def trainer(nb: SimpleNamespace, invert: bool = True):
    """The notebook's `train_and_predict`; `invert=False` forgets to leave standard units."""

    def train_and_predict(treatment, weights, seed, width=8):
        y = nb.checked if treatment == MASKED else nb.data.y
        rate = 0.3 if treatment == "as they are" else 0.05 if width == NARROW else 0.02
        predicted, scaled = _train(nb.x, y, nb.train, METHODS[treatment], WeightedSum(weights), seed, rate, width)
        return predicted if invert else scaled

    return train_and_predict


def _r2(nb, predicted):
    truth, guess = nb.checked[nb.validation], predicted[nb.validation]
    return [r2_score(t[~np.isnan(t)], p[~np.isnan(t)]) for t, p in zip(truth.T, guess.T)]


def _weights(share):
    return [2 * share] * 3 + [2 - 2 * share] * 2


def scores(nb):
    runs = {t: [nb.train_and_predict(t, [1.0] * 5, s) for s in nb.SEEDS] for t in nb.TREATMENTS}
    return {treatment: np.array([_r2(nb, p) for p in predictions]) for treatment, predictions in runs.items()}


def single(nb):
    return hand_in.single(nb, 5, lambda weights, seed: _r2(nb, nb.train_and_predict(MASKED, weights, seed)))


def gains(nb):
    return hand_in.gains({name: 1 - rows for name, rows in nb.scores.items()}, 1 - nb.single, [False] * 5)


def table(nb):
    return {name: mean_interval(rows) for name, rows in {**nb.scores, "one model per task": nb.single}.items()}


def curve(nb, shares=SHARES):
    def over_seeds(share):
        return np.array([_r2(nb, nb.train_and_predict(MASKED, _weights(share), s, NARROW)) for s in nb.SEEDS])

    return {f"w={share}": over_seeds(share) for share in shares}


def chosen(nb):
    """The configuration with the best sum of both groups: never dominated."""
    return max(nb.groups, key=lambda name: nb.groups[name].mean(axis=0).sum())


def final(nb):
    return nb.train_and_predict(MASKED, _weights(float(nb.chosen.removeprefix("w="))), 0, NARROW)


def weight_log(nb):
    reasons = (
        "weather almost alone, to see its ceiling",
        "weather first: the station warns of frost",
        "fertiliser and frost cost the station about the same",
        "soil first: fertiliser is bought by it",
        "soil almost alone, to see its ceiling",
    )
    return hand_in.weight_log(nb, nb.groups, _weights, reasons, "the sum of both mean R²")


def audit(nb):
    return hand_in.audit(
        nb,
        "stage 1: the history of fit has a column for each task",
        "the weight log has a line with a reason for each weight of stage 5",
        "stage 1: masked_loss leaves out NaN, tests/mtl_teach covers it",
        "stage 5 sweeps five weights with intervals",
    )


def _learned(nb, seed):
    """Predictions for all rows, and the log-variances (5,) after training."""
    weighting = UncertaintyWeighting(["regression"] * 5)
    predicted, _ = _train(nb.x, nb.checked, nb.train, METHODS[MASKED], weighting, seed, 0.05, NARROW)
    return predicted, weighting.log_variances.detach().numpy()


def log_variances(nb):
    return np.array([_learned(nb, seed)[1] for seed in nb.SEEDS])


def compared(nb):
    return {
        "chosen weights": nb.curve[nb.chosen],
        "learned": np.array([_r2(nb, _learned(nb, seed)[0]) for seed in nb.SEEDS]),
    }


def patient_predictions(nb):
    rows = slice(0, 300)
    X = (nb.patient_X - nb.patient_X[rows].mean(axis=0)) / nb.patient_X[rows].std(axis=0)
    x = torch.tensor(X, dtype=torch.float32)
    return _train(x, nb.patient_y, rows, "standard", WeightedSum([1.0] * 3), 0, rate=0.01)[0]


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
    "log_variances": log_variances,
    "compared": compared,
    "patient_predictions": patient_predictions,
}

# Stops after the table: three weights instead of five, a log of one line, nothing chosen; the patients are done.
PARTIAL = {
    "train_and_predict": trainer,
    "scores": scores,
    "single": single,
    "gains": gains,
    "table": table,
    "curve": lambda nb: curve(nb, SHARES[:3]),
    "weight_log": lambda nb: [
        {"configuration": "a", "weights": [1] * 5, "reason": "start with no preference", "decision": "kept"}
    ],
    "patient_predictions": patient_predictions,
}

# Every stage has something in it: standard units for kelvins, gains without a baseline, the same numbers for every
# weight, one reason for all, the question for an answer.
BAD = {
    "train_and_predict": lambda nb: trainer(nb, invert=False),
    "scores": scores,
    "single": lambda nb: nb.scores[MASKED],
    "gains": lambda nb: dict.fromkeys(nb.TREATMENTS, np.zeros(len(nb.SEEDS))),
    "table": lambda nb: {treatment: rows.mean(axis=0) for treatment, rows in nb.scores.items()},
    "curve": lambda nb: {f"w={share}": nb.scores["standard"] for share in SHARES},
    "chosen": lambda nb: "the best one",
    "final": lambda nb: np.tile(nb.data.y[nb.train].mean(axis=0), (nb.data.n_samples, 1)),
    "weight_log": lambda nb: [
        {"configuration": f"w={share}", "weights": share, "reason": "because it works best", "decision": "kept"}
        for share in SHARES
    ],
    "audit": lambda nb: {question: f"yes: {question}" for question in nb.audit},
    "log_variances": lambda nb: np.zeros(5),
    "compared": lambda nb: dict.fromkeys(("chosen weights", "learned"), nb.scores["standard"]),
    "patient_predictions": lambda nb: np.log(nb.patient_y),
}

EXPECTED = {
    "full": {"usable": "1a 1b 1c 2 3a 3b 4 5 6a 6b 6c 7 8 9a 9b 10"},
    "partial": {"usable": "1a 1b 1c 2 3a 3b 4 10", "not done yet": "5 6a 6b 6c 7 8 9a 9b"},
    "bad": {"usable": "1a 1c 2", "not usable": "1b 3a 5 6b 7 8 9a 9b 10", "not done yet": "3b 4 6a 6c"},
}
