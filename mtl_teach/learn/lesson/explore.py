"""``explore``: the learner moves through what the lesson has computed."""

from __future__ import annotations

import base64
import html
import io
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.kernel import in_kernel
from mtl_teach.learn.lesson.notebook import live, plain, rich, show

FEW = 4  # so many values are shown at once
Draw = Callable[..., Any]
Describe = Callable[..., str]


def explore(
    grid: Mapping[Any, Any],
    controls: Mapping[str, Sequence[Any]],
    draw: Draw | None,
    text: Describe,
    title: str = "Explore",
) -> None:
    """Let the learner move through results that the lesson has already computed.

    Nothing is computed anew, so every value shown is one of the grid. The sentence of ``text`` stands under the
    picture, is its alt text and is announced to a screen reader; a table of all sentences is the static twin.

    Parameters
    ----------
    grid : mapping
        The results. With one control its keys are that control's values; with several, tuples of values in the
        order of ``controls``. Every combination must be there.
    controls : mapping of str to sequence
        The name of each control, as shown, and its values in order.
    draw : callable or None
        ``draw(result, *choice)`` returns a Matplotlib figure (or HTML as a string) for one result; None where
        the sentence says everything.
    text : callable
        ``text(result, *choice)`` returns one sentence that says the same as the picture.
    title : str
        Of the element.

    Raises
    ------
    ValueError
        If a control has no values or a combination is missing from the grid.

    Examples
    --------
    >>> grid = {0.02: 62.0, 0.1: 50.0}
    >>> explore(grid, {"λ per ms": [0.02, 0.1]}, draw=None, title="Where training stops",
    ...         text=lambda latency, lam: f"With λ = {lam} it stops at {latency:g} ms.")
    Where training stops
    λ per ms = 0.02: With λ = 0.02 it stops at 62 ms.
    λ per ms = 0.1: With λ = 0.1 it stops at 50 ms.
    """
    choices = _choices(grid, controls)
    rows = [(choice, text(_result(grid, choice), *choice)) for choice in choices]
    if in_kernel():
        explorer = Explorer(grid, controls, draw, text, title)
        show(explorer.box, _table(title, controls, rows), _lines(title, controls, rows))
    else:
        print(_lines(title, controls, rows))


def _choices(grid: Mapping[Any, Any], controls: Mapping[str, Sequence[Any]]) -> list[tuple[Any, ...]]:
    for name, values in controls.items():
        if not len(values):
            raise ValueError(f"`controls` must give {name!r} at least one value; got none.")
    choices = list(itertools.product(*controls.values()))
    missing = [choice for choice in choices if _key(choice) not in grid]
    if missing:
        raise ValueError(
            f"`grid` must have every combination of the controls; {_key(missing[0])!r} is missing "
            f"({len(missing)} of {len(choices)})."
        )
    return choices


def _key(choice: tuple[Any, ...]) -> Any:
    return choice[0] if len(choice) == 1 else choice


def _result(grid: Mapping[Any, Any], choice: tuple[Any, ...]) -> Any:
    return grid[_key(choice)]


class Explorer:
    """The element in the notebook: the labelled controls, the picture, and the sentence.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    menus : list of ipywidgets.RadioButtons or ipywidgets.Dropdown
        One a control; a menu of more than a few values has buttons to step through them.
    """

    def __init__(
        self,
        grid: Mapping[Any, Any],
        controls: Mapping[str, Sequence[Any]],
        draw: Draw | None,
        text: Describe,
        title: str,
    ) -> None:
        import ipywidgets as widgets

        self._grid, self._draw, self._text = grid, draw, text
        self._picture, self._sentence = widgets.HTML(), widgets.HTML()
        self.menus = [_control(name, values) for name, values in controls.items()]
        rows = [(choice, text(_result(grid, choice), *choice)) for choice in _choices(grid, controls)]
        twin = widgets.HTML(f"<details><summary>The same as a table</summary>{_table('', controls, rows)}</details>")
        head = widgets.HTML(f"<strong>{html.escape(title)}</strong>")
        parts = [part for menu in self.menus for part in (menu, *self._steppers(menu))]
        controls_row = widgets.HBox(parts, layout={"flex_flow": "row wrap", "grid_gap": "0 1em"})
        self.box = widgets.VBox([head, controls_row, self._picture, self._sentence, twin])
        for menu in self.menus:
            menu.observe(lambda _: self.refresh(), "value")
        self.refresh()

    def _steppers(self, menu: Any) -> list[Any]:
        """Buttons that move a menu one value down or up, as a slider would be dragged.

        They are also the keyboard's way: JupyterLab takes the arrow keys of a focused menu for itself.
        """
        import ipywidgets as widgets

        if len(menu.options) <= FEW:
            return []
        buttons = []
        for words, step in (("◀ previous", -1), ("next ▶", 1)):
            button = widgets.Button(
                description=words, tooltip=f"{words.strip('◀▶ ')} {menu.description}", layout={"width": "auto"}
            )
            button.on_click(lambda _, step=step: self._step(menu, step))
            buttons.append(button)
        return buttons

    @staticmethod
    def _step(menu: Any, step: int) -> None:
        menu.index = min(max(menu.index + step, 0), len(menu.options) - 1)

    def refresh(self) -> None:
        """Show the result that the menus choose."""
        choice = tuple(menu.value for menu in self.menus)
        result = _result(self._grid, choice)
        sentence = self._text(result, *choice)
        if self._draw is not None:
            self._picture.value = _as_html(self._draw(result, *choice), sentence)
        self._sentence.value = live(rich(sentence), "sentence")  # announced when the picture is there


def _control(name: str, values: Sequence[Any]) -> Any:
    """Radio buttons for few values, a menu for many; both carry their name and work without a mouse."""
    import ipywidgets as widgets

    kind = widgets.RadioButtons if len(values) <= FEW else widgets.Dropdown
    return kind(
        options=[(str(value), value) for value in values],
        description=name,
        style={"description_width": "initial"},
        layout={"width": "auto"},
    )


def _as_html(picture: Any, sentence: str) -> str:
    """A figure as an image with alt text; HTML as it is."""
    if isinstance(picture, str):
        return picture
    from matplotlib import pyplot

    buffer = io.BytesIO()
    picture.savefig(buffer, format="png", bbox_inches="tight")
    pyplot.close(picture)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    size = "max-width:min(100%, 38em)"  # so that controls, picture and sentence fit on one screen
    return f'<img alt="{html.escape(plain(sentence))}" src="data:image/png;base64,{data}" style="{size}">'


Rows = list[tuple[tuple[Any, ...], str]]


def _table(title: str, controls: Mapping[str, Any], rows: Rows) -> str:
    caption = f"<caption>{html.escape(title)}</caption>" if title else ""
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in (*controls, "result"))
    body = "".join(
        "<tr>"
        + "".join(f"<td>{html.escape(str(value))}</td>" for value in choice)
        + f'<td style="text-align:left">{rich(sentence)}</td></tr>'
        for choice, sentence in rows
    )
    return f'<table style="line-height:1.45">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _lines(title: str, controls: Mapping[str, Any], rows: Rows) -> str:
    lines = [
        ", ".join(f"{name} = {value}" for name, value in zip(controls, choice)) + f": {plain(sentence)}"
        for choice, sentence in rows
    ]
    return "\n".join([title, *lines])
