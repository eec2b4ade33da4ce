"""Two mistakes: scales each task's own norm instead of the mean norm, and takes the speed (initial / now), so fast tasks get the larger targets."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    """The gradient norm that GradNorm steers each task toward."""
    norms = np.asarray(weighted_norms, dtype=float)
    speed = np.asarray(initial_losses, dtype=float) / np.asarray(losses, dtype=float)
    relative = speed / np.mean(speed)
    return norms * relative ** alpha
