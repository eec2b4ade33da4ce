"""What every full solution of a project hands in: baselines and gains over them, a weight log and an audit."""

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


def weight_log(nb, letter, knobs, weights, reasons, dropped):
    """A line for each configuration of the sweep, named after its knob such as `w=0.5`, with one reason each."""
    return [
        {
            "configuration": f"{letter}={knob}",
            "weights": weights(knob),
            "reason": reason,
            "decision": "kept" if nb.chosen == f"{letter}={knob}" else f"dropped: {dropped}",
        }
        for knob, reason in zip(knobs, reasons, strict=True)
    ]


def audit(nb, *answers):
    """The notebook's questions with an answer each."""
    return dict(zip(nb.audit, answers, strict=True))
