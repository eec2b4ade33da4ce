"""What the server does to a notebook before it writes it: what needs a kernel is left out, its static twin is kept.

A twin is shown before the learner guesses, so the guess is put into it here.

Opened the next day, a view of a widget would be controls that nothing answers, or "model not found".
"""

from __future__ import annotations

from typing import Any

from mtl_teach.learn.lesson.predict import with_guess

VIEW = "application/vnd.jupyter.widget-view+json"


def before_saving(model: dict[str, Any], **_: Any) -> None:
    """Take the views of widgets out of outputs that say the same as HTML, and put guesses in.

    The page that is open keeps its own.

    Jupyter Server calls this by the name that ``server.py`` writes into its settings.

    Parameters
    ----------
    model : dict
        What is about to be saved, as Jupyter Server describes it; changed in place.
    """
    if model.get("type") != "notebook":
        return
    for cell in model["content"].get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                data.pop(VIEW, None)
                twin = "".join(data["text/html"])
                if "data-guess=" in twin:
                    data["text/html"] = with_guess(twin)
