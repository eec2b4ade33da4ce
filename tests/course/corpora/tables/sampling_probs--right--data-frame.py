"""A data frame's column."""
import pandas as pd


def sampling_probs(n, alpha):
    return pd.Series(n, dtype=float).pow(alpha).pipe(lambda powers: powers / powers.sum()).tolist()
