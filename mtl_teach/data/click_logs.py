"""Impressions, clicks and conversions, with every probability that a click log hides.

A conversion is seen only after a click. A hidden intent u ~ N(0, 1), which no feature shows, may drive both:

    click            ~ Bernoulli(sigmoid(a(x) + gamma u))
    conversion if clicked ~ Bernoulli(sigmoid(b(x) + gamma u))

Three quantities follow, each an average over u, and they are different estimands:

    P(click | x)                  = E_u sigmoid(a + gamma u)
    P(conversion | click, x)      = E_u [sigmoid(a + gamma u) sigmoid(b + gamma u)] / P(click | x)
    P(conversion | do(click), x)  = E_u sigmoid(b + gamma u)

The last two agree exactly when gamma = 0. Multiplying the first two by the price gives the expected revenue.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from mtl_teach._validate import check_count, must
from mtl_teach.data._record import Dataset, Seed, hide

CLICK_WORLDS: dict[str, dict[str, float]] = {
    "A": {"hidden_intent": 0.0, "curvature": 0.0},
    "B": {"hidden_intent": 0.0, "curvature": 0.8},
    "C": {"hidden_intent": 1.8, "curvature": 0.0},
}
"""Settings for `make_click_logs`: A, a linear model on the clicked rows is right; B, it is wrong because
the truth is curved; C, a hidden intent drives clicks and conversions."""

_CLICK = np.array([0.9, -0.6, 0.4, 0.0])
_CONVERT = np.array([0.8, 0.3, -0.5, 0.4])
_PRICE = np.array([0.25, 0.0, 0.15, 0.1])
_CLICK_BASE, _CONVERT_BASE, _PRICE_BASE = -0.4, -0.8, 3.5
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(96)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ClickLogs(Dataset):
    """`Dataset` with the truth behind it; tasks: click, and conversion (missing where there was no click).

    Attributes
    ----------
    price : ndarray of shape (n_samples,)
        Euros earned if the impression converts; a function of x.
    p_click : ndarray of shape (n_samples,)
        P(click | x): the propensity of seeing a conversion label.
    p_conversion_given_click : ndarray of shape (n_samples,)
        P(conversion | click, x): what clicked rows show.
    p_conversion_do_click : ndarray of shape (n_samples,)
        P(conversion | do(click), x): what would happen if everyone were made to click.
    intent : ndarray of shape (n_samples,)
        The hidden u. No learner may use it.
    conversion_if_clicked : ndarray of shape (n_samples,)
        0 or 1 for every impression: the outcome that a click would have brought, seen or not.
    hidden_intent : float
        How strongly the unseen intent drives both the click and the conversion (gamma); 0 where it does not.
    """

    price: np.ndarray
    p_click: np.ndarray
    p_conversion_given_click: np.ndarray
    p_conversion_do_click: np.ndarray
    intent: np.ndarray
    conversion_if_clicked: np.ndarray
    hidden_intent: float

    @property
    def click(self) -> np.ndarray:
        """(n_samples,) 0 or 1, never missing."""
        return self.y[:, 0]

    @property
    def click_and_conversion(self) -> np.ndarray:
        """0 or 1 for each impression, never missing, since without a click it is a true 0; shape ``(n_samples,)``."""
        return np.where(self.click == 1, self.conversion_if_clicked, 0.0)

    @property
    def propensity(self) -> np.ndarray:
        """P(conversion label is observed | x), the same as `p_click`; shape ``(n_samples,)``."""
        return self.p_click

    @property
    def expected_revenue(self) -> np.ndarray:
        """Euros per impression, P(click | x) P(conversion | click, x) price; shape ``(n_samples,)``."""
        return self.p_click * self.p_conversion_given_click * self.price


def make_click_logs(
    n_samples: int = 20_000,
    *,
    hidden_intent: float = 0.0,
    curvature: float = 0.0,
    click_rate: float | None = None,
    conversion_rate: float | None = None,
    seed: Seed = 0,
) -> ClickLogs:
    """Make a click log whose hidden probabilities are known.

    Parameters
    ----------
    n_samples : int
        Impressions.
    hidden_intent : float in [0, 3]
        gamma, how strongly the unseen intent drives both the click and the conversion.
    curvature : float
        Size of a quadratic term in the conversion logit, in the feature that clicks follow most: a model
        that is linear in x is wrong by this much.
    click_rate : float in (0, 1), optional
        Mean probability of a click over the impressions made, about 0.42 by default; 0.04 in the public log of
        Ma et al. (SIGIR 2018, table 1).
    conversion_rate : float in (0, 1), optional
        Mean probability of a conversion over the clicks to be expected, about 0.37 by default; 0.005 in that log.
    seed : int or numpy.random.Generator

    Returns
    -------
    ClickLogs

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> log = make_click_logs(1000, **CLICK_WORLDS["C"])
    >>> gap = (log.p_conversion_given_click - log.p_conversion_do_click).mean()
    >>> bool(gap > 0.1)
    True

    Rates nearer to those of a real log: of 20,000 impressions some 400 are clicked, and some 12 convert.

    >>> rare = make_click_logs(click_rate=0.02, conversion_rate=0.03)
    >>> round(float(rare.p_click.mean()), 3)
    0.02
    """
    check_count("n_samples", n_samples)
    if not 0 <= hidden_intent <= 3:
        raise ValueError(must("hidden_intent", "lie in [0, 3]", hidden_intent))
    for name, rate in (("click_rate", click_rate), ("conversion_rate", conversion_rate)):
        if rate is not None and not 0 < rate < 1:
            raise ValueError(must(name, "lie in (0, 1)", rate))
    rng = np.random.default_rng(seed)

    X = rng.standard_normal((n_samples, len(_CLICK)))
    click_logit = _CLICK_BASE + X @ _CLICK
    convert_logit = _CONVERT_BASE + X @ _CONVERT + curvature * (X[:, 0] ** 2 - 1)
    intent = rng.standard_normal(n_samples)
    if click_rate is not None:
        click_logit += _shift(click_logit + hidden_intent * intent, np.ones(n_samples), click_rate)
    if conversion_rate is not None:
        clicked = expit(click_logit + hidden_intent * intent)
        convert_logit += _shift(convert_logit + hidden_intent * intent, clicked, conversion_rate)

    click = rng.random(n_samples) < expit(click_logit + hidden_intent * intent)
    converts = rng.random(n_samples) < expit(convert_logit + hidden_intent * intent)
    p_click, p_both, p_do = _over_intent(click_logit, convert_logit, hidden_intent)
    mask = np.column_stack([np.ones(n_samples, dtype=bool), click])
    return ClickLogs(
        X=X,
        y=hide(np.column_stack([click, converts]).astype(float), mask),
        mask=mask,
        feature_names=("affinity", "ad fatigue", "recency", "basket"),
        feature_units=("sd",) * 4,
        task_names=("click", "conversion"),
        task_units=("1", "1"),
        price=np.exp(_PRICE_BASE + X @ _PRICE),
        p_click=p_click,
        p_conversion_given_click=p_both / p_click,
        p_conversion_do_click=p_do,
        intent=intent,
        conversion_if_clicked=converts.astype(float),
        hidden_intent=float(hidden_intent),
    )


def _shift(logit: np.ndarray, weight: np.ndarray, rate: float) -> float:
    """What to add to every logit so that the weighted mean probability is `rate`."""
    return float(brentq(lambda shift: np.average(expit(logit + shift), weights=weight) - rate, -50.0, 50.0))


def _over_intent(
    click_logit: np.ndarray, convert_logit: np.ndarray, gamma: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P(click), P(click and conversion), P(conversion | do(click)), each (n_samples,), by Gauss-Hermite."""
    p_click, p_both, p_do = np.zeros((3, len(click_logit)))
    for node, weight in zip(_NODES, _WEIGHTS / _WEIGHTS.sum()):
        click = expit(click_logit + gamma * node)
        convert = expit(convert_logit + gamma * node)
        p_click += weight * click
        p_both += weight * click * convert
        p_do += weight * convert
    return p_click, p_both, p_do
