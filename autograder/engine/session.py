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
    """

    def __init__(self, sandbox: Sandbox, cells: list[tuple[str, str]], forbidden: list[str]) -> None:
        self._sandbox = sandbox
        self._cells = cells
        self._forbidden = forbidden
        self._descriptor: int | None = None
        self._deadline = time.monotonic() + sandbox.limits.submission
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
        answers, error = self._ask(questions, self.limits.call if seconds is None else seconds, total)
        return [*map(outcome_of, answers), *([error] if error else [])]

    @property
    def limits(self) -> Limits:
        """What this submission may take."""
        return self._sandbox.limits

    def load(self) -> None:
        """Start a worker and run the cells, so that their errors are known; nothing if that is done."""
        while self._descriptor is None:
            started = time.monotonic()
            self._descriptor = self._sandbox.fork(self._forbidden)
            self._deadline += time.monotonic() - started  # a zygote that has to start costs the submission nothing
            self._load()

    def _load(self) -> None:
        for name, source in self._cells:
            if name in self._left_out:
                continue
            answers, error = self._ask([({"op": "cell", "source": source, "name": name}, [])], self.limits.cell)
            outcome = error or outcome_of(answers[0])
            if isinstance(outcome, AnswerError):
                self.cell_errors[name] = str(outcome)
                if self._descriptor is None or outcome.tag in ("Timeout", "Exit"):
                    self._left_out.add(name)
            if answers and isinstance(answers[0].get("printed"), str):
                self.printed[name] = answers[0]["printed"][: worker.MAX_PRINTED]
            if self._descriptor is None:  # this cell ended the worker: start again without it
                return

    def _ask(
        self, questions: list[Question], seconds: float, total: float = math.inf
    ) -> tuple[list[dict[str, Any]], AnswerError | None]:
        """The answers that came, and why the others did not."""
        assert self._descriptor is not None
        now = time.monotonic()
        if now > self._deadline:
            return [], AnswerError("Timeout", f"the submission took more than {self.limits.submission:g} s in all")
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
                response = channel.decode(payload)
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
