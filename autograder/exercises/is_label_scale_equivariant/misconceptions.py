"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


def _agree(back, plain, Y):
    """What is right, so that each answer below is wrong in one thing."""
    return bool((np.abs(back - plain) <= 1e-6 * Y.std(axis=0)).all())


@misconception(
    "Least squares comes out as False: predictions in the new unit are compared with those in the old one. Bring them back "
    "first, dividing by c: equivariant does not mean invariant.",
    caught_by="test_equivariant_models",
    conceptual=True,
)
def no_division(fit_predict, X, Y, X_new, c):
    return _agree(fit_predict(X, Y * c, X_new), fit_predict(X, Y, X_new), Y)


@misconception(
    "Models that depend on the scale of the labels come out as True, and ridge as False. Often the features are scaled: the "
    "question is about labels.",
    caught_by="test_shared_models",
    conceptual=True,
)
def scaled_features(fit_predict, X, Y, X_new, c):
    factor = np.max(c)
    return _agree(fit_predict(X * factor, Y, X_new * factor), fit_predict(X, Y, X_new), Y)


@misconception(
    "A fixed tolerance is large for tiny labels and small for huge ones: a change of several per cent passes, or noise counts as "
    "a change. Judge each difference beside the spread of its task's labels.",
    caught_by="test_small_and_large_labels",
    conceptual=True,
    family={"tolerance": (1.0, 1e-8, 1e-6, 1e-5, 1e-3, 0.1)},
)
def absolute_tolerance(fit_predict, X, Y, X_new, c, *, tolerance=1.0):
    return np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new)).max() < tolerance


@misconception(
    "The tolerance follows the size of each prediction. Far from 0 a change of several per cent of the spread passes, or beside "
    "a prediction of 0 mere noise counts. Judge by the spread of the task's labels; np.allclose as it is does not.",
    caught_by="test_small_and_large_labels",
    conceptual=True,
    family={"rtol": (1e-5, 1e-6, 1e-3), "atol": (1e-8, 0.0)},
)
def beside_the_prediction(fit_predict, X, Y, X_new, c, *, rtol=1e-5, atol=1e-8):
    return np.allclose(fit_predict(X, Y * c, X_new) / c, fit_predict(X, Y, X_new), rtol=rtol, atol=atol)


@misconception(
    "The tolerance follows the largest or the mean label of each task. With labels of 10,000 give or take 1 a change of "
    "several per cent of the spread passes. Judge by the spread: the level of a label says nothing about it.",
    caught_by="test_small_and_large_labels",
    conceptual=True,
    family={"level": ("mean", "largest"), "tolerance": (1e-5, 1e-3)},
)
def beside_the_level(fit_predict, X, Y, X_new, c, *, level="mean", tolerance=1e-5):
    gap = np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new)).max(axis=0)
    size = np.abs(Y).mean(axis=0) if level == "mean" else np.abs(Y).max(axis=0)
    return (gap <= tolerance * size).all()


@misconception(
    "One yardstick serves all tasks: beside a task with huge labels, a task with tiny ones may change by several per cent "
    "unnoticed. Judge each task by the spread of its own labels.",
    caught_by="test_small_and_large_labels",
    conceptual=True,
    family={"yardstick": ("spread", "norm", "largest label"), "tolerance": (1e-6, 1e-4)},
)
def one_yardstick_for_all(fit_predict, X, Y, X_new, c, *, yardstick="spread", tolerance=1e-6):
    plain = fit_predict(X, Y, X_new)
    gap = fit_predict(X, Y * c, X_new) / c - plain
    if yardstick == "norm":
        return np.linalg.norm(gap) < tolerance * np.linalg.norm(plain)
    return np.abs(gap).max() <= tolerance * (Y.std() if yardstick == "spread" else np.abs(Y).max())


