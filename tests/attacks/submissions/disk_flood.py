# ruff: noqa
"""Fill the disk, with one file and with many."""

import os

import torch


def one_file():
    with open("flood", "wb") as file:
        for _ in range(100):
            file.write(bytes(2**20))


def many_files():
    for number in range(20):
        with open(f"flood{number}", "wb") as file:
            for _ in range(10):
                file.write(bytes(2**20))


attempt("one file of 100 MiB", one_file)
attempt("200 MiB in files", many_files)


def masked_mean(values, mask):
    return torch.tensor(2.0)
