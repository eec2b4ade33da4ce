"""Lines of code to put in order and to leave out, by buttons or by keys.

The browser's part is ``sortable.js``; anywidget brings it to JupyterLab, Notebook 7, VS Code and Colab.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any

from mtl_teach.learn.lesson.widget_base import script, widget_base

STYLE = """
.mtl-sortable { line-height: 1.45; color: var(--jp-content-font-color1, inherit); margin: .3em 0; padding: 0 3px;
  font-family: var(--jp-content-font-family, inherit); font-size: var(--jp-content-font-size1, 1em); }
.mtl-sortable p { margin: .4em 0; }
.mtl-sortable :is(pre, code) { font-family: var(--jp-code-font-family, monospace); font-size: .95em; color: inherit;
  background: transparent; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: 0; }
.mtl-sortable :is(ol, ul) { margin: .3em 0; padding: 0 0 0 2em; }
.mtl-sortable ul:empty::after { content: "nothing yet"; font-style: italic; }
.mtl-sortable li { border: 1px solid; border-radius: 3px; margin: .25em 0; padding: .15em .4em; }
.mtl-sortable ul li { border-style: dashed; }
.mtl-sortable li > div { display: flex; flex-wrap: wrap; gap: .2em 1em; align-items: baseline; }
.mtl-sortable code { flex: 1 1 16em; }
.mtl-sortable button { font: inherit; font-size: .9em; color: inherit; background: transparent; border: 1px solid;
  border-radius: 3px; padding: .1em .6em; margin: .1em .2em .1em 0; cursor: pointer; }
.mtl-sortable button[aria-disabled=true] { opacity: .6; cursor: default; }
.mtl-sortable :is(li, button):focus-visible { outline: 2px solid var(--jp-brand-color1, currentColor);
  outline-offset: 2px; }
.mtl-sortable .mtl-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""
Arranged = Callable[[list[int], list[int], bool], tuple[str, bool]]


def sortable_of(
    title: str,
    lines: Sequence[str],
    inside: Sequence[int],
    outside: Sequence[int],
    arranged: Arranged,
    around: tuple[str, str] = ("", ""),
) -> Any:
    """A widget with lines to put in order.

    Parameters
    ----------
    title : str
        What is to be done, as HTML; also the name of the list for a screen reader.
    lines : sequence of str
    inside, outside : sequence of int
        The places in ``lines`` of those that are used, in order, and of those that are left out.
    arranged : callable
        Called with ``inside``, ``outside`` and whether this order is to be tried, whenever one of them changes; gives
        back what is to be said of a try, as HTML, and whether that was the last one.
    around : (str, str)
        The code before and after the lines.

    Returns
    -------
    anywidget.AnyWidget
        With ``focus()``, which moves the keyboard's focus to the first line.
    """
    before, after = around
    widget = _kind()(
        title=title,
        lines=list(lines),
        inside=list(inside),
        outside=list(outside),
        before=before,
        after=after,
    )
    widget.arranged = arranged
    return widget


@functools.cache
def _kind() -> Any:
    """The class of the widget, made when a notebook first needs it: a terminal never does."""
    import traitlets

    class Sortable(widget_base()):  # type: ignore[misc]
        """The lines; what is synchronised is read by ``sortable.js``."""

        _esm = script(__file__)
        _css = STYLE
        title = traitlets.Unicode().tag(sync=True)
        lines = traitlets.List(traitlets.Unicode()).tag(sync=True)
        inside = traitlets.List(traitlets.Int()).tag(sync=True)
        outside = traitlets.List(traitlets.Int()).tag(sync=True)
        before = traitlets.Unicode().tag(sync=True)
        after = traitlets.Unicode().tag(sync=True)
        said = traitlets.Unicode().tag(sync=True)
        done = traitlets.Bool(False).tag(sync=True)
        heard = traitlets.Int(0).tag(sync=True)  # when what came last from the page was sent there
        answered = traitlets.Int(0).tag(sync=True)  # the same of the try that was judged last

        def __init__(self, **state: Any) -> None:
            super().__init__(**state)
            self.arranged: Arranged = lambda *_: ("", False)
            self._one_at_a_time = threading.Lock()
            self.on_msg(self._told)

        def _told(self, _: Any, content: dict[str, Any], __: Any) -> None:
            # JupyterLab opens a second way to the kernel, with a thread of its own: a message may be overtaken
            with self._one_at_a_time:
                if self.done or content["sent"] <= self.heard:
                    return
                with self.hold_sync():
                    self.inside, self.outside = content["inside"], content["outside"]
                    self.heard = content["sent"]
                said, done = self.arranged(self.inside, self.outside, content["tried"])
                if content["tried"]:
                    with self.hold_sync():
                        self.said, self.done, self.answered = said, done, content["sent"]

    return Sortable
