"""Figures that state their finding, can be told apart in grey, and describe themselves in words.

Every function takes the data, a title that says what the figure shows, and axis labels with units; it
returns a Matplotlib figure with ``.alt_text``, a description computed from the same data. Data with one row
a repetition (seed) are drawn as the mean with its 95 % t-interval; pass an `Interval` if it is already
computed.

    figure = lines(x, {"shared": r2_by_seed, "single": single_by_seed}, title="Sharing helps related tasks",
                   xlabel="correlation of the tasks", ylabel="test R²")
    show(figure)

Colours are those of Okabe and Ito, told apart under the common colour-vision deficiencies; markers, line
styles and hatches differ as well, so that nothing hangs on colour.

References
----------
Okabe and Ito, "Color Universal Design", 2008. W3C, "Web Content Accessibility Guidelines" 2.2, criteria
1.1.1 and 1.4.1.
"""

import base64
import html
import io
import textwrap
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from numpy.typing import ArrayLike

from mtl_teach import _alt_text as words
from mtl_teach._validate import check_all, check_shape, must
from mtl_teach.metrics import Interval, mean_interval
from mtl_teach.pareto import is_non_dominated

Data = ArrayLike | Interval

_DPI = 110
_SIZE = (6.4, 4.0)  # inches
_GREY = "#666666"


class Style(NamedTuple):
    """How one series is drawn: four signs, any one of which tells it from the others."""

    colour: str
    marker: str
    line: Any
    hatch: str


STYLES = (
    Style("#0072B2", "o", "-", ""),
    Style("#E69F00", "s", "--", "///"),
    Style("#009E73", "^", "-.", "..."),
    Style("#D55E00", "D", ":", "xxx"),
    Style("#CC79A7", "v", (0, (5, 1, 1, 1, 1, 1)), "\\\\\\"),
    Style("#56B4E9", "P", (0, (8, 3)), "++"),
    Style("#000000", "X", (0, (1, 3)), "oo"),
)


class DescribedFigure(Figure):
    """A Matplotlib figure that knows its description; Jupyter shows both.

    Attributes
    ----------
    alt_text : str
        What the figure shows, in words and numbers.
    """

    alt_text: str = ""

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        return _bundle(self, self.alt_text)


def show(figure: Figure, alt_text: str | None = None) -> None:
    """Display a figure in a notebook, with its description where assistive technology finds it.

    The output carries the picture as an HTML image with an ``alt`` attribute, the form that JupyterLab, nbconvert
    and MyST-NB prefer and the only one whose description all three pass on; as PNG with ``alt`` in its metadata,
    for other readers of notebooks; and the description alone as text, for a terminal.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        One of this module's, or any other together with `alt_text`.
    alt_text : str, optional
        Replaces the figure's own description.

    Raises
    ------
    ValueError
        If there is no description.
    """
    from IPython.display import display  # notebooks have it; the rest of the library does not need it

    text = alt_text or getattr(figure, "alt_text", "")
    if not text:
        raise ValueError(must("alt_text", "describe a figure that does not describe itself", repr(text)))
    data, metadata = _bundle(figure, text)
    display(data, metadata=metadata, raw=True)


