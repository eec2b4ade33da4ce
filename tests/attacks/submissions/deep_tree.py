# ruff: noqa
"""Leave folders too deep to be listed by path, closed to their owner, with endless names."""

import os

import torch

home = os.getcwd()
for _ in range(1500):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
    open("file", "w").close()
os.chdir(home)
os.mkdir("closed", 0)
os.makedirs("half/closed/inside")
attempt("a link to everything", lambda: os.symlink("/", "everything"))


def masked_mean(values, mask):
    return torch.tensor(2.0)
