"""Figures that state their finding, can be told apart in grey, and describe themselves in words.

Every function takes the data, a title that says what the figure shows, and axis labels with units; it
returns a Matplotlib figure with ``.alt_text``, a description computed from the same data. Data with one row per
repetition (seed) are drawn as the mean with its 95 % t-interval; pass an `Interval` if it is already
computed. ::

    figure = lines(x, {"shared": r2_by_seed, "single": single_by_seed}, title="Sharing helps related tasks",
                   xlabel="correlation of the tasks", ylabel="test R²")
    show(figure)

One file per kind: `curves`, `comparisons`, `points`, `layouts`.

Colours are those of Okabe and Ito, told apart under the common colour-vision deficiencies; markers, line
styles and hatches differ as well, so that nothing hangs on colour. They are drawn for a white page; in a notebook
with a dark theme light and dark change places, see `mtl_teach.pictures`.

References
----------
Okabe and Ito, "Color Universal Design", 2008. W3C, "Web Content Accessibility Guidelines" 2.2, criteria
1.1.1 and 1.4.1.
"""

from mtl_teach.figures._canvas import STYLES, DescribedFigure, Style
from mtl_teach.figures.comparisons import bars, dots, heat_map
from mtl_teach.figures.curves import lines, reliability, trade_off, training_curves
from mtl_teach.figures.display import show
from mtl_teach.figures.layouts import histograms, pictures, trunk_and_heads
from mtl_teach.figures.points import scatter, scatter_front, vectors

__all__ = [
    "STYLES",
    "DescribedFigure",
    "Style",
    "bars",
    "dots",
    "heat_map",
    "histograms",
    "lines",
    "pictures",
    "reliability",
    "scatter",
    "scatter_front",
    "show",
    "trade_off",
    "training_curves",
    "trunk_and_heads",
    "vectors",
]
