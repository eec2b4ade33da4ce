"""Figures in which something changes along an axis: curves, trade-offs, reliability, training."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach import _alt_text as words
from mtl_teach._validate import check_all, check_shape, must
from mtl_teach.figures._canvas import GREY, STYLES, DescribedFigure, canvas, described, legend, note
from mtl_teach.figures._series import Data, Summary, axes_said, check_series, pair, summarise
from mtl_teach.metrics import Interval, mean_interval

FEW = 9  # so many values have room for a tick each on a logarithmic axis


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
    summaries = summarise("series", series, len(x))
    figure, ax = canvas(title, xlabel, ylabel)
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
        ax.axhline(height, color=GREY, linewidth=1, linestyle=(0, (2, 2)))
        right = _end_is_free(x, summaries, height)
        note(
            ax,
            label,
            (float(right), height),
            (-3 if right else 3, 3),
            xycoords=("axes fraction", "data"),
            ha="right" if right else "left",
            color=GREY,
        )
    for label, place in (marks or {}).items():
        ax.plot(*place, marker="*", markersize=13, color="black", linestyle="none")
        note(ax, label, place, (8, 6))
    ax.set_xscale("log" if logx else "linear")
    ax.set_yscale("log" if logy else "linear")
    if logx and len(x) <= FEW:  # say where the values are, not where the powers of ten are
        ax.set_xticks(x, [words.number(value) for value in x])
        ax.minorticks_off()
    legend(ax, summaries)
    said = [words.curve(label, x, s.mean, s.half_width) for label, s in summaries.items()]
    said += [f"Reference line {label} at {words.number(height)}." for label, height in (references or {}).items()]
    said += [f"Marked: {label} {pair(place)}." for label, place in (marks or {}).items()]
    return described(figure, "Line chart", title, [axes_said(xlabel, ylabel, x), *said])


def _end_is_free(x: np.ndarray, summaries: Mapping[str, Summary], height: float) -> bool:
    """Whether the curves keep farther from `height` at the right end than at the left."""
    ends = np.argsort(x)[[0, -1]]
    left, right = (min(abs(s.mean[end] - height) for s in summaries.values()) for end in ends)
    return bool(right >= left)


def trade_off(
    curves: Mapping[str, Data],
    settings: Sequence[str],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
) -> DescribedFigure:
    """Draw what two objectives do as one setting (a weight, a penalty) changes, with intervals on both axes.

    Parameters
    ----------
    curves : mapping from label to array-like of shape (n_settings, 2) or (n_repeats, n_settings, 2), or Interval
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
    check_series("curves", curves)
    figure, ax = canvas(title, xlabel, ylabel)
    said = [f"Across, {xlabel}; up, {ylabel}."]
    half: np.ndarray | None
    for i, ((label, values), style) in enumerate(zip(curves.items(), STYLES)):
        if isinstance(values, Interval):
            summary = Summary(*values)
        else:
            values = np.asarray(values, dtype=float)
            summary = Summary(*mean_interval(values)) if values.ndim == 3 else Summary(values, None)
        centre, half = summary
        check_shape(f"curves[{label!r}]", centre, n_settings=len(settings), n_objectives=2)
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
                note(ax, text, place, (6, 5))
        said.append(f"{label}: " + ", ".join(f"setting {s} {pair(p)}" for s, p in zip(settings, centre)) + ".")
        if half is not None:
            said.append(f"95 % intervals at most ±{words.number(half.max())}.")
    legend(ax, curves)
    return described(figure, "Trade-off curve", title, said)


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
    check_series("predictions", predictions)
    figure, ax = canvas(title, xlabel, ylabel, size=(5.2, 4.6))
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=(0, (2, 2)))
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
    legend(ax, predictions)
    return described(figure, "Reliability curve", title, said)


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


def _wilson(rate: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % score interval of a binomial rate (Wilson 1927)."""
    z = 1.959964
    centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    return centre - half, centre + half