def lines(
    x: ArrayLike,
    series: Mapping[str, Data],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    references: Mapping[str, float] | None = None,
    marks: Mapping[str, tuple[float, float]] | None = None,
    logx: bool = False,
    logy: bool = False,
) -> DescribedFigure:
    """Draw curves, with a band for the interval where there are repetitions.

    Parameters
    ----------
    x : array-like of shape (n_points,)
    series : mapping from label to array-like of shape (n_points,) or (n_repeats, n_points), or Interval
    title : str
        The finding, as a sentence.
    xlabel, ylabel : str
        With units.
    references : mapping from label to float, optional
        Horizontal lines to compare with.
    marks : mapping from label to (x, y), optional
        Points to point out, such as a minimum or a chosen threshold.
    logx, logy : bool
        Logarithmic axes.

    Raises
    ------
    ValueError
        If a series does not have one value per x, there is no series, or there are more than seven.

    Examples
    --------
    >>> figure = lines([0, 1], {"shared": [[0.1, 0.4], [0.2, 0.5]]}, title="Sharing helps related tasks",
    ...                xlabel="correlation", ylabel="gain in R²")
    >>> print(figure.alt_text)
    Line chart: Sharing helps related tasks. Across, correlation, 0 to 1; up, gain in R².
    shared: from 0.15 at 0 to 0.45 at 1, never falling; 95 % interval at most ±0.635.
    """
    x = np.asarray(x, dtype=float)
    check_shape("x", x, n_points=None)
    summaries = _summaries("series", series, len(x))
    figure, ax = _canvas(title, xlabel, ylabel)
    for (label, interval), style in zip(summaries.items(), STYLES):
        every = max(1, len(x) // 12)  # markers on a few points keep long curves readable
        ax.plot(
            x,
            interval.mean,
            color=style.colour,
            linestyle=style.line,
            marker=style.marker,
            markevery=every,
            label=label,
        )
        if interval.half_width is not None:
            ax.fill_between(x, interval.low, interval.high, color=style.colour, alpha=0.2, linewidth=0)
    for label, height in (references or {}).items():
        ax.axhline(height, color=_GREY, linewidth=1, linestyle=(0, (2, 2)))
        _note(ax, label, (1, height), (-3, 3), xycoords=("axes fraction", "data"), ha="right", color=_GREY)
    for label, place in (marks or {}).items():
        ax.plot(*place, marker="*", markersize=13, color="black", linestyle="none")
        _note(ax, label, place, (8, 6))
    ax.set_xscale("log" if logx else "linear")
    ax.set_yscale("log" if logy else "linear")
    _legend(ax, summaries)
    said = [words.curve(label, x, s.mean, s.half_width) for label, s in summaries.items()]
    said += [f"Reference line {label} at {words.number(height)}." for label, height in (references or {}).items()]
    said += [f"Marked: {label} {_pair(place)}." for label, place in (marks or {}).items()]
    return _described(figure, "Line chart", title, [_axes(xlabel, ylabel, x), *said])


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
    series : mapping from label to array-like of shape (n_categories,) or (n_repeats, n_categories), or
    Interval
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
    summaries = _summaries("series", series, len(categories))
    figure, ax = _canvas(title, xlabel, ylabel)
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
    _legend(ax, summaries)
    return _described(figure, "Bar chart", title, [f"Height, {ylabel}.", *_ranked(summaries, categories)])


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
    summaries = _summaries("series", series, len(rows))
    figure, ax = _canvas(title, xlabel, "")
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
    said = [f"Across, {xlabel}.", *_ranked(summaries, rows)]
    if reference is not None:
        ax.axvline(reference, color="black", linewidth=0.8)
        said += _excluding(summaries, rows, reference)
    _legend(ax, summaries)
    return _described(figure, "Dot plot", title, said)


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
    figure, ax = _canvas(title, xlabel, ylabel, size=(1.1 * len(columns) + 3, 0.45 * len(rows) + 1.8))
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
    return _described(
        figure,
        "Table as heat map",
        title,
        [
            f"Rows, {ylabel}; columns, {xlabel}; cells, {label}.",
            *_table(values, rows, columns, number_format),
        ],
    )


def scatter(
    points: Mapping[str, ArrayLike], *, title: str, xlabel: str, ylabel: str, diagonal: bool = False
) -> DescribedFigure:
    """Draw pairs of values; the description gives their ranges and correlation.

    Parameters
    ----------
    points : mapping from label to array-like of shape (n_points, 2)
    title, xlabel, ylabel : str
    diagonal : bool
        Draw the line on which both are equal, as for a quantile plot or predictions against labels.

    Raises
    ------
    ValueError
        As `scatter_front`.

    Examples
    --------
    >>> figure = scatter({"tasks": [[0, 0], [1, 2], [2, 4]]}, title="s follows the training loss",
    ...                  xlabel="log training loss", ylabel="s")
    >>> print(figure.alt_text)
    Scatter plot: s follows the training loss. Across, log training loss; up, s.
    tasks: 3 points, across 0 to 2, up 0 to 4, correlation 1.
    """
    sets = _point_sets(points)
    figure, ax = _canvas(title, xlabel, ylabel)
    said = [f"Across, {xlabel}; up, {ylabel}{'; the diagonal is equality' if diagonal else ''}."]
    for (label, xy), style in zip(sets.items(), STYLES):
        ax.plot(*xy.T, color=style.colour, marker=style.marker, linestyle="none", alpha=0.7, label=label)
        text = f"{label}: {len(xy)} points, across {words.spread(xy[:, 0])}, up {words.spread(xy[:, 1])}"
        if (np.ptp(xy, axis=0) > 0).all():
            text += f", correlation {words.number(np.corrcoef(xy.T)[0, 1])}"
        said.append(text + ".")
    if diagonal:
        everything = np.concatenate(list(sets.values()))
        ends = [everything.min(), everything.max()]
        ax.plot(ends, ends, color=_GREY, linewidth=1, linestyle=(0, (2, 2)))
    _legend(ax, sets)
    return _described(figure, "Scatter plot", title, said)


def scatter_front(
    points: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    maximise: tuple[bool, bool] = (False, False),
) -> DescribedFigure:
    """Draw models as points of two objectives; efficient ones filled and joined, dominated ones hollow.

    Parameters
    ----------
    points : mapping from label to array-like of shape (n_points, 2)
        Dominance is judged within each label's points.
    title, xlabel, ylabel : str
    maximise : pair of bool
        Which objectives should be large.

    Raises
    ------
    ValueError
        If a set of points does not have two objectives, there is none, or there are more than seven.

    Examples
    --------
    >>> figure = scatter_front({"models": [[1, 3], [2, 1], [3, 3]]}, title="One of three models is dominated",
    ...                        xlabel="error", ylabel="latency (ms)")
    >>> print(figure.alt_text)
    Scatter plot: One of three models is dominated. Across, error, smaller is better; up, latency (ms),
    smaller is better. models: 2 of 3 points efficient, from (1, 3) to (2, 1).
    """
    sets = _point_sets(points)
    sign = np.where(maximise, -1.0, 1.0)
    figure, ax = _canvas(title, f"{xlabel} {_arrow(maximise[0])}", f"{ylabel} {_arrow(maximise[1])}")
    said = [f"Across, {xlabel}, {_wish(maximise[0])}; up, {ylabel}, {_wish(maximise[1])}."]
    for (label, xy), style in zip(sets.items(), STYLES):
        efficient = is_non_dominated(xy * sign)
        front = xy[efficient][np.lexsort(xy[efficient].T[::-1])]
        ax.plot(*front.T, color=style.colour, marker=style.marker, linestyle=style.line, label=label)
        ax.plot(*xy[~efficient].T, color=style.colour, marker=style.marker, linestyle="none", fillstyle="none")
        ends = f"from {_pair(front[0])} to {_pair(front[-1])}"
        said.append(f"{label}: {len(front)} of {len(xy)} points efficient, {ends}.")
    _legend(ax, sets)
    return _described(figure, "Scatter plot", title, said)


def trade_off(
    curves: Mapping[str, ArrayLike],
    settings: Sequence[str],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
) -> DescribedFigure:
    """Draw what two objectives do as one setting (a weight, a penalty) changes, with intervals on both axes.

    Parameters
    ----------
    curves : mapping from label to array-like of shape (n_settings, 2) or (n_repeats, n_settings, 2)
    settings : sequence of str
        Written beside the first curve's points, for example the weights.
    title, xlabel, ylabel : str

    Raises
    ------
    ValueError
        If a curve does not have one point per setting, there is none, or there are more than seven.

    Examples
    --------
    >>> figure = trade_off({"width 12": [[0.9, 0.2], [0.8, 0.8], [0.5, 0.9]]}, ["0.9", "0.5", "0.1"],
    ...                    title="Balance costs little", xlabel="left accuracy", ylabel="right accuracy")
    >>> print(figure.alt_text)
    Trade-off curve: Balance costs little. Across, left accuracy; up, right accuracy.
    width 12: setting 0.9 (0.9, 0.2), setting 0.5 (0.8, 0.8), setting 0.1 (0.5, 0.9).
    """
    _check_series("curves", curves)
    figure, ax = _canvas(title, xlabel, ylabel)
    said = [f"Across, {xlabel}; up, {ylabel}."]
    for i, ((label, values), style) in enumerate(zip(curves.items(), STYLES)):
        values = np.asarray(values, dtype=float)
        repeated = values.ndim == 3
        check_shape(f"curves[{label!r}]", values[0] if repeated else values, n_settings=len(settings), n_objectives=2)
        centre, half = mean_interval(values) if repeated else (values, None)
        x_error, y_error = (None, None) if half is None else half.T
        ax.errorbar(
            centre[:, 0],
            centre[:, 1],
            xerr=x_error,
            yerr=y_error,
            color=style.colour,
            marker=style.marker,
            linestyle=style.line,
            capsize=2,
            label=label,
        )
        if i == 0:
            for text, place in zip(settings, centre):
                _note(ax, text, place, (6, 5))
        said.append(f"{label}: " + ", ".join(f"setting {s} {_pair(p)}" for s, p in zip(settings, centre)) + ".")
        if half is not None:
            said.append(f"95 % intervals at most ±{words.number(half.max())}.")
    _legend(ax, curves)
    return _described(figure, "Trade-off curve", title, said)


def histograms(
    columns: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str | Sequence[str],
    bins: int = 30,
    n_columns: int = 3,
) -> DescribedFigure:
    """Draw a grid of histograms, one a column of data, each with mean, standard deviation and skewness.

    Parameters
    ----------
    columns : mapping from name to array-like of shape (n,)
        NaN is left out.
    title : str
    xlabel : str or one per histogram
        With units.
    bins, n_columns : int

    Raises
    ------
    ValueError
        If there is no column, a column holds no number, or there is not one label per column.

    Examples
    --------
    >>> figure = histograms({"raw": [0.0, 0.0, 3.0]}, title="Rain is skewed", xlabel="mm")
    >>> print(figure.alt_text)
    Histograms: Rain is skewed. raw (mm): 0 to 3, mean 1, sd 1.41, skewness 0.707.
    """
    if not columns:
        raise ValueError(must("columns", "hold at least one data set", "none"))
    labels = [xlabel] * len(columns) if isinstance(xlabel, str) else list(xlabel)
    if len(labels) != len(columns):
        raise ValueError(must("xlabel", f"have one entry per histogram, {len(columns)}", len(labels)))
    n_columns = min(n_columns, len(columns))
    n_rows = -(-len(columns) // n_columns)
    figure = _figure(title, (2.9 * n_columns + 0.6, 2.5 * n_rows + 0.7))
    grid = figure.subplots(n_rows, n_columns, squeeze=False).ravel()
    said = []
    for ax, (name, values), unit in zip(grid, columns.items(), labels):
        values = np.asarray(values, dtype=float)
        values = values[np.isfinite(values)]
        if len(values) == 0:
            raise ValueError(must(f"columns[{name!r}]", "hold at least one number", "none"))
        mean, sd = values.mean(), values.std()
        skewness = np.mean(((values - mean) / sd) ** 3) if sd > 0 else 0.0
        ax.hist(values, bins=bins, color=STYLES[0].colour, edgecolor="white", linewidth=0.3)
        ax.set_title(f"{name}\nsd {words.number(sd)}, skewness {words.number(skewness)}", fontsize=10)
        ax.set_xlabel(unit)
        _tidy(ax)
        said.append(
            f"{name} ({unit}): {words.spread(values)}, mean {words.number(mean)}, sd {words.number(sd)}, "
            f"skewness {words.number(skewness)}."
        )
    for ax in grid[len(columns) :]:
        ax.set_axis_off()
    grid[0].set_ylabel("rows")
    return _described(figure, "Histograms", title, said)


def vectors(arrows: Mapping[str, ArrayLike], *, title: str, xlabel: str, ylabel: str) -> DescribedFigure:
    """Draw vectors of the plane from the origin; the description gives lengths and the angles between them.

    Parameters
    ----------
    arrows : mapping from label to array-like of shape (2,)
    title, xlabel, ylabel : str

    Raises
    ------
    ValueError
        If an arrow is not a pair of numbers, there is none, or there are more than seven.

    Examples
    --------
    >>> figure = vectors({"g1": [1, 0], "g2": [-1, 1]}, title="The gradients conflict",
    ...                  xlabel="parameter 1", ylabel="parameter 2")
    >>> print(figure.alt_text)
    Vector diagram: The gradients conflict. Across, parameter 1; up, parameter 2.
    g1: (1, 0), length 1. g2: (-1, 1), length 1.41. Angle between g1 and g2 135 degrees.
    """
    _check_series("arrows", arrows)
    ends = {label: np.asarray(v, dtype=float) for label, v in arrows.items()}
    for label, end in ends.items():
        check_shape(f"arrows[{label!r}]", end, n_coordinates=2)
    figure, ax = _canvas(title, xlabel, ylabel, size=(5.0, 4.6))
    for (label, end), style in zip(ends.items(), STYLES):
        ax.annotate(
            "",
            (end[0], end[1]),
            (0, 0),
            arrowprops={
                "arrowstyle": "-|>",
                "color": style.colour,
                "linestyle": style.line,
                "linewidth": 2,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
        right, up = 9 * end / (np.linalg.norm(end) or 1.0)
        _note(ax, label, (end[0], end[1]), (right, up), ha="center", va="center", fontsize=10)
    reach = 1.2 * max(np.abs(list(ends.values())).max(), 1e-12)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.axhline(0, color=_GREY, linewidth=0.6)
    ax.axvline(0, color=_GREY, linewidth=0.6)
    said = [f"{label}: {_pair(v)}, length {words.number(float(np.linalg.norm(v)))}." for label, v in ends.items()]
    return _described(figure, "Vector diagram", title, [f"Across, {xlabel}; up, {ylabel}.", *said, *_angles(ends)])


def trunk_and_heads(inputs: str, trunk: str | Sequence[str], heads: Sequence[str], *, title: str) -> DescribedFigure:
    """Draw the boxes of a multi-task network: what is shared, and what belongs to one task.

    Parameters
    ----------
    inputs : str
        What goes in.
    trunk : str or sequence of str
        One shared trunk; or one per head for soft sharing, which are then joined by double arrows.
    heads : sequence of str
        One per task.
    title : str

    Raises
    ------
    ValueError
        If there is no head, or not one trunk per head where several are given.

    Examples
    --------
    >>> figure = trunk_and_heads("house", "shared trunk", ["price", "days"],
    ...                          title="Both tasks train the trunk")
    >>> print(figure.alt_text)
    Diagram: Both tasks train the trunk. house feeds shared trunk, which feeds 2 heads: price, days.
    """
    if not heads:
        raise ValueError(must("heads", "name at least one task", "none"))
    trunks = [trunk] if isinstance(trunk, str) else list(trunk)
    if len(trunks) not in (1, len(heads)):
        raise ValueError(must("trunk", f"be one, or one per head, {len(heads)}", len(trunks)))
    figure = _figure(title, (6.4, 0.9 * len(heads) + 1.4))
    ax = figure.subplots()
    ax.set(xlim=(0, 10), ylim=(-0.6, len(heads) - 0.4))
    ax.set_axis_off()
    middle = (len(heads) - 1) / 2
    head_places = [float(len(heads) - 1 - i) for i in range(len(heads))]
    trunk_places = [middle] if len(trunks) == 1 else head_places
    _box(ax, 1.2, middle, inputs, "#eeeeee")
    for place, name in zip(trunk_places, trunks):
        _box(ax, 4.9, place, name, "#cfe3f1")
        _arrow_between(ax, (2.3, middle), (3.8, place), "-|>")
    for upper, lower in pairwise(trunk_places):
        _arrow_between(ax, (4.9, upper - 0.28), (4.9, lower + 0.28), "<|-|>")
    for i, (place, name) in enumerate(zip(head_places, heads)):
        source = trunk_places[0] if len(trunks) == 1 else trunk_places[i]
        _box(ax, 8.6, place, name, "#fbe3b5")
        _arrow_between(ax, (6.0, source), (7.5, place), "-|>")
    if len(trunks) == 1:
        flow = f"{inputs} feeds {trunks[0]}, which feeds {len(heads)} heads: {', '.join(heads)}."
    else:
        flow = f"{inputs} feeds {len(trunks)} trunks, tied to their neighbours: "
        flow += ", ".join(f"{t} feeds {h}" for t, h in zip(trunks, heads)) + "."
    return _described(figure, "Diagram", title, [flow])


def reliability(
    y: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str = "mean predicted probability",
    ylabel: str = "observed rate",
    n_bins: int = 10,
) -> DescribedFigure:
    """Draw the observed rate against the predicted probability, in bins of equally many rows.

    Parameters
    ----------
    y : array-like of 0 and 1, shape (n_samples,)
    predictions : mapping from label to array-like of shape (n_samples,)
        Probabilities.
    title, xlabel, ylabel : str
    n_bins : int

    Raises
    ------
    ValueError
        If a label is not 0 or 1, a probability is outside [0, 1], or the lengths differ.

    Notes
    -----
    Error bars are 95 % Wilson intervals of the rate in the bin.

    Examples
    --------
    >>> figure = reliability([0, 0, 1, 0], {"model": [0.5, 0.5, 0.5, 0.5]}, n_bins=1, title="Too confident")
    >>> print(figure.alt_text)
    Reliability curve: Too confident. Across, mean predicted probability; up, observed rate; the diagonal is
    perfect. model: predicts 0.5 on average where the rate is 0.25; furthest from the diagonal at predicted
    0.5, observed 0.25.
    """
    y = np.asarray(y, dtype=float)
    check_shape("y", y, n_samples=None)
    check_all("y", y, (y == 0) | (y == 1), "be 0 or 1")
    _check_series("predictions", predictions)
    figure, ax = _canvas(title, xlabel, ylabel, size=(5.2, 4.6))
    ax.plot([0, 1], [0, 1], color=_GREY, linewidth=1, linestyle=(0, (2, 2)))
    said = [f"Across, {xlabel}; up, {ylabel}; the diagonal is perfect."]
    for (label, p), style in zip(predictions.items(), STYLES):
        p = np.asarray(p, dtype=float)
        check_shape(f"predictions[{label!r}]", p, n_samples=len(y))
        check_all(f"predictions[{label!r}]", p, (p >= 0) & (p <= 1), "lie in [0, 1]")
        bins = np.array_split(np.argsort(p, kind="stable"), min(n_bins, len(y)))
        predicted = np.array([p[rows].mean() for rows in bins])
        observed = np.array([y[rows].mean() for rows in bins])
        low, high = _wilson(observed, np.array([len(rows) for rows in bins]))
        ax.errorbar(
            predicted,
            observed,
            yerr=[np.maximum(observed - low, 0), np.maximum(high - observed, 0)],
            color=style.colour,
            marker=style.marker,
            linestyle=style.line,
            capsize=2,
            label=label,
        )
        worst = np.argmax(np.abs(observed - predicted))
        said.append(
            f"{label}: predicts {words.number(p.mean())} on average "
            f"where the rate is {words.number(y.mean())}; furthest from the diagonal "
            f"at predicted {words.number(predicted[worst])}, "
            f"observed {words.number(observed[worst])}."
        )
    ax.set(xlim=(0, None), ylim=(0, None))
    _legend(ax, predictions)
    return _described(figure, "Reliability curve", title, said)


def training_curves(history: Any, quantity: str, *, title: str, ylabel: str, logy: bool = False) -> DescribedFigure:
    """Draw one logged quantity of every task over the epochs of a `training.History`.

    Parameters
    ----------
    history : History
        Or anything with ``.task_names`` and a list of dictionaries ``.rows``.
    quantity : str
        What comes before the task's name in the rows: "loss", "weight", "gradient_norm" or "validation".
    title, ylabel : str
    logy : bool

    Raises
    ------
    ValueError
        If the quantity was not logged.
    """
    names = list(history.task_names)
    keys = [f"{quantity}/{name}" for name in names]
    if not history.rows or any(key not in history.rows[0] for key in keys):
        logged = ", ".join(sorted({key.split("/")[0] for row in history.rows[:1] for key in row if "/" in key}))
        raise ValueError(must("quantity", f"be one of the logged {logged or 'quantities (none)'}", quantity))
    epochs = [row["epoch"] for row in history.rows]
    series = {name: [row[key] for row in history.rows] for name, key in zip(names, keys)}
    return lines(epochs, series, title=title, xlabel="epoch", ylabel=ylabel, logy=logy)


def pictures(images: ArrayLike, captions: Sequence[str], *, title: str) -> DescribedFigure:
    """Draw small grey pictures in a row, dark where the value is high.

    Parameters
    ----------
    images : array-like of shape (n_images, height, width)
    captions : sequence of str
    title : str

    Raises
    ------
    ValueError
        If there is not one caption per image.

    Examples
    --------
    >>> print(pictures(np.eye(8)[None], ["3 over 7"], title="Two digits share a picture").alt_text)
    Pictures: Two digits share a picture. In order: 3 over 7.
    """
    images = np.asarray(images, dtype=float)
    check_shape("images", images, n_images=len(captions), height=None, width=None)
    figure = _figure(title, (1.5 * len(captions) + 0.5, 2.3))
    for ax, image, caption in zip(figure.subplots(1, len(captions), squeeze=False)[0], images, captions):
        ax.imshow(image, cmap="gray_r")
        ax.set_title(caption, fontsize=10)
        ax.set_axis_off()
    return _described(figure, "Pictures", title, [f"In order: {', '.join(captions)}."])


def _figure(title: str, size: tuple[float, float]) -> DescribedFigure:
    # Not through pyplot: nothing global to close, and no notebook backend that shows the figure a second
    # time.
    if not title.strip():
        raise ValueError(must("title", "state the finding", repr(title)))
    figure = DescribedFigure(figsize=size, dpi=_DPI, layout="constrained")
    figure.suptitle(textwrap.fill(title, max(24, int(9.5 * size[0]))), x=0.01, ha="left", fontsize=12)
    return figure


def _canvas(title: str, xlabel: str, ylabel: str, size: tuple[float, float] = _SIZE) -> tuple[DescribedFigure, Axes]:
    figure = _figure(title, size)
    ax = figure.subplots()
    ax.set(xlabel=xlabel, ylabel=ylabel)
    _tidy(ax)
    return figure, ax


def _tidy(ax: Axes) -> None:
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(visible=True, axis="y", color="#e5e5e5", linewidth=0.7)
    ax.set_axisbelow(True)


def _legend(ax: Axes, series: Mapping[str, Any]) -> None:
    if len(series) > 4:  # too tall to find an empty place inside
        ax.legend(frameon=False, handlelength=3, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    elif len(series) > 1:
        ax.legend(framealpha=0.8, edgecolor="none", handlelength=3)


def _described(figure: DescribedFigure, kind: str, title: str, sentences: Sequence[str]) -> DescribedFigure:
    stop = "" if title.rstrip().endswith((".", "?", "!")) else "."
    figure.alt_text = " ".join([f"{kind}: {title.strip()}{stop}", *sentences])
    return figure


def _bundle(figure: Figure, alt_text: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The output of a notebook cell: data by media type, and metadata."""
    buffer = io.BytesIO()
    # A fixed Software entry keeps the bytes the same from one Matplotlib to the next.
    figure.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": "mtl-teach"})
    encoded = base64.b64encode(buffer.getvalue()).decode()
    image = f'<img src="data:image/png;base64,{encoded}" alt="{html.escape(alt_text)}" style="max-width: 100%">'
    data = {"image/png": encoded, "text/html": image, "text/plain": alt_text}
    return data, {"image/png": {"alt": alt_text}, "alt": alt_text}


class _Summary(NamedTuple):
    """Like `Interval`, but the half width is None where there are no repetitions."""

    mean: np.ndarray
    half_width: np.ndarray | None

    @property
    def low(self) -> np.ndarray:
        return self.mean - (0.0 if self.half_width is None else self.half_width)

    @property
    def high(self) -> np.ndarray:
        return self.mean + (0.0 if self.half_width is None else self.half_width)


def _check_series(name: str, series: Mapping[str, Any]) -> None:
    if not 1 <= len(series) <= len(STYLES):
        raise ValueError(must(name, f"hold 1 to {len(STYLES)} entries", len(series)))


def _summaries(name: str, series: Mapping[str, Data], n_points: int) -> dict[str, _Summary]:
    """Mean and interval of each series: repetitions are summarised, single values pass through."""
    _check_series(name, series)
    summaries = {}
    for label, values in series.items():
        if isinstance(values, Interval):
            summary = _Summary(np.atleast_1d(values.mean), np.atleast_1d(values.half_width))
        else:
            values = np.asarray(values, dtype=float)
            summary = _Summary(*mean_interval(values)) if values.ndim == 2 else _Summary(values, None)
        if summary.mean.shape != (n_points,):
            got = np.shape(summary.mean)
            raise ValueError(must(f"{name}[{label!r}]", f"have shape (..., n_points) = (..., {n_points})", got))
        summaries[label] = summary
    return summaries


def _point_sets(points: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    _check_series("points", points)
    sets = {label: np.asarray(xy, dtype=float) for label, xy in points.items()}
    for label, xy in sets.items():
        check_shape(f"points[{label!r}]", xy, n_points=None, n_objectives=2)
        if len(xy) == 0:
            raise ValueError(must(f"points[{label!r}]", "hold at least one point", "none"))
    return sets


def _axes(xlabel: str, ylabel: str, x: np.ndarray) -> str:
    return f"Across, {xlabel}, {words.spread(x)}; up, {ylabel}."


def _ranked(summaries: Mapping[str, _Summary], names: Sequence[str]) -> list[str]:
    return [f"{label}: {words.ordered(names, s.mean, s.half_width)}." for label, s in summaries.items()]


def _excluding(summaries: Mapping[str, _Summary], rows: Sequence[str], reference: float) -> list[str]:
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


def _angles(ends: Mapping[str, np.ndarray]) -> list[str]:
    said = []
    labels = list(ends)
    for i, a in enumerate(labels):
        for b in labels[i + 1 :]:
            lengths = np.linalg.norm(ends[a]) * np.linalg.norm(ends[b])
            if lengths > 0:
                cosine = np.clip(ends[a] @ ends[b] / lengths, -1, 1)
                said.append(f"Angle between {a} and {b} {np.degrees(np.arccos(cosine)):.0f} degrees.")
    return said


def _wilson(rate: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % score interval of a binomial rate (Wilson 1927)."""
    z = 1.959964
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return centre - half, centre + half


def _readable_on(rgba: Any) -> str:
    luminance = np.dot(rgba[:3], (0.2126, 0.7152, 0.0722))
    return "black" if luminance > 0.45 else "white"


def _note(ax: Axes, text: str, place: Any, offset: tuple[float, float], **style: Any) -> None:
    ax.annotate(text, place, xytext=offset, textcoords="offset points", **{"fontsize": 9} | style)


def _pair(point: Any) -> str:
    return f"({words.number(point[0])}, {words.number(point[1])})"


def _arrow(maximise: bool) -> str:
    return "(more is better)" if maximise else "(less is better)"


def _wish(maximise: bool) -> str:
    return "larger is better" if maximise else "smaller is better"


def _box(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    shape = FancyBboxPatch((x - 1.0, y - 0.26), 2.0, 0.52, boxstyle="round,pad=0.06", fc=colour, ec="black")
    ax.add_patch(shape)
    ax.text(x, y, textwrap.fill(text, 18), ha="center", va="center", fontsize=10)


def _arrow_between(ax: Axes, start: tuple[float, float], end: tuple[float, float], style: str) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": style, "color": "black", "shrinkA": 0, "shrinkB": 0})
