"""multitask_masked_mse(pred (N,T), Y (N,T), mask (N,T) bool, weights (T,)) -> (total (), per_task (T,))."""

import numpy as np

from autograder.exercises.multitask_masked_mse import scenarios
from autograder.testing import (
    INPUTS_LEFT,
    assert_all_unchanged,
    assert_close,
    assert_true,
    believes,
    depends,
    points,
    probe,
    several,
    tensor,
)

NAMES = ("pred", "Y", "mask", "weights")
NAN = np.nan
TOTAL, PER_TASK = (0, "the total"), (1, "the losses of the tasks")


def right(pred, Y, mask, weights):
    """The total, the loss of each task, and the gradient of the total."""
    pred, Y, weights = pred.astype(float), Y.astype(float), weights.astype(float)
    error = np.where(mask, pred - np.where(mask, Y, 0.0), 0.0)
    counts = np.maximum(mask.sum(0), 1)
    per_task = (error**2).sum(0) / counts
    return float(weights @ per_task), per_task, 2 * weights * error / counts


def batch(pred, Y, mask, weights, dtype=np.float64):
    return np.array(pred, dtype), np.array(Y, dtype), np.array(mask, bool), np.array(weights, dtype)


def tiny(hidden=0.0):
    """One label of two for the first task, both for the second."""
    return batch([[1.0, 2.0], [3.0, 4.0]], [[3.0, 1.0], [hidden, 1.0]], [[True, True], [False, True]], [2.0, 0.5])


def random_batch(rng, n=8, n_tasks=3, dtype=np.float64, hidden=None, empty_task=False):
    """Tasks with different numbers of labels; ``hidden`` replaces the labels that are not observed."""
    mask = rng.random((n, n_tasks)) < np.linspace(0.8, 0.3, n_tasks)
    mask[0], mask[1, 0] = True, False
    if empty_task:
        mask[:, rng.integers(n_tasks)] = False
    Y = rng.normal(2.0, 1.0, (n, n_tasks))
    if hidden is not None:
        Y[~mask] = hidden
    return batch(rng.normal(1.0, 2.0, (n, n_tasks)), Y, mask, rng.uniform(0.5, 3.0, n_tasks), dtype)


def cases(rng, hidden=None):
    """Small cases first: a failure then shows the smallest input on which the answer is wrong."""
    yield tiny(0.0 if hidden is None else hidden)
    yield random_batch(rng, 5, 1, np.float64, hidden)
    for dtype in (np.float64, np.float32):
        yield random_batch(rng, 8, 3, dtype, hidden)
    yield random_batch(rng, 3, 5, np.float64, hidden)


def complete(rng):
    """Every label is observed: what is wrong here is wrong in the way the tasks are added up."""
    yield batch([[1.0, 2.0]], [[3.0, 1.0]], [[True, True]], [2.0, 0.5])
    for n_tasks, dtype in ((1, np.float64), (3, np.float64), (3, np.float32), (5, np.float64)):
        pred, Y, mask, weights = random_batch(rng, 6, n_tasks, dtype)
        yield pred, Y, np.ones_like(mask), weights


def empty(rng):
    yield batch([[1.0, 2.0]], [[3.0, NAN]], [[True, False]], [2.0, 0.5])
    yield batch([[1.0, 2.0]], [[5.0, NAN]], [[False, False]], [2.0, 0.5])
    for dtype in (np.float64, np.float32):
        yield random_batch(rng, 6, 3, dtype, NAN, empty_task=True)


def sent(case):
    return [tensor(one) for one in case]


def pair(answer, inputs):
    ok = isinstance(answer, (tuple, list)) and len(answer) == 2
    assert_true(ok, "Two things must come back: the total, then the losses of the tasks.", inputs, got=answer)
    return answer


def assert_losses(student, *asked, parts=(PER_TASK, TOTAL)):
    for case, answer in zip(asked, student.each(map(sent, asked))):
        inputs = dict(zip(NAMES, case))
        got = pair(answer, inputs)
        for index, what in parts:
            assert_close(got[index], right(*case)[index], inputs, what=what)


def assert_gradients(student, *asked):
    answers = student.each(map(sent, asked), scenario=scenarios.values_and_gradient)
    for case, answer in zip(asked, answers):
        inputs = dict(zip(NAMES, case))
        _, gradient = several(answer, 2, "the losses with the gradient", inputs)
        assert_true(gradient is not None, "The total carries no gradient back to `pred`: stay in torch.", inputs)
        assert_close(gradient, right(*case)[2], inputs, what="the gradient of the total")


@points(2)
def test_per_task(student, rng):
    """Each task's loss is the mean over its own observed rows, without its weight."""
    assert_losses(student, *cases(rng), parts=[PER_TASK])


@points(2)
def test_total(student, rng):
    """The total is the sum of weight times loss over the tasks, here with every label observed."""
    assert_losses(student, *complete(rng), parts=[TOTAL])


@points(1)
def test_stale_labels(student, rng):
    """A label that is not observed may hold any number; it never changes the result."""
    assert_losses(student, *cases(rng, hidden=1e3))


@points(1)
def test_missing_labels(student, rng):
    """Labels that are not observed may be NaN; everything stays finite and right."""
    assert_losses(student, *cases(rng, hidden=NAN))


@points(1)
def test_empty_task(student, rng):
    """A task without labels in the batch costs exactly 0 and leaves the others alone."""
    assert_losses(student, *empty(rng))


@points(2)
@depends("test_total")
def test_gradient(student, rng):
    """The gradient of the total is right, and exactly 0 where there is no label, also beside NaN."""
    assert_gradients(student, *cases(rng, NAN), *cases(rng), *complete(rng), *empty(rng))


@points(1)
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The inputs are as they were before the call."""
    assert_all_unchanged(student, map(sent, cases(rng, hidden=NAN)), NAMES)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(*sent(tiny(NAN)), after=True)
    asked = [tiny(), random_batch(rng), random_batch(rng, 6, 4, hidden=1e3), random_batch(rng, 4, 4, hidden=NAN)]
    asked += [random_batch(rng, 5, 1), random_batch(rng, 5, 2, np.float32), *empty(rng)]
    for case in asked:
        yield probe(*sent(case), scenario=scenarios.values_and_gradient)
