"""trunk_grad_norms(losses, trunk_params) -> (T,): the length of each task's gradient over the whole trunk."""

import numpy as np

from autograder.exercises.trunk_grad_norms import scenarios
from autograder.testing import INPUTS_LEFT, assert_close, assert_true, believes, depends, points, probe, several, tensor


def linear(rng, shapes, count, dtype=np.float64):
    """Trunk tensors and, for every task, one slope per entry."""
    trunk = [rng.normal(size=shape).astype(dtype) for shape in shapes]
    slopes = [[(rng.normal(size=shape) * 10**task).astype(dtype) for shape in shapes] for task in range(count)]
    return trunk, slopes


def agree_on_slopes(student, *cases):
    """Each case is the trunk and the slopes of every task."""
    calls = ((as_tensors(trunk), [as_tensors(own) for own in slopes]) for trunk, slopes in cases)
    for (trunk, slopes), got in zip(cases, student.each(calls, scenario=scenarios.of_linear_losses)):
        expected = np.array([np.sqrt(sum((part.astype(float) ** 2).sum() for part in own)) for own in slopes])
        inputs = {"gradients": slopes, "dtype": str(trunk[0].dtype)}
        exact = 1e-5 if trunk[0].dtype == np.float32 else 1e-7
        assert_close(got, expected, inputs, rtol=exact, atol=0, what="the answer")


def as_tensors(arrays):
    return [tensor(array) for array in arrays]


def network(rng, count, dtype=np.float64):
    """Weights, biases and heads of a small network, features and labels of tasks of different scale."""
    weight, bias = rng.normal(size=(3, 4)), rng.normal(size=4)
    heads = list(rng.normal(size=(count, 4)))
    X, Y = rng.normal(size=(6, 3)), rng.normal(size=(6, count)) * 10.0 ** np.arange(count)
    return (
        weight.astype(dtype),
        bias.astype(dtype),
        [head.astype(dtype) for head in heads],
        X.astype(dtype),
        Y.astype(dtype),
    )


def sent(weight, bias, heads, X, Y):
    return tensor(weight), tensor(bias), as_tensors(heads), tensor(X), tensor(Y)


def gradients(weight, bias, heads, X, Y):
    """For each task the gradients of its loss in weight, bias and its own head, by the chain rule."""
    weight, bias, X, Y = (part.astype(float) for part in (weight, bias, X, Y))
    hidden = np.tanh(X @ weight + bias)
    for task, head in enumerate(heads):
        error = 2.0 / len(X) * (hidden @ head - Y[:, task])
        inner = np.outer(error, head) * (1 - hidden**2)
        yield X.T @ inner, inner.sum(axis=0), hidden.T @ error


def agree_on_networks(student, *nets):
    for net, got in zip(nets, student.each((sent(*net) for net in nets), scenario=scenarios.of_a_network)):
        parts = list(gradients(*net))
        expected = np.array([np.sqrt((in_weight**2).sum() + (in_bias**2).sum()) for in_weight, in_bias, _ in parts])
        single = net[0].dtype == np.float32
        inputs = {"trunk": f"tensors of shape {net[0].shape} and {net[1].shape}", "dtype": str(net[0].dtype)}
        assert_close(got, expected, inputs, rtol=1e-4 if single else 1e-7, atol=0, what="the answer")


@points(3)
def test_value(student, rng):
    """A task's norm is the root of the sum of its squared gradients over all trunk tensors together."""
    one = [np.array([1.0, 1.0])], [[np.array([3.0, 4.0])]]
    two = (
        [np.array([1.0, 1.0]), np.array([1.0])],
        [[np.array([3.0, 4.0]), np.array([12.0])], [np.array([0.0, 6.0]), np.array([8.0])]],
    )
    sizes = (([(3,)], 1), ([(2, 3), (3,)], 2), ([(4, 2), (2,), (2, 3)], 3))
    others = (linear(rng, shapes, count, dtype) for shapes, count in sizes for dtype in (np.float64, np.float32))
    agree_on_slopes(student, one, two, *others)


