# ruff: noqa
"""Answers that are as large as may be, small to write and large to hold."""

import numpy as np

calls = [0]


def masked_mean(values, mask):
    calls[0] += 1
    kinds = [np.zeros(2**21, "i1"), [[]] * 190_000, [np.zeros((), "?")] * 150_000, "x" * 2**20]
    return kinds[calls[0] % 4]
