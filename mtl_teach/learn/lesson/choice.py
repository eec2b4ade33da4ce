"""A choice among named options, which ipywidgets has without a group, a name, or keys of its own.

The browser's part is ``choice.js``; anywidget brings it to JupyterLab, Notebook 7, VS Code and Colab.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from typing import Any

from mtl_teach.learn.lesson.widget_base import script, widget_base

STYLE = """
.mtl-choice { line-height: 1.45; color: var(--jp-content-font-color1, inherit); padding-left: 3px;
  font-family: var(--jp-content-font-family, inherit); font-size: var(--jp-content-font-size1, 1em); margin: .3em 0; }
.mtl-choice label { display: flex; gap: .5em; align-items: flex-start; padding: .15em 0; overflow-wrap: anywhere; }
.mtl-choice input { flex: none; margin: .3em 0 0; }
"""


def choice_of(name: str, labels: Sequence[str], *, index: int | None = None, menu: bool = False) -> Any:
    """A widget that asks for one of several options.

    Parameters
    ----------
    name : str
        What is asked, as HTML; also the name of the group for a screen reader.
    labels : sequence of str
        The options, as HTML.
    index : int, optional
        The option that is chosen.
    menu : bool
        A menu instead of radio buttons.

    Returns
    -------
    anywidget.AnyWidget
        With ``name``, ``labels``, ``index`` and ``disabled``, which can be changed and observed, and ``focus()``.
    """
    return _kind()(name=name, labels=list(labels), index=index, menu=menu)


@functools.cache
def _kind() -> Any:
    """The class of the widget, made when a notebook first needs it: a terminal never does."""
    import traitlets

    class Choice(widget_base()):  # type: ignore[misc]
        """One group of options; what is synchronised is read by ``choice.js``."""

        _esm = script(__file__)
        _css = STYLE
        name = traitlets.Unicode().tag(sync=True)
        labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
        index = traitlets.Int(None, allow_none=True).tag(sync=True)
        menu = traitlets.Bool(False).tag(sync=True)
        disabled = traitlets.Bool(False).tag(sync=True)
        heard = traitlets.Int(0).tag(sync=True)  # when the last choice that came from the page was made there

        def __init__(self, **state: Any) -> None:
            super().__init__(**state)
            self._one_at_a_time = threading.Lock()
            self.on_msg(self._chosen)

        def _chosen(self, _: Any, content: dict[str, int], __: Any) -> None:
            # JupyterLab opens a second way to the kernel, with a thread of its own: a message may be overtaken
            with self._one_at_a_time, self.hold_sync():
                if content["sent"] > self.heard:
                    self.heard, self.index = content["sent"], content["index"]

    return Choice
