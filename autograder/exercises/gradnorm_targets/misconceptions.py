"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _rates(losses, initial_losses):
    left = losses / initial_losses
    return left / left.mean()


@misconception(
    "Each target starts from the task's *own* norm. Start from the mean of the norms; otherwise nothing is balanced.",
    caught_by="test_value",
    conceptual=True,
    family={"relative": (False, True)},
)
def own_norm(weighted_norms, losses, initial_losses, alpha, *, relative=False):
    own = weighted_norms / weighted_norms.mean() if relative else weighted_norms
    return own * _rates(losses, initial_losses) ** alpha


@misconception(
    "The rates are made from the losses alone, which depend on their units: divide by the initial losses first.",
    caught_by="test_value",
    conceptual=True,
)
def raw_losses(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * (losses / losses.mean()) ** alpha


@misconception(
    "The targets are too large by the number of tasks: take the mean of the norms, not their sum.",
    caught_by="test_value",
)
def sum_of_norms(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.sum() * _rates(losses, initial_losses) ** alpha


@misconception(
    "The rates sum to 1. They are relative to the *mean* share, so that they average to 1: divide by the mean, not the sum.",
    caught_by="test_value",
    conceptual=True,
)
def relative_to_the_sum(weighted_norms, losses, initial_losses, alpha):
    left = losses / initial_losses
    return weighted_norms.mean() * (left / left.sum()) ** alpha


@misconception(
    "The rates are never made relative: divide what is left of each loss by its mean over the tasks.",
    caught_by="test_value",
)
def rates_not_relative(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * (losses / initial_losses) ** alpha


@misconception(
    "The targets do not change with alpha, which says how much the slow tasks are favoured: raise the rates to it.",
    caught_by="test_value",
)
def alpha_ignored(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * _rates(losses, initial_losses)


@misconception(
    "alpha multiplies the rates. It is an *exponent*; as a factor it makes every target 0 when alpha is 0.",
    caught_by="test_value",
    conceptual=True,
)
def alpha_as_a_factor(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * _rates(losses, initial_losses) * alpha


@misconception(
    "alpha is applied to the mean norm as well; only the relative rate is raised to it.", caught_by="test_value"
)
def alpha_over_everything(weighted_norms, losses, initial_losses, alpha):
    return (weighted_norms.mean() * _rates(losses, initial_losses)) ** alpha


@misconception(
    "The ratio of the losses is upside down: a task that has kept much of its loss is *slow* and must get the larger target.",
    caught_by="test_value",
    conceptual=True,
    family={"start": ("mean", "sum", "own norm")},
)
def upside_down(weighted_norms, losses, initial_losses, alpha, *, start="mean"):
    norm = {"mean": weighted_norms.mean(), "sum": weighted_norms.sum(), "own norm": weighted_norms}[start]
    return norm * _rates(initial_losses, losses) ** alpha


@misconception(
    "A negative exponent: the slow tasks get the *smaller* targets.", caught_by="test_value", conceptual=True
)
def negative_exponent(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * _rates(losses, initial_losses) ** -alpha


@misconception(
    "The shares were compared with the ratio of the mean losses. The mean of the *ratios* is wanted: otherwise the task with "
    "the largest unit decides what average progress is.",
    caught_by="test_value",
)
def ratio_of_mean_losses(weighted_norms, losses, initial_losses, alpha):
    average = losses.mean() / initial_losses.mean()
    return weighted_norms.mean() * (losses / initial_losses / average) ** alpha


@misconception(
    "Every task got the mean of the norms as its target. That is alpha = 0; otherwise the slow tasks get more.",
    caught_by="test_value",
    conceptual=True,
)
def same_target_for_all(weighted_norms, losses, initial_losses, alpha):
    return np.full(losses.shape, weighted_norms.mean())


@misconception(
    "The targets were made to average (or sum) to a fixed number after the power. The formula does not: only the *rates* "
    "average to 1, before the power.",
    caught_by="test_value",
    family={"to": ("the mean norm", "the sum of the norms")},
)
def rescaled_targets(weighted_norms, losses, initial_losses, alpha, *, to="the mean norm"):
    powers = _rates(losses, initial_losses) ** alpha
    total = weighted_norms.mean() if to == "the mean norm" else weighted_norms.sum()
    return total * powers / (powers.mean() if to == "the mean norm" else powers.sum())


@misconception(
    "The shares were divided by something other than their mean, so the rates do not average to 1.",
    caught_by="test_value",
    family={"typical": ("largest", "smallest", "median", "geometric mean", "first", "length")},
)
def relative_to_another_share(weighted_norms, losses, initial_losses, alpha, *, typical="largest"):
    left = losses / initial_losses
    share = {
        "largest": left.max(),
        "smallest": left.min(),
        "median": np.median(left),
        "geometric mean": np.exp(np.log(left).mean()),
        "first": left[0],
        "length": np.linalg.norm(left),
    }[typical]
    return weighted_norms.mean() * (left / share) ** alpha


@misconception(
    "The targets start from a number other than the mean of the norms, which is the same for all tasks.",
    caught_by="test_value",
    family={
        "start": ("largest", "smallest", "median", "first", "geometric mean", "length"),
        "rates_average": (True, False),
    },
)
def other_start(weighted_norms, losses, initial_losses, alpha, *, start="largest", rates_average=True):
    norm = {
        "largest": weighted_norms.max(),
        "smallest": weighted_norms.min(),
        "median": np.median(weighted_norms),
        "first": weighted_norms[0],
        "geometric mean": np.exp(np.log(weighted_norms).mean()),
        "length": np.linalg.norm(weighted_norms),
    }[start]
    rates = _rates(losses, initial_losses)
    return norm * (rates if rates_average else rates / rates.sum()) ** alpha


@misconception(
    "The rates to the power alpha came back without a norm: multiply them by the mean of the norms.",
    caught_by="test_value",
)
def without_the_norms(weighted_norms, losses, initial_losses, alpha):
    return _rates(losses, initial_losses) ** alpha


@misconception(
    "alpha was raised to the power of the rate. It is the rate that is raised to the power alpha.",
    caught_by="test_value",
)
def base_and_exponent_exchanged(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * alpha ** _rates(losses, initial_losses)


@misconception(
    "alpha was applied to a part of the relative rate only: to the share or to the mean share. Divide first, then raise the "
    "quotient to alpha (and mind that ** binds more tightly than /).",
    caught_by="test_value",
    family={"raised": ("share", "mean share")},
)
def half_of_the_quotient_raised(weighted_norms, losses, initial_losses, alpha, *, raised="share"):
    left = losses / initial_losses
    rate = left**alpha / left.mean() if raised == "share" else left / left.mean() ** alpha
    return weighted_norms.mean() * rate


@misconception(
    "How far each norm is from its target came back: that is what GradNorm minimises. The exercise asks for the targets themselves.",
    caught_by="test_value",
    conceptual=True,
    family={"distance": ("absolute", "signed", "sum", "ratio")},
)
def distance_to_the_target(weighted_norms, losses, initial_losses, alpha, *, distance="absolute"):
    targets = weighted_norms.mean() * _rates(losses, initial_losses) ** alpha
    gaps = weighted_norms - targets
    return {"absolute": np.abs(gaps), "signed": gaps, "sum": np.abs(gaps).sum(), "ratio": targets / weighted_norms}[
        distance
    ]


@misconception(
    "One number came back; every task has a target of its own. Often because the mean was taken of a product, and not of the "
    "norms alone.",
    caught_by="test_value",
    family={"power": ("inside", "outside")},
)
def one_number(weighted_norms, losses, initial_losses, alpha, *, power="inside"):
    rates = _rates(losses, initial_losses)
    return np.mean(weighted_norms * rates**alpha) if power == "inside" else np.mean(weighted_norms * rates) ** alpha


@misconception(
    "Sums took the place of both means, that of the norms and that of the shares. The mean of the norms is shared, and the rates "
    "average to 1.",
    caught_by="test_value",
)
def sums_for_means(weighted_norms, losses, initial_losses, alpha):
    left = losses / initial_losses
    return weighted_norms.sum() * (left / left.sum()) ** alpha


@misconception(
    "The targets start from each task's own norm and follow the raw losses: two things. Start from the mean of the norms, and "
    "divide the losses by the initial losses first.",
    caught_by="test_value",
)
def own_norm_and_raw_losses(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms * (losses / losses.mean()) ** alpha


@misconception(
    "Two things at once: the targets start from each task's own norm instead of the mean of the norms, and {rates}. Each "
    "rate is the task's share over the mean share, raised to alpha at the end.",
    caught_by="test_value",
    conceptual=True,
    family={
        "rates": (
            "the shares are raised to alpha before their mean is taken",
            "the shares are divided by their sum",
            "the shares are not divided by their mean",
            "alpha multiplies the rates",
        )
    },
)
def own_norm_and_other_rates(
    weighted_norms, losses, initial_losses, alpha, *, rates="the shares are raised to alpha before their mean is taken"
):
    left = losses / initial_losses
    return (
        weighted_norms
        * {
            "the shares are raised to alpha before their mean is taken": left**alpha / (left**alpha).mean(),
            "the shares are divided by their sum": (left / left.sum()) ** alpha,
            "the shares are not divided by their mean": left**alpha,
            "alpha multiplies the rates": left / left.mean() * alpha,
        }[rates]
    )


@misconception(
    "In other units of the losses other targets come out. Often because a small number was added to a loss before dividing: "
    "losses are above 0, so nothing needs protecting.",
    caught_by="test_units_of_the_losses",
    family={"eps": (1e-8, 1e-6, 1e-7, 1e-5, 1e-4, 1e-3)},
)
def epsilon_below_the_line(weighted_norms, losses, initial_losses, alpha, *, eps=1e-8):
    left = losses / (initial_losses + eps)
    return weighted_norms.mean() * (left / left.mean()) ** alpha


@misconception(
    "The rates are made from how much each loss has *fallen*. The rate is what is left of it: a task without progress must come "
    "out largest.",
    caught_by="test_value",
    conceptual=True,
    family={"per_loss": (True, False)},
)
def progress_made(weighted_norms, losses, initial_losses, alpha, *, per_loss=True):
    unit = initial_losses if per_loss else np.ones_like(losses)
    with np.errstate(all="ignore"):
        return weighted_norms.mean() * _rates(initial_losses - losses, unit) ** alpha


@misconception(
    "The shares went through a softmax, which exaggerates their differences: divide them by their mean, and raise to alpha.",
    caught_by="test_value",
    family={"alpha_is": ("inside", "outside"), "times": ("tasks", "one")},
)
def softmax_of_shares(weighted_norms, losses, initial_losses, alpha, *, alpha_is="inside", times="tasks"):
    powers = np.exp(losses / initial_losses * (alpha if alpha_is == "inside" else 1.0))
    shares = powers / powers.sum() * (len(losses) if times == "tasks" else 1)
    return weighted_norms.mean() * (shares if alpha_is == "inside" else shares**alpha)


@misconception(
    "`losses` were changed in place: the caller still logs them. Often because of `/=`; make a new array.",
    caught_by="test_inputs_unchanged",
)
def in_place(weighted_norms, losses, initial_losses, alpha):
    losses /= initial_losses
    return weighted_norms.mean() * (losses / losses.mean()) ** alpha


@misconception("The norms come back as they went in.", caught_by="test_value")
def the_norms_themselves(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def visible_answer(weighted_norms, losses, initial_losses, alpha):
    return np.resize([1.0, 3.0], losses.shape)
