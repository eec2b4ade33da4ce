"""House sales: price and days on market, two labels whose scales are far apart.

Both labels depend on overlapping features, so that sharing makes sense. The conditional means are exact:

    price = m_p(x) * exp(s e - s²/2),  e ~ N(0, 1)          so E[price | x] = m_p(x)
    days  = m_d(x) * Gamma(shape k, mean 1)                 so E[days | x]  = m_d(x)
"""

from dataclasses import dataclass

import numpy as np

from mtl_teach._validate import check_choice, check_count
from mtl_teach.data._record import Dataset, Seed, check_between, hide

_PRICE_SPREAD = 0.15  # s: sd of the logarithm of the price around its mean
_DAYS_SHAPE = 6.0  # k: coefficient of variation 1 / sqrt(k) = 0.41
_FEATURES = {
    "living area": "m²",
    "age": "years",
    "distance to centre": "km",
    "condition": "1 (poor) to 5 (new)",
    "energy demand": "kWh/(m² year)",
    "asking price above valuation": "%",
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HouseSales(Dataset):
    """`Dataset` with the truth behind it; tasks: price and days on market.

    Attributes
    ----------
    expected : ndarray of shape (n_samples, 2)
        E[y | x], in the units of `task_units`.
    noise_sd : ndarray of shape (n_samples, 2)
        Standard deviation of y given x, same units. It grows with the mean.
    """

    expected: np.ndarray
    noise_sd: np.ndarray


def make_house_sales(
    n_samples: int = 1000, *, price_unit: str = "EUR", missing_days: float = 0.0, seed: Seed = 0
) -> HouseSales:
    """Make house sales with a price and the days the house was on the market.

    Parameters
    ----------
    n_samples : int
    price_unit : "EUR" | "kEUR"
        Unit of the price. In euros its standard deviation is about 4000 times that of the days, in thousands
        of euros about 4 times: the same houses, another loss.
    missing_days : float in [0, 1]
        Share of sales whose days on market were not recorded, at random.
    seed : int or numpy.random.Generator

    Returns
    -------
    HouseSales

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> make_house_sales(500)
    HouseSales(500 samples, 6 features, tasks: price [EUR], days on market [days]; ...)
    >>> in_euros, in_thousands = make_house_sales(500), make_house_sales(500, price_unit="kEUR")
    >>> bool(np.allclose(in_euros.y[:, 0], 1000 * in_thousands.y[:, 0]))
    True
    """
    check_count("n_samples", n_samples)
    check_choice("price_unit", price_unit, ["EUR", "kEUR"])
    check_between("missing_days", missing_days, 0, 1)
    rng = np.random.default_rng(seed)

    X = _houses(n_samples, rng)
    expected = np.column_stack([_mean_price(X), _mean_days(X)])
    noise = np.column_stack(
        [
            np.exp(_PRICE_SPREAD * rng.standard_normal(n_samples) - _PRICE_SPREAD**2 / 2),
            rng.gamma(_DAYS_SHAPE, 1 / _DAYS_SHAPE, n_samples),
        ]
    )
    relative_sd = np.array([np.sqrt(np.expm1(_PRICE_SPREAD**2)), 1 / np.sqrt(_DAYS_SHAPE)])
    unit = np.array([1000.0 if price_unit == "EUR" else 1.0, 1.0])
    mask = np.column_stack([np.ones(n_samples, dtype=bool), rng.random(n_samples) >= missing_days])
    return HouseSales(
        X=X,
        y=hide(expected * noise * unit, mask),
        mask=mask,
        feature_names=tuple(_FEATURES),
        feature_units=tuple(_FEATURES.values()),
        task_names=("price", "days on market"),
        task_units=(price_unit, "days"),
        expected=expected * unit,
        noise_sd=expected * relative_sd * unit,
    )


def _houses(n: int, rng: np.random.Generator) -> np.ndarray:
    age = rng.gamma(2.0, 18.0, n)
    condition = np.clip(np.round(4.3 - age / 30 + rng.normal(0, 0.8, n)), 1, 5)
    return np.column_stack(
        [
            np.clip(rng.normal(110, 35, n), 30, None),
            age,
            rng.gamma(2.0, 4.0, n),
            condition,
            np.clip(rng.normal(90, 25, n) + 1.2 * age - 10 * (condition - 3), 20, None),
            rng.normal(4, 6, n),
        ]
    )


def _mean_price(X: np.ndarray) -> np.ndarray:
    """Thousands of euros: area times a price per square metre that falls with distance and age."""
    area, age, distance, condition, energy, _ = X.T
    per_square_metre = 3.6 * np.exp(-0.035 * distance) * (1 + 0.06 * (condition - 3)) - 0.002 * (energy - 100)
    old_town = 0.3 * np.exp(-distance / 3) * (age > 80)
    return area**0.92 * 1.4 * np.clip(per_square_metre + old_town, 0.4, None)


def _mean_days(X: np.ndarray) -> np.ndarray:
    """Days: dear, remote or run-down houses wait longer; small flats go fast."""
    area, _, distance, condition, energy, above = X.T
    return np.exp(
        3.45
        + 0.045 * np.clip(above, -10, 25)
        + 0.02 * np.clip(distance, 0, 30)
        - 0.12 * (condition - 3)
        + 0.002 * (area - 110)
        + 0.001 * np.clip(energy - 100, -60, 150)
    )
