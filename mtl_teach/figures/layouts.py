"""Figures with their own layout: grids of histograms, small pictures, and the boxes of a network."""

import textwrap
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from numpy.typing import ArrayLike

from mtl_teach import _alt_text as words
from mtl_teach._validate import check_shape, must
from mtl_teach.figures._canvas import STYLES, DescribedFigure, blank, described, tidy


def histograms(
    columns: Mapping[str, ArrayLike],
    *,
    title: str,
    xlabel: str | Sequence[str],
    bins: int = 30,
    n_columns: int = 3,
) -> DescribedFigure:
    """Draw a grid of histograms, one per column of data, each with mean, standard deviation and skewness.

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
    figure = blank(title, (2.9 * n_columns + 0.6, 2.5 * n_rows + 0.7))
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
        tidy(ax)
        said.append(
            f"{name} ({unit}): {words.spread(values)}, mean {words.number(mean)}, sd {words.number(sd)}, "
            f"skewness {words.number(skewness)}."
        )
    for ax in grid[len(columns) :]:
        ax.set_axis_off()
    grid[0].set_ylabel("rows")
    return described(figure, "Histograms", title, said)


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
    figure = blank(title, (1.5 * len(captions) + 0.5, 2.3))
    for ax, image, caption in zip(figure.subplots(1, len(captions), squeeze=False)[0], images, captions):
        ax.imshow(image, cmap="gray_r")
        ax.set_title(caption, fontsize=10)
        ax.set_axis_off()
    return described(figure, "Pictures", title, [f"In order: {', '.join(captions)}."])


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
    figure = blank(title, (6.4, 0.9 * len(heads) + 1.4))
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
    return described(figure, "Diagram", title, [flow])


def _box(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    shape = FancyBboxPatch((x - 1.0, y - 0.26), 2.0, 0.52, boxstyle="round,pad=0.06", fc=colour, ec="black")
    ax.add_patch(shape)
    ax.text(x, y, textwrap.fill(text, 18), ha="center", va="center", fontsize=10)


def _arrow_between(ax: Axes, start: tuple[float, float], end: tuple[float, float], style: str) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": style, "color": "black", "shrinkA": 0, "shrinkB": 0})
