"""The paper that all figures are drawn on: size, styles, title, legend, and the description that goes with them."""

import base64
import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtl_teach._validate import must
from mtl_teach.pictures import as_html

DPI = 110
SIZE = (6.4, 4.0)  # inches
GREY = "#666666"


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
"""How the first series of a figure is drawn, the second, and so on."""


class DescribedFigure(Figure):
    """A Matplotlib figure that knows its description; Jupyter shows both.

    Attributes
    ----------
    alt_text : str
        What the figure shows, in words and numbers.
    """

    alt_text: str = ""

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        return bundle(self, self.alt_text)


def blank(title: str, size: tuple[float, float]) -> DescribedFigure:
    """A figure with a title, wrapped to its width of `size` (inches), and nothing else."""
    # Not through pyplot: nothing global to close, and no notebook backend that shows the figure a second time.
    if not title.strip():
        raise ValueError(must("title", "state the finding", repr(title)))
    figure = DescribedFigure(figsize=size, dpi=DPI, layout="constrained")
    figure.suptitle(_balanced(title, max(24, int(10.5 * size[0]))), x=0.01, ha="left", fontsize=12)
    return figure


def _balanced(text: str, limit: int) -> str:
    """As few lines as `limit` characters a line allow, of about equal length: no last word on a line of its own."""
    fewest = len(textwrap.wrap(text, limit))
    narrowest = next(width for width in range(1, limit + 1) if len(textwrap.wrap(text, width)) <= fewest)
    return textwrap.fill(text, narrowest)


def canvas(title: str, xlabel: str, ylabel: str, size: tuple[float, float] = SIZE) -> tuple[DescribedFigure, Axes]:
    """A figure with one pair of axes."""
    figure = blank(title, size)
    ax = figure.subplots()
    ax.set(xlabel=xlabel, ylabel=ylabel)
    tidy(ax)
    return figure, ax


def tidy(ax: Axes) -> None:
    """Leave the axes and faint horizontal lines, drop the box."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(visible=True, axis="y", color="#e5e5e5", linewidth=0.7)
    ax.set_axisbelow(True)


def legend(ax: Axes, series: Mapping[str, Any]) -> None:
    """Name the series, where there is more than one."""
    if len(series) > 4:  # too tall to find an empty place inside
        ax.legend(frameon=False, handlelength=3, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    elif len(series) > 1:
        ax.legend(framealpha=0.9, edgecolor="none", handlelength=3)


def note(ax: Axes, text: str, place: Any, offset: tuple[float, float], **style: Any) -> None:
    """Write `text` beside a place of the data, `offset` points away."""
    ax.annotate(text, place, xytext=offset, textcoords="offset points", **{"fontsize": 9} | style)


def described(figure: DescribedFigure, kind: str, title: str, sentences: Sequence[str]) -> DescribedFigure:
    """Attach the description: kind, title, then sentences computed from the data."""
    stop = "" if title.rstrip().endswith((".", "?", "!")) else "."
    figure.alt_text = " ".join([f"{kind}: {title.strip()}{stop}", *sentences])
    return figure


def bundle(figure: Figure, alt_text: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The output of a notebook cell: data by media type, and metadata."""
    buffer = io.BytesIO()
    # A fixed Software entry keeps the bytes the same from one Matplotlib to the next.
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": "mtl-teach"})
    encoded = base64.b64encode(buffer.getvalue()).decode()
    data = {"image/png": encoded, "text/html": as_html(buffer.getvalue(), alt_text), "text/plain": alt_text}
    return data, {"image/png": {"alt": alt_text}, "alt": alt_text}
