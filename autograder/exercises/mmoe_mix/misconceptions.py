"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def expit(logits):  # as SciPy's, which an exercise on plain NumPy does not wait for
    small = np.exp(-np.abs(logits))
    return np.where(np.asarray(logits) >= 0, np.ones_like(small), small) / (1 + small)


def softmax(logits, axis=None):
    shares = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


def log_softmax(logits, axis):
    shifted = logits - np.max(logits, axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def _mix(gates, expert_out):
    return np.einsum("bte,beh->bth", gates, expert_out)


@misconception(
    "The raw logits are the weights: they may be negative and have no bound, so the mixture is no average of the experts. Turn "
    "them into shares by a softmax first.",
    caught_by="test_value",
    conceptual=True,
)
def no_softmax(expert_out, gate_logits):
    return _mix(gate_logits, expert_out)


@misconception(
    "Every task got the same: all experts, equally, whatever the gates say. Mix them by the shares of the task's own gate.",
    caught_by="test_value",
    conceptual=True,
    family={"total": ("mean", "sum")},
)
def plain_mean(expert_out, gate_logits, *, total="mean"):
    together = expert_out.mean(1, keepdims=True) if total == "mean" else expert_out.sum(1, keepdims=True)
    return np.repeat(together, gate_logits.shape[1], axis=1)


@misconception(
    "Each task got the one expert with the largest logit. argmax has no gradient, so gates would never train; mix by the "
    "softmax.",
    caught_by="test_value",
    conceptual=True,
)
def hard_argmax(expert_out, gate_logits):
    return _mix(np.eye(gate_logits.shape[2])[gate_logits.argmax(2)], expert_out)


@misconception(
    "The shares are sigmoids of the logits, one by one, and do not compete. Use a softmax, in which the experts of one gate "
    "share a total of 1.",
    caught_by="test_value",
    conceptual=True,
    family={"normalised": (False, True)},
)
def sigmoid_gates(expert_out, gate_logits, *, normalised=False):
    gates = expit(gate_logits)
    return _mix(gates / np.maximum(gates.sum(2, keepdims=True), 1e-300) if normalised else gates, expert_out)


@misconception(
    "Every task used the gate of one task; each has a gate of its own.",
    caught_by="test_value",
    conceptual=True,
    family={"task": (0, -1)},
)
def one_gate_for_all(expert_out, gate_logits, *, task=0):
    gates = softmax(gate_logits[:, [task]], axis=2)
    return _mix(np.repeat(gates, gate_logits.shape[1], axis=1), expert_out)


@misconception(
    "The gates of the tasks were averaged: all tasks get the same mixture, which is one shared trunk again.",
    caught_by="test_value",
    conceptual=True,
)
def average_gate(expert_out, gate_logits):
    gates = softmax(gate_logits, axis=2).mean(1, keepdims=True)
    return _mix(np.repeat(gates, gate_logits.shape[1], axis=1), expert_out)


@misconception(
    "The softmax runs over the tasks: they now compete for each expert. For each task the shares of the experts sum to 1.",
    caught_by="test_value",
    conceptual=True,
)
def softmax_over_tasks(expert_out, gate_logits):
    return _mix(softmax(gate_logits, axis=1), expert_out)


@misconception(
    "The softmax runs over the rows of the batch: a prediction then depends on who else is in the batch.",
    caught_by="test_value",
    conceptual=True,
)
def softmax_over_rows(expert_out, gate_logits):
    return _mix(softmax(gate_logits, axis=0), expert_out)


@misconception(
    "The shares of all rows, tasks and experts sum to 1 together. They must sum to 1 for each row and each task.",
    caught_by="test_value",
    family={"subtracted": ("largest of all", "largest of the gate")},
)
def softmax_over_everything(expert_out, gate_logits, *, subtracted="largest of all"):
    if subtracted == "largest of all":
        return _mix(softmax(gate_logits), expert_out)
    shares = np.exp(gate_logits - gate_logits.max(axis=2, keepdims=True))
    return _mix(shares / shares.sum(), expert_out)


@misconception(
    "An array with four axes came back, in which the gates of every row met the experts of every row. Often because of np.dot or "
    "tensordot: a product row by row is `@`, or an einsum that keeps b.",
    caught_by="test_value",
)
def every_row_with_every_row(expert_out, gate_logits):
    return np.dot(softmax(gate_logits, axis=2), expert_out)


@misconception(
    "The shares are exp of the logits and do not sum to 1: divide by their sum over the experts.",
    caught_by="test_value",
)
def exp_without_the_sum(expert_out, gate_logits):
    return _mix(np.exp(np.minimum(gate_logits, 700.0)), expert_out)


@misconception(
    "The logits were divided by their sum. Logits can be negative, and their sum zero: exponentiate first.",
    caught_by="test_value",
)
def logits_over_their_sum(expert_out, gate_logits):
    with np.errstate(all="ignore"):
        return _mix(gate_logits / gate_logits.sum(2, keepdims=True), expert_out)


@misconception(
    "The expert with the largest logit got the smallest share: the sign in the exponent is reversed.",
    caught_by="test_value",
)
def turned_sign(expert_out, gate_logits):
    return _mix(softmax(-gate_logits, axis=2), expert_out)


@misconception(
    "The shares sum to a little less than 1: a small number was added to their sum before dividing. The sum of exponentials is "
    "above 0, so nothing needs protecting.",
    caught_by="test_value",
    family={"eps": (1e-3, 1e-2, 1e-4)},
)
def epsilon_in_the_sum(expert_out, gate_logits, *, eps=1e-3):
    shares = np.exp(gate_logits - gate_logits.max(axis=2, keepdims=True))
    return _mix(shares / (shares.sum(axis=2, keepdims=True) + eps), expert_out)


@misconception(
    "The shares are flatter than the gate asked for, or sharper: its logits were multiplied by a number first, or their powers "
    "are not powers of e.",
    caught_by="test_value",
    family={"by": ("log 2", "1 / sqrt(E)", "1 / E", "1 / T", "2", "log 10")},
)
def other_temperature(expert_out, gate_logits, *, by="log 2"):
    _, tasks, experts = gate_logits.shape
    factor = {
        "log 2": np.log(2.0),
        "log 10": np.log(10.0),
        "2": 2.0,
        "1 / sqrt(E)": experts**-0.5,
        "1 / E": 1 / experts,
        "1 / T": 1 / tasks,
    }[by]
    return _mix(softmax(gate_logits * factor, axis=2), expert_out)


@misconception(
    "The softmax was taken twice, and the second one makes the shares nearly equal: shares are not logits.",
    caught_by="test_value",
)
def softmax_twice(expert_out, gate_logits):
    return _mix(softmax(softmax(gate_logits, axis=2), axis=2), expert_out)


@misconception(
    "The shares are logarithms, which are negative and do not sum to 1. Use softmax, not log_softmax.",
    caught_by="test_value",
)
def logarithms_of_the_shares(expert_out, gate_logits):
    return _mix(log_softmax(gate_logits, axis=2), expert_out)


@misconception(
    "Axes of length 1 are missing: with one row, one task or one output the shape is no longer (B, T, H). Often because "
    "of `squeeze`.",
    caught_by="test_value",
    family={"axes": ("all", "outputs", "rows", "tasks and outputs")},
)
def squeezed(expert_out, gate_logits, *, axes="all"):
    mixed = _mix(softmax(gate_logits, axis=2), expert_out)
    which = {"all": (0, 1, 2), "outputs": (2,), "rows": (0,), "tasks and outputs": (1, 2)}[axes]
    return np.squeeze(mixed, axis=tuple(axis for axis in which if mixed.shape[axis] == 1))


@misconception(
    "An array without an axis for the tasks came back, of shape (B, H). Each task has its own gate and so its own mixture.",
    caught_by="test_value",
    family={"tasks": ("summed", "averaged", "first")},
)
def no_axis_for_tasks(expert_out, gate_logits, *, tasks="summed"):
    mixed = _mix(softmax(gate_logits, axis=2), expert_out)
    return {"summed": mixed.sum(1), "averaged": mixed.mean(1), "first": mixed[:, 0]}[tasks]


@misconception(
    "Each task got the share of one expert only, times that expert. Often because of `=` where `+=` was meant: all experts are "
    "added up, each times its share.",
    caught_by="test_value",
    family={"expert": (-1, 0)},
)
def one_expert_only(expert_out, gate_logits, *, expert=-1):
    shares = softmax(gate_logits, axis=2)
    return shares[:, :, expert, None] * expert_out[:, None, expert, :]


@misconception(
    "All rows were mixed by the same gates: {gates}. A gate depends on its row: use the row's own.",
    caught_by="test_value",
    conceptual=True,
    family={
        "gates": (
            "those of the first row",
            "those of the last row",
            "a softmax of the mean logits",
            "the mean shares of the batch",
        )
    },
)
def one_gate_for_the_batch(expert_out, gate_logits, *, gates="those of the first row"):
    shares = {
        "those of the first row": softmax(gate_logits[:1], axis=2),
        "those of the last row": softmax(gate_logits[-1:], axis=2),
        "a softmax of the mean logits": softmax(gate_logits.mean(axis=0, keepdims=True), axis=2),
        "the mean shares of the batch": softmax(gate_logits, axis=2).mean(axis=0, keepdims=True),
    }[gates]
    return _mix(np.repeat(shares, len(gate_logits), axis=0), expert_out)


@misconception(
    "The weighted experts came back one by one, in an array with four axes. Add them up over the experts.",
    caught_by="test_value",
)
def not_added_up(expert_out, gate_logits):
    return softmax(gate_logits, axis=2)[..., None] * expert_out[:, None]


@misconception(
    "The mixture is divided by the number of experts as well. The softmax already makes the shares sum to 1.",
    caught_by="test_value",
)
def mean_of_weighted_experts(expert_out, gate_logits):
    return _mix(softmax(gate_logits, axis=2), expert_out) / expert_out.shape[1]


@misconception(
    "Large logits gave NaN (or 0): exp of a large logit is infinite, and infinity over infinity is no number. Subtract the "
    "largest logit of each gate first; the shares stay the same.",
    caught_by="test_large_logits",
    family={"nan": ("kept", "0"), "dtype": ("as it is", "float64")},
)
def overflowing_softmax(expert_out, gate_logits, *, nan="kept", dtype="as it is"):
    with np.errstate(all="ignore"):
        shares = np.exp(gate_logits if dtype == "as it is" else gate_logits.astype(float))
        shares = shares / shares.sum(2, keepdims=True)
        return _mix(np.nan_to_num(shares) if nan == "0" else shares, expert_out)


@misconception(
    "Large logits gave NaN although something was subtracted: it was not the largest logit of that gate alone (one row, one "
    "task). Where all logits of a gate lie far below or above what was subtracted, its shares are 0/0 or infinite.",
    caught_by="test_large_logits",
    family={"subtracted": ("largest of all", "largest of the task", "largest of the row", "smallest", "mean")},
)
def another_number_subtracted(expert_out, gate_logits, *, subtracted="largest of all"):
    number = {
        "largest of all": gate_logits.max(),
        "largest of the task": gate_logits.max(axis=(0, 2), keepdims=True),
        "largest of the row": gate_logits.max(axis=(1, 2), keepdims=True),
        "smallest": gate_logits.min(axis=2, keepdims=True),
        "mean": gate_logits.mean(axis=2, keepdims=True),
    }[subtracted]
    with np.errstate(all="ignore"):
        shares = np.exp(gate_logits - number)
        return _mix(shares / shares.sum(2, keepdims=True), expert_out)


@misconception(
    "Large logits that differ got equal shares. Often because they were clipped, which loses their differences. Subtract the "
    "largest logit of each gate instead; nothing overflows then.",
    caught_by="test_large_logits",
    family={"limit": (500.0, 700.0, 100.0, 50.0, 80.0, 88.0, 30.0, 20.0)},
)
def clipped_logits(expert_out, gate_logits, *, limit=500.0):
    return _mix(softmax(np.clip(gate_logits, -limit, limit), axis=2), expert_out)


@misconception(
    "A reshape does not exchange axes: it only cuts the same sequence of numbers in another way, and the outputs of different experts are mixed up.",
    caught_by="test_value",
)
def reshaped_experts(expert_out, gate_logits):
    rows, experts, hidden = expert_out.shape
    return _mix(softmax(gate_logits, axis=2), expert_out.reshape(rows, hidden, experts).transpose(0, 2, 1))


@misconception(
    "The axes of the answer are exchanged: they should be rows, tasks, outputs, in this order.", caught_by="test_value"
)
def exchanged_axes(expert_out, gate_logits):
    return _mix(softmax(gate_logits, axis=2), expert_out).transpose(0, 2, 1)


@misconception(
    "`gate_logits` were changed in place: the caller's gates are not what they were. Often because the largest logit was "
    "subtracted with `-=`; make a new array.",
    caught_by="test_inputs_unchanged",
)
def in_place(expert_out, gate_logits):
    gate_logits -= gate_logits.max(axis=2, keepdims=True)
    return _mix(softmax(gate_logits, axis=2), expert_out)


@misconception("The experts come back unmixed.", caught_by="test_value")
def the_experts_themselves(expert_out, gate_logits):
    return expert_out


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def visible_answer(expert_out, gate_logits):
    shape = gate_logits.shape[0], gate_logits.shape[1], expert_out.shape[2]
    return np.resize([3.0, 4.0], shape)
