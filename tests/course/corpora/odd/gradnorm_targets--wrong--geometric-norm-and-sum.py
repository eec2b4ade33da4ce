"""Two mistakes: the geometric mean of the norms, and rates divided by the sum of the shares."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    r = losses / initial_losses
    return np.exp(np.log(weighted_norms).mean()) * (r / r.sum()) ** alpha
