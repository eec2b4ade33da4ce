"""Figures: the description is computed from the data and arrives in the notebook; nothing hangs on colour alone."""

import base64
import itertools
from types import SimpleNamespace

import matplotlib.colors
import matplotlib.pyplot
import nbclient
import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure
from nbconvert import HTMLExporter

from mtl_teach import _alt_text as words
from mtl_teach import figures
from mtl_teach.metrics import Interval, mean_interval

LABELS = {"title": "A finding", "xlabel": "x (s)", "ylabel": "y (m)"}
HISTORY = SimpleNamespace(
    task_names=["a", "b"], rows=[{"epoch": 1, "loss/a": 1.0, "loss/b": 4.0}, {"epoch": 2, "loss/a": 0.5, "loss/b": 2.0}]
)
EVERY_FIGURE = {
    "lines": lambda: figures.lines([0, 1], {"a": [1.0, 2.0]}, **LABELS),
    "bars": lambda: figures.bars({"a": [1.0, 2.0]}, ["u", "v"], **LABELS),
    "dots": lambda: figures.dots({"a": [1.0, 2.0]}, ["u", "v"], title="A finding", xlabel="x (s)"),
    "heat map": lambda: figures.heat_map([[1.0, -2.0]], ["u"], ["v", "w"], label="R²", **LABELS),
    "scatter": lambda: figures.scatter({"a": [[1.0, 2.0], [2.0, 1.0]]}, **LABELS),
    "scatter front": lambda: figures.scatter_front({"a": [[1.0, 2.0], [2.0, 1.0]]}, **LABELS),
    "trade-off": lambda: figures.trade_off({"a": [[1.0, 2.0], [2.0, 1.0]]}, ["u", "v"], **LABELS),
    "histograms": lambda: figures.histograms({"a": [1.0, 2.0], "b": [3.0, 3.0]}, title="A finding", xlabel="m"),
    "vectors": lambda: figures.vectors({"a": [1.0, 2.0], "b": [0.0, 0.0]}, **LABELS),
    "trunk and heads": lambda: figures.trunk_and_heads("x", "t", ["a", "b"], title="A finding"),
    "soft sharing": lambda: figures.trunk_and_heads("x", ["t", "u"], ["a", "b"], title="A finding"),
    "reliability": lambda: figures.reliability([0, 1], {"a": [0.2, 0.7]}, title="A finding"),
    "training curves": lambda: figures.training_curves(HISTORY, "loss", title="A finding", ylabel="loss"),
    "pictures": lambda: figures.pictures(np.eye(4)[None], ["a"], title="A finding"),
}
every_figure = pytest.mark.parametrize("make", EVERY_FIGURE.values(), ids=EVERY_FIGURE)


class TestEveryFigure:
    @every_figure
    def test_carries_its_title_and_a_description_that_states_it(self, make):
        figure = make()
        assert figure.get_suptitle() == "A finding"
        assert "A finding." in figure.alt_text

    @every_figure
    def test_renders_without_a_warning(self, make):
        data, _ = make()._repr_mimebundle_()
        assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")

    @every_figure
    def test_same_data_give_the_same_bytes(self, make):
        assert make()._repr_mimebundle_() == make()._repr_mimebundle_()

    def test_no_figure_is_left_open_in_pyplot(self):
        for make in EVERY_FIGURE.values():
            make()
        assert matplotlib.pyplot.get_fignums() == []

    def test_long_titles_are_wrapped_to_the_figure(self):
        title = "This sentence is much too long for one line above a figure of ordinary width, so it must be wrapped"
        figure = figures.lines([0, 1], {"a": [0, 1]}, title=title, xlabel="x", ylabel="y")
        assert "\n" in figure.get_suptitle()
        assert title in figure.alt_text

    def test_arrows_that_end_at_one_place_share_a_name(self):
        ax = figures.vectors({"sum": [1.0, 1.0], "pcgrad": [1.0, 1.0], "g1": [1.0, 0.0]}, **LABELS).axes[0]
        assert {text.get_text() for text in ax.texts} - {""} == {"sum = pcgrad", "g1"}

    def test_no_word_of_a_title_stands_alone_on_its_last_line(self):
        title = "One total, two stories: the price is learned, but the days on the market stay hard to predict"
        first, last = (
            figures.lines([0, 1], {"a": [0, 1]}, title=title, xlabel="x", ylabel="y").get_suptitle().split("\n")
        )
        assert abs(len(first) - len(last)) < 15

    def test_a_short_logarithmic_axis_names_its_values(self):
        ax = figures.lines([2, 8, 32], {"a": [0, 1, 2]}, logx=True, **LABELS).axes[0]
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "8", "32"]
        assert not ax.get_xticks(minor=True).size

    @pytest.mark.parametrize(("curve", "side"), [([0.0, 1.0], "right"), ([1.0, 0.0], "left")], ids=["ends", "begins"])
    def test_a_reference_is_named_where_the_curve_is_far(self, curve, side):
        ax = figures.lines([0, 1], {"a": curve}, references={"goal": 0.0}, **LABELS).axes[0]
        (name,) = (text for text in ax.texts if text.get_text() == "goal")
        assert name.get_ha() == side


