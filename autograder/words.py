"""Values as the short text that a learner reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.visible import clean

MAX_SHOWN = 600
MAX_SIDES = 4  # dimensions; beyond them the corners of an array alone are thousands of entries


def text_of(value: Any) -> str:
    """A value as the short text that a learner reads.

    >>> text_of(np.array([1.0, np.nan]))
    '[1, nan]'
    >>> text_of({"price": 0.25})
    "{'price': 0.25}"
    """
    text = clean(_text(value))
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _text(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"tensor({_text(value.array)})" if value.array.ndim else _text(value.array)
    if isinstance(value, Opaque):
        return f"an object of type {value.type_name}"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.6g}"
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return _text(value.item())
        if value.ndim > MAX_SIDES:
            return f"an array of shape {value.shape}"
        show = {"float_kind": lambda number: f"{number:.6g}"}
        return np.array2string(value, separator=", ", threshold=40, edgeitems=4, formatter=show)  # type: ignore[arg-type]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_text(item)}" for key, item in list(value.items())[:40]) + "}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(_text, value[:40])) + (", …" if len(value) > 40 else "")
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    if isinstance(value, str):
        return value
    return repr(value)