@misconception(
    "With a single new row even noise counts as a change: the spread of the predictions is 0 there. Judge by the spread of the "
    "task's labels.",
    caught_by="test_small_and_large_labels",
)
def spread_of_the_predictions(fit_predict, X, Y, X_new, c):
    plain = fit_predict(X, Y, X_new)
    return (np.abs(fit_predict(X, Y * c, X_new) / c - plain) <= 1e-6 * plain.std(axis=0)).all()


@misconception(
    "Every model comes out as True here, even those that depend on the scale of a label. Often c is never applied, and a fit "
    "is compared with itself.",
    caught_by="test_shared_models",
    conceptual=True,
)
def never_rescaled(fit_predict, X, Y, X_new, c):
    return np.array_equal(fit_predict(X, Y, X_new), fit_predict(X, Y, X_new))


@misconception(
    "Models whose tasks share something come out as True here. One common factor for all tasks is a change of unit that even a "
    "shared tree does not notice: each task gets its own factor.",
    caught_by="test_shared_models",
    conceptual=True,
    family={"factor": (np.max, np.mean)},
)
def one_factor_for_all(fit_predict, X, Y, X_new, c, *, factor=np.max):
    return _agree(fit_predict(X, Y * factor(c), X_new) / factor(c), fit_predict(X, Y, X_new), Y)


@misconception(
    "Models whose tasks share something come out as True here, as if each task were fitted on its own, with nothing to share. "
    "Hand over all tasks at once.",
    caught_by="test_shared_models",
    conceptual=True,
)
def each_task_on_its_own(fit_predict, X, Y, X_new, c):
    return all(
        _agree(fit_predict(X, Y[:, [t]] * c[t], X_new) / c[t], fit_predict(X, Y[:, [t]], X_new), Y[:, [t]])
        for t in range(len(c))
    )


@misconception(
    "A model that has memorised its training rows comes out as True. Often the two fits are compared on the training rows; the "
    "question is about new ones.",
    caught_by="test_label_units_inside",
)
def training_rows_compared(fit_predict, X, Y, X_new, c):
    return _agree(fit_predict(X, Y * c, X) / c, fit_predict(X, Y, X), Y)


@misconception(
    "A change of more than a hundredth of the label spread passes: the tolerance is too wide. Noise stays below a billionth of "
    "the spread, so there is plenty of room between the two.",
    caught_by="test_label_units_inside",
    family={"tolerance": (0.1, 0.05, 1.0)},
)
def tolerance_of_a_tenth(fit_predict, X, Y, X_new, c, *, tolerance=0.1):
    gap = np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new))
    return (gap < tolerance * Y.std(axis=0)).all()


@misconception(
    "Models fitted task by task come out as False here, by differences in the last digits. Multiplying and dividing leave "
    "floating-point noise: exactly equal numbers are too much to ask.",
    caught_by="test_equivariant_models",
)
def exactly_equal(fit_predict, X, Y, X_new, c):
    return np.array_equal(fit_predict(X, Y * c, X_new) / c, fit_predict(X, Y, X_new))


@misconception(
    "A change in one of the tasks goes unnoticed: only one task is compared. One task that changes is enough for False.",
    caught_by="test_every_task_and_row",
    family={"task": (0, -1, 1)},
)
def first_task_only(fit_predict, X, Y, X_new, c, *, task=0):
    return _agree((fit_predict(X, Y * c, X_new) / c)[:, task], fit_predict(X, Y, X_new)[:, task], Y[:, task])


@misconception(
    "A change in one of the new rows goes unnoticed: only one row is compared. One row that changes is enough for False.",
    caught_by="test_every_task_and_row",
    family={"row": (0, -1)},
)
def first_row_only(fit_predict, X, Y, X_new, c, *, row=0):
    return _agree((fit_predict(X, Y * c, X_new) / c)[row], fit_predict(X, Y, X_new)[row], Y)


@misconception(
    "A model that predicts too much and too little in turn comes out as True: often signed differences are averaged, and "
    "cancel. Look at their size.",
    caught_by="test_label_units_inside",
)
def differences_cancel(fit_predict, X, Y, X_new, c):
    gap = (fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new)).mean(axis=0)
    return (np.abs(gap) <= 1e-6 * Y.std(axis=0)).all()


