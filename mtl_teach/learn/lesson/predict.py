"""``predict``: a guess is asked for before the answer is shown."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Sequence
from typing import Any

from autograder.kernel import in_kernel
from mtl_teach.learn.lesson.notebook import live, plain, rich, show
from mtl_teach.learn.progress import Progress, ProgressError, save


def predict(question: str, options: Sequence[str] | None = None, name: str | None = None) -> None:
    """Ask for a guess before the cell that answers it; the guess is saved in the workspace.

    Parameters
    ----------
    question : str
        What to predict; back-quotes mark code.
    options : sequence of str, optional
        What to choose from; without them the learner types a short answer.
    name : str, optional
        Under which the guess is kept; by default made from the question.

    Raises
    ------
    ValueError
        If there is no question, or fewer than two options.

    Examples
    --------
    >>> predict("Does `where` protect the gradient?", ["yes", "no"])
    Predict: Does where protect the gradient?
      - yes
      - no
    Commit to a guess before you run the next cell.
    """
    if not question.strip():
        raise ValueError("`question` must not be empty.")
    if options is not None and len(options) < 2:
        raise ValueError(f"`options` must offer at least two guesses; got {list(options)}.")
    name = name or hashlib.sha256(question.encode()).hexdigest()[:12]
    choices = "".join(f"\n  - {plain(option)}" for option in options or ())
    text = f"Predict: {plain(question)}{choices}\nCommit to a guess before you run the next cell."
    if not in_kernel():
        print(text)
        return
    items = "".join(f"<li>{rich(option)}</li>" for option in options or ())
    static = f"<p><strong>Predict:</strong> {rich(question)}</p><ul>{items}</ul>"
    show(Prediction(question, options, name).box, f"{static}<p>Commit to a guess first.</p>", text)


class Prediction:
    """The prediction cell in the notebook.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    entry : ipywidgets.RadioButtons or ipywidgets.Text
        Where the guess is made.
    """

    def __init__(self, question: str, options: Sequence[str] | None, name: str) -> None:
        import ipywidgets as widgets

        self._question, self._name = question, name
        earlier = _earlier(name)
        self.entry: Any
        if options is None:
            self.entry = widgets.Text(value=earlier, description="Your guess", style={"description_width": "initial"})
        else:
            labels = [plain(option) for option in options]
            self.entry = widgets.RadioButtons(
                options=labels, value=earlier if earlier in labels else None, layout={"width": "auto"}
            )
        self._commit = widgets.Button(description="Commit my guess", button_style="primary")
        self._commit.on_click(lambda _: self.commit())
        self._message = widgets.HTML()
        head = widgets.HTML(f"<strong>Predict:</strong> {rich(question)}")
        self.box = widgets.VBox([head, self.entry, self._commit, self._message])
        if earlier:
            self._message.value = live(
                f"Your earlier guess: <em>{html.escape(earlier)}</em>. You may change it.", "guess"
            )

    def commit(self) -> None:
        """Save the guess and say so."""
        guess = (self.entry.value or "").strip()
        if not guess:
            self._message.value = live("Make a guess first; a wrong one teaches more than none.", "guess")
            return
        save(lambda progress: progress.record_prediction(self._name, self._question, guess))
        self._message.value = live(
            f"Your guess: <em>{html.escape(guess)}</em>. Now run the next cell and compare.", "guess"
        )


def _earlier(name: str) -> str:
    progress = Progress.here()
    try:
        return progress.prediction(name) if progress else ""
    except ProgressError:
        return ""
