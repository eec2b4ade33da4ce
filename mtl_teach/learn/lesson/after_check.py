"""What follows a check: it is saved, and the next hint and the commented solution are offered.

Hints are a ladder: where to look, the concept, then lines of a solution to put in order. An exercise without such
lines, since its answer is a number, has its third hint in words.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder import api, catalogue
from autograder.kernel import in_kernel
from autograder.marked import rich
from autograder.quizzes.question import is_quick
from autograder.results import ExerciseResult, UsageError
from mtl_teach.learn.lesson import onward, ordering, own_code
from mtl_teach.learn.lesson.difference import PRE, difference_html
from mtl_teach.learn.lesson.notebook import WRAPPED, focus, live, show
from mtl_teach.learn.lesson.ordering import Arrangement, Judged
from mtl_teach.learn.lesson.sortable import sortable_of
from mtl_teach.learn.progress import Progress, Row, look, save

STEPS = ("where to look", "the concept", "the way")
LINES = "lines to put in order"


@dataclass(frozen=True)
class Hint:
    """One hint: its number, how many there are, its text, and the lines that it gives to put in order."""

    number: int
    out_of: int
    text: str
    lines: Arrangement | None = None

    @property
    def title(self) -> str:
        """How the hint is announced."""
        return f"Hint {self.number} of {self.out_of}: {LINES if self.lines else STEPS[self.number - 1]}"


def next_hint(exercise: str, shown: int) -> Hint:
    """The hint after the first ``shown`` ones, or the last one again; it is recorded.

    Raises
    ------
    UnknownExercise
        If there is no such exercise.
    """
    order = catalogue.load(exercise).order
    texts = api.hints(exercise, len(STEPS))
    out_of = len(texts) + (order is not None)
    number = min(shown + 1, out_of)
    save(lambda progress: progress.record_hint(exercise, number))
    if order and number == out_of:
        return Hint(number, out_of, ordering.introduction(order), ordering.resume(exercise, order))
    return Hint(number, out_of, texts[number - 1])


def try_lines(exercise: str, numbers: str) -> Judged:
    """Judge lines of the last hint that are given by their numbers; it is recorded as that hint.

    Raises
    ------
    UnknownExercise
        If there is no such exercise.
    UsageError
        If its last hint has no lines, or they have other numbers.
    """
    one = catalogue.load(exercise)
    if one.order is None:
        raise UsageError(f"`{exercise}` has no lines to put in order. Its hints: mtl-teach hint {exercise}")
    arrangement = ordering.by_numbers(ordering.resume(exercise, one.order), numbers)
    save(lambda progress: progress.record_hint(exercise, len(STEPS)))
    return ordering.attempt(one, one.order, arrangement)[1]


def _hint_html(hint: Hint) -> str:
    """A hint in words; the way, which is the last one, line by line as it is written."""
    if hint.number == len(STEPS):
        return f'<pre style="{PRE}">{html.escape(hint.text)}</pre>'
    return f"<p>{rich(' '.join(hint.text.split()))}</p>"


def saved(exercise: str) -> Row:
    """What is known about an exercise; blank outside a workspace or where it cannot be read."""
    return look(lambda progress: progress.exercise(exercise), Progress.blank(exercise))


def reveal(exercise: str, gave_up: bool) -> str:
    """The commented solution; that it was shown is recorded.

    Raises
    ------
    UnknownExercise
        If there is no such exercise.
    """
    solution = api.solution_of(exercise)
    save(lambda progress: progress.record_reveal(exercise, gave_up))
    return solution


def may_reveal(row: Row) -> bool:
    """True once the exercise was passed or given up."""
    return bool(row["first_pass"] or row["gave_up"])


def lines_to_order(exercise: str, arrangement: Arrangement) -> Any:
    """The widget of the last hint: an order is tried with the checks, and how the lines were left is remembered."""
    one = catalogue.load(exercise)
    order, now = one.order, arrangement
    assert order is not None

    def arranged(inside: list[int], outside: list[int], tried: bool) -> tuple[str, bool]:
        nonlocal now
        now = now.rearranged(inside, outside, now.tries) or now
        if not tried:
            ordering.store(exercise, now)
            return "", False
        now, judged = ordering.attempt(one, order, now)
        return rich(judged.sentence), judged.right

    title = f"<strong>Hint {len(STEPS)} of {len(STEPS)}: {LINES}.</strong> {ordering.introduction(order)}"
    return sortable_of(title, now.pieces, now.inside, now.outside, arranged, now.around)


class Companion:
    """The buttons under a check: a hint while something is wrong, the solution once passed or given up.

    Parameters
    ----------
    exercise : str
    passed : bool
    answer : str
        The source of the learner's answer.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    left : Arrangement or None
        The lines of the last hint as they were left; None where none were begun.
    """

    def __init__(self, exercise: str, passed: bool, answer: str) -> None:
        import ipywidgets as widgets

        self._exercise, self._passed, self._answer = exercise, passed, answer
        row = saved(exercise)
        self._shown = int(row["hints"]) if row["hints"] < len(STEPS) else 0
        self._open = passed or may_reveal(row)
        self.hint = widgets.Button(layout={"width": "auto"})
        self.solution = widgets.Button(layout={"width": "auto"})
        self._messages = widgets.VBox()  # one piece a message: only what is new is announced
        self._lines: Any = None
        self.hint.on_click(lambda _: self.show_hint())
        self.solution.on_click(lambda _: self.show_solution())
        self._sure = self._open
        self._label()
        buttons = [self.solution] if passed else [self.hint, self.solution]
        self.box = widgets.VBox([widgets.HBox(buttons, layout=WRAPPED), self._messages])
        order = catalogue.load(exercise).order
        left = ordering.resume(exercise, order) if order and row["hints"] >= len(STEPS) and not passed else None
        self.left = left if left and left.touched else None
        if self.left:
            self._give_lines(self.left)

    def _label(self) -> None:
        number = min(self._shown + 1, len(STEPS))
        self.hint.description = f"Hint {number} of {len(STEPS)}"
        if self._open:
            self.solution.description = "Compare with the commented solution"
        else:
            self.solution.description = "Really show the solution" if self._sure else "I give up: show the solution"

    def _say(self, text: str, kind: str) -> None:
        import ipywidgets as widgets

        self._messages.children = (*self._messages.children, widgets.HTML(live(text, kind)))

    def show_hint(self) -> None:
        """Add the next hint under the buttons."""
        if self._shown >= len(STEPS):
            return
        hint = next_hint(self._exercise, self._shown)
        self._shown = hint.number
        if hint.lines:
            self._give_lines(hint.lines, takes_focus=True)  # the button ends with the last hint
        else:
            self._say(f"<strong>{hint.title}</strong>{_hint_html(hint)}", "hint")
        self.hint.disabled = self._shown >= len(STEPS)
        if self.hint.disabled and not hint.lines:
            focus(self.solution)  # else it would be lost with the button
        self._label()

    def _give_lines(self, arrangement: Arrangement, takes_focus: bool = False) -> None:
        """Add the lines to put in order, as the learner left them; what is there already comes last."""
        rest = [message for message in self._messages.children if message is not self._lines]
        self._lines = self._lines or lines_to_order(self._exercise, arrangement)
        if takes_focus:
            focus(self._lines)  # before they are shown: then no wish for it can be lost
        self._messages.children = (*rest, self._lines)

    def show_solution(self) -> None:
        """Show the solution beside the learner's code; before passing, ask once more first."""
        if not self._sure:
            self._sure = True
            self._label()
            text = "Press once more to see the solution. That is recorded for yourself only; a hint may be enough."
            self._say(text, "sure")
            return
        solution = reveal(self._exercise, gave_up=not self._passed and not self._open)
        self._say(difference_html(self._answer, solution), "solution")
        self.solution.disabled = True


