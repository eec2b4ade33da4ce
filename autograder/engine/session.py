"""One submission in a sandboxed worker: its cells are run, then it is asked, and what it says is data."""

from __future__ import annotations

import math
import os
import time
from typing import Any

from autograder.engine.callables import Host
from autograder.engine.inside import channel, worker
from autograder.engine.outcome import AnswerError, outcome_of
from autograder.engine.sandbox import Limits, Sandbox

MAX_STARTS = 200  # workers of one submission: the first, and one whenever an answer ended its own
MAX_ZYGOTES = 2  # ended by what one submission left behind
MAX_TAKEN = 2**30  # bytes, as counted below, that are read from a submission in all
MAX_FRAMES = 2**25  # the same, of answers to questions that are asked together
ITEM = 256  # bytes that an item of an answer counts for: as an object it takes so much, however short it is written
MAX_SAID = 2**20  # characters of a submission's output and errors that are kept
Question = tuple[dict[str, Any], list[Any]]  # what is asked, and with which arguments


class Session:
    """One submission in a sandboxed worker, which is started anew whenever an answer ends it.

    Parameters
    ----------
    sandbox : Sandbox
    cells : list of (name, source)
        The code cells in order. A cell that loops or ends the worker is left out when the rest is run again.
    forbidden : list of str
        Dotted names of library functions that the answer may not call.

    Attributes
    ----------
    cell_errors, printed : dict of str to str
        What cells raised and printed while they were loaded, which is before anything was asked.
    taken : int
        Bytes that were read so far, each item of a list for no less than it takes in memory.
    """

    def __init__(self, sandbox: Sandbox, cells: list[tuple[str, str]], forbidden: list[str]) -> None:
        self._sandbox = sandbox
        self._cells = cells
        self._forbidden = forbidden
        self._descriptor: int | None = None
        self._deadline = math.inf  # until the first worker is there: a zygote that has to start costs nothing
        self._starts = 0
        self._zygotes = 0  # how many were started when the first worker was there
        self._said = 0
        self.taken = 0
        self._left_out: set[str] = set()  # cells that loop or end the worker
        self.cell_errors: dict[str, str] = {}
        self.printed: dict[str, str] = {}

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()

    def ask(self, questions: list[Question], seconds: float | None = None, total: float = math.inf) -> list[Any]:
        """Ask the worker for several things at once.

        Parameters
        ----------
        questions : list of (dict, list)
        seconds : float, optional
            The time for one answer; the limit for a call where none is given.
        total : float, optional
            The time for all of them.

        Returns
        -------
        list
            A value or an :class:`~autograder.engine.outcome.AnswerError` for each; where the worker ended before the
            last answer, the error that says so is the last outcome and the rest is missing.
        """
        self.load()
        if over := self._over():
            return [over]
        answers, error = self._ask(questions, self.limits.call if seconds is None else seconds, total)
        return [*map(outcome_of, answers), *([error] if error else [])]

    @property
    def limits(self) -> Limits:
        """What this submission may take."""
        return self._sandbox.limits

    def load(self) -> None:
        """Start a worker and run the cells, so that their errors are known; nothing if that is done."""
        while self._descriptor is None and not self._over():
            self._starts += 1
            self._descriptor = self._sandbox.fork(self._forbidden)
            if self._starts == 1:
                self._deadline = time.monotonic() + self.limits.submission
                self._zygotes = self._sandbox.starts
            self._load()

    def renew(self) -> None:
        """End the worker: the next question is answered by one that runs the cells anew and saw none before it."""
        self._end()

    def _over(self) -> AnswerError | None:
        """Why this submission is asked nothing more."""
        if time.monotonic() >= self._deadline:
            return AnswerError("Timeout", f"the submission took more than {self.limits.submission:g} s in all")
        if self._descriptor is None and self._starts >= MAX_STARTS:
            return AnswerError("Timeout", f"the code ended its own process {MAX_STARTS} times")
        if self._starts and self._sandbox.starts - self._zygotes > MAX_ZYGOTES:
            return AnswerError("Timeout", "the code left more files behind than can be removed, again and again")
        if self.taken > MAX_TAKEN:
            return AnswerError("Timeout", "the answers of this submission are too large, all together")
        return None

    def _load(self) -> None:
        for name, source in self._cells:
            if name in self._left_out:
                continue
            if over := self._over():
                self.cell_errors[name] = str(over)
                return
            answers, error = self._ask([({"op": "cell", "source": source, "name": name}, [])], self.limits.cell)
            outcome = error or outcome_of(answers[0])
            if isinstance(outcome, AnswerError):
                self.cell_errors[name] = self._kept(str(outcome))
                if self._descriptor is None or outcome.tag in ("Timeout", "Exit"):
                    self._left_out.add(name)
            if answers and isinstance(printed := answers[0].get("printed", ""), str):
                self.printed[name] = self._kept(printed[: worker.MAX_PRINTED])
            if self._descriptor is None:  # this cell ended the worker: start again without it
                return

    def _kept(self, text: str) -> str:
        """As much of a cell's text as is kept of a submission."""
        text = text[: max(0, MAX_SAID - self._said)]
        self._said += len(text)
        return text

    def _ask(
        self, questions: list[Question], seconds: float, total: float = math.inf
    ) -> tuple[list[dict[str, Any]], AnswerError | None]:
        """The answers that came, and why the others did not."""
        assert self._descriptor is not None
        if over := self._over():
            return [], over
        now, taken = time.monotonic(), self.taken
        answers: list[dict[str, Any]] = []
        until = min(now + total, self._deadline)
        number = int.from_bytes(os.urandom(7))
        host, hosted = None, -1
        try:
            channel.write_frame(self._descriptor, _frame(number, questions), min(now + seconds, until))
            limit = min(time.monotonic() + seconds, until)  # calls of our functions give an answer no more time
            while len(answers) < len(questions):
                payload = channel.read_frame(self._descriptor, limit)
                if payload is None:
                    raise ConnectionError
                if self.taken - taken > MAX_FRAMES:
                    raise AnswerError("Other", "output too large: all answers together")
                response = self._decode(payload)
                is_call = _is_call(response, number)
                if not is_call or "answers" in response:
                    answers += _answers(response, number, len(questions) - is_call - len(answers))
                    limit = min(time.monotonic() + seconds, until)
                if is_call:
                    if host is None or hosted != len(answers):
                        host, hosted = Host(questions[len(answers)][1]), len(answers)
                    channel.write_frame(self._descriptor, channel.encode(host.answer(response)), limit)
        except TimeoutError:
            error = AnswerError("Timeout", f"no answer within {seconds:g} s: is there a loop without end?")
        except channel.ChannelError as broken:
            error = AnswerError("Other", f"the process sent something else than data: {broken}")
        except OSError:
            error = AnswerError("Exit", "the code ended its own process")
        except AnswerError as wrong:
            error = wrong
        else:
            return answers, None
        self._end()
        return answers, error

    def _decode(self, payload: bytes) -> Any:
        self.taken += len(payload)

        def count(items: int) -> None:
            self.taken += items * ITEM

        return channel.decode(payload, count=count)

    def _end(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._sandbox.end_worker()


def _frame(number: int, questions: list[Question]) -> bytes:
    """The questions as one payload, in which each kind of question stands once."""
    kinds = {id(kind): kind for kind, _ in questions}
    place = {identity: index for index, identity in enumerate(kinds)}
    requests = [[place[id(kind)], args] for kind, args in questions]
    return channel.encode({"id": number, "kinds": list(kinds.values()), "requests": requests})


def _is_call(response: Any, number: int) -> bool:
    """True for a frame in which the worker calls one of our functions while it works on our number."""
    ours = isinstance(response, dict) and type(response.get("id")) is int and response["id"] == number
    return ours and ("call" in response or "slopes" in response)


def _answers(response: Any, number: int, most: int) -> list[dict[str, Any]]:
    """The answers in a frame that replies to our number."""
    if isinstance(response, dict) and type(response.get("id")) is int and response["id"] == number:
        answers = response.get("answers")
        if isinstance(answers, list) and 0 < len(answers) <= most and all(isinstance(one, dict) for one in answers):
            return answers
    raise AnswerError("Other", "the process sent something else than its answer")
