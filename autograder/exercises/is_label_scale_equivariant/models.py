"""The models that are put to the answer: each fits X and Y, and predicts for new rows."""

import numpy as np

from autograder.testing import Lent


def least_squares(X, Y, X_new):
    """A linear model with an intercept."""
    return _with_one(X_new) @ np.linalg.lstsq(_with_one(X), Y, rcond=None)[0]


def ridge(X, Y, X_new):
    """A linear model with one fixed penalty on centred data."""
    center, mean = X.mean(axis=0), Y.mean(axis=0)
    gram = (X - center).T @ (X - center) + 2.0 * np.eye(X.shape[1])
    return mean + (X_new - center) @ np.linalg.solve(gram, (X - center).T @ (Y - mean))


def nearest_rows(X, Y, X_new):
    """The mean label of the three nearest training rows."""
    distance = ((X_new[:, None, :] - X[None, :, :]) ** 2).sum(axis=2)
    return Y[np.argsort(distance, axis=1, kind="stable")[:, :3]].mean(axis=1)


def least_squares_to_ten_digits(X, Y, X_new):
    """A linear model that is exact to ten digits of each task's label spread."""
    spread = Y.std(axis=0)
    return least_squares(X, Y, X_new) + 2e-10 * spread * np.sin(1000 * np.log(spread))


def a_split_for_each_task(X, Y, X_new):
    """A tree of one split, grown for each task on its own."""
    columns = [one_split_for_all_tasks(X, Y[:, [task]], X_new) for task in range(Y.shape[1])]
    return np.hstack(columns)


def one_split_for_all_tasks(X, Y, X_new):
    """A tree of one split, the one with the smallest squared error summed over all tasks."""
    features, thresholds = [], []
    for feature, column in enumerate(X.T):
        levels = np.unique(column)[:-1]
        features += [feature] * len(levels)
        thresholds += levels.tolist()
    left = np.array(thresholds)[:, None] >= X[:, features].T  # a row for each way to split
    centred = Y - Y.mean(axis=0)
    count = left.sum(axis=1, keepdims=True)
    low = left @ centred / count
    high = ~left @ centred / (len(X) - count)
    error = (centred**2).sum() - (count * low**2 + (len(X) - count) * high**2).sum(axis=1)
    best = np.argmax(error <= error.min() * (1 + 1e-9))  # the first of those that are equal but for rounding
    is_low = X_new[:, [features[best]]] <= thresholds[best]
    return np.where(is_low, Y[left[best]].mean(axis=0), Y[~left[best]].mean(axis=0))


def strongest_direction(X, Y, X_new):
    """A linear model that keeps only the direction in which the labels vary most."""
    mean = Y.mean(axis=0)
    fitted = least_squares(X, Y, X) - mean
    direction = np.linalg.svd(fitted, full_matrices=False)[2][0]
    return mean + (least_squares(X, Y, X_new) - mean) @ np.outer(direction, direction)


def pulled_to_the_common_mean(X, Y, X_new):
    """A linear model whose predictions are pulled half-way to the mean of all labels."""
    return 0.5 * least_squares(X, Y, X_new) + 0.5 * Y.mean()


def adds_the_square_of_the_gap(X, Y, X_new):
    """A linear model that adds the squared distance of each task's mean from the mean of all labels."""
    return least_squares(X, Y, X_new) + (Y.mean(axis=0) - Y.mean()) ** 2


def penalised_by_size(X, Y, X_new):
    """A linear model whose coefficients are pulled towards 0 by a fixed amount."""
    center, mean = X.mean(axis=0), Y.mean(axis=0)
    slopes = np.linalg.lstsq(X - center, Y - mean, rcond=None)[0]
    return mean + (X_new - center) @ (np.sign(slopes) * np.maximum(np.abs(slopes) - 0.5, 0.0))


def adds_one(X, Y, X_new):
    """A linear model that predicts 1 too much, whatever the unit."""
    return least_squares(X, Y, X_new) + 1.0


