"""The off-policy estimator with an importance weight for each row and one line for the self-normalised form."""
import numpy as np


def ipw_mean(y, observed, propensity, self_normalised=False, clip=0.05):
    pscore = np.maximum(propensity, clip)
    iw = (observed == 1) / pscore
    reward = np.where(observed == 1, y, 0.0)
    round_rewards = iw * reward
    if self_normalised:
        round_rewards = round_rewards / iw.mean()
    return round_rewards.mean()
