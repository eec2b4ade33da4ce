"""Plausible wrong answers, what a tutor says about each, and the check that must catch it."""

import numpy as np

from autograder.testing import misconception


@misconception(
    "You compared predictions in different units: divide by c (equivariant, not invariant).",
    caught_by="test_equivariant_models",
    conceptual=True,
)
def no_division(fit_predict, X, Y, X_new, c):
    return np.allclose(fit_predict(X, Y * c, X_new), fit_predict(X, Y, X_new))


@misconception(
    "You scaled the features. The question is about LABELS; a tree ignores feature scale.",
    caught_by="test_shared_models",
    conceptual=True,
)
def scaled_features(fit_predict, X, Y, X_new, c):
    factor = np.max(c)
    return np.allclose(fit_predict(X * factor, Y, X_new * factor), fit_predict(X, Y, X_new))


@misconception(
    "Your tolerance is larger than the labels, so everything passes: a fixed number is much for tiny labels and little "
    "for huge ones. Judge the difference beside the size of the labels.",
    caught_by="test_small_and_large_labels",
    conceptual=True,
)
def absolute_tolerance(fit_predict, X, Y, X_new, c):
    return np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new)).max() < 1.0


@misconception(
    "You never applied c, it seems: every model comes out as True, as if the same fit were compared with itself.",
    caught_by="test_shared_models",
    conceptual=True,
)
def never_rescaled(fit_predict, X, Y, X_new, c):
    return np.array_equal(fit_predict(X, Y, X_new), fit_predict(X, Y, X_new))


@misconception(
    "One common factor for all tasks is a change of unit that even a shared tree does not notice. Each task gets its own "
    "factor.",
    caught_by="test_shared_models",
    conceptual=True,
)
def one_factor_for_all(fit_predict, X, Y, X_new, c):
    factor = np.max(c)
    return np.allclose(fit_predict(X, Y * factor, X_new) / factor, fit_predict(X, Y, X_new))


@misconception(
    "You fitted each task on its own. A model that shares something between tasks then has nothing to share, and looks better "
    "than it is: hand over all tasks at once.",
    caught_by="test_shared_models",
    conceptual=True,
)
def each_task_on_its_own(fit_predict, X, Y, X_new, c):
    return all(
        np.allclose(fit_predict(X, Y[:, [t]] * c[t], X_new) / c[t], fit_predict(X, Y[:, [t]], X_new))
        for t in range(len(c))
    )


@misconception(
    "You compared the two fits on the training rows. A model can know these by heart; the question is about new rows.",
    caught_by="test_label_units_inside",
)
def training_rows_compared(fit_predict, X, Y, X_new, c):
    return np.allclose(fit_predict(X, Y * c, X) / c, fit_predict(X, Y, X))


@misconception(
    "Your tolerance of a tenth of the label spread lets real differences through. Noise is far below a millionth of it.",
    caught_by="test_label_units_inside",
)
def tolerance_of_a_tenth(fit_predict, X, Y, X_new, c):
    return (np.abs(fit_predict(X, Y * c, X_new) / c - fit_predict(X, Y, X_new)) < 0.1 * Y.std(axis=0)).all()


@misconception(
    "You asked for exactly equal numbers. Multiplying and dividing leave floating-point noise, so even least squares "
    "fails.",
    caught_by="test_equivariant_models",
)
def exactly_equal(fit_predict, X, Y, X_new, c):
    return np.array_equal(fit_predict(X, Y * c, X_new) / c, fit_predict(X, Y, X_new))


@misconception(
    "Only the first task is compared. One task that changes is enough for False.",
    caught_by="test_every_task_and_row",
)
def first_task_only(fit_predict, X, Y, X_new, c):
    return np.allclose((fit_predict(X, Y * c, X_new) / c)[:, 0], fit_predict(X, Y, X_new)[:, 0])


@misconception(
    "Only the first new row is compared. One row that changes is enough for False.",
    caught_by="test_every_task_and_row",
)
def first_row_only(fit_predict, X, Y, X_new, c):
    return np.allclose((fit_predict(X, Y * c, X_new) / c)[0], fit_predict(X, Y, X_new)[0])


@misconception(
    "You averaged the signed differences, and too much cancels against too little. Look at their size.",
    caught_by="test_label_units_inside",
)
def differences_cancel(fit_predict, X, Y, X_new, c):
    plain = fit_predict(X, Y, X_new)
    gap = (fit_predict(X, Y * c, X_new) / c - plain).mean(axis=0)
    return np.abs(gap / np.abs(plain).mean(axis=0)).max() < 1e-6


@misconception(
    "You multiplied by c a second time. The labels were multiplied, so the predictions are divided.",
    caught_by="test_equivariant_models",
)
def multiplied_twice(fit_predict, X, Y, X_new, c):
    return np.allclose(fit_predict(X, Y * c, X_new) * c, fit_predict(X, Y, X_new))


@misconception(
    "Correlation does not see a constant error: predictions that are 1 too large correlate perfectly. Compare the values.",
    caught_by="test_label_units_inside",
    conceptual=True,
)
def correlation(fit_predict, X, Y, X_new, c):
    plain, back = fit_predict(X, Y, X_new), fit_predict(X, Y * c, X_new) / c
    plain, back = plain - plain.mean(axis=0), back - back.mean(axis=0)
    return bool(((plain * back).sum(0) > (1 - 1e-6) * np.sqrt((plain**2).sum(0) * (back**2).sum(0))).all())


@misconception(
    "You asked whether ANY entry agrees. One entry that differs is enough for False.",
    caught_by="test_every_task_and_row",
)
def any_instead_of_all(fit_predict, X, Y, X_new, c):
    return np.isclose(fit_predict(X, Y * c, X_new) / c, fit_predict(X, Y, X_new)).any()


@misconception(
    "The answer is turned round: True means that a change of unit changes nothing else.",
    caught_by="test_equivariant_models",
)
def turned_round(fit_predict, X, Y, X_new, c):
    return not np.allclose(fit_predict(X, Y * c, X_new) / c, fit_predict(X, Y, X_new))


@misconception(
    "You multiplied into `Y` itself (`*=`): the caller's labels are now in other units. Make a new array.",
    caught_by="test_inputs_unchanged",
)
def rescales_in_place(fit_predict, X, Y, X_new, c):
    plain = fit_predict(X, Y, X_new)
    Y *= c
    return np.allclose(fit_predict(X, Y, X_new) / c, plain)


@misconception("Every model is called sensitive to scale, without a look at it.", caught_by="test_equivariant_models")
def always_false(fit_predict, X, Y, X_new, c):
    return False
