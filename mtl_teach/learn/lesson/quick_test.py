"""A quick test on the screen: as a form in the notebook, as plain HTML or text elsewhere, and in the terminal."""

from __future__ import annotations

import html
import random
from typing import Any

from autograder.kernel import in_kernel
from autograder.marked import plain, rich
from autograder.quizzes.bank import LETTERS, PASS_MARK, Quiz, load, passed, verdict
from mtl_teach.learn.lesson import onward
from mtl_teach.learn.lesson.choice import choice_of
from mtl_teach.learn.lesson.notebook import WRAPPED, focus, live, show
from mtl_teach.learn.progress import keep, kept, save
from mtl_teach.learn.reviewing import cards


def quiz(name: str | int, seed: int | None = None) -> None:
    """Show the quick test of a lesson; its score and the answers of the last attempt are saved in the workspace.

    Parameters
    ----------
    name : str or int
        The lesson's number or slug: ``"05"``, ``5`` or ``"05_missing_labels"``.
    seed : int, optional
        Of the order of questions and options; by default another one at every attempt. With a seed an attempt begins;
        without one the last attempt is there again.

    Raises
    ------
    QuizError
        If there is no such quick test.
    """
    test = load(name)
    fixed = test.shuffled(random.Random(test.id))  # written with the right option first, never shown so
    if in_kernel():
        earlier = kept(_key(test)) if seed is None else None
        show(QuickTestForm(test, random.Random(seed), earlier).box, as_html(fixed), as_text(fixed))
    else:
        print(as_text(fixed))


class QuickTestForm:
    """The form in the notebook: one group of options a question, a button, and what came out.

    Parameters
    ----------
    test : Quiz
    rng : random.Random
        Shuffles questions and options, anew for every attempt.
    earlier : dict, optional
        The last attempt, as it was kept; it is there again unless its questions have changed.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    """

    def __init__(self, test: Quiz, rng: random.Random, earlier: Any = None) -> None:
        import ipywidgets as widgets

        self._test, self._rng = test, rng
        self._result = widgets.HTML()
        self._submit = widgets.Button(description="Check my answers", button_style="primary", layout={"width": "auto"})
        self._again = widgets.Button(description="Try again, reshuffled", layout={"width": "auto"})
        self._submit.on_click(lambda _: self.submit())
        self._again.on_click(lambda _: self.restart())
        self.groups = [choice_of("", []) for _ in test.questions]
        self._whys = [widgets.HTML() for _ in test.questions]
        self._begin(test, rng.getrandbits(32))  # before they are shown: then none can come empty
        if earlier is not None:
            self._resume(earlier)
        questions = widgets.VBox([widgets.VBox(pair) for pair in zip(self.groups, self._whys)])
        title = widgets.HTML(
            f"{_title(test)}<p>{len(test.questions)} questions; {PASS_MARK} right answers pass. "
            "Tab moves to the next question, the arrow keys choose an answer.</p>"
        )
        buttons = widgets.HBox([self._submit, self._again], layout=WRAPPED)
        self.box = widgets.VBox([title, questions, buttons, self._result])
        for group in self.groups:
            group.observe(lambda _: self._keep(), "index")

    def _begin(self, test: Quiz, seed: int) -> None:
        """Show an attempt, everything unanswered."""
        self.shown, self._seed, self._done = test.shuffled(random.Random(seed)), seed, False
        for number, (question, group, why) in enumerate(zip(self.shown.questions, self.groups, self._whys), 1):
            with group.hold_sync():
                group.name = f"<strong>Question {number}.</strong> {rich(question.text)}"
                group.labels = [f"{letter}. {rich(one.text)}" for letter, one in zip(LETTERS, question.options)]
                group.index, group.disabled = None, False
            why.value = ""
        self._result.value = ""
        self._submit.disabled = False
        self._again.layout.display = "none"

    def restart(self) -> None:
        """Begin another attempt at question 1, in a new order and with other numbers."""
        self._begin(load(self._test.id, self.shown.numbers + 1), self._rng.getrandbits(32))
        self._keep()
        focus(self.groups[0])

    def submit(self) -> None:
        """Score the attempt, show every explanation, and save the score."""
        missing = [number for number, group in enumerate(self.groups, 1) if group.index is None]
        if missing:
            numbers = ", ".join(map(str, missing))
            self._result.value = live(f"Still without an answer: question {numbers}.")
            focus(self.groups[missing[0] - 1])
            return
        score = self._finish()
        focus(self._again)  # a disabled button would drop the keyboard's focus
        missed = self.shown.missed([group.index for group in self.groups])
        save(lambda progress: progress.record_quick_test(self._test.id, score, len(self.groups)))
        save(lambda progress: cards.missed(progress, self._test.id, missed))
        self._keep()
        self._say(score)
        load(self._test.id, self.shown.numbers + 1)  # while the learner reads: some take a second to compute

    def _finish(self) -> int:
        """Show what came out of the answers, which then stay as they are."""
        score = self.shown.score([group.index for group in self.groups])
        for question, group, why in zip(self.shown.questions, self.groups, self._whys):
            group.disabled = True
            why.value = _explained(question.options, group.index)
        self._submit.disabled, self._again.layout.display, self._done = True, "", True
        return score

    def _say(self, score: int) -> None:
        """Say the score and, after a pass, what is next; as text: a link in a widget would not find the workspace."""
        step = onward.after_quick_test(self._test.id) if passed(score) else None
        then = f" {html.escape(step.text)}" if step else ""
        self._result.value = live(f"<strong>{html.escape(verdict(self._test, score))}</strong>{then}", "score")

    # ---- the last attempt, for another day -----------------------------------------------------------------------

    def _keep(self) -> None:
        """Keep which questions were asked, in which order, and what was chosen so far."""
        attempt = {"numbers": self.shown.numbers, "seed": self._seed, "versions": _versions(self._test)}
        keep(_key(self._test), attempt | {"chosen": [group.index for group in self.groups], "done": self._done})

    def _resume(self, earlier: Any) -> None:
        """Go on with an attempt of another day, or say that its questions are no longer these."""
        try:
            if earlier["versions"] != _versions(self._test):
                self._result.value = live("The questions have changed since your last attempt: this is a new one.")
                return
            self._begin(load(self._test.id, earlier["numbers"]), earlier["seed"])
            for question, group, chosen in zip(self.shown.questions, self.groups, earlier["chosen"], strict=True):
                group.index = range(len(question.options))[chosen] if chosen is not None else None
            if earlier["done"]:
                self._say(self._finish())
        except (KeyError, TypeError, ValueError, IndexError):  # somebody has edited what was kept
            self._begin(self._test, self._rng.getrandbits(32))


def _title(test: Quiz) -> str:
    # of the second rank wherever it stands: in a notebook of its own, or in a lesson's last section
    return f'<h2 style="font-size:1.3em">Quick test {test.id}: {html.escape(test.title)}</h2>'


def _key(test: Quiz) -> str:
    return f"quick_test/{test.id}"


def _versions(test: Quiz) -> list[str]:
    return [question.version for question in test.questions]


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
    parts = [f"<section>{_title(test)}<ol>"]
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