class TestTheDescriptionComesFromTheData:
    def test_lines_tell_ends_extremes_and_intervals(self):
        by_seed = np.array([[0.0, 2.0, 1.0], [0.2, 2.2, 1.2]])
        figure = figures.lines([1, 2, 3], {"a": by_seed}, references={"goal": 1.5}, **LABELS)
        half = mean_interval(by_seed).half_width.max()
        assert f"a: from 0.1 at 1 to 1.1 at 3, highest 2.1 at 2; 95 % interval at most ±{half:.3g}." in figure.alt_text
        assert "Reference line goal at 1.5." in figure.alt_text

    def test_an_interval_already_computed_is_drawn_as_it_is(self):
        by_seed = np.array([[0.0, 2.0], [0.2, 2.2], [0.1, 2.5]])
        both = [figures.lines([1, 2], {"a": v}, **LABELS) for v in (by_seed, mean_interval(by_seed))]
        assert both[0].alt_text == both[1].alt_text

    def test_bars_are_ordered_from_the_highest(self):
        figure = figures.bars({"a": [1.0, 3.0, 2.0]}, ["p", "q", "r"], **LABELS)
        assert "a: q 3, r 2, p 1." in figure.alt_text

    def test_dots_say_whose_interval_excludes_the_reference(self):
        values = {"a": [[1.0, 0.1], [1.1, -0.1]], "b": [[0.0, 0.2], [0.1, -0.1]]}
        figure = figures.dots(values, ["u", "v"], title="A finding", xlabel="x", reference=0.0)
        assert "Interval excludes 0: u (a)." in figure.alt_text

    def test_dots_without_repetitions_claim_nothing_about_intervals(self):
        figure = figures.dots({"a": [1.0]}, ["u"], title="A finding", xlabel="x", reference=0.0)
        assert "Interval" not in figure.alt_text

    def test_heat_map_reads_out_the_table_and_its_extremes(self):
        figure = figures.heat_map([[1.0, np.nan], [-3.0, 2.0]], ["r", "s"], ["c", "d"], label="R²", **LABELS)
        assert "r: c 1.00, d NaN. s: c -3.00, d 2.00. Highest 2.00 at s, d; lowest -3.00 at s, c." in figure.alt_text

    def test_heat_map_writes_every_number_into_its_cell(self):
        figure = figures.heat_map([[0.0, 0.25]], ["r"], ["c", "d"], label="R²", **LABELS)
        assert {text.get_text() for text in figure.axes[0].texts} == {"0.00", "0.25"}

    def test_heat_map_says_nan_in_the_cell(self):
        figure = figures.heat_map([[np.nan, 0.25]], ["r"], ["c", "d"], label="gradient", **LABELS)
        assert {text.get_text() for text in figure.axes[0].texts} == {"NaN", "0.25"}

    def test_marks_are_drawn_and_read_out(self):
        figure = figures.lines([0, 1], {"a": [0, 1]}, marks={"chosen": (0.5, 0.5)}, **LABELS)
        assert "Marked: chosen (0.5, 0.5)." in figure.alt_text
        assert "chosen" in {text.get_text() for text in figure.axes[0].texts}

    def test_dots_of_factors_can_use_a_logarithmic_axis(self):
        figure = figures.dots({"a": [1.0, 100.0]}, ["u", "v"], title="A finding", xlabel="x", logx=True)
        assert figure.axes[0].get_xscale() == "log"

    def test_a_scatter_plot_gives_the_correlation_where_there_is_one(self):
        text = figures.scatter({"a": [[0, 2], [1, 0]], "b": [[1, 1], [1, 2]]}, diagonal=True, **LABELS).alt_text
        assert "the diagonal is equality. a: 2 points, across 0 to 1, up 0 to 2, correlation -1." in text
        assert text.endswith("b: 2 points, across 1, up 1 to 2.")

    def test_a_front_of_maximised_objectives_is_the_upper_right(self):
        points = {"a": [[1.0, 1.0], [2.0, 1.0], [1.0, 2.0]]}
        figure = figures.scatter_front(points, maximise=(True, True), **LABELS)
        assert "a: 2 of 3 points efficient, from (1, 2) to (2, 1)." in figure.alt_text

    def test_trade_off_averages_over_repetitions(self):
        curve = np.array([[[0.0, 1.0]], [[1.0, 2.0]]])
        text = figures.trade_off({"a": curve}, ["w"], **LABELS).alt_text
        assert "a: setting w (0.5, 1.5)." in text
        assert "95 % intervals at most ±6.35." in text

    def test_trade_off_draws_the_interval_that_it_is_given(self):
        curve = Interval(np.array([[0.5, 1.5]]), np.array([[0.25, 0.125]]))
        figure = figures.trade_off({"a": curve}, ["w"], **LABELS)
        assert "a: setting w (0.5, 1.5). 95 % intervals at most ±0.25." in figure.alt_text

    def test_soft_sharing_names_which_trunk_feeds_which_head(self):
        assert (
            "x feeds 2 trunks, tied to their neighbours: t feeds a, u feeds b."
            in EVERY_FIGURE["soft sharing"]().alt_text
        )

    def test_vectors_tell_the_angle_between_each_pair(self):
        text = figures.vectors({"a": [1, 0], "b": [0, 2], "c": [-1, 0]}, **LABELS).alt_text
        for sentence in ("a and b 90 degrees", "a and c 180 degrees", "b and c 90 degrees"):
            assert f"Angle between {sentence}." in text

    def test_reliability_bins_hold_equally_many_rows(self):
        p = np.linspace(0, 1, 100)
        figure = figures.reliability((p > 0.5).astype(int), {"a": p}, title="A finding", n_bins=4)
        errorbar = figure.axes[0].containers[0]
        np.testing.assert_allclose(errorbar[0].get_ydata(), [0, 0, 1, 1])

    def test_training_curves_read_the_logged_rows(self):
        figure = EVERY_FIGURE["training curves"]()
        assert "a: from 1 at 1 to 0.5 at 2, never rising." in figure.alt_text
        assert "b: from 4 at 1 to 2 at 2, never rising." in figure.alt_text


