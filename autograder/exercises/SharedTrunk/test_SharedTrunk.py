"""SharedTrunk(d_in, hidden, task_dims): a module whose tasks share one trunk and have a linear head each."""

import numpy as np

from autograder.exercises.SharedTrunk import scenarios
from autograder.testing import (
    INPUTS_LEFT,
    CheckFailure,
    assert_close,
    assert_true,
    believes,
    depends,
    points,
    probe,
    several,
    tensor,
    to_array,
)

TWO = {"price": 1, "days": 1}
THREE = {"price": 1, "topic": 3, "days": 2}
IGNORES_X = "Predictions are the same whatever x is."
IGNORES_PARAMETERS = "Predictions are the same whatever numbers stand in parameters()."
NOTHING_SHARED = "No weight gets a gradient from all tasks: is there one trunk?"
MIXED_UP = "Some weights get a gradient from several tasks but not from all: heads and trunk are mixed up."
NO_HEAD = (
    "No weight in parameters() belongs to `{}` alone, or too few to read the trunk: can the optimiser see its head?"
)
NOT_REGISTERED = "Two models with equal parameters() disagree: some weights are not in there."
RANDOM = "Two calls with the same x disagree, in evaluation mode: what is random there?"
HIDDEN_UNUSED = "A wider trunk has no more weights: `hidden` is not used."
ROWS_MIX = "Changing row 0 of x changed the predictions in other rows."


def features(rng, rows, columns):
    return tensor(rng.normal(size=(rows, columns)).astype(np.float32))


def described(d_in, hidden, task_dims, rows):
    return {"model": f"SharedTrunk({d_in}, {hidden}, {task_dims})", "x": f"shape ({rows}, {d_in})"}


def said(student, rng, scenario, rows=24):
    """What a scenario says, in words of yes and no, for each set of tasks: the inputs to show, the tasks, the words.

    The words are the answer's side's. They are asked first: they do not depend on the architecture, so what they say is
    wrong can be named. What passes is then asked for numbers that were not known before.
    """
    calls = [(4, 12, dims, features(rng, rows, 4)) for dims in (TWO, THREE)]
    for (_, _, dims, _), words in zip(calls, student.each(calls, scenario=scenario)):
        yield described(4, 12, dims, rows), dims, words


def record(words, inputs):
    assert_true(isinstance(words, dict), "The model's gradients were not recorded.", inputs)
    return words


@points(2)
@believes("that a module of the answer's gave the predictions")
def test_shapes(student, rng):
    """It is an nn.Module; called with x (B, d_in) it gives a dictionary with an output (B, dim) for every task."""
    cases = ((4, 2, 8, TWO), (1, 3, 8, {"price": 1}), (5, 3, 8, THREE), (1, 6, 16, THREE))
    calls = ((d_in, hidden, dims, features(rng, rows, d_in)) for rows, d_in, hidden, dims in cases)
    reading, learning = [], []
    for (rows, d_in, hidden, dims), got in zip(cases, student.each(calls, scenario=scenarios.shapes)):
        inputs = described(d_in, hidden, dims, rows)
        assert_true(got != "no nn.Module", "The class does not derive from nn.Module.", inputs, "an nn.Module", got)
        assert_true(not isinstance(got, str), "A dictionary was expected, from task name to output.", inputs, dims, got)
        shapes, reads_x, learns = several(got, 3)
        assert_true(isinstance(shapes, dict), "A dictionary was expected, from task name to output.", inputs, dims)
        summary = "The outputs are not named like the tasks."
        assert_true(set(shapes) == set(dims), summary, inputs, list(dims), list(shapes))
        for task, dim in dims.items():
            shape = tuple(to_array(shapes[task]).tolist())
            summary = f"The output of `{task}` has the wrong shape."
            assert_true(shape == (rows, dim), summary, inputs, (rows, dim), shape)
        reading.append(reads_x is True)
        learning.append(learns is True)
    assert_true(any(reading), IGNORES_X, inputs)  # in one case a unit that is cut off may be dead
    assert_true(any(learning), IGNORES_PARAMETERS, inputs)


