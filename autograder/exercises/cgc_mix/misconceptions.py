"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def expit(logits):  # as SciPy's, which an exercise on plain NumPy does not wait for
    small = np.exp(-np.abs(logits))
    return np.where(np.asarray(logits) >= 0, np.ones_like(small), small) / (1 + small)


def softmax(logits, axis=None):
    shares = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


def _experts(shared_out, own_out):
    """Every task's list of experts, (B, T, E + K, H): the shared ones, then its own."""
    shared = np.repeat(shared_out[:, None], own_out.shape[1], axis=1)
    return np.concatenate([shared, own_out], axis=2)


def _mix(gates, shared_out, own_out):
    return np.einsum("btj,btjh->bth", gates, _experts(shared_out, own_out))


def _read(gate_logits, own_out, order="shared first"):
    """The logits in the order of the experts; whoever takes the first for the own experts reads them in another."""
    own = own_out.shape[2]
    return gate_logits if order == "shared first" else np.roll(gate_logits, -own, axis=2)


ORDERS = ("shared first", "own first")  # a second mistake, beside which the first one is made as well


@misconception(
    "Every task mixed the own experts of the same task. A task sees the shared experts and its own, not those of another: that is "
    "what sets PLE apart from MMoE.",
    caught_by="test_value",
    conceptual=True,
    family={"task": (0, -1), "order": ORDERS},
)
def own_experts_of_one_task(shared_out, own_out, gate_logits, *, task=0, order="shared first"):
    gate_logits = _read(gate_logits, own_out, order)
    own = np.repeat(own_out[:, [task]], own_out.shape[1], axis=1)
    return _mix(softmax(gate_logits, axis=2), shared_out, own)


@misconception(
    "The own experts of all tasks reached every task. A task sees the shared experts and its own, not those of the others: that "
    "is the point of PLE.",
    caught_by="test_value",
    conceptual=True,
    family={"how": ("averaged", "added", "one long list")},
)
def own_experts_of_all_tasks(shared_out, own_out, gate_logits, *, how="averaged"):
    rows, tasks, own, hidden = own_out.shape
    if how != "one long list":
        together = own_out.mean(1, keepdims=True) if how == "averaged" else own_out.sum(1, keepdims=True)
        return _mix(softmax(gate_logits, axis=2), shared_out, np.repeat(together, tasks, axis=1))
    shared = shared_out.shape[1]
    logits = np.concatenate([gate_logits[..., :shared], np.tile(gate_logits[..., shared:], tasks)], axis=2)
    everybodys = np.repeat(own_out.reshape(rows, 1, tasks * own, hidden), tasks, axis=1)
    return _mix(softmax(logits, axis=2), shared_out, everybodys)


@misconception(
    "The first logits were given to the own experts. The first E belong to the shared experts, the last K to the task's own.",
    caught_by="test_value",
)
def own_experts_first(shared_out, own_out, gate_logits):
    return _mix(softmax(_read(gate_logits, own_out, "own first"), axis=2), shared_out, own_out)


@misconception(
    "There are two softmaxes, one for the shared experts and one for the own ones. One gate weighs all E + K experts: the shares "
    "sum to 1 together, and a task can leave one group aside.",
    caught_by="test_value",
    conceptual=True,
    family={"halved": (False, True), "order": ORDERS},
)
def two_softmaxes(shared_out, own_out, gate_logits, *, halved=False, order="shared first"):
    gate_logits = _read(gate_logits, own_out, order)
    shared = shared_out.shape[1]
    gates = np.concatenate(
        [softmax(gate_logits[..., :shared], axis=2), softmax(gate_logits[..., shared:], axis=2)], axis=2
    )
    return _mix(gates / 2 if halved else gates, shared_out, own_out)


@misconception(
    "Only the shared experts were mixed. That is MMoE: the task's own experts are left out.",
    caught_by="test_value",
    conceptual=True,
    family={"softmax_over": ("the shared", "all")},
)
def no_own_experts(shared_out, own_out, gate_logits, *, softmax_over="the shared"):
    shared = shared_out.shape[1]
    if softmax_over == "all":
        gates = softmax(gate_logits, axis=2)[..., :shared]
    else:
        gates = softmax(gate_logits[..., :shared], axis=2)
    return np.einsum("bte,beh->bth", gates, shared_out)


@misconception(
    "Only the task's own experts were mixed. Then nothing is shared: these are separate models.",
    caught_by="test_value",
    conceptual=True,
    family={"softmax_over": ("the own", "all")},
)
def no_shared_experts(shared_out, own_out, gate_logits, *, softmax_over="the own"):
    shared = shared_out.shape[1]
    if softmax_over == "all":
        gates = softmax(gate_logits, axis=2)[..., shared:]
    else:
        gates = softmax(gate_logits[..., shared:], axis=2)
    return np.einsum("btk,btkh->bth", gates, own_out)


