"""``review`` asks what is due today: one card after the other in the notebook, a sentence elsewhere."""

from __future__ import annotations

import html
import random

from autograder.kernel import in_kernel, say_once
from autograder.marked import rich
from autograder.quizzes.bank import LETTERS
from mtl_teach.learn.lesson.choice import choice_of
from mtl_teach.learn.lesson.notebook import focus, live, show
from mtl_teach.learn.progress import NOWHERE, Progress, ProgressError, save
from mtl_teach.learn.reviewing import cards, schedule, summary
from mtl_teach.learn.reviewing.asking import Ask, ask

CODE = "white-space:pre-wrap;background:transparent;border-left:3px solid currentColor;padding-left:.6em;margin:.4em 0"


def review(seed: int | None = None) -> None:
    """Ask again what was misjudged and is due today: missed questions, predictions that went wrong, mistakes once made.

    Parameters
    ----------
    seed : int, optional
        Of the order of options and the choice of inputs; by default another one each time.
    """
    progress = Progress.here()
    if progress is None:
        say_once(NOWHERE)
        return
    try:
        day = cards.of_today(progress, schedule.today())
        judged = summary.calibration(progress)
    except ProgressError as error:
        print(error)
        return
    say_once(progress.notice)
    said = [*([f"{summary.opening(day)}."] if day.cards else []), *summary.remarks(day, schedule.today())]
    text = "\n".join([*said, *judged, *(["Look at them in a terminal: mtl-teach review"] if day.cards else [])])
    if not in_kernel():
        print(text)
        return
    as_of = f"As of {schedule.today():%A} {schedule.today().day} {schedule.today():%B}:"  # it may be read another day
    static = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in [as_of, *said, *judged])
    show(Review(day, judged, random.Random(seed)).box, static, text, to="look at them")


class Review:
    """The review in the notebook: one card at a time, and one button that checks the answer and then goes on.

    Parameters
    ----------
    day : Today
    judged : list of str
        How well the learner's confidence did, in sentences.
    rng : random.Random

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    asked : Ask or None
        The card that is asked; None before the first.
    group : anywidget.AnyWidget
        The question that is asked, with its options.
    button : ipywidgets.Button
    """

    def __init__(self, day: cards.Today, judged: list[str], rng: random.Random) -> None:
        import ipywidgets as widgets

        self._waiting = [(card, asked) for card in day.cards if (asked := ask(card, rng))]
        self._number, self._out_of, self._right = 0, len(self._waiting), 0
        self._checked = False
        self.asked: Ask | None = None
        self._why, self._done = widgets.HTML(), widgets.HTML()
        self.group = choice_of("", [])
        self.button = widgets.Button(description="Check my answer", button_style="primary", layout={"width": "auto"})
        self.button.on_click(lambda _: self.press())
        remarks = "".join(f"<p>{html.escape(one)}</p>" for one in summary.remarks(day, schedule.today()))
        sure = "".join(f"<li>{html.escape(one)}</li>" for one in judged)
        foot = widgets.HTML(f"<h3>Your predictions so far</h3><ul>{sure}</ul>" if judged else "")
        button = widgets.HBox([self.button])  # as wide as its words
        self._next()  # before it is shown: then the first card cannot come empty
        self.box = widgets.VBox([self.group, self._why, button, self._done, widgets.HTML(remarks), foot])

    def press(self) -> None:
        """Check what was chosen; after that, go on to the next card."""
        if self._checked:
            self._next()
            focus(self.group)  # at the end too: the button had it, and is gone
        elif self.group.index is None:
            self._why.value = live("Choose an answer first; a wrong one teaches more than none.", "review")
            focus(self.group)
        else:
            self._check()

    def _check(self) -> None:
        card, asked = self._waiting.pop(0)
        right = asked.options[self.group.index].correct
        counted = save(lambda progress: cards.answered(progress, card, right))
        self._right += right
        self._checked = self.group.disabled = True
        self._why.value = live(
            explained(asked, self.group.index) + ("" if counted is not False else f"<p>{summary.ELSEWHERE}</p>")
        )
        self.button.description = "Next" if self._waiting else "Finish"

    def _next(self) -> None:
        """Show the next card, or the end."""
        if not self._waiting:
            self._end()
            return
        self._checked = False
        self._why.value = ""
        self._number += 1
        self.asked = asked = self._waiting[0][1]
        with self.group.hold_sync():
            head = f"<strong>{self._number} of {self._out_of}. {html.escape(asked.where)}.</strong>"
            self.group.name = f"{head} {_text(asked)}"
            self.group.labels = [f"{letter}. {rich(one.text)}" for letter, one in zip(LETTERS, asked.options)]
            self.group.index, self.group.disabled = None, False
        self.button.description = "Check my answer"

    def _end(self) -> None:
        self.button.layout.display = "none"
        if not self._out_of:
            self.group.layout.display = "none"
            return
        said = html.escape(summary.ending(self._right, self._out_of))
        self._done.value = live(f"<strong>{said}</strong>", "review-end")


def _text(asked: Ask) -> str:
    """What is asked, as HTML: the code stands between what it is and what to find out about it."""
    if not asked.code:
        return rich(asked.text)
    return f'{rich(asked.lead)}<pre style="{CODE}">{html.escape(asked.code)}</pre>{rich(asked.text)}'


def explained(asked: Ask, chosen: int) -> str:
    """Whether an answer is right, and why; what was chosen first, then the right one."""
    option, right = asked.options[chosen], asked.right
    lines = [f"<p><strong>{'✓ Right.' if option.correct else '✗ Not right.'}</strong> {rich(option.why)}</p>"]
    if not option.correct:
        letter = LETTERS[asked.options.index(right)]
        lines.append(
            f"<p><strong>The right answer is {letter}:</strong> {rich(right.text)}</p><p>{rich(right.why)}</p>"
        )
    return "".join(lines)
