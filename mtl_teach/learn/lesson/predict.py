"""``predict`` asks for a guess, and how sure it is, before the answer; ``outcome`` says after it how the guess did."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.kernel import in_kernel
from autograder.marked import plain, rich
from mtl_teach.learn.lesson.choice import choice_of
from mtl_teach.learn.lesson.experiment import say
from mtl_teach.learn.lesson.notebook import focus, live, show
from mtl_teach.learn.progress import Progress, Row, look, save
from mtl_teach.learn.reviewing import cards
from mtl_teach.learn.reviewing.summary import CONFIDENCE

HOW_SURE = "How sure are you?"
GUESS, AGAIN = "make your guess", "see your guess again"
_ASKS = re.compile(r'<p data-guess="([^"]*)">.*?</p>')
SURE_AND = {  # what is said of each step of confidence, where the guess was right and where it was wrong
    "just a guess": (
        "You called it just a guess: can you say why it is so?",
        "You called it just a guess: now you know more.",
    ),
    "fairly sure": ("You were fairly sure.", "You were fairly sure."),
    "sure": ("You were sure, and rightly.", "You were sure: such surprises are worth a second look."),
}


@dataclass(frozen=True)
class _Asked:
    """A prediction of this kernel: what it asks, and the option that turns out right."""

    question: str
    options: tuple[str, ...]
    answer: str


# Of the predictions in this kernel, by name; guesses with their confidence, also outside a workspace.
_asked: dict[str, _Asked] = {}
_guesses: dict[str, tuple[str, str]] = {}


def predict(
    question: str, options: Sequence[str] | None = None, name: str | None = None, answer: str | None = None
) -> None:
    """Ask for a guess before the cell that answers it, and how sure it is; both are saved in the workspace.

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
    How sure are you? just a guess, fairly sure, or sure.
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
        _asked[name] = _Asked(question, tuple(options or ()), answer)
    choices = "".join(f"\n  - {plain(option)}" for option in options or ())
    text = f"Predict: {plain(question)}{choices}\n{_how_sure()}\nCommit to a guess before you run the next cell."
    if not in_kernel():
        print(text)
        return
    show(Prediction(question, options, name).box, _twin(question, options, name, answer), text, to=GUESS)


def _how_sure() -> str:
    return f"{HOW_SURE} {', '.join(CONFIDENCE[:-1])}, or {CONFIDENCE[-1]}."


def _twin(question: str, options: Sequence[str] | None, name: str, answer: str | None) -> str:
    """The prediction as static HTML, with what the web book makes a form of; the answer cannot be read at a glance."""
    items = "".join(f"<li>{rich(option)}</li>" for option in options or ())
    asked = {"name": name, "question": question, "options": list(options or ()), "answer": answer}
    data = base64.b64encode(json.dumps(asked).encode()).decode()
    return (
        f'<div data-prediction="{data}"><p><strong>Predict:</strong> {rich(question)}</p><ul>{items}</ul>'
        f'<p data-guess="{html.escape(name)}">{_how_sure()}</p></div>'
    )


def with_guess(twin: str) -> str:
    """The static twin of a prediction with the guess that is saved of it; as it is where there is none.

    The guess is made after the twin was shown, so the server puts it in when it saves the notebook.

    Parameters
    ----------
    twin : str
        HTML.
    """
    found = _ASKS.search(twin)
    saved = _saved(html.unescape(found[1])) if found else {}
    if found is None or not saved.get("guess"):
        return twin
    told = f'<p data-guess="{found[1]}">Your guess: {_told(saved["guess"], saved["confidence"])}.</p>'
    return twin.replace(found[0], told).replace(f"Run this cell to {GUESS}.", f"Run this cell to {AGAIN}.")


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
    How sure are you? just a guess, fairly sure, or sure.
    Commit to a guess before you run the next cell.
    >>> outcome("constant")
    The answer was: *yes*.
    """
    if name not in _asked:
        raise ValueError(f"The prediction {name!r} was not asked for yet: run its cell first.")
    asked = _asked[name]
    saved = _saved(name)
    guess, confidence = _guesses.get(name) or (saved.get("guess", ""), saved.get("confidence", ""))
    if not guess:
        say(f"The answer was: *{asked.answer}*.")
        return
    if saved and saved["answer"] != plain(asked.answer):
        save(lambda progress: _judge(progress, name, asked, saved))
    say(said_of(guess, asked.answer, confidence))


def said_of(guess: str, answer: str, confidence: str = "") -> str:
    """What is said of a guess once the answer is there, in Markdown.

    >>> said_of("yes", "no", "fairly sure")
    'You said *yes*; it was **no**. You were fairly sure. What made the difference?'
    """
    right = guess == plain(answer)
    sure = SURE_AND.get(confidence, ("", ""))[not right]
    if right:
        said = f"You said *{plain(answer)}*, and **so it is**. {sure}"
    else:
        said = f"You said *{_escaped(guess)}*; it was **{answer}**. {sure} What made the difference?"
    return " ".join(said.split())


def _judge(progress: Progress, name: str, asked: _Asked, saved: Row) -> None:
    """Save what was right beside the guess that was saved; a wrong one comes back in the review."""
    guess, confidence, answer = saved["guess"], saved["confidence"], plain(asked.answer)
    progress.record_prediction(name, asked.question, guess, confidence, answer)
    if guess != answer:
        options = [plain(option) for option in asked.options]
        data = {
            "question": asked.question,
            "options": options,
            "answer": answer,
            "guess": guess,
            "confidence": confidence,
        }
        cards.misjudged(progress, name, data)


def _escaped(text: str) -> str:
    """A learner's own words in Markdown, without a mark or a tag that would mean something there."""
    return re.sub(r"([\`*_{}\[\]()#+!<>|~$])", r"\\\1", text)