def adds_a_twentieth(X, Y, X_new):
    """A linear model that predicts 0.05 too much, whatever the unit."""
    return least_squares(X, Y, X_new) + 0.05


def adds_two_millionths_to_the_first_task(X, Y, X_new):
    """A linear model that predicts 0.000002 too much for the first task."""
    return least_squares(X, Y, X_new) + 2e-6 * (np.arange(Y.shape[1]) == 0)


def adds_one_to_the_first_task(X, Y, X_new):
    """A linear model that predicts 1 too much for the first task."""
    return least_squares(X, Y, X_new) + (np.arange(Y.shape[1]) == 0)


def adds_one_to_the_last_task(X, Y, X_new):
    """A linear model that predicts 1 too much for the last task."""
    return least_squares(X, Y, X_new) + (np.arange(Y.shape[1]) == Y.shape[1] - 1)


def adds_one_to_the_second_task(X, Y, X_new):
    """A linear model that predicts 1 too much for the second task."""
    return least_squares(X, Y, X_new) + (np.arange(Y.shape[1]) == 1)


def adds_one_outside(X, Y, X_new):
    """Has memorised the labels of its training rows; for any other row a linear model that predicts 1 too much."""
    same = (X_new[:, None, :] == X[None, :, :]).all(axis=2)
    return np.where(same.any(axis=1)[:, None], Y[same.argmax(axis=1)], adds_one(X, Y, X_new))


def adds_and_takes_one(X, Y, X_new):
    """A linear model that predicts 1 too much and 1 too little in turn."""
    return least_squares(X, Y, X_new) + np.where(np.arange(len(X_new)) % 2 == 0, 1.0, -1.0)[:, None]


def adds_one_to_the_last_row(X, Y, X_new):
    """A linear model that predicts 1 too much for the last new row."""
    return least_squares(X, Y, X_new) + (np.arange(len(X_new)) == len(X_new) - 1)[:, None]


def adds_one_to_the_first_row(X, Y, X_new):
    """A linear model that predicts 1 too much for the first new row."""
    return least_squares(X, Y, X_new) + (np.arange(len(X_new)) == 0)[:, None]


def always_the_same_number(X, Y, X_new):
    """Predicts 5, whatever it has seen."""
    return np.full((len(X_new), Y.shape[1]), 5.0)


def one_over_the_mean(X, Y, X_new):
    """Predicts one over the mean label of each task."""
    return np.tile(1.0 / Y.mean(axis=0), (len(X_new), 1))


def far_off_in_other_units(X, Y, X_new):
    """Predicts 1000 over the mean of all labels, plus the first feature: no entry survives a change of unit."""
    return np.repeat(1000.0 / Y.mean() + X_new[:, :1], Y.shape[1], axis=1)


def _with_one(X):
    return np.column_stack([X, np.ones(len(X))])


MODELS = {
    model.__name__: model
    for model in (
        least_squares, ridge, nearest_rows, a_split_for_each_task, one_split_for_all_tasks, strongest_direction,
        pulled_to_the_common_mean, penalised_by_size, adds_one, adds_one_to_the_first_task,
        adds_one_to_the_last_task, adds_and_takes_one, adds_one_to_the_last_row, always_the_same_number,
        one_over_the_mean, adds_one_to_the_second_task, adds_one_outside,
        far_off_in_other_units, least_squares_to_ten_digits, adds_the_square_of_the_gap, adds_a_twentieth,
        adds_two_millionths_to_the_first_task, adds_one_to_the_first_row,
    )
}  # fmt: skip


def lent(model):
    """One of the models as the answer is handed it: under one name, and to be called, not to be seen."""

    def fit_predict(X, Y, X_new):
        tables = [np.asarray(table, float) for table in (X, Y, X_new)]
        if max(table.ndim for table in tables) > 2:
            raise ValueError("a table has rows and columns")
        if not all(np.isfinite(table).all() for table in tables):
            raise ValueError("a number is missing or infinite")  # LAPACK would print it where our own output goes
        return MODELS[model](*tables)

    return Lent("fit_predict", fit_predict, ("X", "Y", "X_new"), most=2048)