def usages(student, rng):
    """For each set of tasks, (T, n) booleans: on which of the n learned numbers each task's predictions depend.

    The answer's side says so; :func:`assert_computed` tries whether what it predicts agrees.
    """
    calls = [(4, 12, dims, features(rng, 32, 4), secret(rng)) for dims in (TWO, THREE)]
    for (_, _, dims, x, seed), uses in zip(calls, student.each(calls, scenario=scenarios.who_uses_what)):
        used, inputs = to_array(uses).astype(bool), described(4, 12, dims, 32)
        assert_true(used.ndim == 2 and len(used) == len(dims), "A task has no record of its gradients.", inputs)
        assert_true(used.any(), "No task has a gradient in parameters(): nothing can learn.", inputs)
        yield dims, used, inputs, x, seed


def secret(rng):
    """The number from which the parameters of a model are drawn."""
    return int(rng.integers(1, 2**48))


def assert_computed(student, rng, usage):
    """Exchange the numbers that are said to belong to a task, or to all: predictions move just where they should.

    Nor do they depend on the order of the rows, nor jump when the features hardly change: something computes them.
    """
    dims, used, inputs, x, seed = usage
    alone = used & (used.sum(axis=0) == 1)
    masks, order = np.vstack([alone, used.all(axis=0)]), rng.permutation(len(used) + 1)
    rows, near = rng.permutation(len(x.array)), x.array + rng.normal(0, 1e-5, x.array.shape).astype(np.float32)
    xs = [x, tensor(x.array[rows]), tensor(near)]
    moved = student.run(scenarios.moved, 4, 12, dims, xs, seed, [tensor(masks[row]) for row in order])
    assert_true(isinstance(moved, list) and len(moved) == len(xs) + len(order), "Predictions are missing.", inputs)
    moved = [[to_array(output).astype(float) for output in outputs] for outputs in moved]
    expected = [(len(x.array), dim) for dim in dims.values()]
    for outputs in moved:
        shapes = [output.shape for output in outputs]
        assert_true(shapes == expected, "An output has the wrong shape.", inputs, expected, shapes)
    base, turned, beside, *others = moved
    summary = "What the model predicts does not agree with its gradients in parameters()."
    for task in range(len(dims)):
        size = np.abs(base[task]).max()
        assert_true(np.ptp(base[task], axis=0).max() > 1e-4, IGNORES_X, inputs)
        assert_close(turned[task], base[task][rows], inputs, rtol=1e-3, atol=1e-4, summary=summary)
        assert_close(beside[task], base[task], inputs, rtol=1e-2, atol=1e-2 * size + 1e-3, summary=summary)
        for row, outputs in zip(order, others):
            stays = np.allclose(outputs[task], base[task], rtol=1e-3, atol=1e-4)
            belongs = row in (task, len(used))  # its own numbers, or those of all
            assert_true(stays != (belongs and masks[row].any()), summary, inputs)


@points(2)
@believes("that a module computes what its predictions and gradients, tried against each other, agree on")
def test_shared_trunk(student, rng):
    """The same trunk weights get a gradient from every task."""
    for inputs, _, words in said(student, rng, scenarios.sharing):
        words = record(words, inputs)
        assert_true(words.get("shared") is True, NOTHING_SHARED, inputs)
        assert_true(words.get("in between") is False, MIXED_UP, inputs)
    for usage in usages(student, rng):
        _, used, inputs, *_ = usage
        some, together = used.sum(axis=0), used.all(axis=0)
        assert_true(together.any(), NOTHING_SHARED, inputs)
        between = (some > 1) & ~together
        assert_true(not between.any(), MIXED_UP, inputs, 0, int(between.sum()))
    assert_computed(student, rng, usage)  # the one with more tasks


