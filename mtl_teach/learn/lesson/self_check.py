"""``written`` compares a written answer with what it is marked by: step by step in the notebook, a list elsewhere."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from autograder.kernel import in_kernel, say_once
from autograder.marked import rich
from mtl_teach.learn.lesson import own_text
from mtl_teach.learn.lesson.choice import choice_of
from mtl_teach.learn.lesson.notebook import focus, live, show
from mtl_teach.learn.lesson.own_text import Text
from mtl_teach.learn.progress import NOWHERE, ProgressError
from mtl_teach.learn.workspace.places import find_workspace

PAGE = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.45"
BESIDE = "display:flex;flex-wrap:wrap;gap:0 2em;align-items:flex-start"
LOOK, QUESTIONS, MODEL = "Look at my text", "Show the questions", "Show the model answer"
ANSWERS = ("yes", "no")


def written() -> None:
    """Compare a written answer of yours with what it is marked by: questions about your text, then a model answer."""
    workspace = find_workspace()
    if workspace is None:
        say_once(NOWHERE)
        return
    try:
        texts = own_text.texts(workspace)
    except ProgressError as error:
        print(error)
        return
    text = as_text(texts)
    if in_kernel() and texts:
        show(SelfCheck(workspace, texts).box, f'<div style="{PAGE}">{html.escape(text)}</div>', text, to="compare")
    else:
        print(text)


def as_text(texts: dict[str, Text]) -> str:
    """The written answers of a workspace, a line each, and how to compare one."""
    if not texts:
        return "No problem set of this workspace has a written answer."
    return "\n".join([*map(_line, texts.values()), "Compare one in a terminal: mtl-teach written NAME"])


def _line(text: Text) -> str:
    return f"{text.part.id}: {text.part.title} ({text.part.state}, {text.n_words} words)"


class SelfCheck:
    """Choose a written answer, look at it, answer questions about it, and only then see the model answer beside it.

    Parameters
    ----------
    workspace : Path
    texts : dict of str to Text
        The written answers by id.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    which : anywidget.AnyWidget
        The menu of the written answers.
    button : ipywidgets.Button
        Goes on to the next step, which it names.
    groups : list of anywidget.AnyWidget
        The questions, once they are asked.
    """

    def __init__(self, workspace: Path, texts: dict[str, Text]) -> None:
        import ipywidgets as widgets

        self._workspace, self._names = workspace, list(texts)
        to_do = next((place for place, one in enumerate(texts.values()) if one.part.state != "done"), 0)
        self.which = choice_of(
            "<strong>Which answer?</strong>", list(map(_line, texts.values())), index=to_do, menu=True
        )
        self.button = widgets.Button(description=LOOK, layout={"width": "auto"})
        self.groups: list[Any] = []
        self._said, self._asked, self._model = widgets.HTML(), widgets.VBox(), widgets.HTML()
        self.button.on_click(lambda _: self.press())
        self.which.observe(lambda _: self._begin(), "index")
        self.box = widgets.VBox([self.which, self._said, self._asked, widgets.HBox([self.button]), self._model])

    def press(self) -> None:
        """Take the step that the button names; the text is read anew, as it is saved now."""
        text = own_text.text_of(self._workspace, self._names[self.which.index])
        step = self.button.description
        if not text.enough:
            self._begin()
            self._say(text.too_short)
        elif step == LOOK:
            self._begin()
            own_text.begun(text)
            self._say(f"Your text has {text.n_words} words. {own_text.ASKED_ONCE_MORE}")
            self.button.description = QUESTIONS
        elif step == QUESTIONS:
            self._ask(text)
        else:
            self._compare(text)

    def _begin(self) -> None:
        self._said.value = self._model.value = ""
        self._asked.children, self.groups = (), []
        self.button.description = LOOK

    def _say(self, sentence: str) -> None:
        self._said.value = live(html.escape(sentence), "written")

    def _ask(self, text: Text) -> None:
        import ipywidgets as widgets

        self.groups = [
            choice_of(f"<strong>{number}.</strong> {rich(question)}", ANSWERS)
            for number, question in enumerate(text.questions, 1)
        ]
        own = widgets.HTML(_column("Your text", text.source))
        focus(self.groups[0])  # before it is shown: then no wish for it can be lost
        self._asked.children = (own, *self.groups)
        self._say("Read your text once more for each question.")
        self.button.description = MODEL

    def _compare(self, text: Text) -> None:
        unanswered = [group for group in self.groups if group.index is None]
        if unanswered:
            self._say(f"{len(unanswered)} of {len(self.groups)} questions have no answer yet.")
            focus(unanswered[0])
            return
        said = own_text.verdict(text.questions, [ANSWERS[group.index] == "yes" for group in self.groups])
        remark = f"<p>The mark scheme adds: {rich(text.solution.remark)}</p>" if text.solution.remark else ""
        columns = _column("Your text", text.source) + _column("The model answer", text.solution.model)
        self._model.value = f'{live(html.escape(said), "written")}{remark}<div style="{BESIDE}">{columns}</div>'
        own_text.done(text)
        self._said.value = ""
        self.button.description = LOOK


def _column(title: str, text: str) -> str:
    words = rich(own_text.flowing(text))
    return f'<div style="flex:1 1 18em;min-width:0"><h3>{title}</h3><div style="{PAGE}">{words}</div></div>'