class TestLayout:
    def test_a_legend_of_many_series_stands_outside_the_axes(self):
        figure = figures.lines([0, 1], {str(i): [i, i] for i in range(7)}, **LABELS)
        figure.draw_without_rendering()
        ax = figure.axes[0]
        assert ax.get_legend().get_window_extent().x0 >= ax.get_window_extent().x1

    def test_one_series_needs_no_legend(self):
        assert figures.lines([0, 1], {"a": [0, 1]}, **LABELS).axes[0].get_legend() is None

    def test_unused_places_of_a_histogram_grid_stay_empty(self):
        figure = figures.histograms({str(i): [0.0, 1.0] for i in range(4)}, title="A", xlabel="m", n_columns=3)
        assert [ax.axison for ax in figure.axes] == [True] * 4 + [False] * 2


class TestReadableWithoutColour:
    def test_markers_lines_and_hatches_are_all_different(self):
        for sign in ("colour", "marker", "line", "hatch"):
            signs = [str(getattr(style, sign)) for style in figures.STYLES]
            assert len(set(signs)) == len(signs)

    @pytest.mark.parametrize(
        "simulate",
        [
            np.eye(3),
            # Machado, Oliveira and Fernandes 2009, severity 1.0: protanopia, then deuteranopia.
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ],
        ids=["full colour vision", "protanopia", "deuteranopia"],
    )
    def test_colours_stay_apart(self, simulate):
        lab = [to_lab(np.array(simulate) @ to_linear(style.colour)) for style in figures.STYLES]
        assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(lab, 2)) > 12

    def test_numbers_in_cells_have_contrast_with_their_colour(self):
        values = np.linspace(0, 1, 11)[None]
        figure = figures.heat_map(values, ["r"], [str(i) for i in range(11)], label="R²", **LABELS)
        picture = figure.axes[0].images[0]
        for text, value in zip(figure.axes[0].texts, values[0]):
            behind = 0.05 + luminance(picture.to_rgba(value)[:3])
            ink = 0.05 + luminance(matplotlib.colors.to_rgb(text.get_color()))
            assert max(behind, ink) / min(behind, ink) >= 4.5  # WCAG 2.2, criterion 1.4.3


