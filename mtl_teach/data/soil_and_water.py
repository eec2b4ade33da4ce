"""Soil and water: five labels that differ in scale, offset, outliers and zeros.

Nitrogen is large, the water table small, the soil temperature may come in kelvins (a large offset),
phosphorus has recording errors (outliers), and rain is zero on 60 % of the days. Temperature and rain have
the marginals of the
classic example "temperature from -10 to 40 °C beside rainfall": the *range* of rain is larger, its
*variance* is not.

With Phi the normal distribution function and u, e standard normal,

    temperature = -10 + 50 Phi(a u + sqrt(1 - a²) e)        uniform on (-10, 40)
    wet day with probability Phi(sqrt(1 + b²) Phi^-1(0.4) + b v)        0.4 on average
    rain on a wet day ~ Gamma(shape 0.5, mean 7.5 mm)
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from mtl_teach._validate import check_choice, check_count
from mtl_teach.data._record import Dataset, Seed, check_between

_TASKS = ("nitrogen", "phosphorus", "water-table depth", "temperature", "rain")
_FEATURES = {
    "organic matter": "%",
    "clay": "%",
    "elevation above river": "m",
    "distance to river": "km",
    "season": "sd from the yearly mean",
    "pressure anomaly": "hPa",
}
_WET_SHARE, _WET_SLOPE = 0.4, 1.0  # Phi^-1 of the share is widened by the slope, see the module's text
_RAIN_SHAPE, _RAIN_MEAN = 0.5, 7.5  # mm on a wet day
_SEASON_SHARE = 0.9  # a: how much of the temperature the season explains
_LOG_SD = {"nitrogen": 0.25, "phosphorus": 0.35}
_DEPTH_SD = 0.4  # m
_SLIP = 10.0  # a recording error moves the decimal point


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SoilAndWater(Dataset):
    """`Dataset` with the truth behind it; tasks: nitrogen, phosphorus, water-table depth, temperature, rain.

    Attributes
    ----------
    expected : ndarray of shape (n_samples, 5)
        E[y | x] when nothing is recorded wrongly, in the units of `task_units`.
    rain_probability : ndarray of shape (n_samples,)
        P(rain > 0 | x).
    is_outlier : ndarray of bool, shape (n_samples,)
        True where phosphorus was recorded ten times too large.
    """

    expected: np.ndarray
    rain_probability: np.ndarray
    is_outlier: np.ndarray


def make_soil_and_water(
    n_samples: int = 1000, *, outliers: float = 0.01, temperature_unit: str = "C", seed: Seed = 0
) -> SoilAndWater:
    """Make field measurements whose five labels have five kinds of scale.

    Parameters
    ----------
    n_samples : int
    outliers : float in [0, 1]
        Share of phosphorus values recorded ten times too large.
    temperature_unit : "C" | "K"
        Degrees Celsius, or kelvins: the same spread with an offset of 273.15.
    seed : int or numpy.random.Generator

    Returns
    -------
    SoilAndWater
        Tasks in order: nitrogen (mg/kg), phosphorus (mg/kg), water-table depth (m, negative where flooded),
        temperature (°C or K), rain (mm/day).

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> data = make_soil_and_water(20_000)
    >>> temperature, rain = data.y[:, 3], data.y[:, 4]
    >>> bool(np.ptp(rain) > np.ptp(temperature)), bool(rain.var() < temperature.var() / 3)
    (True, True)
    """
    check_count("n_samples", n_samples)
    check_between("outliers", outliers, 0, 1)
    check_choice("temperature_unit", temperature_unit, ["C", "K"])
    rng = np.random.default_rng(seed)

    X, season, pressure = _fields(n_samples, rng)
    log_mean_n, log_mean_p, depth = _soil(X)
    noise = rng.standard_normal((n_samples, 4))
    nitrogen = np.exp(log_mean_n + _LOG_SD["nitrogen"] * noise[:, 0])
    phosphorus = np.exp(log_mean_p + _LOG_SD["phosphorus"] * noise[:, 1])
    water_table = depth + _DEPTH_SD * noise[:, 2]
    zero = 273.15 if temperature_unit == "K" else 0.0
    rest = np.sqrt(1 - _SEASON_SHARE**2)
    temperature = zero - 10 + 50 * norm.cdf(_SEASON_SHARE * season + rest * noise[:, 3])
    p_wet = norm.cdf(np.sqrt(1 + _WET_SLOPE**2) * norm.ppf(_WET_SHARE) - _WET_SLOPE * pressure)
    wet = rng.random(n_samples) < p_wet
    rain = np.where(wet, rng.gamma(_RAIN_SHAPE, _RAIN_MEAN / _RAIN_SHAPE, n_samples), 0.0)
    is_outlier = rng.random(n_samples) < outliers

    expected = [
        np.exp(log_mean_n + _LOG_SD["nitrogen"] ** 2 / 2),
        np.exp(log_mean_p + _LOG_SD["phosphorus"] ** 2 / 2),
        depth,
        zero - 10 + 50 * norm.cdf(_SEASON_SHARE * season / np.sqrt(1 + rest**2)),
        p_wet * _RAIN_MEAN,
    ]
    y = [nitrogen, np.where(is_outlier, _SLIP, 1.0) * phosphorus, water_table, temperature, rain]
    return SoilAndWater(
        X=X,
        y=np.column_stack(y),
        mask=np.ones((n_samples, len(_TASKS)), dtype=bool),
        feature_names=tuple(_FEATURES),
        feature_units=tuple(_FEATURES.values()),
        task_names=_TASKS,
        task_units=("mg/kg", "mg/kg", "m", "°C" if temperature_unit == "C" else "K", "mm/day"),
        expected=np.column_stack(expected),
        rain_probability=p_wet,
        is_outlier=is_outlier,
    )


def _fields(n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (n_samples, 6), and the season and the pressure as standard normal variables."""
    season, pressure = rng.standard_normal((2, n))
    X = np.column_stack(
        [
            rng.gamma(4.0, 0.8, n),
            np.clip(rng.normal(25, 9, n), 2, 60),
            rng.gamma(2.0, 3.0, n),
            rng.gamma(1.5, 1.2, n),
            season,
            8 * pressure,
        ]
    )
    return X, season, pressure


def _soil(X: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean log nitrogen, mean log phosphorus (of mg/kg) and mean water-table depth (m), each (n_samples,)."""
    organic, clay, elevation, river, season, _ = X.T
    log_nitrogen = 6.6 + 0.35 * np.log1p(organic) + 0.008 * (clay - 25)
    log_phosphorus = 2.6 + 0.25 * np.log1p(organic) - 0.010 * (clay - 25) + 0.10 * np.tanh(season)
    depth = 0.8 + 0.22 * elevation + 0.25 * np.sqrt(river) - 0.01 * (clay - 25) + 0.15 * season
    return log_nitrogen, log_phosphorus, depth
