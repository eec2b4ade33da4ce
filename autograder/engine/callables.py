"""Functions of the checker's that an answer is handed to call: they run here, on data, and never beside the answer.

Whoever calls is a stranger: how often, on how many numbers and how long is bounded, and an error tells its kind and
what it was called with, nothing of the function.
"""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.engine.inside import channel, worker
from autograder.engine.inside.channel import ChannelError, Opaque, Tensor

MAX_CALLS = 10_000  # of all functions together in one request, ways back through them included
MAX_KEPT = 2**22  # numbers in the arguments of calls that may still be differentiated
# Of arguments that are no arrays of one shape the numbers count as many times as there are of them: spread over each
# other, or taken as places in one another, a thousand of them make a million.
MAX_UNEVEN = 2**12


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
        smaller bound. Where they are no arrays of one shape it is ``MAX_UNEVEN`` at most.
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
        lent, given, places, tracked = self._understood(message)
        self._bounded(lent, given, tracked)
        live, leaves = _live(given, tracked)
        before = [_bytes(one) for one in live]
        try:
            value = _run(lent.function, [live[at] for at in places], bool(leaves))
        except Exception as error:
            words = ", ".join(_described(given[at]) for at in places)
            raise _Refused(_kind(error), f"{lent.name}({words}) fails") from None
        answer: dict[str, Any] = {"value": _plain(value)}
        if left := {at: _plain(one) for at, one in enumerate(live) if before[at] != _bytes(one)}:
            answer["left"] = left
        if getattr(value, "requires_grad", False):
            answer["graph"] = len(self._graphs)
            self._graphs.append((value, leaves))
            if value.numel() == 1:  # whoever asks for the gradient of a number mostly asks for this: no second crossing
                with contextlib.suppress(Exception):  # else it is asked for, and fails where it always did
                    answer["slopes"] = _products(value, leaves, None)
        return answer

    def _understood(self, message: dict[str, Any]) -> tuple[Lent, list[Any], list[int], dict[int, bool]]:
        """The function; its arguments as they came; where each parameter stands among them; which are tracked."""
        place, given, names = message.get("call"), message.get("args"), message.get("names", [])
        if type(place) is not int or place not in self._lent or not isinstance(given, list):
            raise ChannelError("a call of something that is no function")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or len(names) > len(given):
            raise ChannelError("a call with names in no known form")
        lent = self._lent[place]
        by_name = [*lent.parameters[: len(given) - len(names)], *names]
        if sorted(by_name) != sorted(lent.parameters) or len(given) != len(lent.parameters):
            takes = ", ".join(lent.parameters)
            raise _Refused("TypeError", f"{lent.name} takes {len(lent.parameters)} arguments: {takes}")
        return lent, given, [by_name.index(name) for name in lent.parameters], _tracked(message, given)

    def _bounded(self, lent: Lent, given: list[Any], tracked: dict[int, bool]) -> None:
        count, even = sum(map(_count, given)), _are_even(given)
        most = lent.most if even else min(lent.most, MAX_UNEVEN)
        if count > most:
            raise _Refused("ValueError", f"{lent.name} takes at most {most:,} numbers in one call")
        if tracked:
            self._kept += count if even else count**2
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

        return {"value": _products(value, leaves, torch.from_numpy(slope.array).to(value.dtype))}


def _products(value: Any, leaves: list[Any], slope: Any) -> list[Any]:
    """The products of a slope, 1 where there is none, with the derivatives of a value."""
    import torch

    found = torch.autograd.grad(value, leaves, slope, retain_graph=True, allow_unused=True)
    return [torch.zeros_like(leaf) if one is None else one for leaf, one in zip(leaves, found)]


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


def _tracked(message: dict[str, Any], given: list[Any]) -> dict[int, bool]:
    """The places of the tensors in which a call is to be differentiated, and whether each is a leaf over there."""
    pairs = message.get("tracked", [])
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise ChannelError("a call with gradients in no known form")
    for at, is_leaf in pairs:
        if type(at) is not int or not 0 <= at < len(given) or type(is_leaf) is not bool:
            raise ChannelError("a call with gradients in no known form")
        if not isinstance(given[at], Tensor) or given[at].array.dtype.kind != "f":
            raise ChannelError("a gradient in something that has none")
    return dict(pairs)


def _live(given: list[Any], tracked: dict[int, bool]) -> tuple[list[Any], list[Any]]:
    """The arguments as the function takes them, and the tensors in which the call can be differentiated."""
    live = [worker.as_live(one) if isinstance(one, (Tensor, list, tuple)) else one for one in given]
    leaves = [live[at].requires_grad_() for at in tracked]
    if not all(tracked.values()):
        import torch

        with torch.enable_grad():  # in a notebook we are called from within a function of autograd's
            for at, is_leaf in tracked.items():
                live[at] = live[at] if is_leaf else live[at].clone()  # what is no leaf may be written to
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


def _are_even(given: list[Any]) -> bool:
    """True for arrays of one shape, none of which can say places in another."""
    arrays = [one.array if isinstance(one, Tensor) else one for one in given]
    if not all(isinstance(one, np.ndarray) and one.dtype.kind in "bf" for one in arrays):
        return False
    return len({one.shape for one in arrays}) < 2


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
