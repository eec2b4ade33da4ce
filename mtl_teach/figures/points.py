"""Figures of points and arrows in a plane: scatter plots, fronts, gradients."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from mtl_teach import _alt_text as words
from mtl_teach._validate import check_shape
from mtl_teach.figures._canvas import GREY, STYLES, DescribedFigure, canvas, described, legend, note
from mtl_teach.figures._series import check_series, pair, point_sets
from mtl_teach.pareto import is_non_dominated


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
    sets = point_sets(points)
    figure, ax = canvas(title, xlabel, ylabel)
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
        ax.plot(ends, ends, color=GREY, linewidth=1, linestyle=(0, (2, 2)))
    legend(ax, sets)
    return described(figure, "Scatter plot", title, said)


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
    sets = point_sets(points)
    sign = np.where(maximise, -1.0, 1.0)
    figure, ax = canvas(title, f"{xlabel} {_arrow(maximise[0])}", f"{ylabel} {_arrow(maximise[1])}")
    said = [f"Across, {xlabel}, {_wish(maximise[0])}; up, {ylabel}, {_wish(maximise[1])}."]
    for (label, xy), style in zip(sets.items(), STYLES):
        efficient = is_non_dominated(xy * sign)
        front = xy[efficient][np.lexsort(xy[efficient].T[::-1])]
        ax.plot(*front.T, color=style.colour, marker=style.marker, linestyle=style.line, label=label)
        ax.plot(*xy[~efficient].T, color=style.colour, marker=style.marker, linestyle="none", fillstyle="none")
        ends = f"from {pair(front[0])} to {pair(front[-1])}"
        said.append(f"{label}: {len(front)} of {len(xy)} points efficient, {ends}.")
    legend(ax, sets)
    return described(figure, "Scatter plot", title, said)


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
    check_series("arrows", arrows)
    ends = {label: np.asarray(v, dtype=float) for label, v in arrows.items()}
    for label, end in ends.items():
        check_shape(f"arrows[{label!r}]", end, n_coordinates=2)
    figure, ax = canvas(title, xlabel, ylabel, size=(5.0, 4.6))
    for end, style in zip(ends.values(), STYLES):
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
    reach = 1.2 * max(np.abs(list(ends.values())).max(), 1e-12)
    for names, end in _tips(ends, reach / 50):
        right, up = 12 * end / (np.linalg.norm(end) or 1.0)
        ha = "left" if right > 6 else "right" if right < -6 else "center"
        note(ax, " = ".join(names), (end[0], end[1]), (right / 2, up), ha=ha, va="center", fontsize=10)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.axhline(0, color=GREY, linewidth=0.6)
    ax.axvline(0, color=GREY, linewidth=0.6)
    said = [f"{label}: {pair(v)}, length {words.number(float(np.linalg.norm(v)))}." for label, v in ends.items()]
    return described(figure, "Vector diagram", title, [f"Across, {xlabel}; up, {ylabel}.", *said, *_angles(ends)])


def _tips(ends: Mapping[str, np.ndarray], near: float) -> list[tuple[list[str], np.ndarray]]:
    """Where the arrows end, with the names of all that end there."""
    tips: list[tuple[list[str], np.ndarray]] = []
    for label, end in ends.items():
        same = next((names for names, tip in tips if np.linalg.norm(end - tip) < near), None)
        if same is None:
            tips.append(([label], end))
        else:
            same.append(label)
    return tips


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


def _arrow(maximise: bool) -> str:
    return "(more is better)" if maximise else "(less is better)"


def _wish(maximise: bool) -> str:
    return "larger is better" if maximise else "smaller is better"
