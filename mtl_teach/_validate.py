"""One sentence for every error: name the argument, say what was needed, say what came.

``"`mask` must have shape (n_samples, n_tasks) = (8, 2); got (8,)."``

The checks take NumPy arrays and torch tensors alike and import neither torch nor anything else that is slow.
"""

from collections.abc import Iterable
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
    got = f"{_as_numpy(value)[index]:g}"
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
    dtype = value.dtype
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
    if str(value.dtype) not in ("bool", "torch.bool"):
        raise TypeError(must(name, "have a boolean dtype", value.dtype))


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


def _parenthesised(items: Iterable[object]) -> str:
    words = [str(item) for item in items]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


def _as_numpy(value: Any) -> np.ndarray:
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def as_floats(name: str, value: Any) -> np.ndarray:
    """Return an array-like, a DataFrame included, as an array of floats; what a DataFrame has missing is NaN.

    Examples
    --------
    >>> as_floats("y", [[1, 2]])
    array([[1., 2.]])
    >>> as_floats("y", [["one"]])
    Traceback (most recent call last):
    TypeError: `y` must hold numbers; got list (could not convert string to float: 'one').
    """
    try:
        if hasattr(value, "to_numpy"):
            return np.asarray(value.to_numpy(dtype=float, na_value=np.nan))
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError) as cause:
        raise TypeError(must(name, "hold numbers", f"{type(value).__name__} ({cause})")) from cause


def like(value: Any, array: np.ndarray) -> Any:
    """Return `array` in the container of `value`: a DataFrame with the same rows and columns, or as it is."""
    if hasattr(value, "columns") and hasattr(value, "index"):  # a DataFrame, without a need for pandas
        return type(value)(array, index=value.index, columns=value.columns)
    return array
