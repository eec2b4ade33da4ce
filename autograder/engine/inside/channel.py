"""Data across a process border: frames with a closed set of tags, and nothing that can name a type or run code.

A frame is a length (4 bytes, big-endian) and a payload; a payload is one tagged value. Whatever is not data (a
module, a generator, a tensor of an exotic dtype) crosses as *opaque*: its type's name as text, never looked up.
The same encoding is used in the notebook, where no border is crossed, so that the two backends cannot disagree
about what an answer was.
"""

from __future__ import annotations

import decimal
import math
import numbers
import os
import select
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MAX_FRAME = 16 * 2**20
MAX_DEPTH = 32
ENVELOPE = 3  # how many levels a frame puts around a value
MAX_ITEMS = 200_000
MAX_ENTRIES = 2**21  # of all arrays together: compared as float64 they take as much as the largest frame
MAX_TEXT = 2**20
MAX_INT_BYTES = 128
MAX_DIMS = 16
KEYS = 2**63  # whole numbers as keys stay below it: larger ones can be made to collide, and a dictionary then crawls
DTYPES = tuple(np.dtype(code) for code in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "<f2", "<f4", "<f8"))


class ChannelError(Exception):
    """A frame broke a rule: too long, too deep, cut short, of an unknown tag or late."""


@dataclass(frozen=True, eq=False)
class Tensor:
    """A torch tensor as data, for code that need not import torch.

    ``grad`` asks for a leaf that records gradients on the other side.
    """

    array: np.ndarray
    grad: bool = False


@dataclass(frozen=True)
class Opaque:
    """Something that is not data; only the name of its type crossed."""

    type_name: str = field(default="object")


@dataclass(frozen=True, eq=False)
class Remote:
    """A function that stays on the side that sent it; only what it is called in a signature crosses."""

    name: str


@dataclass(frozen=True)
class Encoded:
    """A value that is encoded already, to be put into another one as it is."""

    payload: bytes

    @classmethod
    def of(cls, value: Any) -> Encoded:
        """Encode a value; raises what :func:`encode` raises."""
        return cls(encode(value))


_COUNT = struct.Struct(">I")
_FLOAT = struct.Struct(">d")
_SHAPES = tuple(struct.Struct(f">{ndim}I") for ndim in range(MAX_DIMS + 1))
_CODES = {dtype: code for code, dtype in enumerate(DTYPES)}


# ---- values to bytes -------------------------------------------------------------------------------------------


def encode(value: Any) -> bytes:
    """Encode a value as a payload; whatever is not data becomes opaque.

    Raises
    ------
    ChannelError
        If the payload would be larger than ``MAX_FRAME``, deeper than ``MAX_DEPTH`` or hold more than
        ``MAX_ITEMS`` items.
    """
    writer = _Writer()
    writer.value(value, 0)
    return b"".join(writer.parts)