def offer(exercise: str, passed: bool, answer: str) -> None:
    """Show the buttons under the check's output; without a front-end for widgets, say which commands do the same."""
    text = f"Compare with the solution: mtl-teach reveal {exercise}"
    if not passed:
        text = f"A hint: mtl-teach hint {exercise}"
    companion = Companion(exercise, passed, answer)
    static = f"<p><small>{html.escape(text)}</small></p>"
    if companion.left:
        lines = "".join(f'<li><pre style="{PRE}">{html.escape(line)}</pre></li>' for line in companion.left.lines)
        static += f"<p>The lines to put in order, as you left them:</p><ol>{lines}</ol>"
    show(companion.box, static, text, to="check again")


def follow(result: ExerciseResult, answer: str, answers: Sequence[Any] = ()) -> None:
    """Offer what fits a result: nothing for an untouched stub, a quick test, or where the grader itself failed."""
    if result.needs_review or result.not_started or is_quick(result.exercise):
        return
    offer(result.exercise, result.passed, answer)
    if result.passed:
        own_code.offer(result.exercise, answers)
    onward.show(result)


def listen(result: ExerciseResult, sources: Sequence[str], quietly: bool = False, answers: Sequence[Any] = ()) -> None:
    """Save the result of a ``check()`` and, in a notebook, offer what follows it.

    Named in pyproject.toml as a listener of the grader. That nothing is saved outside a workspace, and what goes
    wrong inside one, is said once, in a sentence.

    Parameters
    ----------
    result : ExerciseResult
    sources : sequence of str
        The source of each answer.
    quietly : bool
        True to save it only: it is one of several, and another one is followed.
    answers : sequence of objects
        The answers themselves.
    """
    answer = "\n\n".join(sources)
    save(lambda progress: progress.record_check(result, answer))
    if in_kernel() and not quietly:
        follow(result, answer, answers)