@points(2)
@believes("that a module computes what its predictions and gradients, tried against each other, agree on")
def test_own_heads(student, rng):
    """Every task has weights in parameters() that get a gradient from this task alone: its head."""
    for inputs, dims, words in said(student, rng, scenarios.sharing):
        for task, own in zip(dims, several(record(words, inputs).get("own"), len(dims))):
            assert_true(own is True, NO_HEAD.format(task), inputs)
    for usage in usages(student, rng):
        dims, used, inputs, *_ = usage
        alone = used & (used.sum(axis=0) == 1)
        for task, own in zip(dims, alone):
            # A linear head has a weight for every output and (living) hidden unit; two would be a slope and a bias.
            few = own.sum() <= dims[task] * 2
            assert_true(not few, NO_HEAD.format(task), inputs, f"about {12 * dims[task]} weights", int(own.sum()))
    assert_computed(student, rng, usage)  # the one with more tasks


def filled_twice(student, rng, calls):
    """What ``filled_twice`` gives for each call; the last one is asked again with its rows in another order."""
    *_, (d_in, hidden, dims, x, scale, seed) = calls
    rows = rng.permutation(len(x.array))
    again = d_in, hidden, dims, tensor(x.array[rows]), scale, seed, [1]
    asked = [*calls, again]
    *answers, turned = (
        fillings(answer, 1 if call is again else 2, call[2])
        for call, answer in zip(asked, student.each(asked, scenario=scenarios.filled_twice))
    )
    base, turned = (values_of(answer, len(rows), dims) for answer in (answers[-1], turned))
    assert_true(np.ptp(base, axis=1).max() > 1e-4, IGNORES_X, described(d_in, hidden, dims, len(rows)))
    assert_true(np.ptp(base, axis=0).max() > 1e-4, IGNORES_PARAMETERS, described(d_in, hidden, dims, len(rows)))
    summary = "With the rows of x in another order the predictions change, and not only their order."
    assert_close(turned, base[:, rows], described(d_in, hidden, dims, len(rows)), rtol=1e-3, atol=1e-4, summary=summary)
    return answers


def fillings(answer, models, dims):
    """The predictions of so many models, filling by filling: one for every task, none missing."""
    return [[several(outputs, len(dims)) for outputs in several(model, 8)] for model in several(answer, models)]


def values_of(answer, rows, dims):
    """The predictions of the first model, (fillings, rows, all outputs beside each other)."""
    values = np.array([np.hstack([to_array(output) for output in filling]) for filling in answer[0]])
    inputs = described(4, "hidden", dims, rows)
    assert_true(values.shape[1:] == (rows, sum(dims.values())), "An output has the wrong shape.", inputs)
    return values


@points(1)
@believes("how many parameters there are, and that two models were built")
def test_all_registered(student, rng):
    """All that is learned is in parameters(): two calls, or two models with the same parameters, predict the same."""
    for inputs, _, words in said(student, rng, scenarios.registered):
        words = record(words, inputs)
        assert_true(words.get("random") is False, RANDOM, inputs)
        assert_true(words.get("all registered") is True, NOT_REGISTERED, inputs)
        assert_true(words.get("grows") is True, HIDDEN_UNUSED, inputs)
    calls = [(4, 12, dims, features(rng, 6, 4)) for dims in (TWO, THREE)]
    filled = iter(filled_twice(student, rng, [(*call, 1.0, secret(rng)) for call in calls]))
    for dims, called in zip((TWO, THREE), student.each(calls, scenario=scenarios.called_twice)):
        inputs = described(4, 12, dims, 6)
        once, again = (several(outputs, len(dims)) for outputs in several(called, 2))
        for a, b in zip(once, again):
            assert_close(b, to_array(a), inputs, rtol=1e-3, atol=1e-4, summary=RANDOM)
        one, other = next(filled)
        for first, second in zip(one, other):
            for a, b in zip(first, second):
                assert_close(b, to_array(a), inputs, rtol=1e-3, atol=1e-4, summary=NOT_REGISTERED)