@misconception(
    "Every task used the gate of one task; each has a gate of its own.",
    caught_by="test_value",
    conceptual=True,
    family={"task": (0, -1), "order": ORDERS},
)
def one_gate_for_all(shared_out, own_out, gate_logits, *, task=0, order="shared first"):
    gate_logits = _read(gate_logits, own_out, order)
    gates = softmax(gate_logits[:, [task]], axis=2)
    return _mix(np.repeat(gates, gate_logits.shape[1], axis=1), shared_out, own_out)


@misconception(
    "The gates of the tasks were averaged: every task mixes in the same proportions. Each has a gate of its own.",
    caught_by="test_value",
    conceptual=True,
    family={"order": ORDERS},
)
def average_gate(shared_out, own_out, gate_logits, *, order="shared first"):
    gate_logits = _read(gate_logits, own_out, order)
    gates = softmax(gate_logits, axis=2).mean(1, keepdims=True)
    return _mix(np.repeat(gates, gate_logits.shape[1], axis=1), shared_out, own_out)


@misconception(
    "The softmax runs over the tasks. The shares of one row and task sum to 1 over its experts.",
    caught_by="test_value",
    conceptual=True,
    family={"order": ORDERS},
)
def softmax_over_tasks(shared_out, own_out, gate_logits, *, order="shared first"):
    gate_logits = _read(gate_logits, own_out, order)
    return _mix(softmax(gate_logits, axis=1), shared_out, own_out)


@misconception(
    "The softmax runs over the rows of the batch: a prediction then depends on who else is in the batch. The shares of one row "
    "and task sum to 1 over its experts.",
    caught_by="test_value",
    conceptual=True,
)
def softmax_over_rows(shared_out, own_out, gate_logits):
    return _mix(softmax(gate_logits, axis=0), shared_out, own_out)


@misconception(
    "The softmax runs over everything at once. The shares must sum to 1 for each row and each task.",
    caught_by="test_value",
)
def softmax_over_everything(shared_out, own_out, gate_logits):
    return _mix(softmax(gate_logits), shared_out, own_out)


@misconception(
    "The raw logits are the weights: they may be negative and have no bound, so the mixture is no average of the experts. Turn "
    "them into shares by a softmax first.",
    caught_by="test_value",
    conceptual=True,
    family={"order": ORDERS},
)
def no_softmax(shared_out, own_out, gate_logits, *, order="shared first"):
    gate_logits = _read(gate_logits, own_out, order)
    return _mix(gate_logits, shared_out, own_out)


@misconception(
    "The gates made no difference: a task got all its experts equally. Mix them by the shares of its gate.",
    caught_by="test_value",
    conceptual=True,
    family={"total": ("mean", "sum")},
)
def gates_unused(shared_out, own_out, gate_logits, *, total="mean"):
    experts = _experts(shared_out, own_out)
    return experts.mean(2) if total == "mean" else experts.sum(2)


@misconception(
    "Each task got the one expert with the largest logit. argmax has no gradient, so gates would never train; mix by the "
    "softmax.",
    caught_by="test_value",
    conceptual=True,
)
def hard_argmax(shared_out, own_out, gate_logits):
    return _mix(np.eye(gate_logits.shape[2])[gate_logits.argmax(2)], shared_out, own_out)


@misconception(
    "The shares are sigmoids of the logits, one by one. Use a softmax, in which the experts of one gate share a total of 1.",
    caught_by="test_value",
    conceptual=True,
    family={"normalised": (False, True)},
)
def sigmoid_gates(shared_out, own_out, gate_logits, *, normalised=False):
    gates = expit(gate_logits)
    gates = gates / np.maximum(gates.sum(2, keepdims=True), 1e-300) if normalised else gates
    return _mix(gates, shared_out, own_out)


@misconception(
    "The shares are exp of the logits and do not sum to 1: divide by their sum over the experts.",
    caught_by="test_value",
)
def exp_without_the_sum(shared_out, own_out, gate_logits):
    return _mix(np.exp(np.minimum(gate_logits, 700.0)), shared_out, own_out)


@misconception(
    "The expert with the largest logit got the smallest share: the sign in the exponent is reversed.",
    caught_by="test_value",
)
def turned_sign(shared_out, own_out, gate_logits):
    return _mix(softmax(-gate_logits, axis=2), shared_out, own_out)


@misconception(
    "The softmax was taken twice, and the second one makes the shares nearly equal: shares are not logits.",
    caught_by="test_value",
)
def softmax_twice(shared_out, own_out, gate_logits):
    return _mix(softmax(softmax(gate_logits, axis=2), axis=2), shared_out, own_out)


@misconception(
    "The mixture is divided by a number of experts as well. The softmax already makes the shares sum to 1.",
    caught_by="test_value",
    family={"by": ("E + K", "E", "K")},
)
def divided_again(shared_out, own_out, gate_logits, *, by="E + K"):
    shared, own = shared_out.shape[1], own_out.shape[2]
    return _mix(softmax(gate_logits, axis=2), shared_out, own_out) / {"E + K": shared + own, "E": shared, "K": own}[by]


