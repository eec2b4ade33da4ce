# ruff: noqa
"""Promise four gigabytes, then nest a list deeper than any reader recurses."""

import os

import torch

count = 0


def masked_mean(values, mask):
    global count
    count += 1
    if count % 2:
        os.write(3, b"\xff\xff\xff\xff" + b"x" * 1000)
    nest = []
    for _ in range(100_000):
        nest = [nest]
    return nest
