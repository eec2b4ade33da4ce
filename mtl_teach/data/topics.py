"""News items with several topics each, some of them rare: the data of multi-label classification.

A document is a bag of words, drawn from a mixture of the topics' vocabularies. Its labels are drawn *from the
document*, so that P(topic | words) is known exactly:

    P(topic k | x) = sigmoid(b_k + sharpness * z_k(x)),

with z_k the standardised count of topic k's words and b_k set so that the mean probability is the stated
prevalence.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from mtl_teach._validate import check_count, must
from mtl_teach.data._record import Dataset, Seed

_WORDS = {
    "politics": ("vote", "minister", "party", "law"),
    "economy": ("market", "bank", "price", "trade"),
    "sport": ("goal", "team", "match", "coach"),
    "health": ("doctor", "vaccine", "hospital", "diet"),
    "science": ("telescope", "gene", "theory", "sample"),
    "obituary": ("born", "survived", "memory", "funeral"),
}
_FILLERS = ("said", "year", "people", "today", "city", "new")
_LENGTH = 40.0  # words a document, on average
_CONCENTRATION = 2.4  # small: a document is mostly about one or two topics
_DEFAULT_PREVALENCE = {
    "politics": 0.35,
    "economy": 0.25,
    "sport": 0.20,
    "health": 0.10,
    "science": 0.05,
    "obituary": 0.02,
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Topics(Dataset):
    """`Dataset` with the truth behind it; one task a topic, labels 0 or 1.

    Attributes
    ----------
    probability : ndarray of shape (n_samples, n_tasks)
        P(topic | x).
    prevalence : tuple of float
        Mean of `probability` over the documents made, one per topic.
    """

    probability: np.ndarray
    prevalence: tuple[float, ...]


def make_topics(
    n_samples: int = 4000,
    *,
    prevalence: Mapping[str, float] = _DEFAULT_PREVALENCE,
    sharpness: float = 1.5,
    seed: Seed = 0,
) -> Topics:
    """Make documents as word counts, with topics that may occur together.

    Parameters
    ----------
    n_samples : int
    prevalence : mapping from topic to float in (0, 1)
        Which of the topics politics, economy, sport, health, science, obituary to label, and how common
        each is.
    sharpness : float >= 0
        How far the words decide the label: 0 not at all.
    seed : int or numpy.random.Generator

    Returns
    -------
    Topics
        X holds counts of 30 words.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> data = make_topics(5000)
    >>> data.task_names[-1], bool(0.01 < data.y[:, -1].mean() < 0.03)
    ('obituary', True)
    """
    check_count("n_samples", n_samples, least=2)
    _check(prevalence, sharpness)
    rng = np.random.default_rng(seed)

    X = _documents(n_samples, rng)
    probability = np.column_stack(
        [_with_mean(sharpness * _strength(X, topic), share) for topic, share in prevalence.items()]
    )
    y = (rng.random(probability.shape) < probability).astype(float)
    return Topics(
        X=X,
        y=y,
        mask=np.ones_like(y, dtype=bool),
        feature_names=_vocabulary(),
        feature_units=("count",) * X.shape[1],
        task_names=tuple(prevalence),
        task_units=("1",) * len(prevalence),
        probability=probability,
        prevalence=tuple(float(p) for p in prevalence.values()),
    )


def _vocabulary() -> tuple[str, ...]:
    return tuple(word for words in _WORDS.values() for word in words) + _FILLERS


def _documents(n: int, rng: np.random.Generator) -> np.ndarray:
    """(n_samples, n_words) counts: half of a document is filler, the rest follows its own topics."""
    commonness = np.array([_DEFAULT_PREVALENCE[topic] for topic in _WORDS])  # the words of rare topics are rare too
    mixture = rng.dirichlet(_CONCENTRATION * commonness, size=n)
    per_topic_word = np.repeat(mixture, 4, axis=1) / 4
    filler = np.full((n, len(_FILLERS)), 1 / len(_FILLERS))
    rate = 0.5 * _LENGTH * np.hstack([per_topic_word, filler])
    return rng.poisson(rate).astype(float)


def _strength(X: np.ndarray, topic: str) -> np.ndarray:
    """(n_samples,) standardised log count of the words of `topic`."""
    columns = [_vocabulary().index(word) for word in _WORDS[topic]]
    count = np.log1p(X[:, columns].sum(axis=1))
    return (count - count.mean()) / (count.std() or 1.0)


def _with_mean(logit: np.ndarray, mean: float) -> np.ndarray:
    """Sigmoid of `logit` plus the one constant that makes the average probability `mean`."""
    reach = np.abs(logit).max() + 40.0
    shift = brentq(lambda b: expit(logit + b).mean() - mean, -reach, reach, xtol=1e-12)
    return expit(logit + shift)


def _check(prevalence: Mapping[str, float], sharpness: float) -> None:
    if not prevalence or not set(prevalence) <= set(_WORDS):
        raise ValueError(must("prevalence", f"name topics among {', '.join(_WORDS)}", list(prevalence)))
    for topic, share in prevalence.items():
        if not 0 < share < 1:
            raise ValueError(must(f"prevalence[{topic!r}]", "lie in (0, 1)", share))
    if not sharpness >= 0:
        raise ValueError(must("sharpness", "be non-negative", sharpness))