@misconception(
    "A reshape does not exchange axes: it only cuts the same sequence of numbers in another way, and the own experts of different tasks are mixed up.",
    caught_by="test_value",
)
def reshaped_own_experts(shared_out, own_out, gate_logits):
    rows, tasks, own, hidden = own_out.shape
    return _mix(
        softmax(gate_logits, axis=2), shared_out, own_out.reshape(rows, own, tasks, hidden).transpose(0, 2, 1, 3)
    )


@misconception(
    "All rows were mixed by the gates of one row. A gate depends on its row: use the row's own.",
    caught_by="test_value",
)
def gates_of_the_first_row(shared_out, own_out, gate_logits):
    gates = softmax(gate_logits[:1], axis=2)
    return _mix(np.repeat(gates, len(gate_logits), axis=0), shared_out, own_out)


@misconception(
    "The weighted experts came back one by one, in an array with four axes. Add them up over the experts.",
    caught_by="test_value",
)
def not_added_up(shared_out, own_out, gate_logits):
    return softmax(gate_logits, axis=2)[..., None] * _experts(shared_out, own_out)


@misconception(
    "Axes of length 1 are missing: with one row, one task or one output the shape is no longer (B, T, H). Often because "
    "of `squeeze`.",
    caught_by="test_value",
    family={"axes": ("all", "outputs", "rows")},
)
def squeezed(shared_out, own_out, gate_logits, *, axes="all"):
    mixed = _mix(softmax(gate_logits, axis=2), shared_out, own_out)
    which = {"all": (0, 1, 2), "outputs": (2,), "rows": (0,)}[axes]
    return np.squeeze(mixed, axis=tuple(axis for axis in which if mixed.shape[axis] == 1))


@misconception(
    "The axes of the answer are exchanged: they should be rows, tasks, outputs, in this order.", caught_by="test_value"
)
def exchanged_axes(shared_out, own_out, gate_logits):
    return _mix(softmax(gate_logits, axis=2), shared_out, own_out).transpose(0, 2, 1)


@misconception("The same numbers come back whatever goes in.", caught_by="test_value")
def visible_answer(shared_out, own_out, gate_logits):
    return np.resize([3.0, 7.0], (*gate_logits.shape[:2], shared_out.shape[2]))


@misconception(
    "Large logits gave NaN (or 0): exp of a large logit is infinite, and infinity over infinity is no number. Subtract the "
    "largest logit of each gate first; the shares stay the same.",
    caught_by="test_large_logits",
    family={"nan": ("kept", "0"), "dtype": ("as it is", "float64")},
)
def overflowing_softmax(shared_out, own_out, gate_logits, *, nan="kept", dtype="as it is"):
    with np.errstate(all="ignore"):
        shares = np.exp(gate_logits if dtype == "as it is" else gate_logits.astype(float))
        shares = shares / shares.sum(2, keepdims=True)
        return _mix(np.nan_to_num(shares) if nan == "0" else shares, shared_out, own_out)


@misconception(
    "Large logits gave NaN although something was subtracted: it was not the largest logit of that gate alone (one row, one "
    "task). Where all logits of a gate lie far below or above what was subtracted, its shares are 0/0 or infinite.",
    caught_by="test_large_logits",
    family={"subtracted": ("largest of all", "largest of the task", "largest of the row", "smallest", "mean")},
)
def another_number_subtracted(shared_out, own_out, gate_logits, *, subtracted="largest of all"):
    number = {
        "largest of all": gate_logits.max(),
        "largest of the task": gate_logits.max(axis=(0, 2), keepdims=True),
        "largest of the row": gate_logits.max(axis=(1, 2), keepdims=True),
        "smallest": gate_logits.min(axis=2, keepdims=True),
        "mean": gate_logits.mean(axis=2, keepdims=True),
    }[subtracted]
    with np.errstate(all="ignore"):
        shares = np.exp(gate_logits - number)
        return _mix(shares / shares.sum(2, keepdims=True), shared_out, own_out)


@misconception(
    "Large logits that differ got equal shares. Often because they were clipped, which loses their differences. Subtract the "
    "largest logit of each gate instead; nothing overflows then.",
    caught_by="test_large_logits",
    family={"limit": (500.0, 700.0, 100.0, 50.0, 80.0, 88.0, 30.0, 20.0)},
)
def clipped_logits(shared_out, own_out, gate_logits, *, limit=500.0):
    return _mix(softmax(np.clip(gate_logits, -limit, limit), axis=2), shared_out, own_out)


@misconception(
    "`gate_logits` were changed in place: the caller's gates are not what they were. Often because the largest logit was "
    "subtracted with `-=`; make a new array.",
    caught_by="test_inputs_unchanged",
)
def in_place(shared_out, own_out, gate_logits):
    gate_logits -= gate_logits.max(axis=2, keepdims=True)
    return _mix(softmax(gate_logits, axis=2), shared_out, own_out)
