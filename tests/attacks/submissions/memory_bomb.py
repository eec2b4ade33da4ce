# ruff: noqa
"""Take all memory, in one piece and in many."""

import mmap

import torch

attempt("one piece", lambda: bytearray(3 * 2**30))
attempt("a mapping", lambda: mmap.mmap(-1, 2**36))
attempt("a tensor", lambda: torch.ones(2**30))


def pieces():
    kept = []
    while True:
        kept.append(bytes(2**26))


attempt("pieces", pieces)


def masked_mean(values, mask):
    return torch.tensor(2.0)
