"""Functions of the checker's that an answer is handed to call: they run here, on data, and never beside the answer.

Whoever calls is a stranger: how often, on how many numbers and how long is bounded, and an error tells its kind and
what it was called with, nothing of the function.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.engine.inside import channel, worker
from autograder.engine.inside.channel import ChannelError, Opaque, Tensor
from autograder.engine.inside.proxies import INNER, LEAF, NO_GRADIENT

MAX_CALLS = 10_000  # of all functions together in one request, ways back through them included
MAX_KEPT = 2**22  # numbers in the arguments of calls that may still be differentiated


@dataclass(frozen=True, eq=False)
class Lent(channel.Remote):
    """A function that an answer may call and never sees.

    Attributes
    ----------
    name : str
        What stands in the answer's signature.
    function : callable
    parameters : tuple of str
        The names of its arguments; it takes exactly these.
    most : int
        How many numbers the arguments of one call may hold together; what takes longer than their count needs a
        smaller bound.
    """

    function: Callable[..., Any] = field(repr=False)
    parameters: tuple[str, ...] = ()
    most: int = 2**20

    def __call__(self, *args: Any) -> Any:
        """The function itself, for whoever is trusted with it."""
        return self.function(*args)


class _Refused(Exception):
    """A call that the function does not see, with the kind of error and the sentence that the answer gets."""


class Host:
    """Answers the calls of one request to the functions among its arguments.

    Parameters
    ----------
    args : list
        The arguments of the request; a :class:`Lent` among them can be called.
    """

    def __init__(self, args: list[Any]) -> None:
        self._lent = {place: arg for place, arg in enumerate(args) if isinstance(arg, Lent)}
        self._graphs: list[tuple[Any, list[Any]]] = []
        self._calls = 0
        self._kept = 0

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """What becomes of one call, or of one way back through a call.

        Raises
        ------
        ChannelError
            If the message is nothing that a stand-in sends.
        """
        self._calls += 1
        try:
            if self._calls > MAX_CALLS:
                raise _Refused("RuntimeError", f"more than {MAX_CALLS:,} calls of a function for one answer")
            return self._slopes(message) if "slopes" in message else self._call(message)
        except _Refused as refused:
            return {"error": refused.args[0], "message": refused.args[1]}

    def _call(self, message: dict[str, Any]) -> dict[str, Any]:
        lent, given, graph = self._understood(message)
        self._bounded(lent, given, graph)
        live, leaves = _live(given, graph)
        before = [_bytes(one) for one in live]
        try:
            value = _run(lent.function, live, tracked=bool(leaves))
        except Exception as error:
            words = ", ".join(map(_described, given))
            raise _Refused(_kind(error), f"{lent.name}({words}) fails") from None
        changed = {at: _plain(one) for at, one in enumerate(live) if before[at] != _bytes(one)}
        # The places are those of the answer's own call, not those of the parameters.
        order = self._order(lent, message)
        left = {order.index(at): now for at, now in changed.items()}
        if not getattr(value, "requires_grad", False):
            return {"value": value, "graph": None, "left": left}
        self._graphs.append((value, leaves))
        return {"value": value.detach(), "graph": len(self._graphs) - 1, "left": left}

    def _understood(self, message: dict[str, Any]) -> tuple[Lent, list[Any], list[int]]:
        """The function, its arguments in the order of its parameters, and what each is in the caller's graph."""
        place, args, kwargs = message.get("call"), message.get("args"), message.get("kwargs")
        graph = message.get("graph")
        well_formed = type(place) is int and isinstance(args, list) and isinstance(kwargs, dict)
        if not well_formed or place not in self._lent or not isinstance(graph, list):
            raise ChannelError("a call of something that is no function")
        assert isinstance(args, list)
        assert isinstance(kwargs, dict)
        known = all(type(one) is int and one in (NO_GRADIENT, LEAF, INNER) for one in graph)
        if not known or len(graph) != len(args) + len(kwargs):
            raise ChannelError("a call in no known form")
        lent = self._lent[place]
        order = self._order(lent, message)
        if sorted(order) != list(range(len(lent.parameters))):
            takes = ", ".join(lent.parameters)
            raise _Refused("TypeError", f"{lent.name} takes {len(lent.parameters)} arguments: {takes}")
        given = [*args, *kwargs.values()]
        at = [order.index(parameter) for parameter in range(len(order))]
        return lent, [given[one] for one in at], [graph[one] for one in at]

    def _order(self, lent: Lent, message: dict[str, Any]) -> list[int]:
        """For each argument as it came, the number of its parameter; -1 for one that there is not."""
        names = {name: number for number, name in enumerate(lent.parameters)}
        return [*range(len(message["args"])), *(names.get(name, -1) for name in message["kwargs"])]

    def _bounded(self, lent: Lent, given: list[Any], graph: list[int]) -> None:
        count = sum(map(_count, given))
        if count > lent.most:
            raise _Refused("ValueError", f"{lent.name} takes at most {lent.most:,} numbers in one call")
        if any(graph):
            self._kept += count
        if self._kept > MAX_KEPT:
            raise _Refused("RuntimeError", f"{lent.name} was called on more than {MAX_KEPT:,} numbers with gradients")

    def _slopes(self, message: dict[str, Any]) -> dict[str, Any]:
        """The products of a slope at a call's value with the derivatives in its arguments."""
        number, slope = message["slopes"], message.get("of")
        if type(number) is not int or not 0 <= number < len(self._graphs):
            raise ChannelError("a way back through a call that was not made")
        value, leaves = self._graphs[number]
        if not isinstance(slope, Tensor) or slope.array.shape != tuple(value.shape):
            raise ChannelError("a slope that does not fit the value")
        import torch

        slope = torch.from_numpy(slope.array).to(value.dtype)
        found = torch.autograd.grad(value, leaves, slope, retain_graph=True, allow_unused=True)
        return {"value": [torch.zeros_like(leaf) if one is None else one for leaf, one in zip(leaves, found)]}


