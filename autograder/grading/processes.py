"""The processes that grade a class: forked when the checks are imported, each with a sandbox that warmed meanwhile.

Only a process of one thread may be forked: where there are more, or no Linux, each process starts and imports afresh.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import util
from multiprocessing.queues import SimpleQueue

from autograder import catalogue
from autograder.engine.libraries import named_in
from autograder.engine.sandbox import Sandbox
from autograder.grading import submission
from autograder.grading.assignment import Assignment
from autograder.grading.course import Course

PR_SET_PDEATHSIG = 1


class Crew:
    """Sandboxes that prove their layers here, and the processes to which each of them goes.

    Use it as a context manager.

    Parameters
    ----------
    course : Course
    assignments : iterable of Assignment
        What is going to be graded.
    processes : int
        1 for this process alone.
    """

    def __init__(self, course: Course, assignments: Iterable[Assignment], processes: int) -> None:
        assignments = list(assignments)
        exercises = [catalogue.load(name) for name in sorted({name for one in assignments for name in one.exercises})]
        locked = (source for one in assignments for _, source in one.locked)
        libraries = named_in([*(one.code() for one in exercises), *locked])
        self._course = course
        self._processes = processes
        self._sandboxes: list[Sandbox] = []
        self._pool: ProcessPoolExecutor | None = None
        if processes > 1 and may_fork():
            self._sandboxes = [Sandbox(course.limits, course.trust, libraries) for _ in range(processes)]
        try:
            for sandbox in self._sandboxes:
                sandbox.start()
            if not self._sandboxes:
                own = submission.sandbox_of_this_process(course.limits, course.trust)
                own.warm(libraries)
                own.start()
            if self._sandboxes or processes == 1:
                for one in exercises:  # while the zygotes import their libraries
                    one.prepare()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes and their sandboxes."""
        if self._pool is not None:
            self._pool.shutdown()
        for sandbox in self._sandboxes:
            sandbox.close()

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers of isolation, seen to hold around every sandbox."""
        if not self._sandboxes:
            return self._course.layers()
        first, *_ = [sandbox.layers for sandbox in self._sandboxes]  # those of all are tried before anybody is forked
        return first

    def executor(self) -> Executor | None:
        """Where jobs run; None for this process."""
        if self._processes == 1:
            return None
        if self._sandboxes and may_fork():
            self._pool = self._forked()
        else:  # a child that imports afresh inherits nothing of ours
            self._pool = ProcessPoolExecutor(self._processes, mp_context=multiprocessing.get_context("spawn"))
        return self._pool

    def _forked(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork")
        numbers: SimpleQueue[int] = context.SimpleQueue()
        for number in range(self._processes):
            numbers.put(number)
        pool = ProcessPoolExecutor(
            self._processes, mp_context=context, initializer=_take, initargs=(self._sandboxes, numbers, os.getpid())
        )
        pool.submit(os.getpid)  # all of them are forked now, before the pool has a thread
        for sandbox in self._sandboxes:
            sandbox.leave()
        return pool


def may_fork() -> bool:
    """True where this process has one thread: whatever a second one holds, a child would wait for it for ever."""
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1


def _take(sandboxes: list[Sandbox], numbers: SimpleQueue[int], parent: int) -> None:
    """In a forked process: keep one sandbox, and let nothing of the others keep their zygotes alive."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # else it would wait for jobs for ever
    if os.getppid() != parent:  # killed before this process could ask to be told
        os._exit(1)
    mine = sandboxes[numbers.get()]
    for other in sandboxes:
        if other is not mine:
            other.leave()
    mine.adopt()
    submission.use(mine)
    util.Finalize(None, submission.close_sandboxes, exitpriority=10)  # a forked process has no other last word
