# ruff: noqa
"""Read the gradebook, the checks, the solutions, other submissions, keys and the machine's accounts."""

import glob
import importlib
import os

import torch

for path in (
    "@ROOT@/autograder/runner.py",
    "@ROOT@/autograder/exercises/masked_mean/test_masked_mean.py",
    "@ROOT@/solutions",
    "@ROOT@/.git/HEAD",
    "@CANARY@",
    "/packages/mtl_teach/_course/solutions",
    "/packages/mtl_teach/learn/__init__.py",
    "/etc/passwd",
    "/etc/shadow",
    "@HOME@/.bashrc",
    os.path.expanduser("~/../../etc/hostname"),
):
    attempt(f"read {path}", lambda: os.listdir(path) if os.path.isdir(path) else open(path).read())
for name in (
    "autograder.judging.runner",
    "autograder.exercises.masked_mean.test_masked_mean",
    "mtl_teach.learn.workspace",
):
    attempt(f"import {name}", lambda: importlib.import_module(name))
for pattern in (
    "/tmp/*",
    "/home/**",
    "/var/tmp/*",
    "/scratch/*/*",
    "/dev/shm/*",
    "/packages/mtl_teach/learn/*",
    "/run/*",
):
    for found in filter(os.path.isfile, glob.glob(pattern)):
        print("reached", found)
for folder in ("/packages", "/grader"):
    attempt(f"write {folder}", lambda: open(f"{folder}/mine", "w"))


def masked_mean(values, mask):
    return torch.tensor(2.0)
