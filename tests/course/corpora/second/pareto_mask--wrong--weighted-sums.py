"""Keeps only what some weighted sum would choose, so points in a dent of the front are lost (and copies too)."""
import numpy as np


def pareto_mask(points, maximise):
    pts = np.asarray(points, float) * np.where(maximise, 1, -1)
    span = np.ptp(pts, axis=0)
    span[span == 0] = 1
    z = (pts - pts.min(axis=0)) / span
    rng = np.random.default_rng(0)
    keep = np.zeros(len(z), dtype=bool)
    for w in rng.dirichlet(np.ones(z.shape[1]), size=2000):
        keep[np.argmax(z @ w)] = True
    return keep
