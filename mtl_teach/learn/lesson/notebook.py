"""What a notebook can show: widgets where a kernel and a front-end are there, else the same content as text."""

from __future__ import annotations

import html
import json
from typing import Any

WRAPPED = {"flex_flow": "row wrap"}  # of buttons in a row: on a narrow screen one goes below, and no word is cut


def show(widget: Any, static_html: str, text: str, *, to: str = "answer") -> None:
    """Display a widget whose output also carries a static twin for whoever reads the notebook without its kernel.

    A saved notebook keeps the twin alone (``workspace/saving.py``). While the page stays open and its kernel ends, the
    widget's controls give way to the same sentence and button.

    Parameters
    ----------
    widget : ipywidgets.Widget
    static_html, text : str
        The same content as HTML and as plain text.
    to : str
        What running the cell is for: "Run this cell to answer."
    """
    import ipywidgets as widgets
    from IPython.display import display

    again = widgets.HTML(run_again(to))
    again.add_class("mtl-again")
    whole = widgets.VBox([again, widget])
    whole.add_class("mtl-live")
    # written out, since ipywidgets 7, which Colab has, cannot be asked for it
    view = {"version_major": 2, "version_minor": 0, "model_id": whole.model_id}
    twin = f'<div class="mtl-twin">{run_again(to)}{static_html}</div>'
    display({"application/vnd.jupyter.widget-view+json": view, "text/html": twin, "text/plain": text}, raw=True)


# JupyterLab and Notebook 7 run these two when a button that names them is pressed; elsewhere the button is not shown.
_RUN = {"commands": ["notebook:run-all-above", "notebook:run-cell"], "args": [{}, {}]}
_STYLE = """<style>
.mtl-run, .mtl-again { display: none; }
.jp-NotebookPanel .mtl-run { display: inline-block; font: inherit; color: inherit; background: transparent;
  border: 1px solid currentColor; border-radius: 3px; padding: .1em .6em; cursor: pointer; }
.mtl-live.jupyter-widgets-disconnected > .mtl-again { display: block; }
.mtl-live.jupyter-widgets-disconnected :is(button:not(.mtl-run), input, select) { display: none; }
.mtl-live.jupyter-widgets-disconnected::before { display: none; }
.mtl-live .jupyter-widgets-disconnected::before { display: none; }
</style>"""


def run_again(to: str) -> str:
    """What to do where the kernel does not answer, as a sentence and, where the front-end has the commands, a button.

    >>> "Run this cell to answer." in run_again("answer")
    True
    """
    args = html.escape(json.dumps(_RUN))
    return (
        f'{_STYLE}<p style="line-height:1.45"><strong>Run this cell to {to}.</strong> '
        '<button type="button" class="mtl-run" data-commandlinker-command="apputils:run-all-enabled" '
        f'data-commandlinker-args="{args}">Run it and the cells above</button> '
        "By keyboard: click into it and press <kbd>Shift</kbd>+<kbd>Enter</kbd>; after a restart, choose "
        "<em>Run → Run All Above Selected Cell</em> first.</p>"
    )


def focus(widget: Any) -> None:
    """Move the keyboard's focus to a widget; a button of ipywidgets 7 cannot, and there the learner does."""
    if hasattr(widget, "focus"):
        widget.focus()


def live(sentence: str, kind: str = "note") -> str:
    """A sentence that a screen reader announces when it appears.

    >>> live("Saved.")
    '<div role="alert" class="mtl-note" style="line-height:1.45">Saved.</div>'
    """
    return f'<div role="alert" class="mtl-{kind}" style="line-height:1.45">{sentence}</div>' if sentence else ""
