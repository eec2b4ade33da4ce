"""cv_predict_scaled(fit_predict, X (n, d), Y (n, T), splits) -> (n, T): predictions in label units, row by row."""

import numpy as np

from autograder.exercises.cv_predict_scaled import models
from autograder.testing import (
    INPUTS_LEFT,
    CheckFailure,
    agree,
    assert_close,
    assert_true,
    believes,
    depends,
    points,
    probe,
    to_array,
)

NAMES = ("X", "Y", "splits")
X_TINY = np.array([[0.0], [1.0], [2.0], [4.0]])
Y_TINY = np.array([[10.0, 1.0], [20.0, 3.0], [50.0, 4.0], [30.0, 9.0]])
FIRST, LAST = np.array([0, 1]), np.array([2, 3])
IN_ORDER = [(LAST, FIRST), (FIRST, LAST)]


def described(name):
    """A model as the learner is shown it: its name and what it does."""
    return f"{name}: {models.MODELS[name].__doc__}"


def lent(argument):
    """An argument as it is sent; of a model's description, the model."""
    return models.lent(_name(argument)) if isinstance(argument, str) else argument


def _name(model):
    return model.partition(":")[0]


def right(model, X, Y, splits):
    """In float64; which labels are constant is decided by the labels themselves."""
    Y = Y.astype(float)
    out = np.full(Y.shape, np.nan)
    for train, test in splits:
        mean, scale = Y[train].mean(axis=0), Y[train].std(axis=0)
        scale = np.where(np.ptp(Y[train], axis=0) == 0, 1.0, scale)
        out[test] = models.MODELS[_name(model)](X[train], (Y[train] - mean) / scale, X[test]) * scale + mean
    return out


def verify(student, *cases):
    """Each case is the name of a model, X, Y and the splits."""
    agree(student, [(described(model), *rest) for model, *rest in cases], right, ("fit_predict", *NAMES), send=lent)


def data(rng, n, count, dtype=np.float64):
    """Features and labels whose columns have sizes of their own."""
    X = rng.normal(0, 1, (n, 2)) * [1.0, 20.0]
    Y = X @ rng.normal(0, 1, (2, count)) / 10 + rng.normal(0, 1, (n, count))
    return X, (Y * 10 ** rng.uniform(0, 1.5, count) + rng.normal(0, 30, count)).astype(dtype)


def folds(rng, n, count, shuffled):
    """Folds of unequal size; shuffled ones stand in no order, inside and among each other."""
    rows = rng.permutation(n) if shuffled else np.arange(n)
    cuts = np.linspace(0, n, count + 1).astype(int)[1:-1] + (1 if n > 3 * count else 0)
    parts = np.split(rows, cuts)
    return [(np.setdiff1d(rows, part), part) for part in parts]


@points(2)
def test_units(student, rng):
    """Predictions are in label units, one for every row and task."""
    cases = [("least_squares", X_TINY, Y, IN_ORDER) for Y in (Y_TINY[:, :1], Y_TINY)]
    for n, count, parts in ((12, 1, 2), (13, 3, 3)):
        for dtype in (np.float64, np.float32):
            cases.append(("least_squares", *data(rng, n, count, dtype), folds(rng, n, parts, shuffled=False)))
    verify(student, *cases, *(("least_squares", X_TINY, unit * Y_TINY, IN_ORDER) for unit in (1e5, 1e-5)))


@points(2)
def test_scaled_labels(student, rng):
    """The model sees labels with mean 0 and standard deviation 1, computed in the training rows of its own fold."""
    cases = [("bent", X_TINY, Y_TINY, IN_ORDER)]
    for model, n, count, parts in (("squashed", 14, 3, 3), ("bent", 9, 2, 3)):
        cases.append((model, *data(rng, n, count), folds(rng, n, parts, shuffled=False)))
    verify(student, *cases)


@points(2)
def test_row_order(student, rng):
    """With shuffled folds every prediction stands in its own row; a split may leave training rows out."""
    tiny = [(FIRST, LAST), (LAST, FIRST)], [(np.array([0, 2]), np.array([3, 1])), (LAST, np.array([2, 0]))]
    cases = [("least_squares", X_TINY, Y_TINY, splits) for splits in tiny]
    for n, parts, left_out in ((7, 3, 0), (13, 4, 1)):
        splits = folds(rng, n, parts, shuffled=True)
        cases.append(("least_squares", *data(rng, n, 2), [(train[left_out:], test) for train, test in splits]))
    verify(student, *cases)


