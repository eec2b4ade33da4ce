"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import torch

from autograder.testing import misconception


@misconception(
    "A large s has no price. Without + s/2 the cheapest solution is s -> infinity: all weights go to 0 and nothing is "
    "learned.",
    caught_by="test_value",
    conceptual=True,
)
def no_price(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses).sum()


@misconception(
    "s itself was used as the variance (or the deviation), with its logarithm as the price. s is the *log* of the variance: "
    "dividing by s breaks at s = 0, and a negative s turns the sign of the loss.",
    caught_by="test_value",
    conceptual=True,
    family={"power": (1, 2)},
)
def log_variance_as_variance(losses, log_var, *, power=1):
    return (losses / (2 * log_var**power) + 0.5 * power * torch.log(log_var)).sum()


@misconception(
    "The price is s instead of s/2: the equilibrium moves to s = log(L/2), and each weight doubles.",
    caught_by="test_value",
    conceptual=True,
)
def price_without_the_half(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses + log_var).sum()


@misconception(
    "The half before exp(-s) is missing: the equilibrium moves from s = log(L) to s = log(2L).",
    caught_by="test_value",
)
def weight_without_the_half(losses, log_var):
    return (torch.exp(-log_var) * losses + 0.5 * log_var).sum()


@misconception(
    "The total is twice what it should be: both halves are missing. The equilibrium is right, but every gradient is twice as "
    "large.",
    caught_by="test_value",
)
def no_halves(losses, log_var):
    return (torch.exp(-log_var) * losses + log_var).sum()


@misconception(
    "The mean over tasks came back; the *sum* was asked for.", caught_by="test_value", family={"half": (0.5, 1.0)}
)
def mean_over_tasks(losses, log_var, *, half=0.5):
    return half * (torch.exp(-log_var) * losses + log_var).mean()


@misconception(
    "The price was weighted as well: exp(-s) multiplies the loss and s. It belongs to the loss alone; s/2 is added outside.",
    caught_by="test_value",
    family={"half": (0.5, 1.0)},
)
def price_weighted_too(losses, log_var, *, half=0.5):
    return half * (torch.exp(-log_var) * (losses + log_var)).sum()


@misconception(
    "The total is half of what it should be: everything is halved twice. Each task adds exp(-s) loss / 2 and s / 2, once.",
    caught_by="test_value",
)
def halved_twice(losses, log_var):
    return 0.5 * (0.5 * torch.exp(-log_var) * losses + 0.5 * log_var).sum()


@misconception(
    "The gradient of each log-variance is 1/2, its price alone: exp(-s) is cut from the graph, and s falls for ever. Often "
    "because of `.detach()`, `.item()` or `.data`.",
    caught_by="test_gradient_of_log_var",
    conceptual=True,
)
def detached_weights(losses, log_var):
    return (0.5 * torch.exp(-log_var).detach() * losses + 0.5 * log_var).sum()


@misconception(
    "No gradient reaches the losses: they are cut from the graph, so the log-variances learn and the model does not.",
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
    "The weight is exp(s)/2: the sign in the exponent is wrong. A large variance must *lower* the weight.",
    caught_by="test_value",
    conceptual=True,
)
def turned_exponent(losses, log_var):
    return (0.5 * torch.exp(log_var) * losses + 0.5 * log_var).sum()


@misconception(
    "s/2 is subtracted instead of added: the total then falls for ever as s grows, and all weights with it.",
    caught_by="test_value",
    conceptual=True,
)
def reward_instead_of_price(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses - 0.5 * log_var).sum()


@misconception(
    "Both signs are wrong: weight exp(s)/2 and price -s/2. That is right for the log of the *precision*; here s is the log of "
    "the variance.",
    caught_by="test_value",
)
def log_precision(losses, log_var):
    return (0.5 * torch.exp(log_var) * losses - 0.5 * log_var).sum()


@misconception(
    "The weight holds exp(-2s), the square of what it should. That is right for the log of the *standard deviation*; here s is "
    "the log of the variance.",
    caught_by="test_value",
    family={"price": ("s", "s / 2")},
)
def log_standard_deviation(losses, log_var, *, price="s"):
    return (0.5 * torch.exp(-2 * log_var) * losses + (log_var if price == "s" else 0.5 * log_var)).sum()


@misconception(
    "The weight holds exp(-s/2), one over the *deviation*: squared errors are divided by the variance, exp(s).",
    caught_by="test_value",
)
def divided_by_the_deviation(losses, log_var):
    return (0.5 * torch.exp(-log_var / 2) * losses + 0.5 * log_var).sum()


