"""is_label_scale_equivariant(fit_predict, X, Y, X_new, c) -> bool: does a change of unit change nothing else?"""

import numpy as np

from autograder.exercises.is_label_scale_equivariant import models
from autograder.testing import INPUTS_LEFT, CheckFailure, assert_true, believes, depends, points, probe, to_array

NAMES = ("X", "Y", "X_new", "c")
EQUIVARIANT = ("least_squares", "ridge", "nearest_rows", "a_split_for_each_task", "least_squares_to_ten_digits")
EXACT_TO_TEN = "least_squares_to_ten_digits"
CONSTANT = ("always_the_same_number", "one_over_the_mean")
CENTRED = np.array([[-1.0], [0.0], [1.0]]), np.array([[-3.0, 2.0], [0.0, 0.0], [3.0, -2.0]]), np.array([[0.0], [2.0]])
TINY = np.array([[0.0], [1.0], [2.0]]), np.array([[3.0, 5.0], [4.0, 4.0], [8.0, 3.0]]), np.array([[1.5], [3.0]])


def data(rng, count, n=16, m=6):
    """Tasks with a spread near 1 that depend on different features, all labels well above 0."""
    X = rng.normal(0, 1, (n, count + 1))
    X_new = rng.normal(0, 1, (m, count + 1))
    # Every label is a step in a feature of its own, so that trees know which split they want.
    Y = 6.0 + 2.0 * np.sign(X[:, :count]) + 0.3 * X[:, 1:] + rng.normal(0, 0.1, (n, count))
    return X, Y, X_new


def factors(rng, count):
    """Changes of unit, up and down, that are no powers of two, so that they leave floating-point noise."""
    c = 10 ** rng.uniform(-1.5, 2.3, count)
    c[0] = 1.0
    return c[rng.permutation(count)]


def as_decision(got, inputs, expected):
    """The decision as a bool; anything but True, False, 0 or 1 is a failure."""
    try:
        value = to_array(got)
    except CheckFailure as failure:
        raise CheckFailure(failure.summary, inputs, expected, got) from None
    if value.shape != () or value.item() not in (0, 1):
        raise CheckFailure("A single True or False was expected.", inputs, expected, got)
    return bool(value)


def described(model, Y, c):
    meaning = models.MODELS[model].__doc__
    tasks = " and ".join(f"near {mean:.3g}, spread {spread:.3g}" for mean, spread in zip(Y.mean(axis=0), Y.std(axis=0)))
    return {"fit_predict": f"{model}: {meaning}", "labels": f"{len(Y)} rows; {tasks}", "c": c}


def expects(model):
    return model in EQUIVARIANT


def truth(model, X, Y, X_new, c):
    """By how much the two fits differ, as a part of each task's label spread; used to keep cases clear-cut."""
    fit_predict = models.MODELS[model]
    gap = np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new)).max(axis=0)
    return (gap / Y.std(axis=0)).max()


def clear_cut(rng, model, count, scale=1.0):
    """A case on which the model plainly is, or plainly is not, equivariant."""
    while True:
        X, Y, X_new = data(rng, count)
        Y, c = Y * scale, factors(rng, count)
        gap = truth(model, X, Y, X_new, c)
        if gap < 1e-10 if expects(model) else gap > 0.1:
            return X, Y, X_new, c


def companions(rng, cases):
    """Where one decision is right for all cases: two more on the same data, for which the other one is.

    So neither a constant nor what the data look like says what is right; a look at the model does.
    """
    right = {expects(model) for model, *_ in cases}
    if len(right) > 1:
        return []
    other = "far_off_in_other_units" if right == {True} else "least_squares"
    return [(other, *cases[at][1:]) for at in rng.choice(len(cases), 2, replace=False)]


def answers_to(student, cases):
    """For each case the answer, and the arguments as the call left them."""
    return student.each(((models.lent(model), *data) for model, *data in cases), after=True)


def decides(student, rng, *cases):
    """Each case is the name of a model, X, Y, X_new and c; they are asked in an order drawn from the seed."""
    cases = [*cases, *companions(rng, cases)]
    order = rng.permutation(len(cases))
    answers = dict(zip(order.tolist(), answers_to(student, [cases[at] for at in order])))
    for at, (model, X, Y, X_new, c) in enumerate(cases):
        answer, _ = answers[at]
        inputs, expected = described(model, Y, c), expects(model)
        got = as_decision(answer, inputs, expected)
        if got != expected:
            gap = truth(model, X, Y, X_new, c)
            word = "equivariant" if expected else "not equivariant"
            size = "noise only" if gap < 1e-9 else f"up to {gap:.2g} of a task's label spread"
            summary = f"This model is {word}: back in the first unit, the two sets of predictions differ by {size}."
            raise CheckFailure(summary, inputs, expected, got)


@points(2)
def test_equivariant_models(student, rng):
    """True for models that fit every task on its own: least squares, ridge, nearest rows, one tree per task."""
    models = ("least_squares", "ridge", "nearest_rows", "a_split_for_each_task")
    others = ((model, *clear_cut(rng, model, count)) for model in models for count in (2, 3))
    cases = [
        ("least_squares", *TINY, np.array([1.0, 100.0])),
        # These tell why all else comes out as False: no division, too many, or equality to the last digit.
        *((model, *TINY, np.array([3.0, 100.0])) for model in CONSTANT),
        ("nearest_rows", *TINY, np.array([4.0, 0.5])),
    ]
    decides(student, rng, *cases, *others)


