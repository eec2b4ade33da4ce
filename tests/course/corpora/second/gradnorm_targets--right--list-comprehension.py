"""Plain Python lists."""
import numpy as np


def gradnorm_targets(weighted_norms, losses, initial_losses, alpha):
    kept = [now / start for now, start in zip(losses, initial_losses)]
    avg_kept = sum(kept) / len(kept)
    g_bar = sum(weighted_norms) / len(weighted_norms)
    return np.array([g_bar * (k / avg_kept) ** alpha for k in kept])
