"""Names of the paper: loss ratio, inverse training rate, constant term."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    loss_ratio = losses / initial_losses
    inverse_train_rate = loss_ratio / loss_ratio.mean()
    mean_norm = weighted_norms.mean()
    constant_term = mean_norm * (inverse_train_rate ** alpha)
    return constant_term