@points(2)
def test_shared_models(student, rng):
    """False for models in which the tasks share something: a split, a direction, a common mean."""
    shared = ("pulled_to_the_common_mean", "one_split_for_all_tasks", "strongest_direction")
    cases = [(model, *clear_cut(rng, model, count)) for model in shared for count in (2, 3)]
    # These tell what else may be compared: scaled features, one factor for all tasks, a fit for each task.
    others = ("adds_the_square_of_the_gap", "ridge", "adds_one")
    decides(student, rng, *cases, *((model, *TINY, np.array([3.0, 100.0])) for model in others))


@points(1)
def test_label_units_inside(student, rng):
    """False for models with a constant in label units: a fixed penalty, a prediction that is always 1 too high."""
    X, Y, X_new = TINY
    c = np.array([1.0, 100.0])
    models = ("adds_one", "adds_one_outside", "adds_and_takes_one", "penalised_by_size", *CONSTANT)
    # Beside labels near 160, 1 is little, and still more than a hundredth of their spread.
    tiny = ("adds_one", X, Y, X_new, c), ("adds_one", X, 40 * Y, X_new, c), ("adds_one", X, Y, X_new, 1 / c)
    decides(student, rng, *tiny, *((model, *clear_cut(rng, model, 2)) for model in models))


@points(1)
def test_every_task_and_row(student, rng):
    """One task, or one new row, is enough for False."""
    tasks = ("adds_one_to_the_last_task", "adds_one_to_the_first_task")
    single = (*tasks, "adds_one_to_the_last_row", "adds_one_to_the_first_row")
    tiny = ((model, *TINY, np.array([3.0, 100.0])) for model in single)
    single = (*single, "adds_one_to_the_second_task")
    others = ((model, *data(rng, 3), np.array([0.3, 7.0, 30.0])[rng.permutation(3)]) for model in single)
    decides(student, rng, *tiny, *others)


@points(2)
def test_small_and_large_labels(student, rng):
    """A difference is judged beside the spread of its own task's labels: tiny, huge, or 10,000 give or take 1."""
    c = np.array([7.0, 30.0])
    X, Y, X_new = data(rng, 2)
    far = X, 1e4 + (Y - 6) / 2, X_new, c
    apart = X, Y * [5e-5, 5e3], X_new, c
    tiny_x, tiny_y, tiny_new = TINY
    centred_x, centred_y, centred_new = CENTRED
    cases = [
        ("adds_a_twentieth", tiny_x, 1e4 + tiny_y / 2, tiny_new, c),
        ("adds_two_millionths_to_the_first_task", tiny_x, tiny_y * [5e-5, 5e3], tiny_new, c),
        ("adds_two_millionths_to_the_first_task", tiny_x, tiny_y * 5e-5, tiny_new, c),
        (EXACT_TO_TEN, tiny_x, tiny_y * 5e3, tiny_new, c),
        *((EXACT_TO_TEN, centred_x, scale * centred_y, centred_new, c) for scale in (1.0, 5e3)),
        (EXACT_TO_TEN, tiny_x, tiny_y, tiny_new[:1], c),
        ("adds_a_twentieth", *far),
        ("adds_two_millionths_to_the_first_task", *apart),
        ("adds_one", X, Y * [1.0, 1000.0], X_new, c),
        *((model, *labels) for model in ("least_squares", "nearest_rows") for labels in (far, apart)),
    ]
    models = ("least_squares", "nearest_rows", "one_split_for_all_tasks", "pulled_to_the_common_mean")
    others = ((model, *clear_cut(rng, model, 2, scale)) for scale in (1e-4, 1e4) for model in models)
    decides(student, rng, *cases, *others)


@points(1)
@depends("test_equivariant_models")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """X, Y, X_new and c are as they were before the call."""
    cases = (*TINY, np.array([1.0, 100.0])), (*data(rng, 3), np.array([2.0, 1.0, 30.0]))
    answers = answers_to(student, (("least_squares", *case) for case in cases))
    for case, (_, left) in zip(cases, answers):
        for name, before, now in zip(NAMES, case, left[1:], strict=True):
            summary = f"The call changed `{name}` in place: work on a copy, the caller still needs it."
            assert_true(np.array_equal(before, now), summary, {name: before}, before, now)


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    X, Y, X_new = data(rng, 3, n=10, m=4)
    for model in models.MODELS:
        yield probe(models.lent(model), X, Y, X_new, np.array([3.0, 7.0, 0.3]), after=model == "adds_one")
    for model in ("least_squares", "adds_one_to_the_first_task", "adds_one"):
        yield probe(models.lent(model), X, Y, X_new, np.array([1.0, 7.0, 30.0]))
    yield probe(models.lent("adds_one"), X, Y, X_new, 1 / np.array([1.0, 7.0, 30.0]))
    # With powers of two nothing is rounded, and exact comparison is right by luck.
    yield probe(models.lent("nearest_rows"), X, Y, X_new, np.array([1.0, 4.0, 0.5]))
    c = np.array([7.0, 30.0])
    for name, scale, level in (
        ("adds_one", 40.0, 0.0),
        ("adds_a_twentieth", 0.5, 1e4),
        ("adds_two_millionths_to_the_first_task", 5e-5, 0.0),
        ("adds_two_millionths_to_the_first_task", np.array([5e-5, 5e3]), 0.0),
        (EXACT_TO_TEN, 5e3, 0.0),
    ):
        yield probe(models.lent(name), TINY[0], level + scale * TINY[1], TINY[2], c)
    yield probe(models.lent(EXACT_TO_TEN), TINY[0], TINY[1], TINY[2][:1], c)
    for scale in (1.0, 5e3):
        yield probe(models.lent(EXACT_TO_TEN), CENTRED[0], scale * CENTRED[1], CENTRED[2], c)
