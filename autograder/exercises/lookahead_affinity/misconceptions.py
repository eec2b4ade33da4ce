"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _affinity(loss_before, loss_after):
    return 1 - loss_after / loss_before


@misconception(
    "Rows and columns are exchanged. Row i, column j is what a step for task i does to task j: rows step, columns are measured.",
    caught_by="test_value",
    conceptual=True,
    family={"what": ("the answer", "loss_after", "a difference", "a ratio", "the turned answer")},
)
def transposed(loss_before, loss_after, *, what="the answer"):
    if what == "loss_after":
        return _affinity(loss_before, loss_after.T)
    return {
        "the answer": _affinity(loss_before, loss_after),
        "a difference": loss_before - loss_after,
        "a ratio": loss_after / loss_before,
        "the turned answer": -_affinity(loss_before, loss_after),
    }[what].T


@misconception(
    "A loss was divided by the loss of the task that made the step. Compare task j after the step with task j itself before it. "
    "Often because of a `[:, None]`.",
    caught_by="test_value",
    conceptual=True,
)
def divided_by_the_stepping_task(loss_before, loss_after):
    return 1 - loss_after / loss_before[:, None]


@misconception(
    "A ratio came back, not 1 minus it: above 1 then means harm and below 1 help.",
    caught_by="test_value",
    conceptual=True,
    family={"ratio": ("after / before", "before / after")},
)
def ratio_alone(loss_before, loss_after, *, ratio="after / before"):
    return loss_after / loss_before if ratio == "after / before" else loss_before / loss_after


@misconception(
    "The sign is reversed: an entry must be positive where the step for task i made the loss of task j smaller.",
    caught_by="test_value",
    conceptual=True,
)
def turned_sign(loss_before, loss_after):
    return -_affinity(loss_before, loss_after)


@misconception(
    "The change was divided by the loss after the step. The affinity is a share of the loss before it.",
    caught_by="test_value",
    family={"sign": (1, -1)},
)
def divided_by_after(loss_before, loss_after, *, sign=1):
    return sign * (loss_before - loss_after) / loss_after


@misconception(
    "A difference came back. It has the unit of task j's loss and cannot be compared between tasks: divide by the loss before.",
    caught_by="test_value",
    conceptual=True,
    family={"sign": (1, -1)},
)
def difference(loss_before, loss_after, *, sign=1):
    return sign * (loss_before - loss_after)


@misconception(
    "The answer is the same above and below the diagonal, as if the affinity were symmetric. A step for i can help j while one "
    "for j hurts i: keep both numbers.",
    caught_by="test_value",
    conceptual=True,
    family={"how": ("mean", "sum", "upper half")},
)
def symmetrised(loss_before, loss_after, *, how="mean"):
    affinity = _affinity(loss_before, loss_after)
    if how == "upper half":
        return np.triu(affinity) + np.triu(affinity, 1).T
    return (affinity + affinity.T) / (2 if how == "mean" else 1)


@misconception(
    "The diagonal holds {value:g}. It is computed like every entry: what a step for a task does to that task itself.",
    caught_by="test_value",
    conceptual=True,
    family={"value": (0.0, 1.0)},
)
def fixed_diagonal(loss_before, loss_after, *, value=0.0):
    affinity = _affinity(loss_before, loss_after)
    np.fill_diagonal(affinity, value)
    return affinity


@misconception(
    "Every loss was divided by one number for all tasks. Divide each by its own task's loss before the step, or a task with large "
    "losses decides.",
    caught_by="test_value",
    conceptual=True,
    family={"number": ("mean", "sum", "first")},
)
def one_number_for_all(loss_before, loss_after, *, number="mean"):
    return 1 - loss_after / {"mean": loss_before.mean(), "sum": loss_before.sum(), "first": loss_before[0]}[number]


@misconception(
    "The diagonal came out as 0: each loss was compared with what the task's own step makes of it. Compare with the loss before "
    "any step.",
    caught_by="test_value",
)
def relative_to_the_own_step(loss_before, loss_after):
    return 1 - loss_after / loss_after.diagonal()


@misconception(
    "Negative entries are missing: they became 0. A negative affinity is the finding that a step hurts another task.",
    caught_by="test_value",
    conceptual=True,
)
def harm_hidden(loss_before, loss_after):
    return np.maximum(_affinity(loss_before, loss_after), 0.0)


@misconception(
    "All entries are positive: the sign of the change is lost, and harm looks like help.",
    caught_by="test_value",
    conceptual=True,
)
def absolute(loss_before, loss_after):
    return np.abs(_affinity(loss_before, loss_after))


@misconception(
    "The logarithm of a ratio came back. It is close for small steps, but the affinity is 1 minus the ratio itself.",
    caught_by="test_value",
    family={"ratio": ("before / after", "after / before")},
)
def logarithm(loss_before, loss_after, *, ratio="before / after"):
    return np.log(loss_before / loss_after) * (1 if ratio == "before / after" else -1)


@misconception("The answer is in per cent, 100 times as large as asked.", caught_by="test_value")
def per_cent(loss_before, loss_after):
    return 100 * _affinity(loss_before, loss_after)


@misconception(
    "One number per task came back instead of a table. Each ordered pair has its own affinity, (T, T).",
    caught_by="test_value",
    family={"over": ("rows", "columns", "the diagonal alone")},
)
def one_number_per_task(loss_before, loss_after, *, over="rows"):
    affinity = _affinity(loss_before, loss_after)
    return affinity.diagonal().copy() if over == "the diagonal alone" else affinity.mean(0 if over == "rows" else 1)


@misconception(
    "The entries are rounded to {decimals} decimals. Affinities are small numbers: round only when you print them.",
    caught_by="test_value",
    family={"decimals": (2, 3, 4, 1, 5)},
)
def rounded(loss_before, loss_after, *, decimals=2):
    return np.round(_affinity(loss_before, loss_after), decimals)


@misconception(
    "Only the signs came back, 1, 0 and -1. How much a step helps matters as well.",
    caught_by="test_value",
)
def signs(loss_before, loss_after):
    return np.sign(_affinity(loss_before, loss_after))


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def visible_answer(loss_before, loss_after):
    return np.resize([0.5, -0.25, 0.25, 0.25], loss_after.shape)


@misconception(
    "With one task the answer is not a table with one row and one column. Often because of `squeeze`.",
    caught_by="test_one_task",
    family={"to": ("a number", "a vector")},
)
def squeezed(loss_before, loss_after, *, to="a number"):
    affinity = _affinity(loss_before, loss_after)
    if len(loss_before) > 1:
        return affinity
    return affinity[0, 0] if to == "a number" else affinity[0]


@misconception(
    "Small losses got another affinity than large ones with the same ratio. Often because a small number such as 1e-8 is added to "
    "the divisor, which then has a unit; losses are positive, so nothing needs guarding.",
    caught_by="test_units",
    family={
        "guard": (
            *(("added", eps) for eps in (1e-8, 1e-6, 1e-12, 1e-10, 1e-4, 1e-3)),
            *(("at least", eps) for eps in (1e-8, 1e-6, 1e-4, 1e-3)),
        ),
    },
)
def guarded_divisor(loss_before, loss_after, *, guard=("added", 1e-8)):
    how, eps = guard
    return 1 - loss_after / (loss_before + eps if how == "added" else np.maximum(loss_before, eps))


@misconception(
    "`loss_after` was changed in place: the caller's losses are not what they were. Often because of `/=`; make a new array.",
    caught_by="test_inputs_unchanged",
)
def in_place(loss_before, loss_after):
    loss_after /= loss_before
    return 1 - loss_after