@points(1)
@believes("that a module of the answer's gave the predictions")
def test_linear_heads(student, rng):
    """Predictions can be negative, and of any size: nothing bends or bounds what a head computes."""
    for inputs, dims, words in said(student, rng, scenarios.reach, rows=64):
        for task, reach in zip(dims, several(words, len(dims))):
            below_minus_one, _, above_one, often_zero = several(reach, 4)
            summary = f"Many of the predictions for `{task}` are exactly 0: something cuts them off."
            assert_true(often_zero is False, summary, inputs)
            bounds = [bound for bound, beyond in (("-1", below_minus_one), ("1", above_one)) if beyond is not True]
            where = " or ".join(f"{'below' if bound == '-1' else 'above'} {bound}" for bound in bounds)
            summary = f"With large weights of either sign no prediction for `{task}` is ever {where}."
            assert_true(not bounds, summary, inputs)
    calls = [(4, 16, dims, features(rng, 64, 4), 2.0, secret(rng)) for dims in (TWO, THREE)]
    for dims, (fillings, _) in zip((TWO, THREE), filled_twice(student, rng, calls)):
        inputs = described(4, 16, dims, 64)
        for index, task in enumerate(dims):
            values = np.concatenate([to_array(filling[index]).ravel() for filling in fillings])
            zeros = float((values == 0).mean())
            summary = f"{zeros:.0%} of the predictions for `{task}` are exactly 0: something cuts them off."
            assert_true(zeros < 0.2, summary, inputs)
            span = f"from {values.min():.3g} to {values.max():.3g}"
            summary = f"With large weights of either sign the predictions for `{task}` stay between fixed bounds."
            assert_true(values.min() < -1 and values.max() > 1, summary, inputs, "far below -1 and far above 1", span)


@points(1)
@believes("that a module of the answer's gave the predictions")
def test_rows_apart(student, rng):
    """The prediction for a row depends on that row alone."""
    for inputs, _, mix in said(student, rng, scenarios.row_by_row, rows=6):
        assert_true(mix is False, ROWS_MIX, inputs)
    calls = []
    for dims in (TWO, THREE):
        x = features(rng, 6, 4)
        changed = x.array.copy()
        changed[0] += 1.0
        seed = secret(rng)
        calls += [(4, 12, dims, x, 1.0, seed), (4, 12, dims, tensor(changed), 1.0, seed)]
    answers = iter(filled_twice(student, rng, calls))
    for dims, before, after in zip((TWO, THREE), answers, answers):  # two answers for each
        inputs = described(4, 12, dims, 6)
        for one, other in zip(before[0][0], after[0][0]):
            assert_close(to_array(other)[1:], to_array(one)[1:], inputs, rtol=1e-3, atol=1e-4, summary=ROWS_MIX)
        first = [values_of(answer, 6, dims)[:, 0] for answer in (before, after)]
        assert_true(not np.allclose(*first, rtol=1e-3, atol=1e-4), IGNORES_X, inputs)


@points(1)
@depends("test_rows_apart")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """`task_dims` and x are as they were before."""
    x = features(rng, 4, 3)
    items, after = several(student.run(scenarios.dims_left, 3, 8, dict(THREE), x), 2)
    if [tuple(item) for item in items] != list(THREE.items()):
        raise CheckFailure("The call changed `task_dims`.", {"task_dims": THREE}, THREE, items)
    assert_close(after, x.array, {"x": x}, rtol=0, atol=0, what="x after the call")


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    for dims in (TWO, THREE):
        yield probe(4, 12, dims, features(rng, 24, 4), scenario=scenarios.everything)
    yield probe(4, 12, dict(THREE), features(rng, 3, 4), scenario=scenarios.dims_left)
