"""Right answers that look nothing alike."""

import numpy as np

from autograder.testing import alternative


@alternative("vectorised")
def vectorised(weighted_norms, losses, initial_losses, alpha):
    left = losses / initial_losses
    return weighted_norms.mean() * (left / left.mean()) ** alpha


@alternative("a loop that returns a list of floats")
def loop(weighted_norms, losses, initial_losses, alpha):
    tasks = len(losses)
    left = [float(losses[t]) / float(initial_losses[t]) for t in range(tasks)]
    mean_norm = sum(float(norm) for norm in weighted_norms) / tasks
    return [mean_norm * pow(share * tasks / sum(left), alpha) for share in left]


@alternative("through logarithms")
def logarithms(weighted_norms, losses, initial_losses, alpha):
    log_left = np.log(losses) - np.log(initial_losses)
    log_rate = log_left - np.log(np.mean(np.exp(log_left)))
    return np.exp(np.log(np.mean(weighted_norms)) + alpha * log_rate)


@alternative("powers apart, then one quotient")
def powers_apart(weighted_norms, losses, initial_losses, alpha):
    share = np.true_divide(losses, initial_losses)
    scale = np.average(weighted_norms) / np.power(np.average(share), alpha)
    return tuple(scale * np.power(share, alpha))


@alternative("torch tensors")
def in_torch(weighted_norms, losses, initial_losses, alpha):
    import torch

    left = torch.from_numpy(losses).div(torch.from_numpy(initial_losses))
    return torch.from_numpy(weighted_norms).mean() * left.div(left.mean()).pow(alpha)


@alternative("the statistics module's mean")
def exact_means(weighted_norms, losses, initial_losses, alpha):
    from statistics import fmean

    left = [now / start for now, start in zip(losses.tolist(), initial_losses.tolist())]
    average = fmean(left)
    return np.array([fmean(weighted_norms.tolist()) * (one / average) ** alpha for one in left])