@misconception(
    "The price cannot become negative (log(1 + exp(s)), s², |s| or the like). Such variants are published, but are other "
    "functions: the price here is s/2 itself, which is negative for a negative s.",
    caught_by="test_value",
    family={"price": ("softplus", "square", "absolute", "exp", "log(1 + s)"), "half": (0.5, 1.0)},
)
def price_never_negative(losses, log_var, *, price="softplus", half=0.5):
    cost = {
        "softplus": torch.nn.functional.softplus(log_var),
        "square": log_var**2,
        "absolute": log_var.abs(),
        "exp": log_var.exp(),
        "log(1 + s)": torch.log1p(log_var.clamp(min=0)),
    }[price]
    return (0.5 * torch.exp(-log_var) * losses + half * cost).sum()


@misconception(
    "The weighted losses are summed, but the price is averaged over the tasks. Every task adds its own weighted loss and its "
    "own price.",
    caught_by="test_value",
)
def price_averaged(losses, log_var):
    return (0.5 * torch.exp(-log_var) * losses).sum() + 0.5 * log_var.mean()


@misconception(
    "The weights and the losses were summed before they were multiplied, so every weight met every loss. Multiply task by task, "
    "then add up.",
    caught_by="test_value",
    family={"losses_are": ("summed", "averaged")},
)
def every_weight_with_every_loss(losses, log_var, *, losses_are="summed"):
    together = losses.sum() if losses_are == "summed" else losses.mean()
    return (0.5 * torch.exp(-log_var) * together + 0.5 * log_var).sum()


@misconception(
    "The log-variances were normalised over the tasks by a softmax: the weights then sum to a constant and there is no price.",
    caught_by="test_value",
    conceptual=True,
)
def softmax_weights(losses, log_var):
    return (torch.softmax(-log_var, dim=0) * losses).sum()


@misconception(
    "Only some of the tasks enter the total: the first, the first two or the last. Often because two tasks were written out, "
    "because a `return` stands inside the loop, or because of `=` where `+=` was meant.",
    caught_by="test_value",
    family={"tasks": ("first two", "first", "last")},
)
def some_tasks_only(losses, log_var, *, tasks="first two"):
    some = {"first two": slice(2), "first": slice(1), "last": slice(-1, None)}[tasks]
    return (0.5 * torch.exp(-log_var) * losses + 0.5 * log_var)[some].sum()


@misconception(
    "At extreme log-variances the weight no longer changes: s (or its exponential) is cut off at some limit, and its gradient is "
    "gone there. Values of 60 either way are allowed and do not overflow.",
    caught_by="test_extreme_log_var",
    family={
        "limits": (
            *((-limit, limit) for limit in (10.0, 5.0, 15.0, 20.0, 30.0, 50.0)),
            *((-limit, None) for limit in (10.0, 20.0, 30.0, 50.0)),
            *((None, limit) for limit in (10.0, 20.0, 30.0, 50.0)),
        ),
        "price": ("cut off", "as it is"),
    },
)
def clamped(losses, log_var, *, limits=(-10.0, 10.0), price="cut off"):
    s = log_var.clamp(*limits)
    # A weight of nearly 0 that is a little larger is seen in the price only.
    return (0.5 * torch.exp(-s) * losses + 0.5 * (s if price == "cut off" or limits[0] is None else log_var)).sum()


@misconception(
    "At a very negative s the weight is far too small. Often because a small number was added to the variance exp(s) below the "
    "line: exp(s) is never 0, so nothing needs protecting.",
    caught_by="test_extreme_log_var",
    family={"eps": (1e-8, 1e-6, 1e-12, 1e-10, 1e-9, 1e-7, 1e-16), "price": ("s", "log of the sum")},
)
def epsilon_below_the_line(losses, log_var, *, eps=1e-8, price="s"):
    variance = torch.exp(log_var) + eps
    return (0.5 * losses / variance + 0.5 * (log_var if price == "s" else torch.log(variance))).sum()


@misconception(
    "One number per task came back. They are to be added up: the answer is a scalar tensor.", caught_by="test_value"
)
def one_number_a_task(losses, log_var):
    return 0.5 * torch.exp(-log_var) * losses + 0.5 * log_var


@misconception(
    "`losses` or `log_var` was changed in place: the caller's log shows other numbers now. Often because of `*=` or a method "
    "that ends in an underscore; make a new tensor.",
    caught_by="test_inputs_unchanged",
    family={"which": ("losses", "log_var")},
)
def in_place(losses, log_var, *, which="losses"):
    if which == "losses":
        losses *= 0.5 * torch.exp(-log_var)
        return losses.sum() + 0.5 * log_var.sum()
    log_var *= 0.5
    return (0.5 * torch.exp(-2 * log_var) * losses).sum() + log_var.sum()


@misconception(
    "The log-variances are never used: this is the plain sum of the losses, or half of it.",
    caught_by="test_value",
    family={"half": (1.0, 0.5)},
)
def plain_sum(losses, log_var, *, half=1.0):
    return half * losses.sum() + 0 * log_var.sum()


@misconception("The same number comes back whatever goes in.", caught_by="test_value")
def visible_answer(losses, log_var):
    return 0 * (losses.sum() + log_var.sum()) + 2.0
