"""Daily demand signals of shop items: page views, units sold and returns, with gaps in the records.

Views follow the week, the season and promotions; units follow views and the price; returns follow the units
sold. Given its expectation every count is Poisson,

    views ~ Poisson(v),  units ~ Poisson(v * conversion),  returns ~ Poisson(v * conversion * return rate),

independent of each other, so that `expected` is both the best forecast and its own variance.
"""

from dataclasses import dataclass

import numpy as np

from mtl_teach._validate import check_count, must
from mtl_teach.data._record import Dataset, Seed, hide

_TASKS = ("page views", "units sold", "returns")
_FEATURES = {
    "weekday sine": "1",
    "weekday cosine": "1",
    "year sine": "1",
    "year cosine": "1",
    "promotion": "0 or 1",
    "log price": "log EUR",
    "popularity": "sd of log views",
    "return proneness": "sd of log return rate",
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class DemandSeries(Dataset):
    """`Dataset` with the truth behind it; one row an item and day, sorted by item, then day.

    Attributes
    ----------
    expected : ndarray of shape (n_items * n_days, 3)
        E[y | x] in counts a day, which is also the variance.
    item : ndarray of int, shape (n_items * n_days,)
    day : ndarray of int, shape (n_items * n_days,)
        Days since the start of the records.
    """

    expected: np.ndarray
    item: np.ndarray
    day: np.ndarray


def make_demand_series(
    n_items: int = 30, n_days: int = 200, *, missing: float = 0.2, gap_days: int = 10, seed: Seed = 0
) -> DemandSeries:
    """Make three daily count series for each item, with gaps of several days.

    Parameters
    ----------
    n_items, n_days : int
    missing : float in [0, 1)
        Expected share of labels that are missing. Gaps start at random, independently of the counts.
    gap_days : int
        Length of one gap; gaps may touch or overlap.
    seed : int or numpy.random.Generator

    Returns
    -------
    DemandSeries
        Tasks in order: page views, units sold, returns, in counts a day.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> data = make_demand_series(n_items=3, n_days=60)
    >>> data.y.shape, data.task_names
    ((180, 3), ('page views', 'units sold', 'returns'))
    """
    check_count("n_items", n_items)
    check_count("n_days", n_days)
    check_count("gap_days", gap_days)
    if not 0 <= missing < 1:
        raise ValueError(must("missing", "lie in [0, 1)", missing))
    rng = np.random.default_rng(seed)

    item, day = np.divmod(np.arange(n_items * n_days), n_days)
    X = _calendar_and_items(item, day, n_items, rng)
    expected = _expected_counts(X)
    mask = ~_gaps(n_items, n_days, missing, gap_days, rng)
    return DemandSeries(
        X=X,
        y=hide(rng.poisson(expected).astype(float), mask),
        mask=mask,
        feature_names=tuple(_FEATURES),
        feature_units=tuple(_FEATURES.values()),
        task_names=_TASKS,
        task_units=("views/day", "units/day", "returns/day"),
        expected=expected,
        item=item,
        day=day,
    )


def _calendar_and_items(item: np.ndarray, day: np.ndarray, n_items: int, rng: np.random.Generator) -> np.ndarray:
    popularity, proneness, log_price = rng.standard_normal((3, n_items))
    week, year = 2 * np.pi * day / 7, 2 * np.pi * day / 365.25
    promotion = (rng.random(len(day)) < 0.1).astype(float)
    return np.column_stack(
        [
            np.sin(week),
            np.cos(week),
            np.sin(year),
            np.cos(year),
            promotion,
            3.0 + 0.5 * log_price[item] - 0.2 * promotion,
            popularity[item],
            proneness[item],
        ]
    )


def _expected_counts(X: np.ndarray) -> np.ndarray:
    """(n_rows, 3) counts a day. The three share the calendar; each adds something of its own."""
    week_sine, week_cosine, year_sine, year_cosine, promotion, log_price, popularity, proneness = X.T
    calendar = 0.25 * week_sine - 0.15 * week_cosine + 0.3 * year_sine + 0.1 * year_cosine
    views = np.exp(4.5 + calendar + 0.6 * promotion + 0.5 * popularity)
    conversion = np.exp(-2.3 - 0.4 * (log_price - 3.0) + 0.5 * promotion + 0.1 * week_cosine)
    return_rate = np.exp(-1.8 + 0.3 * proneness - 0.2 * promotion)
    return np.column_stack([views, views * conversion, views * conversion * return_rate])


def _gaps(n_items: int, n_days: int, missing: float, gap_days: int, rng: np.random.Generator) -> np.ndarray:
    """(n_items * n_days, 3) True where missing: a day is lost if a gap began in the last `gap_days`."""
    # A day survives if none of gap_days possible starts happened, so (1 - start)^gap_days = 1 - missing.
    start = 1 - (1 - missing) ** (1 / gap_days)
    begins = rng.random((n_items, n_days + gap_days - 1, 3)) < start
    windows = np.lib.stride_tricks.sliding_window_view(begins, gap_days, axis=1)
    return windows.any(axis=-1).reshape(n_items * n_days, 3)