def _kind(error: Exception) -> str:
    names = (base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")
    return next((name for name in names if name in worker.ERROR_TAGS), "RuntimeError")


def _run(function: Callable[..., Any], live: list[Any], tracked: bool) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if not tracked:
            return function(*live)
        import torch

        with torch.enable_grad():
            return function(*live)


def _live(given: list[Any], graph: list[int]) -> tuple[list[Any], list[Any]]:
    """The arguments as the function takes them, and the tensors in which the call can be differentiated."""
    live, leaves = [], []
    for value, kind in zip(given, graph):
        made = worker.as_live(value) if isinstance(value, (Tensor, list, tuple)) else value
        if kind != NO_GRADIENT:
            if not isinstance(value, Tensor) or value.array.dtype.kind != "f":
                raise ChannelError("a gradient in something that has none")
            leaves.append(made.requires_grad_())
            made = made.clone() if kind == INNER else made  # what is no leaf may be written to
        live.append(made)
    return live, leaves


def _count(value: Any) -> int:
    """How many numbers a value holds."""
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, np.ndarray):
        # Where one side is 0 the others still decide how much work there is.
        return math.prod(int(length) for length in value.shape if length)
    if isinstance(value, (list, tuple)):
        return 1 + sum(map(_count, value))
    return 1 + (sum(map(_count, value.values())) if isinstance(value, dict) else 0)


def _bytes(value: Any) -> bytes:
    """What an array or a tensor holds; nothing for what cannot be changed from outside."""
    plain = _plain(value)
    return np.asarray(plain).tobytes() if plain is not value or isinstance(value, np.ndarray) else b""


def _plain(value: Any) -> Any:
    """A tensor without its graph; everything else as it is."""
    return value.detach() if hasattr(value, "detach") else value


def _described(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {value.array.shape} and {value.array.dtype}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and {value.dtype}"
    return value.type_name if isinstance(value, Opaque) else type(value).__name__
