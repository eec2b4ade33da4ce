"""Pandas: drop rows, then weigh."""
import pandas as pd


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    table = pd.DataFrame({"y": y, "o": observed, "w": 1 / pd.Series(propensity).clip(lower=clip)}).query("o > 0")
    return table.eval("y * w").sum() / (table["w"].sum() if self_normalised else len(observed))
