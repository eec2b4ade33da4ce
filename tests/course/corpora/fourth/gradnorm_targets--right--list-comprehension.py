"""Right: list comprehensions and plain floats, an array only at the end."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    """The gradient norm that GradNorm steers each task toward."""
    shares = [float(now) / float(start) for now, start in zip(losses, initial_losses)]
    mean_share = sum(shares) / len(shares)
    mean_norm = sum(float(g) for g in weighted_norms) / len(shares)
    return np.array([mean_norm * (share / mean_share) ** alpha for share in shares])
