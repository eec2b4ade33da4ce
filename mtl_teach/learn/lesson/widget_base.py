"""What the widgets of our own have in common: on a busy machine, too, they come whole and take the keyboard's focus.

A page needs time to draw a widget, and forgets messages that come before it can use them; where anywidget's start takes
over two seconds, it forgets all that follow. So what matters is in the state with which the page first hears of it.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).with_name("takes_focus.js")


def script(module: str) -> str:
    """The browser's part of the widget that a module defines, with what it needs for the focus before it.

    Parameters
    ----------
    module : str
        The module's ``__file__``; the script lies beside it under the same name.
    """
    return _SCRIPT.read_text(encoding="utf-8") + Path(module).with_suffix(".js").read_text(encoding="utf-8")


@functools.cache
def widget_base() -> Any:
    """The base class of such widgets, made when a notebook first needs it: a terminal never does."""
    import anywidget
    import traitlets

    class WidgetBase(anywidget.AnyWidget):
        """The page hears of it when it is shown, or what holds it is; what was set until then comes with it."""

        focus_wanted = traitlets.Int(0).tag(sync=True)  # how often the kernel wanted it
        focus_given = traitlets.Int(0).tag(sync=True)  # which of these wishes the page has met

        def open(self) -> None:
            """Wait; ``model_id`` is asked for when it is shown."""

        @property
        def model_id(self) -> str:
            """The name of this on the page, which hears of it now at the latest."""
            if self.comm is None:
                super().open()
            return super().model_id

        def focus(self) -> None:
            """Move the keyboard's focus here as soon as this is on the page, and show it."""
            self.focus_wanted += 1

    return WidgetBase
