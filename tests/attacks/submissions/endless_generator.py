# ruff: noqa
"""Answers without an end: a generator, a list that never stops, a tree that contains itself."""

import itertools

import torch


class Endless(list):
    def __iter__(self):
        return itertools.count()


tree = []
tree.append(tree)
answers = itertools.cycle(
    [Endless(), itertools.count(), tree, {"tree": tree}, (number for number in itertools.count())]
)


def masked_mean(values, mask):
    return next(answers)
