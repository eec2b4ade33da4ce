"""``explore``: the learner moves through what the lesson has computed."""

from __future__ import annotations

import hashlib
import html
import io
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.kernel import in_kernel
from autograder.marked import plain, rich
from mtl_teach import pictures
from mtl_teach.learn.lesson.choice import choice_of
from mtl_teach.learn.lesson.notebook import live, show
from mtl_teach.learn.progress import keep, kept

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
    picture, is its alt text and is announced to a screen reader. The last choice is there again when the cell is run
    another day; the static twin has its picture, and a table of all sentences.

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
        twin = explorer.as_html() + _table(title, controls, rows)
        show(explorer.box, twin, _lines(title, controls, rows), to="explore")
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
    menus : list of anywidget.AnyWidget
        One a control; ``index`` is the place of the chosen value. Few values are radio buttons; more are a menu, with
        buttons to step through them.
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

        self._grid, self._draw, self._text, self._values = grid, draw, text, list(controls.values())
        self._key = _key_of(title, controls)
        self._picture, self._sentence = widgets.HTML(), widgets.HTML()
        self.menus = [
            choice_of(
                html.escape(name), [html.escape(str(value)) for value in values], index=at, menu=len(values) > FEW
            )
            for (name, values), at in zip(controls.items(), _last(self._key, controls))
        ]
        rows = [(chosen, text(_result(grid, chosen), *chosen)) for chosen in _choices(grid, controls)]
        twin = widgets.HTML(f"<details><summary>The same as a table</summary>{_table('', controls, rows)}</details>")
        head = widgets.HTML(f"<strong>{html.escape(title)}</strong>")
        parts = [part for menu, name in zip(self.menus, controls) for part in (menu, *self._steppers(menu, name))]
        across = "flex-end" if any(menu.menu for menu in self.menus) else "flex-start"  # a menu stands beside buttons
        controls_row = widgets.HBox(parts, layout={"flex_flow": "row wrap", "align_items": across})
        controls_row.layout.grid_gap = "0 1em"
        self.box = widgets.VBox([head, controls_row, self._picture, self._sentence, twin])
        self.refresh()
        for menu in self.menus:
            menu.observe(lambda _: self._moved(), "index")

    def _steppers(self, menu: Any, name: str) -> list[Any]:
        """Buttons that move a menu one value down or up, as a slider would be dragged."""
        import ipywidgets as widgets

        if not menu.menu:
            return []
        buttons = []
        for words, step in (("◀ previous", -1), ("next ▶", 1)):
            button = widgets.Button(description=words, tooltip=f"{words.strip('◀▶ ')} {name}", layout={"width": "auto"})
            button.on_click(lambda _, step=step: self._step(menu, step))
            buttons.append(button)
        return buttons

    @staticmethod
    def _step(menu: Any, step: int) -> None:
        menu.index = min(max(menu.index + step, 0), len(menu.labels) - 1)

    def _moved(self) -> None:
        self.refresh()
        keep(self._key, [menu.index for menu in self.menus])

    @property
    def chosen(self) -> tuple[Any, ...]:
        """The value of every control."""
        return tuple(values[menu.index] for menu, values in zip(self.menus, self._values))

    def refresh(self) -> None:
        """Show the result that the menus choose."""
        result = _result(self._grid, self.chosen)
        sentence = self._text(result, *self.chosen)
        if self._draw is not None:
            self._picture.value = _as_html(self._draw(result, *self.chosen), sentence)
        self._sentence.value = live(rich(sentence), "sentence")  # announced when the picture is there

    def as_html(self) -> str:
        """The picture and the sentence of the choice at this moment; nothing in it can be pressed."""
        sentence = self._text(_result(self._grid, self.chosen), *self.chosen)
        return f"<div>{self._picture.value}</div><p>{rich(sentence)}</p>" if self._draw is not None else ""


def _key_of(title: str, controls: Mapping[str, Sequence[Any]]) -> str:
    """Under which the last choice is kept: another one as soon as something else can be chosen."""
    offered = json.dumps([title, [[name, [str(value) for value in values]] for name, values in controls.items()]])
    return f"explore/{hashlib.sha256(offered.encode()).hexdigest()[:16]}"


def _last(key: str, controls: Mapping[str, Sequence[Any]]) -> list[int]:
    """The places of the values that were chosen last, else the first of each."""
    places = kept(key)
    lengths = [len(values) for values in controls.values()]
    fits = isinstance(places, list) and len(places) == len(lengths)
    if fits and all(type(place) is int and 0 <= place < length for place, length in zip(places, lengths)):
        return places
    return [0] * len(lengths)


def _as_html(picture: Any, sentence: str) -> str:
    """A figure as an image with alt text; HTML as it is."""
    if isinstance(picture, str):
        return picture
    from matplotlib import pyplot

    buffer = io.BytesIO()
    picture.savefig(buffer, format="png", bbox_inches="tight")
    pyplot.close(picture)
    # narrow enough that controls, picture and sentence fit on one screen
    return pictures.as_html(buffer.getvalue(), plain(sentence), "min(100%, 38em)")


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
