"""Pandas groups, cumulated from above."""
import numpy as np
import pandas as pd


def precision_threshold(y_val, score, min_precision):
    levels = pd.DataFrame({"y": y_val, "s": score}).groupby("s")["y"].agg(["sum", "count"]).sort_index(ascending=False)
    levels = levels.cumsum()
    good = levels[levels["sum"] / levels["count"] >= min_precision]
    return good["sum"].idxmax() if len(good) else np.inf
