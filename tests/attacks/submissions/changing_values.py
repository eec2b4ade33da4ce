# ruff: noqa
"""Objects whose value changes from one reading to the next."""

import itertools

import numpy as np
import torch

count = itertools.count()


class Number(float):
    def __float__(self):
        return float(next(count))

    __eq__ = lambda self, other: True
    __hash__ = float.__hash__


class Sequence(list):
    def __len__(self):
        return next(count) % 3

    def __iter__(self):
        return iter([Number(next(count))])


class Mapping(dict):
    def items(self):
        return [(next(count), next(count))]


class Array(np.ndarray):
    def tobytes(self, *args):
        return np.full(1, float(next(count))).tobytes()

    def astype(self, *args, **kwargs):
        return self


def masked_mean(values, mask):
    array = np.zeros(()).view(Array)
    return (Number(1.0), Sequence([1.0]), Mapping(a=1), array, Number(2.0))[next(count) % 5]
