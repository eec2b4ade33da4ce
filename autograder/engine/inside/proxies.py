"""Functions of the checker's as an answer meets them: every call crosses the border, and nothing else of them does.

A stand-in has no source, name, closure or constant of the real function, and all stand-ins of a name are alike. What
it is called with crosses as data, and so do the value, changes in place, the kind of an error, and gradients: the
derivative of a call is asked for when somebody goes back through it; that of a single number comes with it.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from . import channel

Reach = Callable[[dict[str, Any]], dict[str, Any]]  # a message to the checker, and what it answers


def stand_in(name: str, place: int, reach: Reach) -> Callable[..., Any]:
    """A function that has the checker call its own.

    Parameters
    ----------
    name : str
        What it is called in the answer's signature: the same for all that stand there.
    place : int
        Which argument of the answer it is.
    reach : callable
        Takes a message to the checker and gives back its answer.
    """

    def function(*args: Any, **kwargs: Any) -> Any:
        return _Call(reach, place, args, kwargs).made()

    function.__name__ = function.__qualname__ = name
    function.__module__ = "__main__"
    return function


class _Call:
    """One call: what goes over, what comes back, and which tensors it can be differentiated in."""

    def __init__(self, reach: Reach, place: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.reach = reach
        self.place = place
        self.names = list(kwargs)
        self.given = [*args, *kwargs.values()]
        self.sent = list(self.given)
        self.answer: dict[str, Any] = {}
        torch = sys.modules.get("torch")
        tracks = torch is not None and torch.is_grad_enabled()
        self.tracked = [at for at, one in enumerate(self.given) if tracks and _needs_gradient(one)]

    def made(self) -> Any:
        if self.tracked:
            value = _apply(crossing(), self, *(self.given[at] for at in self.tracked))
            value = value if self.is_tensor else self.answer.get("value")
        else:
            self.ask()
            value = self.answer.get("value")
        for at, now in self.answer.get("left", {}).items():
            _put_back(self.given[at], now)
        return value

    def ask(self) -> None:
        message: dict[str, Any] = {"call": self.place, "args": self.sent}
        if self.names:
            message["names"] = self.names
        if self.tracked:
            message["tracked"] = [[at, self.given[at].is_leaf] for at in self.tracked]
        self.answer = self.asked(message)

    def asked(self, message: dict[str, Any]) -> dict[str, Any]:
        answer = self.reach(message)
        if "error" in answer:
            raise getattr(builtins, answer["error"], RuntimeError)(answer["message"])
        return answer

    def known_slopes(self, slope: Any) -> Any:
        """What came with the value and was not given out before, since whoever gets it may write to it."""
        return self.answer.pop("slopes", None) if slope.numel() == 1 and float(slope) == 1.0 else None

    @property
    def is_tensor(self) -> bool:
        return hasattr(self.answer.get("value"), "requires_grad")


@functools.cache
def crossing() -> Any:
    """What autograd sees of a call. Made when first needed: where no answer uses torch, nobody imports it."""
    import torch

    class Crossing(torch.autograd.Function):
        """A call on the other side, whose derivative is asked for there as well."""

        @staticmethod
        def forward(call: _Call, *tracked: Any) -> Any:
            for at, tensor in zip(call.tracked, tracked):
                call.sent[at] = tensor
            call.ask()
            return call.answer["value"] if call.is_tensor else torch.empty(0)

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
            ctx.call = inputs[0]
            if "graph" not in ctx.call.answer:
                ctx.mark_non_differentiable(output)

        @staticmethod
        def backward(ctx: Any, slope: Any) -> Any:
            known = None if torch.is_grad_enabled() else ctx.call.known_slopes(slope)
            return None, *(_apply(Back, ctx.call, slope) if known is None else known)

    class Back(torch.autograd.Function):
        """The way back through a call; a function of its own, so that torch.func hands it plain numbers, too."""

        @staticmethod
        def forward(call: _Call, slope: Any) -> Any:
            known = call.known_slopes(slope)
            if known is None:
                known = call.asked({"slopes": call.answer["graph"], "of": slope})["value"]
            return tuple(known)

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
            pass

        @staticmethod
        def backward(ctx: Any, *slopes: Any) -> Any:
            raise RuntimeError("a function that an answer is handed can be differentiated once")

    forward: Any
    for forward in (Crossing.forward, Back.forward):  # torch asks at every call, and Python works it out each time
        forward.__signature__ = inspect.signature(forward)
    return Crossing


def _apply(function: Any, *args: Any) -> Any:
    return function.apply(*args)


def _needs_gradient(value: Any) -> bool:
    return hasattr(value, "requires_grad") and hasattr(value, "is_leaf") and bool(value.requires_grad)


def _put_back(given: Any, now: Any) -> None:
    """Do to the caller's own array or tensor what the call did to its copy."""
    if isinstance(given, np.ndarray):
        given[...] = now
    else:
        import torch

        with torch.no_grad():
            given.copy_(now)


def with_stand_ins(args: list[Any], reach: Reach | None) -> list[Any]:
    """The arguments of a request, with a stand-in wherever a function was announced."""
    return [
        stand_in(arg.name, place, reach) if reach and isinstance(arg, channel.Remote) else arg
        for place, arg in enumerate(args)
    ]
