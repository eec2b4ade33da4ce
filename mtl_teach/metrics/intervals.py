"""How far a mean over repetitions can be trusted.

    mean ± t(n - 1) * s * sqrt(1/n + r)

for n values with standard deviation s (divisor n - 1) and the quantile t of Student's distribution with n - 1 degrees
of freedom. For independent repetitions r = 0. Random splits of one data set share rows, which makes their results
agree more than they should; r = n_test / n_train corrects for it. Sources: Student, "The Probable Error of a Mean",
1908; Nadeau and Bengio, "Inference for the Generalization Error", Machine Learning 52, 2003, section 4.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from mtl_teach._tables import as_floats
from mtl_teach._validate import check_all, must


class Interval(NamedTuple):
    """A mean and how far its confidence interval reaches to either side, both in the units of the values.

    Examples
    --------
    >>> interval = Interval(0.6, 0.1)
    >>> interval.low, interval.high, str(interval)
    (0.5, 0.7, '+0.600 ± 0.100')
    """

    mean: np.ndarray
    half_width: np.ndarray

    @property
    def low(self) -> np.ndarray:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> np.ndarray:
        """Upper end of the interval."""
        return self.mean + self.half_width

    def __str__(self) -> str:
        pairs = zip(np.ravel(self.mean), np.ravel(self.half_width))
        return ", ".join(f"{mean:+.3f} ± {half_width:.3f}" for mean, half_width in pairs)

    def __format__(self, spec: str) -> str:
        """Mean and half-width in the format of a number; the sign, if one is asked for, is the mean's.

        >>> f"{Interval(0.605, 0.009):.2f}"
        '0.60 ± 0.01'
        """
        if not spec:
            return str(self)
        pairs = zip(np.ravel(self.mean), np.ravel(self.half_width))
        return ", ".join(f"{mean:{spec}} ± {half_width:{spec.lstrip('+')}}" for mean, half_width in pairs)


def mean_interval(values: ArrayLike, confidence: float = 0.95, test_to_train: float = 0.0) -> Interval:
    """Return the mean over repetitions and its Student t-interval.

    The interval speaks about the mean over *seeds*, if seeds are what the rows are: about rerunning this
    experiment, not about other data sets.

    Parameters
    ----------
    values : array-like, Series or DataFrame of shape (n_repeats, ...)
        One row per repetition, for instance per seed.
    confidence : float in (0, 1)
    test_to_train : float, default 0
        For repeated random splits of one data set: the number of test rows per training row. Independent repetitions,
        such as seeds of a generator, have 0.

    Returns
    -------
    Interval
        `mean` and `half_width`, each of shape (...).

    Raises
    ------
    ValueError
        If there are fewer than two repetitions, a value is not finite, `confidence` is outside (0, 1), or
        `test_to_train` is negative.
    TypeError
        If `values` does not hold numbers.

    References
    ----------
    Student, "The Probable Error of a Mean", 1908. Nadeau and Bengio 2003, section 4 (see the module's text).

    Examples
    --------
    >>> print(mean_interval([0.28, 0.31, 0.35, 0.22, 0.30]))
    +0.292 ± 0.059
    """
    values = as_floats("values", values)
    if values.ndim == 0 or len(values) < 2:
        raise ValueError(must("values", "hold at least 2 repetitions", f"shape {values.shape}"))
    check_all("values", values, np.isfinite(values), "be finite")
    if not 0 < confidence < 1:
        raise ValueError(must("confidence", "lie in (0, 1)", confidence))
    check_all("test_to_train", test_to_train, test_to_train >= 0, "be non-negative")
    n = len(values)
    quantile = stats.t.ppf(0.5 + confidence / 2, df=n - 1)
    return Interval(values.mean(axis=0), quantile * values.std(axis=0, ddof=1) * np.sqrt(1 / n + test_to_train))