@points(1)
@depends("test_value")
def test_a_network(student, rng):
    """In a network whose tasks share one graph, every task is measured on its own."""
    nets = (network(rng, count, dtype) for count in (1, 2, 3) for dtype in (np.float64, np.float32))
    agree_on_networks(student, *nets)


@points(2)
@depends("test_value")
@believes("every `.grad` after the call")
def test_grad_untouched(student, rng):
    """Every `.grad`, in the trunk and in the heads, is what it was before the call."""
    cases = []
    for count in (1, 2, 3):
        net = network(rng, count)
        cases += [(net, None), (net, 0.5)]
    calls = ((*sent(*net), before) for net, before in cases)
    for (net, before), left in zip(cases, student.each(calls, scenario=scenarios.gradients_left)):
        shapes = [net[0].shape, net[1].shape] + [head.shape for head in net[2]]
        assert_true(isinstance(left, list) and len(left) == len(shapes), "A tensor is missing after the call.")
        for index, (now, shape) in enumerate(zip(left, shapes)):
            where = "trunk" if index < 2 else "head"
            inputs = {"tensor": f"{where}, shape {shape}", ".grad before": before}
            if before is None:
                summary = f"Your function leaves a `.grad` in the {where}: the next gradient is added to it."
                assert_true(now is None, summary, inputs, "None", now)
            else:
                assert_close(now, np.full(shape, before), inputs, what=f"`.grad` in the {where} after the call")


@points(2)
@depends("test_value")
@believes("that the gradients after the call were taken on the graph of before")
def test_graph_usable(student, rng):
    """After the call the caller can still run backward() on the losses, and gets the right gradients."""
    nets = [network(rng, count) for count in (1, 2, 3)]
    answers = student.each((sent(*net) for net in nets), scenario=scenarios.training_step_after)
    for net, left in zip(nets, answers):
        parts = list(gradients(*net))
        expected = [sum(part[0] for part in parts), sum(part[1] for part in parts), *(part[2] for part in parts)]
        for now, then in zip(several(left, len(expected), "the gradient"), expected):
            assert_close(now, then, {"losses": f"{len(parts)} on one graph"}, what="the gradient of the summed loss")


@points(1)
@depends("test_value")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """The lists, the losses and the trunk's values are as they were before the call."""
    trunk, slopes = linear(rng, [(2, 2), (2,)], 2)
    left = student.run(scenarios.lists_left, as_tensors(trunk), [as_tensors(own) for own in slopes])
    values, losses, params, totals = several(left, 4, "what is left")
    assert_true((losses, params) == (2, 2), "The call changed one of the lists.", None, "2 and 2", (losses, params))
    for now, before in zip(several(values, 2, "the trunk"), trunk):
        assert_close(now, before, {"trunk": before}, rtol=0, atol=0, what="a trunk tensor after the call")
    then = [sum((part * slope).sum() for part, slope in zip(trunk, own)) for own in slopes]
    assert_close(totals, np.array(then), what="the losses after the call")


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    yield probe(
        as_tensors([np.array([1.0, 1.0]), np.array([1.0])]),
        [as_tensors([np.array([3.0, 4.0]), np.array([12.0])]), as_tensors([np.array([0.0, 6.0]), np.array([8.0])])],
        scenario=scenarios.of_linear_losses,
    )
    trunk, slopes = linear(rng, [(2, 3), (3,), (2,)], 3)
    yield probe(as_tensors(trunk), [as_tensors(own) for own in slopes], scenario=scenarios.of_linear_losses)
    yield probe(as_tensors(trunk), [as_tensors(own) for own in slopes], scenario=scenarios.lists_left)
    for count in (1, 3):
        yield probe(*sent(*network(rng, count)), scenario=scenarios.everything)
        yield probe(*sent(*network(rng, count)), 0.5, scenario=scenarios.gradients_left)
        yield probe(*sent(*network(rng, count)), None, scenario=scenarios.gradients_left)