class _Writer:
    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0
        self.items = 0
        self.entries = 0

    def put(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > MAX_FRAME:
            raise ChannelError(f"output too large: more than {MAX_FRAME // 2**20} MiB")
        self.parts.append(data)

    def text(self, tag: bytes, text: str) -> None:
        data = str(text).encode("utf-8", "replace")[:MAX_TEXT]
        self.put(tag + _COUNT.pack(len(data)) + data)

    def value(self, value: Any, depth: int) -> None:
        self.items += 1
        if depth > MAX_DEPTH:
            raise ChannelError(f"output too deep: nested more than {MAX_DEPTH} times")
        if self.items > MAX_ITEMS:
            raise ChannelError(f"output too large: more than {MAX_ITEMS} items")
        kind = type(value)
        if kind is str:
            self.text(b"S", value)
        elif kind is float:
            self.put(b"D" + _FLOAT.pack(value))
        elif kind is int:
            self.integer(value)
        elif kind is list or kind is tuple:
            self.put((b"L" if kind is list else b"U") + _COUNT.pack(len(value)))
            for item in value:
                self.value(item, depth + 1)
        elif kind is Encoded:
            self.put(value.payload)
        elif kind is Tensor:
            self.array(b"G" if value.grad else b"X", value.array)
        else:
            self.rarer(value, depth)

    def rarer(self, value: Any, depth: int) -> None:
        """What is less frequent, and what is derived from a type that we know."""
        if value is None:
            self.put(b"N")
        elif isinstance(value, bool):
            self.put(b"T" if value else b"F")
        elif isinstance(value, dict):
            items = list(value.items())
            self.put(b"M" + _COUNT.pack(len(items)))
            for key, item in items:
                _allow_key(key)
                self.value(key, depth + 1)
                self.value(item, depth + 1)
        elif isinstance(value, str):
            self.text(b"S", value)
        elif isinstance(value, int):
            self.integer(int(value))
        elif isinstance(value, float):
            self.put(b"D" + _FLOAT.pack(value))
        elif isinstance(value, (list, tuple)):
            self.put((b"L" if isinstance(value, list) else b"U") + _COUNT.pack(len(value)))
            for item in value:
                self.value(item, depth + 1)
        elif isinstance(value, (np.ndarray, np.generic)):
            self.array(b"A", np.asarray(value))
        elif isinstance(value, Tensor):
            self.array(b"G" if value.grad else b"X", value.array)
        elif _is_torch_tensor(value):
            self.torch_tensor(value)
        elif isinstance(value, Opaque):
            self.text(b"O", value.type_name)
        elif isinstance(value, Remote):
            self.text(b"R", value.name)
        elif isinstance(value, Encoded):
            self.put(value.payload)
        elif _is_real(value):
            self.put(b"D" + _FLOAT.pack(float(value)))
        else:
            self.text(b"O", type(value).__name__)

    def integer(self, value: int) -> None:
        length = (value.bit_length() + 8) // 8
        if length > MAX_INT_BYTES:
            self.text(b"O", "int")
        else:
            self.put(b"I" + bytes((length,)) + value.to_bytes(length, "big", signed=True))

    def array(self, tag: bytes, array: np.ndarray) -> None:
        array = np.asarray(array)
        code = _CODES.get(array.dtype)
        if code is None:
            like = _like(array)
            code, array = _CODES.get(like), array.astype(like) if like in _CODES else array
        shape = array.shape
        if code is None or len(shape) > MAX_DIMS:
            self.text(b"O", f"array of {array.dtype}")
            return
        stretch = array.size or _stretch(shape)
        if array.nbytes > MAX_FRAME or stretch > MAX_FRAME:
            raise ChannelError(f"output too large: more than {MAX_FRAME // 2**20} MiB")
        self.entries += stretch
        if self.entries > MAX_ENTRIES:
            raise ChannelError(f"output too large: more than {MAX_ENTRIES:,} entries of arrays")
        self.put(tag + bytes((code, len(shape))) + _SHAPES[len(shape)].pack(*shape) + array.tobytes())

    def torch_tensor(self, value: Any) -> None:
        try:
            data = value.detach()
            try:
                array = np.asarray(data.numpy())
            except (TypeError, RuntimeError):  # on another device, of a type that NumPy lacks, or not yet worked out
                data = data.cpu()
                if str(data.dtype) == "torch.bfloat16":
                    data = data.float()
                array = np.asarray(data.resolve_conj().resolve_neg().numpy())
        except Exception:  # sparse, quantised, meta or complex: not data that an exercise asks for
            self.text(b"O", f"tensor of {getattr(value, 'dtype', 'unknown dtype')}")
            return
        self.array(b"X", array)


def _like(array: np.ndarray) -> np.dtype[Any]:
    """The type in which an array of a rarer type crosses: in our order of bytes, real numbers as float64."""
    long_floats = array.dtype.kind == "f" and array.dtype.itemsize > 8
    if long_floats or (array.dtype.kind == "O" and all(map(_is_real, array.flat))):
        return np.dtype("<f8")
    return array.dtype.newbyteorder("<") if array.dtype.kind in "iuf" else array.dtype


def _is_real(value: Any) -> bool:
    """True for a number of any type, such as a fraction, that is no larger than a float can be."""
    try:
        if isinstance(value, (numbers.Real, decimal.Decimal)):
            float(value)
            return True
    except (OverflowError, ValueError):  # too large for a float, or a decimal's signalling NaN
        pass
    return False


def _is_torch_tensor(value: Any) -> bool:
    """True for torch tensors, without importing torch."""
    return any(
        base.__name__ == "Tensor" and base.__module__ in ("torch", "torch._tensor") for base in type(value).__mro__
    )


def _allow_key(key: Any) -> None:
    if isinstance(key, int) and not -KEYS <= key < KEYS:
        raise ChannelError("a key is out of range")


def _stretch(shape: tuple[int, ...]) -> int:
    """How many items a shape spans, where a 0 does not excuse the other sides."""
    return math.prod(length for length in shape if length)


# ---- bytes to values -------------------------------------------------------------------------------------------


def decode(
    payload: bytes,
    make_tensor: Callable[[np.ndarray, bool], Any] = Tensor,
    count: Callable[[int], None] = lambda items: None,
) -> Any:
    """Decode one payload.

    Parameters
    ----------
    payload : bytes
    make_tensor : callable (array, grad) -> object
        What a tensor becomes: :class:`Tensor` in the checker, a torch tensor beside the answer.
    count : callable (int)
        Told how many items the payload held, also where it breaks a rule: each takes memory, however few its bytes.

    Raises
    ------
    ChannelError
        If the payload breaks any rule. No other exception is raised, whatever the bytes.
    """
    reader = _Reader(payload, make_tensor)
    try:
        value = reader.value(0)
    finally:
        count(reader.items)
    if reader.at != len(payload):
        raise ChannelError("bytes left over after the value")
    return value


class _Reader:
    def __init__(self, data: bytes, make_tensor: Callable[[np.ndarray, bool], Any]) -> None:
        self.data = data
        self.at = 0
        self.items = 0
        self.entries = 0
        self.make_tensor = make_tensor

    def take(self, count: int) -> bytes:
        return self.between(self.at, self.at + count)

    def between(self, start: int, end: int) -> bytes:
        """The bytes from here to there, behind which reading goes on."""
        if end > len(self.data):
            raise ChannelError("frame cut short")
        self.at = end
        return self.data[start:end]

    def count(self) -> int:
        size = int.from_bytes(self.take(4), "big")
        if size > len(self.data) - self.at:  # every item takes at least one byte
            raise ChannelError("a length points beyond the frame")
        return size

    def value(self, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH + ENVELOPE or self.items > MAX_ITEMS:
            raise ChannelError("frame too deep or too long")
        data, at = self.data, self.at + 1
        tag = data[at - 1 : at]
        if tag == b"S":
            end = at + 4 + int.from_bytes(data[at : at + 4], "big")
            return str(self.between(at + 4, end), "utf-8", "replace")
        if tag == b"D":
            value: float = _FLOAT.unpack(self.between(at, at + 8))[0]
            return value
        if tag == b"I":
            length = int.from_bytes(data[at : at + 1], "big")
            if not 0 < length <= MAX_INT_BYTES:
                raise ChannelError("integer out of range")
            return int.from_bytes(self.between(at + 1, at + 1 + length), "big", signed=True)
        self.at = at
        if tag == b"X" or tag == b"G":
            return self.make_tensor(self.array(), tag == b"G")
        if tag == b"L" or tag == b"U":
            depth += 1
            items = [self.value(depth) for _ in range(self.count())]
            return items if tag == b"L" else tuple(items)
        if tag == b"M":
            return self.mapping(depth)
        if tag == b"A":
            return self.array()
        if tag == b"N":
            return None
        if tag == b"T" or tag == b"F":
            return tag == b"T"
        if tag == b"O":
            return Opaque(self.take(self.count()).decode("utf-8", "replace")[:200])
        if tag == b"R":
            return Remote(self.take(self.count()).decode("utf-8", "replace")[:200])
        raise ChannelError("unknown tag" if tag else "frame cut short")

    def mapping(self, depth: int) -> dict[Any, Any]:
        out = {}
        for _ in range(self.count()):
            key = self.value(depth + 1)
            if type(key) is not str:
                _allow_key(key)
                if not isinstance(key, (int, float, bool, type(None))):
                    key = repr(type(key).__name__)
            out[key] = self.value(depth + 1)
        return out

    def array(self) -> np.ndarray:
        code, ndim = self.take(2)
        if code >= len(DTYPES) or ndim > MAX_DIMS:
            raise ChannelError("unknown array type")
        dtype, shape = DTYPES[code], _SHAPES[ndim].unpack(self.take(4 * ndim))
        size = math.prod(shape)
        self.entries += size or _stretch(shape)
        if self.entries > MAX_ENTRIES:
            raise ChannelError("an array is too large")
        data = self.take(size * dtype.itemsize)
        if code == 0 and data.translate(None, b"\0\1"):
            raise ChannelError("a boolean array holds something else than 0 and 1")
        return np.ndarray(shape, dtype, bytearray(data))  # of a bytearray: it can be written to


def as_data(value: Any) -> Any:
    """What ``value`` looks like from the other side: a round trip through the encoding.

    >>> as_data((1, "two", {"three": np.float32(3)}))
    (1, 'two', {'three': array(3., dtype=float32)})
    >>> as_data(object())
    Opaque(type_name='object')
    """
    return decode(encode(value))


# ---- frames over descriptors -----------------------------------------------------------------------------------


def write_frame(descriptor: int, payload: bytes, deadline: float | None = None) -> None:
    """Write one frame.

    Parameters
    ----------
    descriptor : int
        One that does not block, where there is a deadline: else a reader that reads nothing would hold us up.
    payload : bytes
    deadline : float, optional
        A ``time.monotonic`` value.

    Raises
    ------
    ChannelError
        If the payload is longer than ``MAX_FRAME``.
    TimeoutError
        If ``deadline`` passes first.
    """
    if len(payload) > MAX_FRAME:
        raise ChannelError(f"output too large: more than {MAX_FRAME // 2**20} MiB")
    view = memoryview(_COUNT.pack(len(payload)) + payload)
    while view:
        try:
            view = view[os.write(descriptor, view[: 2**16]) :]
        except BlockingIOError:
            _wait(descriptor, deadline, select.POLLOUT)


def read_frame(descriptor: int, deadline: float | None = None) -> bytes | None:
    """Read one frame; None at the end of the stream.

    Parameters
    ----------
    descriptor : int
        One that does not block, where there is a deadline.
    deadline : float, optional
        A ``time.monotonic`` value.

    Raises
    ------
    ChannelError
        If the frame is longer than ``MAX_FRAME`` or is cut short.
    TimeoutError
        If ``deadline`` passes first.
    """
    _wait(descriptor, deadline, select.POLLIN)
    head = _read_exactly(descriptor, 4, deadline)
    if head is None:
        return None
    length = _COUNT.unpack(head)[0]
    if length > MAX_FRAME:
        raise ChannelError(f"output too large: more than {MAX_FRAME // 2**20} MiB")
    payload = _read_exactly(descriptor, length, deadline)
    if payload is None:
        raise ChannelError("frame cut short")
    return payload


def _read_exactly(descriptor: int, count: int, deadline: float | None) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        try:
            piece = os.read(descriptor, min(count - len(data), 2**16))
        except BlockingIOError:
            _wait(descriptor, deadline, select.POLLIN)
            continue
        except ConnectionResetError:
            piece = b""
        if not piece:
            if data:
                raise ChannelError("frame cut short")
            return None
        data += piece
    return bytes(data)


def _wait(descriptor: int, deadline: float | None, event: int) -> None:
    if deadline is None:
        return
    waiting = select.poll()
    waiting.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not waiting.poll(left * 1000):
        raise TimeoutError("the time limit passed")
