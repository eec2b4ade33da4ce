"""One sentence for every error: name the argument, say what was needed, say what came.

``"`mask` must have shape (n_samples, n_tasks) = (8, 2); got (8,)."``

The checks take NumPy arrays and torch tensors alike and import neither torch nor anything else that is slow.
"""

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import numpy as np


def must(name: str, need: str, got: object) -> str:
    """Return the sentence that every error of the library is written in.

    Examples
    --------
    >>> must("temperature", "be positive", -1.0)
    '`temperature` must be positive; got -1.0.'
    """
    return f"`{name}` must {need}; got {got}."


def check_shape(name: str, value: Any, **axes: int | None) -> None:
    """Raise ValueError unless `value` has the named axes, each of the given size (None: of any size).

    What has no shape at all, a list for example, is a TypeError.

    Examples
    --------
    >>> check_shape("mask", np.ones((8, 2)), n_samples=8, n_tasks=None)
    >>> check_shape("mask", np.ones(8), n_samples=8, n_tasks=2)
    Traceback (most recent call last):
    ValueError: `mask` must have shape (n_samples, n_tasks) = (8, 2); got (8,).
    """
    if not hasattr(value, "shape"):
        raise TypeError(must(name, "be an array or a tensor", type(value).__name__))
    shape = tuple(value.shape)
    sizes = tuple(axes.values())
    if len(shape) == len(sizes) and all(need in (None, got) for need, got in zip(sizes, shape)):
        return
    need = f"have shape {_parenthesised(axes)}"
    if any(size is not None for size in sizes):
        need += f" = {_parenthesised('any' if size is None else size for size in sizes)}"
    raise ValueError(must(name, need, shape))


def check_all(name: str, value: Any, holds: Any, need: str) -> None:
    """Raise ValueError unless every entry of `holds` is true; show the first entry of `value` that fails.

    Examples
    --------
    >>> weights = np.array([0.5, -1.0])
    >>> check_all("weights", weights, weights >= 0, "be non-negative")
    Traceback (most recent call last):
    ValueError: `weights` must be non-negative; got -1 at index 1.
    """
    holds = _as_numpy(holds)
    if holds.all():
        return
    index = tuple(int(i) for i in np.argwhere(~holds)[0])
    entry = _as_numpy(value)[index]
    got = f"{entry:g}"
    if float(got) != entry:  # 1.0000001 must not be reported as 1
        got = str(entry)
    if index:
        got += f" at index {index[0] if len(index) == 1 else index}"
    raise ValueError(must(name, need, got))


def check_choice(name: str, value: object, options: Iterable[str]) -> None:
    """Raise ValueError unless `value` is one of `options`.

    Examples
    --------
    >>> check_choice("kind", "ordinal", ["regression", "classification"])
    Traceback (most recent call last):
    ValueError: `kind` must be one of 'regression', 'classification'; got 'ordinal'.
    """
    options = list(options)
    if not (isinstance(value, str) and value in options):
        raise ValueError(must(name, "be one of " + ", ".join(map(repr, options)), repr(value)))


def check_floating(name: str, value: Any) -> None:
    """Raise TypeError unless `value`, an array or a tensor, holds floating-point numbers.

    Examples
    --------
    >>> check_floating("pred", np.array([1, 2]))
    Traceback (most recent call last):
    TypeError: `pred` must have a floating-point dtype; got int64.
    """
    dtype = _dtype_of(name, value)
    if not (dtype.is_floating_point if hasattr(dtype, "is_floating_point") else dtype.kind == "f"):
        raise TypeError(must(name, "have a floating-point dtype", dtype))


def check_boolean(name: str, value: Any) -> None:
    """Raise TypeError unless `value`, an array or a tensor, holds booleans.

    Examples
    --------
    >>> check_boolean("mask", np.array([1, 0]))
    Traceback (most recent call last):
    TypeError: `mask` must have a boolean dtype; got int64.
    """
    dtype = _dtype_of(name, value)
    if str(dtype) not in ("bool", "torch.bool"):
        raise TypeError(must(name, "have a boolean dtype", dtype))


def check_count(name: str, value: Any, least: int = 1) -> None:
    """Raise ValueError unless `value` is an integer of at least `least`.

    Examples
    --------
    >>> check_count("n_tasks", 2.5)
    Traceback (most recent call last):
    ValueError: `n_tasks` must be an integer of at least 1; got 2.5.
    """
    if not isinstance(value, Integral) or isinstance(value, bool) or int(value) < least:
        raise ValueError(must(name, f"be an integer of at least {least}", repr(value)))


def all_equal(values: np.ndarray) -> bool:
    """Say whether values (n,), at least one and none of them NaN, are equal but for their last bits.

    Examples
    --------
    >>> all_equal(np.array([0.3, 0.1 + 0.2])), all_equal(np.array([1e6, 1e6 + 1e-6]))
    (True, False)
    """
    lowest, highest = values.min(), values.max()
    return bool(highest <= lowest + 4 * np.spacing(max(abs(lowest), abs(highest))))


def check_tensor(name: str, value: Any, **axes: int | None) -> None:
    """Raise unless `value` is a torch tensor of floating-point numbers with the named axes.

    Examples
    --------
    >>> check_tensor("losses", np.ones(2), n_tasks=2)
    Traceback (most recent call last):
    TypeError: `losses` must be a torch tensor; got ndarray.
    """
    _check_is_tensor(name, value)
    check_floating(name, value)
    check_shape(name, value, **axes)


def check_like(name: str, value: Any, reference_name: str, reference: Any) -> None:
    """Raise unless both are torch tensors of one shape on one device; the error is about `value`."""
    _check_is_tensor(reference_name, reference)
    _check_is_tensor(name, value)
    if value.shape != reference.shape:
        need = f"have the shape of `{reference_name}`, {tuple(reference.shape)}"
        raise ValueError(must(name, need, tuple(value.shape)))
    check_same_device(name, value, reference_name, reference)


def check_same_device(name: str, value: Any, reference_name: str, reference: Any) -> None:
    """Raise ValueError unless the tensor `value` lives on the device of the tensor `reference`."""
    _check_is_tensor(name, value)
    if value.device != reference.device:
        need = f"be on the device of `{reference_name}`, {reference.device}"
        raise ValueError(must(name, need, value.device))


def _check_is_tensor(name: str, value: Any) -> None:
    if not hasattr(value, "requires_grad"):
        raise TypeError(must(name, "be a torch tensor", type(value).__name__))


def _dtype_of(name: str, value: Any) -> Any:
    if not hasattr(value, "dtype"):
        raise TypeError(must(name, "be an array or a tensor", type(value).__name__))
    return value.dtype


def _parenthesised(items: Iterable[object]) -> str:
    words = [str(item) for item in items]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


def _as_numpy(value: Any) -> np.ndarray:
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
