"""Which libraries a text is going to use, so that they are imported once before a worker is forked and not in it.

A guess too many costs a second once; a guess too few costs that submission its second. Marks depend on neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ALL = ("scipy", "sklearn", "matplotlib", "torch", "torch.optim", "mtl_teach")  # those that a zygote knows
_NAMED_BY = (  # what announces libraries in a text
    (re.compile(r"\bscipy\b"), {"scipy"}),
    (re.compile(r"\bsklearn\b"), {"scipy", "sklearn"}),
    (re.compile(r"\b(matplotlib|pylab)\b"), {"matplotlib"}),
    (re.compile(r"\btorch\b|[Tt]ensor"), {"torch"}),
    (re.compile(r"\boptim\b|\btorch\.(testing|compile)\b"), {"torch", "torch.optim"}),
    (re.compile(r"\bmtl_teach\b"), set(ALL)),
)


def named_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The libraries that several texts announce, in the order of :data:`ALL`.

    Examples
    --------
    >>> named_in(["import torch.nn.functional as F", "from sklearn.dummy import DummyRegressor"])
    ('scipy', 'sklearn', 'torch')
    >>> named_in(["import numpy as np", "from numpy import testing"])
    ()
    """
    text = "\n".join(texts)
    found = set().union(*(libraries for pattern, libraries in _NAMED_BY if pattern.search(text)))
    return tuple(name for name in ALL if name in found)
