"""The search box of the home page; its results are links that open a notebook at the very section."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from mtl_teach.learn.lesson.notebook import live, show
from mtl_teach.learn.search import Hit, Index, index_of

COMMAND = "mtl-teach find WORDS"
N_SHOWN = 10


def offer(workspace: Path) -> None:
    """Show the box in a notebook; where widgets cannot be shown, the command that does the same."""
    static = (
        '<p class="mtl-search"><strong>Search:</strong> run this cell (<strong>Shift+Enter</strong>) for the search '
        f"box, or type <code>{COMMAND}</code> in a terminal.</p>"
    )
    show(SearchBox(workspace).box, static, f"Search: {COMMAND}")


class SearchBox:
    """A text field, a button, and what was found under them.

    Parameters
    ----------
    workspace : Path

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    words : ipywidgets.Text
        Where one types; Enter searches as well as the button.
    """

    def __init__(self, workspace: Path) -> None:
        import ipywidgets as widgets

        self._workspace = workspace
        self.words = widgets.Text(
            description="Search the course",
            placeholder="for example: mask, Pareto, λ",
            continuous_update=False,
            style={"description_width": "initial"},
            layout={"width": "min(30em, 100%)"},
        )
        self._button = widgets.Button(description="Find", layout={"width": "auto"})
        # an Output's content is drawn like a cell's, so that its links open inside JupyterLab
        self._found = widgets.Output()
        self.words.observe(lambda _: self.search(), "value")
        self._button.on_click(lambda _: self.search())
        row = widgets.HBox([self.words, self._button], layout={"flex_flow": "row wrap"})
        self.box = widgets.VBox([row, self._found])

    def search(self) -> None:
        """Show what fits the words; nothing is kept, so what was changed since is found as well."""
        words = self.words.value.strip()
        content = found_html(words, index_of(self._workspace)) if words else ""
        output: dict[str, Any] = {"output_type": "display_data", "metadata": {}}
        self._found.outputs = (output | {"data": {"text/html": content}},) if content else ()


def found_html(words: str, index: Index) -> str:
    """What was found as HTML: how much, then a list of links with the words around what was looked for."""
    hits = index.find(words, N_SHOWN)
    if not hits:
        return live(html.escape(nothing(words, index)), "found")
    count = f"{len(hits)} places" if len(hits) > 1 else "One place"
    most = ", the best first" if len(hits) > 1 else ""
    items = "".join(f'<li style="margin:.4em 0">{_as_html(hit)}</li>' for hit in hits)
    return live(f"{count} for “{html.escape(words)}”{most}:", "found") + f"<ol>{items}</ol>"


def _as_html(hit: Hit) -> str:
    excerpt = "".join(
        f"<mark>{html.escape(text)}</mark>" if found else html.escape(text) for text, found in hit.excerpt
    )
    where = html.escape(hit.entry.where)
    return f'<a href="{html.escape(hit.entry.link)}">{where[:1].upper()}{where[1:]}</a><br>{excerpt}'


def nothing(words: str, index: Index) -> str:
    """That nothing was found, and what may have been meant."""
    near = index.suggestion(words)
    return f"Nothing found for “{words}”." + (f" Did you mean “{near}”?" if near else " Try another or a shorter word.")