@points(2)
def test_no_look_at_test_labels(student, rng):
    """Changing the labels of a test fold leaves the predictions for that fold as they were."""
    cases = []
    others = ((*data(rng, 12, 2), folds(rng, 12, 2, shuffled)) for shuffled in (False, True))
    for X, Y, splits in ((X_TINY, Y_TINY, IN_ORDER), *others):
        test = splits[0][1]
        changed = Y.copy()
        changed[test] = changed[test] * 3.0 + 40.0
        # "bent" shows best what a model was given.
        seen_by = ("least_squares", "bent") if X is X_TINY else ("bent",)
        cases += [(described(model), X, changed, splits) for model in seen_by]
    for case, got in zip(cases, student.each(tuple(map(lent, case)) for case in cases)):
        test, expected = case[-1][0][1], right(*case)
        inputs = {**dict(zip(("fit_predict", *NAMES), case)), "changed": f"the labels of rows {test.tolist()}"}
        assert_close(got, expected, inputs, what="the answer", summary=moved(got, expected, test))


def moved(got, expected, test):
    """What to say where the rows of the changed fold are the ones that are wrong."""
    try:
        got = to_array(got)
    except CheckFailure:
        return ""
    if got.shape != expected.shape or np.allclose(got[test], expected[test], equal_nan=True):
        return ""
    return f"After a change of their own labels, the predictions for rows {test.tolist()} are not what they must be."


@points(1)
def test_constant_label(student, rng):
    """A label whose values in the training rows are all equal is scaled by 1, and no other label is."""
    constant = np.array([[5.0, 1.0], [5.0, 3.0], [5.0, 4.0], [5.0, 9.0]])
    X, Y = data(rng, 9, 3)
    splits = folds(rng, 9, 2, shuffled=False)
    Y[splits[1][0], 1] = -2.0
    # "bent" shows the scale even where all labels are 0 after centring.
    others = ((model, X, Y, splits) for model in ("least_squares", "bent"))
    edges = *map(not_quite_zero, (3, 7)), looks_constant()
    verify(student, ("least_squares", X_TINY, constant, IN_ORDER), *others, *edges)


def looks_constant():
    """A case whose labels vary, and look constant in a fold to a comparison that leaves some of them out."""
    labels = [[1.0, 2.0], [4.0, 2.0], [1.0, 5.0], [3.0, 1.0], [8.0, 7.0], [8.0, 4.0]]
    ends, rest = np.arange(3), np.arange(3, 6)
    return "bent", np.arange(6.0)[:, None], np.array(labels), [(ends, rest), (rest, ends)]


def not_quite_zero(count):
    """A case with equal labels in the training rows whose computed deviation is not 0: 1e-17, and in float32 6e-8."""
    value, dtype = {3: (0.1, np.float64), 7: (0.7, np.float32)}[count]
    equal, rest = np.arange(count), np.arange(count, count + 3)
    Y = np.column_stack([[value] * count + [1.0, 2.0, 4.0], np.arange(count + 3)]).astype(dtype)
    return "bent", np.arange(count + 3.0)[:, None], Y, [(equal, rest), (rest, equal)]


@points(1)
@depends("test_units")
@believes(INPUTS_LEFT)
def test_inputs_unchanged(student, rng):
    """X, Y and the splits are as they were before the call."""
    cases = (X_TINY, Y_TINY, IN_ORDER), (*data(rng, 9, 2), folds(rng, 9, 2, shuffled=True))
    answers = student.each(((models.lent("least_squares"), *case) for case in cases), after=True)
    for case, (_, left) in zip(cases, answers):
        for name, before, now in zip(NAMES, case, left[1:], strict=True):
            same = _alike(before, now) if name == "splits" else np.array_equal(before, now)
            summary = f"The call changed `{name}` in place: work on a copy, the caller still needs it."
            assert_true(same, summary, {name: before}, before, now)


def _alike(before, now):
    return len(before) == len(now) and all(
        np.array_equal(one, other) for old, new in zip(before, now) for one, other in zip(old, new)
    )


def probes(rng):
    """Questions on which every known wrong answer behaves in its own way."""
    constant = Y_TINY.copy()
    constant[:, 0] = 5.0
    X, Y = data(rng, 8, 2)
    shuffled = folds(rng, 8, 3, shuffled=True)
    for model in models.MODELS:
        yield probe(models.lent(model), X_TINY, Y_TINY, IN_ORDER, after=True)
        yield probe(models.lent(model), X, Y, folds(rng, 8, 3, shuffled=False), after=True)
        yield probe(models.lent(model), X, Y, shuffled, after=True)
        yield probe(models.lent(model), X, Y, [(train[1:], test) for train, test in shuffled], after=True)
    for model in ("squashed", "bent"):
        yield probe(models.lent(model), X_TINY, constant, IN_ORDER, after=True)
    for case in (*map(not_quite_zero, (3, 7)), looks_constant()):
        yield probe(*map(lent, (described("bent"), *case[1:])))
