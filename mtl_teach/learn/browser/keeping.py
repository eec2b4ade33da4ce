"""What the home page offers in a browser: take the progress along as a file, bring it back, take newer texts.

The browser's part is ``keeping.js``.
"""

from __future__ import annotations

import functools
import html
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from mtl_teach.learn.browser import newer
from mtl_teach.learn.lesson.notebook import live, show
from mtl_teach.learn.progress import MAX_EXPORT, Progress, ProgressError

STYLE = """
.mtl-keeping { line-height: 1.45; color: var(--jp-content-font-color1, inherit); overflow-wrap: anywhere;
  font-family: var(--jp-content-font-family, inherit); font-size: var(--jp-content-font-size1, 1em); padding: 3px; }
.mtl-keeping h2 { font-size: 1.3em; }
"""
WORDS = (
    "Your answers and your progress are kept in this browser only, under this page's address. Clearing the browser's "
    "data for it removes both. Save them as a file now and then; the installed course reads it with "
    "<code>mtl-teach import FILE</code>, and a file of <code>mtl-teach export</code> can be brought in here. The file "
    "holds your progress and the last answer to each exercise that you checked."
)


def offer_newer(workspace: Path) -> None:
    """Where there are newer texts, say so above the map, with a button that takes them."""
    if older := newer.available(workspace):
        box = NewerTexts(workspace, older).box
        show(box, f"<p>{_available(older)}</p>", _available(older), to="take the newer text")


def offer(workspace: Path) -> None:
    """Show under the map how to keep progress."""
    words = f"<section><h2>Keep your progress</h2><p>{WORDS}</p></section>"
    show(keeping_of(workspace), words, "Keep your progress: run this cell in a browser.", to="save your progress")


def _available(paths: list[str]) -> str:
    names = ", ".join(Path(path).stem for path in paths)
    return f"A newer text of {names} is available; your answers stay."


class NewerTexts:
    """What is available, and a button that takes it.

    Parameters
    ----------
    workspace : Path
    paths : list of str

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    """

    def __init__(self, workspace: Path, paths: list[str]) -> None:
        import ipywidgets as widgets

        self._workspace, self._paths = workspace, paths
        self.button = widgets.Button(description="Take the newer text", layout={"width": "auto"})
        self.said = widgets.HTML()
        self.button.on_click(lambda _: self.take())
        self.box = widgets.VBox([widgets.HTML(f"<p>{html.escape(_available(paths))}</p>"), self.button, self.said])

    def take(self) -> None:
        """Take all of it."""
        self.button.disabled = True
        try:
            for path in self._paths:
                newer.take(self._workspace, path)
        except OSError as error:
            self.said.value = live(html.escape(f"The browser's storage cannot be written to ({error})."))
            return
        self.said.value = live("Done. Now reload this page, and every other page of the course that is open.")


def keeping_of(workspace: Path) -> Any:
    """A widget with a button that saves the progress as a file, and one that brings such a file in.

    Parameters
    ----------
    workspace : Path

    Returns
    -------
    anywidget.AnyWidget
    """
    return _kind()(words=WORDS)._of(Progress.of(workspace))


def answer(progress: Progress, asked: dict[str, Any]) -> dict[str, str]:
    """What the page is told when one of its buttons was pressed.

    Parameters
    ----------
    progress : Progress
    asked : dict
        ``{"do": "export"}``, or ``{"do": "import", "text": ...}`` with a file's content.
    """
    try:
        if asked["do"] == "import":
            return {"do": "say", "text": brought_in(progress, asked["text"])}
        text = json.dumps(progress.to_json(), ensure_ascii=False, indent=1) + "\n"
    except ProgressError as error:
        return {"do": "say", "text": str(error)}
    return {"do": "save", "name": f"mtl-teach-progress-{datetime.now():%Y-%m-%d}.json", "text": text}


def brought_in(progress: Progress, text: str) -> str:
    """Merge the content of an exported file; what came of it, in a sentence."""
    try:
        if len(text) > MAX_EXPORT:
            raise ProgressError(f"The file is larger than {MAX_EXPORT // 2**20} MiB; nothing was imported.")
        count = progress.merge_json(json.loads(text))
    except ValueError as error:
        return f"The file is not JSON ({error}); nothing was imported."
    except RecursionError:
        return "The file is nested too deep to be an export; nothing was imported."
    except ProgressError as error:
        return str(error)
    records = "1 record" if count == 1 else f"{count} records"
    return f"Merged {records}; nothing that was here is lost. Run this cell again to see them in the map."


@functools.cache
def _kind() -> Any:
    """The class of the widget, made when the page first needs it."""
    import anywidget
    import traitlets

    class Keeping(anywidget.AnyWidget):
        """What is synchronised is read by ``keeping.js``."""

        _esm = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
        _css = STYLE
        words = traitlets.Unicode().tag(sync=True)

        def _of(self, progress: Progress) -> Any:
            self.on_msg(lambda _, content, __: self.send(answer(progress, content)))
            return self

    return Keeping
