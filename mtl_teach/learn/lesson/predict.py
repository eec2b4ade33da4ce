"""``predict`` asks for a guess before the answer is shown; ``outcome`` says after it how the guess did."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from typing import Any

from autograder.kernel import in_kernel
from mtl_teach.learn.lesson.experiment import say
from mtl_teach.learn.lesson.notebook import live, plain, rich, show
from mtl_teach.learn.progress import Progress, ProgressError, save

# Of the predictions in this kernel, by name: the option that turns out right, and the guess, also outside a workspace.
_answers: dict[str, str] = {}
_guesses: dict[str, str] = {}


def predict(
    question: str, options: Sequence[str] | None = None, name: str | None = None, answer: str | None = None
) -> None:
    """Ask for a guess before the cell that answers it; the guess is saved in the workspace.

    Parameters
    ----------
    question : str
        What to predict; back-quotes mark code.
    options : sequence of str, optional
        What to choose from; without them the learner types a short answer.
    name : str, optional
        Under which the guess is kept; by default made from the question.
    answer : str, optional
        The option that turns out right; :func:`outcome` tells it after the run.

    Raises
    ------
    ValueError
        If there is no question, there are fewer than two options, or `answer` is none of them.

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
    if answer is not None and answer not in (options or ()):
        raise ValueError(f"`answer` must be one of the options; got {answer!r}.")
    name = name or hashlib.sha256(question.encode()).hexdigest()[:12]
    if answer is not None:
        _answers[name] = answer
    choices = "".join(f"\n  - {plain(option)}" for option in options or ())
    text = f"Predict: {plain(question)}{choices}\nCommit to a guess before you run the next cell."
    if not in_kernel():
        print(text)
        return
    items = "".join(f"<li>{rich(option)}</li>" for option in options or ())
    static = f"<p><strong>Predict:</strong> {rich(question)}</p><ul>{items}</ul>"
    show(Prediction(question, options, name).box, f"{static}<p>Commit to a guess first.</p>", text)


def outcome(name: str) -> None:
    """Say how the guess of a prediction did, in the cell after the experiment that answers it.

    Parameters
    ----------
    name : str
        That of the prediction, which must have declared its answer in this kernel.

    Raises
    ------
    ValueError
        If no such prediction was asked for yet.

    Examples
    --------
    >>> predict("Is a constant learned?", ["yes", "no"], name="constant", answer="yes")
    Predict: Is a constant learned?
      - yes
      - no
    Commit to a guess before you run the next cell.
    >>> outcome("constant")
    The answer was: *yes*.
    """
    if name not in _answers:
        raise ValueError(f"The prediction {name!r} was not asked for yet: run its cell first.")
    answer, guess = _answers[name], _guesses.get(name) or _earlier(name)
    if not guess:
        say(f"The answer was: *{answer}*.")
    elif guess == plain(answer):
        say(f"You predicted *{plain(answer)}*, and **so it is**.")
    else:
        say(f"You predicted *{_escaped(guess)}*; it turned out to be **{answer}**. What made the difference?")


def _escaped(text: str) -> str:
    """A learner's own words in Markdown, without a mark or a tag that would mean something there."""
    return re.sub(r"([\`*_{}\[\]()#+!<>|~$])", r"\\\1", text)


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
        _guesses[self._name] = guess
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
