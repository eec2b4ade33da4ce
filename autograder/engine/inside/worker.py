"""Answers requests about one namespace of a learner's code: run this cell, call this function, run this scenario.

In a notebook a :class:`Worker` answers in process, in the sandbox in a process of its own, so that both backends treat
an answer alike. What it says is data.
"""

from __future__ import annotations

import contextlib
import functools
import io
import linecache
import sys
import traceback
import types
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from . import channel
from .proxies import Reach, with_stand_ins

ERROR_TAGS = (
    "AssertionError", "AttributeError", "ImportError", "IndexError", "KeyError", "MemoryError", "NameError",
    "NotImplementedError", "OverflowError", "RecursionError", "RuntimeError", "StopIteration", "SyntaxError",
    "TypeError", "ValueError", "ZeroDivisionError",
)  # fmt: skip
MAX_MESSAGE = 2_000
MAX_PRINTED = 20_000


class Worker:
    """Answers requests about one namespace of learner's code.

    Parameters
    ----------
    namespace : dict
        Where the learner's names live.
    transform : callable str -> str, optional
        Turns a notebook cell (magics, shell lines) into plain Python.
    """

    def __init__(self, namespace: dict[str, Any], transform: Any = None) -> None:
        self.namespace = namespace
        self.transform = transform
        self.reach: Reach | None = None  # how a function that stays with the checker is called
        self._scenarios: dict[str, dict[str, Any]] = {}

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one request: ``{"value": ...}`` or ``{"error": tag, "message": text}``, and what was printed."""
        printed = _Printed()
        operation = {"cell": self._cell, "call": self._call, "scenario": self._scenario}[request["op"]]
        try:
            with self._random_state(), _undisturbed(), _redirected(printed):
                response = {"value": self._outgoing(operation(request))}
        except channel.ChannelError as error:
            response = {"error": "Other", "message": str(error)}
        except SystemExit:
            response = {"error": "Exit", "message": "the code ended the program with sys.exit or quit"}
        except Exception as error:
            response = {"error": _tag(error), "message": _explain(error)}
        said = printed.getvalue()
        return {**response, "printed": said} if said else response

    def _cell(self, request: dict[str, Any]) -> None:
        source, name = request["source"], f"<cell {request['name']}>"
        try:
            code = compile(source, name, "exec", dont_inherit=True)
        except SyntaxError:  # magics and shell lines, or an error of the learner's
            if not self.transform:
                raise
            source = self.transform(source)
            code = compile(source, name, "exec", dont_inherit=True)
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        exec(code, self.namespace)

    def _answer(self, request: dict[str, Any]) -> Any:
        names = request["entries"]
        missing = [name for name in names if name not in self.namespace]
        if missing:
            raise _Missing(f"`{missing[0]}` is not defined")
        if request.get("values"):
            values = tuple(self.namespace[name] for name in names)
            return lambda: values[0] if len(values) == 1 else values
        return self.namespace[names[0]]

    def _call(self, request: dict[str, Any]) -> Any:
        answer, args = self._answer(request), with_stand_ins(request["args"], self.reach)
        value = answer(*args)
        return (value, tuple(args)) if request.get("after") else value

    def _scenario(self, request: dict[str, Any]) -> Any:
        answer, source = self._answer(request), request["source"]
        if source not in self._scenarios:
            names: dict[str, Any] = {"__name__": "scenarios"}
            exec(_compiled(source), names)
            self._scenarios[source] = names
        return self._scenarios[source][request["function"]](answer, *with_stand_ins(request["args"], self.reach))

    _outgoing = staticmethod(channel.as_data)

    def _random_state(self) -> contextlib.AbstractContextManager[None]:
        return _same_random_state()


@functools.lru_cache(maxsize=64)
def _compiled(scenarios: str) -> types.CodeType:
    """A process that compares many answers runs the same scenarios beside each of them."""
    return compile(scenarios, "<scenarios>", "exec", dont_inherit=True)


class _Missing(Exception):
    pass


class _Printed(io.StringIO):
    """Keeps the first characters of what is printed and drops the rest."""

    def write(self, text: str) -> int:
        room = MAX_PRINTED - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


@contextlib.contextmanager
def _redirected(printed: _Printed) -> Iterator[None]:
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield


@contextlib.contextmanager
def _same_random_state() -> Iterator[None]:
    """Put back the random state that an answer uses up."""
    torch = sys.modules.get("torch")
    numpy_state = np.random.get_state()  # noqa: NPY002 - the global state is what answers disturb
    torch_state = torch.get_rng_state() if torch else None
    try:
        yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        if torch and torch_state is not None:
            torch.set_rng_state(torch_state)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Put back what an answer may change for those after it: default dtype, gradients, threads, warnings."""
    torch = sys.modules.get("torch")
    if torch:
        before = (torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads())
        torch.set_num_threads(1)  # on a busy machine several wait for each other: ten times slower
    try:
        with warnings.catch_warnings(), np.errstate():
            warnings.simplefilter("ignore")
            yield
    finally:
        if torch:
            torch.set_default_dtype(before[0])
            torch.set_grad_enabled(before[1])
            if torch.get_num_threads() != before[2]:
                torch.set_num_threads(before[2])


def _tag(error: BaseException) -> str:
    if isinstance(error, _Missing):
        return "Missing"
    names = (base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")
    return next((name for name in names if name in ERROR_TAGS), "Other")


def _explain(error: BaseException) -> str:
    """The exception's text and the learner's line it came from."""
    try:
        text = str(error) if not isinstance(error, KeyError) else ", ".join(map(repr, error.args))
    except Exception:
        text = "(its message could not be read)"
    if _tag(error) == "Other":
        text = f"{type(error).__name__}: {text}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith(("<cell", "<ipython-input")) or "ipykernel" in frame.filename:
            text += f" (line {frame.lineno}: `{(frame.line or '').strip()[:120]}`)"
            break
    return text[:MAX_MESSAGE]


def as_live(value: Any) -> Any:
    """Turn :class:`channel.Tensor` into torch tensors, through lists, tuples and dictionaries; copy arrays."""
    if isinstance(value, channel.Tensor):
        return make_tensor(value.array, value.grad)
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)):
        return type(value)(as_live(item) for item in value)
    if isinstance(value, dict):
        return {key: as_live(item) for key, item in value.items()}
    return value


def make_tensor(array: np.ndarray, grad: bool) -> Any:
    import torch

    made = torch.from_numpy(np.array(array))
    return made.requires_grad_() if grad else made


# ---- what stands in for the course's own modules beside a submission --------------------------------------------


def inert_module(name: str, names: tuple[str, ...] = ()) -> types.ModuleType:
    """A module whose every attribute is a function that does nothing: feedback belongs to the learner's notebook."""
    module = types.ModuleType(name)
    module.__path__ = []
    for public in names:
        setattr(module, public, _nothing)
    module.__getattr__ = lambda attribute: _refuse_private(name, attribute)  # type: ignore[method-assign]
    return module


def _refuse_private(module: str, attribute: str) -> Any:
    if attribute.startswith("__"):
        raise AttributeError(f"module {module!r} has no attribute {attribute!r}")
    return _nothing


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


class _Shell:
    """Stands in for IPython's shell: magics and shell lines do nothing."""

    def __getattr__(self, name: str) -> Any:
        return _nothing


def fresh_namespace() -> dict[str, Any]:
    """The names that a notebook offers before its first cell."""
    return {
        "__name__": "__main__",
        "__builtins__": __builtins__,
        "get_ipython": _Shell,
        "display": _nothing,
        "input": lambda prompt="": "",
        "exit": sys.exit,
        "quit": sys.exit,
    }
