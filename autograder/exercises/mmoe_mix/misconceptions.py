"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np
from scipy.special import expit, softmax

from autograder.testing import misconception


def _mix(gates, expert_out):
    return np.einsum("bte,beh->bth", gates, expert_out)


@misconception(
    "Raw logits as weights: they may be negative and have no bound, so the mixture is no average of the experts.",
    caught_by="test_value",
    conceptual=True,
)
def no_softmax(expert_out, gate_logits):
    return _mix(gate_logits, expert_out)


@misconception(
    "The gates are never used: this is the plain mean of the experts, the same for every task.",
    caught_by="test_value",
    conceptual=True,
)
def plain_mean(expert_out, gate_logits):
    return np.repeat(expert_out.mean(1, keepdims=True), gate_logits.shape[1], axis=1)


@misconception(
    "You took the one expert with the largest logit. argmax has no gradient, so gates would never train; mix by the softmax.",
    caught_by="test_value",
    conceptual=True,
)
def hard_argmax(expert_out, gate_logits):
    return _mix(np.eye(gate_logits.shape[2])[gate_logits.argmax(2)], expert_out)


@misconception(
    "Independent sigmoids do not sum to 1: the size of the output changes with the number of experts.",
    caught_by="test_value",
    conceptual=True,
)
def sigmoid_gates(expert_out, gate_logits):
    return _mix(expit(gate_logits), expert_out)


@misconception(
    "Every task used the gate of task 0; each task has a gate of its own.", caught_by="test_value", conceptual=True
)
def first_gate_for_all(expert_out, gate_logits):
    gates = softmax(gate_logits[:, :1], axis=2)
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
    "The softmax runs over the TASKS: they now compete for each expert. For each task the shares of the experts sum to 1.",
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
    "The softmax runs over everything at once. The shares must sum to 1 for each row and each task.",
    caught_by="test_value",
)
def softmax_over_everything(expert_out, gate_logits):
    return _mix(softmax(gate_logits), expert_out)


@misconception("exp without dividing by its sum: the shares do not sum to 1.", caught_by="test_value")
def exp_without_the_sum(expert_out, gate_logits):
    return _mix(np.exp(np.minimum(gate_logits, 700.0)), expert_out)


@misconception(
    "You divided the logits by their sum. Logits can be negative, and their sum zero: exponentiate first.",
    caught_by="test_value",
)
def logits_over_their_sum(expert_out, gate_logits):
    with np.errstate(all="ignore"):
        return _mix(gate_logits / gate_logits.sum(2, keepdims=True), expert_out)


@misconception("The sign in the exponent is turned: a large logit must give a LARGE share.", caught_by="test_value")
def turned_sign(expert_out, gate_logits):
    return _mix(softmax(-gate_logits, axis=2), expert_out)


@misconception("Powers of 2 instead of e: the shares are flatter than the gate asked for.", caught_by="test_value")
def powers_of_two(expert_out, gate_logits):
    return _mix(softmax(gate_logits * np.log(2.0), axis=2), expert_out)


@misconception(
    "The mixture is divided by the number of experts as well. The softmax already makes the shares sum to 1.",
    caught_by="test_value",
)
def mean_of_weighted_experts(expert_out, gate_logits):
    return _mix(softmax(gate_logits, axis=2), expert_out) / expert_out.shape[1]


@misconception(
    "exp of a large logit is infinite, and infinity over infinity is NaN: subtract the largest logit of each gate first.",
    caught_by="test_large_logits",
)
def overflowing_softmax(expert_out, gate_logits):
    with np.errstate(all="ignore"):
        shares = np.exp(gate_logits)
        return _mix(shares / shares.sum(2, keepdims=True), expert_out)


@misconception(
    "You subtract the largest logit of the WHOLE array. Where all logits of a gate lie far below it, every share becomes 0/0.",
    caught_by="test_large_logits",
)
def one_maximum_for_all(expert_out, gate_logits):
    with np.errstate(all="ignore"):
        shares = np.exp(gate_logits - gate_logits.max())
        return _mix(shares / shares.sum(2, keepdims=True), expert_out)


@misconception(
    "A reshape does not exchange axes: it cuts the numbers anew, and the outputs of different experts are mixed up.",
    caught_by="test_value",
)
def reshaped_experts(expert_out, gate_logits):
    rows, experts, hidden = expert_out.shape
    return _mix(softmax(gate_logits, axis=2), expert_out.reshape(rows, hidden, experts).transpose(0, 2, 1))


@misconception("The axes of the answer are exchanged: rows, TASKS, outputs.", caught_by="test_value")
def exchanged_axes(expert_out, gate_logits):
    return _mix(softmax(gate_logits, axis=2), expert_out).transpose(0, 2, 1)


@misconception(
    "You subtracted the largest logit in place: the caller's gates have changed.", caught_by="test_inputs_unchanged"
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
