"""One short text for a behaviour, the same for all answers that behave alike, so that equal faults can be counted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.engine.inside.channel import Opaque
from autograder.engine.outcome import AnswerError
from autograder.judging.diagnosis import Behaviour
from autograder.testing import largest_finite

LENGTH = 12  # hexadecimal digits: among a million different behaviours two would be alike by chance once in 600 times
NEGLIGIBLE = 1e-6  # of the largest entry: what is smaller is rounding
SMALLEST = 1e-300  # below it the powers of ten are no numbers


def fingerprint_of(behaviour: Behaviour) -> str:
    """The fingerprint of a :func:`~autograder.judging.diagnosis.behaviour`; empty where an answer came too late.

    Numbers count to three digits, errors by their kind; containers and dtypes do not count.

    >>> one = fingerprint_of((np.array(0.5), AnswerError("KeyError", "a")))
    >>> one == fingerprint_of((np.array(0.500001), AnswerError("KeyError", "b")))
    True
    """
    if any(isinstance(outcome, AnswerError) and outcome.tag == "Timeout" for outcome in behaviour):
        return ""
    digest = hashlib.sha256()
    for part in _parts(list(behaviour)):
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()[:LENGTH]


def _parts(value: Any) -> Iterator[bytes]:
    """What of an outcome counts, piece by piece; no two different ones give the same pieces."""
    if isinstance(value, AnswerError):
        yield f"error {value.tag}".encode()
    elif isinstance(value, np.ndarray):
        yield f"numbers {value.shape}".encode()
        yield _digits(value)
    elif isinstance(value, dict):
        yield f"dict {len(value)}".encode()
        for key, item in sorted((_of_key(key), item) for key, item in value.items()):
            yield key
            yield from _parts(item)
    elif isinstance(value, list):
        yield f"list {len(value)}".encode()
        for item in value:
            yield from _parts(item)
    elif isinstance(value, Opaque):
        yield f"object {value.type_name}".encode("utf-8", "replace")
    else:
        yield f"{type(value).__name__} {value!r}".encode("utf-8", "replace")


def _of_key(key: Any) -> bytes:
    return repr(float(key) if isinstance(key, (bool, int, float)) else key).encode("utf-8", "replace")


def _digits(array: np.ndarray) -> bytes:
    """Every entry as three digits and a power of ten.

    They are rounded to five digits first: of 0.0625, which one code gives as 0.06249999999, both are the same then.
    """
    finite = np.isfinite(array) & (np.abs(array) >= max(NEGLIGIBLE * largest_finite(array), SMALLEST))
    numbers = np.where(finite, array, 1.0)
    power = np.floor(np.log10(np.abs(numbers)))
    digits = np.rint(np.round(numbers * 10.0 ** (2 - power), 2))
    larger = np.abs(digits) >= 1000
    digits, power = np.where(larger, digits / 10, digits), np.where(larger, power + 1, power)
    special = np.select([np.isnan(array), array == np.inf, array == -np.inf], [1, 2, 3], 0)
    return np.stack([np.where(finite, digits, special), np.where(finite, power, 0)]).astype("<i4").tobytes()