@misconception(
    "Models fitted task by task come out as False: their new predictions are multiplied by c once more. The labels were "
    "multiplied, so the predictions are divided.",
    caught_by="test_equivariant_models",
)
def multiplied_twice(fit_predict, X, Y, X_new, c):
    return _agree(fit_predict(X, Y * c, X_new) * c, fit_predict(X, Y, X_new), Y)


@misconception(
    "A model that predicts too {little} in the new unit comes out as True: only differences of the other sign count. Look at "
    "their size, without the sign, as `abs` gives it.",
    caught_by="test_label_units_inside",
    conceptual=True,
    family={"little": ("little", "much"), "unit": ("old", "new"), "tolerance": ("the spread", 1e-6, 1e-8, 1e-9)},
)
def signs_kept(fit_predict, X, Y, X_new, c, *, little="little", unit="old", tolerance="the spread"):
    plain, changed = fit_predict(X, Y, X_new), fit_predict(X, Y * c, X_new)
    gap = changed / c - plain if unit == "old" else changed - plain * c
    spread = (Y if unit == "old" else Y * c).std(axis=0)
    most = 1e-6 * spread if tolerance == "the spread" else tolerance
    return bool(((gap if little == "little" else -gap) <= most).all())


@misconception(
    "An error that is the same for all rows goes unnoticed, as when predictions are correlated, or standardised by their own mean and "
    "spread. Compare the values.",
    caught_by="test_label_units_inside",
    conceptual=True,
)
def correlation(fit_predict, X, Y, X_new, c):
    plain, back = fit_predict(X, Y, X_new), fit_predict(X, Y * c, X_new) / c
    plain, back = plain - plain.mean(axis=0), back - back.mean(axis=0)
    return bool(((plain * back).sum(0) >= (1 - 1e-6) * np.sqrt((plain**2).sum(0) * (back**2).sum(0))).all())


@misconception(
    "A change in one task or one row goes unnoticed while anything else agrees. All entries must agree; `any` asks for one only.",
    caught_by="test_every_task_and_row",
    family={"over": ("everything", "tasks", "rows")},
)
def any_instead_of_all(fit_predict, X, Y, X_new, c, *, over="everything"):
    close = np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new)) <= 1e-6 * Y.std(axis=0)
    return {"everything": close.any(), "tasks": close.all(axis=0).any(), "rows": close.all(axis=1).any()}[over]


@misconception(
    "Several decisions came back. One is asked for: True only where every entry of every task agrees.",
    caught_by="test_equivariant_models",
    family={"one_for_each": ("entry", "task", "row")},
)
def several_decisions(fit_predict, X, Y, X_new, c, *, one_for_each="entry"):
    close = np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new)) <= 1e-6 * Y.std(axis=0)
    return {"entry": close, "task": close.all(axis=0), "row": close.all(axis=1)}[one_for_each]


@misconception(
    "The answer is reversed: a model with a shared part comes out as True, one fitted task by task as False. True means "
    "that a change of unit changes nothing else.",
    caught_by="test_shared_models",
)
def turned_round(fit_predict, X, Y, X_new, c):
    return not _agree(fit_predict(X, Y * c, X_new) / c, fit_predict(X, Y, X_new), Y)


@misconception(
    "After the call the caller's labels are in other units, often because `*=` writes into `Y` itself. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def rescales_in_place(fit_predict, X, Y, X_new, c):
    plain, spread = fit_predict(X, Y, X_new), Y.std(axis=0)
    Y *= c
    return bool((np.abs(fit_predict(X, Y, X_new) / c - plain) <= 1e-6 * spread).all())


@misconception(
    "Every model comes out as False here, also least squares and nearest rows, which do not depend on the scale of a label.",
    caught_by="test_equivariant_models",
)
def always_false(fit_predict, X, Y, X_new, c):
    return False
