"""One command at a time writes to a course's folder; another one says who holds it."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator

from autograder.grading.course import Course, CourseError

try:
    import fcntl
except ImportError:  # Windows, where strangers are not graded: two runs there are the instructor's own affair
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def only_one(course: Course, doing: str) -> Iterator[None]:
    """Hold a course's folder while something is done to it.

    The system gives the lock back when the process ends, however it ends.

    Parameters
    ----------
    course : Course
    doing : str
        What is being done, for whoever has to wait: "run", for example.

    Raises
    ------
    CourseError
        If another process holds it; the message says which, what it does and since when.
    """
    path = course.private / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CourseError(_held(os.pread(descriptor, 1_000, 0), course)) from None
        holder = {"process": os.getpid(), "doing": doing, "since": time.strftime("%H:%M:%S")}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _held(data: bytes, course: Course) -> str:
    try:
        holder = json.loads(data)
        who = f"`mtl-grade {holder['doing']}` (process {holder['process']}, since {holder['since']})"
    except (ValueError, KeyError, TypeError):
        who = "another mtl-grade"
    return f"{course.root} is in use by {who}: wait until it has ended, or stop it, and run again; nothing was changed."
