"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _rates(losses, initial_losses):
    left = losses / initial_losses
    return left / left.mean()


@misconception(
    "Start from the MEAN norm; with each task's own norm nothing is balanced.", caught_by="test_value", conceptual=True
)
def own_norm(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms * _rates(losses, initial_losses) ** alpha


@misconception(
    "Raw losses depend on units: divide by the initial losses first.", caught_by="test_value", conceptual=True
)
def raw_losses(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * (losses / losses.mean()) ** alpha


@misconception("Mean of the norms, not their sum.", caught_by="test_value")
def sum_of_norms(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.sum() * _rates(losses, initial_losses) ** alpha


@misconception(
    "The rate is relative to the MEAN, so that the rates average to 1; you divided by the sum.",
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


@misconception("alpha is never used: it says how hard the slow tasks are pulled.", caught_by="test_value")
def alpha_ignored(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * _rates(losses, initial_losses)


@misconception(
    "alpha is an EXPONENT; as a factor it makes every target 0 when alpha is 0.",
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
    "The ratio is upside down: a task that has kept much of its loss is SLOW and must get the larger target.",
    caught_by="test_value",
    conceptual=True,
)
def upside_down(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * _rates(initial_losses, losses) ** alpha


@misconception("A negative exponent: the slow tasks get the SMALLER targets.", caught_by="test_value", conceptual=True)
def negative_exponent(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.mean() * _rates(losses, initial_losses) ** -alpha


@misconception(
    "You divided by the ratio of the mean losses. The mean of the RATIOS is wanted: otherwise the task with the largest "
    "unit decides what average progress is.",
    caught_by="test_value",
)
def ratio_of_mean_losses(weighted_norms, losses, initial_losses, alpha):
    average = losses.mean() / initial_losses.mean()
    return weighted_norms.mean() * (losses / initial_losses / average) ** alpha


@misconception(
    "Every task has the same target in your version. That is alpha = 0; otherwise the slow tasks get more.",
    caught_by="test_value",
    conceptual=True,
)
def same_target_for_all(weighted_norms, losses, initial_losses, alpha):
    return np.full(losses.shape, weighted_norms.mean())


@misconception(
    "You rescaled the targets so that they average to the mean norm again. The formula does not: only the RATES average to 1.",
    caught_by="test_value",
)
def rescaled_targets(weighted_norms, losses, initial_losses, alpha):
    powers = _rates(losses, initial_losses) ** alpha
    return weighted_norms.mean() * powers / powers.mean()


@misconception("You divided by the LARGEST share: the rates then average to less than 1.", caught_by="test_value")
def relative_to_the_largest(weighted_norms, losses, initial_losses, alpha):
    left = losses / initial_losses
    return weighted_norms.mean() * (left / left.max()) ** alpha


@misconception("You started from the largest norm; the mean of the norms is shared.", caught_by="test_value")
def largest_norm(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms.max() * _rates(losses, initial_losses) ** alpha


@misconception(
    "You used how much the loss has FALLEN. The rate is what is left of it: a task without progress must come out largest.",
    caught_by="test_value",
    conceptual=True,
)
def progress_made(weighted_norms, losses, initial_losses, alpha):
    with np.errstate(all="ignore"):
        return weighted_norms.mean() * _rates(initial_losses - losses, initial_losses) ** alpha


@misconception("A softmax exaggerates the differences: divide the shares by their mean.", caught_by="test_value")
def softmax_of_shares(weighted_norms, losses, initial_losses, alpha):
    powers = np.exp(alpha * losses / initial_losses)
    return weighted_norms.mean() * len(losses) * powers / powers.sum()


@misconception("You changed `losses` in place: the caller still logs them.", caught_by="test_inputs_unchanged")
def in_place(weighted_norms, losses, initial_losses, alpha):
    losses /= initial_losses
    return weighted_norms.mean() * (losses / losses.mean()) ** alpha


@misconception("The norms come back as they went in.", caught_by="test_value")
def the_norms_themselves(weighted_norms, losses, initial_losses, alpha):
    return weighted_norms


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def visible_answer(weighted_norms, losses, initial_losses, alpha):
    return np.resize([1.0, 3.0], losses.shape)