class Prediction:
    """The prediction cell in the notebook.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    entry : anywidget.AnyWidget or ipywidgets.Text
        Where the guess is made: a group of options, or a line to write in.
    confidence : anywidget.AnyWidget
        The group that asks how sure it is.
    """

    def __init__(self, question: str, options: Sequence[str] | None, name: str) -> None:
        import ipywidgets as widgets

        self._question, self._name = question, name
        saved = _saved(name)
        self._first = saved if saved.get("answer") else {}
        guess, confidence = saved.get("guess", ""), saved.get("confidence", "")
        asks = f"<strong>Predict:</strong> {rich(question)}"
        self._labels = [plain(option) for option in options or ()]
        self.entry: Any
        if options is None:
            self.entry = widgets.Text(value=guess, description="Your guess", style={"description_width": "initial"})
            asked = [widgets.HTML(asks), self.entry]
        else:
            chosen = self._labels.index(guess) if guess in self._labels else None
            self.entry = choice_of(asks, [rich(option) for option in options], index=chosen)
            asked = [self.entry]
        sure = CONFIDENCE.index(confidence) if confidence in CONFIDENCE else None
        self.confidence = choice_of(f"<strong>{HOW_SURE}</strong>", CONFIDENCE, index=sure)
        self._commit = widgets.Button(description="Commit my guess", button_style="primary")
        self._commit.on_click(lambda _: self.commit())
        self._message = widgets.HTML()
        self.box = widgets.VBox([*asked, self.confidence, self._commit, self._message])
        if guess:
            self._message.value = live(f"Your earlier guess: {_told(guess, confidence)}. You may change it.", "guess")

    def commit(self) -> None:
        """Save the guess and say so; once a guess was judged, it stays the one that is saved."""
        guess = self._guess()
        if not guess:
            self._message.value = live("Make a guess first; a wrong one teaches more than none.", "guess")
            focus(self.entry)
            return
        if self.confidence.index is None:
            self._message.value = live("One thing more: how sure are you?", "guess")
            focus(self.confidence)
            return
        confidence = CONFIDENCE[self.confidence.index]
        _guesses[self._name] = guess, confidence
        kept = ""
        if self._first:
            kept = f" Your first guess, <em>{html.escape(self._first['guess'])}</em>, is the one that is kept."
        else:
            save(lambda progress: progress.record_prediction(self._name, self._question, guess, confidence))
        told = f"Your guess: {_told(guess, confidence)}. Now run the cells below and compare."
        self._message.value = live(told + kept, "guess")

    def _guess(self) -> str:
        """What is chosen or written; empty where nothing is."""
        if self._labels:
            return self._labels[self.entry.index] if self.entry.index is not None else ""
        return str(self.entry.value).strip()


def _told(guess: str, confidence: str) -> str:
    sure = f" ({confidence})" if confidence else ""
    return f"<em>{html.escape(guess)}</em>{html.escape(sure)}"


def _saved(name: str) -> Row:
    """What was saved of a prediction; empty where nothing was, or nothing can be read."""
    return look(lambda progress: progress.predictions().get(name, {}), {})
