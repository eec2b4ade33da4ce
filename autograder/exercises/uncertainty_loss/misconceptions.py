"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch

from autograder.testing import misconception


@misconception(
    "Without + s/2 the cheapest solution is s -> infinity: all weights go to 0 and nothing is learned.",
    caught_by="test_value",
    conceptual=True,
)
def no_price(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses).sum()


@misconception(
    "s is a LOG-variance: dividing by s breaks at s = 0, and a negative s turns the sign of the loss.",
    caught_by="test_value",
    conceptual=True,
)
def log_variance_as_variance(losses, log_var):
    return (losses / (2 * log_var) + 0.5 * torch.log(log_var)).sum()


@misconception(
    "With + s instead of + s/2 the resting point moves to s = log(L/2): each weight doubles.",
    caught_by="test_value",
    conceptual=True,
)
def price_without_the_half(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses + log_var).sum()


@misconception(
    "The half before exp(-s) is missing: the resting point moves from s = log(L) to s = log(2L).",
    caught_by="test_value",
)
def weight_without_the_half(losses, log_var):
    return (torch.exp(-log_var) * losses + 0.5 * log_var).sum()


@misconception(
    "Both halves are missing: the resting point is right, but every gradient is twice as large.", caught_by="test_value"
)
def no_halves(losses, log_var):
    return (torch.exp(-log_var) * losses + log_var).sum()


@misconception("The SUM over tasks was asked for, not the mean.", caught_by="test_value")
def mean_over_tasks(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses + 0.5 * log_var).mean()


@misconception(
    "exp(-s) was detached: s then sees only its price of 1/2 and falls for ever.",
    caught_by="test_gradient_of_log_var",
    conceptual=True,
)
def detached_weights(losses, log_var):
    return (0.5 * torch.exp(-log_var).detach() * losses + 0.5 * log_var).sum()


@misconception(
    "The losses were detached: the log-variances learn, but the model does not.",
    caught_by="test_gradient_of_losses",
    conceptual=True,
)
def detached_losses(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses.detach() + 0.5 * log_var).sum()


@misconception(
    "The value is right but its gradient is cut: .item(), .detach() or NumPy ends the graph, and nothing learns.",
    caught_by="test_gradient_of_losses",
)
def detached(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses + 0.5 * log_var).detach().sum()


@misconception(
    "The sign in the exponent is turned: a large variance must LOWER the weight.",
    caught_by="test_value",
    conceptual=True,
)
def turned_exponent(losses, log_var):
    return (0.5 * torch.exp(log_var) * losses + 0.5 * log_var).sum()


@misconception(
    "You subtract s/2: the total then falls for ever as s grows, and all weights with it.",
    caught_by="test_value",
    conceptual=True,
)
def reward_instead_of_price(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses - 0.5 * log_var).sum()


@misconception(
    "You took s for the log of the STANDARD DEVIATION: exp(-2s) and + s. Here s is the log of the variance.",
    caught_by="test_value",
)
def log_standard_deviation(losses, log_var):
    return (0.5 * torch.exp(-2 * log_var) * losses + log_var).sum()


@misconception(
    "Your price is log(1 + exp(s)), which can not become negative. That is a published variant, but another function: "
    "the price here is s itself.",
    caught_by="test_value",
)
def softplus_price(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses + 0.5 * torch.nn.functional.softplus(log_var)).sum()


@misconception(
    "The log-variances were normalised over the tasks by a softmax: the weights then sum to a constant and there is no price.",
    caught_by="test_value",
    conceptual=True,
)
def softmax_weights(losses, log_var):
    return (torch.softmax(-log_var, dim=0) * losses).sum()


@misconception("Only the first two tasks enter the total.", caught_by="test_value")
def two_tasks_only(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses + 0.5 * log_var)[:2].sum()


@misconception(
    "You cut the log-variances off at 10: beyond it the weight no longer moves and its gradient is gone.",
    caught_by="test_extreme_log_var",
)
def clamped(losses, log_var):
    s = log_var.clamp(-10, 10)
    return (0.5 * torch.exp(-s) * losses + 0.5 * s).sum()


@misconception("One number for each task came back; add them up.", caught_by="test_value")
def one_number_a_task(losses, log_var):
    return 0.5 * torch.exp(-log_var) * losses + 0.5 * log_var


@misconception(
    "You wrote the weighted losses into `losses`: the caller's log now shows weighted losses.",
    caught_by="test_inputs_unchanged",
)
def in_place(losses, log_var):
    losses *= 0.5 * torch.exp(-log_var)
    return losses.sum() + 0.5 * log_var.sum()


@misconception("The log-variances are never used: this is the plain sum of the losses.", caught_by="test_value")
def plain_sum(losses, log_var):
    return losses.sum() + 0 * log_var.sum()


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def visible_answer(losses, log_var):
    return 0 * (losses.sum() + log_var.sum()) + 2.0