def to_linear(colour):
    rgb = np.array(matplotlib.colors.to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(rgb):
    return float(to_linear(tuple(rgb)) @ [0.2126, 0.7152, 0.0722])


def to_lab(linear):
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ np.clip(linear, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.fixture(scope="module")
def executed():
    """A notebook that shows one figure in three ways, run in a fresh kernel."""
    make = (
        "from mtl_teach.figures import lines, show\n"
        "figure = lines([0, 1], {'a': [1, 2]}, title='Up & \"away\"', xlabel='x', ylabel='y')\n"
    )
    by_hand = "from matplotlib.figure import Figure\nshow(Figure(), alt_text='nothing yet')"
    cells = [nbformat.v4.new_code_cell(source) for source in (make + "show(figure)", "figure", by_hand)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    return notebook


class TestShow:
    ALT = 'Line chart: Up & "away". Across, x, 0 to 1; up, y. a: from 1 at 0 to 2 at 1, never falling.'

    @pytest.mark.parametrize("cell", [0, 1], ids=["show(figure)", "a bare figure"])
    def test_the_description_reaches_the_metadata_the_html_and_the_text(self, executed, cell):
        (output,) = executed.cells[cell].outputs
        assert output.metadata["image/png"]["alt"] == self.ALT
        assert output.data["text/plain"] == self.ALT
        assert 'alt="Line chart: Up &amp; &quot;away&quot;. Across' in output.data["text/html"]
        assert base64.b64decode(output.data["image/png"]).startswith(b"\x89PNG")

    def test_a_figure_made_by_hand_is_described_by_the_caller(self, executed):
        (output,) = executed.cells[2].outputs
        assert output.metadata["image/png"]["alt"] == "nothing yet"

    @pytest.mark.parametrize("template", ["lab", "classic"])
    def test_every_picture_of_the_exported_page_has_its_description(self, executed, template):
        page, _ = HTMLExporter(template_name=template).from_notebook_node(executed)
        assert [image["alt"] for image in BeautifulSoup(page, "html.parser").find_all("img")] == [
            self.ALT,
            self.ALT,
            "nothing yet",
        ]

    def test_a_figure_without_a_description_is_refused(self):
        with pytest.raises(
            ValueError, match=r"`alt_text` must describe a figure that does not describe itself; got ''\."
        ):
            figures.show(Figure())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: figures.lines([0], {"a": [1]}, title=" ", xlabel="x", ylabel="y"),
            r"`title` must state the finding; got ' '\.",
        ),
        (lambda: figures.lines([0, 1], {}, **LABELS), r"`series` must hold 1 to 7 entries; got 0\."),
        (
            lambda: figures.lines([0], {str(i): [i] for i in range(8)}, **LABELS),
            r"`series` must hold 1 to 7 entries; got 8\.",
        ),
        (lambda: figures.lines([[0]], {"a": [1]}, **LABELS), r"`x` must have shape \(n_points,\).*; got \(1, 1\)\."),
        (
            lambda: figures.lines([0, 1], {"a": [1, 2, 3]}, **LABELS),
            r"`series\['a'\]` must have shape \(\.\.\., n_points\) = \(\.\.\., 2\); got \(3,\)\.",
        ),
        (
            lambda: figures.lines([0], {"a": [[1.0]]}, **LABELS),
            r"`values` must hold at least 2 repetitions; got shape \(1, 1\)\.",
        ),
        (
            lambda: figures.heat_map([[1.0]], ["r"], ["c", "d"], label="R²", **LABELS),
            r"`values` must have shape \(n_rows, n_columns\) = \(1, 2\); got \(1, 1\)\.",
        ),
        (
            lambda: figures.heat_map([[np.nan]], ["r"], ["c"], label="R²", **LABELS),
            r"`values` must hold at least one number; got only NaN\.",
        ),
        (lambda: figures.scatter_front({}, **LABELS), r"`points` must hold 1 to 7 entries; got 0\."),
        (
            lambda: figures.scatter_front({"a": [[1.0]]}, **LABELS),
            r"`points\['a'\]` must have shape \(n_points, n_objectives\) = \(any, 2\); got \(1, 1\)\.",
        ),
        (
            lambda: figures.scatter_front({"a": np.zeros((0, 2))}, **LABELS),
            r"`points\['a'\]` must hold at least one point; got none\.",
        ),
        (
            lambda: figures.trade_off({"a": [[1.0, 2.0]]}, ["u", "v"], **LABELS),
            r"`curves\['a'\]` must have shape \(n_settings, n_objectives\) = \(2, 2\); got \(1, 2\)\.",
        ),
        (
            lambda: figures.histograms({}, title="A", xlabel="x"),
            r"`columns` must hold at least one data set; got none\.",
        ),
        (
            lambda: figures.histograms({"a": [np.nan]}, title="A", xlabel="x"),
            r"`columns\['a'\]` must hold at least one number; got none\.",
        ),
        (
            lambda: figures.histograms({"a": [1.0]}, title="A", xlabel=["x", "y"]),
            r"`xlabel` must have one entry per histogram, 1; got 2\.",
        ),
        (
            lambda: figures.vectors({"a": [1.0, 2.0, 3.0]}, **LABELS),
            r"`arrows\['a'\]` must have shape \(n_coordinates,\) = \(2,\); got \(3,\)\.",
        ),
        (lambda: figures.trunk_and_heads("x", "t", [], title="A"), r"`heads` must name at least one task; got none\."),
        (
            lambda: figures.trunk_and_heads("x", ["t", "u"], ["a"], title="A"),
            r"`trunk` must be one, or one per head, 1; got 2\.",
        ),
        (lambda: figures.reliability([0.5], {"a": [0.5]}, title="A"), r"`y` must be 0 or 1; got 0\.5 at index 0\."),
        (
            lambda: figures.reliability([0, 1], {"a": [0.5, 1.5]}, title="A"),
            r"`predictions\['a'\]` must lie in \[0, 1\]; got 1\.5 at index 1\.",
        ),
        (
            lambda: figures.reliability([0, 1], {"a": [0.5]}, title="A"),
            r"`predictions\['a'\]` must have shape \(n_samples,\) = \(2,\); got \(1,\)\.",
        ),
        (
            lambda: figures.training_curves(HISTORY, "weight", title="A", ylabel="w"),
            r"`quantity` must be one of the logged loss; got weight\.",
        ),
        (
            lambda: figures.training_curves(SimpleNamespace(task_names=["a"], rows=[]), "loss", title="A", ylabel="l"),
            r"`quantity` must be one of the logged quantities \(none\); got loss\.",
        ),
        (
            lambda: figures.pictures(np.zeros((2, 4, 4)), ["a"], title="A"),
            r"`images` must have shape \(n_images, height, width\) = \(1, any, any\); got \(2, 4, 4\)\.",
        ),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


class TestWords:
    @pytest.mark.parametrize(
        ("y", "expected"),
        [
            ([1.0, 1.0], "a: constant at 1."),
            ([np.nan, 2.0], "a: 2 at 1."),
            ([np.nan, np.nan], "a: no values."),
            ([3.0, 1.0], "a: from 3 at 0 to 1 at 1, never rising."),
        ],
    )
    def test_a_curve_is_described_by_its_shape(self, y, expected):
        assert words.curve("a", np.array([0.0, 1.0]), np.array(y)) == expected

    def test_large_numbers_are_written_in_full(self):
        assert words.number(-12345.6) == "-12,346"

    def test_no_values_is_said_so(self):
        assert words.spread([np.nan]) == "no values"

    def test_one_value_is_no_range(self):
        assert words.spread([2.0, 2.0]) == "2"

    def test_missing_values_come_last_in_an_order(self):
        assert words.ordered(["a", "b"], np.array([np.nan, -1.0])) == "b -1, a nan"
