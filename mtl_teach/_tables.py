"""What people bring: numbers out of tables, lists and tensors, names that must agree, and results in the same form.

``"`y_pred` must have the columns of `y_true`, in that order; got 'days' where 'price' belongs."``

A DataFrame or a Series is known by what it offers, so that pandas is used where it is and needed nowhere; torch
likewise.
"""

from itertools import zip_longest
from typing import Any

import numpy as np

from mtl_teach._validate import check_boolean, check_shape, must


def as_floats(name: str, value: Any) -> np.ndarray:
    """Return what an array-like, a table or a tensor holds as floats; what is missing (None, pandas.NA) is NaN.

    Truth values and decimals are numbers. Text, dates and durations are not, although NumPy would convert them: text
    is a column that was read wrongly, and the unit of a converted date depends on the version of pandas.

    Examples
    --------
    >>> as_floats("y", [[1, None]])
    array([[ 1., nan]])
    >>> as_floats("y", [["one"]])
    Traceback (most recent call last):
    TypeError: `y` must hold numbers; got 'one' at index (0, 0).
    """
    try:
        if hasattr(value, "detach"):  # a tensor, perhaps with a graph, on another device, or in bfloat16
            value = value.detach().cpu()
            value = value.numpy() if value.is_complex() else value.double().numpy()
        elif not hasattr(value, "dtype") and not _is_frame(value):
            value = np.asarray(value)
        kinds = {getattr(dtype, "kind", "O") for dtype in _dtypes(name, value)}
        if not kinds <= set("biuf"):
            return _one_by_one(name, value)
        if hasattr(value, "to_numpy"):
            return np.asarray(value.to_numpy(dtype=float, na_value=np.nan))
        return np.asarray(value, dtype=float)
    except (ValueError, RuntimeError) as cause:  # rows of unequal length, a tensor without data
        raise TypeError(must(name, "hold numbers", f"{type(value).__name__} ({cause})")) from cause


def as_mask(name: str, value: Any) -> np.ndarray:
    """Return an array-like, a table or a tensor of truth values as an array of them; a gap is no truth value.

    Examples
    --------
    >>> as_mask("mask", [[True, False]])
    array([[ True, False]])
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    mask = np.asarray(value)
    if mask.dtype == object:  # what pandas' nullable truth values come as
        for index, entry in np.ndenumerate(mask):
            if not isinstance(entry, (bool, np.bool_)):
                raise TypeError(must(name, "hold truth values", f"{entry!r} at index {index}"))
        mask = mask.astype(bool)
    check_boolean(name, mask)
    return mask


def like(value: Any, array: np.ndarray) -> Any:
    """Return `array` in the form of `value`: a DataFrame or a Series with the same names, or as it is."""
    if not _is_pandas(value):
        return array
    if _is_frame(value):
        return type(value)(array, index=value.index, columns=value.columns)
    return type(value)(array, index=value.index, name=value.name)


def names_of(value: Any) -> list[Any] | None:
    """Return the names of a DataFrame's columns or a Series' entries; None without any, or if they only count."""
    if not (_is_frame(value) or _is_pandas(value)):
        return None
    names = list(value.columns if _is_frame(value) else value.index)
    return None if names == list(range(len(names))) else names


def check_names(name: str, value: Any, reference_name: str, names: list[Any] | None) -> None:
    """Raise ValueError if `value` has names that are not `names`, in their order; without names on one side pass."""
    _check_same(name, f"have the columns of {reference_name}, in that order", names_of(value), names)


def check_rows(name: str, value: Any, reference_name: str, reference: Any) -> None:
    """Raise ValueError if two DataFrames name their rows, and not in the same order; rows that only count pass."""
    need = f"have the rows of {reference_name}, in that order"
    _check_same(name, need, _row_names(value), _row_names(reference))


def check_table(name: str, value: Any, array: np.ndarray, reference_name: str, reference: Any, **axes: int) -> None:
    """Raise ValueError unless `array`, which `value` holds, has these axes and `value` the names of `reference`."""
    if array.ndim == 2:
        check_names(name, value, reference_name, names_of(reference))
    check_shape(name, array, **axes)
    check_rows(name, value, reference_name, reference)


def _check_same(name: str, need: str, came: list[Any] | None, names: list[Any] | None) -> None:
    if came is None or names is None or came == names:
        return
    nothing = object()
    for got, expected in zip_longest(came, names, fillvalue=nothing):
        if got is nothing:
            raise ValueError(must(name, need, f"none where {expected!r} belongs"))
        if expected is nothing:
            raise ValueError(must(name, need, f"{got!r} after the last of them"))
        if got != expected:
            raise ValueError(must(name, need, f"{got!r} where {expected!r} belongs"))


def _row_names(value: Any) -> list[Any] | None:
    if not (_is_pandas(value) and _is_frame(value)):
        return None
    names = list(value.index)
    return None if names == list(range(len(names))) else names


def _is_pandas(value: Any) -> bool:
    return hasattr(value, "index") and hasattr(value, "to_numpy")


def _is_frame(value: Any) -> bool:
    return hasattr(value, "columns") and hasattr(value, "dtypes")


def _dtypes(name: str, value: Any) -> list[Any]:
    """Return the dtype of each column, none of which may be of dates, durations or complex numbers."""
    places = [f" in column {column!r}" for column in value.columns] if _is_frame(value) else [""]
    dtypes = list(value.dtypes) if _is_frame(value) else [value.dtype]
    for place, dtype in zip(places, dtypes):
        if getattr(dtype, "kind", "O") in "mMc":
            raise TypeError(must(name, "hold numbers", f"{dtype}{place}"))
    return dtypes


def _one_by_one(name: str, value: Any) -> np.ndarray:
    """Convert a mixture, entry by entry, so that the first one that is no number can be named."""
    # Not asked for objects first, pandas turns a gap beside categories of integers into a large negative number.
    entries = np.asarray(value.astype(object) if _is_pandas(value) else value, dtype=object)
    floats = np.empty(entries.shape)
    for index, entry in np.ndenumerate(entries):
        try:
            if isinstance(entry, (str, bytes)):
                raise TypeError
            floats[index] = np.nan if entry is None or type(entry).__name__ in ("NAType", "NaTType") else float(entry)
        except (TypeError, ValueError) as cause:
            place = f"in column {value.columns[index[1]]!r}" if _is_frame(value) else f"at index {index}"
            raise TypeError(must(name, "hold numbers", f"{entry!r} {place}" if index else repr(entry))) from cause
    return floats
