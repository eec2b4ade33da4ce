"""A table of shares, by a data frame."""
import pandas as pd


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    tasks = pd.DataFrame({"norm": weighted_norms, "left": losses / initial_losses}).astype(float)
    return (tasks.left / tasks.left.mean()).pow(alpha).mul(tasks.norm.mean()).to_numpy()
