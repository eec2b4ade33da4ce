"""What every full solution of a project hands in: baselines and gains over them, a weight log and an audit."""

from functools import cache

import numpy as np

from mtl_teach.metrics import delta_m


def single(nb, n_tasks, score):
    """Scores (n_seeds, n_tasks) of one model per task: all other tasks have the weight 0, so the trunk is its own."""
    tasks = range(n_tasks)
    return np.array([[score(tuple(float(t == k) for t in tasks), seed)[k] for k in tasks] for seed in nb.SEEDS])


def gains(results, baselines, higher_is_better):
    """Δm of each configuration, seed by seed."""
    return {
        name: np.array([delta_m(s, b, higher_is_better) for s, b in zip(rows, baselines, strict=True)])
        for name, rows in results.items()
    }


def weight_log(nb, results, weights, reasons, what):
    """A line for each configuration of the sweep, with one reason each and the number that decided."""
    sums = {name: rows.mean(axis=0).sum() for name, rows in results.items()}
    return [
        {
            "configuration": name,
            "weights": weights(float(name.split("=")[1])),
            "reason": reason,
            "decision": f"{'kept' if name == nb.chosen else 'dropped'}: {what} is {sums[name]:.3f}",
        }
        for name, reason in zip(results, reasons, strict=True)
    ]


@cache
def remembered(train_and_predict):
    """The same function, which trains once for each of its arguments; never for milestones, which train anew."""
    return cache(train_and_predict)


def audit(nb, *answers):
    """The notebook's questions with an answer each."""
    return dict(zip(nb.audit, answers, strict=True))
