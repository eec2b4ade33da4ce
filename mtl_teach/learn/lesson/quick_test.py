"""A quick test on the screen: as a form in the notebook, as plain HTML or text elsewhere, and in the terminal."""

from __future__ import annotations

import html
import random
from typing import Any

from autograder.kernel import in_kernel
from autograder.quizzes.bank import LETTERS, PASS_MARK, Quiz, load, passed
from mtl_teach.learn.lesson.notebook import focus, live, plain, rich, show
from mtl_teach.learn.progress import save
from mtl_teach.learn.reviewing import cards


def quiz(name: str | int, seed: int | None = None) -> None:
    """Show the quick test of a lesson; its score is saved in the workspace.

    Parameters
    ----------
    name : str or int
        The lesson's number or slug: ``"05"``, ``5`` or ``"05_missing_labels"``.
    seed : int, optional
        Of the order of questions and options; by default another one at every attempt.

    Raises
    ------
    QuizError
        If there is no such quick test.
    """
    test = load(name)
    fixed = test.shuffled(random.Random(test.id))  # written with the right option first, never shown so
    if in_kernel():
        show(QuickTestForm(test, random.Random(seed)).box, as_html(fixed), as_text(fixed))
    else:
        print(as_text(fixed))


def verdict(test: Quiz, score: int) -> str:
    """One sentence: the score, whether it passes, and what to do next."""
    right = f"{score} of {len(test.questions)} right"
    if score == len(test.questions):
        return f"Passed: {right}."
    if passed(score):
        return f"Passed: {right} (needed: {PASS_MARK}). Read the explanations of what you missed."
    return f"Not passed yet: {right} (needed: {PASS_MARK}). Read the explanations, then try again."


class QuickTestForm:
    """The form in the notebook: one group of options a question, a button, and what came out.

    Parameters
    ----------
    test : Quiz
    rng : random.Random
        Shuffles questions and options, anew for every attempt.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    """

    def __init__(self, test: Quiz, rng: random.Random) -> None:
        import ipywidgets as widgets

        self._test, self._rng = test, rng
        self._result = widgets.HTML()
        self._submit = widgets.Button(description="Check my answers", button_style="primary", layout={"width": "auto"})
        self._again = widgets.Button(description="Try again, reshuffled", layout={"width": "auto"})
        self._submit.on_click(lambda _: self.submit())
        self._again.on_click(lambda _: self.restart())
        self._again.layout.display = "none"
        self._questions = widgets.VBox()
        title = widgets.HTML(
            f"<h3>Quick test {test.id}: {html.escape(test.title)}</h3>"
            f"<p>{len(test.questions)} questions; {PASS_MARK} right answers pass. "
            "Tab moves between the options, the space bar chooses one.</p>"
        )
        self.box = widgets.VBox([title, self._questions, widgets.HBox([self._submit, self._again]), self._result])
        self.restart()

    def restart(self) -> None:
        """Begin an attempt: everything unanswered, in a new order."""
        import ipywidgets as widgets

        self.shown = self._test.shuffled(self._rng)
        self.groups, self._whys, blocks = [], [], []
        for number, question in enumerate(self.shown.questions, 1):
            group = widgets.RadioButtons(
                options=[
                    (f"{letter}. {plain(option.text)}", index)
                    for index, (letter, option) in enumerate(zip(LETTERS, question.options))
                ],
                value=None,
                layout={"width": "auto"},
            )
            why = widgets.HTML()
            text = widgets.HTML(
                f'<p style="line-height:1.45"><strong>Question {number}.</strong> {rich(question.text)}</p>'
            )
            self.groups.append(group)
            self._whys.append(why)
            blocks.append(widgets.VBox([text, group, why]))
        self._questions.children = blocks
        self._result.value = ""
        self._submit.disabled = False
        self._again.layout.display = "none"

    def submit(self) -> None:
        """Score the attempt, show every explanation, and save the score."""
        chosen = [group.value for group in self.groups]
        missing = [number for number, index in enumerate(chosen, 1) if index is None]
        if missing:
            numbers = ", ".join(map(str, missing))
            self._result.value = live(f"Still without an answer: question {numbers}.")
            return
        score = self.shown.score(chosen)
        for question, group, why in zip(self.shown.questions, self.groups, self._whys):
            group.disabled = True
            why.value = _explained(question.options, group.value)
        self._submit.disabled = True
        self._again.layout.display = ""
        focus(self._again)  # a disabled button would drop the keyboard's focus
        self._result.value = live(f"<strong>{html.escape(verdict(self._test, score))}</strong>", "score")
        save(lambda progress: progress.record_quick_test(self._test.id, score, len(chosen)))
        save(lambda progress: cards.missed(progress, self._test.id, self.shown.missed(chosen)))


def _explained(options: tuple[Any, ...], chosen: int) -> str:
    items = []
    for letter, index, option in zip(LETTERS, range(len(options)), options):
        word = "✓ right" if option.correct else "✗ wrong"
        yours = " (your answer)" if index == chosen else ""
        items.append(f"<li><strong>{letter}, {word}{yours}:</strong> {rich(option.why)}</li>")
    right = options[chosen].correct
    head = "✓ Right." if right else "✗ Not right."
    return (
        f'<div class="mtl-why" style="line-height:1.45;border-left:3px solid currentColor;padding-left:.6em">'
        f'<strong>{head}</strong><ul style="margin:.2em 0">{"".join(items)}</ul></div>'
    )


def as_html(test: Quiz) -> str:
    """The test as static HTML, the explanations folded away."""
    parts = [f"<section><h3>Quick test {test.id}: {html.escape(test.title)}</h3><ol>"]
    for question in test.questions:
        options = "".join(
            f"<li>{rich(option.text)}<details><summary>Explanation</summary>"
            f"{'Right.' if option.correct else 'Wrong.'} {rich(option.why)}</details></li>"
            for option in question.options
        )
        parts.append(f'<li><p>{rich(question.text)}</p><ol type="A">{options}</ol></li>')
    return "".join([*parts, "</ol></section>"])


def as_text(test: Quiz) -> str:
    """The questions and options as text, with the command that takes the test in a terminal."""
    lines = [f"Quick test {test.id}: {test.title}"]
    for number, question in enumerate(test.questions, 1):
        lines.append(f"{number}. {plain(question.text)}")
        lines += [f"   {letter}. {plain(option.text)}" for letter, option in zip(LETTERS, question.options)]
    return "\n".join([*lines, f"Take it in a terminal: mtl-teach quiz {test.id}"])
