# ruff: noqa
"""Make whoever opens a file outside wait, or learn when it does; take memory and writes that no limit counts."""

import ctypes
import fcntl
import os

import torch

libc = ctypes.CDLL(None, use_errno=True)
file = os.open(os.__file__, os.O_RDONLY)
folder = os.open(os.path.dirname(os.__file__), os.O_RDONLY)
attempt("a lease for reading", lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK))
attempt("a lease for writing", lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK))
attempt("a notice", lambda: fcntl.fcntl(folder, fcntl.F_NOTIFY, 1))
attempt("a lock", lambda: fcntl.lockf(file, fcntl.LOCK_SH))
attempt("a lock of the open file", lambda: fcntl.flock(file, fcntl.LOCK_SH))
attempt("inotify", lambda: checked(libc.inotify_init1(0)))
attempt("fanotify", lambda: checked(libc.fanotify_init(0, 0)))
attempt("memory in a file of no folder", lambda: os.memfd_create("beside"))
attempt("memory that stays", lambda: checked(libc.mlock(ctypes.create_string_buffer(4096), 4096)))
attempt("write every disk", lambda: checked(libc.syncfs(file)))
attempt("a pipe of its own size", lambda: fcntl.fcntl(os.pipe()[0], 1031, 2**20))
attempt("be looked into", lambda: checked(libc.prctl(4, 1, 0, 0, 0)))


def masked_mean(values, mask):
    return torch.tensor(2.0)
