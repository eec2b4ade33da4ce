"""Figures that compare named things: bars, dots with intervals, tables as heat maps."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach import _alt_text as words
from mtl_teach._validate import check_shape, must
from mtl_teach.figures._canvas import STYLES, DescribedFigure, canvas, described, legend
from mtl_teach.figures._series import Data, Summary, ranked, summarise


def bars(
    series: Mapping[str, Data],
    categories: Sequence[str],
    *,
    title: str,
    ylabel: str,
    xlabel: str = "",
) -> DescribedFigure:
    """Draw grouped bars from zero, with intervals where there are repetitions.

    Parameters
    ----------
    series : mapping from label to array-like or Interval
        Values of shape (n_categories,) or (n_repeats, n_categories).
    categories : sequence of str
    title, ylabel, xlabel : str

    Raises
    ------
    ValueError
        As `lines`.

    Examples
    --------
    >>> figure = bars({"loss": [0.2, 0.8]}, ["price", "time"], ylabel="share",
    ...               title="Time is 80 % of the loss")
    >>> print(figure.alt_text)
    Bar chart: Time is 80 % of the loss. Height, share. loss: time 0.8, price 0.2.
    """
    summaries = summarise("series", series, len(categories))
    figure, ax = canvas(title, xlabel, ylabel)
    width = 0.8 / len(summaries)
    places = np.arange(len(categories))
    for i, ((label, interval), style) in enumerate(zip(summaries.items(), STYLES)):
        ax.bar(
            places + (i - (len(summaries) - 1) / 2) * width,
            interval.mean,
            width,
            yerr=interval.half_width,
            color=style.colour,
            hatch=style.hatch,
            edgecolor="white",
            capsize=3,
            ecolor="black",
            label=label,
        )
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set_xticks(places, [textwrap.fill(str(c), 14) for c in categories])
    legend(ax, summaries)
    return described(figure, "Bar chart", title, [f"Height, {ylabel}.", *ranked(summaries, categories)])


def dots(
    series: Mapping[str, Data],
    rows: Sequence[str],
    *,
    title: str,
    xlabel: str,
    reference: float | None = None,
    logx: bool = False,
) -> DescribedFigure:
    """Draw one dot a row and series, with its interval as a line: for differences and other values without
    a zero.

    Parameters
    ----------
    series : mapping from label to array-like of shape (n_rows,) or (n_repeats, n_rows), or Interval
    rows : sequence of str
        Shown from top to bottom.
    title, xlabel : str
    reference : float, optional
        A vertical line, for example 0 for "no difference". The description says whose interval excludes it.
    logx : bool
        Logarithmic axis, for positive values that differ by factors (bars have no honest zero there).

    Raises
    ------
    ValueError
        As `lines`.

    Examples
    --------
    >>> gains = [[0.28, 0.01], [0.31, -0.02], [0.30, 0.02]]
    >>> figure = dots({"gain": gains}, ["related", "unrelated"], title="Only the related task gains",
    ...               xlabel="gain in R²", reference=0)
    >>> print(figure.alt_text)
    Dot plot: Only the related task gains. Across, gain in R².
    gain: related 0.297 ± 0.0379, unrelated 0.00333 ± 0.0517. Interval excludes 0: related.
    """
    summaries = summarise("series", series, len(rows))
    figure, ax = canvas(title, xlabel, "")
    step = 0.6 / len(summaries)
    for i, ((label, interval), style) in enumerate(zip(summaries.items(), STYLES)):
        heights = np.arange(len(rows)) + (i - (len(summaries) - 1) / 2) * step
        ax.errorbar(
            interval.mean,
            heights,
            xerr=interval.half_width,
            fmt=style.marker,
            color=style.colour,
            capsize=3,
            label=label,
        )
    ax.set_yticks(np.arange(len(rows)), [textwrap.fill(str(r), 24) for r in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xscale("log" if logx else "linear")
    ax.grid(visible=True, axis="y", color="#dddddd")
    said = [f"Across, {xlabel}.", *ranked(summaries, rows)]
    if reference is not None:
        ax.axvline(reference, color="black", linewidth=0.8)
        said += _excluding(summaries, rows, reference)
    legend(ax, summaries)
    return described(figure, "Dot plot", title, said)


def heat_map(
    values: ArrayLike,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    label: str,
    number_format: str = ".2f",
) -> DescribedFigure:
    """Draw a table as colours with the number in every cell.

    Parameters
    ----------
    values : array-like of shape (n_rows, n_columns)
        With both signs present the colours diverge from 0; otherwise they run from the lowest to the highest.
        NaN is a finding too: the cell stays white and says NaN.
    rows, columns : sequence of str
    title, xlabel, ylabel : str
    label : str
        What the numbers are, with the unit.
    number_format : str
        How to write a number, as in `format`.

    Raises
    ------
    ValueError
        If `values` does not have one row per row name and one column per column name.

    Examples
    --------
    >>> figure = heat_map([[0.0, 0.0], [0.1, 0.4]], ["OLS", "forest"], ["x 10", "x 100"],
    ...                   xlabel="label scale", ylabel="model", label="change in R²",
    ...                   title="OLS does not see the label's scale")
    >>> print(figure.alt_text)
    Table as heat map: OLS does not see the label's scale. Rows, model; columns, label scale; cells, change
    in R². OLS: x 10 0.00, x 100 0.00. forest: x 10 0.10, x 100 0.40.
    Highest 0.40 at forest, x 100; lowest 0.00 at OLS, x 10.
    """
    values = np.asarray(values, dtype=float)
    check_shape("values", values, n_rows=len(rows), n_columns=len(columns))
    if np.isnan(values).all():
        raise ValueError(must("values", "hold at least one number", "only NaN"))
    figure, ax = canvas(title, xlabel, ylabel, size=(1.1 * len(columns) + 3, 0.45 * len(rows) + 1.8))
    low, high = np.nanmin(values), np.nanmax(values)
    both_signs = low < 0 < high
    limit = max(abs(low), abs(high))
    limits = (-limit, limit) if both_signs else (low, high)
    picture = ax.imshow(values, cmap="PuOr" if both_signs else "cividis", aspect="auto", clim=limits)
    figure.colorbar(picture, ax=ax, label=label)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.grid(visible=False)
    for (i, j), value in np.ndenumerate(values):
        colour = _readable_on(picture.to_rgba(value)) if np.isfinite(value) else "black"
        ax.text(j, i, _cell(value, number_format), ha="center", va="center", color=colour)
    return described(
        figure,
        "Table as heat map",
        title,
        [
            f"Rows, {ylabel}; columns, {xlabel}; cells, {label}.",
            *_table(values, rows, columns, number_format),
        ],
    )


def _excluding(summaries: Mapping[str, Summary], rows: Sequence[str], reference: float) -> list[str]:
    """Say which intervals exclude the reference; nothing where there are no intervals."""
    tested = {label: s for label, s in summaries.items() if s.half_width is not None}
    if not tested:
        return []
    outside = []
    for label, s in tested.items():
        for row, low, high in zip(rows, s.low, s.high):
            if low > reference or high < reference:
                outside.append(row if len(summaries) == 1 else f"{row} ({label})")
    return [f"Interval excludes {words.number(reference)}: {', '.join(outside) or 'none'}."]


def _table(values: np.ndarray, rows: Sequence[str], columns: Sequence[str], number_format: str) -> list[str]:
    def cell(i: int, j: int) -> str:
        return _cell(values[i, j], number_format)

    def extreme(word: str, flat: np.intp) -> str:
        i, j = (int(k) for k in np.unravel_index(flat, values.shape))
        return f"{word} {cell(i, j)} at {rows[i]}, {columns[j]}"

    said = [
        f"{row}: " + ", ".join(f"{column} {cell(i, j)}" for j, column in enumerate(columns)) + "."
        for i, row in enumerate(rows)
    ]
    highest, lowest = extreme("Highest", np.nanargmax(values)), extreme("lowest", np.nanargmin(values))
    return [*said, f"{highest}; {lowest}."]


def _cell(value: float, number_format: str) -> str:
    return "NaN" if np.isnan(value) else format(value, number_format)


def _readable_on(rgba: Any) -> str:
    luminance = np.dot(rgba[:3], (0.2126, 0.7152, 0.0722))
    return "black" if luminance > 0.45 else "white"
