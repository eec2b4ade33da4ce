"""Two overlapping digits in one picture, one task each: the multi-task picture problem that fits in a lesson.

The 8 x 8 digits that scikit-learn ships are laid over each other, the left one at the top left and the
right one shifted down and right, as Sabour et al. do with larger digits. The *base* digits are divided into
a training and a test pool before any picture is composed: a base digit that appears in both would let the
test score reward memory.

References
----------
Sabour, Frosst, Hinton, "Dynamic Routing Between Capsules", 2017, section 6. The bundled digits: Alpaydin
and Kaynak, "Optical Recognition of Handwritten Digits", UCI, 1998.
"""

from dataclasses import dataclass

import numpy as np

from mtl_teach._validate import check_count, must
from mtl_teach.data._record import Dataset, Seed

_SIDE = 8  # pixels along an edge of a base digit
_TEST_SHARE = 0.3


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TwoDigits(Dataset):
    """`Dataset` with the truth behind it; tasks: the left and the right digit, classes 0 to 9.

    Attributes
    ----------
    is_test : ndarray of bool, shape (n_samples,)
        True for the pictures made from the test pool.
    base : ndarray of int, shape (n_samples, 2)
        Which of scikit-learn's digits were composed. No base digit serves in both pools.
    side : int
        Pixels along an edge; ``X[i].reshape(side, side)`` is a picture, its values between 0 and 1.
    """

    is_test: np.ndarray
    base: np.ndarray
    side: int


def two_digits(n_train: int = 2000, n_test: int = 1000, *, shift: int = 4, seed: Seed = 0) -> TwoDigits:
    """Compose pictures of two overlapping digits.

    Parameters
    ----------
    n_train, n_test : int
        Pictures composed from the training and from the test pool; training pictures come first.
    shift : int in [0, 8]
        Pixels by which the right digit is shifted right and down: 0 covers fully, 8 not at all.
    seed : int or numpy.random.Generator
        Decides the pools, the pairs and their order.

    Returns
    -------
    TwoDigits
        y holds integers; no label is missing.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> data = two_digits(n_train=100, n_test=50)
    >>> data.X.shape, data.side
    ((150, 144), 12)
    >>> set(data.base[data.is_test].ravel()) & set(data.base[~data.is_test].ravel())
    set()
    """
    check_count("n_train", n_train)
    check_count("n_test", n_test)
    if not 0 <= shift <= _SIDE:
        raise ValueError(must("shift", f"lie in [0, {_SIDE}]", shift))
    from sklearn.datasets import load_digits  # slow to import, and needed here only

    rng = np.random.default_rng(seed)
    digits = load_digits()
    order = rng.permutation(len(digits.target))
    cut = round(_TEST_SHARE * len(order))
    test_pool, train_pool = order[:cut], order[cut:]
    base = np.concatenate([rng.choice(train_pool, (n_train, 2)), rng.choice(test_pool, (n_test, 2))])
    y = digits.target[base]
    side = _SIDE + shift
    return TwoDigits(
        X=_overlay(digits.images / 16.0, base, shift),
        y=y,
        mask=np.ones(y.shape, dtype=bool),
        feature_names=tuple(f"pixel {row},{column}" for row in range(side) for column in range(side)),
        feature_units=("ink, 0 to 1",) * side**2,
        task_names=("left digit", "right digit"),
        task_units=("class", "class"),
        is_test=np.arange(n_train + n_test) >= n_train,
        base=base,
        side=side,
    )


def _overlay(images: np.ndarray, base: np.ndarray, shift: int) -> np.ndarray:
    """(n_samples, side²) pictures; where both digits have ink the darker counts, as with two pens."""
    side = _SIDE + shift
    pictures = np.zeros((len(base), side, side))
    pictures[:, :_SIDE, :_SIDE] = images[base[:, 0]]
    right = pictures[:, shift:, shift:]
    np.maximum(right, images[base[:, 1]], out=right)
    return pictures.reshape(len(base), -1)
